package rowfile

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// magic begins and ends every Parquet file.
const magic = "PAR1"

// Writer writes groups of rows, one after the other, and at the end the footer
// that says where each is. Nothing but the footer's few hundred bytes a group
// is held in memory.
type Writer struct {
	w       io.Writer
	columns []Column
	sorted  []string
	meta    []format.KeyValue
	groups  []format.RowGroup
	at      int64
	rows    int64
	started bool
}

// NewWriter returns a Writer. sorted names the columns that the rows of each
// group are sorted by; about are words to keep in the footer, as pairs of key
// and value.
func NewWriter(w io.Writer, columns []Column, sorted []string, about ...string) *Writer {
	out := &Writer{w: w, columns: columns, sorted: sorted}
	for i := 0; i+1 < len(about); i += 2 {
		out.meta = append(out.meta, format.KeyValue{Key: about[i], Value: about[i+1]})
	}
	return out
}

// Append writes one encoded group.
func (w *Writer) Append(g *Group) error {
	if err := w.start(); err != nil {
		return err
	}
	rg := format.RowGroup{NumRows: int64(g.rows), FileOffset: w.at, Ordinal: int16(len(w.groups)), SortingColumns: w.sorting()}
	for _, m := range g.columns {
		m.DataPageOffset += w.at
		if slices.Contains(m.Encoding, format.RLEDictionary) {
			m.DictionaryPageOffset += w.at
		}
		rg.TotalByteSize += m.TotalUncompressedSize
		rg.Columns = append(rg.Columns, format.ColumnChunk{MetaData: m})
	}
	rg.TotalCompressedSize = rg.TotalByteSize
	w.groups = append(w.groups, rg)
	w.rows += int64(g.rows)
	return w.write(g.bytes)
}

// Rows returns how many rows have been written.
func (w *Writer) Rows() int64 { return w.rows }

func (w *Writer) sorting() []format.SortingColumn {
	var out []format.SortingColumn
	for _, name := range w.sorted {
		i := slices.IndexFunc(w.columns, func(c Column) bool { return c.Name == name })
		if i >= 0 {
			out = append(out, format.SortingColumn{ColumnIdx: int32(i), NullsFirst: true})
		}
	}
	return out
}

func (w *Writer) start() error {
	if w.started {
		return nil
	}
	w.started = true
	return w.write([]byte(magic))
}

func (w *Writer) write(b []byte) error {
	n, err := w.w.Write(b)
	w.at += int64(n)
	return err
}

// Close writes the footer. It does not close the writer beneath.
func (w *Writer) Close() error {
	if err := w.start(); err != nil {
		return err
	}
	meta := format.FileMetaData{Version: 2, NumRows: w.rows, RowGroups: w.groups, KeyValueMetadata: w.meta, CreatedBy: "openvru rowfile version 1"}
	meta.Schema = append(meta.Schema, format.SchemaElement{Name: "record", NumChildren: thrift.New(int32(len(w.columns)))})
	for _, c := range w.columns {
		meta.Schema = append(meta.Schema, c.element())
		meta.ColumnOrders = append(meta.ColumnOrders, format.ColumnOrder{Value: &format.TypeDefinedOrder{}})
	}
	footer, err := thrift.Marshal(&thrift.CompactProtocol{}, &meta)
	if err != nil {
		return err
	}
	footer = binary.LittleEndian.AppendUint32(footer, uint32(len(footer)))
	return w.write(append(footer, magic...))
}
