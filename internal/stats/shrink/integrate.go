package shrink

import (
	"math"
	"slices"
)

// Nodes at which the posterior of log k is summed, and how far its log may fall
// below the top at the outermost: with a density close to normal that is four
// standard deviations each way in steps of 0.8, and the sum is good to 1e-5.
const (
	nodes = 11
	depth = 8.0
)

// integrate returns the priors over which the posterior is averaged. The shape
// has the uniform-shrinkage density of Christiansen and Morris (1997): the
// share by which a typical place is drawn to the mean is as likely to be any
// figure as any other. The log of the mean is flat, and normal about its
// likeliest value for each shape, which three points of Gauss and Hermite hold.
func (m *marginal) integrate(likeliest Prior) []part {
	typical := m.typical() * likeliest.Mean
	height := func(t float64) float64 {
		k := math.Exp(t)
		mu := m.mean(k, m.rate)
		return m.logLikelihood(mu, k) + math.Log(m.spreadOfLogMean(mu, k)) + t - 2*math.Log1p(k*typical)
	}
	top, low, high := around(height)
	var parts []part
	sum := 0.0
	step := (high - low) / (nodes - 1)
	for i := range nodes {
		t := low + float64(i)*step
		share := math.Exp(height(t) - top)
		k := math.Exp(t)
		mu := m.mean(k, m.rate)
		off := math.Sqrt(3) * m.spreadOfLogMean(mu, k)
		for _, p := range [3]part{{Prior{mu, 1 / k}, share * 2 / 3}, {Prior{mu * math.Exp(-off), 1 / k}, share / 6}, {Prior{mu * math.Exp(off), 1 / k}, share / 6}} {
			parts = append(parts, p)
			sum += p.weight
		}
	}
	return prune(parts, sum)
}

// prune drops parts that matter to no figure one would print, and makes the
// rest sum to one.
func prune(parts []part, sum float64) []part {
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.weight < 1e-4*sum })
	sum = 0
	for _, p := range parts {
		sum += p.weight
	}
	for i := range parts {
		parts[i].weight /= sum
	}
	return parts
}

// typical is the harmonic mean of the exposures.
func (m *marginal) typical() float64 {
	sum := 0.0
	for _, e := range m.exposure {
		sum += 1 / e
	}
	return float64(len(m.exposure)) / sum
}

// spreadOfLogMean is the standard error of the log of the mean, given k; at most
// that of a quarter of an event, which only counts that are not whole reach.
func (m *marginal) spreadOfLogMean(mu, k float64) float64 {
	information := 0.0
	for i, y := range m.counts {
		x := m.exposure[i] * mu
		information += x * (1 + k*y) / ((1 + k*x) * (1 + k*x))
	}
	return 1 / math.Sqrt(max(information, 0.25))
}

// around returns the top of a curve over log k and where it has fallen by depth
// on either side, or the bounds of log k.
func around(height func(float64) float64) (top, low, high float64) {
	at := leastLogK
	top = math.Inf(-1)
	for t := leastLogK; t <= mostLogK; t++ {
		if h := height(t); h > top {
			top, at = h, t
		}
	}
	at = summit(height, max(at-1, leastLogK), min(at+1, mostLogK))
	top = height(at)
	edge := func(end float64) float64 {
		if height(end) > top-depth {
			return end
		}
		inside := at
		for math.Abs(end-inside) > 0.01*math.Abs(end-at) {
			if mid := (inside + end) / 2; height(mid) > top-depth {
				inside = mid
			} else {
				end = mid
			}
		}
		return end
	}
	return top, edge(leastLogK), edge(mostLogK)
}

// summit is the search of the golden section.
func summit(height func(float64) float64, low, high float64) float64 {
	const golden = 0.6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	ha, hb := height(a), height(b)
	for high-low > 1e-3 {
		if ha > hb {
			high, b, hb = b, a, ha
			a = high - golden*(high-low)
			ha = height(a)
		} else {
			low, a, ha = a, b, hb
			b = low + golden*(high-low)
			hb = height(b)
		}
	}
	return (low + high) / 2
}
