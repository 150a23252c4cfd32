package spatial

import (
	"math"

	"openvru/internal/stats"
)

const (
	leaf      = 12 // points are searched one by one
	alongside = 4  // levels of the tree are made before the rest is made on all cores
)

// spot is a point and its number.
type spot struct {
	x, y float64
	id   int32
}

// nearby finds points near others: a k-d tree. Node 1 holds all spots; nodes 2i
// and 2i+1 the first and second half of those of node i, halved along the longer
// side of their box. It does not mind points on one spot, of which crime maps
// are full.
type nearby struct {
	spots []spot
	boxes []box // of each node
}

// box is the least box that holds spots.
type box struct{ x0, x1, y0, y1 float64 }

func newNearby(x, y []float64) *nearby {
	t := &nearby{spots: make([]spot, len(x)), boxes: make([]box, 2)}
	for i := range t.spots {
		t.spots[i] = spot{x[i], y[i], int32(i)}
	}
	for most := len(x); most > leaf; most -= most / 2 {
		t.boxes = append(t.boxes, make([]box, len(t.boxes))...)
	}
	type branch struct {
		node  int
		spots []spot
	}
	branches := []branch{{1, t.spots}}
	for range alongside {
		var next []branch
		for _, b := range branches {
			if half := t.halve(b.node, b.spots); half > 0 {
				next = append(next, branch{2 * b.node, b.spots[:half]}, branch{2*b.node + 1, b.spots[half:]})
			}
		}
		branches = next
	}
	stats.Parallel(len(branches), func(_, piece int) { t.grow(branches[piece].node, branches[piece].spots) })
	return t
}

func (t *nearby) grow(node int, spots []spot) {
	if half := t.halve(node, spots); half > 0 {
		t.grow(2*node, spots[:half])
		t.grow(2*node+1, spots[half:])
	}
}

// halve makes a node of spots and, if they are more than a leaf, puts those of
// its first half first and returns how many they are.
func (t *nearby) halve(node int, spots []spot) int {
	b := box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range spots {
		b.x0, b.x1 = min(b.x0, p.x), max(b.x1, p.x)
		b.y0, b.y1 = min(b.y0, p.y), max(b.y1, p.y)
	}
	t.boxes[node] = b
	if len(spots) <= leaf {
		return 0
	}
	half := len(spots) / 2
	part(spots, half, b.y1-b.y0 > b.x1-b.x0)
	return half
}

// part puts the k least spots, by y or by x, first (Hoare's selection). What is
// as great as the pivot is shared out between both sides, so points on one spot
// cost no more than others.
func part(spots []spot, k int, byY bool) {
	key := func(p *spot) float64 {
		if byY {
			return p.y
		}
		return p.x
	}
	for lo, hi := 0, len(spots)-1; lo < hi; {
		a, b, c := key(&spots[lo]), key(&spots[lo+(hi-lo)/2]), key(&spots[hi])
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for key(&spots[i]) < pivot {
				i++
			}
			for key(&spots[j]) > pivot {
				j--
			}
			if i <= j {
				spots[i], spots[j] = spots[j], spots[i]
				i++
				j--
			}
		}
		switch { // all from j+1 to i−1 equal the pivot
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// found is a point and the square of how far it is.
type found struct {
	square float64
	point  int32
}

func (f found) before(g found) bool {
	return f.square < g.square || f.square == g.square && f.point < g.point
}

// search is what is sought around a spot, itself left out: all within reach, or
// only so many of them; reach, a square, then shrinks to the farthest of those
// found.
type search struct {
	of    spot
	most  int
	reach float64
	list  []found
}

// add takes a point that lies within reach, keeping the list in order if only so
// many are sought.
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
		s.reach = s.list[s.most-1].square
	}
}

// visit looks through the spots of a node, the nearer half first. What lies
// exactly at reach is still wanted: it may have a lower number.
func (t *nearby) visit(node int, spots []spot, s *search) {
	if len(spots) <= leaf {
		for k := range spots {
			q := &spots[k]
			if d := square(s.of.x-q.x, s.of.y-q.y); d <= s.reach && q.id != s.of.id {
				s.add(found{d, q.id})
			}
		}
		return
	}
	half := len(spots) / 2
	first, second := t.boxes[2*node].gap(s.of), t.boxes[2*node+1].gap(s.of)
	if first <= second && first <= s.reach {
		t.visit(2*node, spots[:half], s)
	}
	if second <= s.reach {
		t.visit(2*node+1, spots[half:], s)
	}
	if first > second && first <= s.reach {
		t.visit(2*node, spots[:half], s)
	}
}

// gap returns the square of how far a spot is from the box; no spot in it is
// nearer, since both are rounded alike.
func (b *box) gap(p spot) float64 {
	return square(max(b.x0-p.x, p.x-b.x1, 0), max(b.y0-p.y, p.y-b.y1, 0))
}

func square(dx, dy float64) float64 { return dx*dx + dy*dy }
