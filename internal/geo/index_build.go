package geo

import (
	"math"
	"slices"
	"sort"
)

// cellsPerSegment is how fine the grid is. Finer makes building slower and
// memory larger, and soon no longer makes asking faster: see the page.
const cellsPerSegment = 8

// maxCells bounds the grid, to 64 MiB of cells.
const maxCells = 1 << 24

// NewIndex builds the index, in less than a tenth of a second for a city's
// LSOAs: a caller that starts often should build it when it is first needed.
// The shapes must not be changed afterwards. An area with a coordinate that is not a number, or
// beyond any on Earth, holds no point; Check reports it.
func NewIndex(shapes []MultiPolygon) *Index {
	x := &Index{shapes: shapes}
	box, edges := EmptyBox(), 0
	for _, shape := range shapes {
		if shape.earthly() {
			box, edges = box.Union(shape.Bounds()), edges+shape.Vertices()
		}
	}
	if box.Empty() {
		x.grid = grid{box: box}
		return x
	}
	b := builder{Index: x, table: newSegmentTable(edges)}
	for i, shape := range shapes {
		if shape.earthly() {
			b.table.addShape(shape, int32(i))
		}
	}
	segments := b.table.segments
	x.grid = newGrid(box, min(maxCells, max(1, cellsPerSegment*len(segments))))
	b.owners = b.table.owners()
	b.touching = collect(&x.grid, segments, (*grid).touched)
	b.passing = collect(&x.grid, segments, (*grid).passed)
	b.sweep()
	return x
}

// earthly reports whether all coordinates could be degrees or metres.
func (m MultiPolygon) earthly() bool {
	ok := true
	m.Rings(func(r Ring) {
		for _, p := range r {
			ok = ok && math.Abs(p.X) < 1e9 && math.Abs(p.Y) < 1e9
		}
	})
	return ok
}

// builder holds what is needed only while an Index is built.
type builder struct {
	*Index
	table    *segmentTable
	owners   groups // segment → areas that it bounds
	touching groups // cell → segments that enter it
	passing  groups // cell → segments between it and the cell to its west
	current  []int32
	local    []int32 // scratch: the areas of one cell
}

// groups is a list of lists of numbers, laid end to end.
type groups struct {
	starts []uint32
	values []int32
}

func (g *groups) of(i int) []int32 { return g.values[g.starts[i]:g.starts[i+1]] }

// collect lists, for each cell of the grid, the segments for which visit names
// it, in order.
func collect(g *grid, segments []segment, visit func(*grid, segment, func(int))) groups {
	type hit struct{ at, segment int32 }
	hits := make([]hit, 0, 2*len(segments))
	for i, s := range segments {
		visit(g, s, func(at int) { hits = append(hits, hit{int32(at), int32(i)}) })
	}
	out := groups{make([]uint32, g.columns*g.rows+1), make([]int32, len(hits))}
	for _, h := range hits {
		out.starts[h.at]++
	}
	out.accumulate()
	for i := len(hits) - 1; i >= 0; i-- {
		out.place(int(hits[i].at), hits[i].segment)
	}
	return out
}

// accumulate turns counts into where each list ends; place, called for the
// values in reverse, then fills the lists and moves the ends to the starts.
func (g *groups) accumulate() {
	total := uint32(0)
	for i, n := range g.starts {
		total += n
		g.starts[i] = total
	}
}

func (g *groups) place(at int, value int32) {
	g.starts[at]--
	g.values[g.starts[at]] = value
}

// sweep goes through the rows from west to east, keeping the areas that hold
// the middle of the cell: nothing holds the point far to the west, and each
// segment passed turns its areas over.
func (b *builder) sweep() {
	b.cells = make([]int32, b.grid.columns*b.grid.rows)
	b.pieces = make([]piece, 0, len(b.touching.values))
	b.busy = make([]cell, 0, b.countBusy()+1)
	b.areas = make([]int32, 0, 3*cap(b.busy))
	at := 0
	for row := range b.grid.rows {
		b.current = b.current[:0]
		for column := range b.grid.columns {
			for _, s := range b.passing.of(at) {
				b.turnOver(b.owners.of(int(s)))
			}
			b.cells[at] = b.answer(at, Point{b.grid.xs[column], b.grid.ys[row]})
			at++
		}
	}
	b.busy = append(b.busy, cell{firstPiece: uint32(len(b.pieces)), firstArea: uint32(len(b.areas))})
}

// countBusy returns how many cells segments enter.
func (b *builder) countBusy() int {
	n := 0
	for at := range b.cells {
		if b.touching.starts[at] < b.touching.starts[at+1] {
			n++
		}
	}
	return n
}

