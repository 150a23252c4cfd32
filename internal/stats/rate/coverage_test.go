package rate

import (
	"fmt"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// fieldMeans are the monthly counts that this field has.
var fieldMeans = []float64{0.1, 0.3, 1, 2, 5, 10, 20, 50}

// covered adds up the probability of the counts whose interval holds the mean:
// exact, not simulated.
func covered(mean float64, interval func(count float64) Interval) float64 {
	sum := 0.0
	for k := 0.0; k <= mean+20*math.Sqrt(mean)+30; k++ {
		if interval(k).Has(mean) {
			sum += dist.PoissonPMF(k, mean)
		}
	}
	return sum
}

// The exact interval never covers less than it says; the one shown (Byar's from
// ten on) covers no less than two in a thousand short of it.
func TestCountIntervalsCover(t *testing.T) {
	for _, level := range []float64{0.8, Confidence95, Confidence998} {
		for _, mean := range fieldMeans {
			exact := covered(mean, func(k float64) Interval { return Exact(k, level) })
			shown := covered(mean, func(k float64) Interval { return Poisson(k, level) })
			t.Logf("nominal %.1f%%, mean %v: exact %.2f%%, shown %.2f%%", 100*level, mean, 100*exact, 100*shown)
			if exact < level-1e-12 || shown < level-0.002 {
				t.Errorf("nominal %v, mean %v: exact %v, shown %v", level, mean, exact, shown)
			}
		}
	}
}

// Of shares, Wilson's interval covers its level on average over chances and the
// exact one always.
func TestShareIntervalsCover(t *testing.T) {
	for _, n := range []float64{5, 20, 100} {
		average, least, exact := 0.0, 1.0, 1.0
		const chances = 400
		for c := range chances {
			p := (float64(c) + 0.5) / chances
			wilson, clopper := 0.0, 0.0
			for k := 0.0; k <= n; k++ {
				one := dist.BinomialPMF(k, n, p)
				if Wilson(k, n, 0.95).Has(p) {
					wilson += one
				}
				if ClopperPearson(k, n, 0.95).Has(p) {
					clopper += one
				}
			}
			average += wilson / chances
			least, exact = min(least, wilson), min(exact, clopper)
		}
		t.Logf("nominal 95%%, n = %v: Wilson %.2f%% on average, least %.2f%%; exact least %.2f%%", n, 100*average, 100*least, 100*exact)
		if average < 0.948 || average > 0.965 || least < 0.82 || exact < 0.95-1e-12 {
			t.Errorf("n = %v: %v, %v, %v", n, average, least, exact)
		}
	}
}

// The difference of two rates with exposures of two to one, and the ratio by
// mid-P, over all pairs of counts: exact sums, not simulated.
func TestComparisonsCover(t *testing.T) {
	for _, mean := range fieldMeans {
		for _, times := range []float64{1, 2} {
			before := mean * times // the rate is alike when exposures are too
			difference, mid, chance := 0.0, 0.0, 0.0
			for a := 0.0; a <= mean+8*math.Sqrt(mean)+8; a++ {
				for b := 0.0; b <= before+8*math.Sqrt(before)+8; b++ {
					one := dist.PoissonPMF(a, mean) * dist.PoissonPMF(b, before)
					if one < 1e-6 {
						continue
					}
					r := Ratio{a, b, 1, times}
					if _, i := r.Difference(0.95); i.Has(0) {
						difference += one
					}
					if a+b == 0 || r.MidP(0.95).Has(1) {
						mid += one
					}
					if r.Chance() >= 0.05 {
						chance += one
					}
				}
			}
			t.Logf("nominal 95%%, mean %v, exposures 1 to %v: difference %.2f%%, ratio by mid-P %.2f%%", mean, times, 100*difference, 100*mid)
			if difference < 0.948 || mid < 0.94 || chance < 0.94 {
				t.Errorf("mean %v, times %v: %v, %v, %v", mean, times, difference, mid, chance)
			}
		}
	}
}

// Directly standardised rates of six classes with unlike rates and weights: a
// simulation with known rates.
func TestDobsonCovers(t *testing.T) {
	const trials = 8000
	people := []float64{400, 900, 1200, 800, 500, 200}
	standard := []float64{5, 6, 7, 7, 5, 4}
	shape := []float64{0.2, 1, 2, 1.5, 1, 3}
	for _, mean := range fieldMeans {
		r := stats.NewRand(17, uint64(mean*10))
		total, truth, weight := 0.0, 0.0, 0.0
		for i := range people {
			total += people[i] * shape[i]
			weight += standard[i]
		}
		for i := range people {
			truth += standard[i] / weight * shape[i] * mean / total * 1000
		}
		held, ratios := 0, 0
		for range trials {
			draw := func() Standardised {
				var list []Stratum
				for i := range people {
					list = append(list, Stratum{Count: r.Poisson(mean * people[i] * shape[i] / total), Population: people[i], Standard: standard[i]})
				}
				s, err := Direct(list, 1000, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			a, b := draw(), draw()
			if a.Interval.Has(truth) {
				held++
			}
			if ratio, difference := a.Compare(b); difference.Interval.Has(0) && (ratio.Interval.Has(1) || math.IsNaN(ratio.Value)) {
				ratios++
			}
		}
		share, pair := float64(held)/trials, float64(ratios)/trials
		t.Logf("nominal 95%%, mean %v: Dobson %.2f%%, comparison of two %.2f%%", mean, 100*share, 100*pair)
		if share < 0.94 || pair < 0.94 { // four standard errors are 1%
			t.Errorf("mean %v: %v and %v", mean, share, pair)
		}
	}
}

// Two shares: Newcombe's interval of the difference and the ratio's, over all
// pairs of counts.
func TestShareComparisonsCover(t *testing.T) {
	for _, c := range []struct{ n, m, p, q float64 }{{20, 30, 0.2, 0.2}, {50, 40, 0.5, 0.3}, {80, 80, 0.05, 0.1}, {30, 30, 0.9, 0.8}} {
		difference, ratio := 0.0, 0.0
		for a := 0.0; a <= c.n; a++ {
			for b := 0.0; b <= c.m; b++ {
				one := dist.BinomialPMF(a, c.n, c.p) * dist.BinomialPMF(b, c.m, c.q)
				s := Shares{a, c.n, b, c.m}
				if _, i := s.Difference(0.95); i.Has(c.p - c.q) {
					difference += one
				}
				if _, i := s.Ratio(0.95); i.Has(c.p / c.q) {
					ratio += one
				}
			}
		}
		name := fmt.Sprintf("%v of %v against %v of %v", c.p, c.n, c.q, c.m)
		t.Logf("nominal 95%%, %s: difference %.2f%%, ratio %.2f%%", name, 100*difference, 100*ratio)
		if difference < 0.935 || ratio < 0.935 {
			t.Errorf("%s: difference %v, ratio %v", name, difference, ratio)
		}
	}
}
