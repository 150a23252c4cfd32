package model

import (
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
	same(t, "hat", f.weighty(f.Leverages()), want["hat"], tolerance)
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
			same(t, "beta", f.Coefficients, c["beta"], 1e-8)
			same(t, "vcov", f.Covariance().Data, c["vcovnb"], 1e-8)
			same(t, "theta", []float64{f.Theta}, c["theta"], 1e-8)
			same(t, "thetase", []float64{f.ThetaSE}, c["thetase"], 1e-8)
			same(t, "twologlik", []float64{2 * f.LogLikelihood}, c["twologlik"], 1e-10)
			same(t, "deviance", []float64{f.Deviance}, c["deviance"], 1e-8)
			same(t, "null", []float64{f.NullDeviance}, c["null"], 1e-8)
			same(t, "fitted", f.Mean, c["fitted"], 1e-8)
			compareRobust(t, f, c, 1e-8)
			// What MASS itself prints, to the digits at which it stops.
			same(t, "MASS theta", []float64{f.Theta}, c["masstheta"], 1e-6)
			same(t, "MASS theta's error", []float64{f.ThetaSE}, c["massse"], 1e-5)
			same(t, "MASS coefficients", f.Coefficients, c["massbeta"], 1e-6)
			same(t, "MASS likelihood", []float64{2 * f.LogLikelihood}, c["masstwologlik"], 1e-9)
		})
	}
}
