package places

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"openvru/internal/errs"
)

// sheet reads a table of text row by row: commas, semicolons or tabs, UTF-8 or
// Windows-1252, with or without a byte order mark.
type sheet struct {
	reader *csv.Reader
	header header
	row    []string
	line   int
}

// maxHeader is how much of a file is looked at to find its delimiter.
const maxHeader = 1 << 16

func openSheet(name string, r io.Reader) (*sheet, error) {
	b := bufio.NewReaderSize(r, maxHeader)
	if start, _ := b.Peek(maxHeader); bytes.IndexByte(start, '\n') < 0 && bytes.IndexByte(start, '\r') >= 0 {
		b = bufio.NewReaderSize(&lines{r: b, old: true}, maxHeader)
	} else {
		b = bufio.NewReaderSize(&lines{r: b}, maxHeader)
	}
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte("\xEF\xBB\xBF")) {
		_, _ = b.Discard(3) // three bytes that Peek has already buffered
	}
	start, _ := b.Peek(maxHeader)
	s := &sheet{reader: csv.NewReader(b)}
	s.reader.Comma = delimiter(start)
	s.reader.ReuseRecord = true
	s.reader.FieldsPerRecord = -1
	names, err := s.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, errs.New(errs.Invalid, "%s holds no lines of text", name).WithHint("check that the download finished")
	}
	if err != nil {
		return nil, errs.New(errs.Invalid, "the first line of %s cannot be read as the names of columns", name).
			WithHint("look at it in a text editor: a table is text with one place a line and the names of its columns above").WithCause(err)
	}
	clean := make([]string, len(names))
	for i, name := range names {
		clean[i] = text(name)
	}
	s.header = newHeader(clean)
	return s, nil
}

// lines passes a table on, ends its lines as they are ended today where they
// end as on old Macintoshes, and refuses lines without an end: the reader
// behind it holds a whole line in memory.
type lines struct {
	r    io.Reader
	old  bool
	size int
}

// maxLine is the longest line that is read.
const maxLine = 1 << 20

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if l.old && c == '\r' {
			p[i], c = '\n', '\n'
		}
		l.size++
		if c == '\n' {
			l.size = 0
		}
		if l.size > maxLine {
			return 0, errs.New(errs.Invalid, "a line is longer than a million characters")
		}
	}
	return n, err
}

// delimiter is the mark that the first line has most of.
func delimiter(start []byte) rune {
	line, _, _ := bytes.Cut(start, []byte("\n"))
	best, most := ',', 0
	for _, mark := range []byte{',', '\t', ';'} {
		if n := bytes.Count(line, []byte{mark}); n > most {
			best, most = rune(mark), n
		}
	}
	return best
}

// next reads the following row; false at the end. A row with more or fewer
// fields than the header, or that is not CSV, stops the import.
func (s *sheet) next(p *problems) bool {
	for {
		row, err := s.reader.Read()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			p.add("row", Refuse, s.whereFailed(err), "A row cannot be read.")
			return false
		}
		s.line, _ = s.reader.FieldPos(0)
		if len(row) == len(s.header) {
			s.row = row
			return true
		}
		if strings.Join(row, "") != "" {
			p.add("fields", Refuse, Example{s.line, 1, strings.Join(row, ",")}, "A row has not as many fields as the file has columns.")
		}
	}
}

// whereFailed tells where reading stopped, from the reader's error.
func (s *sheet) whereFailed(err error) Example {
	var at *csv.ParseError
	if errors.As(err, &at) && (errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote)) {
		return Example{at.Line, max(1, at.Column), "a quotation mark where none may stand"}
	}
	return Example{s.line + 1, 1, err.Error()}
}

// get returns a field without the space around it.
func (s *sheet) get(c column) string { return text(s.row[c.index]) }

// at says where a field of the row is, for an example of a problem.
func (s *sheet) at(c column) Example {
	line, position := s.reader.FieldPos(c.index)
	return Example{line, position, s.row[c.index]}
}

// text is a field as UTF-8, without the space around it. Bytes that are not
// UTF-8 are taken as Windows-1252, which is what British offices send.
func text(s string) string {
	if !utf8.ValidString(s) {
		s, _ = charmap.Windows1252.NewDecoder().String(s)
	}
	return strings.Clone(strings.TrimSpace(strings.ReplaceAll(s, "\x00", "")))
}
