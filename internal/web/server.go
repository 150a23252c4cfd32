// Package web is the product's pages: the server, what holds for every
// request, and the table of every route. Each domain's pages live in a package
// of their own beside it; what they are built with is in kit.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"openvru/internal/errs"
	"openvru/internal/web/accessweb"
	"openvru/internal/web/analysisweb"
	"openvru/internal/web/assets"
	"openvru/internal/web/kit"
	"openvru/internal/web/placesweb"
	"openvru/internal/web/publishingweb"
	"openvru/internal/web/recordsweb"
)

// Times a connection may take. Uploads and downloads set their own.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	graceTime     = 15 * time.Second
	maxHeaders    = 64 << 10
)

// Server answers the product's requests.
type Server struct {
	cfg     Config
	kit     *kit.Kit
	assets  *assets.Set
	missing error // why the front end is not in the binary; nil when it is
	handler http.Handler
	cookies kit.Cookies
	people  *accessweb.Pages
	files   *recordsweb.Pages
	areas   *placesweb.Pages
	figures *analysisweb.Pages
	reports *publishingweb.Pages
}

// New returns a server of a unit's services.
func New(cfg Config) (*Server, error) {
	if cfg.MaxUpload == 0 {
		cfg.MaxUpload = DefaultMaxUpload
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{cfg: cfg}
	s.assets, s.missing = assets.Load()
	if cfg.Assets != nil {
		s.assets, s.missing = cfg.Assets, nil
	}
	var err error
	if s.kit, err = newKit(cfg, s.assets); err != nil {
		return nil, err
	}
	s.pages()
	s.handler = s.protect(s.mux())
	return s, nil
}

// Missing returns why the pages cannot be shown, with a hint that says what to
// run, or nil. A caller prints it at start.
func (s *Server) Missing() error { return s.missing }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serve answers requests on a listener until the context ends, then lets those
// in hand finish for a while.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	hs := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelInfo),
	}
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	if err := hs.Shutdown(grace); err != nil {
		return errors.Join(err, hs.Close())
	}
	return nil
}

// mux lays the routes out, with a page for addresses that are none of them.
func (s *Server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		mux.Handle(rt.pattern, s.wrap(rt))
	}
	mux.Handle("/", s.kit.Handle(func(w http.ResponseWriter, r *http.Request) error {
		if s.missing != nil {
			return s.missing
		}
		if allowed := otherMethod(mux, r); allowed != "" {
			w.Header().Set("Allow", allowed)
			return errs.New(errs.Invalid, "this address does not take %s", r.Method)
		}
		return errs.New(errs.NotFound, "there is no page at this address").
			WithHint("check the address, or start from the home page")
	}))
	return mux
}

// otherMethod returns the method that the address of a request would take.
func otherMethod(mux *http.ServeMux, r *http.Request) string {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		try := r.Clone(r.Context())
		try.Method = method
		if _, pattern := mux.Handler(try); pattern != "/" && method != r.Method {
			return method
		}
	}
	return ""
}

// wrap puts around a route what its row of the table says.
func (s *Server) wrap(rt route) http.Handler {
	h := s.kit.Handle(func(w http.ResponseWriter, r *http.Request) error {
		if s.missing != nil && rt.who != plain {
			return s.missing
		}
		if rt.who == signedIn && !kit.SignedIn(r) {
			return errs.New(errs.Unauthenticated, "you are not signed in").WithHint("sign in and try again")
		}
		return rt.handle(w, r)
	})
	if rt.file {
		return s.large(h)
	}
	return small(h)
}
