package recordsweb

import (
	"net/http"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// sourcesPage lists the sources.
type sourcesPage struct {
	kit.Frame
	Sources []*records.Source
	Data    kit.Grid // only its links
}

// Sources lists every source that files can be sent for.
func (p *Pages) Sources(w http.ResponseWriter, r *http.Request) error {
	all := p.Records.Sources()
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, sourceTable(all))
	}
	return p.Kit.Render(w, r, "sources", &sourcesPage{
		Frame:   kit.Frame{Title: "Sources", Section: "submissions", Crumbs: []kit.Link{home}},
		Sources: all, Data: kit.Grid{Caption: "sources"}.WithData("/sources", nil),
	})
}

func sourceTable(all []*records.Source) *table.Table {
	t := &table.Table{Name: "sources", Title: "Sources", Columns: []table.Column{
		{Name: "source", Title: "Source"}, {Name: "title", Title: "Title"}, {Name: "publisher", Title: "Publisher"}, {Name: "licence", Title: "Licence"},
	}}
	for _, s := range all {
		t.Add(table.T(string(s.ID)), table.T(s.Title), table.T(s.Publisher), table.T(s.Licence))
	}
	return t
}

// sourcePage is what one source's files hold and what is checked in them.
type sourcePage struct {
	kit.Frame
	Source  records.Source
	Columns kit.Grid
	Rules   kit.Grid
	Series  kit.Grid
}

// Source shows what a source declares.
func (p *Pages) Source(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Records.Source(ids.Source(r.PathValue("source")))
	if err != nil {
		return err
	}
	return p.Kit.Render(w, r, "source", &sourcePage{
		Frame:  kit.Frame{Title: s.Title, Section: "submissions", Crumbs: []kit.Link{home, {Text: "Sources", Href: "/sources"}}},
		Source: *s, Columns: stacked(columnTable(s)), Rules: stacked(ruleTable(s)), Series: seriesGrid(s),
	})
}

func stacked(t *table.Table) kit.Grid {
	g := kit.GridOf(t, nil)
	g.Stack = true
	return g
}

func columnTable(s *records.Source) *table.Table {
	t := &table.Table{Name: "columns", Title: "Columns", Columns: []table.Column{
		{Name: "column", Title: "Column"}, {Name: "type", Title: "Holds"}, {Name: "required", Title: "Required"}, {Name: "meaning", Title: "Meaning"}, {Name: "example", Title: "Example"},
	}}
	for _, c := range s.Columns {
		required := "no"
		if c.Required {
			required = "yes"
		}
		t.Add(table.T(c.Name), table.T(string(c.Type)), table.T(required), table.T(c.Meaning), table.T(c.Example))
	}
	return t
}

func ruleTable(s *records.Source) *table.Table {
	t := &table.Table{Name: "rules", Title: "What is checked", Columns: []table.Column{
		{Name: "found", Title: "What may be found"}, {Name: "severity", Title: "Severity"}, {Name: "meaning", Title: "What it means"},
	}}
	for _, rule := range s.Rules {
		t.Add(table.T(rule.Title), table.T(severityView(rule.Severity).Text), table.T(strings.TrimSpace(rule.Meaning+" "+rule.Hint)))
	}
	return t
}

// seriesGrid lists the series that the source's counts feed.
func seriesGrid(s *records.Source) kit.Grid {
	t := &table.Table{Name: "series", Title: "Series it feeds", Columns: []table.Column{
		{Name: "series", Title: "Series"}, {Name: "definition", Title: "Definition"},
	}}
	for _, one := range records.SeriesOf(s.ID) {
		t.Add(table.T(one.Title), table.T(one.Definition))
	}
	return stacked(t)
}
