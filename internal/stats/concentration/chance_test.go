package concentration

import (
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Thrown by lot, P is uniform, and the interval holds what is seen.
func TestChanceIsChance(t *testing.T) {
	const trials = 300
	r := stats.NewRand(3, 0)
	low, within := 0.0, 0.0
	risk := make([]float64, 100)
	for i := range risk {
		risk[i] = r.Exponential()
	}
	thrower, err := newThrower(100, risk)
	if err != nil {
		t.Fatal(err)
	}
	for k := range trials {
		var room trial
		room.measure(thrower, 400, &r, 0.5)
		counts := make([]float64, 100)
		for i, c := range room.counts {
			counts[i] = float64(c)
		}
		c, err := ByChance(counts, risk, Options{Seed: uint64(k), Replications: 99})
		if err != nil {
			t.Fatal(err)
		}
		if c.P <= 0.2 {
			low++
		}
		if c.Interval.Gini.Has(of(t, counts).Gini) {
			within++
		}
	}
	if z := (low/trials - 0.2) / math.Sqrt(0.16/trials); math.Abs(z) > 4 {
		t.Errorf("P is at most 0.2 in %v of trials", low/trials)
	}
	if within/trials < 0.88 {
		t.Errorf("the interval holds the observed value in %v of trials", within/trials)
	}
}

// The mean Gini of m Poisson-like counts: by hand for two events at two places,
// together or apart with one chance each: 1/2 or 0.
func TestChanceByHand(t *testing.T) {
	c, err := ByChance([]float64{2, 0}, nil, Options{Replications: 20000, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean Gini", c.Mean.Gini, 0.25, 4*0.25/math.Sqrt(20000)/0.25)
	near(t, "P", c.P, 0.5, 4*0.5/math.Sqrt(20000))
	uneven, err := ByChance([]float64{3, 0, 1}, []float64{3, 0, 1}, Options{Replications: 20000, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	// All four at the first place with chance (3/4)⁴, at the third with (1/4)⁴.
	want := 0.0
	for k := 0.0; k <= 4; k++ {
		want += dist.BinomialPMF(k, 4, 0.75) * of(t, []float64{k, 0, 4 - k}).Gini
	}
	near(t, "mean Gini of uneven risks", uneven.Mean.Gini, want, 0.003)
}

// High counts at few places are sorted, not tallied: the measures are the same,
// and it takes no longer.
func TestManyEventsAtFewPlaces(t *testing.T) {
	counts := []float64{3e6, 1e6, 2e6, 4e6}
	c, err := ByChance(counts, counts, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean Gini", c.Mean.Gini, of(t, counts).Gini, 1e-3)
	room := trial{counts: []int32{2e6, 1, 5, 9}}
	if got, want := room.measureSorted(0.5), of(t, []float64{2e6, 1, 5, 9}).Measures; got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

// Singly or by place, a place has a binomial number of the events.
func TestThrowsAreBinomial(t *testing.T) {
	risks := []float64{0, 2, 5, 0, 3, 0}
	for name, risk := range map[string][]float64{"by risk": risks, "alike": nil} {
		for _, events := range []int{60, 6*oneByOne + 1} {
			thrower, err := newThrower(6, risk)
			if err != nil {
				t.Fatal(err)
			}
			const draws = 20000
			var sum, square [6]float64
			counts := make([]int32, 6)
			r := stats.NewRand(8, 0)
			for range draws {
				clear(counts)
				thrower.throw(events, counts, &r)
				all := int32(0)
				for i, c := range counts {
					all += c
					sum[i], square[i] = sum[i]+float64(c), square[i]+float64(c)*float64(c)
				}
				if int(all) != events {
					t.Fatalf("%d of %d events", all, events)
				}
			}
			for i := range 6 {
				p := 1.0 / 6
				if risk != nil {
					p = risk[i] / 10
				}
				mean, variance := float64(events)*p, float64(events)*p*(1-p)
				got := sum[i] / draws
				if math.Abs(got-mean) > 4.5*math.Sqrt(variance/draws) || math.Abs(square[i]/draws-got*got-variance) > 4.5*variance*math.Sqrt(2.2/draws) {
					t.Errorf("%s, %d events, place %d: mean %v, not %v", name, events, i, got, mean)
				}
			}
		}
	}
}

// From few events the model finds how unequal the risks are; the counts alone
// make them look far more so.
func TestPoissonGammaTakesChanceAway(t *testing.T) {
	r := stats.NewRand(6, 0)
	risks, counts := make([]float64, 4000), make([]float64, 4000)
	for i := range risks {
		risks[i] = r.Gamma(2)
		counts[i] = r.Poisson(0.3 * risks[i] / 2)
	}
	truth, naive := of(t, risks), of(t, counts)
	m, err := FitPoissonGamma(counts, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Gini-truth.Gini) > 0.06 || math.Abs(m.Holding-truth.Holding) > 0.04 || naive.Gini < truth.Gini+0.3 {
		t.Errorf("risks %+v, counts %+v, model %+v", truth.Measures, naive.Measures, m)
	}
	near(t, "Gini of a gamma distribution", gammaGini(1), 0.5, 1e-14)
	near(t, "at the joint", gammaGini(1000.0001)*math.Sqrt(1000.0001), gammaGini(999.9999)*math.Sqrt(999.9999), 1e-10)
	even, err := FitPoissonGamma([]float64{1, 1, 1, 1}, 0.25)
	if err != nil || !math.IsInf(even.Size, 1) || even.Gini != 0 || even.Holding != 0.25 {
		t.Errorf("%+v, %v", even, err)
	}
}
