package places

import (
	"openvru/internal/errs"
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// shaped is the boundaries of a layer: nil when it has none, otherwise one
// for each place, itself nil where the place has none.
type shaped struct {
	shapes []geo.MultiPolygon
	bounds []geo.Box
	whole  bool // every place has a boundary
}

func (a *Atlas) addShapes(shapes []Shape) error {
	for _, s := range shapes {
		r, ok := a.Ref(s.Place)
		if !ok {
			return errs.New(errs.Invalid, "there is a boundary for %s, which is no place of the map", s.Place)
		}
		y := a.layers[s.Place.Level]
		if y.shapes == nil {
			y.shapes = make([]geo.MultiPolygon, len(y.codes))
		}
		y.shapes[r] = s.Boundary
	}
	for _, y := range a.layers {
		y.measureShapes()
	}
	return nil
}

func (y *layer) measureShapes() {
	if y.shapes == nil {
		return
	}
	y.whole = true
	y.bounds = make([]geo.Box, len(y.shapes))
	for r, s := range y.shapes {
		y.bounds[r] = s.Bounds()
		y.whole = y.whole && len(s) > 0
	}
}

// HasBoundaries reports whether every place of the level has a boundary, so
// that a point can be looked up in it.
func (a *Atlas) HasBoundaries(l ids.Level) bool {
	y := a.layers[l]
	return y != nil && y.whole
}

// Shape returns a place's boundary in longitude and latitude. A code names one
// boundary for good, so a place without one of its own is drawn with that of
// the same code in another vintage.
func (a *Atlas) Shape(p ids.Place) (geo.MultiPolygon, bool) {
	y, r := a.drawn(p)
	if y == nil {
		return nil, false
	}
	return y.shapes[r], true
}

// Bounds returns the box around a place's boundary.
func (a *Atlas) Bounds(p ids.Place) (geo.Box, bool) {
	y, r := a.drawn(p)
	if y == nil {
		return geo.Box{}, false
	}
	return y.bounds[r], true
}

// Centroid returns the middle of a place's boundary, which may lie outside it.
func (a *Atlas) Centroid(p ids.Place) (geo.Point, bool) {
	y, r := a.drawn(p)
	if y == nil {
		return geo.Point{}, false
	}
	return y.shapes[r].Centroid(), true
}

// drawn finds the layer that has a boundary for the place.
func (a *Atlas) drawn(p ids.Place) (*layer, Ref) {
	if y, r := a.drawnAt(p.Level, p.Code); y != nil {
		return y, r
	}
	if _, ok := a.Ref(p); !ok {
		return nil, None
	}
	for _, l := range a.Vintages(p.Level.Type()) {
		if y, r := a.drawnAt(l, p.Code); y != nil {
			return y, r
		}
	}
	return nil, None
}

func (a *Atlas) drawnAt(l ids.Level, code string) (*layer, Ref) {
	y := a.layers[l]
	if y == nil || y.shapes == nil {
		return nil, None
	}
	r, ok := y.refs[code]
	if !ok || len(y.shapes[r]) == 0 {
		return nil, None
	}
	return y, r
}
