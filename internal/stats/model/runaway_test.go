package model

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// Counts for which no finite estimates are best, on designs where the steps towards
// them settle: a start, an end or a part of its own with a slope and no events but one.
func TestRunawayFitsAreRefused(t *testing.T) {
	from := func(start int, slope float64) []float64 {
		out := make([]float64, 8)
		for i := start; i < 8; i++ {
			out[i] = 1 + (float64(i-start)-1)*slope
		}
		return out
	}
	for _, c := range []struct {
		name  string
		y     []float64
		start int
	}{
		{"two months", []float64{8, 0, 8, 0, 8, 0, 0, 8}, 6},
		{"three months", []float64{8, 0, 8, 0, 8, 0, 0, 8}, 5},
		{"before", []float64{0, 2, 4, 0, 0, 2, 6, 3}, 1},
		{"long before", []float64{0, 0, 0, 5, 0, 0, 0, 6}, 3},
	} {
		for _, unit := range []float64{1, 1.0 / 12, 1.0 / 7} {
			d := NewDesign(8).Intercept().Add("step", from(c.start, 0)).Add("slope", from(c.start, unit))
			for _, family := range []Family{Poisson, QuasiPoisson, NegativeBinomial} {
				if f, err := Fit(d, c.y, Options{Family: family}); !errors.Is(err, stats.ErrNoFit) {
					t.Errorf("%s, slope of %v, family %d: %v %v", c.name, unit, family, f.Coefficients, err)
				}
			}
		}
	}
}

// A mean that is next to nothing because a line that others draw leads there is not
// refused: its estimates are finite.
func TestSmallMeansAreNotRefused(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4, 60, 1000}
	f, err := Fit(NewDesign(7).Intercept().Add("x", x), []float64{20, 7, 3, 1, 0, 0, 0}, Options{Family: Poisson})
	if err != nil {
		t.Fatal(err)
	}
	want, err := Fit(NewDesign(5).Intercept().Add("x", x[:5]), []float64{20, 7, 3, 1, 0}, Options{Family: Poisson})
	if err != nil {
		t.Fatal(err)
	}
	for j, b := range want.Coefficients {
		if math.Abs(f.Coefficients[j]-b) > 1e-8 {
			t.Errorf("%v, not %v", f.Coefficients, want.Coefficients)
		}
	}
}
