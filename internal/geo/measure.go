package geo

import "math"

// SignedArea returns the ring's area in squared units of its coordinates:
// positive when it runs anticlockwise.
func (r Ring) SignedArea() float64 {
	area, _ := r.moments()
	return area
}

// moments returns the signed area and the area-weighted sum of positions.
// Points are taken relative to the first, so that a small ring far from the
// origin keeps its digits.
func (r Ring) moments() (area float64, weighted Point) {
	if len(r) == 0 {
		return 0, Point{}
	}
	o := r[0]
	r.edges(func(a, b Point) {
		ax, ay, bx, by := a.X-o.X, a.Y-o.Y, b.X-o.X, b.Y-o.Y
		cross := ax*by - bx*ay
		area += cross
		weighted.X += (ax + bx) * cross
		weighted.Y += (ay + by) * cross
	})
	area /= 2
	return area, Point{weighted.X/6 + o.X*area, weighted.Y/6 + o.Y*area}
}

// Area returns the polygon's area, holes taken off, in squared units of its
// coordinates.
func (p Polygon) Area() float64 {
	area := 0.0
	for i, ring := range p {
		a := math.Abs(ring.SignedArea())
		if i > 0 {
			a = -a
		}
		area += a
	}
	return max(0, area)
}

// Area returns the area of all parts in squared units of the coordinates. For
// degrees that is only good for comparing; SquareMetres gives an area on the
// ground.
func (m MultiPolygon) Area() float64 {
	area := 0.0
	for _, polygon := range m {
		area += polygon.Area()
	}
	return area
}

// Centroid returns the centre of gravity, which may lie outside the area. A
// shape without area gives the middle of its bounds.
func (m MultiPolygon) Centroid() Point {
	var total float64
	var sum Point
	o := m.Bounds().Centre()
	for _, polygon := range m {
		for i, ring := range polygon {
			area, weighted := ring.moments()
			sign := 1.0
			if (area < 0) != (i > 0) {
				sign = -1
			}
			total += sign * area
			sum.X += sign * (weighted.X - o.X*area)
			sum.Y += sign * (weighted.Y - o.Y*area)
		}
	}
	if total == 0 {
		return o
	}
	return Point{o.X + sum.X/total, o.Y + sum.Y/total}
}
