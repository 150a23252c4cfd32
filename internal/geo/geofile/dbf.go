package geofile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"openvru/internal/errs"

	"golang.org/x/text/encoding/charmap"
)

// tableReader reads the .dbf part of a shapefile.
type tableReader struct {
	name   string
	r      *bufio.Reader
	fields []field
	row    []byte
	left   uint32
	number int
	utf8   bool
}

// field is a column of the table.
type field struct {
	name string
	kind byte // C text, N and F numbers, D date, L yes or no
	size int
}

func (t *tableReader) readHeader(codePage string) error {
	var head [32]byte
	if _, err := io.ReadFull(t.r, head[:]); err != nil {
		return t.damaged("is too short to have a header")
	}
	t.left = binary.LittleEndian.Uint32(head[4:])
	headSize, rowSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	t.utf8 = strings.Contains(strings.ToUpper(codePage), "UTF") || strings.TrimSpace(codePage) == "65001"
	if headSize < 33 || rowSize < 1 {
		return t.damaged("has a header that cannot be")
	}
	rest := make([]byte, headSize-32)
	if _, err := io.ReadFull(t.r, rest); err != nil {
		return t.damaged("is cut short in its header")
	}
	t.row = make([]byte, rowSize)
	return t.readFields(rest, rowSize)
}

// readFields reads the columns, 32 bytes each, up to a carriage return.
func (t *tableReader) readFields(head []byte, rowSize int) error {
	total := 1 // the mark of deletion
	for len(head) >= 32 && head[0] != '\r' {
		name, _, _ := bytes.Cut(head[:11], []byte{0})
		f := field{name: t.text(name), kind: head[11], size: int(head[16])}
		total += f.size
		t.fields = append(t.fields, f)
		head = head[32:]
	}
	if total > rowSize {
		return t.damaged("has columns wider than its rows")
	}
	return nil
}

// next returns the next row and whether it is marked as deleted, or io.EOF.
func (t *tableReader) next() (Properties, bool, error) {
	if t.left == 0 {
		return nil, false, io.EOF
	}
	t.left--
	t.number++
	if _, err := io.ReadFull(t.r, t.row); err != nil {
		return nil, false, t.damaged("is cut short")
	}
	out := make(Properties, len(t.fields))
	at := 1
	for i, f := range t.fields {
		out[i] = Property{f.name, f.value(t.text(t.row[at : at+f.size]))}
		at += f.size
	}
	return out, t.row[0] == '*', nil
}

// value returns what a cell means: numbers that did not fit are stars, a date
// has no dashes.
func (f field) value(text string) string {
	text = strings.TrimSpace(strings.TrimRight(text, "\x00"))
	switch {
	case f.kind != 'C' && strings.Trim(text, "*") == "":
		return ""
	case f.kind == 'D' && len(text) == 8:
		return text[:4] + "-" + text[4:6] + "-" + text[6:]
	case f.kind == 'L' && text == "?":
		return ""
	}
	return text
}

// text decodes a cell: UTF-8 when the file says so or it can be nothing else,
// and otherwise Windows' western alphabet, which is what such files are in.
func (t *tableReader) text(raw []byte) string {
	if t.utf8 || utf8.Valid(raw) {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(out)
}

func (t *tableReader) damaged(what string) error {
	where := ""
	if t.number > 0 {
		where = fmt.Sprintf(", at row %d", t.number)
	}
	return errs.New(errs.Invalid, "The table of %q (its .dbf) %s%s.", t.name, what, where).
		WithHint("The file is damaged or was cut short: fetch it again.")
}
