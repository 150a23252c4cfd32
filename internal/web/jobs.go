package web

import (
	"net/http"
	"strconv"
	"strings"

	"openvru/internal/jobs"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// jobsPage lists the work in the background.
type jobsPage struct {
	kit.Frame
	Grid kit.Grid
}

// mostJobs is how many jobs the list goes back.
const mostJobs = 500

// listJobs shows the work in the background, newest first, or hands it over.
func (s *Server) listJobs(w http.ResponseWriter, r *http.Request) error {
	all, err := s.cfg.Jobs.Jobs(r.Context(), kit.Actor(r), jobs.Query{Limit: mostJobs})
	if err != nil {
		return err
	}
	t := jobTable(all)
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	g := kit.GridOf(t, func(row, col int) string {
		id, ok := strings.CutPrefix(all[row].Subject, "submission ")
		if !ok || col > 0 {
			return ""
		}
		return "/submissions/" + id
	}).WithData("/jobs", nil)
	g.Stack, g.HideName, g.Empty = true, true, "No work has been asked for."
	names, err := s.fileNames(r)
	if err != nil {
		return err
	}
	for i := range g.Rows {
		if name := names[all[i].Subject]; name != "" {
			g.Rows[i][0].Text = name
		}
		g.Rows[i][colAsked].Text = kit.MomentOf(g.Rows[i][colAsked].Text)
	}
	return s.kit.Render(w, r, "jobs", &jobsPage{
		Frame: kit.Frame{Title: "Work in the background", Section: "submissions", Crumbs: []kit.Link{{Text: "Submissions", Href: "/submissions"}}}, Grid: g,
	})
}

// fileNames gives the files that jobs are about the names they were sent
// under.
func (s *Server) fileNames(r *http.Request) (map[string]string, error) {
	subs, err := s.cfg.Records.List(r.Context(), kit.Actor(r), records.Filter{Limit: mostHome})
	if err != nil {
		return nil, err
	}
	return namesOf(subs), nil
}

// namesOf is the names of submissions by the subject of jobs about them.
func namesOf(subs []records.Submission) map[string]string {
	names := map[string]string{}
	for _, one := range subs {
		names["submission "+string(one.ID)] = one.Name
	}
	return names
}

const colAsked = 3

func jobTable(all []jobs.Job) *table.Table {
	t := &table.Table{Name: "jobs", Title: "Work in the background, newest first", Columns: []table.Column{
		{Name: "subject", Title: "About"}, {Name: "kind", Title: "Work"}, {Name: "state", Title: "State"}, {Name: "asked", Title: "Asked for"},
		{Name: "by", Title: "By"}, {Name: "progress", Title: "Progress"}, {Name: "message", Title: "What came of it"},
	}}
	for _, j := range all {
		t.Add(table.T(j.Subject), table.T(j.Kind), table.T(string(j.State)), table.T(kit.Stamp(j.AskedAt)), table.T(j.Actor.Name),
			table.T(progressWords(j)), table.T(strings.TrimSpace(j.Message+" "+j.Hint)))
	}
	return t
}

func progressWords(j jobs.Job) string {
	part, known := j.Part()
	if !known || j.State == jobs.Done {
		return ""
	}
	return strconv.Itoa(int(100*part)) + "%"
}
