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
	"slices"

	"openvru/internal/stats"
)

// Options is what the statistics can be asked for. The zero value asks for
// theory alone.
type Options struct {
	// Permutations is how often values are dealt out at random, 0 to 10 million;
	// with none there is no inference by permutation. 999 is usual; its least p
	// is 0.001.
	Permutations int
	// Seed makes the permutations repeatable.
	Seed uint64
	// Total asks local Moran for the expectation and variance over all ways to
	// deal out the values (Anselin 1995) instead of those in which the place
	// keeps its own value (Sokal, Oden and Thomson 1998).
	Total bool
}

// mostPermutations are more than anyone waits for.
const mostPermutations = 10_000_000

// values are the values of a map and their deviations from the mean.
type values struct {
	x, z     []float64
	mean, m2 float64 // m2 is the mean square of z
}

// prepare returns the values if a statistic that needs so many areas can be had
// of them: ErrEmpty, ErrLength, ErrMissing, ErrOption, ErrTooFew,
// ErrNoNeighbours or ErrConstant if not. Values so large or small that squares
// would not fit are scaled, which no statistic here notices.
func (o Options) prepare(w *Weights, x []float64, least int) (values, error) {
	if w == nil || len(x) == 0 {
		return values{}, stats.ErrEmpty
	}
	if len(x) != w.Len() {
		return values{}, fmt.Errorf("%d values for %d areas: %w", len(x), w.Len(), stats.ErrLength)
	}
	if err := stats.Finite(x); err != nil {
		return values{}, err
	}
	if o.Permutations < 0 || o.Permutations > mostPermutations {
		return values{}, fmt.Errorf("%d permutations: %w", o.Permutations, stats.ErrOption)
	}
	if len(x) < least {
		return values{}, fmt.Errorf("%d areas: %w", len(x), stats.ErrTooFew)
	}
	if len(w.Islands()) == w.Len() {
		return values{}, stats.ErrNoNeighbours
	}
	if slices.Min(x) == slices.Max(x) {
		return values{}, stats.ErrConstant
	}
	return newValues(x), nil
}

func newValues(x []float64) values {
	most := 0.0
	for _, v := range x {
		most = max(most, math.Abs(v))
	}
	if _, exponent := math.Frexp(most); exponent > 50 || exponent < -50 {
		x = slices.Clone(x)
		for i := range x {
			x[i] = math.Ldexp(x[i], -exponent)
		}
	}
	v := values{x: x, z: make([]float64, len(x))}
	// Less one of them, values that hardly differ have a mean that is not rounded
	// to one of them.
	for i, value := range x {
		v.z[i] = value - x[0]
	}
	mean := meanOf(v.z)
	v.mean = x[0] + mean
	for i := range v.z {
		v.z[i] -= mean
		v.m2 += v.z[i] * v.z[i]
	}
	v.m2 /= float64(len(x))
	return v
}

// kurtosis returns the mean fourth power of the deviations over the square of
// their mean square.
func (v values) kurtosis() float64 {
	sum := 0.0
	for _, z := range v.z {
		sum += z * z / v.m2 * (z * z / v.m2)
	}
	return sum / float64(len(v.z))
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
