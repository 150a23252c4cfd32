package stats

import (
	"cmp"
	"math"
	"slices"
)

// Adjust returns the p-values adjusted for their number by Benjamini and
// Hochberg (1995): to call a discovery all those adjusted to q or less keeps
// the expected share of false ones among them at q or below, for tests that are
// independent or depend positively on each other. NaN stays NaN and does not
// count.
func Adjust(p []float64) []float64 { return adjust(p, 1) }

// AdjustAny is Adjust for tests that depend on each other in any way
// (Benjamini and Yekutieli 2001): stricter by about ln n.
func AdjustAny(p []float64) []float64 {
	c, n := 0.0, 0.0
	for _, v := range p {
		if !math.IsNaN(v) {
			n++
			c += 1 / n
		}
	}
	return adjust(p, c)
}

func adjust(p []float64, factor float64) []float64 {
	out := make([]float64, len(p))
	order := make([]int, 0, len(p))
	for i, v := range p {
		if out[i] = v; !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	least, n := 1.0, float64(len(order))
	for k, i := range order {
		least = min(least, factor*p[i]*n/(n-float64(k)))
		out[i] = least
	}
	return out
}

// MonteCarlo returns the p-value of an observed value that so many of the
// replications equalled or exceeded: (atLeast + 1) / (replications + 1), in
// which the observed one counts as one of them (Besag and Diggle 1977).
func MonteCarlo(atLeast, replications int) float64 {
	return float64(atLeast+1) / float64(replications+1)
}
