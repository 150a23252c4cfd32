package rate

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

func someStrata(t *rapid.T) []Stratum {
	var out []Stratum
	for range rapid.IntRange(1, 12).Draw(t, "classes") {
		out = append(out, Stratum{
			Count:      float64(rapid.IntRange(0, 40).Draw(t, "count")),
			Population: float64(rapid.IntRange(50, 9000).Draw(t, "people")),
			Standard:   float64(rapid.IntRange(1, 9000).Draw(t, "standard")),
		})
	}
	return out
}

// A place standardised to itself has its crude rate and interval; the scale of
// the standard population and the order of the classes do not matter.
func TestDirectIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := someStrata(t)
		s, err := Direct(list, 1000, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		back := make([]Stratum, len(list))
		own := make([]Stratum, len(list))
		for i, c := range list {
			own[i] = c
			own[i].Standard = c.Population * 3
			c.Standard *= 7
			back[len(list)-1-i] = c
		}
		again, _ := Direct(back, 1000, 0.95)
		if math.Abs(s.Value-again.Value) > 1e-9*s.Value || math.Abs(s.Interval.High-again.Interval.High) > 1e-9*s.Interval.High {
			t.Errorf("%+v and %+v", s, again)
		}
		if !s.Interval.Has(s.Value) || s.Interval.Low < 0 {
			t.Errorf("%v is not in %v", s.Value, s.Interval)
		}
		crude, interval := Of(s.Count, s.Population, 1000, 0.95)
		self, _ := Direct(own, 1000, 0.95)
		if math.Abs(self.Value-crude) > 1e-9*crude || math.Abs(self.Interval.Low-interval.Low) > 1e-9 ||
			s.Count > 0 && math.Abs(self.Interval.High-interval.High) > 1e-9*interval.High {
			t.Errorf("%v %v, crude %v %v", self.Value, self.Interval, crude, interval)
		}
	})
}

// By hand: 10 in 1,000 and 30 in 500, standard 3 to 1: 0.75 × 10 + 0.25 × 60 =
// 22.5 per 1,000 with variance 0.5625 × 10 + 0.0625 × 120 = 13.125.
func TestDirectByHand(t *testing.T) {
	list := []Stratum{{Count: 10, Population: 1000, Standard: 3}, {Count: 30, Population: 500, Standard: 1}}
	s, err := Direct(list, 1000, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "rate", s.Value, 22.5, 1e-15)
	near(t, "variance", s.Variance, 13.125, 1e-15)
	byar := Byar(40, 0.95)
	near(t, "low", s.Interval.Low, 22.5+math.Sqrt(13.125/40)*(byar.Low-40), 1e-14)
	near(t, "high", s.Interval.High, 22.5+math.Sqrt(13.125/40)*(byar.High-40), 1e-14)
	// One person with two events and three with one: five events, variance 7.
	if count, variance := Repeats(3, 1); count != 5 || variance != 7 {
		t.Error(count, variance)
	}
	list[0].Variance = 20
	wide, _ := Direct(list, 1000, 0.95)
	near(t, "variance of repeated events", wide.Variance, 0.5625*20+0.0625*120, 1e-14)
	// No events: the upper end of none, all in the class that weighs most.
	none, err := Direct([]Stratum{{Population: 1000, Standard: 3}, {Population: 100, Standard: 1}}, 1000, 0.95)
	if err != nil || none.Value != 0 || none.Interval.Low != 0 {
		t.Error(none, err)
	}
	near(t, "high of none", none.Interval.High, -math.Log(0.025)*2.5, 1e-12)
	// Events among people whom the standard population has none of say nothing of
	// the rate: here none is left, and there the ten are.
	for _, people := range []float64{0, 500} {
		other := Stratum{Count: 90, Population: people}
		none, err := Direct([]Stratum{{Population: 1000, Standard: 3}, other}, 1000, 0.95)
		if err != nil || none.Count != 90 || none.Value != 0 {
			t.Error(none, err)
		}
		near(t, "high beside others", none.Interval.High, -math.Log(0.025), 1e-12)
		ten, _ := Direct([]Stratum{{Count: 10, Population: 1000, Standard: 3}, other}, 1000, 0.95)
		near(t, "high of ten beside others", ten.Interval.High, Byar(10, 0.95).High, 1e-13)
	}
	// Sizes that no number can hold the result of are refused.
	if _, err := Direct([]Stratum{{Count: 1e300, Population: 1e-300, Standard: 1}}, 1000, 0.95); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
}

