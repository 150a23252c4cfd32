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

func BenchmarkConditional(b *testing.B) {
	for _, size := range []struct{ areas, permutations int }{{4994, 999}, {4994, 9999}, {35672, 999}} {
		b.Run(fmt.Sprintf("%dx%d", size.areas, size.permutations), func(b *testing.B) {
			w := weightsOf(b, patchwork(size.areas)).RowStandardised()
			x := rates(w, 1)
			b.ReportAllocs()
			for b.Loop() {
				conditional(w, x, Options{Permutations: size.permutations, Seed: 1})
			}
		})
	}
}
