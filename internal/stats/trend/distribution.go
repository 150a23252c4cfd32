package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Distribution says how likely each count is: a negative binomial, a mixture of
// them, a rounded normal, or a pool of such. It is never changed after it is made.
// The zero Distribution is certain of zero.
type Distribution struct {
	parts []part
	low   int       // the count that the table starts at
	below []float64 // the chance of low + i or less
}

// part is a negative binomial (size +Inf is Poisson), or a normal number rounded
// to a count when sd is not negative.
type part struct{ weight, mean, size, sd float64 }

// widest is the longest table: counts in millions are beyond these methods.
const widest = 1 << 22

// NegBin is the negative binomial distribution of that mean and size (variance
// mean + mean²/size); size +Inf is Poisson. A mean or size that is no number or
// out of range, and counts that spread over more than four million values, are
// stats.ErrOption.
func NegBin(mean, size float64) (Distribution, error) {
	return Mixture([]float64{mean}, size)
}

// Mixture is a negative binomial whose mean is itself one of many, each equally
// likely: what is left of the forecast's uncertainty when its mean is simulated.
func Mixture(means []float64, size float64) (Distribution, error) {
	if len(means) == 0 {
		return Distribution{}, stats.ErrEmpty
	}
	parts := make([]part, 0, len(means))
	for i := 0; i < len(means); {
		alike := 1
		for i+alike < len(means) && means[i+alike] == means[i] {
			alike++
		}
		parts = append(parts, part{weight: float64(alike) / float64(len(means)), mean: means[i], size: size, sd: -1})
		i += alike
	}
	return newDistribution(parts)
}

// Rounded is a normal number rounded to the nearest count, those below zero to
// none. An sd of zero is certainty.
func Rounded(mean, sd float64) (Distribution, error) {
	if !(sd >= 0) || math.IsInf(sd, 1) {
		return Distribution{}, stats.ErrOption
	}
	return newDistribution([]part{{weight: 1, mean: mean, sd: sd}})
}

// Pool is the linear pool: each distribution is right with the chance its weight
// says. Weights are relative; nil is equal ones.
func Pool(all []Distribution, weights []float64) (Distribution, error) {
	if len(all) == 0 {
		return Distribution{}, stats.ErrEmpty
	}
	if weights == nil {
		weights = make([]float64, len(all))
		for i := range weights {
			weights[i] = 1
		}
	}
	if len(weights) != len(all) {
		return Distribution{}, stats.ErrLength
	}
	if err := stats.Counts(weights); err != nil {
		return Distribution{}, err
	}
	total := stats.Sum(weights)
	if total == 0 {
		return Distribution{}, stats.ErrOption
	}
	return pool(all, weights, total), nil
}

func pool(all []Distribution, weights []float64, total float64) Distribution {
	d := Distribution{low: math.MaxInt}
	high := 0
	for i, one := range all {
		if weights[i] > 0 {
			d.low, high = min(d.low, one.low), max(high, one.low+len(one.below))
		}
	}
	d.below = make([]float64, max(high-d.low, 1))
	for i, one := range all {
		w := weights[i] / total
		if w == 0 {
			continue
		}
		for _, p := range one.all() {
			p.weight *= w
			d.parts = append(d.parts, p)
		}
		for k := range d.below {
			d.below[k] += w * one.CDF(float64(d.low+k))
		}
	}
	return d
}

// all is the parts, of which the zero value has a certain zero.
func (d Distribution) all() []part {
	if len(d.parts) == 0 {
		return []part{{weight: 1, size: math.Inf(1), sd: -1}}
	}
	return d.parts
}

func newDistribution(parts []part) (Distribution, error) {
	t := table{low: math.MaxInt, high: 0}
	for _, p := range parts {
		if math.IsNaN(p.mean) || math.IsInf(p.mean, 0) || p.sd < 0 && (p.mean < 0 || !(p.size > 0)) {
			return Distribution{}, fmt.Errorf("mean %v, size %v: %w", p.mean, p.size, stats.ErrOption)
		}
		low, high := p.reach()
		t.low, t.high = min(t.low, low), max(t.high, high)
		if t.high-t.low >= widest || t.high < 0 {
			return Distribution{}, fmt.Errorf("counts of more than %d values: %w", widest, stats.ErrOption)
		}
	}
	t.chance = make([]float64, t.high-t.low+1)
	for _, p := range parts {
		t.add(p)
	}
	total := 0.0
	for k, c := range t.chance {
		total += c
		t.chance[k] = min(total, 1)
	}
	return Distribution{parts: parts, low: t.low, below: t.chance}, nil
}

// rest is the chance in either tail that a table leaves out.
const rest = 1e-16

// reach is the range of counts outside which next to nothing lies. It is wider
// than needed, by tail bounds that cost no search: a normal's in nine standard
// deviations, and above, the exponential decay of a negative binomial.
func (p part) reach() (low, high int) {
	spread := p.sd
	if p.sd < 0 {
		spread = math.Sqrt(p.mean + p.mean*p.mean/p.size)
	}
	far := p.mean + 9*spread
	if p.sd < 0 {
		// Beyond the mean the chance falls by mean/(mean+size)·(size+k)/(k+1) a step.
		far += 40 * (1 + p.mean/p.size)
	}
	if far > math.MaxInt32 {
		return 0, math.MaxInt32
	}
	return int(max(p.mean-9*spread-40, 0)), int(math.Ceil(max(far, 0)))
}

// table adds parts up count by count.
type table struct {
	low, high  int
	chance     []float64
	size       float64
	rise, fall []float64
}

