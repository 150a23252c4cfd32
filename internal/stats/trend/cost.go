package trend

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Cost is how badly one mean fits a stretch of the series: minus twice the log
// likelihood, up to what is the same for every division of the series.
type Cost int

// The costs.
const (
	// NegBinCost is for counts that vary more than Poisson ones.
	NegBinCost Cost = iota
	// PoissonCost is for counts; an Exposure may differ from month to month, and a
	// Dispersion above one makes it a quasi-likelihood.
	PoissonCost
	// NormalCost is for measures, or counts in the hundreds.
	NormalCost
)

// ChangeOptions says what a change is. The zero value is for counts per month
// that vary more than Poisson ones.
type ChangeOptions struct {
	Cost Cost
	// Size of NegBinCost (+Inf is Poisson), or 0 to estimate it from neighbouring
	// months, which a change of level hardly touches.
	Size float64
	// Dispersion divides PoissonCost; 0 is 1.
	Dispersion float64
	// SD of NormalCost, or 0 to estimate it from neighbouring months.
	SD float64
	// Exposure is what each count is out of: days, people, or the count expected
	// from the season. PoissonCost only; nil is 1 each. A month of exposure zero
	// must have no events.
	Exposure []float64
	// Penalty for each change; MBIC unless given.
	Penalty Penalty
	// PenaltyValue is used instead when more than zero: what −2 log likelihood must
	// fall by for one more change.
	PenaltyValue float64
	// MinLength is the fewest months between changes; 0 is 2.
	MinLength int
	// Level is the confidence of intervals; 0 is 0.95.
	Level float64
}

// Penalty is the price of a change.
type Penalty int

// The penalties.
const (
	// MBIC is 3 ln n a change, and the sum of ln(length/n) over the segments
	// (Zhang and Siegmund 2007): fewer false changes, at next to no loss of true ones.
	MBIC Penalty = iota
	// BIC is 2 ln n a change: one parameter for the mean and one for the place.
	BIC
)

// costs holds running sums, so that the cost of any stretch is a few operations.
type costs struct {
	kind     Cost
	n        int
	size     float64
	scale    float64 // divides: dispersion, or variance
	sum      []float64
	squares  []float64 // of NormalCost
	exposure []float64 // running; nil is 1 each
	whole    []float64 // k ln k of the counts there are, when all are whole
	lengths  []float64 // by length: r ln r of its total size, or the logarithm for PoissonCost
}

func newCosts(y []float64, o ChangeOptions) (*costs, error) {
	if err := o.check(y); err != nil {
		return nil, err
	}
	c := &costs{kind: o.Cost, n: len(y), scale: 1, sum: running(y)}
	switch o.Cost {
	case NegBinCost:
		if c.size = o.Size; c.size == 0 {
			c.size = pairSize(y)
		}
		if math.IsInf(c.size, 1) {
			c.kind = PoissonCost
		}
	case PoissonCost:
		if o.Dispersion > 0 {
			c.scale = o.Dispersion
		}
		if o.Exposure != nil {
			c.exposure = running(o.Exposure)
		}
	case NormalCost:
		level := mean(y) // taken off first: the squares keep their digits
		centred := make([]float64, len(y))
		squares := make([]float64, len(y))
		for i, v := range y {
			centred[i] = v - level
			squares[i] = centred[i] * centred[i]
		}
		c.sum, c.squares = running(centred), running(squares)
		sd := o.SD
		if sd == 0 {
			sd = pairSD(y)
		}
		c.scale = sd * sd
	}
	if c.kind != NormalCost {
		c.tabulate(y)
	}
	return c, nil
}

func (o ChangeOptions) check(y []float64) error {
	bad := func(v float64) bool { return !(v >= 0) }
	switch {
	case o.Cost < NegBinCost || o.Cost > NormalCost, o.Penalty < MBIC || o.Penalty > BIC:
		return stats.ErrOption
	case bad(o.Size), bad(o.Dispersion), bad(o.SD), bad(o.PenaltyValue), o.MinLength < 0:
		return stats.ErrOption
	case math.IsInf(o.Dispersion, 1), math.IsInf(o.SD, 1):
		return stats.ErrOption
	case o.Exposure != nil && o.Cost != PoissonCost:
		return fmt.Errorf("exposure needs PoissonCost: %w", stats.ErrOption)
	}
	if o.Cost == NormalCost {
		return checkValues(y)
	}
	if err := checkCounts(y); err != nil {
		return err
	}
	return checkExposure(y, o.Exposure)
}

