// Package kit is what every page is built with: the frame around it, how an
// error becomes a page, how a table becomes HTML, CSV or JSON, how numbers and
// days are written. It knows no domain but access, whose Actor every request
// carries.
//
// A page is a template file and a struct that embeds Frame. Its handler asks
// one service, fills the struct and calls Render:
//
//	func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
//		rows, err := p.records.List(r.Context(), kit.Actor(r), …)
//		if err != nil {
//			return err
//		}
//		return p.kit.Render(w, r, "submissions", &listPage{Frame: kit.Frame{Title: "Submissions"}, …})
//	}
package kit

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync/atomic"
)

//go:embed templates/*.tmpl
var shared embed.FS

// Assets names the built front end's files: "app.css" to its address, or ""
// when it was not built.
type Assets interface{ Path(name string) string }

// Config is what all pages share.
type Config struct {
	Unit   string // the unit's name, in the header; SetUnitName changes it
	Demo   bool   // the data are invented: every page says so
	Assets Assets
	Log    *slog.Logger
	Nav    []NavItem // the sections, in order
}

// Kit renders pages.
type Kit struct {
	Config
	pages map[string]*template.Template
	unit  atomic.Pointer[string]
}

// UnitName returns the unit's name as pages show it.
func (k *Kit) UnitName() string { return *k.unit.Load() }

// SetUnitName changes the unit's name on every page from now on.
func (k *Kit) SetUnitName(name string) { k.unit.Store(&name) }

// New returns a Kit with the shared templates and the pages in the given
// folders. A file that begins with "_" is a part that the pages of its folder
// may use; every other file is a page, named by the file without ".tmpl".
func New(cfg Config, folders ...fs.FS) (*Kit, error) {
	k := &Kit{Config: cfg, pages: map[string]*template.Template{}}
	k.SetUnitName(cfg.Unit)
	base, err := template.New("layout").Funcs(functions).ParseFS(shared, "templates/_*.tmpl", "templates/layout.tmpl")
	if err != nil {
		return nil, err
	}
	own, err := fs.Sub(shared, "templates")
	if err != nil {
		return nil, err
	}
	if err := k.add(base, own); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if err := k.add(base, folder); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// add parses every page of a folder on top of the shared templates.
func (k *Kit) add(base *template.Template, folder fs.FS) error {
	names, err := fs.Glob(folder, "*.tmpl")
	if err != nil {
		return err
	}
	parts, err := fs.Glob(folder, "_*.tmpl")
	if err != nil {
		return err
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		if strings.HasPrefix(name, "_") || name == "layout" {
			continue
		}
		if k.pages[name] != nil {
			return fmt.Errorf("two pages are named %q", name)
		}
		t := template.Must(base.Clone())
		if t, err = t.ParseFS(folder, append(parts, file)...); err != nil {
			return err
		}
		k.pages[name] = t
	}
	return nil
}

// Pages returns the names of every page template, for the test that renders
// each of them.
func (k *Kit) Pages() []string {
	names := make([]string, 0, len(k.pages))
	for name := range k.pages {
		names = append(names, name)
	}
	return names
}

// Render writes a page: all of it or, when its template fails, none of it.
func (k *Kit) Render(w http.ResponseWriter, r *http.Request, name string, page Framed) error {
	t := k.pages[name]
	if t == nil {
		return fmt.Errorf("there is no page template %q", name)
	}
	f := page.frame()
	f.Layout = k.layout(r, f)
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout", page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(max(f.Status, http.StatusOK))
	_, err := out.WriteTo(w)
	return err
}
