package density

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// index finds the sources near a point: they lie in the order of the squares of
// a grid a third as wide as the furthest reach, or wider where that would make
// many more squares than sources.
type index struct {
	kernel     Kernel
	spots      []spot
	given      []int // the number each was given with
	start      []int
	left, low  float64
	side       float64
	wide, high int
	reach      float64
	span       int // how many squares on either side the reach takes in
}

// spot is a source made ready: the height of its kernel and 1/h².
type spot struct{ x, y, height, narrow float64 }

func newIndex(k Kernel, sources []source) *index {
	ix := &index{kernel: k, left: math.Inf(1), low: math.Inf(1)}
	right, top := math.Inf(-1), math.Inf(-1)
	for _, s := range sources {
		ix.reach = max(ix.reach, k.reach(s.bandwidth))
		ix.left, right = min(ix.left, s.x), max(right, s.x)
		ix.low, top = min(ix.low, s.y), max(top, s.y)
	}
	extent := max(right-ix.left, top-ix.low, 0)
	ix.side = max(ix.reach/3, extent/math.Sqrt(2*float64(len(sources))+1))
	ix.span = int(math.Ceil(ix.reach / ix.side))
	ix.wide = int(max(0, right-ix.left)/ix.side) + 1
	ix.high = int(max(0, top-ix.low)/ix.side) + 1
	if math.IsInf(ix.side, 1) || len(sources) == 0 {
		ix.wide, ix.high = 1, 1
	}
	ix.fill(sources)
	return ix
}

func (ix *index) square(s source) int {
	if ix.wide*ix.high == 1 {
		return 0
	}
	return int((s.y-ix.low)/ix.side)*ix.wide + int((s.x-ix.left)/ix.side)
}

func (ix *index) fill(sources []source) {
	ix.start = make([]int, ix.wide*ix.high+1)
	for _, s := range sources {
		ix.start[ix.square(s)+1]++
	}
	for c := 1; c < len(ix.start); c++ {
		ix.start[c] += ix.start[c-1]
	}
	next := slices.Clone(ix.start)
	ix.spots, ix.given = make([]spot, len(sources)), make([]int, len(sources))
	for i, s := range sources {
		c := ix.square(s)
		ix.spots[next[c]] = spot{s.x, s.y, s.weight * ix.kernel.peak(s.bandwidth), 1 / (s.bandwidth * s.bandwidth)}
		ix.given[next[c]] = i
		next[c]++
	}
}

// leave is which sources do not count at a point that is one of them.
type leave int

const (
	leaveNone  leave = iota
	leaveOne         // the source with the number of the point
	leavePlace       // all at the very same place
)

// sums returns the density per square metre at each point; self is the number of
// the source that each is, for leaveOne.
func (ix *index) sums(points []source, self []int, l leave) []float64 {
	out := make([]float64, len(points))
	const piece = 16
	stats.Parallel((len(points)+piece-1)/piece, func(_, p int) {
		for i := p * piece; i < min((p+1)*piece, len(points)); i++ {
			own := -1
			if l == leaveOne {
				own = self[i]
			}
			out[i] = ix.sum(points[i], own, l == leavePlace)
		}
	})
	return out
}

func (ix *index) sum(at source, self int, place bool) (total float64) {
	if len(ix.spots) == 0 {
		return 0
	}
	fromX, toX := around((at.x-ix.left)/ix.side, ix.span, ix.wide)
	fromY, toY := around((at.y-ix.low)/ix.side, ix.span, ix.high)
	kernel, far := ix.kernel, ix.reach*ix.reach
	for row := fromY; row < toY; row++ {
		from, to := ix.start[row*ix.wide+fromX], ix.start[row*ix.wide+max(fromX, toX)]
		spots := ix.spots[from:to]
		for k := range spots {
			s := &spots[k]
			dx, dy := s.x-at.x, s.y-at.y
			square := dx*dx + dy*dy
			if square > far || square == 0 && (place || ix.given[from+k] == self) {
				continue
			}
			total += s.height * kernel.at(square*s.narrow)
		}
	}
	return total
}

