package trend

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Segment is a stretch of months with one mean.
type Segment struct {
	// From and To are its first month and the one after its last, from 0.
	From, To int
	// Mean is its mean per month (per unit of exposure when there is one), with the
	// interval, which takes the places of the changes as known. Both are NaN in a
	// segment without exposure.
	Mean     float64
	Interval stats.Interval
}

// Change is where one mean gives way to another.
type Change struct {
	// At is the first month of the new mean, from 0.
	At int
	// Low and High are the earliest and latest month it may have been, at the level
	// asked for, the neighbouring changes taken as known.
	Low, High int
	// Ratio is the mean after over that before, +Inf when that was zero; NaN for
	// NormalCost.
	Ratio float64
}

// Changes is a series divided into segments.
type Changes struct {
	Segments []Segment
	Changes  []Change
	// Cost is what the division minimises: −2 log likelihood (less a constant) and
	// penalties.
	Cost float64
	// Penalty is what each change was charged.
	Penalty float64
	// Size is that of the negative binomial, given or estimated; +Inf for PoissonCost,
	// NaN for NormalCost.
	Size float64
	// SD is that of NormalCost, given or estimated; NaN for counts.
	SD float64
}

// PELT finds the division into segments of one mean each that minimises cost and
// penalties, exactly, by the pruned exact linear time algorithm (Killick, Fearnhead
// and Eckley 2012). A constant series, all zeros included, has no change. A series
// shorter than two segments has none either. Season and trend must be taken out
// first, or given as Exposure, or they are found as changes.
func PELT(y []float64, o ChangeOptions) (Changes, error) {
	c, err := newCosts(y, o)
	if err != nil {
		return Changes{}, err
	}
	level, err := confidence(o.Level)
	if err != nil {
		return Changes{}, err
	}
	fill(&o.MinLength, 2)
	p := pelt{costs: c, shortest: o.MinLength, penalty: o.penalty(len(y)), modified: o.modified()}
	out := Changes{Penalty: p.penalty, Size: math.NaN(), SD: math.NaN()}
	switch {
	case o.Cost == NormalCost:
		out.SD = math.Sqrt(c.scale)
	case c.kind == PoissonCost:
		out.Size = math.Inf(1)
	default:
		out.Size = c.size
	}
	var ends []int
	ends, out.Cost = p.divide()
	out.describe(y, ends, level, p)
	return out, nil
}

func (o ChangeOptions) modified() bool { return o.PenaltyValue == 0 && o.Penalty == MBIC }

func (o ChangeOptions) penalty(n int) float64 {
	switch {
	case o.PenaltyValue > 0:
		return o.PenaltyValue
	case o.modified():
		return 3 * math.Log(float64(n))
	}
	return 2 * math.Log(float64(n))
}

type pelt struct {
	*costs
	shortest int
	penalty  float64
	modified bool
}

// segment is the cost of a segment, with the part of the penalty that depends on
// its length.
func (p pelt) segment(low, high int) float64 {
	c := p.of(low, high)
	if p.modified {
		c += math.Log(float64(high-low) / float64(p.n))
	}
	return c
}

// slack is how much dividing a segment may cost at most, beside the penalty: a
// likelihood never falls by dividing, but the logarithms of the lengths may rise.
func (p pelt) slack() float64 {
	if p.modified {
		return max(0, math.Log(float64(p.n)/4))
	}
	return 0
}

// divide returns the ends of the segments, in order, and the least cost. A last
// change that cannot be part of a best division any more is dropped for good, but
// only once the month that showed it can itself be a change.
func (p pelt) divide() ([]int, float64) {
	best := make([]float64, p.n+1)
	from := make([]int, p.n+1)
	best[0] = -p.penalty
	for t := 1; t <= p.n; t++ {
		best[t] = math.Inf(1)
	}
	candidates := make([]candidate, 1, p.n+1)
	candidates[0].until = math.MaxInt
	slack := p.slack()
	for t := min(p.shortest, p.n); t <= p.n; t++ {
		if s := t - p.shortest; s >= p.shortest {
			candidates = append(candidates, candidate{at: s, until: math.MaxInt})
		}
		for i := range candidates {
			c := &candidates[i]
			c.cost = best[c.at] + p.segment(c.at, t)
			if c.cost+p.penalty < best[t] {
				best[t], from[t] = c.cost+p.penalty, c.at
			}
		}
		kept := candidates[:0]
		for _, c := range candidates {
			if c.until == math.MaxInt && c.cost-slack > best[t]+1e-9 {
				c.until = t + p.shortest
			}
			if t+1 < c.until {
				kept = append(kept, c)
			}
		}
		candidates = kept
	}
	return chain(from, p.n), best[p.n]
}

