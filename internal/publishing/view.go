package publishing

import (
	"cmp"
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // days are London's, on machines without time zones too

	"openvru/internal/ids"
	"openvru/internal/table"
)

// view is what the template shows: the report with its links settled and its
// numbers already words.
type view struct {
	Title, Place, Code, Notice, Rule string
	Asked                            string
	Covers                           [][]link
	Contents                         []item
	Summary                          []summaryItem
	Totals                           tableView
	Chapters                         []chapterView
	Homicide                         *measureView
	NotHeld                          []NotHeld
	Checks                           []checkView
	Terms                            []Definition
	Sources                          []Source
	Editions                         []editionView
	Lineage                          []lineageView
}

type item struct{ ID, Title string }

// link is words that may lead somewhere.
type link struct{ Words, Href string }

type summaryItem struct {
	Text []link
	Part string
}

type chapterView struct {
	ID, Title string
	Measures  []measureView
}

type measureView struct {
	ID           string
	Headline     []link
	Body         [][]link
	Wide, Narrow template.HTML
	Tables       []tableView
	Notes        []string
}

type tableView struct {
	ID, Title string
	Columns   []columnView
	Rows      [][]cellView
	Notes     []string
	CSV       template.URL
	File      string
}

type columnView struct {
	Title   string
	Numeric bool
}

type cellView struct {
	link
	Numeric, Blank bool
}

type checkView struct{ Name, Outcome string }

type editionView struct {
	Number                   int
	Source, Name, File, When string
}

type lineageView struct {
	Title string
	Rows  []figureView
}

type figureView struct {
	Anchor, ID, Title, Shown, Method string
	From, Files                      []link
}

// viewer turns parts of a report into what templates show.
type viewer struct {
	r     Report
	links Links
}

func newView(r Report, links Links) view {
	v := viewer{r, links}
	out := view{
		Title: r.Title, Place: r.Place, Code: r.Code, Notice: r.Notice, Rule: r.Rule.Title(),
		Asked: asked(r), Totals: v.table(r.Totals), NotHeld: r.NotHeld, Terms: r.Terms, Sources: r.Sources,
	}
	for _, t := range r.Covers {
		out.Covers = append(out.Covers, v.text(t))
	}
	for _, p := range r.Summary {
		out.Summary = append(out.Summary, summaryItem{v.text(p.Text), p.Part})
	}
	for _, c := range r.Chapters {
		out.Chapters = append(out.Chapters, v.chapter(c))
	}
	if h := r.Homicide; h != nil {
		m := v.measure(Measure{ID: "homicide", Headline: h.Headline, Body: h.Body, Wide: h.Wide, Narrow: h.Narrow, Notes: h.Notes}, h.Years)
		out.Homicide = &m
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, checkView{c.Rule.Name, outcome(c)})
	}
	for i, e := range r.Editions {
		out.Editions = append(out.Editions, editionView{i + 1, string(e.Source), e.FileName, string(e.File), moment(e.AcceptedAt)})
	}
	for _, l := range r.Lineage {
		if shown := v.lineage(l); len(shown.Rows) > 0 {
			out.Lineage = append(out.Lineage, shown)
		}
	}
	out.Contents = contentsOf(out)
	return out
}

// asked says when the facts are from.
func asked(r Report) string {
	if !r.Known.IsZero() {
		return "The facts are those known on " + moment(r.Known) + "."
	}
	if len(r.Editions) == 0 {
		return ""
	}
	last := r.Editions[0].AcceptedAt
	for _, e := range r.Editions {
		if e.AcceptedAt.After(last) {
			last = e.AcceptedAt
		}
	}
	return "The facts are the newest held; the last of their files was accepted on " + moment(last) + "."
}

// london is the clock that the product's days and hours are told by.
var london = sync.OnceValue(func() *time.Location {
	if l, err := time.LoadLocation("Europe/London"); err == nil {
		return l
	}
	return time.UTC // cannot happen: the zones are part of the program
})

func moment(t time.Time) string { return t.In(london()).Format("2 January 2006 at 15:04") }

func contentsOf(v view) []item {
	out := []item{{"summary", "What changed"}, {"all-measures", "All measures"}}
	for _, c := range v.Chapters {
		out = append(out, item{c.ID, c.Title})
	}
	if v.Homicide != nil {
		out = append(out, item{"homicide", "Homicide"})
	}
	if len(v.NotHeld) > 0 {
		out = append(out, item{"not-held", "What is not held"})
	}
	out = append(out, item{"definitions", "Definitions"}, item{"sources", "Sources and files"}, item{"checks", "Checks"})
	if len(v.Lineage) > 0 {
		out = append(out, item{"figures", "Where each figure comes from"})
	}
	return out
}

