package density

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Surface is a density over the cells of a grid, in weight per square kilometre
// at the centre of each cell; NaN outside the region.
type Surface struct {
	Grid   Grid
	Values []float64 // row by row, from the south
	// Used is how many events the surface is made of. With an edge correction
	// events outside the region are left out: it stands in for them.
	Used int
	// Weight is what those events weigh in all.
	Weight float64
}

// Total returns the integral of the surface over the region: what the events
// weigh, exactly with EventEdge.
func (s Surface) Total() float64 {
	total := 0.0
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			total += v
		}
	}
	return total * s.Grid.Cell * s.Grid.Cell / perKm2
}

// Over returns the kernel density of the events over the cells of a grid. No
// events, or none with weight, are a surface of zeros. Coordinates that are NaN
// are ErrMissing, weights below zero ErrNegative, a bandwidth below the side of
// a cell ErrOption, a region without a cell ErrEmpty.
func Over(e Events, g Grid, o Options) (Surface, error) {
	if err := o.check(); err != nil {
		return Surface{}, err
	}
	if err := g.check(); err != nil {
		return Surface{}, err
	}
	if err := e.check(); err != nil {
		return Surface{}, err
	}
	if o.Bandwidth < g.Cell {
		return Surface{}, errNarrow(o, g)
	}
	s := Surface{Grid: g}
	if o.Binned {
		s.fillBinned(e, o)
	} else {
		used, weight := keep(e, g, o)
		s.Used, s.Weight = len(used), weight
		s.fill(used, newRegion(g), o)
	}
	s.finish(o)
	return s, nil
}

func errNarrow(o Options, g Grid) error {
	return fmt.Errorf("the bandwidth of %g m is below the side of a cell, %g m: %w", o.Bandwidth, g.Cell, stats.ErrOption)
}

// keep are the events that a surface is made of, and what they weigh.
func keep(e Events, g Grid, o Options) (used []source, weight float64) {
	used = e.sources(o.Bandwidth)
	if o.Edge != NoEdge {
		n := 0
		for _, s := range used {
			if g.Holds(s.x, s.y) {
				used[n] = s
				n++
			}
		}
		used = used[:n]
	}
	for _, s := range used {
		weight += s.weight
	}
	return used, weight
}

// fill works the values out, per square metre.
func (s *Surface) fill(used []source, r region, o Options) {
	if o.Adaptive {
		adapt(used, r, o)
	}
	if o.Edge == EventEdge {
		correct(used, r.shares(o.Kernel, used))
	}
	s.Values = s.Grid.spread(o.Kernel, used)
}

// fillBinned is fill for events by cell.
func (s *Surface) fillBinned(e Events, o Options) {
	sums, beyond := s.bin(e, o)
	if o.Edge == EventEdge {
		shares := s.Grid.cellShares(o)
		for i, share := range shares {
			if sums[i] > 0 {
				sums[i] /= share
			}
		}
	}
	if o.Kernel == Gaussian {
		s.Values = s.Grid.smooth(sums, o.Bandwidth)
	} else {
		s.Values = s.Grid.spread(o.Kernel, s.Grid.centres(sums, o.Bandwidth))
	}
	if len(beyond) > 0 {
		for i, v := range s.Grid.spread(o.Kernel, beyond) {
			s.Values[i] += v
		}
	}
}

// finish corrects by cell, turns to square kilometres, and empties what lies
// outside.
func (s *Surface) finish(o Options) {
	var shares []float64
	if o.Edge == UniformEdge {
		shares = s.Grid.cellShares(o)
	}
	for i := range s.Values {
		switch {
		case !s.Grid.inside(i):
			s.Values[i] = math.NaN()
		case shares != nil:
			s.Values[i] *= perKm2 / shares[i]
		default:
			s.Values[i] *= perKm2
		}
	}
}

// correct divides weights by shares.
func correct(used []source, shares []float64) {
	for i := range used {
		used[i].weight /= shares[i]
	}
}

// cellShares is, for each cell, the share of a kernel at its centre that lies in
// the region.
func (g Grid) cellShares(o Options) []float64 {
	area := g.Cell * g.Cell
	if g.Inside == nil && o.Kernel == Gaussian {
		return g.wholeShares(o.Bandwidth)
	}
	inside := make([]float64, g.Columns*g.Rows)
	for i := range inside {
		if g.inside(i) {
			inside[i] = area
		}
	}
	if o.Kernel == Gaussian {
		return g.smooth(inside, o.Bandwidth)
	}
	return g.spread(o.Kernel, g.centres(inside, o.Bandwidth))
}

// bin sums the weights of events by cell. With no edge correction, those beyond
// the grid count too, where they are.
func (s *Surface) bin(e Events, o Options) (sums []float64, beyond []source) {
	g := s.Grid
	sums = make([]float64, g.Columns*g.Rows)
	for i, x := range e.X {
		cell, ok := g.At(x, e.Y[i])
		w := e.weight(i)
		switch {
		case ok && (o.Edge == NoEdge || g.inside(cell)):
			sums[cell] += w
		case o.Edge == NoEdge:
			beyond = append(beyond, source{x, e.Y[i], w, o.Bandwidth})
		default:
			continue
		}
		s.Used++
		s.Weight += w
	}
	return sums, beyond
}

// centres are the cells that hold something, as sources.
func (g Grid) centres(values []float64, bandwidth float64) (out []source) {
	for i, v := range values {
		if v > 0 {
			x, y := g.Centre(i/g.Columns, i%g.Columns)
			out = append(out, source{x, y, v, bandwidth})
		}
	}
	return out
}
