package rate

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

func cases(t testing.TB) (groups [][]Group, counts [][]CountGroup) {
	_, c := table(t, "testdata/inequality.csv")
	for i, k := range whole(c["case"]) {
		if k > len(groups) {
			groups, counts = append(groups, nil), append(counts, nil)
		}
		groups[k-1] = append(groups[k-1], Group{c["population"][i], c["value"][i], c["se"][i]})
		counts[k-1] = append(counts[k-1], CountGroup{c["count"][i], c["population"][i]})
	}
	return groups, counts
}

func TestInequalityIsThatOfR(t *testing.T) {
	groups, counts := cases(t)
	_, want := table(t, "testdata/inequality-results.csv")
	for k := range groups {
		r, err := SlopeIndex(groups[k], InequalityOptions{Seed: 5, Simulations: 40_000})
		if err != nil {
			t.Fatal(err)
		}
		g, err := PoissonIndex(counts[k], 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]float64{
			"slope": r.Slope, "intercept": r.Intercept, "relative": r.Relative, "low": r.Normal.Low, "high": r.Normal.High,
			"ratio": g.Relative.Value, "ratio_low": g.Relative.Interval.Low, "ratio_high": g.Relative.Interval.High,
			"first": g.First, "rise": g.Slope.Value, "rise_low": g.Slope.Interval.Low, "rise_high": g.Slope.Interval.High,
			"dispersion": g.Dispersion,
		} {
			tolerance := 1e-12
			if _, glm := map[string]bool{"ratio": true, "ratio_low": true, "ratio_high": true, "rise": true, "first": true,
				"rise_low": true, "rise_high": true, "dispersion": true}[name]; glm {
				tolerance = 1e-8 // glm's covariance is that of its last step but one
			}
			if v := want[name][k]; math.Abs(got-v) > tolerance*math.Abs(v) || math.IsNaN(got) {
				t.Errorf("case %d, %s: %.15g, want %.15g", k+1, name, got, v)
			}
		}
		// The simulated interval of the slope has the normal one for its limit: an
		// end is off by less than five of its own Monte-Carlo errors.
		width := (r.Normal.High - r.Normal.Low) / 3.92
		if off := math.Abs(r.Simulated.Low-r.Normal.Low) / width; off > 5*0.0134 {
			t.Errorf("case %d: the simulated low is %v standard errors off", k+1, off)
		}
	}
}

// The slopes that R's lm gives for the quintiles of each year.
func TestSlopesOfPHEsQuintiles(t *testing.T) {
	_, c := table(t, phe(t, "DSR_testdata.csv"))
	want := map[float64][2]float64{
		2010: {-14.8486825847983, 0.895675788987982}, 2011: {-13.5283260114686, 0.903992355074564},
		2012: {-11.680044585733, 0.915938896047345}, 2013: {-10.5442731681698, 0.923298397029105},
		2014: {-10.5912139852076, 0.922643955724145}, 2015: {-9.04236725811598, 0.933267024502418},
	}
	years := map[float64][]Group{}
	for i, year := range c["Period"] {
		se := StandardError(c["value"][i], Interval{Low: c["lowercl"][i], High: c["uppercl"][i]}, 0.95, Plain)
		years[year] = append(years[year], Group{c["total_pop"][i], c["value"][i], se})
	}
	for year, groups := range years {
		r, err := SlopeIndex(groups, InequalityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprint("slope of ", year), r.Slope, want[year][0], 1e-12)
		near(t, fmt.Sprint("relative index of ", year), r.Relative, want[year][1], 1e-12)
		if !r.Simulated.Has(r.Slope) || !r.RelativeInterval.Has(r.Relative) {
			t.Errorf("%v: %+v", year, r)
		}
	}
}

