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
	w = plain{w}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = table.Printable(c.Title)
	}
	fmt.Fprintln(tw, strings.Join(titles, "\t"))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = table.Printable(cellText(t.Columns[i], c))
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

// plain writes for a person at a terminal: lines of characters that are seen.
// Names and values come from files, and a file must not be able to colour the
// terminal, move its cursor or set its title.
type plain struct{ io.Writer }

// Write implements io.Writer.
func (p plain) Write(b []byte) (int, error) {
	if _, err := io.WriteString(p.Writer, printable(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// printable makes each line of a text printable.
func printable(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = table.Printable(line)
	}
	return strings.Join(lines, "\n")
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
