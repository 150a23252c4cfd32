package shrink

import (
	"testing"

	"openvru/internal/stats"
)

// london is as many places as there are LSOAs, laid out as a grid in which each
// has up to eight neighbours, with a month's or a year's counts.
func london(mean float64) (counts, exposure []float64, neighbours [][]int32) {
	const n, side = 4994, 71
	r := stats.NewRand(1, 0)
	for i := range n {
		e := 1000 + 1500*r.Float64()
		exposure = append(exposure, e)
		counts = append(counts, r.Poisson(mean*e/1750*r.Gamma(3)/3))
		var list []int32
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				x, y := i%side+dx, i/side+dy
				if j := y*side + x; (dx != 0 || dy != 0) && x >= 0 && x < side && y >= 0 && j < n {
					list = append(list, int32(j))
				}
			}
		}
		neighbours = append(neighbours, list)
	}
	return counts, exposure, neighbours
}

// spdep's EBest takes 3.8 times as long, the least of a thousand calls of each,
// and bare NumPy without any check of its input 0.7 times. A third of our time goes
// into those checks, the rest is two divisions a place and what they are stored in.
func BenchmarkGlobal(b *testing.B) {
	counts, exposure, _ := london(5)
	for b.Loop() {
		Global(counts, exposure)
	}
}

func BenchmarkLocal(b *testing.B) {
	counts, exposure, neighbours := london(5)
	for b.Loop() {
		Local(counts, exposure, neighbours, Shared)
	}
}

func BenchmarkMap(b *testing.B) {
	counts, exposure, _ := london(5)
	for b.Loop() {
		Map(counts, exposure)
	}
}

// The likeliest prior, the posterior means and the 95 % intervals.
func BenchmarkGammaLikelihood(b *testing.B) { benchmarkGamma(b, Likelihood) }
func BenchmarkGammaIntegrated(b *testing.B) { benchmarkGamma(b, Integrated) }

func benchmarkGamma(b *testing.B, method Method) {
	counts, exposure, _ := london(5)
	for b.Loop() {
		g, err := FitGamma(counts, exposure, method)
		if err != nil {
			b.Fatal(err)
		}
		g.Rates()
		g.Intervals(0.95)
	}
}