// By hand: four like groups with the values 1, 2, 3 and 4 lie on a line that
// runs from ½ to 4½.
func TestInequalityByHand(t *testing.T) {
	groups := []Group{{10, 1, 0}, {10, 2, 0}, {10, 3, 0}, {10, 4, 0}}
	r, err := SlopeIndex(groups, InequalityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", r.Slope, 4, 1e-14)
	near(t, "intercept", r.Intercept, 0.5, 1e-14)
	near(t, "relative", r.Relative, 9, 1e-13)
	if r.Normal.Low != r.Slope || math.Abs(r.Simulated.High-r.Slope) > 1e-13 {
		t.Errorf("without standard errors nothing varies: %+v", r)
	}
	level, err := SlopeIndex([]Group{{1, 0, 0}, {2, 0, 0}, {3, 0, 0}}, InequalityOptions{})
	if err != nil || level.Slope != 0 || level.Relative != 1 || level.RelativeInterval != (Interval{Low: 1, High: 1}) {
		t.Error(level, err)
	}
}

func TestInequalityInvariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stats.NewRand(rapid.Uint64().Draw(t, "seed"), 0)
		var groups, back, other []Group
		var split []CountGroup
		for range rapid.IntRange(3, 12).Draw(t, "groups") {
			groups = append(groups, Group{100 + 100*r.Float64(), 5 + r.Float64(), r.Float64()})
		}
		for i := range groups {
			g := groups[len(groups)-1-i]
			back = append(back, g)
			other = append(other, Group{groups[i].Population * 3, groups[i].Value*10 + 2, groups[i].SE * 10})
			split = append(split, CountGroup{math.Floor(20 * groups[i].Value), groups[i].Population})
		}
		o := InequalityOptions{Simulations: 100}
		a, _ := SlopeIndex(groups, o)
		b, _ := SlopeIndex(back, o)
		c, _ := SlopeIndex(other, o)
		if math.Abs(a.Slope+b.Slope) > 1e-9 || math.Abs(a.Relative*b.Relative-1) > 1e-9 {
			t.Errorf("turned about: %+v and %+v", a, b)
		}
		if math.Abs(10*a.Slope-c.Slope) > 1e-9 || math.Abs(10*a.Simulated.Low-c.Simulated.Low) > 1e-8 {
			t.Errorf("another scale: %+v and %+v", a, c)
		}
		g, err := PoissonIndex(split, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for i, j := 0, len(split)-1; i < j; i, j = i+1, j-1 {
			split[i], split[j] = split[j], split[i]
		}
		h, _ := PoissonIndex(split, 0.95)
		if math.Abs(g.Relative.Value*h.Relative.Value-1) > 1e-9 || math.Abs(g.Slope.Value+h.Slope.Value) > 1e-9 {
			t.Errorf("turned about: %+v and %+v", g, h)
		}
	})
}

func TestSimulationIsTheSameOnAnyCores(t *testing.T) {
	groups, _ := cases(t)
	o := InequalityOptions{Seed: 9, Scale: Log}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _ := SlopeIndex(groups[0], o)
	runtime.GOMAXPROCS(4)
	four, _ := SlopeIndex(groups[0], o)
	if one != four {
		t.Errorf("%+v and %+v", one, four)
	}
	o.Seed++
	if other, _ := SlopeIndex(groups[0], o); other.Simulated == one.Simulated {
		t.Error("the seed changes nothing")
	}
}

