package model

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// With a factor and any offset the rate of a level is its counts divided by its
// exposure, by hand; exposures a thousand million times apart need steps that
// are held back.
func TestRatesByHandWithWildOffsets(t *testing.T) {
	r := stats.NewRand(31, 0)
	for range 200 {
		const n = 12
		level, y, offset := make([]string, n), make([]float64, n), make([]float64, n)
		count, exposure := map[string]float64{}, map[string]float64{}
		for i := range n {
			level[i] = string(rune('a' + i%3))
			offset[i] = 10 * r.Normal()
			y[i] = 1 + r.Poisson(3)
			count[level[i]] += y[i]
			exposure[level[i]] += math.Exp(offset[i])
		}
		f := mustFit(t, NewDesign(n).Intercept().Factor("level", level), y, Options{Family: Poisson, Offset: offset})
		base := math.Log(count["a"] / exposure["a"])
		same(t, "rates", f.Coefficients, []float64{base, math.Log(count["b"]/exposure["b"]) - base, math.Log(count["c"]/exposure["c"]) - base}, 1e-8)
	}
}

// Steps too far on the identity link, where means must stay positive.
func TestIdentityLinkStaysPositive(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4, 5, 6, 30}
	y := []float64{0, 1, 0, 2, 0, 1, 9, 3}
	f, err := Fit(NewDesign(8).Intercept().Add("x", x), y, Options{Family: Poisson, Link: Identity})
	if err != nil {
		if !errors.Is(err, stats.ErrNoFit) {
			t.Fatal(err)
		}
		return
	}
	for i, mu := range f.Mean {
		if mu <= 0 {
			t.Errorf("mean %d is %v", i, mu)
		}
	}
}

// Theta is where the likelihood is highest, for whole counts and others.
func TestThetaIsTheTopOfTheLikelihood(t *testing.T) {
	d, y, _ := counts(14, 300, 3, 1.5)
	for name, scale := range map[string]float64{"whole": 1, "not whole": 1.5} {
		z := apply(y, func(v float64) float64 { return v * scale })
		f := mustFit(t, d, z, Options{Family: NegativeBinomial})
		at := func(theta float64) float64 {
			return mustFit(t, d, z, Options{Family: NegativeBinomial, Theta: theta}).LogLikelihood
		}
		same(t, name, []float64{at(f.Theta)}, []float64{f.LogLikelihood}, 1e-12)
		same(t, name+": criterion", []float64{f.AIC}, []float64{2*float64(f.Rank+1) - 2*f.LogLikelihood}, 1e-12)
		step := 0.01 * f.Theta
		up, down := at(f.Theta+step), at(f.Theta-step)
		if up >= f.LogLikelihood || down >= f.LogLikelihood {
			t.Errorf("%s: %v at theta, %v above, %v below", name, f.LogLikelihood, up, down)
		}
		// The curvature is what the error of theta says, the coefficients moving along
		// hardly at all.
		if curve := (2*f.LogLikelihood - up - down) / step / step; math.Abs(1/math.Sqrt(curve)/f.ThetaSE-1) > 0.02 {
			t.Errorf("%s: error %v, by the curvature %v", name, f.ThetaSE, 1/math.Sqrt(curve))
		}
	}
}

func TestZerosAreThoseOfTheFamily(t *testing.T) {
	d, y, _ := counts(15, 4000, 3, 0.8)
	poisson := mustFit(t, d, y, Options{Family: Poisson})
	negative := mustFit(t, d, y, Options{Family: NegativeBinomial})
	z, err1 := poisson.Zeros()
	w, err2 := negative.Zeros()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if z.Z < 10 || math.Abs(w.Z) > 3.5 || z.Seen != w.Seen {
		t.Errorf("Poisson %+v, negative binomial %+v", z, w)
	}
	flat := mustFit(t, NewDesign(2).Intercept(), []float64{0, 2}, Options{Family: Poisson})
	hand, err := flat.Zeros()
	if err != nil {
		t.Fatal(err)
	}
	p := math.Exp(-1)
	same(t, "by hand", []float64{hand.Seen, hand.Expected, hand.Z + 1}, []float64{1, 2 * p, 1 + (1-2*p)/math.Sqrt(2*p*(1-p))}, 1e-9)
	if _, err := mustFit(t, d, y, Options{Family: QuasiPoisson}).Zeros(); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

// A row of weight zero changes nothing but its own prediction.
func TestRowsOfNoWeightDoNotCount(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, 5, 99}, []float64{2, 1, 4, 3, 6, 1000}
	w := []float64{1, 1, 1, 1, 1, 0}
	for _, family := range []Family{Poisson, QuasiPoisson, NegativeBinomial, Gaussian} {
		a := mustFit(t, NewDesign(6).Intercept().Add("x", x), y, Options{Family: family, Weights: w})
		b := mustFit(t, NewDesign(5).Intercept().Add("x", x[:5]), y[:5], Options{Family: family})
		same(t, "coefficients", a.Coefficients, b.Coefficients, 1e-9)
		va, err1 := a.Robust(HC3)
		vb, err2 := b.Robust(HC3)
		na, _, err3 := a.NeweyWest(HAC{Lag: 1})
		nb, _, err4 := b.NeweyWest(HAC{Lag: 1})
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		same(t, "robust", va.Data, vb.Data, 1e-8)
		same(t, "in time", na.Data, nb.Data, 1e-8)
		same(t, "likelihood", []float64{a.AIC + 1, a.Dispersion, a.NullDeviance, float64(a.DF)}, []float64{b.AIC + 1, b.Dispersion, b.NullDeviance, float64(b.DF)}, 1e-8)
	}
}

