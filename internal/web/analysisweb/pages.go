// Package analysisweb is the pages of figures: where a number comes from, down
// to the file and its hash, and which numbers come from a file.
package analysisweb

import (
	"embed"
	"net/http"
	"net/url"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// Templates holds the pages' templates.
//
//go:embed *.tmpl
var Templates embed.FS

// Pages answers the requests about figures.
type Pages struct {
	Kit      *kit.Kit
	Analysis *analysis.Service
	Records  *records.Service
}

// figurePage is one figure's line of sight.
type figurePage struct {
	kit.Frame
	Value   string
	Unit    string
	Blank   string
	How     string
	Name    string
	Place   kit.Link
	From    []figureLink
	UsedBy  []figureLink
	Run     runPart
	Facts   kit.Grid
	Origins []originView
	Series  *analysis.Series // its definition; nil when it is not in the catalogue any more
}

type figureLink struct{ Title, Shown, Href string }

// runPart is the question the figure answers.
type runPart struct {
	ID       ids.Run
	Question string
	Method   string
	Version  int
	Mark     string
	Kept     bool
	Made     string
	Inputs   []string
}

// originView is a file that the counts came from.
type originView struct {
	Name     string
	Accepted string
	Source   string
	File     ids.File
	Href     string // the submission's page; "" for those who may not see it
}

// Figure shows where a figure comes from, or hands its counts over.
func (p *Pages) Figure(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Analysis.Lineage(r.Context(), kit.Actor(r), ids.Figure(r.PathValue("figure")))
	if err != nil {
		return err
	}
	t := factTable(l)
	if f := kit.TableFormat(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	here := figurePath(l.Figure)
	page := &figurePage{
		Frame: kit.Frame{Title: l.Figure.Title, Caption: "Where a figure comes from"},
		Value: shown(l.Figure), Unit: l.Figure.Unit, Blank: l.Figure.Blank, How: l.Figure.How, Name: l.Figure.Name,
		From: figureLinks(l.From), UsedBy: figureLinks(l.UsedBy), Run: viewRun(l), Facts: kit.GridOf(t, factLinks(r, l)),
	}
	const hash = 6
	page.Facts = page.Facts.Without(hash) // the files below name it
	page.Facts.HideName, page.Facts.Stack = true, true
	page.Facts.CSV, page.Facts.JSON = here+"/counts.csv", here+"/counts.json"
	for _, o := range l.Origins {
		page.Origins = append(page.Origins, viewOrigin(r, o))
	}
	if len(l.Facts) > 0 {
		first := l.Facts[0]
		page.Place = kit.Link{Text: first.Name, Href: placePath(first.Place)}
		page.Series, _ = analysis.FindSeries(first.Series)
	}
	return p.Kit.Render(w, r, "figure", page)
}

// shown writes a figure's value as pages do.
func shown(f analysis.Figure) string {
	if f.Blank != "" {
		return f.Blank
	}
	decimals := 0
	if f.Value != float64(int64(f.Value)) {
		decimals = 1
	}
	out := table.Fixed(f.Value, decimals)
	if f.Unit == "percent" {
		out += "%"
	}
	return out
}

func figurePath(f analysis.Figure) string { return "/figures/" + url.PathEscape(string(f.ID)) }

func placePath(p ids.Place) string {
	return "/places/" + url.PathEscape(string(p.Level)) + "/" + url.PathEscape(p.Code)
}

func submissionPath(id ids.Submission) string { return "/submissions/" + url.PathEscape(string(id)) }

func figureLinks(all []analysis.Figure) []figureLink {
	out := make([]figureLink, len(all))
	for i, f := range all {
		out[i] = figureLink{f.Title, shown(f), figurePath(f)}
	}
	return out
}

func viewRun(l *analysis.Lineage) runPart {
	return runPart{ID: l.Run.ID, Question: l.Run.Question, Method: l.Run.Method, Version: l.Run.Version,
		Mark: l.Run.Mark, Kept: l.Kept, Made: kit.Moment(l.Run.MadeAt), Inputs: l.Run.Inputs}
}

func viewOrigin(r *http.Request, o analysis.Origin) originView {
	v := originView{Name: o.FileName, Accepted: kit.Moment(o.AcceptedAt), Source: string(o.Source), File: o.File}
	if mayFollow(r) {
		v.Href = submissionPath(o.Submission)
	}
	return v
}

// mayFollow reports whether whoever asks may see files.
func mayFollow(r *http.Request) bool {
	return access.Check(kit.Actor(r), access.SubmissionsRead) == nil
}

// factTable is the counts under a figure: a row for each force's share of a
// month, with the file it came from.
func factTable(l *analysis.Lineage) *table.Table {
	t := &table.Table{Name: "counts", Title: "The counts it is made of", Columns: []table.Column{
		{Name: "month", Title: "Month"}, {Name: "series", Title: "Series"}, {Name: "place", Title: "Place"},
		{Name: "force", Title: "Counted by"}, {Name: "count", Title: "Count", Type: table.Count}, {Name: "file", Title: "File"}, {Name: "sha256", Title: "SHA-256"},
	}}
	for _, f := range l.Facts {
		head := []table.Cell{table.T(f.Month.String()), table.T(string(f.Series)), table.T(f.Name)}
		if len(f.Parts) == 0 {
			t.Add(append(head, table.T(""), table.Missing("no figure"), table.T(""), table.T(""))...)
		}
		for _, part := range f.Parts {
			name, hash := "", ""
			if part.Origin != nil {
				name, hash = part.Origin.FileName, string(part.Origin.File)
			}
			t.Add(append(head[:3:3], table.T(part.Force), table.N(part.Count), table.T(name), table.T(hash))...)
		}
	}
	return t
}

// factLinks leads from each count's file to its page, for those who may see
// files.
func factLinks(r *http.Request, l *analysis.Lineage) func(row, col int) string {
	if !mayFollow(r) {
		return nil
	}
	t := factTable(l)
	const file, hash = 5, 6
	return func(row, col int) string {
		if h := t.Rows[row][hash].Text; (col == file || col == hash) && h != "" {
			return "/files/" + h
		}
		return ""
	}
}

// filePage is one file by its hash: who sent it, and what rests on it.
type filePage struct {
	kit.Frame
	Sent []sentView
}

// sentView is one time the file was sent, with the series its counts are in.
type sentView struct {
	Name   string
	Href   string
	State  string
	When   string
	Months string
	Uses   []kit.Link
}

// File shows a file by its hash, for those who may see submissions. Errors:
// NotFound.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	hash := ids.File(r.PathValue("hash"))
	all, err := p.Records.List(r.Context(), kit.Actor(r), records.Filter{Limit: 100_000})
	if err != nil {
		return err
	}
	page := &filePage{Frame: kit.Frame{Title: "A file by its SHA-256", Caption: string(hash), Section: "submissions"}}
	for _, s := range all {
		if s.File == hash {
			page.Sent = append(page.Sent, viewSent(&s))
		}
	}
	if len(page.Sent) == 0 {
		return errs.New(errs.NotFound, "no file that you may see has the SHA-256 %s", hash)
	}
	return p.Kit.Render(w, r, "file", page)
}

// viewSent leads from a file on to the figures that its counts are in.
func viewSent(s *records.Submission) sentView {
	v := sentView{Name: s.Name, Href: submissionPath(s.ID), State: string(s.State), When: kit.Moment(s.ReceivedAt)}
	if len(s.Summary.Months) == 0 {
		return v
	}
	v.Months = records.MonthsSpan(s.Summary.Months)
	if s.State != records.Accepted {
		return v
	}
	year := s.Summary.Months[len(s.Summary.Months)-1].Month.First()[:4]
	for _, force := range s.Summary.Forces {
		for _, series := range records.SeriesOf(s.Source) {
			at := ids.Place{Level: places.PFA, Code: force.ID}
			v.Uses = append(v.Uses, kit.Link{Text: series.Title + ", " + force.Name, Href: kit.Address(placePath(at), url.Values{"series": {string(series.ID)}, "period": {year}})})
		}
	}
	return v
}
