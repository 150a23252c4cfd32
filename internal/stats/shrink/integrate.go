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

// Where the counts say so little of the mean that its log is not near normal
// (fewer than some thirty events), it is summed over nodes as well.
const enough = 30

// integrate returns the priors over which the posterior is averaged. The shape
// has the uniform-shrinkage density of Christiansen and Morris (1997): the
// share by which a typical place is drawn to the mean is as likely to be any
// figure as any other. The log of the mean is flat.
func (m *marginal) integrate(likeliest Prior) []part {
	typical := m.typical * likeliest.Mean
	density := func(mu, k float64) float64 {
		return m.logLikelihood(mu, k) + math.Log(k) - 2*math.Log1p(k*typical)
	}
	top, low, high := around(func(t float64) float64 {
		k := math.Exp(t)
		mu := m.mean(k, m.rate)
		return density(mu, k) + math.Log(m.spreadOfLogMean(mu, k))
	}, m.leastLogK, mostLogK)
	var parts []part
	for i := range nodes {
		k := math.Exp(low + float64(i)*(high-low)/(nodes-1))
		parts = m.means(parts, k, func(mu float64) float64 { return density(mu, k) - top })
	}
	return prune(parts)
}

// means adds the priors of one shape: their means, and as weights the density
// summed. A normal one is held by three points of Gauss and Hermite.
func (m *marginal) means(parts []part, k float64, density func(mu float64) float64) []part {
	mu := m.mean(k, m.rate)
	spread := m.spreadOfLogMean(mu, k)
	if spread*spread <= 1.0/enough {
		off, share := math.Sqrt(3)*spread, spread*math.Sqrt(2*math.Pi)*math.Exp(density(mu))
		return append(parts, part{Prior{mu, 1 / k}, share * 2 / 3},
			part{Prior{mu * math.Exp(-off), 1 / k}, share / 6}, part{Prior{mu * math.Exp(off), 1 / k}, share / 6})
	}
	centre := math.Log(mu)
	_, low, high := around(func(u float64) float64 { return density(math.Exp(u)) }, centre-farthest, centre+farthest)
	step := (high - low) / (nodes - 1)
	for i := range nodes {
		mu := math.Exp(low + float64(i)*step)
		parts = append(parts, part{Prior{mu, 1 / k}, step * math.Exp(density(mu))})
	}
	return parts
}

// farthest bounds the log of the mean about the likeliest for a shape: where
// hardly any place has events and rates vary without bound, it may be anything.
const farthest = 10.0

// prune drops parts that matter to no figure one would print, and makes the
// rest sum to one. None are left when counts lie so far apart (by twenty orders
// of magnitude) that the sum is no number.
func prune(parts []part) []part {
	sum := 0.0
	for _, p := range parts {
		sum += p.weight
	}
	if !(sum > 0 && sum <= math.MaxFloat64) {
		return nil
	}
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

// around returns the top of a curve and where it has fallen by depth on either
// side, or the bounds.
func around(height func(float64) float64, least, most float64) (top, low, high float64) {
	at := least
	top = math.Inf(-1)
	for t := least; t <= most; t++ {
		if h := height(t); h > top {
			top, at = h, t
		}
	}
	at = summit(height, max(at-1, least), min(at+1, most))
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
	return top, edge(least), edge(most)
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
