package rowfile

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Group is a group of rows, encoded and not yet written.
type Group struct {
	bytes   []byte
	columns []format.ColumnMetaData // offsets counted from the start of bytes
	rows    int
}

// maxBound is how long a text may be to serve as a bound of its group.
const maxBound = 256

// Encoder turns the columns of groups of rows into bytes. It is used by one
// goroutine; several encode at once with one each.
type Encoder struct {
	columns []Column
	locals  []uint32 // for each word of the file, its number in the group
	stamps  []uint32 // the stamp under which locals was set
	stamp   uint32
	codes   []uint32 // the group's numbers, nulls left out
	levels  []uint32
	used    []uint32 // words of the file that the group uses, in order of first use
	page    []byte
}

// NewEncoder returns an encoder for a file's columns.
func NewEncoder(columns []Column) *Encoder { return &Encoder{columns: columns} }

// Encode encodes one group of rows into g, whose memory is used again. values
// has one element for each column, each of the given number of rows.
func (e *Encoder) Encode(g *Group, values []Values, rows int) error {
	g.bytes, g.columns, g.rows = g.bytes[:0], g.columns[:0], rows
	for i, c := range e.columns {
		m := format.ColumnMetaData{Type: c.physical(), PathInSchema: []string{c.Name}, NumValues: int64(rows)}
		start := len(g.bytes)
		if err := e.column(g, &m, c, &values[i], rows); err != nil {
			return err
		}
		m.TotalUncompressedSize = int64(len(g.bytes) - start)
		m.TotalCompressedSize = m.TotalUncompressedSize
		g.columns = append(g.columns, m)
	}
	return nil
}

func (e *Encoder) column(g *Group, m *format.ColumnMetaData, c Column, v *Values, rows int) error {
	switch c.Kind {
	case Text:
		return e.text(g, m, c, v)
	case Hash32:
		return e.hashes(g, m, c, v, rows)
	}
	return e.ints(g, m, c, v.Ints)
}

// text writes a dictionary of the words the group uses and the numbers into it.
func (e *Encoder) text(g *Group, m *format.ColumnMetaData, c Column, v *Values) error {
	e.number(v)
	m.Statistics.NullCount = int64(len(v.Codes) - len(e.codes))
	if m.Statistics.NullCount > 0 {
		e.levelsOf(len(v.Codes), func(i int) bool { return v.Codes[i] != Null })
	}
	if len(e.used) == 0 {
		return e.emptyPage(g, m, len(v.Codes))
	}
	dict := e.page[:0]
	least, most := v.Words[e.used[0]], v.Words[e.used[0]]
	for _, w := range e.used {
		word := v.Words[w]
		dict = binary.LittleEndian.AppendUint32(dict, uint32(len(word)))
		dict = append(dict, word...)
		least, most = min(least, word), max(most, word)
	}
	e.page = dict
	if len(least) <= maxBound && len(most) <= maxBound {
		m.Statistics.MinValue, m.Statistics.MaxValue = []byte(strings.Clone(least)), []byte(strings.Clone(most))
	}
	return e.dictionaryPages(g, m, c, len(e.used), len(v.Codes))
}

// number gives each word that the group uses a number of its own, in order of
// first use, and collects the numbers into e.codes.
func (e *Encoder) number(v *Values) {
	if len(e.locals) < len(v.Words) {
		e.locals = make([]uint32, len(v.Words)+len(v.Words)/2)
		e.stamps = make([]uint32, len(e.locals))
		e.stamp = 0
	}
	if e.stamp++; e.stamp == 0 {
		clear(e.stamps)
		e.stamp = 1
	}
	e.used, e.codes = e.used[:0], slices.Grow(e.codes[:0], len(v.Codes))
	last, local := uint32(Null), uint32(0)
	for _, w := range v.Codes {
		if w == Null {
			continue
		}
		if w != last {
			if e.stamps[w] != e.stamp {
				e.stamps[w], e.locals[w] = e.stamp, uint32(len(e.used))
				e.used = append(e.used, w)
			}
			last, local = w, e.locals[w]
		}
		e.codes = append(e.codes, local)
	}
}

// levelsOf notes which values are not null.
func (e *Encoder) levelsOf(n int, has func(int) bool) {
	e.levels = slices.Grow(e.levels[:0], n)[:n]
	for i := range e.levels {
		e.levels[i] = 0
		if has(i) {
			e.levels[i] = 1
		}
	}
}

// dictRange is how far the numbers of a group may lie apart to be written by
// way of a dictionary.
const dictRange = 1 << 12

