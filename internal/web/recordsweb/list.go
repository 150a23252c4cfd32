package recordsweb

import (
	"net/http"
	"net/url"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// mostListed is how many submissions a listing asks for.
const mostListed = 10_000

// listPage is the list of submissions.
type listPage struct {
	kit.Frame
	MaySend bool
	Source  kit.Select
	State   kit.Select
	Sort    string
	Grid    kit.Grid
	Paging  kit.Paging
}

// List shows the submissions, or hands them over as CSV or JSON.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	subs, err := p.Records.List(r.Context(), kit.Actor(r), records.Filter{
		Source: ids.Source(q.Get("source")), State: records.State(q.Get("state")), Limit: mostListed,
	})
	if err != nil {
		return err
	}
	t := p.listTable(subs)
	if err := kit.Sort(t, q.Get("sort")); err != nil {
		return err
	}
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	page := &listPage{
		Frame:   kit.Frame{Title: "Submissions", Section: "submissions"},
		MaySend: access.Check(kit.Actor(r), access.SubmissionsSend) == nil,
		Source:  p.sourceChoice(q), State: stateChoice(q), Sort: q.Get("sort"),
	}
	t.Rows, page.Paging = kit.Page(t.Rows, "/submissions", q)
	page.Grid = listGrid(t, q)
	return p.Kit.Render(w, r, "submissions", page)
}

// listTable is the submissions for people and machines alike.
func (p *Pages) listTable(subs []records.Submission) *table.Table {
	t := &table.Table{Name: "submissions", Title: "Files that were sent, newest first", Columns: []table.Column{
		{Name: "file", Title: "File"}, {Name: "source", Title: "Source"}, {Name: "state", Title: "State"},
		{Name: "received", Title: "Received"}, {Name: "months", Title: "Months"},
		{Name: "rows", Title: "Rows", Type: table.Count}, {Name: "id", Title: "Id"}, {Name: "sha256", Title: "SHA-256"},
	}}
	for _, s := range subs {
		rows := table.Missing("not read yet")
		if !s.CheckedAt.IsZero() {
			rows = table.N(float64(s.Summary.Rows))
		}
		t.Add(table.T(s.Name), table.T(string(s.Source)), table.T(string(s.State)), table.T(kit.Stamp(s.ReceivedAt)),
			table.T(monthsOf(&s)), rows, table.T(string(s.ID)), table.T(string(s.File)))
	}
	return t
}

// columns of listTable that the page shows otherwise than machines read them.
const (
	colState    = 2
	colReceived = 3
	colID       = 6
)

// listGrid shows the table to people: words for states, days for times, and
// the names that only machines need left out.
func listGrid(t *table.Table, q url.Values) kit.Grid {
	g := kit.GridOf(t, func(row, col int) string {
		if col == 0 {
			return "/submissions/" + t.Rows[row][colID].Text
		}
		return ""
	}).WithData("/submissions", kit.With(q, "page", "")).Sortable(t, "/submissions", kit.With(q, "page", ""))
	g.Stack, g.HideName = true, true
	g.Empty = "No file has been sent that is like this."
	g.Columns = g.Columns[:colID]
	for i, row := range g.Rows {
		state := stateOf(records.State(row[colState].Text))
		row[colState].Text, row[colState].Tag = state.Text, state.Tag
		row[colReceived].Text = kit.DayOf(row[colReceived].Text)
		g.Rows[i] = row[:colID]
	}
	return g
}

func (p *Pages) sourceChoice(q url.Values) kit.Select {
	pairs := [][2]string{{"", "Every source"}}
	for _, s := range p.Records.Sources() {
		pairs = append(pairs, [2]string{string(s.ID), s.Title})
	}
	return kit.Select{ID: "source", Label: "Source", Options: kit.Options(q.Get("source"), pairs...)}
}

func stateChoice(q url.Values) kit.Select {
	pairs := [][2]string{{"", "Every state"}}
	for _, s := range states {
		pairs = append(pairs, [2]string{string(s.State), s.Text})
	}
	return kit.Select{ID: "state", Label: "State", Options: kit.Options(q.Get("state"), pairs...)}
}

// monthsOf says which months a file holds; nothing before it was read.
func monthsOf(s *records.Submission) string {
	if len(s.Summary.Months) == 0 {
		return ""
	}
	return records.MonthsSpan(s.Summary.Months)
}
