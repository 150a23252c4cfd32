package trend

import (
	"math"
	"testing"

	"openvru/internal/stats/dist"
)

type regressed struct {
	Y, Estimates, Model, Lag4, Plain7, Auto, Fitted, ACF []float64
	Counterfactual, CounterSE                            []float64
	Dispersion, Theta, Averted, AvertedSE                float64
	Rule, AutoLag                                        int
	Box                                                  []float64
}

type regressions struct {
	Kms, Rear []float64
	Fits      map[string]regressed
}

func law(effect Effect, ramp int) Intervention {
	return Intervention{Name: "law", Start: 169, Effect: effect, Ramp: ramp}
}

// interrupted are the models of testdata/regression.R.
func interrupted(ref regressions) map[string]InterruptedOptions {
	two := Season{Harmonics: 2}
	return map[string]InterruptedOptions{
		"dummies":   {Interventions: []Intervention{law(LevelAndSlope, 0)}},
		"exposed":   {Model: Model{Season: two, Exposure: ref.Kms}, Interventions: []Intervention{law(LevelOnly, 0)}},
		"quadratic": {Model: Model{Season: two, Trend: Quadratic}, Interventions: []Intervention{law(LevelOnly, 4)}},
		"phases": {Model: Model{Season: two, Family: Poisson}, Interventions: []Intervention{
			law(LevelAndSlope, 1), {Name: "phase", Start: 98, Lag: 2, End: 112, Effect: LevelOnly}}},
		"negbin": {Model: Model{Season: two, Family: NegativeBinomial}, Interventions: []Intervention{law(LevelAndSlope, 0)}},
		"front":  {Model: Model{Family: NegativeBinomial}, Interventions: []Intervention{law(LevelAndSlope, 0)}},
	}
}

// Fitted models to 1e-6, as the errors by Newey and West. R has the terms of a
// negative binomial's error at the estimated theta, as here.
func TestRegressionsAreRs(t *testing.T) {
	var ref regressions
	reference(t, "regression.json", &ref)
	models := interrupted(ref)
	for name, want := range ref.Fits {
		o := models[name]
		compare := func(what string, e Errors, se []float64) Interrupted {
			o.Errors = e
			got, err := Interrupt(want.Y, o)
			if err != nil {
				t.Fatal(name, err)
			}
			errs := make([]float64, len(got.Terms))
			estimates := make([]float64, len(got.Terms))
			for j, term := range got.Terms {
				errs[j], estimates[j] = term.SE, term.Estimate
			}
			near(t, name+" estimates", estimates, want.Estimates, 1e-6)
			for j := range errs {
				if relative(errs[j], se[j]) > 1e-6 {
					t.Errorf("%s, %s: error of %s is %v, not %v", name, what, got.Terms[j].Name, errs[j], se[j])
				}
			}
			return got
		}
		compare("model", Errors{Kind: ModelBased}, want.Model)
		compare("plain", Errors{Kind: RobustLag, Lag: 7, Plain: true}, want.Plain7)
		if got := compare("automatic", Errors{Kind: RobustAuto}, want.Auto); got.Lag != want.AutoLag {
			t.Errorf("%s: lag %d, not %d", name, got.Lag, want.AutoLag)
		}
		o.Errors = Errors{}
		if got := must(Interrupt(want.Y, o)); got.Lag != want.Rule {
			t.Errorf("%s: lag %d, not %d", name, got.Lag, want.Rule)
		}
		got := compare("lag 4", Errors{Kind: RobustLag, Lag: 4}, want.Lag4)
		near(t, name+" fitted", got.Fitted, want.Fitted, 1e-6)
		near(t, name+" autocorrelation", got.Autocorrelation, want.ACF, 1e-6)
		near(t, name+" Ljung–Box", []float64{got.LjungBox.Statistic, got.LjungBox.P}, want.Box, 1e-6)
		near(t, name+" counterfactual", got.Counterfactual, want.Counterfactual, 1e-6)
		low, high := make([]float64, len(want.Y)), make([]float64, len(want.Y))
		q := dist.StudentQuantile(0.975, float64(got.DF))
		for i, m := range want.Counterfactual {
			low[i], high[i] = m*math.Exp(-q*want.CounterSE[i]), m*math.Exp(q*want.CounterSE[i])
			near(t, name+" interval", []float64{got.Interval[i].Low, got.Interval[i].High}, []float64{low[i], high[i]}, 1e-6)
		}
		near(t, name+" averted", []float64{got.Averted.Events.Value, got.Averted.Events.Interval.Low, got.Averted.Events.Interval.High},
			[]float64{want.Averted, want.Averted - q*want.AvertedSE, want.Averted + q*want.AvertedSE}, 1e-6)
		if relative(got.Dispersion, want.Dispersion) > 1e-6 && o.Family == QuasiPoisson {
			t.Errorf("%s: dispersion %v, not %v", name, got.Dispersion, want.Dispersion)
		}
		if o.Family == NegativeBinomial && relative(got.Size, want.Theta) > 1e-6 {
			t.Errorf("%s: size %v, not %v", name, got.Size, want.Theta)
		}
	}
}
