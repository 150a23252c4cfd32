package rate

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// A whole count is called outside exactly when it is past the limits drawn, and
// when its exact interval leaves out what is expected.
func TestStandingFunnelAndIntervalAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expected := rapid.Float64Range(0.01, 3000).Draw(t, "expected")
		count := math.Floor(rapid.Float64Range(0.2, 2).Draw(t, "times")*expected + rapid.Float64Range(0, 9).Draw(t, "plus"))
		stand := Stand(count, expected)
		for level, beyond := range map[float64]Standing{Confidence95: Above, Confidence998: FarAbove} {
			limits, interval := FunnelLimits(expected, level), Exact(count, level)
			if (stand >= beyond) != (count > limits.High) || (stand >= beyond) != (interval.Low > expected) {
				t.Errorf("%v of %v: %v, limits %v, interval %v", count, expected, stand, limits, interval)
			}
			if (stand <= -beyond) != (count < limits.Low) || (stand <= -beyond) != (interval.High < expected) {
				t.Errorf("%v of %v: %v, limits %v, interval %v", count, expected, stand, limits, interval)
			}
		}
	})
}

// Values of Public Health England's published tables of funnel limits for
// proportions (four fifths, to six decimals) and for ratios.
func TestFunnelIsThatOfThePublishedTables(t *testing.T) {
	f := Funnel{Baseline: 0.80642448}
	for _, c := range []struct{ n, level, low, high float64 }{
		{1, 0.95, 3.204264, 100}, {18, 0.95, 62.390093, 98.894803}, {3, 0.998, 10.150815, 100},
		{45, 0.998, 62.441586, 98.843309}, {98, 0.95, 72.82, 88.46}, {110000, 0.998, 80.274317, 81.010578},
	} {
		tolerance := 1e-7
		if c.n == 98 {
			tolerance = 1e-3
		}
		i := f.Share(c.n, c.level)
		near(t, "low", 100*i.Low, c.low, tolerance)
		near(t, "high", 100*i.High, c.high, tolerance)
	}
	for _, c := range []struct{ events, few, many float64 }{
		{2, 7.224687515, 0.242209467}, {10, 18.39035799, 4.795387629}, {100, 121.6268111, 81.36400699},
	} {
		i := Exact(c.events, 0.95)
		near(t, "mean at the lower limit", i.High, c.few, 1e-6)
		near(t, "mean at the upper limit", i.Low, c.many, 1e-6)
	}
}

func TestShareStandsOutsideWhenWilsonsIntervalDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 400).Draw(t, "n"))
		count := math.Floor(rapid.Float64Range(0, 1).Draw(t, "share") * n)
		f := Funnel{Baseline: rapid.Float64Range(0.01, 0.99).Draw(t, "baseline")}
		stand := f.StandShare(count, n)
		for level, beyond := range map[float64]Standing{Confidence95: Above, Confidence998: FarAbove} {
			i := Wilson(count, n, level)
			if math.Abs(i.Low-f.Baseline) < 1e-9 || math.Abs(i.High-f.Baseline) < 1e-9 {
				continue
			}
			if (stand >= beyond) != (i.Low > f.Baseline) || (stand <= -beyond) != (i.High < f.Baseline) {
				t.Errorf("%v of %v against %v: %v, interval %v", count, n, f.Baseline, stand, i)
			}
		}
	})
}

