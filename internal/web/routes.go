package web

import (
	"net/http"

	"openvru/internal/web/kit"
)

// who may send a request at all. What they may do is for the services to say:
// a page that a role may not see is refused by the service it asks.
type who int

const (
	signedIn who = iota // somebody we know
	anyone              // people who have not signed in too
	plain               // anyone, and not a page: works without the front end
)

// route is one row of the table.
type route struct {
	pattern string
	who     who
	file    bool // takes or gives a whole file
	handle  kit.Handler
}

// routes is every address of the product.
func (s *Server) routes() []route {
	a, f, p, g, o := s.people, s.files, s.areas, s.figures, s.reports
	return []route{
		{"GET /{$}", signedIn, false, s.home},
		{"GET /about", anyone, false, a.About},
		{"GET /accessibility", anyone, false, a.Accessibility},
		{"GET /assets/{file}", plain, false, s.asset},
		{"GET /health", plain, false, s.health},

		{"GET /sign-in", anyone, false, a.SignInForm},
		{"POST /sign-in", anyone, false, a.SignIn},
		{"POST /sign-out", signedIn, false, a.SignOut},
		{"GET /set-up/{code}", anyone, false, a.SetUpForm},
		{"POST /set-up/{code}", anyone, false, a.SetUp},
		{"GET /password", signedIn, false, a.PasswordForm},
		{"POST /password", signedIn, false, a.Password},

		{"GET /people", signedIn, false, a.People},
		{"GET /people.csv", signedIn, false, a.People},
		{"GET /people.json", signedIn, false, a.People},
		{"GET /people/new", signedIn, false, a.NewPersonForm},
		{"POST /people", signedIn, false, a.AddPerson},
		{"GET /people/{id}", signedIn, false, a.Person},
		{"POST /people/{id}/link", signedIn, false, a.NewLink},
		{"POST /people/{id}/roles", signedIn, false, a.Roles},
		{"POST /people/{id}/disable", signedIn, false, a.Disable},
		{"POST /people/{id}/enable", signedIn, false, a.Enable},
		{"GET /audit", signedIn, false, a.Audit},
		{"GET /audit.csv", signedIn, false, a.Audit},
		{"GET /audit.json", signedIn, false, a.Audit},

		{"GET /submissions", signedIn, false, f.List},
		{"GET /submissions.csv", signedIn, false, f.List},
		{"GET /submissions.json", signedIn, false, f.List},
		{"GET /submissions/new", signedIn, false, f.SendForm},
		{"POST /submissions", signedIn, true, f.Receive},
		{"GET /submissions/{id}", signedIn, false, f.Submission},
		{"GET /submissions/{id}/progress.json", signedIn, false, f.Progress},
		{"GET /submissions/{id}/summary.json", signedIn, false, f.Summary},
		{"GET /submissions/{id}/file", signedIn, true, f.File},
		{"POST /submissions/{id}/check", signedIn, false, f.Check},
		{"GET /submissions/{id}/accept", signedIn, false, f.AcceptForm},
		{"POST /submissions/{id}/accept", signedIn, false, f.Accept},
		{"GET /submissions/{id}/withdraw", signedIn, false, f.WithdrawForm},
		{"POST /submissions/{id}/withdraw", signedIn, false, f.Withdraw},
		{"GET /submissions/{id}/findings", signedIn, false, f.Findings},
		{"GET /submissions/{id}/findings.csv", signedIn, false, f.Findings},
		{"GET /submissions/{id}/findings.json", signedIn, false, f.Findings},
		{"GET /submissions/{id}/changes", signedIn, false, f.Changes},
		{"GET /submissions/{id}/changes.csv", signedIn, false, f.Changes},
		{"GET /submissions/{id}/changes.json", signedIn, false, f.Changes},
		{"GET /jobs", signedIn, false, s.listJobs},
		{"GET /jobs.csv", signedIn, false, s.listJobs},
		{"GET /jobs.json", signedIn, false, s.listJobs},
		{"GET /sources", signedIn, false, f.Sources},
		{"GET /sources.csv", signedIn, false, f.Sources},
		{"GET /sources.json", signedIn, false, f.Sources},
		{"GET /sources/{source}", signedIn, false, f.Source},

		{"GET /places", signedIn, false, p.Search},
		{"GET /places.csv", signedIn, false, p.Search},
		{"GET /places.json", signedIn, false, p.Search},
		{"GET /places/{level}/{code}", signedIn, false, p.Place},
		{"GET /places/{level}/{code}/{table}", signedIn, false, p.Table}, // trend.csv, inside.json, …

		{"GET /reports/violence", signedIn, false, o.Report},
		{"GET /reports/violence/file", signedIn, true, o.File},
		{"GET /reports/violence/tables.csv", signedIn, false, o.Tables},
		{"GET /reports/violence/tables.json", signedIn, false, o.Tables},
		{"GET /reports/violence/tables/{table}", signedIn, false, o.Table},
		{"GET /reports/violence/style/{file}", plain, false, o.Style},
		{"GET /figures/{figure}", signedIn, false, g.Figure},
		{"GET /figures/{figure}/{table}", signedIn, false, g.Figure}, // counts.csv, counts.json
		{"GET /files/{hash}", signedIn, false, g.File},
	}
}

// asset serves a file of the front end.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) error {
	s.assets.ServeHTTP(w, r)
	return nil
}

// health says that the server answers, for whoever watches over it.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}
