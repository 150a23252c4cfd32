package shrink

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// fineGrid is the posterior over some ten thousand priors: 160 shapes, and for
// each the means from where the likelihood has fallen by e⁻¹² to where it has again.
func fineGrid(m *marginal, centre float64) []part {
	density := func(mu, k float64) float64 {
		return m.logLikelihood(mu, k) + math.Log(k) - 2*math.Log1p(k*m.typical*centre)
	}
	var grid []part
	top := math.Inf(-1)
	least := -14 - math.Log(m.typical*centre)
	for i := range 160 {
		k := math.Exp(least + (12-least)*float64(i)/159)
		mode := m.mean(k, m.rate)
		edge := func(direction float64) float64 {
			u := 1e-5
			for u < 20 && density(mode*math.Exp(direction*u), k) > density(mode, k)-12 {
				u *= 1.1
			}
			return direction * u
		}
		low, high := edge(-1), edge(1)
		for j := range 61 {
			mu := mode * math.Exp(low+(high-low)*float64(j)/60)
			d := density(mu, k) + math.Log(high-low)
			grid, top = append(grid, part{Prior{mu, 1 / k}, d}), max(top, d)
		}
	}
	sum := 0.0
	for i := range grid {
		grid[i].weight = math.Exp(grid[i].weight - top)
		sum += grid[i].weight
	}
	for i := range grid {
		grid[i].weight /= sum
	}
	return grid
}

// The average over priors against a grid of thousands, where it is hardest: one
// event in all, two places, counts that are all alike, also in the millions, one
// place far out, exposures of every size. Means are held against the deviation,
// and the ends of intervals by how much of the posterior is below them.
func TestAverageOverPriorsInHardCases(t *testing.T) {
	r := stats.NewRand(77, 0)
	for _, c := range []struct {
		name            string
		places          int
		place           func(i int) (count, exposure float64)
		mean, deviation float64
		tail            float64
	}{
		{"one event", 33, func(i int) (float64, float64) { return float64(i / 32), 1 }, 0.03, 0.03, 0.01},
		{"two places", 2, func(i int) (float64, float64) { return float64(3 + 6*i), 1 }, 0.005, 0.005, 0.002},
		{"0 and 1", 2, func(i int) (float64, float64) { return float64(i), 1 }, 0.03, 0.03, 0.01},
		{"0 and 100", 2, func(i int) (float64, float64) { return float64(100 * i), 1 }, 0.035, 0.03, 0.012},
		{"all alike", 33, func(int) (float64, float64) { return 10, 1 }, 0.02, 0.005, 0.002},
		{"all a million", 33, func(int) (float64, float64) { return 1e6, 1e8 }, 0.005, 0.005, 0.002},
		{"about a million", 33, func(int) (float64, float64) { return r.Poisson(1e6), 1e6 }, 0.02, 0.01, 0.002},
		{"one far out", 33, func(i int) (float64, float64) { return r.Poisson(2) + float64(i/32*500), 1 }, 0.005, 0.005, 0.002},
		{"exposures of every size", 35, func(i int) (float64, float64) {
			e := math.Pow(10, float64(i%7)-3)
			return r.Poisson(3 * e * r.Gamma(2) / 2), e
		}, 0.02, 0.02, 0.002},
	} {
		counts, exposure := make([]float64, c.places), make([]float64, c.places)
		for i := range counts {
			counts[i], exposure[i] = c.place(i)
		}
		g, err := FitGamma(counts, exposure, Integrated)
		if err != nil {
			t.Fatal(err)
		}
		m, err := prepare(counts, exposure)
		if err != nil {
			t.Fatal(err)
		}
		fine := g
		fine.parts = fineGrid(&m, g.Prior.Mean)
		rates, deviations := fine.Rates(), fine.Deviations()
		intervals, err := g.Intervals(0.95)
		if err != nil {
			t.Fatal(err)
		}
		var mean, deviation, tail float64
		for i, rate := range g.Rates() {
			mean = max(mean, math.Abs(rate-rates[i])/deviations[i])
			deviation = max(deviation, math.Abs(g.Deviations()[i]/deviations[i]-1))
			if i > 4 && i < c.places-1 {
				continue
			}
			for x, want := range map[float64]float64{intervals[i].Low: 0.025, intervals[i].High: 0.975} {
				below := 0.0
				for _, p := range fine.parts {
					if p.weight > 1e-7 {
						shape, rate := fine.of(i, p)
						below += p.weight * dist.GammaCDF(x, shape, rate)
					}
				}
				tail = max(tail, math.Abs(below-want))
			}
		}
		t.Logf("%s: means off by %.2g deviations, deviations by %.2g, tails by %.2g", c.name, mean, deviation, tail)
		if !(mean <= c.mean && deviation <= c.deviation && tail <= c.tail) {
			t.Errorf("%s: means off by %.2g deviations, deviations by %.2g, tails by %.2g", c.name, mean, deviation, tail)
		}
	}
}

// Stirling's series against the functions themselves, where these still have
// enough digits; and beyond any data there is an error, not a figure.
func TestGammaFunctionsOfLargeArguments(t *testing.T) {
	for _, s := range []float64{1.1e4, 5e4, 3e5} {
		for _, y := range []float64{0.5, 40, 7e3, 2e5} {
			up, _ := math.Lgamma(s + y)
			at, _ := math.Lgamma(s)
			if got, want := rising(y, s), up-at-y*math.Log(s); math.Abs(got-want) > 3e-15*up {
				t.Errorf("log Γ(%v+%v)/Γ is %v, not %v", s, y, got, want)
			}
			near(t, "ψ", risingSlope(y, s), dist.Digamma(s+y)-dist.Digamma(s), 1e-9)
		}
	}
	if _, err := FitGamma([]float64{1e-50, 1e60, 1}, []float64{1, 1, 1}, Integrated); !errors.Is(err, stats.ErrNoFit) {
		t.Errorf("counts of all sizes: %v", err)
	}
}
