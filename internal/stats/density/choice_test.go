package density

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

func cloud(seed uint64, n int, sd float64) Events {
	r := stats.NewRand(seed, 0)
	e := Events{X: make([]float64, n), Y: make([]float64, n)}
	for i := range n {
		e.X[i], e.Y[i] = sd*r.Normal(), sd*r.Normal()
	}
	return e
}

// The search finds the greatest of its criterion, which is the one that is
// worked out by hand from the density without each event.
func TestLikelihoodIsGreatestWhereItSays(t *testing.T) {
	e := cloud(1, 300, 1000)
	by := func(h float64) float64 {
		values, err := LeaveOneOut(e, Grid{}, Options{Bandwidth: h}, false)
		if err != nil {
			t.Fatal(err)
		}
		sum := -300.0
		for _, v := range values {
			sum += math.Log(v / perKm2)
		}
		return sum
	}
	c, err := Likelihood(e, Grid{}, Options{}, Search{Low: 200, High: 2000})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "criterion", c.Criterion, by(c.Bandwidth), 1e-10)
	for h := 200.0; h <= 2000; h *= 1.03 {
		if by(h) > c.Criterion+1e-4 {
			t.Errorf("%v at %v beats %v at %v", by(h), h, c.Criterion, c.Bandwidth)
		}
	}
	for k, trial := range c.Tried {
		if k > 0 && trial.Bandwidth < c.Tried[k-1].Bandwidth {
			t.Error("trials are not in order")
		}
	}
	// For one normal cloud the best is near the rule that supposes one.
	if rule, _ := NormalReference(e); c.AtEnd || c.Bandwidth < rule.Scott/2 || c.Bandwidth > rule.Scott*2 {
		t.Errorf("%v, Scott's rule %v", c.Bandwidth, rule.Scott)
	}
}

func TestLikelihoodWithEdges(t *testing.T) {
	e, g := somewhere(8, 400)
	for _, o := range []Options{{Edge: EventEdge}, {Edge: UniformEdge}, {Kernel: Quartic, Edge: EventEdge}} {
		low := 100.0
		if o.Kernel == Quartic {
			low = 300
		}
		c, err := Likelihood(e, g, o, Search{Low: low, High: 3000})
		if err != nil {
			t.Fatal(err)
		}
		o.Bandwidth = c.Bandwidth
		values, err := LeaveOneOut(e, g, o, false)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Over(e, g, o)
		if err != nil {
			t.Fatal(err)
		}
		want := -s.Total()
		for i, v := range values {
			if !math.IsNaN(v) {
				want += e.Weight[i] * math.Log(v/perKm2)
			}
		}
		near(t, "criterion", c.Criterion, want, 1e-9)
	}
}

// Many events at few places: leaving out one at a time runs to the least
// bandwidth there is, leaving out a place does not.
func TestSharedPlaces(t *testing.T) {
	places := cloud(2, 60, 1000)
	r := stats.NewRand(3, 0)
	var e Events
	for range 600 {
		k := r.Below(60)
		e.X, e.Y = append(e.X, places.X[k]), append(e.Y, places.Y[k])
	}
	one, err := Likelihood(e, Grid{}, Options{}, Search{})
	if err != nil {
		t.Fatal(err)
	}
	if !one.AtEnd {
		t.Errorf("leaving out one event: %v", one.Trial)
	}
	place, err := Likelihood(e, Grid{}, Options{}, Search{ByPlace: true, High: 2000})
	if err != nil {
		t.Fatal(err)
	}
	if place.AtEnd || place.Bandwidth < 150 {
		t.Errorf("leaving out a place: %v, at the end: %v", place.Trial, place.AtEnd)
	}
}

