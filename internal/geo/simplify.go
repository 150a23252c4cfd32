package geo

// Simplify returns the shape with fewer points, none of its old points further
// than the tolerance from its new sides (Douglas and Peucker's method). Rings
// that shrink to less than a triangle fall away. It is for drawing: what comes
// of it may cross itself, and neighbours no longer meet in every point.
func Simplify(m MultiPolygon, tolerance float64) MultiPolygon {
	var out MultiPolygon
	for _, polygon := range m {
		var kept Polygon
		for i, ring := range polygon {
			simple := ring.simplify(tolerance)
			if len(simple) < 4 && i == 0 {
				break // without its shell a part is nothing
			}
			if len(simple) >= 4 {
				kept = append(kept, simple)
			}
		}
		if len(kept) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

// simplify simplifies a closed ring. It is divided at its first point and the
// point furthest from that, which are kept.
func (r Ring) simplify(tolerance float64) Ring {
	if len(r) < 4 {
		return nil
	}
	far := 0
	for i := range r {
		if squared(r[0], r[i]) > squared(r[0], r[far]) {
			far = i
		}
	}
	keep := make([]bool, len(r))
	keep[0], keep[far], keep[len(r)-1] = true, true, true
	r.keepBetween(0, far, tolerance*tolerance, keep)
	r.keepBetween(far, len(r)-1, tolerance*tolerance, keep)
	var out Ring
	for i, p := range r {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// keepBetween marks the points between two kept ones that must be kept. It
// works through a list of spans and not by calling itself, because a hostile
// ring could make that as deep as it has points.
func (r Ring) keepBetween(from, to int, squaredTolerance float64, keep []bool) {
	spans := [][2]int{{from, to}}
	for len(spans) > 0 {
		span := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		furthest, distance := -1, squaredTolerance
		for i := span[0] + 1; i < span[1]; i++ {
			if d := squaredToSegment(r[i], r[span[0]], r[span[1]]); d > distance {
				furthest, distance = i, d
			}
		}
		if furthest >= 0 {
			keep[furthest] = true
			spans = append(spans, [2]int{span[0], furthest}, [2]int{furthest, span[1]})
		}
	}
}

// squaredToSegment returns the square of the distance from p to the segment.
func squaredToSegment(p, a, b Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	if length := dx*dx + dy*dy; length > 0 {
		t := max(0, min(1, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/length))
		a = Point{a.X + t*dx, a.Y + t*dy}
	}
	return squared(p, a)
}
