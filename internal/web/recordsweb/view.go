package recordsweb

import (
	"fmt"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// stateView is how a submission's state is shown: a word and its tag's colour.
type stateView struct{ Text, Tag string }

// states are in the order a submission goes through them.
var states = []struct {
	State records.State
	stateView
}{
	{records.Received, stateView{"Received", "govuk-tag--grey"}},
	{records.Checked, stateView{"To be accepted", "govuk-tag--yellow"}},
	{records.Accepted, stateView{"Accepted", "govuk-tag--green"}},
	{records.Refused, stateView{"Refused", "govuk-tag--red"}},
	{records.Superseded, stateView{"Superseded", "govuk-tag--grey"}},
	{records.Withdrawn, stateView{"Withdrawn", "govuk-tag--grey"}},
}

func stateOf(s records.State) stateView {
	for _, v := range states {
		if v.State == s {
			return v.stateView
		}
	}
	return stateView{string(s), "govuk-tag--grey"}
}

// months says which months a submission holds: "January 2019 to June 2020".
func months(all []records.MonthCount) string {
	switch len(all) {
	case 0:
		return ""
	case 1:
		return all[0].Month.Name()
	}
	return spell(period.Range{From: all[0].Month, To: all[len(all)-1].Month})
}

// spell writes a run of months in words.
func spell(r period.Range) string {
	if r.From == r.To {
		return r.From.Name()
	}
	return r.From.Name() + " to " + r.To.Name()
}

// levelName is a level in words: "LSOA (2021)", "borough".
func levelName(l ids.Level) string {
	switch l {
	case "":
		return "shared by several vintages"
	case "unknown":
		return "not known to us"
	}
	return places.Title(l)
}

// fact is a line of a summary list.
type fact struct{ Key, Value, Note, Href string }

// counts are the doubtful rows of a summary, each with what it means.
func counts(s *records.Summary) []fact {
	rows := func(n int64) string {
		if n == 0 {
			return "None"
		}
		return kit.Plural(n, "row", "rows") + share(n, s.Rows)
	}
	return []fact{
		{Key: "Unlocated", Value: rows(s.Unlocated), Note: "neither a point nor a code we know; counted for the force as a whole"},
		{Key: "Out of area", Value: rows(s.OutOfArea), Note: "outside every borough we hold; counted for the force as a whole"},
		{Key: "In another force’s area", Value: rows(s.OutsideForce), Note: "located where another force polices"},
		{Key: "Without an id", Value: rows(s.BlankIDs), Note: "the supplier’s id is blank"},
		{Key: "Repeated ids", Value: rows(s.RepeatedIDs), Note: "the id was met before in the same month"},
		{Key: "Unknown category", Value: rows(s.UnknownCategories), Note: "kept as records, counted in no series"},
	}
}

// share is a part of the rows in brackets: " (2.4%)".
func share(n, of int64) string {
	if of == 0 {
		return ""
	}
	p := 100 * float64(n) / float64(of)
	if p < 0.1 {
		return " (less than 0.1%)"
	}
	return fmt.Sprintf(" (%s%%)", table.Fixed(p, 1))
}

// monthTable is the rows and incidents of each month.
func monthTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "months", Title: "Months in the file", Columns: []table.Column{
		{Name: "month", Title: "Month"}, {Name: "rows", Title: "Rows", Type: table.Count}, {Name: "incidents", Title: "Incidents", Type: table.Count},
	}}
	for _, m := range s.Months {
		t.Add(table.T(m.Month.Name()), table.N(float64(m.Rows)), table.N(float64(m.Count)))
	}
	return t
}

// nameTable is the rows and incidents of each force or category.
func nameTable(name, title, heading string, all []records.NameCount) *table.Table {
	t := &table.Table{Name: name, Title: title, Columns: []table.Column{
		{Name: "name", Title: heading}, {Name: "rows", Title: "Rows", Type: table.Count}, {Name: "incidents", Title: "Incidents", Type: table.Count},
	}}
	for _, c := range all {
		t.Add(table.T(c.Name), table.N(float64(c.Rows)), table.N(float64(c.Count)))
	}
	return t
}