func TestSampleIsClose(t *testing.T) {
	e := cloud(4, 1000, 1000)
	all, err := Likelihood(e, Grid{}, Options{}, Search{Low: 100, High: 1000})
	if err != nil {
		t.Fatal(err)
	}
	some, err := Likelihood(e, Grid{}, Options{}, Search{Low: 100, High: 1000, Sample: 400, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r := some.Bandwidth / all.Bandwidth; r < 0.6 || r > 1.6 {
		t.Errorf("%v from a sample, %v from all", some.Bandwidth, all.Bandwidth)
	}
}

func TestWhatHasNoBandwidth(t *testing.T) {
	e := cloud(5, 30, 100)
	same := Events{X: make([]float64, 9), Y: make([]float64, 9)}
	for _, c := range []struct {
		name string
		e    Events
		o    Options
		s    Search
		want error
	}{
		{"one", Events{X: []float64{1}, Y: []float64{1}}, Options{}, Search{}, stats.ErrTooFew},
		{"none", Events{}, Options{}, Search{}, stats.ErrTooFew},
		{"NaN", Events{X: []float64{1, math.NaN()}, Y: []float64{1, 2}}, Options{}, Search{}, stats.ErrMissing},
		{"one place", same, Options{}, Search{}, stats.ErrConstant},
		{"one place, left out", same, Options{}, Search{Low: 1, High: 10, ByPlace: true}, stats.ErrConstant},
		{"far apart", Events{X: []float64{0, 1e9}, Y: []float64{0, 0}}, Options{}, Search{Low: 1, High: 10}, stats.ErrConstant},
		{"range", e, Options{}, Search{Low: 10, High: 5}, stats.ErrOption},
		{"range of NaN", e, Options{}, Search{Low: math.NaN(), High: 5}, stats.ErrOption},
		{"sample", e, Options{}, Search{Sample: -1}, stats.ErrOption},
		{"adaptive", e, Options{Adaptive: true}, Search{}, stats.ErrOption},
		{"bins", e, Options{Binned: true}, Search{}, stats.ErrOption},
		{"below a cell", e, Options{Edge: EventEdge}, Search{Low: 1, High: 50}, stats.ErrOption},
	} {
		if _, err := Likelihood(c.e, Grid{X: -500, Y: -500, Cell: 20, Columns: 50, Rows: 50}, c.o, c.s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// One event counts one in all: the integral of its weight over every moment at
// which it counts.
func TestAnEventCountsOnceInTime(t *testing.T) {
	for _, fading := range []Fading{FadeGaussian, FadeQuartic, FadeExponential} {
		for _, past := range []bool{false, true} {
			c := Clock{Fading: fading, Days: 7, Past: past}
			const step = 0.01
			sum := 0.0
			for k := -30000; k < 30000; k++ {
				w, err := c.Weights([]float64{100}, 100+(float64(k)+0.5)*step)
				if err != nil {
					t.Fatal(err)
				}
				if past && k < 0 && w[0] != 0 {
					t.Fatal("an event counts before it happened")
				}
				sum += w[0] * step
			}
			near(t, "integral", sum, 1, 1e-5)
		}
	}
}

// With events spread evenly over a period the sum of weights is the number a
// day, at its ends as in its middle.
func TestThePeriodIsCorrectedFor(t *testing.T) {
	var times []float64
	for k := range 36500 { // a hundred a day
		times = append(times, (float64(k)+0.5)/100)
	}
	for _, fading := range []Fading{FadeGaussian, FadeQuartic, FadeExponential} {
		for _, past := range []bool{false, true} {
			for _, moment := range []float64{0, 3, 180, 365, 368} {
				c := Clock{Fading: fading, Days: 14, Past: past, From: 0, To: 365}
				w, err := c.Weights(times, moment)
				if past && moment == 0 {
					if !errors.Is(err, stats.ErrTooFew) {
						t.Errorf("nothing is past: %v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				sum := 0.0
				for _, v := range w {
					sum += v
				}
				near(t, "events a day", sum, 100, 2e-5)
			}
		}
	}
}

func TestAMapOfTheMomentKnowsOnlyThePast(t *testing.T) {
	e := Events{X: []float64{50, 250}, Y: []float64{50, 50}, Weight: []float64{2, 1}}
	s := SpaceTime{Grid: Grid{Cell: 10, Columns: 30, Rows: 10}, Options: Options{Bandwidth: 30, Edge: EventEdge}, Clock: Clock{Days: 7, Past: true, Fading: FadeExponential}}
	maps, err := InTime(e, []float64{10, 20}, s, []float64{5, 11, 20, 21})
	if err != nil {
		t.Fatal(err)
	}
	first := func(ago float64) float64 { return 2 * math.Exp(-ago/7) / 7 }
	for k, want := range []float64{0, first(1), first(10), first(11) + math.Exp(-1.0/7)/7} {
		near(t, "events a day", maps[k].Total(), want, 1e-12)
	}
	if _, err := InTime(e, []float64{1}, s, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := InTime(Events{X: []float64{1, math.NaN()}, Y: e.Y}, []float64{1, 2}, s, []float64{3}); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	for _, c := range []Clock{{}, {Days: math.NaN()}, {Days: 1, Fading: 7}, {Days: 1, From: 2, To: 1}, {Days: 1, To: math.NaN()}, {Days: 1, To: math.Inf(1)}} {
		if _, err := c.Weights([]float64{1}, 2); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := (Clock{Days: 1}).Weights([]float64{1}, math.NaN()); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
}

func TestRelativeRisk(t *testing.T) {
	e, g := somewhere(9, 400)
	o := Options{Bandwidth: 200, Edge: EventEdge}
	s, err := Over(e, g, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Weight {
		e.Weight[i] *= 3
	}
	three, err := Over(e, g, o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := RelativeRisk(three, s)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range r.Values {
		if g.Inside[i] && math.Abs(v) > 1e-12 || math.IsNaN(v) == g.Inside[i] {
			t.Fatalf("cell %d: %v where only the number differs", i, v)
		}
	}
	one := Events{X: []float64{g.X + 26}, Y: []float64{g.Y + 24}}
	g.Inside = nil
	a, _ := Over(one, g, Options{Kernel: Quartic, Bandwidth: 60})
	b, _ := Over(Events{X: []float64{g.X + 1000}, Y: one.Y}, g, Options{Kernel: Quartic, Bandwidth: 60})
	apart, err := RelativeRisk(a, b)
	if err != nil || !math.IsNaN(apart.Values[0]) || !math.IsInf(apart.Values[20], -1) {
		t.Errorf("%v, %v, %v", apart.Values[0], apart.Values[20], err)
	}
	if _, err := RelativeRisk(a, Surface{}); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	none, _ := Over(Events{}, g, o)
	if _, err := RelativeRisk(a, none); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
}
