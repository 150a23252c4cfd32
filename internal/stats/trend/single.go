package trend

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// Single is the best division into two, with a test of whether there is one.
type Single struct {
	Change Change
	// Before and After are the segments.
	Before, After Segment
	// Statistic is the fall of −2 log likelihood by the division, the largest of all
	// places.
	Statistic float64
	// P is the chance of as large a statistic when nothing changed.
	P float64
}

// SingleOptions are those of a test for one change.
type SingleOptions struct {
	ChangeOptions
	// Replications of the series without a change; 0 is 999.
	Replications int
	Seed         uint64
}

// SingleChange finds the one best place for a change and tests it by the largest
// likelihood ratio over all places, so that the search is paid for. Without
// exposure the months are put in random order (exact for months that can change
// places: no season, no trend, no autocorrelation). With exposure that differs
// counts are drawn at the fitted rate, Poisson or as overdispersed as Dispersion
// says. The size of a negative binomial and the SD, unless given, are those of the
// whole series, which no order changes. Two months per side are needed
// (stats.ErrTooFew), or MinLength; a constant series is stats.ErrConstant.
func SingleChange(y []float64, o SingleOptions) (Single, error) {
	fill(&o.MinLength, 2)
	fill(&o.Replications, 999)
	level, err := confidence(o.Level)
	if err != nil || o.Replications < 0 {
		return Single{}, stats.ErrOption
	}
	if err := o.check(y); err != nil {
		return Single{}, err
	}
	if len(y) < 2*o.MinLength {
		return Single{}, stats.ErrTooFew
	}
	if constant(y, o.Exposure) {
		return Single{}, stats.ErrConstant
	}
	o.whole(y)
	c, err := newCosts(y, o.ChangeOptions)
	if err != nil {
		return Single{}, err
	}
	p := pelt{costs: c, shortest: o.MinLength}
	at, statistic := p.split()
	out := Single{Statistic: statistic, Before: p.describe(y, 0, at, level), After: p.describe(y, at, len(y), level)}
	out.Change = Change{At: at, Ratio: out.After.Mean / out.Before.Mean}
	if o.Cost == NormalCost {
		out.Change.Ratio = math.NaN()
	}
	out.Change.Low, out.Change.High = p.place(0, len(y), level)
	out.P = p.test(y, o, statistic)
	return out, nil
}

// whole fills in the size and SD of the whole series.
func (o *SingleOptions) whole(y []float64) {
	m := mean(y)
	variance := 0.0
	for _, v := range y {
		variance += (v - m) * (v - m)
	}
	variance /= float64(len(y) - 1)
	if o.Size == 0 {
		if o.Size = math.Inf(1); variance > m {
			o.Size = m * m / (variance - m)
		}
	}
	if o.SD == 0 {
		o.SD = math.Sqrt(variance)
	}
}

func constant(y, exposure []float64) bool {
	if exposure != nil {
		return allZero(y)
	}
	for _, v := range y {
		if v != y[0] {
			return false
		}
	}
	return true
}

// split is the best place for one change, and what it saves.
func (p pelt) split() (at int, saved float64) {
	whole := p.of(0, p.n)
	saved = math.Inf(-1)
	for t := p.shortest; t <= p.n-p.shortest; t++ {
		if s := whole - p.of(0, t) - p.of(t, p.n); s > saved {
			at, saved = t, s
		}
	}
	return at, saved
}

// chunk is how many replications share a stream of random numbers.
const chunk = 32

// test counts the replications without a change that save as much.
func (p pelt) test(y []float64, o SingleOptions, statistic float64) float64 {
	pieces := (o.Replications + chunk - 1) / chunk
	reached := make([]int, pieces)
	rate := stats.Sum(y) / float64(len(y))
	if o.Exposure != nil {
		rate = stats.Sum(y) / stats.Sum(o.Exposure)
	}
	spaces := make([]*costs, stats.Workers())
	stats.Parallel(pieces, func(worker, piece int) {
		if spaces[worker] == nil {
			c := *p.costs
			c.sum, c.squares = slices.Clone(c.sum), slices.Clone(c.squares)
			spaces[worker] = &c
		}
		under := pelt{costs: spaces[worker], shortest: p.shortest}
		r := stats.NewRand(o.Seed, uint64(piece))
		again := slices.Clone(y)
		for range min(chunk, o.Replications-piece*chunk) {
			if o.Exposure == nil {
				r.Shuffle(again)
			} else {
				draw(&r, again, o, rate)
			}
			under.reordered(again)
			if _, s := under.split(); s >= statistic-1e-9*math.Abs(statistic) {
				reached[piece]++
			}
		}
	})
	total := 0
	for _, n := range reached {
		total += n
	}
	return stats.MonteCarlo(total, o.Replications)
}

// draw fills the series with counts at the rate; overdispersed ones are negative
// binomial with a variance of dispersion times the mean.
func draw(r *stats.Rand, y []float64, o SingleOptions, rate float64) {
	for i, e := range o.Exposure {
		m, size := rate*e, math.Inf(1)
		if o.Dispersion > 1 {
			size = m / (o.Dispersion - 1)
		}
		y[i] = r.NegBin(m, size)
	}
}
