// Package disclosure is the gate that numbers pass on their way out: a table
// goes in with a rule, a Safe table comes out. Only Apply makes a Safe, and
// what publishes accepts nothing else, so no number can go round the gate.
//
// The rules are explained for readers in docs/methods/disclosure.md.
package disclosure

import (
	"fmt"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/table"
)

// Rule is what the gate does. The zero value is no rule and is refused, so
// that nobody publishes by forgetting to choose.
type Rule string

// The rules.
const (
	// Open leaves numbers as they are: their source is already published for
	// anybody to use, as police recorded crime is.
	Open Rule = "open"
	// TenFive withholds counts from 0 to 9 and rounds others to the nearest 5.
	TenFive Rule = "ten-five"
)

// Withheld is the reason a hidden cell shows.
const Withheld = "withheld"

// Bounds of TenFive.
const (
	smallest = 10.0 // the lowest count that is shown
	nearest  = 5.0  // what shown counts are rounded to
)

// Title says in a sentence what the rule does to a table.
func (r Rule) Title() string {
	switch r {
	case Open:
		return "The figures come from published open data and are shown as they are."
	case TenFive:
		return "Counts from 0 to 9 are withheld and others are rounded to the nearest 5, so that nobody can be identified."
	}
	return ""
}

// Safe is a table that has passed the gate. The zero value holds no table.
type Safe struct {
	table    table.Table
	rule     Rule
	withheld int
}

// Table returns a copy of what may be shown.
func (s Safe) Table() table.Table { return clone(s.table) }

// Rule returns the rule that was applied.
func (s Safe) Rule() Rule { return s.rule }

// Withheld returns the number of cells the rule hid.
func (s Safe) Withheld() int { return s.withheld }

// Apply passes a table through the gate. The table given is not changed. A
// number in a Text column cannot be seen by the gate: put numbers in columns.
// Errors: Invalid for no rule, a row of the wrong length, two columns of one
// name, a derived column whose columns are not there, or a count below zero.
func Apply(rule Rule, t table.Table) (Safe, error) {
	if err := check(rule, t); err != nil {
		return Safe{}, err
	}
	out := Safe{table: clone(t), rule: rule}
	if rule == Open {
		return out, nil
	}
	for _, row := range out.table.Rows {
		out.withheld += tenFive(t.Columns, row)
	}
	out.table.Notes = append(out.table.Notes, rule.Title())
	return out, nil
}

func check(rule Rule, t table.Table) error {
	if rule.Title() == "" {
		return errs.New(errs.Invalid, "the table %q has no disclosure rule", t.Title).
			WithHint("choose %q for figures from open data, %q for all others", Open, TenFive)
	}
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if seen[c.Name] {
			return errs.New(errs.Invalid, "the table %q has two columns named %q", t.Title, c.Name)
		}
		seen[c.Name] = true
	}
	for _, c := range t.Columns {
		if c.Role == table.Derived && c.How.Op != "" && (!seen[c.How.A] || !seen[c.How.B]) {
			return errs.New(errs.Invalid, "column %q of the table %q is derived from %q and %q, which are not both there", c.Name, t.Title, c.How.A, c.How.B)
		}
	}
	for i, row := range t.Rows {
		if err := checkRow(t, i, row); err != nil {
			return err
		}
	}
	return nil
}

func checkRow(t table.Table, i int, row []table.Cell) error {
	if len(row) != len(t.Columns) {
		return errs.New(errs.Invalid, "row %d of the table %q has %d cells for %d columns", i+1, t.Title, len(row), len(t.Columns))
	}
	for j, c := range t.Columns {
		if c.Role == table.Measured && c.Type == table.Count && row[j].IsNum && row[j].Num < 0 {
			return errs.New(errs.Invalid, "column %q of the table %q holds the count %v: a count cannot be below zero", c.Name, t.Title, row[j].Num).
				WithHint("mark a difference as derived")
		}
	}
	return nil
}

// tenFive applies the rule to one row and returns how many cells it hid:
// counts first, then what was computed from them.
func tenFive(columns []table.Column, row []table.Cell) int {
	hidden := 0
	for j, c := range columns {
		if !row[j].IsNum || c.Role != table.Measured {
			continue
		}
		if c.Type == table.Count && row[j].Num >= smallest {
			row[j].Num = round(row[j].Num)
			continue
		}
		// A measured rate or percentage has no declared counts to compute it
		// from again, and would give exact counts away.
		row[j] = hide(row[j])
		hidden++
	}
	for j, c := range columns {
		if c.Role != table.Derived || (!row[j].IsNum && !fromHidden(c.How, columns, row)) {
			continue
		}
		v, ok := again(c.How, columns, row)
		if !ok {
			row[j] = hide(row[j])
			hidden++
			continue
		}
		row[j].Num = v
	}
	return hidden
}

// again computes a derived number from the row as the rule left it. Both of
// its numbers must still be shown, and neither may itself be derived: chains
// are not followed.
func again(how table.Derivation, columns []table.Column, row []table.Cell) (float64, bool) {
	a, okA := value(how.A, columns, row)
	b, okB := value(how.B, columns, row)
	if !okA || !okB {
		return 0, false
	}
	return how.Compute(a, b)
}

// fromHidden reports whether a column of the derivation is hidden in the row.
// Then even a blank must hide: "not available" for a percentage would say that
// the withheld count was nought.
func fromHidden(how table.Derivation, columns []table.Column, row []table.Cell) bool {
	for j, c := range columns {
		if (c.Name == how.A || c.Name == how.B) && row[j].Blank == Withheld {
			return true
		}
	}
	return false
}

func value(name string, columns []table.Column, row []table.Cell) (float64, bool) {
	j := slices.IndexFunc(columns, func(c table.Column) bool { return c.Name == name })
	if j < 0 || columns[j].Role == table.Derived || !row[j].IsNum {
		return 0, false
	}
	return row[j].Num, true
}

func hide(c table.Cell) table.Cell {
	return table.Cell{Blank: Withheld, Figure: c.Figure}
}

func round(v float64) float64 {
	return nearest * float64(int64(v/nearest+0.5))
}

func clone(t table.Table) table.Table {
	t.Columns = slices.Clone(t.Columns)
	t.Notes = slices.Clone(t.Notes)
	rows := make([][]table.Cell, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = slices.Clone(row)
	}
	t.Rows = rows
	return t
}

// String never shows what is inside.
func (s Safe) String() string {
	return fmt.Sprintf("safe table %q under rule %q", s.table.Title, s.rule)
}