func TestWhatAFitRefuses(t *testing.T) {
	d, y, _ := counts(16, 30, 3, 2)
	f := mustFit(t, d, y, Options{Family: Poisson})
	full := mustFit(t, NewDesign(2).Intercept().Add("x", []float64{0, 1}), []float64{1, 2}, Options{Family: QuasiPoisson})
	aliased := mustFit(t, NewDesign(3).Intercept().Add("one", []float64{1, 1, 1}), []float64{1, 2, 4}, Options{Family: Poisson})
	long := make([]int, 30)
	refuses := func(name string, want error, _ any, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	try := func(v any, err error) (any, error) { return v, err }
	check := func(name string, want error, f func() (any, error)) {
		t.Helper()
		v, err := f()
		refuses(name, want, v, err)
	}
	v := f.Covariance()
	check("residuals", stats.ErrOption, func() (any, error) { return try(f.Residuals(17)) })
	check("standardised", stats.ErrOption, func() (any, error) { return try(f.Standardised(Response)) })
	check("robust", stats.ErrOption, func() (any, error) { return try(f.Robust(9)) })
	check("HC1 of a full model", stats.ErrTooFew, func() (any, error) { return try(full.Robust(HC1)) })
	check("one cluster", stats.ErrTooFew, func() (any, error) { return try(f.Clustered(Clusters{Of: long})) })
	check("few clusters named", stats.ErrLength, func() (any, error) { return try(f.Clustered(Clusters{Of: long[:3]})) })
	check("lag", stats.ErrOption, func() (any, error) { _, _, err := f.NeweyWest(HAC{Lag: -7}); return nil, err })
	check("lag of a full model", stats.ErrTooFew, func() (any, error) { _, _, err := full.NeweyWest(HAC{Adjust: true}); return nil, err })
	check("confidence", stats.ErrOption, func() (any, error) { return try(f.Terms(v, 1)) })
	check("another matrix", stats.ErrLength, func() (any, error) { return try(f.Terms(lin.New(2, 2), 0.95)) })
	check("no names", stats.ErrEmpty, func() (any, error) { return try(f.Wald(v)) })
	check("unknown name", stats.ErrOption, func() (any, error) { return try(f.Wald(v, "x9")) })
	check("aliased name", stats.ErrSingular, func() (any, error) { return try(aliased.Wald(aliased.Covariance(), "one")) })
	check("Wald of a full model", stats.ErrTooFew, func() (any, error) { return try(full.Wald(full.Covariance(), "x")) })
	check("the wrong way round", stats.ErrOption, func() (any, error) { return try(LikelihoodRatio(f, f)) })
	check("other rows", stats.ErrLength, func() (any, error) { return try(LikelihoodRatio(aliased, f)) })
	check("fewer columns", stats.ErrLength, func() (any, error) { return try(f.Predict(NewDesign(2).Intercept(), PredictOptions{})) })
	other := NewDesign(1).Intercept().Add("x1", []float64{1}).Add("other", []float64{1})
	check("another column", stats.ErrOption, func() (any, error) { return try(f.Predict(other, PredictOptions{})) })
	check("short offset", stats.ErrLength, func() (any, error) { return try(f.Predict(d, PredictOptions{Offset: []float64{1}})) })

	terms, err := full.Terms(full.Covariance(), 0.95)
	if err != nil || !math.IsNaN(terms[0].SE) || !math.IsNaN(terms[0].P) || !math.IsNaN(terms[0].Interval.Low) {
		t.Errorf("without degrees of freedom: %+v, %v", terms, err)
	}
	p, err := aliased.Predict(NewDesign(1).Intercept().Add("one", []float64{1}), PredictOptions{Offset: []float64{math.Log(3)}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a mean of 7/3, three times", []float64{p.Mean[0], p.MeanSE[0]}, []float64{7, 7 / math.Sqrt(7)}, 1e-9)
}

func FuzzElasticNet(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 0.0, 5.0, 0.5)
	f.Add(1e30, 0.0, 1e-30, 7.0, 0.5, 0.0)
	f.Add(3.0, 3.0, 3.0, 1.0, 1.0, 1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, ridge float64) {
		y := []float64{a, b, c, d, e, 1}
		design := NewDesign(6).Add("x", []float64{e, c, a, b, d, 2}).Add("z", []float64{1, 0, 0, 1, b, a})
		net, err := ElasticNet(design, y, NetOptions{Ridge: ridge, Steps: 5})
		if err != nil {
			return
		}
		for k := range net.Penalties {
			if math.IsNaN(net.Intercepts[k]) || stats.Finite(net.Coefficients[k]) != nil {
				t.Errorf("%v: %v, %v", y, net.Intercepts[k], net.Coefficients[k])
			}
		}
	})
}

func FuzzPoints(f *testing.F) {
	f.Add(0.0, 0.0, 10.0, 5.0, 3.0, 4.0)
	f.Add(530000.0, 180000.0, 530000.0, 180000.0, 1e9, -1e9)
	f.Fuzz(func(t *testing.T, x0, y0, x1, y1, x, y float64) {
		p, err := NewPoints([]float64{x0, x1}, []float64{y0, y1})
		if err != nil {
			return
		}
		got, err := p.Nearest([]float64{x}, []float64{y})
		if err != nil {
			return
		}
		want := min(math.Hypot(x-x0, y-y0), math.Hypot(x-x1, y-y1))
		if math.Abs(got[0]-want) > 1e-9*want+1e-150 && want < 1e150 {
			t.Errorf("%v from (%v, %v) and (%v, %v) to (%v, %v), want %v", got[0], x0, y0, x1, y1, x, y, want)
		}
	})
}
