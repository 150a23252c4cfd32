package disclosure

import (
	"math"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/table"
	"pgregory.net/rapid"
)

// columns are those of a table that compares two periods.
func columns() []table.Column {
	return []table.Column{
		{Name: "place", Type: table.Text},
		{Name: "2019", Type: table.Count},
		{Name: "2020", Type: table.Count},
		{Name: "people", Type: table.Count, Role: table.Known},
		{Name: "more", Type: table.Count, Role: table.Derived, How: table.Derivation{Op: table.Difference, A: "2020", B: "2019"}},
		{Name: "percent", Type: table.Percent, Decimals: 1, Role: table.Derived, How: table.Derivation{Op: table.PercentChange, A: "2020", B: "2019"}},
		{Name: "rate", Type: table.Number, Decimals: 1, Role: table.Derived, How: table.Derivation{Op: table.RatePer, A: "2020", B: "people", Per: 1000}},
		{Name: "low", Type: table.Number, Role: table.Derived},
	}
}

func row(place string, a, b, people float64) []table.Cell {
	return []table.Cell{table.T(place), table.N(a), table.N(b), table.N(people),
		table.N(b - a), table.N((b - a) / a * 100), table.N(b / people * 1000), table.N(0.9)}
}

func gate(t *testing.T, rule Rule, rows ...[]table.Cell) table.Table {
	t.Helper()
	safe, err := Apply(rule, table.Table{Title: "Robbery", Columns: columns(), Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return safe.Table()
}

// show writes a row as a reader sees it.
func show(t table.Table, i int) string {
	var out []string
	for j, c := range t.Columns {
		out = append(out, c.Show(t.Rows[i][j]))
	}
	return strings.Join(out, " | ")
}

// The specification of the rules: what goes in, what a reader sees.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		says    string
		rule    Rule
		a, b, n float64
		want    string
	}{
		{"open data are shown as they are",
			Open, 3, 41, 1000, "Hackney | 3 | 41 | 1,000 | 38 | 1,266.7% | 41.0 | 1"},
		{"counts round to the nearest 5, and what is computed from them follows",
			TenFive, 41, 63, 1000, "Hackney | 40 | 65 | 1,000 | 25 | 62.5% | 65.0 | withheld"},
		{"10 is the smallest count shown",
			TenFive, 10, 12, 1000, "Hackney | 10 | 10 | 1,000 | 0 | 0.0% | 10.0 | withheld"},
		{"9 is withheld, with every number computed from it",
			TenFive, 9, 63, 1000, "Hackney | withheld | 65 | 1,000 | withheld | withheld | 65.0 | withheld"},
		{"no exact rate is shown for a withheld count",
			TenFive, 63, 9, 1000, "Hackney | 65 | withheld | 1,000 | withheld | withheld | withheld | withheld"},
		{"nought is withheld too: that nothing happened can identify as well",
			TenFive, 0, 20, 1000, "Hackney | withheld | 20 | 1,000 | withheld | withheld | 20.0 | withheld"},
		{"an estimated count just under 10 is withheld, not rounded up into sight",
			TenFive, 9.9, 12.6, 1000, "Hackney | withheld | 15 | 1,000 | withheld | withheld | 15.0 | withheld"},
		{"a population is known to everybody and left alone, however small",
			TenFive, 41, 63, 7, "Hackney | 40 | 65 | 7 | 25 | 62.5% | 9,285.7 | withheld"},
	} {
		if got := show(gate(t, c.rule, row("Hackney", c.a, c.b, c.n)), 0); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.says, got, c.want)
		}
	}
}