// turnOver adds to the sorted current areas those not in it and takes out the
// others.
func (b *builder) turnOver(areas []int32) {
	for _, area := range areas {
		if i, found := slices.BinarySearch(b.current, area); found {
			b.current = slices.Delete(b.current, i, i+1)
		} else {
			b.current = slices.Insert(b.current, i, area)
		}
	}
}

// answer returns what cells holds for a cell, adding it to the busy ones when
// segments enter it.
func (b *builder) answer(at int, middle Point) int32 {
	segments := b.touching.of(at)
	if len(segments) > 0 {
		return b.addBusy(segments, middle)
	}
	if len(b.current) == 0 {
		return None
	}
	return b.current[0]
}

func (b *builder) addBusy(segments []int32, middle Point) int32 {
	b.local = append(b.local[:0], b.current...)
	for _, s := range segments {
		b.local = append(b.local, b.owners.of(int(s))...)
	}
	slices.Sort(b.local)
	b.local = slices.Compact(b.local)
	c := cell{firstPiece: uint32(len(b.pieces)), firstArea: uint32(len(b.areas)), crowded: len(b.local) > maxAreas}
	b.areas = append(b.areas, b.local...)
	if !c.crowded {
		c.middle = b.bitsOf(b.current)
		for _, s := range segments {
			b.addPiece(s, middle)
		}
	}
	b.busy = append(b.busy, c)
	return busyCell(len(b.busy) - 1)
}

func (b *builder) addPiece(s int32, middle Point) {
	toggles := b.bitsOf(b.owners.of(int(s)))
	if toggles == 0 {
		return // an area that runs along it and back is not changed by it
	}
	lo, hi := b.table.segments[s].lo, b.table.segments[s].hi
	if min(lo.X, hi.X) <= middle.X && middle.X < max(lo.X, hi.X) {
		toggles |= spansMiddle
	}
	if Orient(lo, hi, middle) > 0 {
		toggles |= middleWest
	}
	b.pieces = append(b.pieces, piece{segment{lo, hi}, toggles})
}

// bitsOf returns the areas as bits in the order of the cell's areas; an area
// named twice cancels itself.
func (b *builder) bitsOf(areas []int32) uint32 {
	set := uint32(0)
	for _, area := range areas {
		set ^= 1 << sort.Search(len(b.local), func(i int) bool { return b.local[i] >= area })
	}
	return set
}

// segmentTable gives each segment one number, however many areas share it.
type segmentTable struct {
	segments []segment
	slots    []int32 // open addressing: number + 1, 0 when free
	bounds   []bound
}

type bound struct{ segment, area int32 }

func newSegmentTable(edges int) *segmentTable {
	size := 16
	for size < 2*edges {
		size *= 2
	}
	return &segmentTable{
		segments: make([]segment, 0, edges),
		slots:    make([]int32, size),
		bounds:   make([]bound, 0, edges),
	}
}

func (t *segmentTable) addShape(shape MultiPolygon, area int32) {
	shape.Rings(func(r Ring) {
		r.edges(func(a, b Point) {
			t.bounds = append(t.bounds, bound{t.number(upwards(a, b)), area})
		})
	})
}

func upwards(a, b Point) segment {
	if a.Y > b.Y || (a.Y == b.Y && a.X < b.X) {
		a, b = b, a
	}
	return segment{a, b}
}

// number returns the segment's number, a new one when it is not yet known.
func (t *segmentTable) number(s segment) int32 {
	mask := uint64(len(t.slots) - 1)
	for i := s.hash() & mask; ; i = (i + 1) & mask {
		if t.slots[i] == 0 {
			t.segments = append(t.segments, s)
			t.slots[i] = int32(len(t.segments))
		}
		if n := t.slots[i] - 1; t.segments[n] == s {
			return n
		}
	}
}

// hash mixes the coordinates; adding zero makes -0 the same as 0.
func (s segment) hash() uint64 {
	h := uint64(0)
	for _, v := range [4]float64{s.lo.X, s.lo.Y, s.hi.X, s.hi.Y} {
		h = (h ^ math.Float64bits(v+0)) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// owners lists the areas that each segment bounds, once for each time.
func (t *segmentTable) owners() groups {
	out := groups{make([]uint32, len(t.segments)+1), make([]int32, len(t.bounds))}
	for _, b := range t.bounds {
		out.starts[b.segment]++
	}
	out.accumulate()
	for i := len(t.bounds) - 1; i >= 0; i-- {
		out.place(int(t.bounds[i].segment), t.bounds[i].area)
	}
	return out
}
