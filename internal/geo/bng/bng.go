// Package bng converts between the British National Grid (eastings and
// northings in metres) and WGS84 (longitude and latitude in degrees), by
// Ordnance Survey's definitive transformation, OSTN15: a transverse Mercator
// projection and a table of shifts at every kilometre, interpolated.
//
// WGS84 stands here for ETRS89, as it does on every map of Great Britain: the
// two drift apart by 2.5 cm a year, which is below what a phone can tell.
// docs/methods/coordinates.md gives the formulas and how they were checked.
package bng

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// The grid's extent in metres: Ordnance Survey publishes shifts for no more.
const (
	maxEasting  = 700_000
	maxNorthing = 1_250_000
)

// Contains reports whether easting and northing are on the National Grid.
func Contains(p geo.Point) bool {
	return p.X >= 0 && p.X <= maxEasting && p.Y >= 0 && p.Y <= maxNorthing
}

// FromWGS84 returns the easting and northing of a longitude and latitude.
func FromWGS84(p geo.Point) (geo.Point, error) {
	if !p.Finite() || math.Abs(p.Y) > 80 || math.Abs(p.X) > 30 {
		return geo.Point{}, offGrid("The position %s", p)
	}
	plane := project(p)
	if !Contains(plane) {
		return geo.Point{}, offGrid("The position %s", p)
	}
	e, n := shiftAt(plane)
	return geo.Point{X: plane.X + e, Y: plane.Y + n}, nil
}

// ToWGS84 returns the longitude and latitude of an easting and northing.
func ToWGS84(p geo.Point) (geo.Point, error) {
	if !Contains(p) {
		return geo.Point{}, offGrid("The position %.0f,%.0f", p.X, p.Y)
	}
	// The shift is known by the position before it: start from that of the
	// position after it and repeat until a tenth of a millimetre no longer
	// changes. The shifts differ so little that three rounds do.
	plane := p
	for range 20 {
		e, n := shiftAt(plane)
		next := geo.Point{X: p.X - e, Y: p.Y - n}
		moved := math.Hypot(next.X-plane.X, next.Y-plane.Y)
		plane = next
		if moved < 1e-5 {
			break
		}
	}
	return unproject(plane), nil
}

func offGrid(format string, args ...any) error {
	return errs.New(errs.Invalid, format+" is outside the British National Grid.", args...).
		WithHint("The grid covers eastings 0 to 700,000 and northings 0 to 1,250,000 metres: Great Britain and the Isle of Man. " +
			"Check that the columns are not swapped and that the file is about Great Britain.")
}
