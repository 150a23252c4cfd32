package demo

import (
	"math"
	"math/rand/v2"
)

// The plane is metres east and north of the middle of the layout.
type point struct{ x, y float64 }

// side is the length of a borough hexagon's side, so that 33 of them cover
// about London's 1,570 square kilometres.
const side = 4280.0

// The middle of the layout on the globe, and metres in a degree there.
const (
	lon0, lat0   = -0.1276, 51.5072
	metresPerLat = 111_320.0
)

var metresPerLon = metresPerLat * math.Cos(lat0*math.Pi/180)

// lonLat turns a point of the plane into WGS84 degrees with the seven decimals
// that published boundaries carry.
func (p point) lonLat() (lon, lat float64) {
	round := func(v float64) float64 { return math.Round(v*1e7) / 1e7 }
	return round(lon0 + p.x/metresPerLon), round(lat0 + p.y/metresPerLat)
}

// centre is the middle of a borough's hexagon, which stands on a point.
func (b borough) centre() point {
	x := (float64(b.col) + 0.5*float64(b.row%2) - 4) * side * math.Sqrt(3)
	return point{x, (3 - float64(b.row)) * side * 1.5}
}

// corner is the i-th corner of a hexagon, from the top, clockwise.
func corner(c point, i int) point {
	a := math.Pi/2 - float64(i)*math.Pi/3
	return point{c.x + side*math.Cos(a), c.y + side*math.Sin(a)}
}

// triangle is one small area: three corners, clockwise, in one of six sectors,
// in a row counted from the hexagon's middle.
type triangle struct {
	corners     [3]point
	sector, row int
}

// lattice cuts a borough into 6·n² triangles, sector by sector, row by row.
// Corners inside the borough are moved a little, so that the map does not look
// ruled; corners on its border stay, so that boroughs still meet.
func lattice(b borough, n int, rng *rand.Rand) []triangle {
	moved := map[[2]int64]point{}
	at := func(sector, row, i int) point {
		c := b.centre()
		left, right := corner(c, sector), corner(c, sector+1)
		s, t := float64(row-i)/float64(n), float64(i)/float64(n)
		p := point{c.x + s*(left.x-c.x) + t*(right.x-c.x), c.y + s*(left.y-c.y) + t*(right.y-c.y)}
		if row == n || row == 0 {
			return p
		}
		key := [2]int64{int64(math.Round(p.x)), int64(math.Round(p.y))}
		if _, ok := moved[key]; !ok {
			reach := 0.22 * side / float64(n)
			moved[key] = point{p.x + reach*(2*rng.Float64()-1), p.y + reach*(2*rng.Float64()-1)}
		}
		return moved[key]
	}
	var out []triangle
	for sector := range 6 {
		for row := 1; row <= n; row++ {
			for i := range row {
				out = append(out, triangle{[3]point{at(sector, row-1, min(i, row-1)), at(sector, row, i), at(sector, row, i+1)}, sector, row}.clockwise())
				if i < row-1 {
					out = append(out, triangle{[3]point{at(sector, row-1, i), at(sector, row, i+1), at(sector, row-1, i+1)}, sector, row}.clockwise())
				}
			}
		}
	}
	return out
}

// clockwise puts the corners in the order that lets shared edges cancel.
func (t triangle) clockwise() triangle {
	a, b, c := t.corners[0], t.corners[1], t.corners[2]
	if (b.x-a.x)*(c.y-a.y)-(b.y-a.y)*(c.x-a.x) > 0 {
		t.corners[1], t.corners[2] = c, b
	}
	return t
}

// inside is a point of the triangle, from two numbers between 0 and 1, kept
// off the edges so that no rounding moves it out.
func (t triangle) inside(u, v float64) point {
	if u+v > 1 {
		u, v = 1-u, 1-v
	}
	u, v = 0.05+0.85*u, 0.05+0.85*v
	if u+v > 0.95 {
		u, v = u*0.95/(u+v), v*0.95/(u+v)
	}
	a := t.corners
	return point{a[0].x + u*(a[1].x-a[0].x) + v*(a[2].x-a[0].x), a[0].y + u*(a[1].y-a[0].y) + v*(a[2].y-a[0].y)}
}

// outline is the border of a set of triangles: every edge that only one of
// them has, joined into a closed ring.
func outline(ts []triangle) []point {
	type edge struct{ from, to [2]float64 }
	key := func(p point) [2]float64 { lon, lat := p.lonLat(); return [2]float64{lon, lat} }
	place, next := map[[2]float64]point{}, map[edge]bool{}
	for _, t := range ts {
		for i := range 3 {
			a, b := t.corners[i], t.corners[(i+1)%3]
			place[key(a)], place[key(b)] = a, b
			if back := (edge{key(b), key(a)}); next[back] {
				delete(next, back)
			} else {
				next[edge{key(a), key(b)}] = true
			}
		}
	}
	follow := map[[2]float64][2]float64{}
	for e := range next {
		follow[e.from] = e.to
	}
	start := key(ts[len(ts)-1].corners[1])
	for _, t := range ts { // begin at a corner that is on the border, the same one each time
		if _, ok := follow[key(t.corners[0])]; ok {
			start = key(t.corners[0])
			break
		}
	}
	ring := []point{place[start]}
	for at := follow[start]; at != start; at = follow[at] {
		ring = append(ring, place[at])
	}
	return append(ring, ring[0])
}
