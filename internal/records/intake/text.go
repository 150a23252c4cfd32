package intake

import (
	"bytes"
	"io"
	"slices"
	"unicode"
	"unicode/utf8"

	"openvru/internal/errs"
)

// Limits of one delimited text file. They are far above what any publisher
// sends; a file that passes one is not a table of records.
const (
	maxRowBytes    = 1 << 20  // one row, line breaks in quotes included
	maxQuotedBytes = 64 << 10 // one quoted field: past it, the opening quote is taken as text
	maxFields      = 16384    // fields of one row
	maxIdleReads   = 100      // reads in a row that bring nothing
)

// Text reads a delimited text file of any size, row by row, whatever made it:
// Excel on Windows, a database export, an old Mac, a script.
//
// It settles what the file does not say of itself. The encoding: a byte order
// mark decides; without one, bytes that are UTF-8 are read as UTF-8 and any
// other byte as Windows-1252, which is what British office software writes.
// The delimiter: comma, tab, semicolon or pipe, whichever divides the first
// rows into the same number of fields; an Excel "sep=;" line wins. The line
// ends: LF, CRLF or CR alone, even mixed. Fields may be quoted and hold
// delimiters, doubled quotes and line breaks. A quote in the wrong place is
// text, and is told through Note; an opening quote that is never closed costs
// its own row and no other.
//
// Use it like bufio.Scanner:
//
//	for t.Next() {
//		line, column := t.Pos(0)
//		use(t.Field(0), line, column)
//	}
//	return t.Err()
//
// A Text is used by one goroutine.
type Text struct {
	// Note, when set, is told of each oddity with its place: lines and
	// columns count from 1, and columns count characters, as editors do.
	Note func(what TextNote, line int64, column int)

	src        io.Reader
	encoding   Encoding
	delimiter  byte
	store      []byte // what buf lies in
	buf        []byte // read and not yet used
	eof        bool
	err        error
	line, next int64 // line the row starts on, and the one after its end
	raw        []byte
	used       int // bytes of buf the row and its line end take
	fields     []span
	spill      []byte // fields that had to be rewritten
	notes      []noted
	rows       int64
	seenUTF8   bool
	seen1252   bool
}

// span is where a field's text lies: in raw, or in spill when it was rewritten.
// at is where the field begins in raw, quote included.
type span struct {
	at, from, to int
	spilt        bool
}

type noted struct {
	what TextNote
	at   int // byte of raw
}

// TextNote is an oddity of a text file that did not stop it from being read.
type TextNote int

// The oddities of text.
const (
	StrayQuote    TextNote = iota // a quotation mark where none belongs, taken as text
	UnclosedQuote                 // a quoted field that never ends, taken as text
	NullByte                      // a zero byte, dropped
	OtherEncoding                 // a byte that is not UTF-8, read as Windows-1252
	Unreadable                    // a byte that no encoding explains, shown as U+FFFD
)

// OpenText starts reading r and settles encoding and delimiter from its first
// 64 KiB. Errors: Invalid when the file is no delimited text, with a hint that
// says what it seems to be.
func OpenText(r io.Reader) (*Text, error) {
	t := &Text{src: r, line: 1, next: 1}
	if err := t.fill(sniffBytes); err != nil {
		return nil, err
	}
	if err := refuseKind(t.buf); err != nil {
		return nil, err
	}
	t.settleEncoding()
	if err := t.fill(sniffBytes); err != nil {
		return nil, err
	}
	t.delimiter = t.settleDelimiter()
	return t, nil
}

// Encoding returns what the file turned out to be written in. For a file
// without a byte order mark it is final only once every row is read.
func (t *Text) Encoding() Encoding {
	switch {
	case t.encoding != ASCII:
		return t.encoding
	case t.seenUTF8 && t.seen1252:
		return Mixed
	case t.seenUTF8:
		return UTF8
	case t.seen1252:
		return Windows1252
	}
	return ASCII
}

// Delimiter returns the byte between fields.
func (t *Text) Delimiter() byte { return t.delimiter }

// Rows returns how many rows were read, the header included.
func (t *Text) Rows() int64 { return t.rows }

