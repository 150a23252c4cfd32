package geo

import "slices"

// checkNesting checks which rings lie in which, of a shape none of whose rings
// cross. Rings that do not cross lie in one another wholly or not at all.
func checkNesting(m MultiPolygon) []Problem {
	var problems []Problem
	boxes := make([]Box, len(m))
	for i, polygon := range m {
		boxes[i] = polygon.Bounds()
		for j, hole := range polygon[1:] {
			if !holeIsIn(polygon, j+1) {
				problems = append(problems, Problem{RuleHole, i, j + 1, hole[0]})
			}
		}
	}
	for _, pair := range meeting(boxes) {
		for _, p := range [][2]int{pair, {pair[1], pair[0]}} {
			if within(m[p[0]][0], m[p[1]]) {
				problems = append(problems, Problem{RuleOverlap, p[0], 0, m[p[0]][0][0]})
			}
		}
	}
	return problems
}

// holeIsIn reports whether the hole lies in the shell and in no other hole.
func holeIsIn(polygon Polygon, hole int) bool {
	if !within(polygon[hole], polygon[:1]) {
		return false
	}
	for i := 1; i < len(polygon); i++ {
		if i != hole && within(polygon[hole], polygon[i:i+1]) {
			return false
		}
	}
	return true
}

// within reports whether the ring lies in the polygon, which it does not
// cross. A point on the polygon's boundary does not tell; any other does.
func within(ring Ring, polygon Polygon) bool {
	box, outer := ring.Bounds(), polygon.Bounds()
	if !outer.Contains(Point{box.MinX, box.MinY}) || !outer.Contains(Point{box.MaxX, box.MaxY}) {
		return false
	}
	for _, p := range ring {
		if !onBoundary(p, polygon) {
			return polygon.Contains(p)
		}
	}
	// All corners touch the polygon: ask about the middle of a side.
	for i := 1; i < len(ring); i++ {
		p := Point{(ring[i-1].X + ring[i].X) / 2, (ring[i-1].Y + ring[i].Y) / 2}
		if !onBoundary(p, polygon) {
			return polygon.Contains(p)
		}
	}
	return false
}

func onBoundary(p Point, polygon Polygon) bool {
	on := false
	for _, ring := range polygon {
		ring.edges(func(a, b Point) { on = on || onSegment(p, a, b) })
	}
	return on
}

// onSegment reports whether p lies exactly on the segment, ends included.
func onSegment(p, a, b Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) &&
		min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y) && Orient(a, b, p) == 0
}

// meeting returns the pairs of boxes that share a point.
func meeting(boxes []Box) [][2]int {
	order := make([]int, len(boxes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compare(boxes[a].MinX, boxes[b].MinX) })
	var pairs [][2]int
	for i, a := range order {
		for _, b := range order[i+1:] {
			if boxes[b].MinX > boxes[a].MaxX {
				break
			}
			if boxes[a].Meets(boxes[b]) {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return pairs
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