type candidate struct {
	at, until int // until: from this month on it need not be looked at
	cost      float64
}

// chain follows the last changes back and returns the ends of the segments.
func chain(from []int, n int) []int {
	count := 0
	for t := n; t > 0; t = from[t] {
		count++
	}
	ends := make([]int, count)
	for t := n; t > 0; t = from[t] {
		count--
		ends[count] = t
	}
	return ends
}

func (out *Changes) describe(y []float64, ends []int, level float64, p pelt) {
	at := 0
	for _, end := range ends {
		out.Segments = append(out.Segments, p.describe(y, at, end, level))
		at = end
	}
	for i := 1; i < len(out.Segments); i++ {
		a, b := out.Segments[i-1], out.Segments[i]
		ch := Change{At: b.From, Ratio: b.Mean / a.Mean}
		if p.kind == NormalCost {
			ch.Ratio = math.NaN()
		}
		ch.Low, ch.High = p.place(a.From, b.To, level)
		out.Changes = append(out.Changes, ch)
	}
}

// describe works out a segment's mean and interval. The interval of a count is
// the exact Poisson one of the count divided by its dispersion.
func (p pelt) describe(y []float64, low, high int, level float64) Segment {
	s := Segment{From: low, To: high}
	n := float64(high - low)
	if p.kind == NormalCost {
		s.Mean = mean(y[low:high])
		half := dist.NormalQuantile((1+level)/2) * math.Sqrt(p.scale/n)
		s.Interval = stats.Interval{Low: s.Mean - half, High: s.Mean + half}
		return s
	}
	if p.exposure != nil {
		n = p.exposure[high] - p.exposure[low]
	}
	total := stats.Sum(y[low:high])
	s.Mean = total / n
	dispersion := p.scale
	if p.kind == NegBinCost {
		dispersion = 1 + s.Mean/p.size
	}
	s.Interval = countInterval(total, dispersion, level).Times(1 / n)
	if n == 0 {
		s.Mean, s.Interval = math.NaN(), stats.Interval{Low: math.NaN(), High: math.NaN()}
	}
	return s
}

// countInterval is Garwood's exact interval for a count of which so many on
// average come together.
func countInterval(count, dispersion, level float64) stats.Interval {
	half, k := (1-level)/2, count/dispersion
	i := stats.Interval{High: dist.GammaTailQuantile(half, k+1, 1) * dispersion}
	if count > 0 {
		i.Low = dist.GammaQuantile(half, k, 1) * dispersion
	}
	return i
}

// place is the interval of a change between two others: the months that hold the
// level of the likelihood, best first, when each is equally likely beforehand.
func (p pelt) place(low, high int, level float64) (first, last int) {
	least := min(p.shortest, (high-low)/2)
	weights := make([]float64, 0, high-low)
	best := math.Inf(1)
	for t := low + least; t <= high-least; t++ {
		c := p.of(low, t) + p.of(t, high)
		best = min(best, c)
		weights = append(weights, c)
	}
	for i, c := range weights {
		weights[i] = math.Exp((best - c) / 2)
	}
	total, held := stats.Sum(weights), 0.0
	first, last = math.MaxInt, 0
	for held < level*total {
		at := 0
		for i, w := range weights {
			if w > weights[at] {
				at = i
			}
		}
		held += weights[at]
		weights[at] = -1
		first, last = min(first, low+least+at), max(last, low+least+at)
	}
	return first, last
}
