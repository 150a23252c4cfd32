package web

import (
	"net/http"

	"openvru/internal/web/assets"
	"openvru/internal/web/kit"
)

// What tests from outside the package look at inside it.
const (
	Policy  = policy
	MaxBody = maxBody
)

// Guard puts the middleware for faults and the log around a handler.
func (s *Server) Guard(h http.Handler) http.Handler { return s.logged(s.recovered(h)) }

// TakesFiles makes a route of a handler as a route that takes files is made.
func (s *Server) TakesFiles(h kit.Handler) http.Handler { return s.large(s.kit.Handle(h)) }

// WithoutFrontEnd takes the front end away.
func (s *Server) WithoutFrontEnd(why error) {
	s.missing, s.assets, s.kit.Assets = why, nil, (*assets.Set)(nil)
}

// Patterns returns the pattern of every route.
func (s *Server) Patterns() []string {
	var out []string
	for _, rt := range s.routes() {
		out = append(out, rt.pattern)
	}
	return out
}

// Kit returns what the pages are built with.
func (s *Server) Kit() *kit.Kit { return s.kit }
