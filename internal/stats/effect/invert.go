package effect

import (
	"math"

	"openvru/internal/stats"
)

// invert finds the nulls that a test does not reject, its p-value being over
// alpha by more than rounding: it walks out from the effect, in steps of about its
// error and then longer ones, to the last that is not rejected, and halves the
// step after that. A p-value need not fall all the way: nulls that are rejected
// with others further out that are not count as inside. An end is infinite when a
// null a million errors out is not rejected.
func invert(p func(null float64) float64, effect, size, alpha float64) stats.Interval {
	if !(size > 0) || math.IsInf(size, 1) {
		size = 1
	}
	end := func(direction float64) float64 {
		open := func(step float64) bool { return p(effect+direction*step) > alpha+1e-12 }
		inside, outside := 0.0, 0.0
		for step := size / 4; step < 2e6*size; {
			switch {
			case open(step):
				inside, outside = step, 0
			case outside == 0:
				outside = step
			}
			if step < 64*size {
				step *= 1.25
			} else {
				step *= 2
			}
		}
		if outside == 0 {
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
