package spatial

import (
	"cmp"
	"math"
	"slices"
)

// leaf is how many points are searched one by one.
const leaf = 8

// nearby finds points near others: a k-d tree. Node 1 holds all points in
// order; nodes 2i and 2i+1 the first and second half of those of node i, halved
// along the longer side of their box. It does not mind points on one spot, of
// which crime maps are full.
type nearby struct {
	x, y  []float64
	order []int32
	boxes []box // of each node
}

// box is the least box that holds points.
type box struct{ x0, x1, y0, y1 float64 }

func newNearby(x, y []float64) *nearby {
	t := &nearby{x: x, y: y, order: make([]int32, len(x)), boxes: make([]box, 2)}
	for i := range t.order {
		t.order[i] = int32(i)
	}
	for most := len(x); most > leaf; most -= most / 2 {
		t.boxes = append(t.boxes, make([]box, len(t.boxes))...)
	}
	t.sort(1, t.order)
	return t
}

// sort puts the points of a node in order, so that its halves lie apart.
func (t *nearby) sort(node int, points []int32) {
	b := box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range points {
		b.x0, b.x1 = min(b.x0, t.x[p]), max(b.x1, t.x[p])
		b.y0, b.y1 = min(b.y0, t.y[p]), max(b.y1, t.y[p])
	}
	t.boxes[node] = b
	if len(points) <= leaf {
		return
	}
	along := t.x
	if b.y1-b.y0 > b.x1-b.x0 {
		along = t.y
	}
	slices.SortFunc(points, func(p, q int32) int {
		if c := cmp.Compare(along[p], along[q]); c != 0 {
			return c
		}
		return cmp.Compare(p, q)
	})
	t.sort(2*node, points[:len(points)/2])
	t.sort(2*node+1, points[len(points)/2:])
}

// found is a point and how far it is.
type found struct {
	distance float64
	point    int32
}

func (f found) before(g found) bool {
	return f.distance < g.distance || f.distance == g.distance && f.point < g.point
}

// search is what is sought around a point, itself left out: all within reach,
// or only so many of them; reach then shrinks to the farthest of those found.
type search struct {
	of    int32
	most  int
	reach float64
	list  []found
}

// nearest returns the k points nearest to a point, nearest first, and of those
// as far as each other the lower number first. It uses the list for them.
func (t *nearby) nearest(p int32, k int, list []found) []found {
	s := search{of: p, most: k, reach: math.Inf(1), list: list[:0]}
	t.visit(1, t.order, &s)
	return s.list
}

// within returns the points no farther than reach from a point, in no order.
// It uses the list for them.
func (t *nearby) within(p int32, reach float64, list []found) []found {
	s := search{of: p, most: math.MaxInt, reach: reach, list: list[:0]}
	t.visit(1, t.order, &s)
	return s.list
}

// add takes a point that lies within reach.
func (s *search) add(f found) {
	at := len(s.list)
	if at < s.most {
		s.list = append(s.list, f)
	} else if at--; !f.before(s.list[at]) {
		return
	}
	if s.most == math.MaxInt {
		return
	}
	for ; at > 0 && f.before(s.list[at-1]); at-- {
		s.list[at] = s.list[at-1]
	}
	s.list[at] = f
	if len(s.list) == s.most {
		s.reach = s.list[s.most-1].distance
	}
}

// visit looks through the points of a node, the nearer half first. What lies
// exactly at reach is still wanted: it may have a lower number.
func (t *nearby) visit(node int, points []int32, s *search) {
	if len(points) <= leaf {
		for _, q := range points {
			if d := length(t.x[s.of]-t.x[q], t.y[s.of]-t.y[q]); d <= s.reach && q != s.of {
				s.add(found{d, q})
			}
		}
		return
	}
	half := len(points) / 2
	first, second := t.gap(2*node, s.of), t.gap(2*node+1, s.of)
	if first <= second && first <= s.reach {
		t.visit(2*node, points[:half], s)
	}
	if second <= s.reach {
		t.visit(2*node+1, points[half:], s)
	}
	if first > second && first <= s.reach {
		t.visit(2*node, points[:half], s)
	}
}

// gap returns how far a point is from the box of a node; no point in it is
// nearer, since both are rounded alike.
func (t *nearby) gap(node int, p int32) float64 {
	b := t.boxes[node]
	dx := max(b.x0-t.x[p], t.x[p]-b.x1, 0)
	dy := max(b.y0-t.y[p], t.y[p]-b.y1, 0)
	return length(dx, dy)
}

func length(dx, dy float64) float64 { return math.Sqrt(dx*dx + dy*dy) }
