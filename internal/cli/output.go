package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"openvru/internal/table"
)

// show writes a table for people, or the same as JSON.
func (f *flags) show(t *table.Table) error {
	if f.json {
		return writeJSON(f.env.Stdout, t)
	}
	return writeTable(f.env.Stdout, t)
}

// writeJSON writes any value as indented JSON with a line end.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// writeTable writes aligned columns under their titles, notes below.
func writeTable(w io.Writer, t *table.Table) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	fmt.Fprintln(tw, strings.Join(titles, "\t"))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = cellText(t.Columns[i], c)
		}
		fmt.Fprintln(tw, strings.Join(cells, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, n := range t.Notes {
		fmt.Fprintln(w, n)
	}
	return nil
}

// cellText is a cell as a person reads it in a terminal.
func cellText(col table.Column, c table.Cell) string {
	switch {
	case c.Blank != "":
		return c.Blank
	case !c.IsNum:
		return c.Text
	case col.Type == table.Percent:
		return strconv.FormatFloat(c.Num, 'f', max(1, col.Decimals), 64) + "%"
	case col.Type == table.Number:
		return strconv.FormatFloat(c.Num, 'f', col.Decimals, 64)
	}
	return table.Thousands(int64(c.Num))
}