func TestMeasuredRateIsHidden(t *testing.T) {
	in := table.Table{Columns: []table.Column{{Name: "rate", Type: table.Number}}, Rows: [][]table.Cell{{table.N(12.3)}}}
	safe, err := Apply(TenFive, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := safe.Table().Rows[0][0]; got.Blank != Withheld || safe.Withheld() != 1 {
		t.Errorf("a rate without its counts came through: %+v", got)
	}
}

func TestHiddenFigureKeepsItsNameNotItsValue(t *testing.T) {
	in := table.Table{Columns: []table.Column{{Name: "n", Type: table.Count}}, Rows: [][]table.Cell{{table.N(4).Of("f1")}}}
	safe, _ := Apply(TenFive, in)
	if got := safe.Table().Rows[0][0]; got.Figure != "f1" || got.Num != 0 || got.IsNum {
		t.Errorf("got %+v", got)
	}
}

func TestBlanksKeepTheirReason(t *testing.T) {
	in := table.Table{Columns: []table.Column{{Name: "n", Type: table.Count}}, Rows: [][]table.Cell{{table.Missing("not held")}}}
	safe, _ := Apply(TenFive, in)
	if got := safe.Table().Rows[0][0].Blank; got != "not held" {
		t.Errorf("got %q", got)
	}
}

func TestRefusals(t *testing.T) {
	good := columns()
	twice := append(columns(), table.Column{Name: "2019"})
	lost := []table.Column{{Name: "p", Type: table.Percent, Role: table.Derived, How: table.Derivation{Op: table.PercentOf, A: "x", B: "y"}}}
	for _, c := range []struct {
		rule Rule
		in   table.Table
		want string
	}{
		{"", table.Table{Title: "T"}, `the table "T" has no disclosure rule`},
		{"none", table.Table{Title: "T"}, `the table "T" has no disclosure rule`},
		{Open, table.Table{Title: "T", Columns: twice}, `the table "T" has two columns named "2019"`},
		{Open, table.Table{Title: "T", Columns: lost}, `column "p" of the table "T" is derived from "x" and "y", which are not both there`},
		{Open, table.Table{Title: "T", Columns: good, Rows: [][]table.Cell{{}}}, `row 1 of the table "T" has 0 cells for 8 columns`},
		{TenFive, table.Table{Title: "T", Columns: []table.Column{{Name: "n", Type: table.Count}}, Rows: [][]table.Cell{{table.N(-3)}}},
			`column "n" of the table "T" holds the count -3: a count cannot be below zero`},
	} {
		_, err := Apply(c.rule, c.in)
		if err == nil || err.Error() != c.want || !errs.Is(err, errs.Invalid) {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

func TestApplyLeavesItsTableAlone(t *testing.T) {
	in := table.Table{Columns: columns(), Rows: [][]table.Cell{row("Hackney", 3, 63, 100)}}
	safe, _ := Apply(TenFive, in)
	if in.Rows[0][1].Num != 3 {
		t.Error("Apply changed the table it was given")
	}
	copied := safe.Table()
	copied.Rows[0][0].Text = "changed"
	if safe.Table().Rows[0][0].Text != "Hackney" {
		t.Error("the inside of a Safe can be reached")
	}
}

// Whatever goes in, TenFive lets no small or exact count out, and two rows
// that round alike look alike in every column but what everybody knows.
func TestTenFiveLetsNothingExactOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := float64(rapid.IntRange(0, 200).Draw(t, "a")), float64(rapid.IntRange(0, 200).Draw(t, "b"))
		safe, err := Apply(TenFive, table.Table{Columns: columns(), Rows: [][]table.Cell{row("x", a, b, 500), row("x", alike(a), alike(b), 500)}})
		if err != nil {
			t.Fatal(err)
		}
		out := safe.Table()
		for _, cell := range out.Rows[0][1:3] {
			if cell.IsNum && (cell.Num < smallest || math.Mod(cell.Num, nearest) != 0) {
				t.Fatalf("%v came out", cell.Num)
			}
		}
		for j := range out.Columns {
			if out.Rows[0][j] != out.Rows[1][j] {
				t.Fatalf("column %s tells %v from %v: %v and %v", out.Columns[j].Name, a, alike(a), out.Rows[0][j], out.Rows[1][j])
			}
		}
	})
}

// alike is another count that a reader must not be able to tell from v.
func alike(v float64) float64 {
	if v < smallest {
		return smallest - 1 - v
	}
	return max(smallest, round(v))
}
