package dist

import "math"

// point is a distribution at x: both tails, x times the density (the slope of
// the lower one over ln x), and how that slope changes, relative to itself.
type point struct{ below, above, slope, bend float64 }

// solve finds the x of more than zero that leaves p below and q = 1−p above, by
// Halley's rule for the logarithm of the smaller tail over that of x (Newton's
// while it is far off), with a bracket behind it.
func solve(x, p, q float64, at func(x float64) point) float64 {
	low, high := 0.0, math.Inf(1)
	for range 200 {
		here := at(x)
		miss, steep, bend := here.lower(p)
		if p >= q {
			miss, steep, bend = here.upper(q)
		}
		if miss == 0 {
			return x
		}
		if miss > 0 {
			high = x
		} else {
			low = x
		}
		step := -miss / steep
		if correction := step * bend / 2; math.Abs(correction) < 0.5 {
			step /= 1 + correction
		}
		next := x * exp(step)
		if !(next > low && next < high) {
			next = between(low, high)
		} else if math.Abs(step*step*step)*max(1, steep*steep) < 1e-17 { // the error that is left
			return next
		}
		if next <= low || next >= high {
			return next
		}
		x = next
	}
	return x
}

// exp is eˣ, without the cost of it for the small steps that most are.
func exp(x float64) float64 {
	if math.Abs(x) > 0.004 {
		return math.Exp(x)
	}
	return 1 + x*(1+x/2*(1+x/3*(1+x/4*(1+x/5*(1+x/6)))))
}

// lower returns how far the logarithm of the lower tail is above that of p, its
// slope over ln x, and its second derivative over its first.
func (at point) lower(p float64) (miss, steep, bend float64) {
	steep = at.slope / at.below
	return math.Log(at.below / p), steep, at.bend - steep
}

// upper is the same of the upper tail, turned so that it rises.
func (at point) upper(q float64) (miss, steep, bend float64) {
	steep = at.slope / at.above
	return -math.Log(at.above / q), steep, at.bend + steep
}

// between is where to look next when all that is known is a bracket.
func between(low, high float64) float64 {
	switch {
	case low == 0 && math.IsInf(high, 1):
		return 1
	case low == 0:
		return high / 1e4
	case math.IsInf(high, 1):
		return low * 1e4
	case high > 4*low:
		return math.Sqrt(low) * math.Sqrt(high)
	}
	return low + (high-low)/2
}
