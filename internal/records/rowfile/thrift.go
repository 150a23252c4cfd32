package rowfile

import (
	"encoding/binary"
)

// Footers and page headings are written in Thrift's compact protocol. What
// reads them takes the few fields that matter here, passes over the rest, and
// never makes room for more than the bytes at hand can hold: a damaged file
// costs nothing.

// The types of the compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// maxDepth bounds how deep structures may lie in each other.
const maxDepth = 16

// thriftReader reads values one after the other. After the first that cannot
// be read it is bad, and gives zeros.
type thriftReader struct {
	in    []byte
	bad   bool
	depth int
}

func (r *thriftReader) fail() { r.bad, r.in = true, nil }

func (r *thriftReader) byte() byte {
	if len(r.in) == 0 {
		r.fail()
		return 0
	}
	b := r.in[0]
	r.in = r.in[1:]
	return b
}

func (r *thriftReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.in)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.in = r.in[n:]
	return v
}

// int reads a number of any width.
func (r *thriftReader) int() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// bytes reads a text; it lies in the input.
func (r *thriftReader) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.in)) {
		r.fail()
		return nil
	}
	b := r.in[:n]
	r.in = r.in[n:]
	return b
}

// list calls f for each element of a list.
func (r *thriftReader) list(f func()) {
	head := r.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = r.uvarint()
	}
	if n > uint64(len(r.in)) { // every element takes a byte at least
		r.fail()
	}
	for range n {
		if r.bad {
			return
		}
		f()
	}
}

// structure calls f with each field's number and type; f returns whether it
// read the field, which is passed over otherwise.
func (r *thriftReader) structure(f func(field int, kind byte) bool) {
	if r.depth++; r.depth > maxDepth {
		r.fail()
	}
	field := 0
	for !r.bad {
		head := r.byte()
		kind := head & 15
		if kind == 0 {
			break
		}
		if head>>4 == 0 {
			field = int(int16(r.int()))
		} else {
			field += int(head >> 4)
		}
		if !f(field, kind) {
			r.skip(kind)
		}
	}
	r.depth--
}

// skip passes over a value.
func (r *thriftReader) skip(kind byte) {
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		r.byte()
	case thriftI16, thriftI32, thriftI64:
		r.uvarint()
	case thriftDouble:
		if len(r.in) < 8 {
			r.fail()
			return
		}
		r.in = r.in[8:]
	case thriftBinary:
		r.bytes()
	case thriftList, thriftSet:
		r.skipList()
	case thriftStruct:
		r.structure(func(int, byte) bool { return false })
	default: // maps are not written by anything that we read
		r.fail()
	}
}

func (r *thriftReader) skipList() {
	if len(r.in) == 0 {
		r.fail()
		return
	}
	kind := r.in[0] & 15
	if kind == thriftTrue || kind == thriftFalse {
		kind = thriftByte // in a list each takes a byte
	}
	if r.depth++; r.depth > maxDepth {
		r.fail()
	}
	r.list(func() { r.skip(kind) })
	r.depth--
}
