package rate

import (
	"math"

	"openvru/internal/stats/dist"
)

// Proportion returns count out of n as a share from 0 to 1, with Wilson's
// interval. The share of none out of none is NaN, its interval 0 to 1.
func Proportion(count, n, confidence float64) (float64, Interval) {
	return count / n, Wilson(count, n, confidence)
}

// Wilson returns the interval of a proportion by the score method (Wilson
// 1927): the chances under which the count would be within so many standard
// errors. Neither count nor n need be whole. It is 0 to 1 when n is zero, and NaN
// to NaN when the count is above n.
func Wilson(count, n, confidence float64) Interval {
	if !sound(n, confidence) || !(count >= 0 && count <= n) {
		return unknown
	}
	if n == 0 {
		return Interval{Low: 0, High: 1}
	}
	z := deviate(confidence)
	z2 := z * z
	root := z * math.Sqrt(z2+4*count*(1-count/n))
	i, whole := Interval{Low: 0, High: 1}, 0.5/(n+z2)
	if count > 0 {
		i.Low = max(0, (2*count+z2-root)*whole)
	}
	if count < n {
		i.High = min(1, (2*count+z2+root)*whole)
	}
	return i
}

// ClopperPearson returns the exact interval of a proportion (Clopper and
// Pearson 1934): never too narrow, and for small counts a good deal too wide.
// It is 0 to 1 when n is zero, and NaN to NaN when the count is above n.
func ClopperPearson(count, n, confidence float64) Interval {
	if !sound(n, confidence) || !(count >= 0 && count <= n) {
		return unknown
	}
	half := (1 - confidence) / 2
	i := Interval{Low: 0, High: 1}
	if count > 0 {
		i.Low = dist.BetaQuantile(half, count, n-count+1)
	}
	if count < n {
		i.High = dist.BetaTailQuantile(half, count+1, n-count)
	}
	return i
}

// Difference returns the difference of two rates, now less before, each per
// unit of its exposure, with its interval from the exact intervals of the two
// counts by the method of variance estimates recovery (Zou and Donner 2008).
func (r Ratio) Difference(confidence float64) (float64, Interval) {
	now, before := 1/r.NowExposure, 1/r.BeforeExposure
	e := recoverDifference(r.Now*now, r.Before*before,
		Exact(r.Now, confidence).Times(now), Exact(r.Before, confidence).Times(before))
	return e.Value, e.Interval
}

// Shares compares two proportions: now out of NowN with before out of BeforeN.
type Shares struct{ Now, NowN, Before, BeforeN float64 }

// Difference returns the difference of the two shares, now less before, with
// Newcombe's interval (1998, method 10): from Wilson's intervals of the two.
func (s Shares) Difference(confidence float64) (float64, Interval) {
	e := recoverDifference(s.Now/s.NowN, s.Before/s.BeforeN,
		Wilson(s.Now, s.NowN, confidence), Wilson(s.Before, s.BeforeN, confidence))
	return e.Value, e.Interval
}

// Ratio returns the ratio of the two shares, now over before, with an interval
// from Wilson's intervals of the two by the method of variance estimates
// recovery on the scale of logarithms. It is +Inf when only before is zero and
// NaN when both are.
func (s Shares) Ratio(confidence float64) (float64, Interval) {
	e := recoverRatio(s.Now/s.NowN, s.Before/s.BeforeN,
		Wilson(s.Now, s.NowN, confidence), Wilson(s.Before, s.BeforeN, confidence))
	return e.Value, e.Interval
}