// Where all is known, the intervals hold the truth about as often as they say.
func TestInequalityCoverage(t *testing.T) {
	const trials = 1200
	people := []float64{9000, 11000, 10000, 8000, 12000}
	slopes, simulated, poisson := 0, 0, 0
	r := stats.NewRand(3, 0)
	for k := range trials {
		var groups []Group
		var counts []CountGroup
		share := 0.0
		for _, n := range people {
			middle := (share + n/2) / 50000
			share += n
			line := r.Poisson(n * (0.008 - 0.005*middle))
			groups = append(groups, Group{n, 1000 * line / n, 1000 * math.Sqrt(max(line, 1)) / n})
			counts = append(counts, CountGroup{r.Poisson(n * 0.008 * math.Exp(-0.7*middle)), n})
		}
		i, err := SlopeIndex(groups, InequalityOptions{Seed: uint64(k), Simulations: 1000})
		if err != nil {
			t.Fatal(err)
		}
		g, err := PoissonIndex(counts, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if i.Normal.Has(-5) {
			slopes++
		}
		if i.Simulated.Has(-5) {
			simulated++
		}
		if g.Relative.Interval.Has(math.Exp(-0.7)) {
			poisson++
		}
	}
	t.Logf("nominal 95%%: slope %.1f%%, simulated %.1f%%, Poisson ratio %.1f%%",
		100*float64(slopes)/trials, 100*float64(simulated)/trials, 100*float64(poisson)/trials)
	for name, held := range map[string]int{"slope": slopes, "simulated": simulated, "Poisson": poisson} {
		if share := float64(held) / trials; share < 0.924 || share > 0.985 { // four standard errors are 2.5%
			t.Errorf("%s: %v of the intervals hold", name, share)
		}
	}
}

func TestInequalityRefuses(t *testing.T) {
	good := []Group{{1, 0.2, 0.1}, {1, 0.3, 0.1}, {1, 0.4, 0.1}}
	with := func(g Group) []Group { return append(append([]Group{}, good...), g) }
	for want, list := range map[error][]Group{
		stats.ErrTooFew: good[:2], stats.ErrMissing: with(Group{1, math.NaN(), 0}), stats.ErrNegative: with(Group{1, 1, -1}),
		stats.ErrNoPopulation: with(Group{0, 1, 1}),
	} {
		if _, err := SlopeIndex(list, InequalityOptions{}); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	for _, o := range []InequalityOptions{{Simulations: 5}, {Confidence: 1}, {Scale: 3}} {
		if _, err := SlopeIndex(good, o); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := SlopeIndex(with(Group{1, 0, 0}), InequalityOptions{Scale: Log}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := SlopeIndex(with(Group{1, 1, 0}), InequalityOptions{Scale: Logit}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	for want, list := range map[error][]CountGroup{
		stats.ErrTooFew: {{1, 1}}, stats.ErrMissing: {{1, 1}, {1, 1}, {1, math.Inf(1)}}, stats.ErrNegative: {{1, 1}, {1, 1}, {-1, 1}},
		stats.ErrNoPopulation: {{1, 1}, {1, 1}, {1, 0}}, stats.ErrConstant: {{0, 1}, {0, 1}, {0, 1}}, stats.ErrNoFit: {{9, 10}, {0, 10}, {0, 10}},
	} {
		if _, err := PoissonIndex(list, 0.95); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// A logarithmic interval keeps rates above zero, a logistic one shares in 0 to 1.
func TestScales(t *testing.T) {
	groups := []Group{{1, 0.02, 0.03}, {1, 0.5, 0.2}, {1, 0.97, 0.05}}
	for scale := Plain; scale <= Logit; scale++ {
		r, err := SlopeIndex(groups, InequalityOptions{Scale: scale})
		if err != nil || r.Slope <= 0 || !r.Simulated.Has(r.Slope) {
			t.Errorf("%v: %+v %v", scale, r, err)
		}
		if scale == Logit && r.Simulated.High > 1.5 { // that of 0, anything and 1
			t.Errorf("%+v", r)
		}
	}
	// Only the first of three like groups varies: the slope is −3/2 of what its value
	// is off by, whose middle 95% is known on each scale.
	for scale, ends := range map[Scale][3]float64{
		Log: {10, 10 * math.Exp(-0.1959964), 10 * math.Exp(0.1959964)}, Logit: {0.5, 1 / (1 + math.Exp(0.3919928)), 1 / (1 + math.Exp(-0.3919928))},
	} {
		v := ends[0]
		r, err := SlopeIndex([]Group{{1, v, 0.1 * v}, {1, v, 0}, {1, v, 0}}, InequalityOptions{Scale: scale, Simulations: 40_000})
		if scale == Logit {
			r, err = SlopeIndex([]Group{{1, v, 0.05}, {1, v, 0}, {1, v, 0}}, InequalityOptions{Scale: scale, Simulations: 40_000})
		}
		// five Monte-Carlo errors of an end are 0.067 standard errors, each 0.15 v
		if err != nil || math.Abs(r.Simulated.Low+1.5*(ends[2]-v)) > 0.013*v || math.Abs(r.Simulated.High+1.5*(ends[1]-v)) > 0.013*v {
			t.Errorf("%v: %+v %v", scale, r, err)
		}
	}
	near(t, "plain", StandardError(5, Interval{Low: 3.04, High: 6.96}, 0.95, Plain), 1, 1e-4)
	near(t, "log", StandardError(5, Interval{Low: 5 / 1.2, High: 5 * 1.2}, 0.95, Log), 5*math.Log(1.2)/1.959964, 1e-7)
	near(t, "logit", StandardError(0.5, Interval{Low: 0.4, High: 0.6}, 0.95, Logit), 0.25*math.Log(1.5)/1.959964, 1e-7)
}

func FuzzInequality(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 0.1, 10.0)
	f.Add(0.0, 0.0, 1e-300, 0.0, 1e300)
	f.Fuzz(func(t *testing.T, a, b, c, se, n float64) {
		groups := []Group{{n, a, se}, {1, b, se}, {n, c, se}}
		if r, err := SlopeIndex(groups, InequalityOptions{Simulations: 100}); err == nil &&
			(math.IsNaN(r.Slope) || math.IsNaN(r.Relative) || math.IsNaN(r.Simulated.Low) || math.IsNaN(r.RelativeInterval.High)) {
			t.Errorf("%v: %+v", groups, r)
		}
		if g, err := PoissonIndex([]CountGroup{{a, n}, {b, 1}, {c, n}}, 0.95); err == nil && (math.IsNaN(g.Relative.Value) || math.IsNaN(g.Slope.Interval.Low)) {
			t.Errorf("%v: %+v", groups, g)
		}
	})
}

func BenchmarkSlopeIndex(b *testing.B) {
	groups, _ := cases(b)
	for b.Loop() {
		if _, err := SlopeIndex(groups[0], InequalityOptions{Simulations: 100_000}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPoissonIndex(b *testing.B) {
	_, counts := cases(b)
	for b.Loop() {
		if _, err := PoissonIndex(counts[0], 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
