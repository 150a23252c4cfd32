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
	if err := refuseKind(name, start); err != nil {
		return Content{}, nil, err
	}
	switch {
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

// strangers are files given by mistake, known by how they begin.
var strangers = []struct{ begins, what string }{
	{"PK\x05\x06", "an empty zip"}, {"%PDF-", "a PDF document"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"},
	{"\xd0\xcf\x11\xe0", "an old Excel workbook"}, {"PAR1", "a Parquet file"}, {"Rar!", "a RAR archive"}, {"7z\xbc\xaf", "a 7-Zip archive"},
	{"\x00\x00\x00\x00", "no text and no boundaries: it begins with nothing but zeros"},
	{"<!doctype html", "a web page"}, {"<html", "a web page"}, {"<?xml", "an XML document, such as KML or GML"}, {"<", "an XML document, such as KML or GML"},
}

// refuseKind refuses what is neither boundaries nor a table, and says what it
// is.
func refuseKind(name string, start []byte) error {
	lower := strings.ToLower(name)
	begins := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf"))))
	switch {
	case len(start) == 0:
		return errs.New(errs.Invalid, "%s is empty", name).WithHint("check that the download finished")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")) && bytes.Contains(start, []byte("[Content_Types].xml")), strings.HasSuffix(lower, ".xlsx"):
		return errs.New(errs.Invalid, "%s is a spreadsheet", name).
			WithHint("save the sheet with the codes as CSV and import that")
	case strings.HasSuffix(lower, ".gpkg") && !bytes.HasPrefix(start, []byte("SQLite format 3\x00")):
		return errs.New(errs.Invalid, "%s is named as a GeoPackage and is none: it does not begin as one", name).
			WithHint("check that the download finished, or fetch it again")
	}
	for _, k := range strangers {
		if bytes.HasPrefix(start, []byte(k.begins)) || bytes.HasPrefix(begins, []byte(k.begins)) {
			return errs.New(errs.Invalid, "%s is %s", name, k.what).WithHint("%s", wanted)
		}
	}
	return nil
}

const wanted = "give boundaries as GeoJSON, GeoPackage or a shapefile in a zip, and look-ups and populations as CSV; " +
	"a web page in place of a file is often a sign-in or an error page"

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
