package table_test

import (
	"strings"
	"testing"

	"openvru/internal/table"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"Barking & Dagenham – naïve ☃":   "Barking & Dagenham – naïve ☃",
		"\x1b[2J\x1b]0;owned\x07":        "�[2J�]0;owned�",
		"one\r\ntwo\tthree":              "one  two three",
		"evil\u202egpj.exe\u2066":        "evil�gpj.exe�",
		"\u009b31m, \x7f, \x00, \x9b, é": "�31m, �, �, �, é",
	} {
		if got := table.Printable(in); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}

// What a spreadsheet takes for the start of a formula, in whatever width it is
// written, stands behind an apostrophe, in headings too.
func TestNoCSVCellIsAFormula(t *testing.T) {
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		text := start + `HYPERLINK("https://elsewhere.example";"1")`
		tab := &table.Table{Name: "t", Columns: []table.Column{{Name: text}}}
		tab.Add(table.T(text))
		var b strings.Builder
		if err := tab.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), `"'`+start); got != 2 {
			t.Errorf("%q is written as %q", text, b.String())
		}
	}
}