func TestFunnelByHand(t *testing.T) {
	f, err := NewFunnel([]float64{5, 15}, []float64{100, 300})
	if err != nil || f.Baseline != 0.05 {
		t.Fatal(f, err)
	}
	i := f.Rate(1000, 0.95)
	// 50 expected: 37 or more and 64 or fewer are within.
	if i.Low <= 0.036 || i.Low > 0.037 || i.High <= 0.064 || i.High > 0.066 {
		t.Error(i)
	}
	if f.StandRate(50, 1000) != Within || f.StandRate(0, 1000) != FarBelow || f.StandRate(90, 1000) != FarAbove {
		t.Error("50, 0 and 90 of 50")
	}
	words := []string{"far below", "below", "within", "above", "far above"}
	for s := FarBelow; s <= FarAbove; s++ {
		if s.String() != words[s+2] {
			t.Error(s)
		}
	}
	if Stand(0, 0) != Within || Stand(1, 0) != FarAbove || FunnelLimits(0, 0.95) != (Interval{}) {
		t.Error("nothing expected")
	}
	if !math.IsNaN(Derived(3, 0, 1000)) || Derived(3, 6, 1000) != 500 {
		t.Error("derived populations")
	}
	for want, c := range map[error][2][]float64{
		stats.ErrEmpty: {}, stats.ErrLength: {{1}, {}}, stats.ErrMissing: {{math.NaN()}, {1}},
		stats.ErrNegative: {{1}, {-1}}, stats.ErrNoPopulation: {{1, 1}, {0, 1}},
	} {
		if _, err := NewFunnel(c[0], c[1]); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// When every place has the same rate, the limits let out no more than they
// should, at either side.
func TestFunnelFalseAlarms(t *testing.T) {
	const trials = 40_000
	for _, mean := range []float64{0.5, 3, 12, 50} {
		r := stats.NewRand(4, uint64(mean))
		outside, far := 0, 0
		for range trials {
			switch Stand(r.Poisson(mean), mean) {
			case FarAbove, FarBelow:
				far++
				outside++
			case Above, Below:
				outside++
			}
		}
		t.Logf("mean %v: %.2f%% outside 95%%, %.3f%% outside 99.8%%", mean, 100*float64(outside)/trials, 100*float64(far)/trials)
		// Four standard errors are 0.44% and 0.09%.
		if float64(outside)/trials > 0.0544 || float64(far)/trials > 0.0029 {
			t.Errorf("mean %v: %d and %d of %d outside", mean, outside, far, trials)
		}
	}
}

// Counts that vary two and a half times as much as chance alone: the dispersion
// is found, the widened funnel lets out no more than it should, and a place three
// times as bad as the rest is still called.
func TestDispersedFunnels(t *testing.T) {
	const places, trials, phi = 150, 200, 2.5
	r := stats.NewRand(6, 0)
	total, outside, far, naive, called := 0.0, 0, 0, 0, 0
	for range trials {
		counts, exposures := make([]float64, places), make([]float64, places)
		for i := range counts {
			mean := 8 + 60*r.Float64()
			exposures[i] = 1000 * mean
			counts[i] = r.NegBin(mean, mean/(phi-1))
		}
		counts[0] *= 3
		f, err := NewFunnel(counts, exposures)
		if err != nil {
			t.Fatal(err)
		}
		if f.Dispersion, err = f.DispersionOf(counts, exposures); err != nil {
			t.Fatal(err)
		}
		total += f.Dispersion
		for i := 1; i < places; i++ {
			s := f.StandRate(counts[i], exposures[i])
			if s != Within {
				outside++
			}
			if s == FarAbove || s == FarBelow {
				far++
			}
			if (Funnel{Baseline: f.Baseline}).StandRate(counts[i], exposures[i]) != Within {
				naive++
			}
			if limits := f.Rate(exposures[i], 0.95); (s > Within) != (counts[i]/exposures[i] > limits.High) || (s < Within) != (counts[i]/exposures[i] < limits.Low) {
				t.Fatalf("%v of %v: %v, but limits %v", counts[i], exposures[i], s, limits)
			}
		}
		if f.StandRate(counts[0], exposures[0]) >= Above {
			called++
		}
	}
	n := float64(trials * (places - 1))
	t.Logf("dispersion %.2f on average; %.1f%% outside 95%%, %.2f%% outside 99.8%%; %.0f%% outside 95%% if not widened; %d of %d outliers called",
		total/trials, 100*float64(outside)/n, 100*float64(far)/n, 100*float64(naive)/n, called, trials)
	if math.Abs(total/trials-phi) > 0.25 || float64(outside)/n > 0.06 || float64(far)/n > 0.01 || float64(naive)/n < 0.15 || called < trials*8/10 {
		t.Error("see above")
	}
}

func TestDispersionOfChanceIsOne(t *testing.T) {
	r := stats.NewRand(2, 0)
	ones := 0
	for range 200 {
		counts, exposures := make([]float64, 100), make([]float64, 100)
		for i := range counts {
			exposures[i] = 5 + 40*r.Float64()
			counts[i] = r.Poisson(exposures[i])
		}
		f, _ := NewFunnel(counts, exposures)
		if phi, err := f.DispersionOf(counts, exposures); err == nil && phi == 1 {
			ones++
		}
	}
	if ones < 185 {
		t.Errorf("%d of 200 are called chance", ones)
	}
	f := Funnel{Baseline: 0.1}
	if _, err := f.DispersionOf([]float64{1}, []float64{1}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := f.DispersionOf([]float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if phi, err := (Funnel{}).DispersionOf(make([]float64, 10), slices.Repeat([]float64{1}, 10)); phi != 1 || err != nil {
		t.Error(phi, err)
	}
	plain, wide := f.Share(100, 0.95), Funnel{Baseline: 0.1, Dispersion: 4}.Share(100, 0.95)
	near(t, "widened share", wide.High-0.1, 2*(plain.High-0.1), 1e-13)
}

func BenchmarkFunnelStandings(b *testing.B) {
	r := stats.NewRand(1, 0)
	counts := make([]float64, 4994)
	for i := range counts {
		counts[i] = r.Poisson(12)
	}
	for b.Loop() {
		for _, c := range counts {
			Stand(c, 12)
		}
	}
}

func BenchmarkFunnelLimits(b *testing.B) {
	for b.Loop() {
		for k := range 100 {
			FunnelLimits(1+float64(k), 0.95)
		}
	}
}

// What Stand passes over without working out a probability is within. The sides
// of a count are monotone in what is expected, so it is enough to look at the
// ends of the range passed over, at each count.
func TestNothingNearIsOutside(t *testing.T) {
	for k := 0.0; k < 20_000; k++ {
		// k = E ± 1½ √E, solved for √E
		few := math.Pow(0.75+math.Sqrt(0.5625+k), 2)
		many := math.Pow(-0.75+math.Sqrt(0.5625+k), 2)
		if p, _ := dist.PoissonSides(k, few); p < 0.03 {
			t.Fatalf("%v or fewer of %v come with %v", k, few, p)
		}
		if _, p := dist.PoissonSides(k, many); p < 0.03 {
			t.Fatalf("%v or more of %v come with %v", k, many, p)
		}
	}
}
