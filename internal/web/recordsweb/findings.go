package recordsweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// findingsPart is the short table of findings on a submission's page.
type findingsPart struct {
	All  string // address of the page with every example
	Rows []findingRow
}

// findingRow is one finding in the short table.
type findingRow struct {
	Title    string
	Href     string
	Severity stateView
	Count    int64
	First    string
}

func shortFindings(base string, all []records.Finding) findingsPart {
	part := findingsPart{All: base + "/findings"}
	for _, f := range all {
		row := findingRow{Title: f.Title, Href: part.All + "#" + f.Rule, Severity: severityView(f.Severity), Count: f.Count}
		if len(f.Examples) > 0 {
			row.First = f.Examples[0].Where()
		}
		part.Rows = append(part.Rows, row)
	}
	return part
}

// findingsPage is every finding of a submission with its examples.
type findingsPage struct {
	kit.Frame
	Base     string
	Severity kit.Select
	Data     kit.Grid // only its links
	Findings []findingView
	None     string
}

// findingView is one finding in full.
type findingView struct {
	Rule     string
	Title    string
	Severity stateView
	Times    string
	Message  string
	Hint     string
	Examples kit.Grid
}

// Findings shows what was doubtful in a submission, or hands it over.
func (p *Pages) Findings(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	all, err := p.Records.Findings(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if want := records.Severity(q.Get("severity")); want != "" {
		all = slices.DeleteFunc(all, func(f records.Finding) bool { return f.Severity != want })
	}
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, records.ExampleTable(all))
	}
	base := pathOf(s.ID) + "/findings"
	page := &findingsPage{
		Frame: kit.Frame{Title: "Findings", Caption: s.Name, Section: "submissions", Crumbs: []kit.Link{home, {Text: s.Name, Href: pathOf(s.ID)}}},
		Base:  base, Severity: severityChoice(q.Get("severity")),
		Data: kit.Grid{Caption: "findings"}.WithData(base, q),
		None: "Nothing in the file is doubtful.",
	}
	if q.Get("severity") != "" {
		page.None = "There is no finding of this severity."
	}
	for _, f := range all {
		page.Findings = append(page.Findings, viewFinding(f))
	}
	return p.Kit.Render(w, r, "findings", page)
}

func severityChoice(chosen string) kit.Select {
	pairs := [][2]string{{"", "Every severity"}}
	for _, s := range []records.Severity{records.Refuse, records.Warn, records.Note} {
		pairs = append(pairs, [2]string{string(s), severityView(s).Text})
	}
	return kit.Select{ID: "severity", Label: "Severity", Options: kit.Options(chosen, pairs...)}
}

func viewFinding(f records.Finding) findingView {
	v := findingView{Rule: f.Rule, Title: f.Title, Severity: severityView(f.Severity), Message: f.Message, Hint: f.Hint,
		Times: "Met " + kit.Plural(f.Count, "time", "times") + "."}
	t := &table.Table{Name: "examples-of-" + f.Rule, Title: "First examples: " + f.Title, Columns: []table.Column{
		{Name: "where", Title: "Where"}, {Name: "column", Title: "Column"}, {Name: "value", Title: "Value as sent"},
	}}
	for _, e := range f.Examples {
		at := e.File
		if e.Line > 0 {
			at = strings.TrimSpace(at + " line " + strconv.FormatInt(e.Line, 10))
		}
		if at == "" {
			at = "the whole file"
		}
		t.Add(table.T(at), table.T(e.Column), table.T(e.Value))
	}
	v.Examples = kit.GridOf(t, nil)
	v.Examples.Stack = true
	return v
}
