// Package rowfile writes and scans tables of rows as Parquet files: plain
// standard Parquet that DuckDB, R, Python and Spark open, made and read here
// with just what records need, at the speed of the disk.
//
// It takes columns that are numbers already: words are given as numbers into
// a list of words, so that a group of rows is encoded without looking at a
// single text, and scanned without making one. The file's form is documented
// in docs/reference/record-files.md.
package rowfile

import (
	"math"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Kind is what a column holds.
type Kind int

// The kinds of column.
const (
	Text   Kind = iota // UTF-8 text, from a dictionary
	Int                // 32-bit whole number
	Day                // date, as days since 1 January 1970
	Micro              // decimal number with six places, as millionths
	Hash32             // 32 bytes
)

// Column is one column of a file.
type Column struct {
	Name     string
	Kind     Kind
	Optional bool // may be null
}

// Null is the value of a Text code that is null.
const Null = math.MaxUint32

// NullInt is the value of an Int, Day or Micro that is null.
const NullInt = math.MinInt32

// Values is one column's values for a group of rows; which field is used
// depends on the column's Kind.
type Values struct {
	Codes  []uint32   // Text: indexes into Words, or Null
	Words  []string   // Text: the words of the whole file; each group keeps those it uses
	Ints   []int32    // Int, Day, Micro: or NullInt
	Hashes [][32]byte // Hash32
	Has    []bool     // Hash32: which are not null
}

// element is the column in the file's schema.
func (c Column) element() format.SchemaElement {
	e := format.SchemaElement{Name: c.Name, Type: thrift.New(c.physical()), RepetitionType: thrift.New(format.Required)}
	if c.Optional {
		e.RepetitionType = thrift.New(format.Optional)
	}
	switch c.Kind {
	case Text:
		e.ConvertedType = thrift.New(deprecated.UTF8)
		e.LogicalType = format.LogicalType{Value: &format.StringType{}}
	case Day:
		e.ConvertedType = thrift.New(deprecated.Date)
		e.LogicalType = format.LogicalType{Value: &format.DateType{}}
	case Micro:
		e.ConvertedType = thrift.New(deprecated.Decimal)
		e.Scale, e.Precision = thrift.New(int32(6)), thrift.New(int32(9))
		e.LogicalType = format.LogicalType{Value: &format.DecimalType{Scale: 6, Precision: 9}}
	case Hash32:
		e.TypeLength = thrift.New(int32(32))
	}
	return e
}

func (c Column) physical() format.Type {
	switch c.Kind {
	case Text:
		return format.ByteArray
	case Hash32:
		return format.FixedLenByteArray
	}
	return format.Int32
}
