package nearrepeat

import (
	"fmt"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Cell is one band of distance crossed with one band of time.
type Cell struct {
	// Observed is the number of pairs.
	Observed float64
	// Expected is the exact mean of that number, and Variance its exact
	// variance, when times are given to places by chance alone, each way as
	// likely as any other (Barton and David 1966).
	Expected, Variance float64
	// Ratio is Observed over Expected, NaN when nothing is expected.
	Ratio float64
	// Z is how many standard deviations Observed lies above Expected; NaN when
	// the number cannot vary.
	Z float64
	// P is the chance of as many pairs or more: the share of permutations that
	// reach Observed, which counts as one of them.
	P float64
	// Poisson is that chance for a Poisson number of mean Expected: quick, and
	// too small where events cluster in space or time.
	Poisson float64
	// Mean and Median are of the permutations; MedianRatio is Observed over
	// Median, NaN when that is zero.
	Mean, Median, MedianRatio float64
}

// Table is a Knox table: rows are bands of distance, columns bands of time, and
// the last of each is what lies beyond the last limit.
type Table struct {
	Bands         Bands
	Events, Pairs int // all events, and all pairs of them
	Replications  int
	Cells         [][]Cell // Cells[s][t], len(Space)+1 by len(Time)+1
}

// Knox counts the pairs of events by bands of distance and time and compares
// each count with what chance would bring (Knox 1964). The p-values come from
// permutations of the times over the places. Fewer than two events are
// ErrTooFew, none ErrEmpty; NaN is ErrMissing; limits that are not ascending,
// finite and at least zero are ErrOption. Events all at one place or one time
// have a table in which nothing can vary: every P is 1 and Z is NaN.
//
// Memory grows with the pairs within the greatest space limit (8 bytes each) and
// with replications times cells; more than 134 million such pairs are ErrOption.
func Knox(e Events, b Bands, o Options) (Table, error) {
	if err := e.check(2); err != nil {
		return Table{}, err
	}
	if err := b.check(); err != nil {
		return Table{}, err
	}
	if o.Replications < 0 {
		return Table{}, fmt.Errorf("replications below zero: %w", stats.ErrOption)
	}
	if o.Replications == 0 {
		o.Replications = DefaultReplications
	}
	n := len(e.X)
	ix := newIndex(e, b.Space[len(b.Space)-1])
	near, err := ix.near(b, most)
	if err != nil {
		return Table{}, err
	}
	p := permutations{near: near, time: make([]float64, n), bands: b, seed: o.Seed}
	for k, i := range ix.order {
		p.time[k] = e.Time[i]
	}
	p.out = make([]counts, o.Replications)
	for r := range p.out {
		p.out[r] = newCounts(b)
	}
	p.run()
	t := Table{Bands: b, Events: n, Pairs: n * (n - 1) / 2, Replications: o.Replications}
	t.fill(&p)
	return t, nil
}

func newCounts(b Bands) counts {
	c := make(counts, len(b.Space))
	all := make([]int, len(b.Space)*len(b.Time))
	for s := range c {
		c[s] = all[s*len(b.Time) : (s+1)*len(b.Time)]
	}
	return c
}

// observed counts the pairs as they are.
func (p *permutations) observed() counts {
	c := newCounts(p.bands)
	for s, pairs := range p.near {
		for _, q := range pairs {
			d := p.time[q.a] - p.time[q.b]
			if k := band(p.bands.Time, max(d, -d)); k < len(c[s]) {
				c[s][k]++
			}
		}
	}
	return c
}

// fill works out the cells. Permuting leaves the pairs of a space band and of a
// time band as many as they were, so what lies beyond follows from the rest.
func (t *Table) fill(p *permutations) {
	space := spaceMargins(p.near, t.Events)
	time := timeMargins(p.time, p.bands.Time)
	observed := p.observed()
	drawn := make([]float64, len(p.out))
	t.Cells = make([][]Cell, len(space))
	for i := range t.Cells {
		t.Cells[i] = make([]Cell, len(time))
		for j := range t.Cells[i] {
			of := func(c counts) float64 { return c.cell(i, j, space, time) }
			for r, c := range p.out {
				drawn[r] = of(c)
			}
			mean, variance := moments(t.Events, space[i], time[j])
			t.Cells[i][j] = newCell(of(observed), mean, variance, drawn)
		}
	}
}

// cell is the count of a cell, the bands beyond included.
func (c counts) cell(i, j int, space, time []margin) float64 {
	switch rows, columns := len(space)-1, len(time)-1; {
	case i < rows && j < columns:
		return float64(c[i][j])
	case i < rows:
		rest := space[i].pairs
		for _, v := range c[i] {
			rest -= float64(v)
		}
		return rest
	case j < columns:
		rest := time[j].pairs
		for s := range c {
			rest -= float64(c[s][j])
		}
		return rest
	default:
		rest := space[rows].pairs
		for k := range columns {
			rest -= c.cell(i, k, space, time)
		}
		return rest
	}
}

// newCell judges a count by its moments and by the permutations, which it sorts.
func newCell(observed, mean, variance float64, drawn []float64) Cell {
	c := Cell{Observed: observed, Expected: mean, Variance: variance, Ratio: ratio(observed, mean)}
	c.Z = zed(observed-mean, variance)
	c.Poisson = dist.PoissonTail(observed-1, mean)
	slices.Sort(drawn)
	atLeast, total := 0, 0.0
	for _, v := range drawn {
		if total += v; v >= observed {
			atLeast++
		}
	}
	c.P = stats.MonteCarlo(atLeast, len(drawn))
	c.Mean = total / float64(len(drawn))
	c.Median = (drawn[(len(drawn)-1)/2] + drawn[len(drawn)/2]) / 2
	c.MedianRatio = ratio(observed, c.Median)
	return c
}