// placedTable says how the rows came to lie in places, a row a level.
func placedTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "placed", Title: "How rows were placed", Columns: []table.Column{
		{Name: "level", Title: "Kind of place"}, {Name: "by_code", Title: "By the code sent", Type: table.Count},
		{Name: "by_point", Title: "By the point", Type: table.Count}, {Name: "by_parent", Title: "By what it lies in", Type: table.Count},
		{Name: "unplaced", Title: "Not placed", Type: table.Count}, {Name: "distinct", Title: "Places with rows", Type: table.Count},
	}}
	for _, p := range s.Placed {
		t.Add(table.T(levelName(p.Level)), table.N(float64(p.ByCode)), table.N(float64(p.ByPoint)),
			table.N(float64(p.ByParent)), table.N(float64(p.Unplaced)), table.N(float64(p.Distinct)))
	}
	return t
}

// vintageTable says which vintages the codes as sent are of.
func vintageTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "vintages", Title: "Vintages of the codes in the file", Columns: []table.Column{
		{Name: "vintage", Title: "Vintage"}, {Name: "rows", Title: "Rows", Type: table.Count}, {Name: "months", Title: "Months"},
	}}
	for _, v := range s.Vintages {
		t.Add(table.T(levelName(v.Level)), table.N(float64(v.Rows)), table.T(spell(period.Range{From: v.From, To: v.To})))
	}
	return t
}

// fileTable lists the files of an archive.
func fileTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "files", Title: "Files in the archive", Columns: []table.Column{
		{Name: "file", Title: "File"}, {Name: "rows", Title: "Rows", Type: table.Count}, {Name: "months", Title: "Months"}, {Name: "skipped", Title: "Not read because"},
	}}
	for _, f := range s.Files {
		held := ""
		if f.From != 0 {
			held = spell(period.Range{From: f.From, To: f.To})
		}
		t.Add(table.T(f.Name), table.N(float64(f.Rows)), table.T(held), table.T(f.Skipped))
	}
	return t
}

// severityView is how a finding's severity is shown.
func severityView(s records.Severity) stateView {
	switch s {
	case records.Refuse:
		return stateView{"Refuses the file", "govuk-tag--red"}
	case records.Warn:
		return stateView{"Look at this", "govuk-tag--yellow"}
	}
	return stateView{"Good to know", "govuk-tag--blue"}
}

// findingTable is the findings for machines: a row for each example, so that
// every one can be found in the file; a finding without examples has one row.
func findingTable(all []records.Finding) *table.Table {
	t := &table.Table{Name: "findings", Title: "Findings", Columns: []table.Column{
		{Name: "rule", Title: "Rule"}, {Name: "severity", Title: "Severity"}, {Name: "title", Title: "What was found"},
		{Name: "count", Title: "Count", Type: table.Count}, {Name: "message", Title: "Meaning"}, {Name: "hint", Title: "What to do"},
		{Name: "file", Title: "File"}, {Name: "line", Title: "Line", Type: table.Count}, {Name: "column", Title: "Column"}, {Name: "value", Title: "Value"},
	}}
	for _, f := range all {
		examples := f.Examples
		if len(examples) == 0 {
			examples = []records.Example{{}}
		}
		for _, e := range examples {
			line := table.Missing("the whole file")
			if e.Line > 0 {
				line = table.N(float64(e.Line))
			}
			t.Add(table.T(f.Rule), table.T(string(f.Severity)), table.T(f.Title), table.N(float64(f.Count)),
				table.T(f.Message), table.T(f.Hint), table.T(e.File), line, table.T(e.Column), table.T(e.Value))
		}
	}
	return t
}
