package places

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo/geofile"
)

// Read reads a file of boundaries, a look-up or a table of populations, and
// says what is doubtful in it. What the file is, is told from what is in it.
// A problem of severity Refuse means that the content may not be used.
func Read(name string, r io.ReadSeeker, o Options) (Content, []Problem, error) {
	start, packed, err := sniff(r)
	if err != nil {
		return Content{}, nil, err
	}
	switch {
	case len(start) == 0:
		return Content{}, nil, errs.New(errs.Invalid, "%s is empty", name).WithHint("check that the download finished")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")) && bytes.Contains(start, []byte("[Content_Types].xml")), strings.HasSuffix(strings.ToLower(name), ".xlsx"):
		return Content{}, nil, errs.New(errs.Invalid, "%s is a spreadsheet", name).
			WithHint("save the sheet with the codes as CSV and import that")
	case isBoundaries(start):
		features, err := geofile.ReadFeatures(name, r)
		if err != nil {
			return Content{}, nil, err
		}
		return readBoundaries(name, features, o)
	case !packed:
		return readTable(name, r, o)
	}
	unpacked, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return Content{}, nil, damaged(name, err)
	}
	return readTable(name, &limited{unpacked, maxTable, name}, o)
}

// sniff returns the start of a file, unpacked where it is gzipped, and goes
// back to the beginning.
func sniff(r io.ReadSeeker) (start []byte, packed bool, err error) {
	b := bufio.NewReader(r)
	start = make([]byte, 512)
	if mark, _ := b.Peek(2); bytes.Equal(mark, []byte{0x1f, 0x8b}) {
		packed = true
		if z, zerr := gzip.NewReader(b); zerr == nil {
			b = bufio.NewReader(z)
		}
	}
	n, err := io.ReadFull(b, start)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if _, serr := r.Seek(0, io.SeekStart); err == nil {
		err = serr
	}
	return start[:n], packed, err
}

func isBoundaries(start []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) ||
		bytes.HasPrefix(start, []byte("SQLite format 3\x00")) || bytes.HasPrefix(start, []byte("PK\x03\x04")) ||
		bytes.HasPrefix(start, []byte{0, 0, 0x27, 0x0a})
}

func damaged(name string, err error) error {
	return errs.New(errs.Invalid, "%s is damaged: it cannot be unpacked", name).
		WithHint("fetch the file again").WithCause(err)
}

// maxTable is the most that a gzipped table may unpack to: many times the
// largest table of small areas there is, and far below a bomb.
const maxTable = 2 << 30

// limited reads no more than so many bytes.
type limited struct {
	r    io.Reader
	left int64
	name string
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errs.New(errs.Invalid, "%s unpacks to more than %d GB", l.name, maxTable>>30)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