// checkExposure refuses exposures that a count cannot have come from.
func checkExposure(y, exposure []float64) error {
	if exposure == nil {
		return nil
	}
	if len(exposure) != len(y) {
		return stats.ErrLength
	}
	if err := stats.Counts(exposure); err != nil {
		return err
	}
	for i, e := range exposure {
		if e == 0 && y[i] > 0 {
			return fmt.Errorf("month %d has events and no exposure: %w", i+1, stats.ErrNoPopulation)
		}
	}
	if stats.Sum(exposure) == 0 {
		return stats.ErrNoPopulation
	}
	return nil
}

func running(y []float64) []float64 {
	out := make([]float64, len(y)+1)
	for i, v := range y {
		out[i+1] = out[i] + v
	}
	return out
}

// reordered takes the same counts in another order; with an exposure, for which no
// table of their logarithms is used, other counts too.
func (c *costs) reordered(y []float64) {
	total := 0.0
	for i, v := range y {
		total += v
		c.sum[i+1] = total
	}
	if c.kind != NormalCost {
		return
	}
	level, squares := total/float64(c.n), 0.0
	for i, v := range y {
		squares += (v - level) * (v - level)
		c.squares[i+1] = squares
		c.sum[i+1] -= level * float64(i+1)
	}
}

// of is the cost of the months from low up to, not including, high.
func (c *costs) of(low, high int) float64 {
	s := c.sum[high] - c.sum[low]
	e := float64(high - low)
	switch c.kind {
	case NormalCost:
		if c.scale == 0 {
			return 0 // neighbours never differ: a constant series
		}
		return max(c.squares[high]-c.squares[low]-s*s/e, 0) / c.scale
	case PoissonCost:
		if c.exposure != nil {
			e = c.exposure[high] - c.exposure[low]
		}
		if s <= 0 {
			return 0
		}
		if c.exposure == nil {
			return -2 * (c.own(s) - s*c.lengths[high-low]) / c.scale
		}
		return -2 * s * math.Log(s/e) / c.scale
	}
	if s <= 0 {
		return 0
	}
	r := s + e*c.size
	return -2 * (c.own(s) - r*math.Log(r) + c.lengths[high-low])
}

// own is s ln s.
func (c *costs) own(s float64) float64 {
	if c.whole != nil {
		return c.whole[int(s)]
	}
	return s * math.Log(s)
}

// tabulate prepares the logarithms that come up again and again.
func (c *costs) tabulate(y []float64) {
	c.lengths = make([]float64, c.n+1)
	for l := 1; l <= c.n; l++ {
		if c.lengths[l] = math.Log(float64(l)); c.kind == NegBinCost {
			r := float64(l) * c.size
			c.lengths[l] = r * math.Log(r)
		}
	}
	total := c.sum[c.n]
	if total > 1e5 {
		return
	}
	for _, v := range y {
		if v != math.Trunc(v) {
			return
		}
	}
	c.whole = make([]float64, int(total)+1)
	for k := 1; k < len(c.whole); k++ {
		c.whole[k] = float64(k) * math.Log(float64(k))
	}
}

// pairSize estimates the size of a negative binomial from neighbours: half the
// squared difference of two counts of one mean has the expectation mean +
// mean²/size, and their product mean². +Inf when they vary no more than Poisson
// counts, or there are no events.
func pairSize(y []float64) float64 {
	extra, squares := 0.0, 0.0
	for i := 1; i < len(y); i++ {
		a, b := y[i-1], y[i]
		extra += (a-b)*(a-b)/2 - (a+b)/2
		squares += a * b
	}
	if extra <= 0 {
		return math.Inf(1)
	}
	if squares == 0 { // events never in neighbouring months: as sparse as can be told
		total := stats.Sum(y)
		squares = total * total / float64(len(y))
	}
	return squares / extra
}

// pairSD estimates the standard deviation from the median of the differences of
// neighbours; from their mean square when more than half of them are zero.
func pairSD(y []float64) float64 {
	if len(y) < 2 {
		return 0
	}
	d := make([]float64, len(y)-1)
	for i := range d {
		d[i] = math.Abs(y[i+1] - y[i])
	}
	rms := math.Sqrt(dot(d, d) / float64(2*len(d)))
	slices.Sort(d)
	median := (d[len(d)/2] + d[(len(d)-1)/2]) / 2
	if median == 0 {
		return rms
	}
	return median / (math.Sqrt2 * 0.6744897501960817) // the normal's upper quartile
}
