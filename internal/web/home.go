package web

import (
	"net/http"

	"openvru/internal/web/kit"
)

// homePage says what needs whoever is signed in.
type homePage struct {
	kit.Frame
}

// home shows what needs whoever is signed in.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	return s.kit.Render(w, r, "home", &homePage{Frame: kit.Frame{Title: "Home", Section: "home"}})
}