func (v viewer) text(t Text) []link {
	out := make([]link, len(t))
	for i, s := range t {
		out[i].Words = s.Words
		if s.Figure != "" {
			out[i].Href = v.figure(s.Figure)
		}
	}
	return out
}

// figure is where a number leads: to its lineage elsewhere, or in this page.
func (v viewer) figure(id ids.Figure) string {
	if v.links.Figure != nil {
		if href := v.links.Figure(v.r.figures[id]); href != "" {
			return href
		}
	}
	return "#" + anchor(id)
}

func (v viewer) chapter(c Chapter) chapterView {
	out := chapterView{ID: "chapter-" + c.ID, Title: c.Title}
	for _, m := range c.Measures {
		out.Measures = append(out.Measures, v.measure(m, m.Periods, m.Months))
	}
	return out
}

func (v viewer) measure(m Measure, tables ...Exhibit) measureView {
	out := measureView{ID: m.ID, Headline: v.text(m.Headline), Wide: m.Wide, Narrow: m.Narrow, Notes: m.Notes}
	for _, t := range m.Body {
		if len(t) > 0 {
			out.Body = append(out.Body, v.text(t))
		}
	}
	for _, e := range tables {
		out.Tables = append(out.Tables, v.table(e))
	}
	return out
}

func (v viewer) table(e Exhibit) tableView {
	t := e.Table.Table()
	out := tableView{ID: "table-" + e.Name, Title: t.Title, Notes: t.Notes, File: e.Name + ".csv", CSV: v.csv(e.Name, &t)}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, columnView{c.Title, c.IsNumeric()})
	}
	for _, row := range t.Rows {
		cells := make([]cellView, len(row))
		for j, c := range row {
			cells[j] = cellView{link{t.Columns[j].Show(c), ""}, t.Columns[j].IsNumeric(), c.Blank != ""}
			if c.Figure != "" {
				cells[j].Href = v.figure(ids.Figure(c.Figure))
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// csv is a link to the table as a file: the file itself, inside the link,
// unless the page has a better place for it.
func (v viewer) csv(name string, t *table.Table) template.URL {
	if v.links.CSV != nil {
		return template.URL(v.links.CSV(name))
	}
	var b strings.Builder
	_ = t.WriteCSV(&b) // a strings.Builder does not fail
	return template.URL("data:text/csv;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(b.String())))
}

func outcome(c Check) string {
	periods := " years"
	if c.Rule.Over == EachMonth {
		periods = " months"
	}
	switch {
	case c.Held > 0 && c.Left > 0:
		return "holds in " + strconv.Itoa(c.Held) + " of " + strconv.Itoa(c.Held+c.Left) + periods + "; elsewhere not checked, because " + c.Because
	case c.Held == 1:
		return "holds"
	case c.Held == 2 && c.Rule.Over == EachYear:
		return "holds in both years"
	case c.Held > 0:
		return "holds in all " + strconv.Itoa(c.Held) + periods
	}
	return "not checked, because " + c.Because
}

// lineage is the appendix of one part: the figures that have no page of their
// own to lead to. In a report of one file, that is all of them.
func (v viewer) lineage(l Lineage) lineageView {
	out := lineageView{Title: l.Title}
	for _, f := range l.Figures {
		if v.figure(f.ID) != "#"+anchor(f.ID) {
			continue
		}
		row := figureView{Anchor: anchor(f.ID), ID: string(cmp.Or(f.Kept, f.ID)), Title: f.Title, Shown: f.Shown, Method: f.Method}
		for _, from := range f.From {
			row.From = append(row.From, link{short(from), v.figure(from)})
		}
		for _, e := range f.Editions {
			row.Files = append(row.Files, link{"file " + strconv.Itoa(e), "#file-" + strconv.Itoa(e)})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// short is the part of a figure's id after its place: "2020-03".
func short(f ids.Figure) string {
	parts := strings.Split(string(f), ".")
	for i, p := range parts {
		if len(p) == 9 && p[0] >= 'A' && p[0] <= 'Z' {
			return strings.Join(parts[i+1:], ".")
		}
	}
	return string(f)
}

// anchor is a figure's id as an id of the page.
func anchor(f ids.Figure) string { return "figure-" + string(f) }
