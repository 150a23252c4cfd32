package density

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

func TestGaussianIsTheExponential(t *testing.T) {
	for u := 0.0; u < 1400; u += 0.00731 {
		tolerance := 1e-14
		if u > 60 {
			tolerance = 1e-13
		}
		if want := math.Exp(-u / 2); math.Abs(gaussian(u)-want) > tolerance*want {
			t.Fatalf("exp(−%v/2) = %v, not %v", u, gaussian(u), want)
		}
	}
	if gaussian(0) != 1 || gaussian(1400) != 0 || gaussian(math.Inf(1)) != 0 {
		t.Error(gaussian(0), gaussian(1400))
	}
}

// An adaptive bandwidth is never more than five times the one given, for an event
// far from all others, nor less than a cell, for a hundred in one.
func TestAdaptiveBandwidthsHaveLimits(t *testing.T) {
	e := Events{X: []float64{2050}, Y: []float64{50}}
	for range 99 {
		e.X, e.Y = append(e.X, 50), append(e.Y, 50)
	}
	s, err := Over(e, Grid{Cell: 100, Columns: 21, Rows: 1}, Options{Bandwidth: 100, Adaptive: true})
	if err != nil {
		t.Fatal(err)
	}
	far := perKm2 / (2 * math.Pi * 500 * 500)
	near(t, "at the hundred", s.Values[0], 99*perKm2/(2*math.Pi*100*100)+far*math.Exp(-8), 1e-12)
	near(t, "at the one", s.Values[20], far, 1e-12)
}

// A table of a bell is the exponential function, however long.
func TestBell(t *testing.T) {
	table := make([]float64, 500)
	bell(table, -743, 3, 100)
	for k, got := range table {
		d := (-743 + 3*float64(k)) / 100
		if want := math.Exp(-d * d / 2); math.Abs(got-want) > 1e-12*want {
			t.Fatalf("%d: %v, not %v", k, got, want)
		}
	}
}

func TestWhatHasNoSurface(t *testing.T) {
	nan, g := math.NaN(), Grid{Cell: 10, Columns: 3, Rows: 2}
	one := Events{X: []float64{5}, Y: []float64{5}}
	good := Options{Bandwidth: 20}
	for _, c := range []struct {
		name string
		e    Events
		g    Grid
		o    Options
		want error
	}{
		{"NaN", Events{X: []float64{nan}, Y: []float64{1}}, g, good, stats.ErrMissing},
		{"lengths", Events{X: []float64{1}, Y: nil}, g, good, stats.ErrLength},
		{"weights", Events{X: []float64{1}, Y: []float64{1}, Weight: []float64{}}, g, good, stats.ErrLength},
		{"negative", Events{X: []float64{1}, Y: []float64{1}, Weight: []float64{-1}}, g, good, stats.ErrNegative},
		{"no bandwidth", one, g, Options{}, stats.ErrOption},
		{"next to no bandwidth", one, Grid{Cell: 1e-200, Columns: 1, Rows: 1}, Options{Bandwidth: 1e-199}, stats.ErrOption},
		{"too much weight", Events{X: []float64{1, 2}, Y: []float64{1, 1}, Weight: []float64{1e308, 1}}, g, good, stats.ErrOption},
		{"too little weight", Events{X: []float64{1}, Y: []float64{1}, Weight: []float64{1e-300}}, g, good, stats.ErrOption},
		{"off the earth", Events{X: []float64{1e200}, Y: []float64{1}}, g, good, stats.ErrOption},
		{"grid off the earth", one, Grid{X: -1e200, Cell: 1, Columns: 1, Rows: 1}, good, stats.ErrOption},
		{"NaN bandwidth", one, g, Options{Bandwidth: nan}, stats.ErrOption},
		{"narrow", one, g, Options{Bandwidth: 9}, stats.ErrOption},
		{"kernel", one, g, Options{Kernel: 9, Bandwidth: 20}, stats.ErrOption},
		{"edge", one, g, Options{Edge: 9, Bandwidth: 20}, stats.ErrOption},
		{"adaptive uniform", one, g, Options{Edge: UniformEdge, Bandwidth: 20, Adaptive: true}, stats.ErrOption},
		{"no grid", one, Grid{}, good, stats.ErrOption},
		{"NaN grid", one, Grid{X: nan, Cell: 1, Columns: 1, Rows: 1}, good, stats.ErrMissing},
		{"nothing inside", one, Grid{Cell: 10, Columns: 1, Rows: 1, Inside: []bool{false}}, good, stats.ErrEmpty},
		{"mask", one, Grid{Cell: 10, Columns: 1, Rows: 2, Inside: []bool{true}}, good, stats.ErrLength},
	} {
		if _, err := Over(c.e, c.g, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, e := range []Events{{}, {X: []float64{5}, Y: []float64{5}, Weight: []float64{0}}, {X: []float64{500}, Y: []float64{5}}} {
		for _, o := range []Options{{Bandwidth: 20, Edge: EventEdge}, {Bandwidth: 20, Edge: EventEdge, Adaptive: true}, {Bandwidth: 20, Edge: UniformEdge, Binned: true}, {Kernel: Quartic, Bandwidth: 20, Edge: UniformEdge}} {
			s, err := Over(e, g, o)
			if err != nil || s.Total() != 0 || s.Weight != 0 {
				t.Errorf("%v, %v: %v, %v", e, o, s, err)
			}
		}
	}
	if _, err := At(one, Points{}, g, Options{Bandwidth: 20, Binned: true}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := At(one, Points{X: []float64{nan}, Y: []float64{0}}, g, good); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	if _, err := At(one, Points{X: []float64{0}, Y: []float64{-1e200}}, g, good); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	out, err := At(one, Points{X: []float64{5, 500}, Y: []float64{5, 5}}, g, Options{Bandwidth: 20, Edge: UniformEdge})
	if err != nil || !(out[0] > 0) || !math.IsNaN(out[1]) {
		t.Error(out, err)
	}
	if _, err := NormalReference(Events{X: []float64{1, 2}, Y: []float64{3, 3}}); !errors.Is(err, stats.ErrConstant) {
		t.Error(err)
	}
	if _, err := NormalReference(Events{X: []float64{1, 2}, Y: []float64{3, 4}, Weight: []float64{1, 1e-30}}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := Over(one, Grid{Cell: 1e-300, Columns: 1, Rows: 1}, good); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := NormalReference(one); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
}

// Any numbers at all: a surface of numbers, or a named error.
func FuzzOver(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 10.0, 1.0, uint8(0))
	f.Add(1.0, 1.0, 1e300, 1e-200, 1e-200, uint8(0))
	f.Add(1e300, -1e300, 1e-300, 1e300, 1e299, uint8(5))
	f.Fuzz(func(t *testing.T, x, y, w, h, cell float64, which uint8) {
		e := Events{X: []float64{x, y, x, 1}, Y: []float64{y, x, y, 1}, Weight: []float64{w, 1, 2, w}}
		g := Grid{X: y, Y: x, Cell: cell, Columns: 4, Rows: 3}
		o := Options{Kernel: Kernel(which % 2), Edge: Edge(which / 2 % 3), Bandwidth: h, Adaptive: which/6%2 == 1, Binned: which/12%2 == 1}
		s, err := Over(e, g, o)
		if err != nil {
			return
		}
		for _, v := range s.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%v %v %v: %v", e, g, o, s.Values)
			}
		}
	})
}
