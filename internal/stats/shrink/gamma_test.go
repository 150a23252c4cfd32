package shrink

import (
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// expected turns exposures into expected counts.
func expected(counts, exposure []float64) []float64 {
	events, persons := 0.0, 0.0
	for i := range counts {
		events, persons = events+counts[i], persons+exposure[i]
	}
	out := make([]float64, len(exposure))
	for i, n := range exposure {
		out[i] = n * events / persons
	}
	return out
}

// The likeliest prior against R's optim over dnbinom, the moment equations
// against plain iteration in R, the posterior against qgamma and pgamma.
func TestGammaModelIsRs(t *testing.T) {
	counts, births, _, _ := carolina(t)
	e := expected(counts, births)
	file := table(t, "testdata/gamma_fit.csv")
	want := map[string]float64{}
	for i, v := range numbers(t, file["value"]) {
		want[file["what"][i]] = v
	}
	g, err := FitGamma(counts, e, Likelihood)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shape", g.Prior.Shape, want["shape"], 1e-6)
	near(t, "mean", g.Prior.Mean, want["mean"], 1e-6)
	near(t, "log-likelihood", g.LogLikelihood, want["loglik"], 1e-12)
	m, err := FitGamma(counts, e, Moments)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "moment shape", m.Prior.Shape, want["moment_shape"], 1e-10)
	near(t, "moment mean", m.Prior.Mean, want["moment_mean"], 1e-10)

	given, err := WithPrior(counts, e, Prior{want["mean"], want["shape"]})
	if err != nil {
		t.Fatal(err)
	}
	posterior := table(t, "testdata/gamma_posterior.csv")
	rates, lows := numbers(t, posterior["rate"]), numbers(t, posterior["low"])
	highs, above := numbers(t, posterior["high"]), numbers(t, posterior["above"])
	intervals, err := given.Intervals(0.95)
	if err != nil {
		t.Fatal(err)
	}
	for i, rate := range given.Rates() {
		near(t, "rate", rate, rates[i], 1e-12)
		near(t, "low", intervals[i].Low, lows[i], 1e-11)
		near(t, "high", intervals[i].High, highs[i], 1e-11)
		near(t, "above", given.Above(1.2)[i], above[i], 1e-11)
	}
}

// The average over priors, in 33 points, against R's over a grid of thousands.
func TestAverageOverPriorsIsThatOfAFineGrid(t *testing.T) {
	counts, births, _, _ := carolina(t)
	e := expected(counts, births)
	g, err := FitGamma(counts, e, Integrated)
	if err != nil {
		t.Fatal(err)
	}
	file := table(t, "testdata/gamma_posterior.csv")
	rates, above := numbers(t, file["mixed_rate"]), numbers(t, file["mixed_above"])
	lows, highs := numbers(t, file["mixed_low"]), numbers(t, file["mixed_high"])
	intervals, err := g.Intervals(0.95)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, rate := range g.Rates() {
		worst = max(worst, math.Abs(rate/rates[i]-1), math.Abs(intervals[i].Low/lows[i]-1),
			math.Abs(intervals[i].High/highs[i]-1), math.Abs(g.Above(1.2)[i]-above[i]))
	}
	t.Logf("furthest off %.2g", worst)
	if worst > 1e-3 {
		t.Errorf("the average is off by %v", worst)
	}
}

// At the likeliest prior no small step raises the likelihood, also with counts
// that are not whole or too large for the table.
func TestLikeliestIsATop(t *testing.T) {
	r := stats.NewRand(3, 0)
	for trial := range 30 {
		n := 5 + trial
		counts, exposure := make([]float64, n), make([]float64, n)
		for i := range counts {
			exposure[i] = 0.1 + r.Exponential()*[]float64{1, 30, 4000}[trial%3]
			counts[i] = r.NegBin(2*exposure[i], 3)
			if trial%2 == 1 {
				counts[i] += r.Float64()
			}
		}
		g, err := FitGamma(counts, exposure, Likelihood)
		if err != nil {
			t.Fatal(err)
		}
		like := func(mean, shape float64) float64 { // straight from the definition
			sum := 0.0
			for i, y := range counts {
				a, _ := math.Lgamma(y + shape)
				b, _ := math.Lgamma(shape)
				c, _ := math.Lgamma(y + 1)
				x := exposure[i] * mean
				sum += a - b - c + y*math.Log(x/(x+shape)) - shape*math.Log1p(x/shape)
			}
			return sum
		}
		top := like(g.Prior.Mean, g.Prior.Shape)
		if math.IsInf(g.Prior.Shape, 1) {
			top = g.LogLikelihood
			for _, shape := range []float64{1, 10, 100, 1e4} {
				if like(g.Prior.Mean, shape) > top {
					t.Errorf("trial %d: shape %v is likelier than none", trial, shape)
				}
			}
			continue
		}
		near(t, "log-likelihood", g.LogLikelihood, top, 1e-10)
		for _, f := range []float64{0.5, 0.99, 1.01, 2} {
			if like(g.Prior.Mean*f, g.Prior.Shape) > top || like(g.Prior.Mean, g.Prior.Shape*f) > top {
				t.Errorf("trial %d: a step by %v is likelier", trial, f)
			}
		}
	}
}

