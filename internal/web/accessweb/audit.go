package accessweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// Lines of the log on a page and in a file.
const (
	auditPageLines = 50
	auditFileLines = 100_000
)

// auditPage is the log of what was done.
type auditPage struct {
	kit.Frame
	Sentence string
	Broken   string // what the check found wrong; "" when nothing, or not asked
	Verify   string // address of the check; "" when this page is it
	Subject  string
	Grid     kit.Grid
	Older    string
}

// Audit shows the log, newest first, checks it when asked, or hands it over.
func (p *Pages) Audit(w http.ResponseWriter, r *http.Request) error {
	q, format := r.URL.Query(), kit.FormatOf(r)
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	query := access.EntryQuery{Subject: q.Get("subject"), Before: before, Limit: auditPageLines}
	if format != kit.HTML {
		query.Limit = auditFileLines
	}
	entries, err := p.Access.Log(r.Context(), kit.Actor(r), query)
	if err != nil {
		return err
	}
	t := auditTable(entries)
	if format != kit.HTML {
		return kit.WriteTable(w, format, t)
	}
	page := &auditPage{Frame: kit.Frame{Title: "Audit log", Section: "audit"}, Subject: q.Get("subject"), Grid: auditGrid(t, q)}
	if err := p.verify(r, page); err != nil {
		return err
	}
	if len(entries) == auditPageLines {
		page.Older = kit.Address("/audit", kit.With(q, "before", strconv.FormatInt(entries[len(entries)-1].Seq, 10)))
	}
	return p.Kit.Render(w, r, "audit", page)
}

// verify checks the whole log when the page is asked to.
func (p *Pages) verify(r *http.Request, page *auditPage) error {
	q := r.URL.Query()
	if q.Get("verify") == "" {
		page.Sentence = "Everything that was done here, newest first. Each line is sealed with the one before it, so a change to any of them shows."
		page.Verify = kit.Address("/audit", kit.With(q, "verify", "yes"))
		return nil
	}
	report, err := p.Access.Verify(r.Context(), kit.Actor(r), access.Head{})
	switch {
	case errs.Is(err, errs.Conflict):
		page.Sentence = "The log is not as it was written."
		page.Broken = strings.TrimSpace(kit.Sentence(err) + " " + errs.HintOf(err))
		return nil
	case err != nil:
		return err
	}
	page.Sentence = "The log is whole: all " + table.Thousands(report.Head.Seq) + " lines are as they were written, from " +
		kit.Moment(report.First) + " to " + kit.Moment(report.Last) + "."
	page.Grid.Notes = append(page.Grid.Notes, "The end of the log is "+report.Head.String()+". Keep it somewhere else: with it anybody can show later that nothing before it was changed.")
	return nil
}

func auditTable(entries []access.Entry) *table.Table {
	t := &table.Table{Name: "audit-log", Title: "What was done, newest first", Columns: []table.Column{
		{Name: "line", Title: "Line", Type: table.Count}, {Name: "at", Title: "When"}, {Name: "who", Title: "Who"}, {Name: "action", Title: "What"},
		{Name: "subject", Title: "To what"}, {Name: "detail", Title: "Detail"}, {Name: "hash", Title: "Seal"},
	}}
	for _, e := range entries {
		detail := e.Detail
		if detail == "{}" {
			detail = ""
		}
		t.Add(table.N(float64(e.Seq)), table.T(kit.Stamp(e.At)), table.T(e.Name), table.T(string(e.Action)), table.T(e.Subject), table.T(detail), table.T(e.Hash))
	}
	return t
}

// columns of auditTable.
const (
	colAt      = 1
	colSubject = 4
	colHash    = 6
)

// auditGrid shows the log to people, each thing a link to its page and the
// seals, which only programs compare, left out.
func auditGrid(t *table.Table, q url.Values) kit.Grid {
	g := kit.GridOf(t, func(row, col int) string {
		if col == colSubject {
			return subjectPath(t.Rows[row][colSubject].Text)
		}
		return ""
	}).WithData("/audit", kit.With(kit.With(q, "verify", ""), "before", ""))
	g.Stack, g.HideName = true, true
	g.Columns = g.Columns[:colHash]
	for i := range g.Rows {
		g.Rows[i] = g.Rows[i][:colHash]
		g.Rows[i][colAt].Text = kit.MomentOf(g.Rows[i][colAt].Text)
	}
	return g
}

// subjectPath is the page of what an entry is about; "" when it has none.
func subjectPath(subject string) string {
	kind, id, _ := strings.Cut(subject, " ")
	switch kind {
	case "submission":
		return "/submissions/" + url.PathEscape(id)
	case "person":
		if id == "machine" || id == "operator" {
			return ""
		}
		return "/people/" + url.PathEscape(id)
	}
	return ""
}
