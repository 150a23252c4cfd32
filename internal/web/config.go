package web

import (
	"context"
	"embed"
	"io"
	"log/slog"
	"net/http"
	"time"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/places"
	"openvru/internal/publishing"
	"openvru/internal/records"
	"openvru/internal/web/accessweb"
	"openvru/internal/web/analysisweb"
	"openvru/internal/web/assets"
	"openvru/internal/web/kit"
	"openvru/internal/web/placesweb"
	"openvru/internal/web/publishingweb"
	"openvru/internal/web/recordsweb"
)

// DefaultMaxUpload is how large a file may be unless the Config says
// otherwise: several times a year of every force's street-level crime.
const DefaultMaxUpload = 4_000_000_000

// Config is a unit's services and how its pages are reached.
type Config struct {
	Unit    access.Unit
	Demo    bool   // the data are invented: every page says so
	Address string // where people reach the pages: "https://vru.example.org"
	Secure  bool   // the pages are reached by https, through a proxy of ours: secure cookies, HSTS

	Access     *access.Service
	Places     *places.Service
	Records    *records.Service
	Facts      *records.FactReader
	Analysis   *analysis.Service
	Publishing *publishing.Service
	Jobs       *jobs.Service
	Work       recordsweb.Work

	Log       *slog.Logger
	Now       func() time.Time
	Rand      io.Reader   // crypto/rand.Reader: makes names of requests and forms
	MaxUpload int64       // bytes; 0 is DefaultMaxUpload
	Assets    *assets.Set // nil is the one in the binary
}

// templates holds the pages that belong to no one domain.
//
//go:embed *.tmpl
var templates embed.FS

// newKit returns the kit with every domain's templates.
func newKit(cfg Config, built *assets.Set) (*kit.Kit, error) {
	return kit.New(kit.Config{
		Unit: cfg.Unit.Name, Demo: cfg.Demo, Assets: built, Log: cfg.Log, Nav: navigation(),
	}, templates, accessweb.Templates, analysisweb.Templates, placesweb.Templates, publishingweb.Templates, recordsweb.Templates)
}

// navigation is the sections of the product, each for those who may see it.
func navigation() []kit.NavItem {
	may := func(actions ...access.Action) func(access.Actor) bool {
		return func(a access.Actor) bool {
			for _, action := range actions {
				if access.Check(a, action) == nil {
					return true
				}
			}
			return false
		}
	}
	return []kit.NavItem{
		{Key: "home", Text: "Home", Href: "/"},
		{Key: "submissions", Text: "Submissions", Href: "/submissions", For: may(access.SubmissionsRead)},
		{Key: "places", Text: "Places", Href: "/places", For: may(access.FiguresRead)},
		{Key: "reports", Text: "Reports", Href: "/reports/violence", For: may(access.ReportRead)},
		{Key: "people", Text: "People", Href: "/people", For: may(access.PeopleRead)},
		{Key: "audit", Text: "Audit log", Href: "/audit", For: may(access.AuditRead)},
	}
}

// pages makes each domain's pages.
func (s *Server) pages() {
	s.cookies = kit.Cookies{Secure: s.cfg.Secure}
	s.people = &accessweb.Pages{
		Kit: s.kit, Access: s.cfg.Access, Unit: s.cfg.Unit.ID, Cookies: s.cookies, Proxied: s.cfg.Secure,
		Address: s.cfg.Address, Now: s.cfg.Now, Notices: s.assets.Path("licences.txt"),
	}
	s.areas = &placesweb.Pages{Kit: s.kit, Atlas: s.atlas, Analysis: s.cfg.Analysis}
	s.figures = &analysisweb.Pages{Kit: s.kit, Analysis: s.cfg.Analysis, Records: s.cfg.Records}
	s.reports = &publishingweb.Pages{Kit: s.kit, Reports: s.cfg.Publishing, Facts: s.cfg.Facts, Atlas: s.atlas}
	s.files = &recordsweb.Pages{
		Kit: s.kit, Access: s.cfg.Access, Records: s.cfg.Records, Facts: s.cfg.Facts, Atlas: s.atlas, Work: s.cfg.Work, Limit: s.cfg.MaxUpload,
		NewKey: func() string { return ids.Maker{Now: s.cfg.Now, Rand: s.cfg.Rand}.New() },
	}
}

// atlas returns the unit's places.
func (s *Server) atlas(ctx context.Context, unit ids.Unit) (*places.Atlas, error) {
	return s.cfg.Places.Atlas(ctx, unit)
}

// visitors finds out who sends each request, anew every time: a session that
// was ended, or a role that was taken away, counts from the next request.
func (s *Server) visitors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := s.cookies.Token(r)
		if token == "" {
			next.ServeHTTP(w, r)
			return
		}
		actor, err := s.cfg.Access.Authenticate(r.Context(), token)
		switch {
		case err == nil:
			r = kit.WithVisitor(r, kit.Visitor{Actor: actor, Token: kit.FormToken(token)})
		case kit.Status(err) == http.StatusUnauthorized:
			s.cookies.Clear(w)
		default:
			s.kit.Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}
