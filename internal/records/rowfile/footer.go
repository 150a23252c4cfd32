package rowfile

import (
	"encoding/binary"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// maxFooter bounds what a damaged file can make the reader allocate.
const maxFooter = 1 << 30

// readFooter reads a file's footer into f.
func (f *File) readFooter(r io.ReaderAt, size int64) error {
	var tail [8]byte
	if size < 12 {
		return notOurs("it is only %d bytes long", size)
	}
	if _, err := r.ReadAt(tail[:], size-8); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) != magic || n > size-12 || n > maxFooter {
		return notOurs("it does not end as one")
	}
	raw := make([]byte, n)
	if _, err := r.ReadAt(raw, size-8-n); err != nil {
		return err
	}
	t := &thriftReader{in: raw}
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 2 && kind == thriftList:
			t.list(func() { f.schema(t) })
		case field == 3 && kind == thriftI64:
			f.rows = t.int()
		case field == 4 && kind == thriftList:
			t.list(func() { f.group(t) })
		case field == 5 && kind == thriftList:
			t.list(func() { f.keyValue(t) })
		default:
			return false
		}
		return true
	})
	if t.bad {
		return notOurs("its footer cannot be read")
	}
	return nil
}

// schema reads one element of the schema; the first is the table itself.
func (f *File) schema(t *thriftReader) {
	var c Column
	physical, width, logical, leaf := int64(-1), int64(0), 0, false
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 1 && kind == thriftI32:
			physical, leaf = t.int(), true
		case field == 2 && kind == thriftI32:
			width = t.int()
		case field == 3 && kind == thriftI32:
			c.Optional = t.int() == int64(format.Optional)
		case field == 4 && kind == thriftBinary:
			c.Name = string(t.bytes())
		case field == 10 && kind == thriftStruct:
			t.structure(func(field int, _ byte) bool { logical = field; return false })
		default:
			return false
		}
		return true
	})
	if !leaf {
		return
	}
	switch {
	case physical == int64(format.ByteArray):
		c.Kind = Text
	case physical == int64(format.FixedLenByteArray) && width == 32:
		c.Kind = Hash32
	case physical != int64(format.Int32):
		t.fail()
	case logical == 6: // date
		c.Kind = Day
	case logical == 5: // decimal
		c.Kind = Micro
	default:
		c.Kind = Int
	}
	f.columns = append(f.columns, c)
}

// group reads where one group's columns are.
func (f *File) group(t *thriftReader) {
	var g groupInfo
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 1 && kind == thriftList:
			t.list(func() { g.columns = append(g.columns, readChunk(t)) })
		case field == 3 && kind == thriftI64:
			rows := t.int()
			if rows < 0 || rows > maxGroupRows {
				t.fail()
			}
			g.rows = int(rows)
		default:
			return false
		}
		return true
	})
	f.groups = append(f.groups, g)
}

// maxGroupRows is more rows than any group of ours has.
const maxGroupRows = 1 << 24

// readChunk reads about one column of a group.
func readChunk(t *thriftReader) (k chunkInfo) {
	t.structure(func(field int, kind byte) bool {
		if field != 3 || kind != thriftStruct {
			return false
		}
		t.structure(func(field int, kind byte) bool { return k.meta(t, field, kind) })
		return true
	})
	if k.dictionary {
		k.offset = k.dictionaryAt
	}
	return k
}

func (k *chunkInfo) meta(t *thriftReader, field int, kind byte) bool {
	switch {
	case field == 2 && kind == thriftList:
		t.list(func() { k.dictionary = t.int() == int64(format.RLEDictionary) || k.dictionary })
	case field == 4 && kind == thriftI32:
		k.compressed = t.int() != int64(format.Uncompressed)
	case field == 7 && kind == thriftI64:
		k.size = t.int()
	case field == 9 && kind == thriftI64:
		k.offset = t.int()
	case field == 11 && kind == thriftI64:
		k.dictionaryAt = t.int()
	case field == 12 && kind == thriftStruct:
		k.statistics(t)
	default:
		return false
	}
	return true
}

func (k *chunkInfo) statistics(t *thriftReader) {
	has := 0
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 3 && kind == thriftI64:
			k.nulls = t.int()
		case field == 5 && kind == thriftBinary:
			k.max = string(t.bytes())
			has |= 1
		case field == 6 && kind == thriftBinary:
			k.min = string(t.bytes())
			has |= 2
		default:
			return false
		}
		return true
	})
	k.bounded = has == 3
}

func (f *File) keyValue(t *thriftReader) {
	var key, value string
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 1 && kind == thriftBinary:
			key = string(t.bytes())
		case field == 2 && kind == thriftBinary:
			value = string(t.bytes())
		default:
			return false
		}
		return true
	})
	f.about[key] = value
}

// heading is what a page says of itself.
type heading struct {
	kind           int64
	size, unpacked int64
	values         int64
}

// readHeading reads a page's heading and returns what follows it.
func readHeading(in []byte) (h heading, rest []byte, ok bool) {
	t := &thriftReader{in: in}
	h.kind = -1
	number := func(field int, kind byte) bool {
		if field == 1 && kind == thriftI32 {
			h.values = t.int()
			return true
		}
		return false
	}
	t.structure(func(field int, kind byte) bool {
		switch {
		case field == 1 && kind == thriftI32:
			h.kind = t.int()
		case field == 2 && kind == thriftI32:
			h.unpacked = t.int()
		case field == 3 && kind == thriftI32:
			h.size = t.int()
		case (field == 5 || field == 7) && kind == thriftStruct:
			t.structure(number)
		default:
			return false
		}
		return true
	})
	return h, t.in, !t.bad
}
