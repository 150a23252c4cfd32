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

// atlasOf returns the places of whoever asks, if they may look at places.
func (p *Pages) atlasOf(r *http.Request) (*places.Atlas, error) {
	a := kit.Actor(r)
	if err := access.Check(a, access.PlacesRead); err != nil {
		return nil, err
	}
	return p.Atlas(r.Context(), a.Unit)
}

// placeOf returns the place that somebody who may see figures asks about.
// Errors: Forbidden, NotFound.
func (p *Pages) placeOf(r *http.Request) (*places.Atlas, places.Place, error) {
	if err := access.Check(kit.Actor(r), access.FiguresRead); err != nil {
		return nil, places.Place{}, err
	}
	atlas, err := p.atlasOf(r)
	if err != nil {
		return nil, places.Place{}, err
	}
	want := ids.Place{Level: ids.Level(r.PathValue("level")), Code: r.PathValue("code")}
	at, ok := atlas.Get(want)
	if !ok {
		return nil, places.Place{}, errs.New(errs.NotFound, "we hold no place %s", want).WithHint("search for it by name or code")
	}
	return atlas, at, nil
}

// atlasSource gives a unit's places.
type atlasSource func(context.Context, ids.Unit) (*places.Atlas, error)
