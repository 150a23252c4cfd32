package model

import (
	"math"
	"testing"
)

func TestFitsAreRs(t *testing.T) {
	r := readReference(t, "glm.tsv")
	for _, c := range []struct {
		data, result string
		family       Family
		link         Link
	}{
		{"warp", "warp", Poisson, DefaultLink},
		{"warp", "warpquasi", QuasiPoisson, DefaultLink},
		{"warp", "warpidentity", Poisson, Identity},
		{"warp", "warplog", Gaussian, Log},
		{"sids", "sids", Poisson, Log},
		{"menarche", "menarche", Binomial, DefaultLink},
		{"cars", "cars", Gaussian, DefaultLink},
		{"lm", "lm", Gaussian, DefaultLink},
		{"sparse", "sparse", Poisson, DefaultLink},
		{"discoveries", "discoveries", QuasiPoisson, DefaultLink},
	} {
		t.Run(c.result, func(t *testing.T) {
			o := r.options(c.data, c.family)
			o.Link = c.link
			f, err := Fit(r.design(c.data), r[c.data]["y"], o)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, f, r[c.result], 1e-8)
		})
	}
}

// compare holds a fit against R's; what R leaves out is not compared.
func compare(t *testing.T, f *Fitted, want map[string][]float64, tolerance float64) {
	t.Helper()
	for what, got := range map[string][]float64{
		"beta": f.Coefficients, "vcov": f.Covariance().Data, "deviance": {f.Deviance}, "null": {f.NullDeviance},
		"df": {float64(f.DF)}, "nulldf": {float64(f.NullDF)}, "fitted": f.Mean, "dispersion": {f.Dispersion},
		"loglik": {f.LogLikelihood}, "aic": {f.AIC},
	} {
		if want[what] != nil {
			same(t, what, got, want[what], tolerance)
		}
	}
	for what, kind := range map[string]Residual{"r.pearson": Pearson, "r.deviance": Deviance} {
		got, err := f.Residuals(kind)
		if err != nil {
			t.Error(err)
		}
		same(t, what, got, want[what], tolerance)
	}
	if want["hat"] != nil {
		same(t, "hat", f.Leverages(), want["hat"], tolerance)
	}
	standard, err := f.Standardised(Deviance)
	if err != nil {
		t.Error(err)
	}
	same(t, "rstandard", f.weighty(standard), want["rstandard"], tolerance)
	compareRobust(t, f, want, tolerance)
}

// weighty returns the values of the rows that have weight: R leaves the others out.
func (f *Fitted) weighty(values []float64) []float64 {
	var out []float64
	for i, v := range values {
		if f.problem.weight[i] > 0 {
			out = append(out, v)
		}
	}
	return out
}

func compareRobust(t *testing.T, f *Fitted, want map[string][]float64, tolerance float64) {
	t.Helper()
	for what, kind := range map[string]HC{"HC0": HC0, "HC1": HC1, "HC2": HC2, "HC3": HC3} {
		if want[what] == nil {
			continue
		}
		got, err := f.Robust(kind)
		if err != nil {
			t.Error(err)
		}
		same(t, what, got.Data, want[what], tolerance)
	}
	if groups := want["groups"]; groups != nil {
		of := make([]int, len(groups))
		for i, g := range groups {
			of[i] = int(g)
		}
		plain, err1 := f.Clustered(Clusters{Of: of, Plain: true})
		full, err2 := f.Clustered(Clusters{Of: of})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		same(t, "CR0", plain.Data, want["CR0"], tolerance)
		same(t, "CR1", full.Data, want["CR1"], tolerance)
	}
	if want["NW3"] == nil {
		return
	}
	for what, o := range map[string]HAC{"NW3": {Lag: 3}, "NW3adj": {Lag: 3, Adjust: true}, "NWauto": {Lag: AutoLag}} {
		got, lag, err := f.NeweyWest(o)
		if err != nil {
			t.Error(err)
		}
		same(t, what, got.Data, want[what], tolerance)
		if what == "NWauto" && lag != int(want["NWbw"][0]) {
			t.Errorf("automatic lag %d, want %v", lag, want["NWbw"][0])
		}
	}
}

func TestNegativeBinomialIsRs(t *testing.T) {
	r := readReference(t, "glm.tsv")
	for _, name := range []string{"sidsnb", "quine"} {
		t.Run(name, func(t *testing.T) {
			f, err := Fit(r.design(name), r[name]["y"], r.options(name, NegativeBinomial))
			if err != nil {
				t.Fatal(err)
			}
			c := r[name]
			same(t, "beta", f.Coefficients, c["beta"], 1e-9)
			same(t, "vcov", f.Covariance().Data, c["vcovnb"], 1e-9)
			same(t, "theta", []float64{f.Theta}, c["theta"], 1e-9)
			same(t, "thetase", []float64{f.ThetaSE}, c["thetase"], 1e-9)
			same(t, "twologlik", []float64{2 * f.LogLikelihood}, c["twologlik"], 1e-10)
			same(t, "deviance", []float64{f.Deviance}, c["deviance"], 1e-9)
			same(t, "null", []float64{f.NullDeviance}, c["null"], 1e-9)
			same(t, "fitted", f.Mean, c["fitted"], 1e-9)
			compareRobust(t, f, c, 1e-8)
			// What MASS itself prints, to the digits at which it stops.
			same(t, "MASS theta", []float64{f.Theta}, c["masstheta"], 1e-6)
			same(t, "MASS theta's error", []float64{f.ThetaSE}, c["massse"], 1e-5)
			same(t, "MASS coefficients", f.Coefficients, c["massbeta"], 1e-6)
			same(t, "MASS likelihood", []float64{2 * f.LogLikelihood}, c["masstwologlik"], 1e-9)
		})
	}
}

