// Package geo is the product's geometry: points, boxes and polygons, an exact
// test of which area a point lies in, an index that answers it millions of
// times a second, checks and repairs of boundaries, and neighbours.
//
// Coordinates are longitude and latitude in degrees (WGS84) unless a function
// says otherwise; everything here but the distances works as well on metres of
// the British National Grid, which package bng converts. Files of boundaries
// are read by package geofile.
//
// Shapes are values that nobody changes: a function that alters a shape
// returns a new one, so shapes can be shared between goroutines.
package geo

import (
	"fmt"
	"math"
)

// Point is a position: longitude and latitude, or easting and northing.
type Point struct{ X, Y float64 }

// String returns "lon,lat" to seven decimals, about a centimetre.
func (p Point) String() string { return fmt.Sprintf("%.7f,%.7f", p.X, p.Y) }

// Finite reports whether neither coordinate is infinite or not a number.
func (p Point) Finite() bool {
	return !math.IsNaN(p.X) && !math.IsInf(p.X, 0) && !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0)
}

// Ring is a closed line: its last point repeats its first. Shells run
// anticlockwise and holes clockwise. Functions that measure or test a ring
// also take one whose closing point is missing.
type Ring []Point

// Polygon is a shell, followed by the holes in it.
type Polygon []Ring

// MultiPolygon is an area of any number of parts.
type MultiPolygon []Polygon

// Rings calls fn with each ring of the area, shells before their holes.
func (m MultiPolygon) Rings(fn func(Ring)) {
	for _, polygon := range m {
		for _, ring := range polygon {
			fn(ring)
		}
	}
}

// Vertices returns the number of points of all rings.
func (m MultiPolygon) Vertices() int {
	n := 0
	m.Rings(func(r Ring) { n += len(r) })
	return n
}

// Map returns the shape with every point replaced by fn of it.
func (m MultiPolygon) Map(fn func(Point) Point) MultiPolygon {
	out := make(MultiPolygon, len(m))
	for i, polygon := range m {
		out[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			out[i][j] = make(Ring, len(ring))
			for k, p := range ring {
				out[i][j][k] = fn(p)
			}
		}
	}
	return out
}

// edges calls fn with each edge of the ring, the closing one included; an edge
// of no length is left out.
func (r Ring) edges(fn func(a, b Point)) {
	if len(r) == 0 {
		return
	}
	prev := r[len(r)-1]
	for _, p := range r {
		if p != prev {
			fn(prev, p)
		}
		prev = p
	}
}
