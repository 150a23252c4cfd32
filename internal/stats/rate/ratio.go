package rate

import (
	"math"

	"openvru/internal/stats/dist"
)

// Ratio compares two counts: now over before, each divided by the exposure it
// was counted in (days, persons, or 1 and 1 when both are alike). Exposures must
// be more than zero: without, intervals and chances are NaN.
type Ratio struct {
	Now, Before                 float64
	NowExposure, BeforeExposure float64
}

// Counts returns the ratio of two counts of like exposure.
func Counts(now, before float64) Ratio { return Ratio{now, before, 1, 1} }

// Value returns the ratio; +Inf when only before is zero, NaN when both are.
func (r Ratio) Value() float64 {
	return (r.Now / r.NowExposure) / (r.Before / r.BeforeExposure)
}

// The interval of a ratio of two Poisson counts rests on one fact: given their
// sum, the first is binomial, and its chance says what the ratio is. So an
// interval for the chance is one for the ratio, whatever the sum.

// MidP returns the interval by the mid-P rule: the observed count itself is
// reckoned half among the more extreme ones. Its coverage is close to the
// confidence asked for, on average, where the exact interval's is above it.
func (r Ratio) MidP(confidence float64) Interval {
	return r.interval(confidence, 0.5)
}

// Exact returns the exact interval (Clopper and Pearson 1934, given the sum):
// never too narrow, and for small counts a good deal too wide.
func (r Ratio) Exact(confidence float64) Interval {
	return r.interval(confidence, 1)
}

// interval finds the chances under which the observed count, with a share of
// its own probability, is in a tail of half the remaining probability.
func (r Ratio) interval(confidence, share float64) Interval {
	if !sound(r.Now, confidence) || !sound(r.Before, confidence) || !(r.NowExposure > 0 && r.BeforeExposure > 0) {
		return unknown
	}
	if r.Now > r.Before { // a chance near one has few digits left for what it lacks of one
		i := Ratio{r.Before, r.Now, r.BeforeExposure, r.NowExposure}.interval(confidence, share)
		return Interval{Low: 1 / i.High, High: 1 / i.Low}
	}
	half := (1 - confidence) / 2
	i := Interval{Low: 0, High: math.Inf(1)}
	if r.Now > 0 {
		p := rising(func(p float64) float64 { return r.above(p, share) - half })
		i.Low = r.odds(p)
	}
	if r.Before > 0 {
		p := rising(func(p float64) float64 { return half - r.below(p, share) })
		i.High = max(i.Low, r.odds(p)) // but for rounding, at next to no confidence
	}
	return i
}

// above is the probability of more than Now, and a share of that of Now, among
// the events of both, when each belongs to now with chance p.
func (r Ratio) above(p, share float64) float64 {
	return dist.BetaCDF(p, r.Now+1, r.Before) + share*dist.BinomialPMF(r.Now, r.Now+r.Before, p)
}

// below is the same for fewer than Now.
func (r Ratio) below(p, share float64) float64 {
	return dist.BetaTail(p, r.Now, r.Before+1) + share*dist.BinomialPMF(r.Now, r.Now+r.Before, p)
}

// odds turns a chance into a ratio of rates.
func (r Ratio) odds(p float64) float64 {
	return p / (1 - p) * r.BeforeExposure / r.NowExposure
}

// Chance returns how often two counts that differ by chance alone would differ
// by as much as these or more, in either direction (two-sided mid-P): 1 when
// both are zero.
func (r Ratio) Chance() float64 {
	switch {
	case !sound(r.Now, Confidence95) || !sound(r.Before, Confidence95) || !(r.NowExposure > 0 && r.BeforeExposure > 0):
		return math.NaN()
	case r.Now+r.Before == 0:
		return 1
	}
	p := r.NowExposure / (r.NowExposure + r.BeforeExposure)
	return min(1, 2*min(r.above(p, 0.5), r.below(p, 0.5)))
}

// Difference returns now − before for counts of like exposure, and its
// interval by the method of variance estimates recovery (Zou and Donner 2008)
// from the exact intervals of the two.
func Difference(now, before, confidence float64) (float64, Interval) {
	d := now - before
	n, b := Exact(now, confidence), Exact(before, confidence)
	return d, Interval{
		Low:  d - math.Hypot(now-n.Low, b.High-before),
		High: d + math.Hypot(n.High-now, before-b.Low),
	}
}
