package recordsweb

import (
	"openvru/internal/period"
	"openvru/internal/records"
	"openvru/internal/table"
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

// severityView is how a finding's severity is shown.
func severityView(s records.Severity) stateView {
	tag := "govuk-tag--blue"
	switch s {
	case records.Refuse:
		tag = "govuk-tag--red"
	case records.Warn:
		tag = "govuk-tag--yellow"
	}
	return stateView{s.Words(), tag}
}

// fact is a line of a summary list.
type fact struct{ Key, Value, Note, Href string }

// monthTable is the rows and incidents of each month.
func monthTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "months", Title: "Months in the file", Columns: []table.Column{
		{Name: "month", Title: "Month"}, {Name: "rows", Title: "Records", Type: table.Count}, {Name: "incidents", Title: "Counted", Type: table.Count},
	}}
	for _, m := range s.Months {
		t.Add(table.T(m.Month.Name()), table.N(float64(m.Rows)), table.N(float64(m.Count)))
	}
	return t
}

// nameTable is the rows and incidents of each force or category.
func nameTable(name, title, heading string, all []records.NameCount) *table.Table {
	t := &table.Table{Name: name, Title: title, Columns: []table.Column{
		{Name: "name", Title: heading}, {Name: "rows", Title: "Records", Type: table.Count}, {Name: "incidents", Title: "Counted", Type: table.Count},
	}}
	for _, c := range all {
		t.Add(table.T(c.Name), table.N(float64(c.Rows)), table.N(float64(c.Count)))
	}
	return t
}

// fileTable lists the files of an archive.
func fileTable(s *records.Summary) *table.Table {
	t := &table.Table{Name: "files", Title: "Files in the archive", Columns: []table.Column{
		{Name: "file", Title: "File"}, {Name: "rows", Title: "Records", Type: table.Count}, {Name: "months", Title: "Months"}, {Name: "skipped", Title: "Not read because"},
	}}
	for _, f := range s.Files {
		held := ""
		if f.From != 0 {
			held = (period.Range{From: f.From, To: f.To}).String()
		}
		t.Add(table.T(f.Name), table.N(float64(f.Rows)), table.T(held), table.T(f.Skipped))
	}
	return t
}
