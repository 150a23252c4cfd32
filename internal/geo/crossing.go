package geo

import "slices"

// maxComparisons bounds the work on one shape to a few seconds. The coast of
// Scotland in all its points needs a tenth of it.
const maxComparisons = 300_000_000

// maxCrossings is how many crossings of one shape are told.
const maxCrossings = 20

// edge is one side of a shape's rings, with the points before and after it so
// that a meeting at a corner can be judged.
type edge struct {
	a, b       Point
	before     Point // of a: the ring runs before → a → b
	part, ring int
	number     int // in its ring
	last       int // the number of the ring's last edge
}

// follows reports whether e comes next after f in the same ring.
func (e *edge) follows(f *edge) bool {
	return e.part == f.part && e.ring == f.ring && (e.number == f.number+1 || e.number == 0 && f.number == f.last)
}

func (e *edge) sameRing(f *edge) bool { return e.part == f.part && e.ring == f.ring }

// edgesOf lists the sides of all rings.
func edgesOf(m MultiPolygon) []edge {
	var edges []edge
	eachRing(m, func(part, ring int, r Ring) {
		cycle := r.distinct()
		n := len(cycle)
		for i := range cycle {
			edges = append(edges, edge{cycle[i], cycle[(i+1)%n], cycle[(i+n-1)%n], part, ring, i, n - 1})
		}
	})
	return edges
}

// checkCrossings finds where rings cross themselves or each other.
func checkCrossings(m MultiPolygon) []Problem {
	var problems []Problem
	seen := map[Problem]bool{}
	done := eachMeeting(edgesOf(m), func(e, f *edge) bool {
		at, crosses := crossing(e, f)
		if crosses {
			p := Problem{RuleRings, e.part, e.ring, at}
			if e.sameRing(f) {
				p.Rule = RuleCrossing
			}
			if !seen[p] {
				seen[p] = true
				problems = append(problems, p)
			}
		}
		return len(problems) < maxCrossings
	})
	if !done && len(problems) == 0 {
		problems = append(problems, Problem{RuleTangled, 0, 0, m[0][0][0]})
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.Part != b.Part {
			return a.Part - b.Part
		}
		return a.Ring - b.Ring
	})
	return problems
}

// eachMeeting calls fn with each pair of edges whose boxes meet, until fn
// returns false or the work becomes too much; it then reports false. The edges
// are put in order along the longer side of the shape.
func eachMeeting(edges []edge, fn func(e, f *edge) bool) bool {
	box := EmptyBox()
	for _, e := range edges {
		box = box.Add(e.a)
	}
	along := func(e *edge) (from, to float64) { return min(e.a.X, e.b.X), max(e.a.X, e.b.X) }
	across := func(e *edge) (from, to float64) { return min(e.a.Y, e.b.Y), max(e.a.Y, e.b.Y) }
	if box.Height() > box.Width() {
		along, across = across, along
	}
	slices.SortFunc(edges, func(e, f edge) int {
		eFrom, _ := along(&e)
		fFrom, _ := along(&f)
		return compare(eFrom, fFrom)
	})
	comparisons := 0
	for i := range edges {
		e := &edges[i]
		_, end := along(e)
		low, high := across(e)
		for j := i + 1; j < len(edges); j++ {
			f := &edges[j]
			if start, _ := along(f); start > end {
				break
			}
			if comparisons++; comparisons > maxComparisons {
				return false
			}
			if fLow, fHigh := across(f); fLow <= high && low <= fHigh && !fn(e, f) {
				return false
			}
		}
	}
	return true
}

// crossing reports whether two edges cross, run along each other, or meet in a
// point where their rings change sides; and where.
func crossing(e, f *edge) (Point, bool) {
	if e.follows(f) || f.follows(e) {
		return Point{}, false // they could only run back along each other: a spike
	}
	c, d := Orient(e.a, e.b, f.a), Orient(e.a, e.b, f.b)
	a, b := Orient(f.a, f.b, e.a), Orient(f.a, f.b, e.b)
	switch {
	case c*d > 0 || a*b > 0:
		return Point{}, false
	case c*d < 0 && a*b < 0:
		return meetingPoint(e, f), true
	case c == 0 && d == 0:
		return overlap(e, f)
	}
	return crossingAtCorner(e, f, a, c)
}

// crossingAtCorner judges edges that meet in a point which is the end of one
// of them. Of the edges at a corner only the one that begins there speaks, so
// that each meeting is judged once.
func crossingAtCorner(e, f *edge, a, c int) (Point, bool) {
	switch {
	case e.a == f.a:
		return e.a, changesSides(e.before, e.a, e.b, f.before, f.b)
	case a == 0 && e.a != f.b && onSegment(e.a, f.a, f.b):
		return e.a, changesSides(f.a, e.a, f.b, e.before, e.b)
	case c == 0 && f.a != e.b && onSegment(f.a, e.a, e.b):
		return f.a, changesSides(e.a, f.a, e.b, f.before, f.b)
	}
	return Point{}, false
}

// changesSides reports whether p and q lie on different sides of the line
// from → at → to. A line that runs along it is judged by overlap.
func changesSides(from, at, to, p, q Point) bool {
	sp, okP := sideOf(from, at, to, p)
	sq, okQ := sideOf(from, at, to, q)
	return okP && okQ && sp != sq
}

// sideOf reports whether p is left of the bent line; ok is false on it.
func sideOf(from, at, to, p Point) (left, ok bool) {
	if turnsBack(from, at, p) || turnsBack(to, at, p) {
		return false, false
	}
	first, second := Orient(from, at, p), Orient(at, to, p)
	if Orient(from, at, to) > 0 {
		return first > 0 && second > 0, true
	}
	return first > 0 || second > 0, true
}

// overlap reports whether edges on one line share more than a point.
func overlap(e, f *edge) (Point, bool) {
	low := Point{max(min(e.a.X, e.b.X), min(f.a.X, f.b.X)), max(min(e.a.Y, e.b.Y), min(f.a.Y, f.b.Y))}
	high := Point{min(max(e.a.X, e.b.X), max(f.a.X, f.b.X)), min(max(e.a.Y, e.b.Y), max(f.a.Y, f.b.Y))}
	return low, low.X < high.X || low.Y < high.Y
}

// meetingPoint returns where edges that cross do so, to the nearest floats.
func meetingPoint(e, f *edge) Point {
	dx, dy := e.b.X-e.a.X, e.b.Y-e.a.Y
	fx, fy := f.b.X-f.a.X, f.b.Y-f.a.Y
	t := ((f.a.X-e.a.X)*fy - (f.a.Y-e.a.Y)*fx) / (dx*fy - dy*fx)
	t = max(0, min(t, 1))
	return Point{e.a.X + t*dx, e.a.Y + t*dy}
}