// Calendar years to the third power all but say each other; the fit still has
// nearly all its digits.
func TestNearlyCollinearColumnsAreFitted(t *testing.T) {
	r := readReference(t, "glm.tsv")
	f, err := Fit(r.design("years"), r["years"]["y"], Options{Family: Poisson})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "fitted", f.Mean, r["years"]["fitted"], 1e-6)
	same(t, "deviance", []float64{f.Deviance}, r["years"]["deviance"], 1e-9)
}

func TestASplineIsRs(t *testing.T) {
	c := readReference(t, "glm.tsv")["spline"]
	knots, err := Knots(c["t"], 4)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "knots", knots, c["knots"], 1e-12)
	of := func(x []float64) *Design { return NewDesign(len(x)).Intercept().Spline("t", x, knots) }
	f, err := Fit(of(c["t"]), c["y"], Options{Family: Poisson})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "fitted", f.Mean, c["fitted"], 1e-9)
	same(t, "deviance", []float64{f.Deviance}, c["deviance"], 1e-9)
	p, err := f.Predict(of([]float64{-20, 3.5, 140}), PredictOptions{Confidence: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "prediction", p.Linear, c["predict"], 1e-8)
	same(t, "its error", p.SE, c["se"], 1e-8)
	for i := range p.Mean {
		want := []float64{math.Exp(p.Linear[i]), math.Exp(p.Linear[i]) * p.SE[i], math.Exp(p.Linear[i] - 1.644853626951472*p.SE[i]), math.Exp(p.Linear[i] + 1.644853626951472*p.SE[i])}
		same(t, "on the counts' scale", []float64{p.Mean[i], p.MeanSE[i], p.Interval[i].Low, p.Interval[i].High}, want, 1e-12)
	}
}

func TestHarmonicsAreRs(t *testing.T) {
	r := readReference(t, "glm.tsv")
	want := r.design("discoveries")
	time := want.Column("x1")
	got := NewDesign(len(time)).Harmonics("season", time, 11, 1)
	for i := range time {
		for name, x := range map[string]string{"season sin 1": "x3", "season cos 1": "x4"} {
			if math.Abs(got.Column(name)[i]-want.Column(x)[i]) > 1e-12 {
				t.Fatalf("%s at %v is %v, want %v", name, time[i], got.Column(name)[i], want.Column(x)[i])
			}
		}
	}
}

func TestTermsAndTestsAreRs(t *testing.T) {
	r := readReference(t, "glm.tsv")
	d := r.design("warp")
	small := NewDesign(d.Rows()).Intercept().Add("x1", d.Column("x1"))
	y := r["warp"]["y"]
	fit := func(d *Design, family Family) *Fitted {
		f, err := Fit(d, y, Options{Family: family})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for name, family := range map[string]Family{"quasi.table": QuasiPoisson, "poisson.table": Poisson} {
		f := fit(d, family)
		terms, err := f.Terms(f.Covariance(), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for j, term := range terms {
			want := r["tests"][name]
			k := len(terms)
			same(t, term.Name, []float64{term.Estimate, term.SE, term.Statistic}, []float64{want[j], want[k+j], want[2*k+j]}, 1e-9)
			same(t, term.Name+" p", []float64{term.P}, []float64{want[3*k+j]}, 1e-8)
			if half := (term.Interval.High - term.Interval.Low) / 2; half < 1.95*term.SE || half > 2.02*term.SE {
				t.Errorf("%s: the interval is %v standard errors wide to each side", term.Name, half/term.SE)
			}
		}
	}
	check := func(name string, got Test, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		want := r["tests"][name]
		same(t, name, []float64{got.Statistic, float64(got.DF)}, want[:2], 1e-9)
		same(t, name+" p", []float64{got.P}, want[2:], 1e-8)
	}
	got, err := LikelihoodRatio(fit(small, Poisson), fit(d, Poisson))
	check("lrt", got, err)
	got, err = LikelihoodRatio(fit(small, QuasiPoisson), fit(d, QuasiPoisson))
	check("f", got, err)
	quasi := fit(d, QuasiPoisson)
	got, err = quasi.Wald(quasi.Covariance(), "x2", "x3")
	check("wald", got, err)
}

// Anscombe's residuals by hand: the ends of the definition, worked out another
// way (the integral of V^(-1/3) by Simpson's rule).
func TestAnscombeResidualsAreTheIntegral(t *testing.T) {
	simpson := func(f func(float64) float64, a, b float64) float64 {
		const n = 20_000
		sum := f(a) + f(b)
		for i := 1; i < n; i++ {
			sum += f(a+(b-a)*float64(i)/n) * float64(2+2*(i%2))
		}
		return sum * (b - a) / n / 3
	}
	for _, c := range []struct {
		family Family
		y, mu  float64
	}{{Poisson, 7, 3}, {Poisson, 1, 4}, {NegativeBinomial, 9, 2.5}, {NegativeBinomial, 1, 6}, {Binomial, 0.8, 0.3}, {Binomial, 0.1, 0.6}, {Gaussian, 3, 1}} {
		p := &problem{family: c.family, theta: 1.7}
		want := simpson(func(m float64) float64 { return math.Pow(p.variance(m), -1.0/3) }, c.mu, c.y) / math.Pow(p.variance(c.mu), 1.0/6)
		same(t, "Anscombe", []float64{p.anscombe(c.y, c.mu)}, []float64{want}, 1e-9)
	}
	p := &problem{family: NegativeBinomial, theta: 1e7}
	q := &problem{family: Poisson}
	same(t, "nearly Poisson", []float64{p.anscombe(0, 3)}, []float64{q.anscombe(0, 3)}, 1e-5)
}
