package geo

import (
	"math"
	"slices"
)

// maxUncross is the longest ring that is parted: the work grows with the
// square of its points.
const maxUncross = 20_000

// uncross parts a ring that crosses itself into rings that do not. It refuses
// a ring that goes round some piece twice, because nobody can tell whether
// that was meant as a hole.
//
// The ring is cut at its crossings. What then runs twice along the same line
// falls away, and each remaining side is walked with the inside at its left.
// A crossing lies where floats allow, a hair off; Repair checks what comes out.
func uncross(ring Ring) ([]Ring, bool) {
	if len(ring) > maxUncross {
		return nil, false
	}
	sides, ok := cutAtCrossings(ring)
	if !ok {
		return nil, false
	}
	kept := dropDoubles(sides)
	walk := map[Point][]Point{}
	for _, s := range kept {
		left, right, ok := windings(s, kept)
		if !ok || left == right || max(abs(left), abs(right)) > 1 {
			return nil, false
		}
		if right != 0 { // the inside is at the right: walk it backwards
			s.a, s.b = s.b, s.a
		}
		walk[s.a] = append(walk[s.a], s.b)
	}
	return walkRings(kept, walk)
}

// side is a directed piece of the ring.
type side struct{ a, b Point }

// cutAtCrossings returns the ring's sides, cut where others cross or touch.
func cutAtCrossings(ring Ring) ([]side, bool) {
	edges := edgesOf(MultiPolygon{{ring}})
	cuts := make([][]Point, len(edges))
	cut := func(e *edge, p Point) {
		if p != e.a && p != e.b {
			cuts[e.number] = append(cuts[e.number], p)
		}
	}
	total := 0
	ok := eachMeeting(edges, func(e, f *edge) bool {
		for _, p := range meetingPoints(e, f) {
			cut(e, p)
			cut(f, p)
			total++
		}
		return total < 4*maxUncross
	})
	var sides []side
	for i := range edges {
		e := &edges[i]
		points := cuts[e.number]
		slices.SortFunc(points, func(p, q Point) int { return compare(squared(e.a, p), squared(e.a, q)) })
		from := e.a
		for _, p := range append(points, e.b) {
			if p != from {
				sides = append(sides, side{from, p})
			}
			from = p
		}
	}
	return sides, ok
}

// meetingPoints returns where two edges meet: one point, or the two ends of
// what they share.
func meetingPoints(e, f *edge) []Point {
	if Orient(e.a, e.b, f.a)*Orient(e.a, e.b, f.b) < 0 && Orient(f.a, f.b, e.a)*Orient(f.a, f.b, e.b) < 0 {
		return []Point{meetingPoint(e, f)}
	}
	var points []Point
	for _, p := range []Point{f.a, f.b} {
		if onSegment(p, e.a, e.b) {
			points = append(points, p)
		}
	}
	for _, p := range []Point{e.a, e.b} {
		if onSegment(p, f.a, f.b) {
			points = append(points, p)
		}
	}
	return points
}

func squared(a, b Point) float64 { return (a.X-b.X)*(a.X-b.X) + (a.Y-b.Y)*(a.Y-b.Y) }

func abs(n int) int { return max(n, -n) }

// dropDoubles takes sides out in pairs that run against each other. Sides that
// run the same way stay, and make uncross refuse.
func dropDoubles(sides []side) []side {
	count := map[side]int{}
	for _, s := range sides {
		if back := (side{s.b, s.a}); count[back] > 0 {
			count[back]--
		} else {
			count[s]++
		}
	}
	var kept []side
	for _, s := range sides {
		if count[s] > 0 {
			count[s]--
			kept = append(kept, s)
		}
	}
	return kept
}

// windings returns how often the sides together go round the places just left
// and just right of the middle of s. Not ok when s is too short to have one.
func windings(s side, sides []side) (left, right int, ok bool) {
	if math.Abs(s.b.Y-s.a.Y) < math.Abs(s.b.X-s.a.X) {
		// Look along the steeper axis: turn the plane a quarter.
		return turnedWindings(s, sides)
	}
	middle := Point{(s.a.X + s.b.X) / 2, (s.a.Y + s.b.Y) / 2}
	if middle.Y == s.a.Y || middle.Y == s.b.Y {
		return 0, 0, false
	}
	east := 0 // the winding just east of the middle
	for _, other := range sides {
		if other != s {
			east += other.passes(middle)
		}
	}
	if s.b.Y > s.a.Y {
		return east + 1, east, true
	}
	return east, east - 1, true
}

func turnedWindings(s side, sides []side) (left, right int, ok bool) {
	turned := make([]side, len(sides))
	turn := func(p Point) Point { return Point{-p.Y, p.X} }
	for i, other := range sides {
		turned[i] = side{turn(other.a), turn(other.b)}
	}
	return windings(side{turn(s.a), turn(s.b)}, turned)
}

// passes returns 1 when the side passes east of p going up, -1 going down, and
// 0 when it does not.
func (s side) passes(p Point) int {
	if (s.a.Y <= p.Y) == (s.b.Y <= p.Y) || !westOf(p, s.a, s.b) {
		return 0
	}
	if s.b.Y > s.a.Y {
		return 1
	}
	return -1
}

// walkRings joins the directed sides into rings. Where more than one leaves a
// point, the sharpest turn to the left is taken, which parts rings that touch
// there.
func walkRings(kept []side, walk map[Point][]Point) ([]Ring, bool) {
	var rings []Ring
	for _, s := range kept {
		for _, start := range []Point{s.a, s.b} {
			for len(walk[start]) > 0 {
				ring, ok := walkOne(start, walk)
				if !ok {
					return nil, false
				}
				rings = append(rings, ring)
			}
		}
	}
	return rings, len(rings) > 0
}

func walkOne(start Point, walk map[Point][]Point) (Ring, bool) {
	ring := Ring{start}
	next := walk[start][0]
	walk[start] = walk[start][1:]
	for next != start {
		ring = append(ring, next)
		ways := walk[next]
		if len(ways) == 0 {
			return nil, false
		}
		before, best := ring[len(ring)-2], 0
		for i := range ways {
			if turn(before, next, ways[i]) > turn(before, next, ways[best]) {
				best = i
			}
		}
		walk[next] = slices.Delete(slices.Clone(ways), best, best+1)
		next = ways[best]
	}
	return append(ring, start), true
}

// turn returns the angle by which a → b → c turns to the left.
func turn(a, b, c Point) float64 {
	in, out := Point{b.X - a.X, b.Y - a.Y}, Point{c.X - b.X, c.Y - b.Y}
	return math.Atan2(in.X*out.Y-in.Y*out.X, in.X*out.X+in.Y*out.Y)
}
