// Package placesweb is the pages about places: finding one, and what is known
// of it: its trends, how two periods compare, what lies in and around it.
package placesweb

import (
	"context"
	"embed"
	"net/http"
	"net/url"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/web/kit"
)

// Templates holds the pages' templates.
//
//go:embed *.tmpl
var Templates embed.FS

// section is the trail and the navigation of every page here.
var section = kit.Link{Text: "Places", Href: "/places"}

// pathOf is the address of a place's page.
func pathOf(p ids.Place) string {
	return "/places/" + url.PathEscape(string(p.Level)) + "/" + url.PathEscape(p.Code)
}

// PathOf is the address of a place's page, for pages elsewhere that name one.
func PathOf(p ids.Place) string { return pathOf(p) }

// place returns the place a request is about. Errors: NotFound.
func place(r *http.Request, atlas *places.Atlas) (places.Place, error) {
	want := ids.Place{Level: ids.Level(r.PathValue("level")), Code: r.PathValue("code")}
	p, ok := atlas.Get(want)
	if !ok {
		return places.Place{}, errs.New(errs.NotFound, "we hold no place %s", want).
			WithHint("search for it by name or code")
	}
	return p, nil
}

// atlasOf returns the places of whoever asks, if they may look at places.
func (p *Pages) atlasOf(r *http.Request) (*places.Atlas, error) {
	a := kit.Actor(r)
	if err := access.Check(a, access.PlacesRead); err != nil {
		return nil, err
	}
	return p.Atlas(r.Context(), a.Unit)
}

// atlasSource gives a unit's places.
type atlasSource func(context.Context, ids.Unit) (*places.Atlas, error)
