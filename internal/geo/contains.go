package geo

// Contains reports whether p lies in the area, by an exact test.
//
// A point on a boundary belongs to exactly one of the areas that adjoin there:
// it is taken as lying a hair to the east and, by far less, to the north. So
// the west and south sides of an area are in it, the east and north sides are
// not, and areas that share their vertices never both claim a point and never
// leave one out. docs/methods/point-in-polygon.md tells more.
func (m MultiPolygon) Contains(p Point) bool {
	inside := false
	for _, polygon := range m {
		for _, ring := range polygon {
			if ring.crossings(p) {
				inside = !inside
			}
		}
	}
	return inside
}

// Contains reports whether p lies in the polygon, by the rule of MultiPolygon.
func (p Polygon) Contains(at Point) bool { return MultiPolygon{p}.Contains(at) }

// crossings reports whether a ray from p to the east crosses the ring an odd
// number of times.
func (r Ring) crossings(p Point) bool {
	if len(r) == 0 {
		return false
	}
	odd := false
	a := r[len(r)-1]
	for _, b := range r {
		if (a.Y <= p.Y) != (b.Y <= p.Y) && westOf(p, a, b) {
			odd = !odd
		}
		a = b
	}
	return odd
}

// westOf reports whether p lies strictly west of the edge, which must straddle
// p's height. The edge is taken upwards whichever way its ring runs, so that
// two areas that share it get one answer.
func westOf(p, a, b Point) bool {
	if a.Y > b.Y {
		a, b = b, a
	}
	return Orient(a, b, p) > 0
}
