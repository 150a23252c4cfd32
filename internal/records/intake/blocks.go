package intake

import (
	"bytes"
	"errors"
	"io"
)

// blockBytes is how much of a text file is handed to one goroutine at a time.
const blockBytes = 1 << 20

// block is a stretch of whole rows.
type block struct {
	sequence int
	data     []byte
	line     int64 // line its first row begins on
}

// splitter cuts a stream of delimited text into blocks of whole rows, so that
// several goroutines can read them at once. A line break in a quoted field
// does not end a row: where there is a quotation mark, the row around it is
// split exactly as Text splits it.
type splitter struct {
	src       io.Reader
	delimiter byte
	line      int64
	size      int // of a block, about
	sequence  int
	carry     []byte // begun and not cut yet
	eof       bool
	free      chan []byte // memory of blocks that are done with
}

// next returns the next block; false at the end. Errors: Invalid for a row of
// more than a megabyte; those of the stream.
func (s *splitter) next() (block, bool, error) {
	buf := s.memory()
	if len(s.carry) > len(buf) {
		buf = make([]byte, len(s.carry)+maxRowBytes)
	}
	n := copy(buf, s.carry)
	s.carry = s.carry[:0]
	for {
		var err error
		if n, err = s.fill(buf, n); err != nil {
			return block{}, false, err
		}
		if n == 0 {
			return block{}, false, nil
		}
		if cut := s.cut(buf[:n]); cut > 0 {
			return s.take(buf, cut, n), true, nil
		}
		if n >= s.size+maxRowBytes {
			return block{}, false, tooLong(s.line)
		}
		buf = append(buf, make([]byte, min(s.size, maxRowBytes))...)
	}
}

func (s *splitter) memory() []byte {
	select {
	case b := <-s.free:
		return b[:s.size]
	default:
		return make([]byte, s.size)
	}
}

// fill reads until buf is full or the stream ends.
func (s *splitter) fill(buf []byte, n int) (int, error) {
	for n < len(buf) && !s.eof {
		m, err := s.src.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			s.eof = true
		} else if err != nil {
			return n, readFailed(err)
		}
	}
	return n, nil
}

// take makes a block of the first bytes of buf and keeps the rest for the next.
func (s *splitter) take(buf []byte, cut, n int) block {
	s.carry = append(s.carry, buf[cut:n]...)
	b := block{sequence: s.sequence, data: buf[:cut], line: s.line}
	s.sequence++
	s.line += countLines(b.data)
	return b
}

// countLines counts line ends as Text does: LF, CRLF, or CR alone.
func countLines(b []byte) int64 {
	n := bytes.Count(b, []byte("\n"))
	if cr := bytes.Count(b, []byte("\r")); cr > 0 {
		n += cr - bytes.Count(b, []byte("\r\n"))
	}
	return int64(n)
}

// cut returns how many of the bytes are whole rows; all of them at the end of
// the stream.
func (s *splitter) cut(b []byte) int {
	if s.eof {
		return len(b)
	}
	at := 0
	for {
		q := bytes.IndexByte(b[at:], '"')
		if q < 0 {
			return at + bytes.LastIndexByte(b[at:], '\n') + 1
		}
		row := at + bytes.LastIndexByte(b[at:at+q], '\n') + 1
		for quote := at + q; row <= quote; {
			n, whole := rowLength(b[row:], s.delimiter)
			if !whole {
				return row
			}
			row += n
		}
		at = row
	}
}

// rowLength returns the length of the row at the start of b with its line end;
// false when b may hold only part of it.
func rowLength(b []byte, delimiter byte) (int, bool) {
	t := &Text{buf: b, delimiter: delimiter}
	if !t.split() {
		return 0, false
	}
	return t.used, true
}