func (t *table) add(p part) {
	if p.sd >= 0 {
		last := 0.0
		for k := range t.chance {
			next := p.cdf(float64(t.low + k))
			t.chance[k] += p.weight * (next - last)
			last = next
		}
		return
	}
	// From the mean both ways, each chance from its neighbour.
	t.prepare(p.size)
	q := p.mean
	if !math.IsInf(p.size, 1) {
		q = p.mean / (p.mean + p.size)
	}
	start := min(max(int(p.mean), t.low), t.high) - t.low
	c := p.weight * p.pmf(float64(t.low+start))
	t.chance[start] += c
	least := rest * 1e-3 * p.weight
	up := c
	for k := start; k < len(t.chance)-1 && up > least; k++ {
		up *= t.rise[k] * q
		t.chance[k+1] += up
	}
	if q == 0 {
		return
	}
	for k := start; k > 0 && c > least; k-- {
		c *= t.fall[k] * (1 / q)
		t.chance[k-1] += c
	}
}

// prepare works out what each count's chance is over that of the one before it, but
// for the mean, and the reverse.
func (t *table) prepare(size float64) {
	if t.rise != nil && t.size == size {
		return
	}
	t.size, t.rise, t.fall = size, make([]float64, len(t.chance)), make([]float64, len(t.chance))
	for i := range t.rise {
		k := float64(t.low + i)
		if math.IsInf(size, 1) {
			t.rise[i], t.fall[i] = 1/(k+1), k
		} else {
			t.rise[i], t.fall[i] = (size+k)/(k+1), k/(size+k-1)
		}
	}
}

func (p part) pmf(k float64) float64 {
	switch {
	case k < 0 || k != math.Floor(k):
		return 0
	case p.sd < 0:
		return dist.NegBinPMF(k, p.mean, p.size)
	case k == 0:
		return p.cdf(0)
	case p.sd == 0:
		return p.cdf(k) - p.cdf(k-1)
	}
	// From the nearer tail, so that a small chance keeps its digits.
	a, b := (k-0.5-p.mean)/p.sd, (k+0.5-p.mean)/p.sd
	if a > 0 {
		return dist.NormalTail(a) - dist.NormalTail(b)
	}
	return dist.NormalCDF(b) - dist.NormalCDF(a)
}

func (p part) cdf(k float64) float64 {
	if k < 0 {
		return 0
	}
	if p.sd < 0 {
		return dist.NegBinCDF(k, p.mean, p.size)
	}
	if p.sd > 0 {
		return dist.NormalCDF((math.Floor(k) + 0.5 - p.mean) / p.sd)
	}
	if math.Floor(k)+0.5 > p.mean {
		return 1
	}
	return 0
}

// Mean is the expected count.
func (d Distribution) Mean() float64 {
	m := float64(d.low)
	for _, c := range d.below {
		m += 1 - c
	}
	return m
}

// PMF is the chance of exactly k; zero unless k is a whole number.
func (d Distribution) PMF(k float64) float64 {
	total := 0.0
	for _, p := range d.all() {
		total += p.weight * p.pmf(k)
	}
	return total
}

// CDF is the chance of k or less.
func (d Distribution) CDF(k float64) float64 {
	switch {
	case math.IsNaN(k):
		return math.NaN()
	case len(d.parts) == 0 && k >= 0:
		return 1
	case k < float64(d.low):
		return 0
	case k >= float64(d.low+len(d.below)):
		return 1
	}
	return d.below[int(k)-d.low]
}

// Quantile is the smallest count that the chance of as many or fewer is at least p.
func (d Distribution) Quantile(p float64) float64 {
	if len(d.parts) == 0 {
		return 0
	}
	low, high := 0, len(d.below)-1
	for low < high {
		if mid := (low + high) / 2; d.below[mid] >= p {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return float64(d.low + low)
}

// Interval is the central predictive interval: from the quantile at half of what
// is left of the level to that at one less it. It holds the count with the chance
// of the level or, counts being whole, somewhat more.
func (d Distribution) Interval(level float64) stats.Interval {
	half := (1 - level) / 2
	return stats.Interval{Low: d.Quantile(half), High: d.Quantile(1 - half)}
}

// CRPS is the continuous ranked probability score of the count y, in counts; less
// is better and for a certain forecast it is the absolute error (Matheson and
// Winkler 1976). It is ∫ (CDF(x) − [x ≥ y])² dx, here a finite sum.
func (d Distribution) CRPS(y float64) float64 {
	below := d.below
	if len(d.parts) == 0 {
		below = []float64{1}
	}
	first := float64(d.low)
	last := first + float64(len(below))
	score := max(first-y, 0) + max(y-last, 0)
	for i, c := range below {
		k := first + float64(i)
		before := min(max(y-k, 0), 1) // the share of the step from k to k + 1 below y
		score += before*c*c + (1-before)*(1-c)*(1-c)
	}
	return score
}

// LogScore is −ln of the chance of y: less is better, +Inf for a count that was
// said to be impossible.
func (d Distribution) LogScore(y float64) float64 { return -math.Log(d.PMF(y)) }

// PIT is the randomised probability integral transform: a number between the
// chances of fewer than y and of y or fewer, where u from 0 to 1 says. For a right
// forecast and a uniform u it is uniform (Czado, Gneiting and Held 2009).
func (d Distribution) PIT(y, u float64) float64 {
	low := d.CDF(y - 1)
	return low + u*(d.CDF(y)-low)
}