// ints writes numbers that lie close together with a dictionary, others as
// they are.
func (e *Encoder) ints(g *Group, m *format.ColumnMetaData, c Column, ints []int32) error {
	least, most, nulls := int32(math.MaxInt32), int32(math.MinInt32), 0
	for _, v := range ints {
		if v == NullInt && c.Optional {
			nulls++
			continue
		}
		least, most = min(least, v), max(most, v)
	}
	m.Statistics.NullCount = int64(nulls)
	if nulls > 0 {
		e.levelsOf(len(ints), func(i int) bool { return ints[i] != NullInt })
	}
	if nulls == len(ints) {
		return e.emptyPage(g, m, len(ints))
	}
	m.Statistics.MinValue = binary.LittleEndian.AppendUint32(nil, uint32(least))
	m.Statistics.MaxValue = binary.LittleEndian.AppendUint32(nil, uint32(most))
	if int64(most)-int64(least) < dictRange {
		return e.closeInts(g, m, c, ints, least, int(most-least)+1)
	}
	page := e.startPage(c, m, len(ints))
	for _, v := range ints {
		if v != NullInt || !c.Optional {
			page = binary.LittleEndian.AppendUint32(page, uint32(v))
		}
	}
	e.page = page
	return e.dataPage(g, m, len(ints), format.Plain)
}

// closeInts writes numbers with a dictionary in ascending order.
func (e *Encoder) closeInts(g *Group, m *format.ColumnMetaData, c Column, ints []int32, least int32, span int) error {
	var local [dictRange]uint32
	for _, v := range ints {
		if v != NullInt || !c.Optional {
			local[v-least] = 1
		}
	}
	n := uint32(0)
	dict := e.page[:0]
	for i := range span {
		if local[i] == 1 {
			local[i] = n
			dict = binary.LittleEndian.AppendUint32(dict, uint32(least+int32(i)))
			n++
		}
	}
	e.page = dict
	e.codes = slices.Grow(e.codes[:0], len(ints))
	for _, v := range ints {
		if v != NullInt || !c.Optional {
			e.codes = append(e.codes, local[v-least])
		}
	}
	return e.dictionaryPages(g, m, c, int(n), len(ints))
}

// dictionaryPages writes e.page as the dictionary, and e.codes as numbers into
// it.
func (e *Encoder) dictionaryPages(g *Group, m *format.ColumnMetaData, c Column, words, rows int) error {
	m.Encoding = []format.Encoding{format.Plain, format.RLE, format.RLEDictionary}
	m.DictionaryPageOffset = int64(len(g.bytes))
	h := format.PageHeader{Type: format.DictionaryPage, UncompressedPageSize: int32(len(e.page)), CompressedPageSize: int32(len(e.page)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: int32(words), Encoding: format.Plain})}
	if err := g.page(&h, e.page); err != nil {
		return err
	}
	page := e.startPage(c, m, rows)
	width := widthFor(uint32(words - 1))
	page = append(page, byte(width))
	e.page = appendHybrid(page, e.codes, width)
	return e.dataPage(g, m, rows, format.RLEDictionary)
}

// hashes writes 32-byte values as they are.
func (e *Encoder) hashes(g *Group, m *format.ColumnMetaData, c Column, v *Values, rows int) error {
	if c.Optional {
		for _, has := range v.Has {
			if !has {
				m.Statistics.NullCount++
			}
		}
		e.levelsOf(rows, func(i int) bool { return v.Has[i] })
	}
	page := e.startPage(c, m, rows)
	for i := range v.Hashes {
		if !c.Optional || v.Has[i] {
			page = append(page, v.Hashes[i][:]...)
		}
	}
	e.page = page
	return e.dataPage(g, m, rows, format.Plain)
}

// startPage begins a data page with the levels that say what is null: those
// in e.levels, or one run when nothing is.
func (e *Encoder) startPage(c Column, m *format.ColumnMetaData, rows int) []byte {
	page := e.page[:0]
	if !c.Optional {
		return page
	}
	page = append(page, 0, 0, 0, 0)
	if m.Statistics.NullCount == 0 {
		page = append(binary.AppendUvarint(page, uint64(rows)<<1), 1)
	} else {
		page = appendHybrid(page, e.levels, 1)
	}
	binary.LittleEndian.PutUint32(page, uint32(len(page)-4))
	return page
}

// emptyPage writes a column of nothing but nulls.
func (e *Encoder) emptyPage(g *Group, m *format.ColumnMetaData, rows int) error {
	e.page = e.startPage(Column{Optional: true}, m, rows)
	return e.dataPage(g, m, rows, format.Plain)
}

// dataPage writes e.page as the column's only data page.
func (e *Encoder) dataPage(g *Group, m *format.ColumnMetaData, rows int, enc format.Encoding) error {
	if enc == format.Plain {
		m.Encoding = []format.Encoding{format.Plain, format.RLE}
	}
	m.DataPageOffset = int64(len(g.bytes))
	return g.page(&format.PageHeader{Type: format.DataPage, UncompressedPageSize: int32(len(e.page)), CompressedPageSize: int32(len(e.page)),
		DataPageHeader: thrift.New(format.DataPageHeader{NumValues: int32(rows), Encoding: enc,
			DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE})}, e.page)
}

// page appends a page with its header.
func (g *Group) page(h *format.PageHeader, page []byte) error {
	head, err := thrift.Marshal(&thrift.CompactProtocol{}, h)
	if err != nil {
		return err
	}
	g.bytes = append(append(g.bytes, head...), page...)
	return nil
}
