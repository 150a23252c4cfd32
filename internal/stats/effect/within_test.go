package effect

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// What is left has no mean in any unit or period, and what units and periods add
// is taken out whole: together that is the one and only projection. Panels long
// and wide, with gaps, unequal weights, empty units and parts not linked.
func TestMeansAreTakenOut(t *testing.T) {
	r := stats.NewRand(31, 0)
	for trial := range 120 {
		units, periods := 1+int(r.Below(25)), 1+int(r.Below(25))
		n := units * periods
		weight, x, y := make([]float64, n), make([]float64, n), make([]float64, n)
		onUnit, onPeriod := make([]float64, units), make([]float64, periods)
		for i := range onUnit {
			onUnit[i] = 100 * r.Normal()
		}
		for c := range onPeriod {
			onPeriod[c] = 100 * r.Normal()
		}
		for c := range n {
			i, p := c/periods, c%periods
			weight[c] = 1
			switch apart := (i%2 == 0) == (p%3 == 0); {
			case trial%4 == 1 && r.Float64() < 0.5, trial%4 == 3 && apart:
				weight[c] = 0
			case trial%4 >= 2:
				weight[c] = 0.01 + 50*r.Float64()*r.Float64()
			}
			x[c] = r.Normal()
			y[c] = x[c] + onUnit[i] + onPeriod[p]
		}
		w := newWithin(units, periods, weight)
		w.out(x)
		w.out(y)
		sums := make([]float64, units+periods)
		for c, v := range x {
			if math.Abs(v-y[c]) > 1e-10 {
				t.Fatalf("trial %d: cell %d is %v, and %v when effects are added", trial, c, v, y[c])
			}
			sums[c/periods] += weight[c] * v
			sums[units+c%periods] += weight[c] * v
		}
		for k, v := range sums {
			if math.Abs(v) > 1e-9 {
				t.Errorf("trial %d: sum %d of what is left is %v", trial, k, v)
			}
		}
	}
}

// Units and periods, less one for each part: two parts of 2 × 2 cells have
// (2 + 2 − 1) · 2 parameters, and cells not observed none.
func TestParametersOfPartsNotLinked(t *testing.T) {
	for _, c := range []struct {
		weight []float64
		want   int
	}{
		{[]float64{1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1}, 6},
		{[]float64{1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1}, 7},
		{[]float64{1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 3},
	} {
		if got := newWithin(4, 4, c.weight).parameters(); got != c.want {
			t.Errorf("%v: %d parameters, not %d", c.weight, got, c.want)
		}
	}
}
