package effect

import (
	"math"
	"slices"
)

// search is the simplex search of Nelder and Mead (1965): it returns the lowest
// point found from a start and its height.
func search(f func([]float64) float64, start []float64) ([]float64, float64) {
	type corner struct {
		at    []float64
		value float64
	}
	n := len(start)
	corners := make([]corner, n+1)
	for k := range corners {
		at := slices.Clone(start)
		if k > 0 {
			at[k-1]++
		}
		corners[k] = corner{at, f(at)}
	}
	along := func(centre, worst []float64, by float64) corner {
		at := make([]float64, n)
		for j := range at {
			at[j] = centre[j] + by*(worst[j]-centre[j])
		}
		return corner{at, f(at)}
	}
	for range 200 * (n + 1) {
		slices.SortStableFunc(corners, func(a, b corner) int {
			switch {
			case a.value < b.value:
				return -1
			case a.value > b.value:
				return 1
			}
			return 0
		})
		best, worst := corners[0], corners[n]
		if worst.value-best.value <= 1e-10*math.Abs(best.value) {
			break
		}
		centre := make([]float64, n)
		for _, c := range corners[:n] {
			for j, v := range c.at {
				centre[j] += v / float64(n)
			}
		}
		next := along(centre, worst.at, -1)
		switch {
		case next.value < best.value:
			if further := along(centre, worst.at, -2); further.value < next.value {
				next = further
			}
		case next.value >= corners[n-1].value:
			if next.value < worst.value {
				next = along(centre, worst.at, -0.5)
			} else {
				next = along(centre, worst.at, 0.5)
			}
		}
		if next.value < worst.value {
			corners[n] = next
			continue
		}
		for k := 1; k <= n; k++ { // draw all towards the best
			corners[k] = along(best.at, corners[k].at, 0.5)
		}
	}
	best := corners[0]
	for _, c := range corners {
		if c.value < best.value {
			best = c
		}
	}
	return best.at, best.value
}
