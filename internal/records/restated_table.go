package records

import (
	"cmp"
	"fmt"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
)

// MonthTable is which months an edition restates, and how many counts changed
// in each. The note says it in a sentence.
func (r *Restatement) MonthTable() *table.Table {
	t := &table.Table{Name: "restated-months", Title: "Months restated", Columns: []table.Column{
		{Name: "level", Title: "Kind of place"}, {Name: "month", Title: "Month"}, {Name: "known_before", Title: "Known before"}, {Name: "changed", Title: "Counts changed", Type: table.Count},
	}}
	for _, m := range r.Months {
		before := "yes"
		if m.New {
			before = "no"
		}
		t.Add(table.T(places.Title(m.Level)), table.T(m.Month.String()), table.T(before), table.N(float64(m.Changed)))
	}
	t.Notes = []string{r.Sentence()}
	return t
}

// Sentence says what an edition changed: "24 months of boroughs: 23 were known
// before, in 22 of which 1,203 counts changed; 1 is new."
func (r *Restatement) Sentence() string {
	if len(r.Months) == 0 {
		return "It tells of no month, so nothing changes."
	}
	level := r.Months[0].Level // the largest places come first and say it shortest
	var months, fresh, changed, counts int
	for _, m := range r.Months {
		if m.Level != level {
			continue
		}
		months++
		if m.New {
			fresh++
		}
		if m.Changed > 0 {
			changed++
		}
	}
	for _, m := range r.Months {
		counts += m.Changed
	}
	known := months - fresh
	switch {
	case known == 0:
		return fmt.Sprintf("%s, none known before: nothing is restated.", some(months, "month", "months"))
	case counts == 0:
		return fmt.Sprintf("%s, %d known before and unchanged; %d new.", some(months, "month", "months"), known, fresh)
	}
	return fmt.Sprintf("%s, %d known before; counts for the %s changed in %d of them, %s counts at every kind of place together; %d new.",
		some(months, "month", "months"), known, places.Title(level), changed, table.Thousands(int64(counts)), fresh)
}

func some(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return table.Thousands(int64(n)) + " " + many
}

// CellTable is the counts that changed, the biggest change first; max bounds
// the rows, 0 for all that the Restatement lists. name gives a place its name;
// nil shows codes alone.
func (r *Restatement) CellTable(maxRows int, name func(ids.Place) string) *table.Table {
	t := &table.Table{Name: "restated-counts", Title: "Counts that changed most", Columns: []table.Column{
		{Name: "series", Title: "Series"}, {Name: "level", Title: "Kind of place"}, {Name: "code", Title: "Code"}, {Name: "place", Title: "Place"},
		{Name: "month", Title: "Month"}, {Name: "before", Title: "Before", Type: table.Count}, {Name: "after", Title: "Now", Type: table.Count}, {Name: "change", Title: "Change", Type: table.Count},
	}}
	cells := slices.Clone(r.Cells)
	slices.SortStableFunc(cells, func(a, b RestatedCell) int { return cmp.Compare(b.size(), a.size()) })
	if maxRows > 0 && len(cells) > maxRows {
		t.Notes = []string{fmt.Sprintf("The %s biggest of %s changes.", table.Thousands(int64(maxRows)), table.Thousands(int64(r.Changed)))}
		cells = cells[:maxRows]
	}
	for _, c := range cells {
		p := ""
		if name != nil {
			p = name(ids.Place{Level: c.Level, Code: c.Place})
		}
		t.Add(table.T(string(c.Series)), table.T(places.Title(c.Level)), table.T(c.Place), table.T(p), table.T(c.Month.String()),
			table.N(float64(c.Old)), table.N(float64(c.New)), table.N(float64(c.New-c.Old)))
	}
	return t
}

// size is how much a count changed, up or down.
func (c RestatedCell) size() int64 { return max(c.New-c.Old, c.Old-c.New) }
