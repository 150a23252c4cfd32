// Package assets holds the built front end: styles, scripts and pictures, each
// named by its contents, so that a browser may keep it for ever. The files are
// built from web/ and are not in the history; a binary made without them says so.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"openvru/internal/errs"
)

//go:embed all:dist
var dist embed.FS

// Build is the command that makes the missing files.
const Build = "cd web && npm ci && npm run build"

// Set is a built front end: its files and the name each goes by.
type Set struct {
	files fs.FS
	names map[string]string // plain name → name with fingerprint
}

// Load returns the front end in the binary. Errors: Unavailable when the
// binary was made without it.
func Load() (*Set, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return From(files)
}

// From returns the front end in a folder. Errors: Unavailable when it is not
// there or lacks a file its manifest names.
func From(files fs.FS) (*Set, error) {
	text, err := fs.ReadFile(files, "manifest.json")
	if err != nil {
		return nil, missing("manifest.json")
	}
	s := &Set{files: files}
	if err := json.Unmarshal(text, &s.names); err != nil {
		return nil, missing("manifest.json")
	}
	for _, name := range s.names {
		if _, err := fs.Stat(files, name); err != nil {
			return nil, missing(name)
		}
	}
	return s, nil
}

func missing(name string) error {
	return errs.New(errs.Unavailable, "the built styles and scripts are not in this binary (%s is missing)", name).
		WithHint("run %s, then build again; make build does both", Build)
}

// Path returns the address of a file by its plain name, "app.css", or "" when
// there is none.
func (s *Set) Path(name string) string {
	if s == nil || s.names[name] == "" {
		return ""
	}
	return "/assets/" + s.names[name]
}

// ServeHTTP serves a file by its fingerprinted name, to be kept for a year.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	if s == nil || !s.has(name) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		w.Header().Set("Content-Type", t)
	}
	http.ServeFileFS(w, r, s.files, name)
}

func (s *Set) has(name string) bool {
	for _, n := range s.names {
		if n == name && !strings.HasPrefix(name, ".") {
			return true
		}
	}
	return false
}
