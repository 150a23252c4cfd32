package effect

import (
	"math"

	"openvru/internal/stats"
)

// invert finds the nulls that a test does not reject, its p-value being over
// alpha by more than rounding: it walks out from
// the effect, in doubling steps of about its error, until one is rejected, then
// halves. An end is infinite when none is within a million steps.
func invert(p func(null float64) float64, effect, size, alpha float64) stats.Interval {
	alpha += 1e-12
	end := func(direction float64) float64 {
		inside, outside := 0.0, size
		for p(effect+direction*outside) > alpha {
			if inside, outside = outside, 2*outside; outside > 1e6*size {
				return direction * math.Inf(1)
			}
		}
		for outside-inside > 1e-10*outside {
			if middle := (inside + outside) / 2; p(effect+direction*middle) > alpha {
				inside = middle
			} else {
				outside = middle
			}
		}
		return effect + direction*outside
	}
	return stats.Interval{Low: end(-1), High: end(1)}
}
