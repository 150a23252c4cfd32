package nearrepeat

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

func TestWhatCannotBeTested(t *testing.T) {
	nan, good := math.NaN(), Bands{Space: []float64{100}, Time: []float64{7}}
	two := Events{[]float64{0, 1}, []float64{0, 1}, []float64{0, 1}}
	for _, c := range []struct {
		name string
		e    Events
		b    Bands
		o    Options
		want error
	}{
		{"none", Events{}, good, Options{}, stats.ErrEmpty},
		{"one", Events{[]float64{0}, []float64{0}, []float64{0}}, good, Options{}, stats.ErrTooFew},
		{"lengths", Events{[]float64{0, 1}, []float64{0}, []float64{0, 1}}, good, Options{}, stats.ErrLength},
		{"NaN place", Events{[]float64{0, nan}, two.Y, two.Time}, good, Options{}, stats.ErrMissing},
		{"NaN time", Events{two.X, two.Y, []float64{0, nan}}, good, Options{}, stats.ErrMissing},
		{"infinite time", Events{two.X, two.Y, []float64{0, math.Inf(1)}}, good, Options{}, stats.ErrMissing},
		{"no limits", two, Bands{Time: good.Time}, Options{}, stats.ErrOption},
		{"not ascending", two, Bands{Space: []float64{5, 5}, Time: good.Time}, Options{}, stats.ErrOption},
		{"negative limit", two, Bands{Space: []float64{-1}, Time: good.Time}, Options{}, stats.ErrOption},
		{"NaN limit", two, Bands{Space: []float64{nan}, Time: good.Time}, Options{}, stats.ErrOption},
		{"infinite limit", two, Bands{Space: good.Space, Time: []float64{math.Inf(1)}}, Options{}, stats.ErrOption},
		{"metric", two, Bands{good.Space, good.Time, 7}, Options{}, stats.ErrOption},
		{"replications", two, good, Options{Replications: -1}, stats.ErrOption},
	} {
		if _, err := Knox(c.e, c.b, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestTooManyPairsAreRefused(t *testing.T) {
	e := scattered(17, 100, 10, 10)
	ix := newIndex(e, 100)
	b := Bands{Space: []float64{5, 100}, Time: []float64{1}}
	if _, err := ix.near(b, 4949); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if near, err := ix.near(b, 4950); err != nil || len(near[0])+len(near[1]) != 4950 {
		t.Error(err)
	}
}

func TestNothingThatCouldVary(t *testing.T) {
	zeros := make([]float64, 5)
	b := Bands{Space: []float64{10}, Time: []float64{3}}
	for name, e := range map[string]Events{
		"one place":     {zeros, zeros, []float64{1, 2, 30, 40, 50}},
		"one time":      {[]float64{1, 2, 300, 400, 500}, zeros, zeros},
		"no near pairs": {[]float64{0, 100, 200, 300, 400}, zeros, []float64{1, 2, 3, 4, 5}},
		"one of each":   {zeros, zeros, zeros},
	} {
		for _, row := range knox(t, e, b, Options{Replications: 19}).Cells {
			for _, c := range row {
				if c.P != 1 || !math.IsNaN(c.Z) || c.Variance != 0 || c.Observed != c.Expected {
					t.Errorf("%s: %+v", name, c)
				}
				if c.Observed == 0 && !math.IsNaN(c.Ratio) || c.Observed > 0 && c.Ratio != 1 || c.Over(Rule{}) {
					t.Errorf("%s: ratio %v", name, c.Ratio)
				}
			}
		}
	}
}

// Any numbers at all: an answer without panic, or a named error.
func FuzzKnox(f *testing.F) {
	f.Add(0.0, 0.0, 1.0, 1.0, 2.0, 100.0, 7.0)
	f.Add(1e308, -1e308, 5e-324, -1e9, 1e17, 1e300, 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, space, time float64) {
		events := Events{X: []float64{a, b, a, c}, Y: []float64{b, c, b, d}, Time: []float64{c, d, e, a}}
		table, err := Knox(events, Bands{Space: []float64{space}, Time: []float64{time}}, Options{Replications: 5})
		if err != nil {
			if !errors.Is(err, stats.ErrOption) && !errors.Is(err, stats.ErrMissing) {
				t.Fatal(err)
			}
			return
		}
		total := 0.0
		for _, row := range table.Cells {
			for _, c := range row {
				total += c.Observed
				if !(c.P > 0 && c.P <= 1) || c.Observed < 0 {
					t.Fatalf("%+v", c)
				}
			}
		}
		if total != 6 {
			t.Fatalf("%v pairs of 4 events", total)
		}
	})
}
