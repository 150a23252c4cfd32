package geofile

import (
	"slices"

	"openvru/internal/geo"
)

// assemble makes an area of the rings of a shapefile, which lists them without
// saying which are holes: shells run clockwise there and holes anticlockwise,
// the other way round than here, so each ring is reversed. A hole belongs to
// the smallest shell around it. An anticlockwise ring in no shell is taken as
// a shell drawn the wrong way round, and left so for geo.Check to find.
func assemble(rings []geo.Ring) geo.MultiPolygon {
	var shape geo.MultiPolygon
	var shells []shell
	var holes []geo.Ring
	for _, ring := range rings {
		ring := slices.Clone(ring)
		slices.Reverse(ring)
		if area := ring.SignedArea(); area < 0 {
			holes = append(holes, ring)
		} else {
			shells = append(shells, shell{len(shape), ring.Bounds(), area})
			shape = append(shape, geo.Polygon{ring})
		}
	}
	slices.SortStableFunc(shells, func(a, b shell) int {
		switch {
		case a.area < b.area:
			return -1
		case a.area > b.area:
			return 1
		}
		return 0
	})
	for _, hole := range holes {
		if at := around(hole, shells, shape); at >= 0 {
			shape[at] = append(shape[at], hole)
		} else {
			shape = append(shape, geo.Polygon{hole})
		}
	}
	return shape
}

type shell struct {
	at   int
	box  geo.Box
	area float64
}

// around returns the smallest shell that holds the hole, or -1. A hole may
// touch its shell in a point, so the middle of its first edge is asked about.
func around(hole geo.Ring, shells []shell, shape geo.MultiPolygon) int {
	box, p := hole.Bounds(), hole[0]
	if len(hole) > 1 {
		p = geo.Point{X: (p.X + hole[1].X) / 2, Y: (p.Y + hole[1].Y) / 2}
	}
	for _, s := range shells {
		inside := s.box.MinX <= box.MinX && s.box.MaxX >= box.MaxX && s.box.MinY <= box.MinY && s.box.MaxY >= box.MaxY
		if inside && shape[s.at][:1].Contains(p) {
			return s.at
		}
	}
	return -1
}
