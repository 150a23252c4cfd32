package model

import (
	"fmt"
	"slices"

	"openvru/internal/stats"
)

// Spline adds a natural cubic spline of x: cubic between the knots, straight
// beyond the first and the last, smooth throughout. There must be two knots or
// more, rising; k knots give k−1 columns (the constant is the intercept's),
// named "name 1" and so on. To predict, give the same knots again.
//
// The basis is that of Hastie, Tibshirani and Friedman, "The Elements of
// Statistical Learning" (2009), section 5.2.1, with x scaled to the knots' range.
func (d *Design) Spline(name string, x, knots []float64) *Design {
	if len(knots) < 2 || stats.Finite(knots) != nil || !rising(knots) {
		d.fail(fmt.Errorf("knots of %q: %w", name, stats.ErrOption))
		return d
	}
	first, last := knots[0], knots[len(knots)-1]
	scale := func(v float64) float64 { return (v - first) / (last - first) }
	d.Add(name+" 1", apply(x, scale))
	before := scale(knots[len(knots)-2])
	for k := range len(knots) - 2 {
		knot := scale(knots[k])
		d.Add(fmt.Sprintf("%s %d", name, k+2), apply(x, func(v float64) float64 {
			v = scale(v)
			return bend(v, knot) - bend(v, before)
		}))
	}
	return d
}

// bend is cubic from the knot on and linear from 1 on.
func bend(v, knot float64) float64 {
	return (cube(v-knot) - cube(v-1)) / (1 - knot)
}

func cube(v float64) float64 {
	v = max(v, 0)
	return v * v * v
}

func apply(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

func rising(values []float64) bool {
	for i := 1; i < len(values); i++ {
		if !(values[i] > values[i-1]) {
			return false
		}
	}
	return true
}

// Knots returns the knots of a natural spline with that many degrees of freedom
// (columns): the least and the largest x and the quantiles that part the values
// equally in between. Fewer distinct values than knots are stats.ErrTooFew.
func Knots(x []float64, degrees int) ([]float64, error) {
	if degrees < 1 {
		return nil, stats.ErrOption
	}
	if err := stats.Finite(x); err != nil {
		return nil, err
	}
	if len(x) < 2 {
		return nil, stats.ErrTooFew
	}
	sorted := slices.Sorted(slices.Values(x))
	knots := make([]float64, degrees+1)
	for k := range knots {
		at := float64(len(x)-1) * float64(k) / float64(degrees)
		low := min(int(at), len(x)-2)
		knots[k] = sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
	}
	if !rising(knots) {
		return nil, stats.ErrTooFew
	}
	return knots, nil
}