// around are the squares so many before to so many after.
func around(at float64, span, n int) (from, to int) {
	if n == 1 {
		return 0, 1
	}
	low, high := at-float64(span), at+float64(span)
	if !(high >= 0 && low < float64(n)) {
		return 0, 0
	}
	return int(max(0, math.Floor(low))), int(min(float64(n), math.Floor(high)+1))
}

var errBinned = fmt.Errorf("bins are for grids, not for points: %w", stats.ErrOption)

// Points are places to know the density at, in metres.
type Points struct{ X, Y []float64 }

// At returns the kernel density of the events at the points, per square
// kilometre. The grid is the region that the edge correction is of, and is not
// looked at without one; with one, a point outside the region is NaN and events
// outside do not count. No events are zeros. Binned is ErrOption here.
func At(e Events, p Points, g Grid, o Options) ([]float64, error) {
	used, r, err := prepare(e, g, o)
	if err != nil {
		return nil, err
	}
	if len(p.X) != len(p.Y) {
		return nil, stats.ErrLength
	}
	if err := stats.Finite(p.X, p.Y); err != nil {
		return nil, err
	}
	if err := onEarth(p.X, p.Y); err != nil {
		return nil, err
	}
	points := Events{X: p.X, Y: p.Y}.sources(o.Bandwidth)
	return finish(newIndex(o.Kernel, used).sums(points, nil, leaveNone), points, r, o), nil
}

// LeaveOneOut returns the density at each event of all the others: with byPlace,
// of all that lie elsewhere, which is what to ask where addresses are rounded
// and events therefore share places. The rest is as for At.
func LeaveOneOut(e Events, g Grid, o Options, byPlace bool) ([]float64, error) {
	used, r, err := prepare(e, g, o)
	if err != nil {
		return nil, err
	}
	points := e.sources(o.Bandwidth)
	self := make([]int, len(points))
	for i := range self {
		self[i] = i
	}
	l := leaveOne
	if byPlace {
		l = leavePlace
	}
	all := numbered(e, g, o, used)
	return finish(newIndex(o.Kernel, all).sums(points, self, l), points, r, o), nil
}

// numbered gives the used events their numbers back: those outside the region
// come in again, with no weight.
func numbered(e Events, g Grid, o Options, used []source) []source {
	if o.Edge == NoEdge {
		return used
	}
	all := e.sources(o.Bandwidth)
	k := 0
	for i, s := range all {
		if all[i].weight = 0; g.Holds(s.x, s.y) {
			all[i] = used[k]
			k++
		}
	}
	return all
}

// prepare checks the input and returns the events with their weights and
// bandwidths corrected.
func prepare(e Events, g Grid, o Options) ([]source, region, error) {
	if err := o.check(); err != nil {
		return nil, region{}, err
	}
	if err := e.check(); err != nil {
		return nil, region{}, err
	}
	if o.Binned {
		return nil, region{}, errBinned
	}
	if o.Edge == NoEdge {
		used := e.sources(o.Bandwidth)
		if o.Adaptive {
			adapt(used, region{}, o)
		}
		return used, region{}, nil
	}
	if err := g.check(); err != nil {
		return nil, region{}, err
	}
	if o.Bandwidth < g.Cell {
		return nil, region{}, errNarrow(o, g)
	}
	used, _ := keep(e, g, o)
	r := newRegion(g)
	if o.Adaptive {
		adapt(used, r, o)
	}
	if o.Edge == EventEdge {
		correct(used, r.shares(o.Kernel, used))
	}
	return used, r, nil
}

// finish corrects at the points and turns to square kilometres.
func finish(values []float64, points []source, r region, o Options) []float64 {
	var shares []float64
	if o.Edge == UniformEdge {
		shares = r.shares(o.Kernel, points)
	}
	for i := range values {
		values[i] *= perKm2
		switch {
		case o.Edge != NoEdge && !r.Holds(points[i].x, points[i].y):
			values[i] = math.NaN()
		case o.Edge == UniformEdge:
			values[i] /= shares[i]
		}
	}
	return values
}
