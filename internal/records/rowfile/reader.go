package rowfile

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/format"

	"openvru/internal/errs"
)

// File is an open Parquet file that a Writer wrote. It may be used by many
// goroutines.
type File struct {
	r       io.ReaderAt
	columns []Column
	groups  []groupInfo
	about   map[string]string
	rows    int64
}

// groupInfo is where a group's columns are and what bounds their values.
type groupInfo struct {
	rows    int
	columns []chunkInfo
}

// chunkInfo is one column of one group.
type chunkInfo struct {
	offset, size int64 // of its pages, the dictionary's first
	dictionaryAt int64
	nulls        int64
	dictionary   bool
	compressed   bool
	bounded      bool
	min, max     string // as the statistics hold them: raw bytes
}

// Open reads the footer of a file. Errors: Invalid when it is not a file that
// a Writer wrote.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, about: map[string]string{}}
	if err := f.readFooter(r, size); err != nil {
		return nil, err
	}
	if len(f.columns) == 0 {
		return nil, notOurs("it has no columns")
	}
	for i := range f.groups {
		g := &f.groups[i]
		if len(g.columns) != len(f.columns) {
			return nil, notOurs("a group of rows lacks columns")
		}
		for _, k := range g.columns {
			if k.offset < 4 || k.size < 0 || k.offset > size-k.size || k.compressed || k.nulls < 0 || k.nulls > int64(g.rows) {
				return nil, notOurs("a group of rows lies outside it, or is compressed")
			}
		}
	}
	return f, nil
}

func notOurs(format string, args ...any) *errs.Error {
	return errs.New(errs.Invalid, "this is not a file of records: "+format, args...)
}

// Columns returns the file's columns.
func (f *File) Columns() []Column { return f.columns }

// Column returns the number of the column with a name, or -1.
func (f *File) Column(name string) int {
	return slices.IndexFunc(f.columns, func(c Column) bool { return c.Name == name })
}

// Groups returns how many groups of rows there are.
func (f *File) Groups() int { return len(f.groups) }

// Rows returns how many rows there are.
func (f *File) Rows() int64 { return f.rows }

// About returns what the footer says under a key.
func (f *File) About(key string) string { return f.about[key] }

// GroupRows returns how many rows a group has.
func (f *File) GroupRows(group int) int { return f.groups[group].rows }

// Decoded is one column of one group: a number for each row, and what the
// numbers stand for. Its memory is used again by the next Read into it.
type Decoded struct {
	// Codes holds for each row the number of its value in Words or Ints, or
	// Null. It is nil for a column without a dictionary.
	Codes []uint32
	Words []string // of a Text column
	Ints  []int32  // of a number column: the dictionary, or a value a row (NullInt for null)

	Hashes [][32]byte // a Hash32 column: a value a row
	Has    []bool     // which of them are not null

	raw    []byte
	packed []uint32
}

// Read reads one column of a group. Errors: Invalid when the file is damaged.
func (f *File) Read(group, column int, d *Decoded) error {
	g := &f.groups[group]
	k := &g.columns[column]
	d.raw = slices.Grow(d.raw[:0], int(k.size))[:k.size]
	if _, err := f.r.ReadAt(d.raw, k.offset); err != nil {
		return err
	}
	return d.decode(f.columns[column], k, g.rows)
}

func damaged(what string) error {
	return errs.New(errs.Invalid, "a file of records is damaged: %s", what).
		WithHint("accepting the submission's file again makes it anew")
}

func (d *Decoded) decode(c Column, k *chunkInfo, rows int) error {
	d.Codes, d.Words, d.Ints, d.Hashes, d.Has = d.Codes[:0], d.Words[:0], d.Ints[:0], d.Hashes[:0], d.Has[:0]
	in := d.raw
	if k.dictionary {
		h, page, rest, err := d.page(in)
		if err != nil {
			return err
		}
		if h.kind != int64(format.DictionaryPage) || !d.dictionary(c, page, h.values) {
			return damaged("its dictionary cannot be read")
		}
		in = rest
	}
	h, page, _, err := d.page(in)
	if err != nil {
		return err
	}
	if h.kind != int64(format.DataPage) || h.values != int64(rows) {
		return damaged("a page of values cannot be read")
	}
	var levels []byte
	if c.Optional {
		if len(page) < 4 || uint64(binary.LittleEndian.Uint32(page)) > uint64(len(page)-4) {
			return damaged("it does not say which values are missing")
		}
		n := binary.LittleEndian.Uint32(page)
		levels, page = page[4:4+n], page[4+n:]
	}
	return d.values(c, k, page, levels, rows)
}

