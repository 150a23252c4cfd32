package geo

import (
	"math"
	"strconv"
)

// Picture lays longitude and latitude out on a drawing: north is up, and a
// degree of longitude is drawn as much shorter than one of latitude as it is
// on the ground at the drawing's middle. Over a city no shape is distorted
// enough to be seen.
type Picture struct {
	Width, Height  float64 // of the drawing, margins included
	west, north    float64
	scaleX, scaleY float64 // drawing units to a degree
	margin         float64
}

// NewPicture returns the largest layout of the box that fits in the width and
// height with the margin on every side; the layout's own Width and Height are
// no larger than the box needs.
func NewPicture(box Box, width, height, margin float64) Picture {
	if box.Empty() {
		box = Box{}
	}
	east, north := degreeSizes(box.Centre().Y)
	across, up := box.Width()*east, box.Height()*north // metres
	scale := math.Inf(1)
	if across > 0 {
		scale = max(0, width-2*margin) / across
	}
	if up > 0 {
		scale = min(scale, max(0, height-2*margin)/up)
	}
	if math.IsInf(scale, 1) {
		scale = 0 // a single place has no extent to fit
	}
	return Picture{
		Width: across*scale + 2*margin, Height: up*scale + 2*margin,
		west: box.MinX, north: box.MaxY,
		scaleX: east * scale, scaleY: north * scale, margin: margin,
	}
}

// At returns where a longitude and latitude is drawn, from the top left.
func (v Picture) At(p Point) Point {
	return Point{(p.X-v.west)*v.scaleX + v.margin, (v.north-p.Y)*v.scaleY + v.margin}
}

// Path returns a shape as the text of an SVG path, in tenths of a unit and
// with no more points than can be told apart at the tolerance, in units. It is
// "" for a shape too small to be seen. Fill it by the even-odd rule.
func (v Picture) Path(m MultiPolygon, tolerance float64) string {
	var out []byte
	for _, polygon := range Simplify(m.Map(v.At), tolerance) {
		for _, ring := range polygon {
			out = appendRing(out, ring)
		}
	}
	return string(out)
}

// appendRing writes a ring as steps from point to point, which are shorter to
// write than places. Steps are counted between rounded places, so that what
// rounding moves does not add up; a step of nothing is left out.
func appendRing(out []byte, ring Ring) []byte {
	x, y := tenths(ring[0].X), tenths(ring[0].Y)
	var steps []byte
	fromX, fromY := x, y
	for _, p := range ring[1 : len(ring)-1] { // the end is the beginning
		toX, toY := tenths(p.X), tenths(p.Y)
		if toX == fromX && toY == fromY {
			continue
		}
		steps = appendTenths(append(steps, 'l'), toX-fromX)
		steps = appendTenths(append(steps, ' '), toY-fromY)
		fromX, fromY = toX, toY
	}
	if len(steps) == 0 {
		return out
	}
	out = appendTenths(append(out, 'M'), x)
	out = appendTenths(append(out, ' '), y)
	return append(append(out, steps...), 'z')
}

func tenths(v float64) int64 { return int64(math.Round(v * 10)) }

// appendTenths writes a number of tenths: 15 as 1.5, 10 as 1.
func appendTenths(out []byte, v int64) []byte {
	if v < 0 {
		out, v = append(out, '-'), -v
	}
	out = strconv.AppendInt(out, v/10, 10)
	if v%10 != 0 {
		out = append(out, '.', byte('0'+v%10))
	}
	return out
}