// Next reads the next row that holds anything at all: empty lines are passed
// over. It returns false at the end of the file or at an error.
func (t *Text) Next() bool {
	for t.err == nil {
		if !t.readRow() {
			return false
		}
		if len(t.raw) > 0 {
			t.rows++
			t.tellNotes()
			return true
		}
	}
	return false
}

// Err returns what stopped the reading, nil at the ordinary end.
func (t *Text) Err() error { return t.err }

// Len returns how many fields the row has.
func (t *Text) Len() int { return len(t.fields) }

// Field returns the text of field i, without quotes, as UTF-8 without the
// white space around it or the byte order mark that joining files leaves; nil
// when the row has no such field. The bytes are good until the next call of
// Next.
func (t *Text) Field(i int) []byte {
	if i < 0 || i >= len(t.fields) {
		return nil
	}
	f := bytes.TrimSpace(t.text(t.fields[i]))
	if len(f) > 0 && (f[0] >= utf8.RuneSelf || f[len(f)-1] >= utf8.RuneSelf) {
		f = bytes.TrimFunc(f, func(r rune) bool { return r == '\ufeff' || unicode.IsSpace(r) })
	}
	return f
}

// text returns a field's bytes, white space and all.
func (t *Text) text(f span) []byte {
	if f.spilt {
		return t.spill[f.from:f.to]
	}
	return t.raw[f.from:f.to]
}

// Blank reports whether every field of the row is empty, as in the rows of
// commas that spreadsheets leave at the end.
func (t *Text) Blank() bool {
	for i := range t.fields {
		if len(t.Field(i)) > 0 {
			return false
		}
	}
	return true
}

// Line returns the line the row starts on.
func (t *Text) Line() int64 { return t.line }

// Pos returns the line and the column where field i begins; for a field the
// row does not have, where the row ends.
func (t *Text) Pos(i int) (line int64, column int) {
	at := len(t.raw)
	if i >= 0 && i < len(t.fields) {
		at = t.fields[i].at
	}
	return t.place(at)
}

// place turns a byte of the row into a line and a column of the file.
func (t *Text) place(at int) (line int64, column int) {
	c := cursor{line: t.line, column: 1}
	return c.move(t.raw, at)
}

// cursor is a place in a row. It only moves on, so that a row with an oddity at
// every byte costs no more than one look at each.
type cursor struct {
	at     int
	line   int64
	column int
}

// move goes on to a byte of the row and returns its line and column.
func (c *cursor) move(raw []byte, to int) (line int64, column int) {
	for c.at < to {
		if b := raw[c.at]; b == '\n' || b == '\r' {
			c.at, c.line, c.column = c.at+breakLen(raw[c.at:]), c.line+1, 1
			continue
		}
		_, n := utf8.DecodeRune(raw[c.at:])
		c.at, c.column = c.at+n, c.column+1
	}
	return c.line, c.column
}

// tellNotes passes the row's oddities on, now that the row can be placed.
func (t *Text) tellNotes() {
	if t.Note == nil {
		return
	}
	slices.SortStableFunc(t.notes, func(a, b noted) int { return a.at - b.at })
	c := cursor{line: t.line, column: 1}
	for _, n := range t.notes {
		line, column := c.move(t.raw, n.at)
		t.Note(n.what, line, column)
	}
}

// fill reads until buf holds want bytes or the file ends. What is left of buf
// moves to the front of store first, so a long file goes through short memory.
func (t *Text) fill(want int) error {
	if len(t.buf) >= want || t.eof {
		return nil
	}
	store := t.store
	if len(store) < want {
		store = make([]byte, max(want, sniffBytes))
	}
	n := copy(store, t.buf)
	for idle := 0; n < want && !t.eof; {
		m, err := t.src.Read(store[n:])
		n += m
		if idle++; m > 0 {
			idle = 0
		}
		if err == nil && idle > maxIdleReads {
			err = io.ErrNoProgress
		}
		if err == io.EOF {
			t.eof = true
		} else if err != nil {
			return readFailed(err)
		}
	}
	t.store, t.buf = store, store[:n]
	return nil
}

func readFailed(err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	return errs.New(errs.Unavailable, "The file could not be read to its end: %w", err).
		WithHint("check that the upload or the disk it lies on is whole, and send it again")
}
