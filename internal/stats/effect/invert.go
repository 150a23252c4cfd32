package effect

import (
	"math"

	"openvru/internal/stats"
)

// invert finds the nulls that a test does not reject, its p-value being over
// alpha by more than rounding: it walks out from the effect, in doubling steps of
// about its error, until one is rejected, then halves. An end is infinite when
// none is within a million steps.
func invert(p func(null float64) float64, effect, size, alpha float64) stats.Interval {
	if !(size > 0) || math.IsInf(size, 1) {
		size = 1
	}
	end := func(direction float64) float64 {
		open := func(step float64) bool { return p(effect+direction*step) > alpha+1e-12 }
		inside, outside := 0.0, size
		for range 20 {
			if !open(outside) {
				break
			}
			inside, outside = outside, 2*outside
		}
		if open(outside) {
			return direction * math.Inf(1)
		}
		for range 100 {
			if outside-inside <= 1e-10*outside {
				break
			}
			if middle := (inside + outside) / 2; open(middle) {
				inside = middle
			} else {
				outside = middle
			}
		}
		return effect + direction*outside
	}
	return stats.Interval{Low: end(-1), High: end(1)}
}
