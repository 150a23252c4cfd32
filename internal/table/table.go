// Package table is rows with typed columns: the currency between packages that
// compute numbers and packages that show them. A page, a CSV and a JSON answer
// are all written from the same Table, so they cannot disagree.
package table

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Type is what a column's cells hold.
type Type int

// The types of column.
const (
	Text Type = iota
	Count
	Number
	Percent
)

// Column is one column: a name for machines, a title for people, a type and,
// for Number and Percent, how many decimals people see. Role says what
// disclosure control must do with its numbers; How, for a Derived column, how
// they come from other columns of the same row.
type Column struct {
	Name     string
	Title    string
	Type     Type
	Decimals int
	Role     Role
	How      Derivation
	Signed   bool // people see a plus before a rise
}

// Cell is one value: text, a number or a blank with the reason for it. The
// zero value is an empty text.
type Cell struct {
	Text   string
	Num    float64
	IsNum  bool
	Blank  string // why there is no value: "not available", "withheld"; "" when there is one
	Figure string // id of the figure this number is, for lineage; "" for none
}

// T returns a text cell.
func T(s string) Cell { return Cell{Text: s} }

// N returns a number cell; NaN becomes a blank "not available".
func N(v float64) Cell {
	if math.IsNaN(v) {
		return Missing("not available")
	}
	return Cell{Num: v, IsNum: true}
}

// Missing returns a blank cell with the reason.
func Missing(reason string) Cell { return Cell{Blank: reason} }

// Of returns the cell marked as a figure.
func (c Cell) Of(figure string) Cell { c.Figure = figure; return c }

// Table is a titled set of rows; every row has len(Columns) cells.
type Table struct {
	Name    string // for file names: "robbery-by-month"
	Title   string
	Columns []Column
	Rows    [][]Cell
	Notes   []string
}

// Add appends a row.
func (t *Table) Add(cells ...Cell) { t.Rows = append(t.Rows, cells) }

// WriteCSV writes the table with a header of column names; numbers are written
// in full and blanks as empty fields.
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rec := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		rec[i] = inert(c.Name)
	}
	if err := out.Write(rec); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, c := range row {
			rec[i] = c.plain()
		}
		if err := out.Write(rec); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain is the cell as a machine reads it.
func (c Cell) plain() string {
	switch {
	case c.Blank != "":
		return ""
	case c.IsNum:
		return strconv.FormatFloat(c.Num, 'f', -1, 64)
	}
	return inert(c.Text)
}

// inert writes a text that a spreadsheet would run as a formula with a leading
// apostrophe. Some read the wide signs of East Asian writing as the narrow ones,
// and pass over white space before them.
func inert(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}

// MarshalJSON writes the table as an array of objects keyed by column name.
func (t *Table) MarshalJSON() ([]byte, error) {
	rows := make([]map[string]any, len(t.Rows))
	for i, row := range t.Rows {
		m := make(map[string]any, len(row))
		for j, c := range row {
			switch {
			case c.Blank != "":
				m[t.Columns[j].Name] = nil
			case c.IsNum:
				m[t.Columns[j].Name] = c.Num
			default:
				m[t.Columns[j].Name] = c.Text
			}
		}
		rows[i] = m
	}
	return json.Marshal(rows)
}
