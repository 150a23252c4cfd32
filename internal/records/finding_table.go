package records

import (
	"fmt"
	"io"
	"strings"

	"openvru/internal/table"
)

// Words is what a severity means for the file, for people.
func (s Severity) Words() string {
	switch s {
	case Refuse:
		return "Refuses the file"
	case Warn:
		return "Look at this"
	}
	return "Good to know"
}

// FindingTable is findings, one row a kind, for listings.
func FindingTable(all []Finding) *table.Table {
	t := &table.Table{Name: "findings", Title: "Findings", Columns: []table.Column{
		{Name: "severity", Title: "Severity"}, {Name: "rule", Title: "Rule"}, {Name: "title", Title: "What was found"},
		{Name: "count", Title: "Count", Type: table.Count}, {Name: "first", Title: "First at"},
	}}
	for _, f := range all {
		first := ""
		if len(f.Examples) > 0 {
			first = f.Examples[0].Where()
		}
		t.Add(table.T(f.Severity.Words()), table.T(f.Rule), table.T(f.Title), table.N(float64(f.Count)), table.T(first))
	}
	return t
}

// ExampleTable is findings for machines and for working through in a
// spreadsheet: one row an example, so that each can be found in the file. A
// finding without examples has one row.
func ExampleTable(all []Finding) *table.Table {
	t := &table.Table{Name: "findings", Title: "Findings with examples", Columns: []table.Column{
		{Name: "severity", Title: "Severity"}, {Name: "rule", Title: "Rule"}, {Name: "title", Title: "What was found"},
		{Name: "count", Title: "Count", Type: table.Count}, {Name: "message", Title: "Meaning"}, {Name: "hint", Title: "What to do"},
		{Name: "file", Title: "File"}, {Name: "line", Title: "Line", Type: table.Count}, {Name: "column", Title: "Column"}, {Name: "value", Title: "Value"},
	}}
	for _, f := range all {
		examples := f.Examples
		if len(examples) == 0 {
			examples = []Example{{}}
		}
		for _, e := range examples {
			line := table.Missing("the whole file")
			if e.Line > 0 {
				line = table.N(float64(e.Line))
			}
			t.Add(table.T(string(f.Severity)), table.T(f.Rule), table.T(f.Title), table.N(float64(f.Count)), table.T(f.Message),
				table.T(f.Hint), table.T(e.File), line, table.T(e.Column), table.T(e.Value))
		}
	}
	return t
}

// Where says where an example was met: "2019-01.csv, line 12, Month".
func (e Example) Where() string {
	var parts []string
	if e.File != "" {
		parts = append(parts, e.File)
	}
	if e.Line > 0 {
		parts = append(parts, "line "+table.Thousands(e.Line))
	}
	if e.Column != "" {
		parts = append(parts, e.Column)
	}
	return strings.Join(parts, ", ")
}

// shownExamples is how many examples WriteFindings shows of each kind.
const shownExamples = 3

// WriteFindings writes findings as a person reads them in a terminal: each
// with its meaning, the first places where it was met, and what to do.
func WriteFindings(w io.Writer, all []Finding) error {
	var b strings.Builder
	for i, f := range all {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s (%s)\n  %s\n", f.Severity.Words(), f.Title, table.Thousands(f.Count), f.Message)
		for _, e := range f.Examples[:min(len(f.Examples), shownExamples)] {
			text := e.Where()
			if e.Value != "" {
				text = strings.TrimPrefix(text+": "+oneLine(e.Value), ": ")
			}
			if text != "" {
				fmt.Fprintf(&b, "    %s\n", text)
			}
		}
		if more := f.Count - shownExamples; more > 0 && len(f.Examples) > 0 {
			fmt.Fprintf(&b, "    and %s more\n", table.Thousands(more))
		}
		if f.Hint != "" {
			fmt.Fprintf(&b, "  What to do: %s.\n", strings.TrimSuffix(f.Hint, "."))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// oneLine keeps a value from breaking the line, or the terminal, it is shown in.
func oneLine(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '·'
		}
		return r
	}, v)
}
