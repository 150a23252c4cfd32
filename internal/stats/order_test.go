package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestQuantilesAreThoseOfASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{1, 2, math.Inf(1)})), 1, 300).Draw(t, "values")
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		for _, p := range []float64{0, 0.025, 0.5, 0.9, 1} {
			h := p * float64(len(values)-1)
			k := int(h)
			want := sorted[k]
			if k+1 < len(sorted) && h > float64(k) && sorted[k+1] != want {
				want += (h - float64(k)) * (sorted[k+1] - want)
			}
			if got := Quantile(values, p); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%v at %v: %v, want %v", sorted, p, got, want)
			}
		}
	})
	if i := Middle([]float64{1, math.NaN()}, 0.95); !math.IsNaN(i.Low) {
		t.Error(i)
	}
}

// The smaller values end up before the one looked for, the larger behind.
func TestSmallestDivides(t *testing.T) {
	r := NewRand(1, 0)
	for range 200 {
		values := make([]float64, 1+int(r.Below(60)))
		for i := range values {
			values[i] = float64(r.Below(20))
		}
		k := int(r.Below(uint32(len(values))))
		v := Smallest(values, k)
		if v != values[k] || slices.Max(values[:k+1]) > v || slices.Min(values[k:]) < v {
			t.Fatal(values, k, v)
		}
	}
}
