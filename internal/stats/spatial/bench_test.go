package spatial

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// patchwork is neighbours as small areas have them: a honeycomb in which pairs
// of triangles have been turned at random, with 5.8 neighbours on average and
// from 3 to 15.
func patchwork(n int) [][]int32 {
	wide := int(math.Sqrt(float64(n)))
	near := make([][]int32, n)
	tie := func(a, b int) {
		near[a], near[b] = append(near[a], int32(b)), append(near[b], int32(a))
	}
	for i := range n {
		row, column := i/wide, i%wide
		if column > 0 {
			tie(i, i-1)
		}
		if row > 0 {
			lean := row%2 - 1
			for c := max(column+lean, 0); c <= min(column+lean+1, wide-1); c++ {
				tie(i, (row-1)*wide+c)
			}
		}
	}
	r := stats.NewRand(7, 0)
	cut := func(a, b int) { near[a] = slices.DeleteFunc(near[a], func(j int32) bool { return int(j) == b }) }
	for range n / 2 {
		a := int(r.Below(uint32(n)))
		b := int(near[a][r.Below(uint32(len(near[a])))])
		var common []int
		for _, j := range near[a] {
			if slices.Contains(near[b], j) {
				common = append(common, int(j))
			}
		}
		if len(common) != 2 || len(near[a]) < 4 || len(near[b]) < 4 {
			continue
		}
		c, d := common[0], common[1]
		if slices.Contains(near[c], int32(d)) || len(near[c]) > 14 || len(near[d]) > 14 {
			continue
		}
		cut(a, b)
		cut(b, a)
		tie(c, d)
	}
	return near
}

// rates is values such as a map of rates has, alike between some neighbours.
func rates(w *Weights, seed uint64) []float64 {
	r := stats.NewRand(seed, 0)
	x := make([]float64, w.Len())
	for i := range x {
		x[i] = r.Gamma(2)
	}
	lag := w.RowStandardised().Lag(x)
	for i := range x {
		x[i] += lag[i] / 2
	}
	return x
}

// sizes are the maps and permutations that are measured: London's small areas,
// and those of England and Wales.
var sizes = []struct{ areas, permutations int }{{4994, 999}, {4994, 9999}, {35672, 999}}

func benchmark(b *testing.B, run func(w *Weights, x []float64, o Options)) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%dx%d", size.areas, size.permutations), func(b *testing.B) {
			w := weightsOf(b, patchwork(size.areas))
			x := rates(w, 1)
			b.ReportAllocs()
			for b.Loop() {
				run(w, x, Options{Permutations: size.permutations, Seed: 1})
			}
		})
	}
}

// A bare C loop of the draws and gathers alone, on as many threads, is the limit
// (bench/peers/spatial.c). Beyond it, to count ties on both sides and keep the
// spread is a sixth of the time on London's map, and to see that no value is
// drawn twice a part of the sums. Areas of nine and more neighbours, which take
// the general loop, are an eighth, too little for loops of their own.
func BenchmarkLocalMoran(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(LocalMoran(w, x, o)) })
}

func BenchmarkGiStar(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(LocalG(w.WithSelf(), x, o)) })
}

func BenchmarkLocalBivariate(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(LocalBivariate(w, x, w.Lag(x), o)) })
}

func BenchmarkMoran(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(Moran(w, x, o)) })
}

func BenchmarkGeary(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(Geary(w, x, o)) })
}

func BenchmarkGeneralG(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(GeneralG(w, x, o)) })
}

func BenchmarkBivariateMoran(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) { must(BivariateMoran(w, x, w.Lag(x), o)) })
}

func BenchmarkMoranRates(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) {
		people := make([]float64, len(x))
		for i := range people {
			people[i] = 1000 + float64(i%1000)
		}
		must(MoranRates(w, x, people, o))
	})
}

// Weights that differ within an area take the general loop.
func BenchmarkLocalMoranInverseDistance(b *testing.B) {
	benchmark(b, func(w *Weights, x []float64, o Options) {
		r := stats.NewRand(3, 0)
		east, north := make([]float64, len(x)), make([]float64, len(x))
		for i := range x {
			east[i], north[i] = r.Float64(), r.Float64()
		}
		must(LocalMoran(must(w.InverseDistance(east, north, 1)), x, o))
	})
}

func BenchmarkDistanceWeights(b *testing.B) {
	const n = 100_000
	r := stats.NewRand(1, 0)
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = 300_000*r.Float64(), 300_000*r.Float64()
	}
	b.Run("nearest", func(b *testing.B) {
		for b.Loop() {
			must(KNearest(x, y, 8))
		}
	})
	b.Run("band", func(b *testing.B) {
		for b.Loop() {
			must(DistanceBand(x, y, 1000))
		}
	})
}

func BenchmarkSums(b *testing.B) {
	w := weightsOf(b, patchwork(35672)).RowStandardised()
	for b.Loop() {
		w.Sums()
	}
}