func TestDirectRefuses(t *testing.T) {
	good := Stratum{Count: 1, Population: 2, Standard: 1}
	for want, list := range map[error][]Stratum{
		stats.ErrEmpty:        nil,
		stats.ErrMissing:      {{Count: math.NaN(), Population: 1, Standard: 1}},
		stats.ErrNegative:     {good, {Count: -1, Population: 1, Standard: 1}},
		stats.ErrNoPopulation: {good, {Count: 0, Population: 0, Standard: 1}},
	} {
		if _, err := Direct(list, 1000, 0.95); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := Direct([]Stratum{{Count: 1, Population: 1}}, 1000, 0.95); !errors.Is(err, stats.ErrNoPopulation) {
		t.Error(err)
	}
	for _, o := range [][2]float64{{0, 0.95}, {1000, 0}, {1000, 1}, {math.NaN(), 0.95}} {
		if _, err := Direct([]Stratum{good}, o[0], o[1]); !errors.Is(err, stats.ErrOption) {
			t.Error(o, err)
		}
	}
}

func TestComparedRates(t *testing.T) {
	list := []Stratum{{Count: 100, Population: 1000, Standard: 3}, {Count: 300, Population: 500, Standard: 1}}
	more := []Stratum{{Count: 150, Population: 1000, Standard: 3}, {Count: 450, Population: 500, Standard: 1}}
	a, _ := Direct(list, 1000, 0.95)
	b, _ := Direct(more, 1000, 0.95)
	ratio, difference := b.Compare(a)
	near(t, "ratio", ratio.Value, 1.5, 1e-14)
	near(t, "difference", difference.Value, 112.5, 1e-12)
	if !ratio.Interval.Has(1.5) || ratio.Interval.Has(1) || difference.Interval.Has(0) {
		t.Error(ratio, difference)
	}
	// ln ratio ± 1.96 √(V/D² of both), good to a percent at these counts
	se := math.Sqrt(a.Variance/(a.Value*a.Value) + b.Variance/(b.Value*b.Value))
	near(t, "low", ratio.Interval.Low, 1.5*math.Exp(-1.96*se), 0.01)
	near(t, "high", ratio.Interval.High, 1.5*math.Exp(1.96*se), 0.01)
	back, less := a.Compare(b)
	near(t, "turned about", back.Interval.Low, 1/ratio.Interval.High, 1e-13)
	near(t, "turned about", less.Interval.Low, -difference.Interval.High, 1e-13)
	none, _ := Direct([]Stratum{{Population: 1000, Standard: 3}, {Population: 100, Standard: 1}}, 1000, 0.95)
	up, _ := a.Compare(none)
	if !math.IsInf(up.Value, 1) || up.Interval.Low != 0 || !math.IsInf(up.Interval.High, 1) {
		t.Error(up)
	}
	down, _ := none.Compare(a)
	if down.Value != 0 || down.Interval.Low != 0 || !math.IsInf(down.Interval.High, 1) {
		t.Error(down)
	}
}

// By hand: 12 seen; expected 1000 × 1/100 + 500 × 3/300 = 15.
func TestIndirectByHand(t *testing.T) {
	classes := []Reference{{1000, 10, 1000}, {500, 3, 300}, {0, 0, 0}}
	r, err := Indirectly(12, classes, 1000, 0.95)
	if err != nil || r.Expected != 15 || r.Ratio != 0.8 {
		t.Fatal(r, err)
	}
	near(t, "reference", r.ReferenceRate, 10, 1e-15)
	near(t, "rate", r.Rate, 8, 1e-15)
	near(t, "low", r.RateInterval.Low, Byar(12, 0.95).Low/15*10, 1e-15)
	for want, list := range map[error][]Reference{
		stats.ErrEmpty: nil, stats.ErrMissing: {{math.Inf(1), 1, 1}}, stats.ErrNegative: {{1, -1, 1}},
		stats.ErrNoPopulation: {{1, 0, 0}},
	} {
		if _, err := Indirectly(1, list, 1, 0.95); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := Indirectly(1, []Reference{{1, 0, 5}}, 1, 0.95); !errors.Is(err, stats.ErrNoPopulation) {
		t.Error(err)
	}
	if _, err := Indirectly(-1, classes, 1, 0.95); !errors.Is(err, stats.ErrNegative) {
		t.Error(err)
	}
	if _, err := Indirectly(1, classes, 0, 0.95); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

// What R gives for prop.test(48, 80, correct = FALSE), prop.test(0, 20, …) and
// binom.test(7, 50, conf.level = 0.998).
func TestSharesAreRs(t *testing.T) {
	share, i := Proportion(48, 80, 0.95)
	near(t, "share", share, 0.6, 1e-15)
	near(t, "low", i.Low, 0.490454650051604, 1e-13)
	near(t, "high", i.High, 0.700381724041291, 1e-13)
	if i = Wilson(0, 20, 0.95); i.Low != 0 {
		t.Error(i)
	}
	near(t, "high of none", i.High, 0.161125158052819, 1e-13)
	i = ClopperPearson(7, 50, 0.998)
	near(t, "exact low", i.Low, 0.0318638111785073, 1e-13)
	near(t, "exact high", i.High, 0.3453845517499863, 1e-13)
	if Wilson(3, 3, 0.95).High != 1 || ClopperPearson(0, 3, 0.95).Low != 0 || ClopperPearson(3, 3, 0.95).High != 1 {
		t.Error("the ends are not 0 and 1")
	}
	if share, i := Proportion(0, 0, 0.95); !math.IsNaN(share) || i != (Interval{Low: 0, High: 1}) || ClopperPearson(0, 0, 0.95) != i {
		t.Error(share, i)
	}
}

// The cases that Newcombe (1998) prints for his method 10.
func TestDifferenceOfSharesIsNewcombes(t *testing.T) {
	for _, c := range []struct{ a, m, b, n, low, high float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},
		{10, 10, 0, 20, 0.6791, 1}, {5, 56, 0, 29, -0.0381, 0.1926},
	} {
		d, i := Shares{c.a, c.m, c.b, c.n}.Difference(0.95)
		near(t, "difference", d, c.a/c.m-c.b/c.n, 1e-15)
		if math.Abs(i.Low-c.low) > 5e-5 || math.Abs(i.High-c.high) > 5e-5 {
			t.Errorf("%+v: %v", c, i)
		}
	}
	r, i := Shares{20, 100, 10, 100}.Ratio(0.95)
	back, j := Shares{10, 100, 20, 100}.Ratio(0.95)
	if r != 2 || back != 0.5 || !i.Has(2) {
		t.Error(r, i, back, j)
	}
	near(t, "turned about", j.Low, 1/i.High, 1e-13)
	// Katz's logarithmic interval, √(1/20 − 1/100 + 1/10 − 1/100), to a few percent
	near(t, "low", i.Low, 2*math.Exp(-1.96*math.Sqrt(0.13)), 0.03)
	near(t, "high", i.High, 2*math.Exp(1.96*math.Sqrt(0.13)), 0.03)
}

func TestDifferenceOfRates(t *testing.T) {
	d, i := Ratio{30, 20, 1000, 500}.Difference(0.95)
	near(t, "difference", d, -0.01, 1e-13)
	a, b := Exact(30, 0.95).Times(0.001), Exact(20, 0.95).Times(0.002)
	near(t, "low", i.Low, -0.01-math.Hypot(0.03-a.Low, b.High-0.04), 1e-13)
	near(t, "high", i.High, -0.01+math.Hypot(a.High-0.03, 0.04-b.Low), 1e-13)
	_, like := Counts(9, 4).Difference(0.95)
	_, plain := Difference(9, 4, 0.95)
	if like != plain {
		t.Errorf("%v and %v", like, plain)
	}
}

func FuzzStandardised(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0)
	f.Add(0.0, 1e308, 1e-300, 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, d float64) {
		if s, err := Direct([]Stratum{{a, b, c, d}, {b, a, d, c}}, 1000, 0.95); err == nil &&
			(math.IsNaN(s.Value) || !(s.Interval.Low <= s.Interval.High)) {
			t.Errorf("%v %v %v %v: %+v", a, b, c, d, s)
		}
		if r, err := Indirectly(a, []Reference{{b, c, d}}, 1000, 0.95); err == nil &&
			!(r.RateInterval.Low <= r.RateInterval.High) {
			t.Errorf("%v %v %v %v: %+v", a, b, c, d, r)
		}
	})
}

// A division, a few products and the look at each number, for every class: about
// twice as fast as numpy, which looks at none, over whole columns.
func BenchmarkDirect(b *testing.B) {
	r := stats.NewRand(1, 0)
	places := make([][]Stratum, 4994)
	for p := range places {
		for range 19 {
			places[p] = append(places[p], Stratum{Count: r.Poisson(4), Population: 50 + r.Poisson(60), Standard: 5000})
		}
	}
	for b.Loop() {
		for _, p := range places {
			if _, err := Direct(p, 100_000, 0.95); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// A square root and two divisions for each: what a processor takes for them is the
// limit.
func BenchmarkWilson(b *testing.B) {
	for b.Loop() {
		for k := range 4994 {
			Wilson(float64(k%40), 60, 0.95)
		}
	}
}

func BenchmarkExact(b *testing.B) {
	for b.Loop() {
		for k := range 4994 {
			Exact(float64(k%40), 0.95)
		}
	}
}
