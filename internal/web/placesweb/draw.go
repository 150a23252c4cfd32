package placesweb

import (
	"math"

	"openvru/internal/geo"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
)

// margin is how much of its surroundings a map shows on each side, as a share
// of the place's own size.
const margin = 0.06

// shading is what a map's colours stand for.
type shading struct {
	title    string
	unit     string // "offences per 1,000 people"
	decimals int
	value    map[ids.Place]float64 // places not in it have no figure
}

// draw makes the map of a place: what lies in it, coloured, with its
// neighbours in grey around it. A place with nothing in it is drawn itself.
// False when there is no boundary to draw.
func draw(atlas *places.Atlas, p ids.Place, inside []places.Place, s shading) (mapView, bool) {
	box, ok := atlas.Bounds(p)
	if !ok {
		if box, ok = boundsOf(atlas, inside); !ok {
			return mapView{}, false
		}
	}
	frame := box.Grow(margin * math.Max(box.Width(), box.Height()))
	proj, w, h := fit(frame)
	view := mapView{Title: s.title, Width: w, Height: h}
	for _, n := range around(atlas, p, frame) {
		if shape, ok := atlas.Shape(n); ok {
			view.Around = append(view.Around, mapArea{Path: proj.path(shape), Label: nameOf(atlas, n), Href: pathOf(n)})
		}
	}
	if shape, ok := atlas.Shape(p); ok {
		view.Edge = proj.path(shape)
	}
	view.Inside, view.Key = colour(atlas, proj, inside, s)
	return view, len(view.Inside) > 0 || view.Edge != ""
}

// colour draws the places of a map in the colours of their values.
func colour(atlas *places.Atlas, proj projection, inside []places.Place, s shading) (areas []mapArea, key []keyItem) {
	values := make([]float64, len(inside))
	blank := false
	for i, one := range inside {
		v, ok := s.value[one.Place]
		if !ok {
			v, blank = math.NaN(), true
		}
		values[i] = v
	}
	c := classify(values, s.unit, s.decimals)
	for i, one := range inside {
		shape, ok := atlas.Shape(one.Place)
		if !ok {
			continue
		}
		label := one.Name + ": no figure"
		if !math.IsNaN(values[i]) {
			label = one.Name + ": " + table.Fixed(values[i], s.decimals) + " " + s.unit
		}
		areas = append(areas, mapArea{Path: proj.path(shape), Class: c.class(values[i]), Label: label, Href: pathOf(one.Place)})
	}
	return areas, c.key(blank && len(areas) > 0)
}

// around are the places of the same level that can be seen in the frame.
func around(atlas *places.Atlas, p ids.Place, frame geo.Box) []ids.Place {
	var out []ids.Place
	for _, n := range atlas.Neighbours(p, places.Queen) {
		if b, ok := atlas.Bounds(n); ok && b.Meets(frame) {
			out = append(out, n)
		}
	}
	return out
}

// boundsOf is the box around several places.
func boundsOf(atlas *places.Atlas, all []places.Place) (geo.Box, bool) {
	box, any := geo.EmptyBox(), false
	for _, one := range all {
		if b, ok := atlas.Bounds(one.Place); ok {
			box, any = box.Union(b), true
		}
	}
	return box, any
}

func nameOf(atlas *places.Atlas, p ids.Place) string {
	one, ok := atlas.Get(p)
	if !ok {
		return p.Code
	}
	return one.Name
}
