package geo

import "slices"

// Contiguity is what makes two areas neighbours.
type Contiguity int

const (
	// Queen neighbours share a point.
	Queen Contiguity = iota
	// Rook neighbours share a piece of boundary.
	Rook
)

// SnapDegrees is how near points must be to count as one: about a centimetre.
// Published boundaries agree to far less where they meet, and no place is as
// small.
const SnapDegrees = 1e-7

// Neighbours returns for each area the numbers of its neighbours, in order; an
// island has an empty list. Points within SnapDegrees of each other are one,
// and a point that near to another area's side lies on it, so boundaries need
// not have the same points to meet. docs/methods/neighbours.md tells more.
func Neighbours(shapes []MultiPolygon, kind Contiguity) [][]int32 {
	return NeighboursWithin(shapes, kind, SnapDegrees)
}

// NeighboursWithin is Neighbours with a distance of one's own, in the units of
// the coordinates.
func NeighboursWithin(shapes []MultiPolygon, kind Contiguity, snap float64) [][]int32 {
	n := newNet(shapes, snap)
	var shared []link
	for area := range shapes {
		for _, s := range n.sides[area] {
			chain := n.chains[s]
			for i, corner := range chain {
				if kind == Queen {
					shared = append(shared, link{uint64(corner), int32(area)})
				} else if i > 0 {
					shared = append(shared, link{pairOf(chain[i-1], corner).key(), int32(area)})
				}
			}
		}
	}
	return listNeighbours(len(shapes), shared)
}

// link says that a corner or a piece of boundary belongs to an area.
type link struct {
	key  uint64
	area int32
}

// listNeighbours joins the areas that have a key in common.
func listNeighbours(areas int, shared []link) [][]int32 {
	slices.SortFunc(shared, func(a, b link) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.area) - int(b.area)
	})
	shared = slices.Compact(shared)
	lists := make([][]int32, areas)
	for i := range lists {
		lists[i] = []int32{}
	}
	for from := 0; from < len(shared); {
		to := from + 1
		for to < len(shared) && shared[to].key == shared[from].key {
			to++
		}
		for i := from; i < to; i++ {
			for j := from; j < to; j++ {
				if i != j {
					lists[shared[i].area] = append(lists[shared[i].area], shared[j].area)
				}
			}
		}
		from = to
	}
	for i := range lists {
		slices.Sort(lists[i])
		lists[i] = slices.Compact(lists[i])
	}
	return lists
}

// net is the areas' boundaries on common corners.
type net struct {
	snap    float64
	corners []Point
	numbers map[pair]int32 // the number of the side between two corners
	ends    []pair         // of each side
	chains  [][]int32      // the corners along each side, its ends included
	sides   [][]int32      // of each area
}

// pair is two corners, the lower number first.
type pair struct{ a, b int32 }

func pairOf(a, b int32) pair { return pair{min(a, b), max(a, b)} }

func (p pair) key() uint64 { return uint64(p.a)<<32 | uint64(p.b) }

func newNet(shapes []MultiPolygon, snap float64) *net {
	n := &net{snap: snap, numbers: map[pair]int32{}, sides: make([][]int32, len(shapes))}
	corners := newSnapper(snap)
	for area, shape := range shapes {
		if !shape.earthly() {
			continue
		}
		shape.Rings(func(r Ring) {
			r.edges(func(a, b Point) {
				if from, to := corners.number(a), corners.number(b); from != to {
					n.sides[area] = append(n.sides[area], n.number(pairOf(from, to)))
				}
			})
		})
	}
	n.corners = corners.points
	n.chain()
	return n
}

func (n *net) number(p pair) int32 {
	number, known := n.numbers[p]
	if !known {
		number = int32(len(n.ends))
		n.numbers[p] = number
		n.ends = append(n.ends, p)
	}
	return number
}

// chain finds the corners that lie along each side.
func (n *net) chain() {
	box := EmptyBox()
	for _, p := range n.corners {
		box = box.Add(p)
	}
	n.chains = make([][]int32, len(n.ends))
	if box.Empty() {
		return
	}
	g := newGrid(box, 2*len(n.corners))
	near := n.cornersByCell(&g)
	for i, ends := range n.ends {
		s := upwards(n.corners[ends.a], n.corners[ends.b])
		chain := []int32{ends.a, ends.b}
		g.touched(s, func(at int) {
			for _, c := range near.of(at) {
				if c != ends.a && c != ends.b && squaredToSegment(n.corners[c], s.lo, s.hi) <= n.snap*n.snap {
					chain = append(chain, c)
				}
			}
		})
		if len(chain) > 2 {
			chain = n.inOrder(chain)
		}
		n.chains[i] = chain
	}
}

// inOrder sorts the corners of a side, each once, by distance from its end.
func (n *net) inOrder(chain []int32) []int32 {
	start := n.corners[chain[0]]
	slices.SortFunc(chain, func(a, b int32) int {
		if order := compare(squared(start, n.corners[a]), squared(start, n.corners[b])); order != 0 {
			return order
		}
		return int(a) - int(b)
	})
	return slices.Compact(chain)
}

// cornersByCell lists the corners in each cell, and those near enough to it to
// matter to a side in it.
func (n *net) cornersByCell(g *grid) groups {
	type hit struct{ at, corner int32 }
	var hits []hit
	out := groups{starts: make([]uint32, g.columns*g.rows+1)}
	for c, p := range n.corners {
		west, east := g.column((p.X-n.snap-g.box.MinX)*g.scaleX-slack), g.column((p.X+n.snap-g.box.MinX)*g.scaleX+slack)
		south, north := g.row((p.Y-n.snap-g.box.MinY)*g.scaleY-slack), g.row((p.Y+n.snap-g.box.MinY)*g.scaleY+slack)
		for row := south; row <= north; row++ {
			for column := west; column <= east; column++ {
				at := int32(row*g.columns + column)
				hits = append(hits, hit{at, int32(c)})
				out.starts[at]++
			}
		}
	}
	out.accumulate()
	out.values = make([]int32, len(hits))
	for i := len(hits) - 1; i >= 0; i-- {
		out.place(int(hits[i].at), hits[i].corner)
	}
	return out
}
