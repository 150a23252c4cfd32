package placesweb

import (
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

func borough(t *testing.T, atlas *places.Atlas, name string) places.Place {
	t.Helper()
	p, ok := atlas.FindName(places.Borough, name)
	if !ok {
		t.Fatalf("the sample has no borough %s", name)
	}
	return p
}

func TestDrawABoroughWithItsWards(t *testing.T) {
	atlas := placestest.London()
	camden := borough(t, atlas, "Camden")
	wards := atlas.Down(camden.Place, placestest.Ward2018)
	var inside []places.Place
	values := map[ids.Place]float64{}
	for i, w := range wards {
		one, _ := atlas.Get(w)
		inside = append(inside, one)
		if i > 0 {
			values[w] = float64(i)
		}
	}
	view, ok := draw(atlas, camden.Place, inside, shading{title: "Robbery", unit: "offences", value: values})
	if !ok || len(view.Inside) != len(wards) || view.Edge == "" {
		t.Fatalf("drawn %v: %d wards of %d, edge %q", ok, len(view.Inside), len(wards), view.Edge)
	}
	if !strings.HasSuffix(view.Inside[0].Label, ": no figure") || view.Inside[0].Class != "vru-map__class-0" {
		t.Errorf("a ward without a figure: %+v", view.Inside[0])
	}
	if last := view.Key[len(view.Key)-1].Text; last != "no figure" {
		t.Errorf("the key ends with %q", last)
	}
	for _, a := range view.Inside {
		if !strings.HasPrefix(a.Href, "/places/ward-2018/") || a.Path == "" {
			t.Errorf("a ward is drawn as %+v", a)
		}
	}
}

func TestDrawWithoutABoundary(t *testing.T) {
	atlas := placestest.London()
	if _, ok := draw(atlas, ids.Place{Level: "borough", Code: "E09999999"}, nil, shading{}); ok {
		t.Error("a place that is not there is drawn")
	}
}

func TestFind(t *testing.T) {
	atlas := placestest.London()
	camden := borough(t, atlas, "Camden")
	found, all := find(atlas, "camd")
	if all == 0 || found[0] != camden {
		t.Errorf("by part of a name: %d found, first %+v", all, found)
	}
	byCode, _ := find(atlas, strings.ToLower(camden.Code))
	if len(byCode) != 1 || byCode[0] != camden {
		t.Errorf("by code: %+v", byCode)
	}
	if _, all := find(atlas, "  "); all != 0 {
		t.Errorf("nothing asked: %d found", all)
	}
	if _, all := find(atlas, "Atlantis"); all != 0 {
		t.Errorf("no such place: %d found", all)
	}
}
