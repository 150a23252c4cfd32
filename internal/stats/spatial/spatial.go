// Package spatial is statistics of values on a map: which places are each
// other's neighbours, whether alike values lie together over the whole map
// (Moran's I, Geary's C, General G), and where they do (local Moran, Gi, Gi*).
//
// Weights say who is whose neighbour and how much it counts. Every statistic
// comes with the expectation and variance that theory gives it when values have
// nothing to do with places, and, when Options asks for permutations, with
// those of values dealt out to places at random. Local statistics hold a
// place's own value where it is and deal the others out afresh for each place.
//
// The methods pages under docs/methods give formulas, assumptions and sources.
package spatial

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Options is what the statistics can be asked for. The zero value asks for
// theory alone.
type Options struct {
	// Permutations is how often values are dealt out at random; with none there
	// is no inference by permutation. 999 is usual; its least p is 0.001.
	Permutations int
	// Seed makes the permutations repeatable.
	Seed uint64
	// Total asks local Moran for the expectation and variance over all ways to
	// deal out the values (Anselin 1995) instead of those in which the place
	// keeps its own value (Sokal, Oden and Thomson 1998).
	Total bool
}

// check returns the error of values or options that no statistic here takes:
// ErrEmpty, ErrLength, ErrMissing or ErrOption.
func (o Options) check(w *Weights, series ...[]float64) error {
	if w == nil || w.Len() == 0 {
		return stats.ErrEmpty
	}
	for _, x := range series {
		if len(x) != w.Len() {
			return fmt.Errorf("%d values for %d areas: %w", len(x), w.Len(), stats.ErrLength)
		}
	}
	if o.Permutations < 0 {
		return fmt.Errorf("%d permutations: %w", o.Permutations, stats.ErrOption)
	}
	return stats.Finite(series...)
}

// deviations returns the values less their mean, and the mean of the squares of
// that. It returns ErrConstant if the values do not vary.
func deviations(x []float64) (z []float64, m2 float64, err error) {
	if constant(x) {
		return nil, 0, stats.ErrConstant
	}
	mean := meanOf(x)
	z = make([]float64, len(x))
	for i, v := range x {
		z[i] = v - mean
		m2 += z[i] * z[i]
	}
	if m2 /= float64(len(x)); m2 == 0 || math.IsInf(m2, 0) {
		return nil, 0, stats.ErrConstant
	}
	return z, m2, nil
}

func constant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

// meanOf corrects the mean by that of what is left, which takes off the rounding
// of the first.
func meanOf(x []float64) float64 {
	n, mean, left := float64(len(x)), 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		left += v - mean
	}
	return mean + left/n
}