// page reads a page's heading and returns its bytes and what follows.
func (d *Decoded) page(in []byte) (h heading, page, rest []byte, err error) {
	h, in, ok := readHeading(in)
	if !ok || h.size < 0 || h.size > int64(len(in)) || h.unpacked != h.size {
		return h, nil, nil, damaged("a page has no heading, or ends too soon")
	}
	return h, in[:h.size], in[h.size:], nil
}

// dictionary reads a dictionary page.
func (d *Decoded) dictionary(c Column, page []byte, n int64) bool {
	if n < 0 || n > int64(len(page)/4) {
		return false
	}
	if c.Kind != Text {
		for i := range n {
			d.Ints = append(d.Ints, int32(binary.LittleEndian.Uint32(page[4*i:])))
		}
		return true
	}
	for range n {
		if len(page) < 4 || uint64(binary.LittleEndian.Uint32(page)) > uint64(len(page)-4) {
			return false
		}
		size := binary.LittleEndian.Uint32(page)
		d.Words = append(d.Words, string(page[4:4+size]))
		page = page[4+size:]
	}
	return true
}

// values reads a data page.
func (d *Decoded) values(c Column, k *chunkInfo, page, levels []byte, rows int) error {
	filled := rows - int(k.nulls)
	var has []uint32
	if k.nulls > 0 {
		d.packed = slices.Grow(d.packed[:0], rows)[:rows]
		has = d.packed
		if !readHybrid(levels, has, 1) || ones(has) != filled {
			return damaged("what it says of missing values does not add up")
		}
	}
	switch {
	case k.dictionary:
		return d.codes(page, has, rows, filled)
	case c.Kind == Hash32:
		return d.hashes(page, has, rows, filled)
	case c.Kind == Text:
		if filled > 0 {
			return damaged("it has texts without a dictionary")
		}
		d.Codes = slices.Grow(d.Codes, rows)[:rows]
		for i := range d.Codes {
			d.Codes[i] = Null
		}
		return nil
	}
	return d.plain(page, has, rows, filled)
}

func ones(v []uint32) int {
	n := 0
	for _, x := range v {
		n += int(x)
	}
	return n
}

func (d *Decoded) codes(page []byte, has []uint32, rows, filled int) error {
	d.Codes = slices.Grow(d.Codes, rows)[:rows]
	words := max(len(d.Words), len(d.Ints))
	if len(page) < 1 || page[0] > 32 || !readHybrid(page[1:], d.Codes[:filled], int(page[0])) {
		return damaged("its numbers cannot be read")
	}
	if words < 1<<page[0] { // otherwise no number can be too large
		for _, c := range d.Codes[:filled] {
			if int(c) >= words {
				return damaged("a number has no word")
			}
		}
	}
	spread(d.Codes, has, filled, Null)
	return nil
}

func (d *Decoded) plain(page []byte, has []uint32, rows, filled int) error {
	if len(page) < 4*filled {
		return damaged("it has too few numbers")
	}
	d.Ints = slices.Grow(d.Ints, rows)[:rows]
	for i := range filled {
		d.Ints[i] = int32(binary.LittleEndian.Uint32(page[4*i:]))
	}
	spread(d.Ints, has, filled, NullInt)
	return nil
}

func (d *Decoded) hashes(page []byte, has []uint32, rows, filled int) error {
	if len(page) < 32*filled {
		return damaged("it has too few ids")
	}
	d.Hashes, d.Has = slices.Grow(d.Hashes, rows)[:rows], slices.Grow(d.Has, rows)[:rows]
	for i := range filled {
		copy(d.Hashes[i][:], page[32*i:])
	}
	for i := range d.Has {
		d.Has[i] = has == nil || has[i] == 1
	}
	spread(d.Hashes, has, filled, [32]byte{})
	return nil
}

// spread moves the values that there are to their rows, from the last on, and
// puts the given one where there is none.
func spread[T any](values []T, has []uint32, filled int, none T) {
	if has == nil {
		return
	}
	at := filled
	for i := len(values) - 1; i >= 0; i-- {
		if has[i] == 1 {
			at--
			values[i] = values[at]
		} else {
			values[i] = none
		}
	}
}