// With a prior of mean 2 and shape 6, and 4 events in 1: gamma of shape 10 and
// rate 4, of mean 2.5 and variance 10/16.
func TestPosteriorByHand(t *testing.T) {
	g, err := WithPrior([]float64{4, 0}, []float64{1, 0}, Prior{2, 6})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", g.Rates()[0], 2.5, 1e-15)
	near(t, "deviation", g.Deviations()[0], math.Sqrt(10.0/16), 1e-14)
	near(t, "mean where nobody lives", g.Rates()[1], 2, 1e-15)
	near(t, "deviation there", g.Deviations()[1], 2/math.Sqrt(6), 1e-14)
	// P(shape 10 > x) is that of fewer than 10 Poisson events of mean 4x.
	near(t, "above 2", g.Above(2)[0], dist.PoissonCDF(9, 8), 1e-13)
	if g.Above(-1)[0] != 1 || g.Places() != 2 {
		t.Error("no rate is negative")
	}
}

func TestNoHeterogeneity(t *testing.T) {
	counts, exposure := []float64{10, 10, 10, 10}, []float64{5, 5, 5, 5}
	for _, method := range []Method{Likelihood, Moments} {
		g, err := FitGamma(counts, exposure, method)
		if err != nil {
			t.Fatal(err)
		}
		if !math.IsInf(g.Prior.Shape, 1) || g.Prior.Mean != 2 {
			t.Errorf("prior %+v of places that are alike", g.Prior)
		}
		intervals, _ := g.Intervals(0.9)
		if g.Rates()[0] != 2 || g.Deviations()[0] != 0 || intervals[0] != (stats.Interval{Low: 2, High: 2}) {
			t.Error("the mean is not certain")
		}
		if g.Above(1.9)[0] != 1 || g.Above(2.1)[0] != 0 {
			t.Error("the chance of a rate that is known is not 0 or 1")
		}
	}
	g, err := FitGamma(counts, exposure, Integrated)
	if err != nil {
		t.Fatal(err)
	}
	intervals, _ := g.Intervals(0.95)
	// Integrated knows that 40 events do not prove places alike: the interval is
	// wider than that of the mean alone, and narrower than that of one place.
	for _, i := range intervals {
		if width := math.Log(i.High / i.Low); width < 2*1.96/math.Sqrt(40) || width > 2*1.96/math.Sqrt(10) {
			t.Errorf("interval %+v", i)
		}
	}
}

// A mixture must have the probability asked for below its quantile, its mean
// must be that of its draws, and so must its deviation.
func TestMixtureAgreesWithItself(t *testing.T) {
	counts, births, _, _ := carolina(t)
	e := expected(counts, births)
	g, err := FitGamma(counts, e, Integrated)
	if err != nil {
		t.Fatal(err)
	}
	intervals, _ := g.Intervals(0.9)
	for i := range counts {
		below, _ := g.cumulative(i, intervals[i].Low)
		near(t, "below low", below, 0.05, 1e-7)
		near(t, "above high", g.Above(intervals[i].High)[i], 0.05, 1e-7)
	}
	const draws = 20000
	rates, deviations := g.Rates(), g.Deviations()
	sum, squares, out := make([]float64, len(counts)), make([]float64, len(counts)), make([]float64, len(counts))
	r := stats.NewRand(9, 0)
	for range draws {
		g.Draw(&r, out)
		for i, v := range out {
			sum[i] += v
			squares[i] += (v - rates[i]) * (v - rates[i])
		}
	}
	for i := range counts { // five standard errors; that of a deviation is at most 2 % here
		near(t, "mean of draws", sum[i]/draws, rates[i], 5*deviations[i]/rates[i]/math.Sqrt(draws))
		near(t, "deviation of draws", math.Sqrt(squares[i]/draws), deviations[i], 0.06)
	}
}

