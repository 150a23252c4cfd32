package concentration

import (
	"math"
	"slices"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// What is left without a place is what is measured when it is taken away.
func TestWithoutOnePlace(t *testing.T) {
	r := stats.NewRand(12, 0)
	for round := range 60 {
		counts := make([]float64, 1+r.Below(30))
		for i := range counts {
			if counts[i] = r.NegBin(2, 0.5); round%2 == 0 {
				counts[i] *= r.Float64()
			}
		}
		counts[0]++
		share := r.Float64()
		all := count(counts)
		for i, got := range all.without(share, new(leftOut)) {
			if all.times[i] == 0 {
				continue
			}
			all.times[i]--
			want := measure(all.values, all.times, share)
			all.times[i]++
			near(t, "Gini", got.Gini, want.Gini, 1e-11)
			near(t, "unbiased", got.Unbiased, want.Unbiased, 1e-11)
			near(t, "generalised", got.Generalised, want.Generalised, 1e-9)
			if !math.IsNaN(want.Gini) { // something is left
				near(t, "holding", got.Holding, want.Holding, 1e-9)
			}
		}
	}
}

// Counts are negative binomial with known risks: the interval covers what the
// process has, that is, what very many such places would show. It is to cover it
// in 93.5% to 96.5% of sets; the test allows three standard errors more.
func TestBootstrapCovers(t *testing.T) {
	const trials, n = 1200, 250
	r := stats.NewRand(2, 0)
	times := make([]int32, 200) // a thousand million places, as the distribution has them
	for k := range times {
		times[k] = int32(math.Round(1e9 * dist.NegBinPMF(float64(k), 4, 1.5)))
	}
	truth := measure(upTo(nil, len(times)), times, 0.5)
	var covered four
	for k := range trials {
		counts := make([]float64, n)
		for i := range counts {
			counts[i] = r.NegBin(4, 1.5)
		}
		b, err := Bootstrap(counts, Options{Seed: uint64(k), Replications: 199})
		if err != nil {
			t.Fatal(err)
		}
		for m, in := range []bool{b.Gini.Has(truth.Gini), b.Unbiased.Has(truth.Gini), b.Generalised.Has(truth.Generalised), b.Holding.Has(truth.Holding)} {
			if in {
				covered[m] += 1.0 / trials
			}
		}
	}
	slack := 3 * math.Sqrt(0.95*0.05/trials)
	for m, c := range covered {
		if c < 0.935-slack || c > 0.965+slack {
			t.Errorf("measure %d: the interval covers in %v of sets", m, c)
		}
	}
}

// By hand: the ends follow from the draws, the
// standard errors of the draws and their quantiles.
func TestBootstrapByHand(t *testing.T) {
	counts := []float64{1, 2, 4, 9}
	b := resampled{confidence: 0.5, self: Measures{Gini: 0.5, Unbiased: 2.0 / 3}, deviation: four{0.1, 0.2}}
	for k := range 5 { // 0, 1, 2, 3, 4 standard errors above the truth
		b.draws = append(b.draws, Measures{Gini: 0.5 + 0.02*float64(k), Unbiased: 0.5 + 0.04*float64(k)})
		b.errors = append(b.errors, four{0.02, 0.04})
	}
	got := intervals(b.interval)
	near(t, "low", got.Gini.Low, 0.5-0.1*3, 1e-14)
	near(t, "high", got.Gini.High, 0.5-0.1*1, 1e-14)
	near(t, "low", got.Unbiased.Low, 2.0/3-0.2*3, 1e-14)
	near(t, "high", got.Unbiased.High, 2.0/3-0.2*1, 1e-14)
	b.deviation[0] = 0.4
	if got := b.interval(0); got.Low != 0 {
		t.Errorf("an end below 0: %v", got)
	}
	// The jackknife by its definition.
	var sum, square float64
	for i := range counts {
		rest := slices.Delete(slices.Clone(counts), i, i+1)
		g := of(t, rest).Gini
		sum, square = sum+g, square+g*g
	}
	cubes := 0.0
	for i := range counts {
		cubes += math.Pow(sum/4-of(t, slices.Delete(slices.Clone(counts), i, i+1)).Gini, 3)
	}
	d, skew := count(counts).jackknife(0.5, new(leftOut))
	near(t, "standard error", d[0], math.Sqrt((square-sum*sum/4)*3/4), 1e-12)
	near(t, "skewness", skew[0], cubes/6/math.Pow(square-sum*sum/4, 1.5), 1e-11)
	near(t, "the quantile to take", corrected(0.025, 0.1, 0.05), 0.0546100768983596, 1e-12)
}

// Where most draws have no standard error the quantiles of the draws serve.
func TestBootstrapOfOnePlaceWithEverything(t *testing.T) {
	b, err := Bootstrap([]float64{0, 0, 0, 0, 5}, Options{})
	if err != nil || !(b.Gini.Low < 0.8) || !(b.Gini.Low >= 0.3) || b.Gini.High != 0.8 {
		t.Errorf("%+v, %v", b, err)
	}
	few := resampled{confidence: 0.95, self: Measures{Gini: 0.4}, deviation: four{0.1}}
	for k := range 100 {
		few.draws, few.errors = append(few.draws, Measures{Gini: 0.01 * float64(k)}), append(few.errors, four{})
	}
	few.errors[3][0] = 0.1
	if got := few.interval(0); got != few.skewed(0) || !(got.Low < 0.4 && got.High > 0.4) {
		t.Errorf("%v", got)
	}
}

// All but certain ends are those of the draws, whatever the skewness.
func TestCorrectedQuantileGoesNoFurtherThanTheDraws(t *testing.T) {
	for _, a := range []float64{-0.1, 0, 0.1} {
		if low, high := corrected(0, 0.2, a), corrected(1, 0.2, a); low != 0 || high != 1 {
			t.Errorf("skewness %v: %v to %v", a, low, high)
		}
	}
}
