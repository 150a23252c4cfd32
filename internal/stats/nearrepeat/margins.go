package nearrepeat

import (
	"math"
	"slices"
)

// margin is one way of being near, by distance or by time, as a graph: how many
// pairs are so, and over all events the sum of d(d−1), where d is how many
// others an event is near to.
type margin struct{ pairs, wedges float64 }

// opposite is the margin of the pairs that are not so among those of n events.
func (m margin) opposite(n float64) margin {
	return margin{
		pairs:  n*(n-1)/2 - m.pairs,
		wedges: n*(n-1)*(n-2) - 4*(n-2)*m.pairs + m.wedges,
	}
}

// sparser is the margin or its opposite, whichever has fewer pairs. The number
// near in both senses varies alike for either, and the smaller one loses fewer
// digits.
func (m margin) sparser(n float64) margin {
	if o := m.opposite(n); o.pairs < m.pairs {
		return o
	}
	return m
}

// moments are the exact mean and variance of the number of pairs near in both
// senses, over all n! ways to give the times to the places (Barton and David
// 1966; Mantel 1967).
func moments(count int, space, time margin) (mean, variance float64) {
	n := float64(count)
	all := n * (n - 1) / 2
	mean = space.pairs / all * time.pairs
	a, b := space.sparser(n), time.sparser(n)
	m := a.pairs / all * b.pairs
	square := m // a pair with itself
	if n > 2 {  // two pairs that share an event
		square += a.wedges / (n * (n - 1) * (n - 2)) * b.wedges
	}
	if n > 3 { // two pairs that share none
		apart := func(g margin) float64 { return g.pairs*(g.pairs-1) - g.wedges }
		square += apart(a) / (n * (n - 1) * (n - 2) * (n - 3)) * 4 * apart(b)
	}
	return mean, max(0, square-m*m)
}

// spaceMargins are those of each band of the listed pairs and of what lies
// beyond them.
func spaceMargins(near [][]pair, n int) []margin {
	out := make([]margin, 0, len(near)+1)
	degree, all := make([]float64, n), make([]float64, n)
	for _, pairs := range near {
		clear(degree)
		for _, p := range pairs {
			degree[p.a]++
			degree[p.b]++
		}
		out = append(out, degrees(degree))
		for i, d := range degree {
			all[i] += d
		}
	}
	return append(out, beyond(all))
}

// timeMargins are those of each time band and of what lies beyond them.
func timeMargins(time, limits []float64) []margin {
	sorted := slices.Sorted(slices.Values(time))
	out := make([]margin, 0, len(limits)+1)
	degree, all := make([]float64, len(time)), make([]float64, len(time))
	for _, limit := range limits {
		low, high := 0, 0
		for i, t := range sorted {
			for t-sorted[low] > limit {
				low++
			}
			for high < len(sorted) && sorted[high]-t <= limit {
				high++
			}
			within := float64(high - low - 1)
			degree[i], all[i] = within-all[i], within
		}
		out = append(out, degrees(degree))
	}
	return append(out, beyond(all))
}

func degrees(degree []float64) (m margin) {
	for _, d := range degree {
		m.pairs += d
		m.wedges += d * (d - 1)
	}
	m.pairs /= 2
	return m
}

// beyond is the margin of all pairs except those counted.
func beyond(counted []float64) margin {
	rest := make([]float64, len(counted))
	for i, d := range counted {
		rest[i] = float64(len(counted)-1) - d
	}
	return degrees(rest)
}

// ratio is observed over expected: NaN when nothing is expected.
func ratio(observed, expected float64) float64 {
	if expected == 0 {
		return math.NaN()
	}
	return observed / expected
}

// zed is a difference in standard deviations: NaN when nothing varies.
func zed(difference, variance float64) float64 {
	if variance == 0 {
		return math.NaN()
	}
	return difference / math.Sqrt(variance)
}
