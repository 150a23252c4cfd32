package dist

import "math"

// count is a distribution over 0, 1, 2, … as a quantile needs it.
type count struct {
	family     family
	mean, size float64 // size is that of the negative binomial, or the trials
	p, q       float64 // the chances of the negative binomial and the binomial
}

type family int

const (
	isPoisson family = iota
	isNegBin
	isBinomial
	isNone // a parameter is outside its range
)

func poissonCount(mean float64) count {
	if !(mean >= 0) || math.IsInf(mean, 1) {
		return count{family: isNone}
	}
	return count{family: isPoisson, mean: mean}
}

func negBinCount(mean, size float64) count {
	switch {
	case math.IsInf(size, 1):
		return poissonCount(mean)
	case !(size > 0 && mean >= 0) || math.IsInf(mean, 1):
		return count{family: isNone}
	}
	return count{isNegBin, mean, size, size / (size + mean), mean / (size + mean)}
}

func binomialCount(n, p float64) count {
	if !(p >= 0 && p <= 1 && n >= 0) || math.IsInf(n, 1) {
		return count{family: isNone}
	}
	return count{isBinomial, n * p, n, p, 1 - p}
}

// most is the largest count there is.
func (c count) most() float64 {
	if c.family == isBinomial {
		return c.size
	}
	return math.Inf(1)
}

// moments returns the standard deviation and the skewness.
func (c count) moments() (deviation, skew float64) {
	switch c.family {
	case isNegBin:
		return math.Sqrt(c.mean / c.p), (1 + c.q) / math.Sqrt(c.size*c.q)
	case isBinomial:
		deviation = math.Sqrt(c.mean * c.q)
		return deviation, (c.q - c.p) / deviation
	}
	deviation = math.Sqrt(c.mean)
	return deviation, 1 / deviation
}

// tails returns the probability of k or fewer, and of more.
func (c count) tails(k float64) (below, above float64) {
	switch c.family {
	case isNegBin:
		return betaTails(c.size, k+1, c.p, c.q)
	case isBinomial:
		if k >= c.size {
			return 1, 0
		}
		above, below = betaTails(k+1, c.size-k, c.p, c.q)
		return below, above
	}
	above, below = gammaTails(k+1, c.mean)
	return below, above
}

// one returns the probability of k.
func (c count) one(k float64) float64 {
	switch c.family {
	case isNegBin:
		return NegBinPMF(k, c.mean, c.size)
	case isBinomial:
		return binomial(k, c.size-k, c.p, c.q)
	}
	return poisson(k, c.mean)
}

// ratio returns how many times as likely k+1 is as k.
func (c count) ratio(k float64) float64 {
	switch c.family {
	case isNegBin:
		return (c.size + k) * c.q / (k + 1)
	case isBinomial:
		return (c.size - k) * c.p / ((k + 1) * c.q)
	}
	return c.mean / (k + 1)
}

// slack is how far a probability may fall short and still be reached: it
// keeps the quantile of a probability that was itself worked out at its count.
const slack = 64 * 0x1p-52

// rest is 1−p, and no less than what p can tell apart from 1.
func rest(p float64) float64 {
	if p < 0.5 || p >= 1 {
		return 1 - p
	}
	return 1 - p + 0x1p-53
}

// quantile returns the smallest k of which P(X ≤ k) is p or more, which is the
// smallest of which P(X > k) is q = 1−p or less.
func (c count) quantile(p, q float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || q < 0 || c.family == isNone:
		return math.NaN()
	case p == 0:
		return 0
	case q == 0:
		return c.most()
	case c.mean == 0:
		return 0
	case c.mean >= c.most():
		return c.mean
	}
	z := spread(p, q)
	deviation, skew := c.moments()
	k := c.mean + deviation*(z+skew*(z*z-1)/6)
	k = min(max(0, math.Floor(k+0.5)), c.most())
	if k >= 0x1p52 { // counts that a step of one does not change
		return k
	}
	return c.walk(k, p, q)
}

// walk goes from a guess to the quantile: by single steps while it is near, by
// halving a bracket when it is not. Sums of single steps are as good as the
// tails themselves but at a tie, or where most of a tail is to be taken away
// again; then the tails decide.
func (c count) walk(k, p, q float64) float64 {
	const near = 40 // steps that cost about as much as working out the tails anew
	below, above := c.tails(k)
	if p <= q && below > 1000*p || p > q && above > 1000*q {
		return c.halve(k, p, q)
	}
	one := c.one(k)
	down := reached(below, above, p, q)
	for range near {
		if down {
			if k == 0 || !reached(below-one, above+one, p, q) {
				return c.sure(k, [2]float64{below, above}, one, p, q)
			}
			below, above = below-one, above+one
			k--
			one /= c.ratio(k)
			continue
		}
		one *= c.ratio(k)
		k++
		below, above = below+one, above-one
		if reached(below, above, p, q) {
			return c.sure(k, [2]float64{below, above}, one, p, q)
		}
	}
	return c.halve(k, p, q)
}

// reached reports whether p is reached, by the smaller of the two tails.
func reached(below, above, p, q float64) bool {
	if p <= q {
		return below >= p*(1-slack)
	}
	return above <= q*(1+slack)
}

func (c count) reachedAt(k, p, q float64) bool {
	below, above := c.tails(k)
	return reached(below, above, p, q)
}

// sure puts right a step that the rounding of many sums led astray: at the
// count itself, or one below, the sum is then next to what was asked for.
func (c count) sure(k float64, sums [2]float64, one, p, q float64) float64 {
	tail, want := sums[0], p
	if p > q {
		tail, want, one = sums[1], q, -one
	}
	if math.Abs(tail-want) > 1e-9*want && math.Abs(tail-one-want) > 1e-9*want {
		return k
	}
	for !c.reachedAt(k, p, q) {
		k++
	}
	for k > 0 && c.reachedAt(k-1, p, q) {
		k--
	}
	return k
}

// halve finds the quantile from far away: out in steps that double, then in by
// halves.
func (c count) halve(k, p, q float64) float64 {
	deviation, _ := c.moments()
	step := max(1, math.Floor(deviation/2))
	low, high := -1.0, k
	if c.reachedAt(k, p, q) {
		for k = high - step; k >= 0 && c.reachedAt(k, p, q); k -= step {
			high = k
			step *= 2
		}
		low = max(low, k)
	} else {
		for low, high = k, k+step; high < c.most() && !c.reachedAt(high, p, q); high += step {
			low = high
			step *= 2
		}
		high = min(high, c.most())
	}
	for high-low > 1 {
		middle := math.Floor(low + (high-low)/2)
		if middle == low || middle == high {
			break // counts past 2⁵³
		}
		if c.reachedAt(middle, p, q) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