// Known truth: rates drawn from a gamma distribution, counts Poisson. The share
// of true rates inside their 95 % intervals must be 95 %, for the counts that
// wards and boroughs have in a month or a year.
func TestIntervalsCover(t *testing.T) {
	for _, c := range []struct {
		places      int
		mean, shape float64
		method      Method
		low, high   float64
	}{
		{33, 1, 4, Integrated, 0.935, 0.98},
		{33, 20, 10, Integrated, 0.935, 0.965},
		{33, 3, 1e6, Integrated, 0.95, 1},
		{100, 0.3, 2, Integrated, 0.935, 0.985},
		{600, 2, 3, Integrated, 0.94, 0.96},
		{600, 2, 3, Likelihood, 0.94, 0.96},
		{33, 1, 4, Likelihood, 0.55, 0.93}, // what taking the prior as known costs
	} {
		trials := 5000 / c.places
		inside, all := 0.0, 0.0
		for trial := range trials {
			r := stats.NewRand(uint64(c.places), uint64(trial))
			counts, exposure, truth := make([]float64, c.places), make([]float64, c.places), make([]float64, c.places)
			for i := range counts {
				exposure[i] = 0.3 + 1.4*r.Float64()
				truth[i] = c.mean * r.Gamma(c.shape) / c.shape
				counts[i] = r.Poisson(exposure[i] * truth[i])
			}
			g, err := FitGamma(counts, exposure, c.method)
			if err != nil {
				t.Fatal(err)
			}
			intervals, _ := g.Intervals(0.95)
			for i, v := range truth {
				if all++; intervals[i].Has(v) {
					inside++
				}
			}
		}
		t.Logf("%d places, mean %v, shape %v, method %d: %.4f", c.places, c.mean, c.shape, c.method, inside/all)
		if share := inside / all; share < c.low || share > c.high {
			t.Errorf("%+v: coverage %.4f", c, share)
		}
	}
}

func FuzzPlaces(f *testing.F) {
	f.Add(uint64(1), 3.0, 10.0, 0.0)
	f.Add(uint64(2), 1e12, 1e-12, 4e8)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c float64) {
		r := stats.NewRand(seed, 0)
		n := int(r.Below(8))
		counts, exposure, neighbours := make([]float64, n), make([]float64, n), make([][]int32, n)
		pick := func() float64 { return []float64{a, b, c, 0, 1, 7}[r.Below(6)] }
		for i := range n {
			counts[i], exposure[i] = pick(), pick()
			if j := int32(r.Below(uint32(n))); int(j) != i {
				neighbours[i] = []int32{j}
			}
		}
		if g, err := Global(counts, exposure); err == nil && !extreme(counts, exposure) && stats.Finite(g.Rate, g.Spread) != nil {
			t.Errorf("Global(%v, %v) = %v", counts, exposure, g)
		}
		if l, err := Local(counts, exposure, neighbours, Own); err == nil && !extreme(counts, exposure) && stats.Finite(l.Rate) != nil {
			t.Errorf("Local(%v, %v, %v) = %v", counts, exposure, neighbours, l)
		}
		for _, method := range []Method{Integrated, Likelihood, Moments} {
			g, err := FitGamma(counts, exposure, method)
			if err != nil || extreme(counts, exposure) {
				continue
			}
			intervals, _ := g.Intervals(0.95)
			for i, v := range g.Rates() {
				if stats.Finite([]float64{v, intervals[i].Low, intervals[i].High}) != nil {
					t.Errorf("FitGamma(%v, %v, %d): place %d has %v in %v", counts, exposure, method, i, v, intervals[i])
				}
			}
		}
	})
}

// extreme values may overflow; they must only not panic.
func extreme(lists ...[]float64) bool {
	for _, list := range lists {
		for _, v := range list {
			if v != 0 && (v > 1e15 || v < 1e-15) {
				return true
			}
		}
	}
	return false
}
