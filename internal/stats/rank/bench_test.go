package rank

import (
	"testing"

	"openvru/internal/stats"
)

// london is a posterior for as many places as there are LSOAs.
func london() Gammas {
	const n = 4994
	r := stats.NewRand(1, 0)
	g := Gammas{make([]float64, n), make([]float64, n)}
	for i := range n {
		g.Shape[i], g.Rate[i] = 3+r.Poisson(5*r.Gamma(3)/3), 1.5+r.Float64()
	}
	return g
}

// 4,994 places, 10,000 draws: the chance to be among the worst 1, 5 and 10 %.
func BenchmarkTop(b *testing.B) {
	g := london()
	for b.Loop() {
		Top(g, []int{50, 250, 500}, Options{Draws: 10_000})
	}
}

// The same draws: expected ranks and rank intervals.
func BenchmarkRanks(b *testing.B) {
	g := london()
	for b.Loop() {
		Of(g, Options{Draws: 10_000})
	}
}

// 4,994 places by seven indicators, as in the index of deprivation, 2,000 sets of weights.
func BenchmarkStability(b *testing.B) {
	r := stats.NewRand(1, 0)
	c := Composite{Indicators: make([][]float64, 7)}
	for j := range c.Indicators {
		c.Indicators[j] = make([]float64, 4994)
		for i := range c.Indicators[j] {
			c.Indicators[j][i] = r.Normal()
		}
	}
	for b.Loop() {
		Stability(c, []int{250, 500}, Options{})
	}
}

// SciPy's kendalltau takes 3.4 times as long, the least of a thousand calls of
// each. Of our time two sorts by buckets take a third, the count of pairs against
// the order, a walk of log n steps for each place, another, and copying the rest.
func BenchmarkKendall(b *testing.B) {
	r := stats.NewRand(1, 0)
	x, y := make([]float64, 4994), make([]float64, 4994)
	for i := range x {
		x[i], y[i] = r.Normal(), r.Normal()
	}
	for b.Loop() {
		Kendall(x, y)
	}
}
