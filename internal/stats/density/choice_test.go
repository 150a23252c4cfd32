package density

import (
	"errors"
	"math"
	"slices"
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

// likelihood is the criterion by its definition, over all pairs, and the
// logarithm kept from the start.
func likelihood(e Events, h float64) float64 {
	sum := 0.0
	for i := range e.X {
		logs := []float64{}
		for j := range e.X {
			if dx, dy := e.X[i]-e.X[j], e.Y[i]-e.Y[j]; j != i {
				logs = append(logs, -(dx*dx+dy*dy)/(2*h*h)-math.Log(2*math.Pi*h*h))
			}
		}
		most, rest := slices.Max(logs), 0.0
		for _, l := range logs {
			rest += math.Exp(l - most)
		}
		sum += most + math.Log(rest)
	}
	return sum - float64(len(e.X))
}

// greatest is where a function of the bandwidth is greatest, by steps of a
// hundredth and then of a twentieth of that.
func greatest(of func(h float64) float64, low, high float64) float64 {
	look := func(low, high, factor float64) (best float64) {
		top := math.Inf(-1)
		for h := low; h <= high; h *= factor {
			if v := of(h); v > top {
				best, top = h, v
			}
		}
		return best
	}
	rough := look(low, high, 1.01)
	return look(max(low, rough/1.01), min(high, rough*1.01), 1.0005)
}

// The search finds the greatest of its criterion to a thousandth or two. One event
// far from all others is only one event: it does not rule bandwidths out.
func TestLikelihoodIsGreatestWhereItSays(t *testing.T) {
	for seed := range uint64(4) {
		e := cloud(seed, 80, 1000)
		if seed%2 == 1 { // 40 bandwidths and more from anywhere
			e.X[7], e.Y[7] = 30000, -20000
		}
		by := func(h float64) float64 { return likelihood(e, h) }
		c, err := Likelihood(e, Grid{}, Options{}, Search{Low: 100, High: 5000})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "criterion", c.Criterion, by(c.Bandwidth), 1e-9)
		if best := greatest(by, 100, 5000); c.AtEnd || math.Abs(c.Bandwidth/best-1) > 0.002 {
			t.Errorf("%v where %v is best, at the end: %v", c.Bandwidth, best, c.AtEnd)
		}
		for k, trial := range c.Tried {
			near(t, "a trial", trial.Criterion, by(trial.Bandwidth), 1e-9)
			if k > 0 && trial.Bandwidth < c.Tried[k-1].Bandwidth {
				t.Error("trials are not in order")
			}
		}
	}
	// For one normal cloud the best is near the rule that supposes one.
	e := cloud(1, 300, 1000)
	c, err := Likelihood(e, Grid{}, Options{}, Search{})
	if rule, _ := NormalReference(e); err != nil || c.AtEnd || c.Bandwidth < rule.Scott/2 || c.Bandwidth > rule.Scott*2 {
		t.Errorf("%v, %v, Scott's rule %v", c.Bandwidth, err, rule.Scott)
	}
	// Two events alone want to be seen from as far as they are apart.
	two := Events{X: []float64{0, 1e6}, Y: []float64{0, 0}}
	for h, atEnd := range map[float64]bool{10: true, 5e6: false} {
		c, err := Likelihood(two, Grid{}, Options{}, Search{Low: h / 100, High: h})
		if err != nil || c.AtEnd != atEnd || !atEnd && math.Abs(c.Bandwidth/(1e6/math.Sqrt2)-1) > 0.002 {
			t.Errorf("two events: %+v, %v", c.Trial, err)
		}
	}
}

// Of many events a sample says where to look, and all of them where it is; where
// the sample has looked in the wrong place, the search goes on from there.
func TestAllEventsDecide(t *testing.T) {
	e := cloud(6, 2400, 1000)
	for i := range 1200 { // close pairs
		e.X[2*i+1], e.Y[2*i+1] = e.X[2*i]+3, e.Y[2*i]
	}
	c, err := Likelihood(e, Grid{}, Options{}, Search{Low: 1, High: 1000})
	if err != nil {
		t.Fatal(err)
	}
	by := func(h float64) float64 {
		values, _ := LeaveOneOut(e, Grid{}, Options{Bandwidth: h}, false)
		sum := 0.0
		for _, v := range values {
			sum += math.Log(v)
		}
		return sum
	}
	if best := greatest(by, c.Bandwidth/1.05, c.Bandwidth*1.05); c.Events != 2400 || math.Abs(c.Bandwidth/best-1) > 0.002 {
		t.Errorf("%+v where %v is best", c.Trial, best)
	}
	s := &search{e: e, s: Search{Low: 1, High: 1000}, sample: (Search{}).draw(2400, 2400)}
	if err := s.closeIn(math.Log(c.Bandwidth*8), 0.6); err != nil || math.Abs(s.best(2400).Bandwidth/c.Bandwidth-1) > 0.003 {
		t.Errorf("from afar %+v, %v", s.best(2400), err)
	}
}

// The top of a function, of many shapes, to the precision, in few steps.
func TestLargest(t *testing.T) {
	for name, of := range map[string]func(x float64) float64{
		"parabola": func(x float64) float64 { return -(x - 0.3) * (x - 0.3) },
		"corner":   func(x float64) float64 { return -math.Abs(x - 0.3) },
		"flat":     func(x float64) float64 { return -math.Pow(x-0.3, 4) },
		"steep":    func(x float64) float64 { return -math.Exp(20 * math.Abs(x-0.3)) },
		"cliff": func(x float64) float64 {
			if x < 0.3 {
				return math.Inf(-1)
			}
			return -x
		},
		"up": func(x float64) float64 { return x }, "down": func(x float64) float64 { return -x },
		"level": func(float64) float64 { return 1 },
	} {
		asked := 0
		got, err := largest(func(x float64) (float64, error) { asked++; return of(x), nil }, -1, 1)
		want, within := 0.3, 2*precision
		switch name {
		case "up":
			want, within = 1, 4*precision
		case "down":
			want, within = -1, 4*precision
		case "flat":
			within = 0.03 // it falls by 1e-6 there
		case "level":
			within = 2
		}
		if err != nil || math.Abs(got-want) > within || asked > 25 {
			t.Errorf("%s: %v after %d, not %v", name, got, asked, want)
		}
	}
	if _, err := largest(func(float64) (float64, error) { return 0, stats.ErrEmpty }, 0, 1); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
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
		{"far apart", Events{X: []float64{0, 1e9}, Y: []float64{0, 0}}, Options{Kernel: Quartic}, Search{Low: 1, High: 10}, stats.ErrConstant},
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
