package effect

import (
	"math"
	"testing"
)

// A p-value that falls, rises again and falls for good: the gap is inside. One
// that never falls has no end; one that falls at once ends there.
func TestEndsOfIntervals(t *testing.T) {
	gap := func(null float64) float64 {
		if d := math.Abs(null - 5); d < 3 || d > 10 && d < 21.7 {
			return 0.2
		}
		return 0.05
	}
	i := invert(gap, 5, 1, 0.05)
	near(t, "low", i.Low, 5-21.7, 1e-9)
	near(t, "high", i.High, 5+21.7, 1e-9)
	i = invert(func(null float64) float64 { return max(0, 1-null*null) }, 0, 1e-3, 0.19)
	near(t, "high of a parabola", i.High, 0.9, 1e-9)
	i = invert(func(null float64) float64 { return 0.06 + max(0, -null) }, 0, 0, 0.05)
	if !math.IsInf(i.Low, -1) || !math.IsInf(i.High, 1) {
		t.Errorf("%v of a test that never rejects", i)
	}
}

// With signs, G clusters have 2^(G−1) patterns that differ in |t|: an effect out
// of all doubt has p = 1/32 with six, and with five no interval at 95 % has ends.
func TestLeastPOfFewClusters(t *testing.T) {
	for clusters, ends := range map[int]bool{4: false, 5: false, 6: true, 7: true} {
		p, start := Panel{Outcome: make([][]float64, clusters)}, make([]int, clusters)
		for i := range p.Outcome {
			start[i] = -1 + i%2*3
			p.Outcome[i] = []float64{float64(i % 3), 1, 0.2 * float64(i%4), 2}
			for c := 2; i%2 == 1 && c < 4; c++ {
				p.Outcome[i][c] += 1000
			}
		}
		w, err := Wild(p, Treated(start, 4), nil, WildOptions{Weights: Rademacher})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "least p", w.P, 1/math.Pow(2, float64(clusters-1)), 1e-15)
		if has := !math.IsInf(w.Interval.Low, 0) && !math.IsInf(w.Interval.High, 0); has != ends {
			t.Errorf("%d clusters: %v", clusters, w.Interval)
		}
	}
}
