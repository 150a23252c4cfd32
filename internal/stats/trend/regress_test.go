package trend

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"openvru/internal/stats"

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
	Control   struct{ Level, LevelSE, Slope, SlopeSE float64 }
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
		o.Errors = Errors{Kind: RobustRule}
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

// Rear seats as the control of front seats, errors by Driscoll and Kraay (1998), as
// sandwich has them for both series in one model.
func TestControlledSeriesIsSandwichs(t *testing.T) {
	var ref regressions
	reference(t, "regression.json", &ref)
	got := must(Interrupt(ref.Fits["front"].Y, InterruptedOptions{
		Model:         Model{Season: Season{Harmonics: 2}, Errors: Errors{Kind: RobustLag, Lag: 4, Plain: true}},
		Interventions: []Intervention{law(LevelAndSlope, 0)},
		Control:       &Control{Counts: ref.Rear},
	}))
	e, want := got.Effects[0], ref.Control
	near(t, "control", []float64{e.LevelTerm.Estimate, e.LevelTerm.SE}, []float64{want.Level, want.LevelSE}, 1e-6)
	near(t, "control", []float64{e.SlopeTerm.Estimate, e.SlopeTerm.SE}, []float64{want.Slope, want.SlopeSE}, 1e-6)
	for i, m := range got.Counterfactual {
		if i < 169 && m != got.Fitted[i] {
			t.Fatal("there is an effect before the law")
		}
	}
	last := got.Months[len(got.Months)-1]
	r := math.Exp(want.Level + want.Slope*float64(last.At-169)/12)
	near(t, "ratio", []float64{last.Ratio.Value, last.Difference.Value / got.Counterfactual[last.At]}, []float64{r, r - 1}, 1e-6)
}

// Without season, trend or overdispersion the step is the ratio of two means, and
// its error √(1/events before + 1/events after).
func TestStepByHand(t *testing.T) {
	y := []float64{4, 6, 5, 5, 2, 3, 3, 2}
	o := InterruptedOptions{
		Model:         Model{Family: Poisson, Season: Season{Harmonics: NoSeason}, Trend: Flat, Errors: Errors{Kind: ModelBased}},
		Interventions: []Intervention{{Name: "step", Start: 4, Effect: LevelOnly}},
	}
	got := must(Interrupt(y, o))
	e := got.Effects[0]
	near(t, "step", []float64{e.LevelTerm.Estimate, e.LevelTerm.SE}, []float64{math.Log(0.5), math.Sqrt(1.0/20 + 1.0/10)}, 1e-9)
	near(t, "averted", []float64{e.Averted.Events.Value, e.Averted.Share.Value, e.Level.Change}, []float64{10, 50, -50}, 1e-9)
	// Averted is 4·(mean before) − events after: its error by hand is √(20 + 10).
	half := dist.StudentQuantile(0.975, 6) * math.Sqrt(30)
	near(t, "interval", []float64{e.Averted.Events.Interval.Low, e.Averted.Events.Interval.High}, []float64{10 - half, 10 + half}, 1e-9)
	near(t, "counterfactual", got.Counterfactual, []float64{5, 5, 5, 5, 5, 5, 5, 5}, 1e-9)
	if len(got.Months) != 4 || got.Months[0].At != 4 || math.Abs(got.Months[0].Difference.Value+2.5) > 1e-9 {
		t.Errorf("%+v", got.Months)
	}
}

func TestInterventionsHaveTheirShape(t *testing.T) {
	v := Intervention{Name: "ramp", Start: 3, Lag: 1, Ramp: 4, End: 10}
	level, slope := []float64{0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 0, 0}, []float64{0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0}
	for i := range level {
		if v.level(i) != level[i] || v.slope(i, 1) != slope[i] {
			t.Errorf("month %d: level %v, slope %v", i, v.level(i), v.slope(i, 1))
		}
	}
}

// Twice the exposure is half the rate and nothing else; a month without exposure is
// as if it were not there.
func TestExposureScales(t *testing.T) {
	y := boroughs(1, 60)[0]
	ones, twos := make([]float64, 60), make([]float64, 60)
	for i := range ones {
		ones[i], twos[i] = 1, 2
	}
	a, b := must(Regress(y, Model{})), must(Regress(y, Model{Exposure: twos}))
	near(t, "fitted", b.Fitted, a.Fitted, 1e-9)
	a.Terms[0].Estimate -= math.Ln2
	for j := range a.Terms {
		near(t, a.Terms[j].Name, []float64{b.Terms[j].Estimate, b.Terms[j].SE}, []float64{a.Terms[j].Estimate, a.Terms[j].SE}, 1e-8)
	}
	gap := append([]float64(nil), y...)
	gap[30], ones[30] = 0, 0
	c := must(Regress(gap, Model{Exposure: ones}))
	if c.Fitted[30] != 0 || c.Residuals[30] != 0 || c.DF != a.DF-1 {
		t.Errorf("a month without exposure: %v of %d", c.Fitted[30], c.DF)
	}
}

// A constant series has no trend and no season. Its errors are zero, but for lasting
// ones, which take no counts to vary less than Poisson ones.
func TestConstantSeriesHasNoTrend(t *testing.T) {
	y := make([]float64, 36)
	for i := range y {
		y[i] = 7
	}
	poisson := must(Regress(y, Model{Family: Poisson, Errors: Errors{Kind: ModelBased}}))
	for kind := Lasting; kind <= ModelBased; kind++ {
		f := must(Regress(y, Model{Errors: Errors{Kind: kind, Lag: 3}}))
		width := f.Annual.Interval.High - f.Annual.Interval.Low
		if math.Abs(f.Annual.Change) > 1e-6 || kind != Lasting && width > 1e-4 {
			t.Errorf("kind %d: %+v", kind, f.Annual)
		}
		if want := poisson.Annual.Interval.High - poisson.Annual.Interval.Low; kind == Lasting && relative(width, want) > 1e-6 {
			t.Errorf("lasting: %v, not %v", width, want)
		}
		for _, s := range f.Seasons {
			if math.Abs(s.Value-1) > 1e-9 {
				t.Errorf("%+v", f.Seasons)
			}
		}
	}
}

// All six harmonics of a year span the same as twelve effects.
func TestHarmonicsAndEffectsAgree(t *testing.T) {
	y := boroughs(3, 84)[2]
	a := must(Regress(y, Model{Season: Season{First: 3}}))
	b := must(Regress(y, Model{Season: Season{Harmonics: 6, First: 3}}))
	near(t, "fitted", b.Fitted, a.Fitted, 1e-9)
	total := 0.0
	for i := range a.Seasons {
		total += a.Seasons[i].Value
		near(t, "season", []float64{b.Seasons[i].Value, b.Seasons[i].Interval.Low, b.Seasons[i].Interval.High},
			[]float64{a.Seasons[i].Value, a.Seasons[i].Interval.Low, a.Seasons[i].Interval.High}, 1e-7)
	}
	if math.Abs(total-12) > 1e-12 || a.Annual.Change == 0 || relative(a.Annual.Change, b.Annual.Change) > 1e-7 {
		t.Errorf("indices add to %v, annual changes %v and %v", total, a.Annual.Change, b.Annual.Change)
	}
	indices := must(SeasonalIndices(y, Season{First: 3}))
	if !reflect.DeepEqual(indices, a.Seasons) {
		t.Error("the indices are not the regression's")
	}
	// Taking the season out leaves counts whose fitted season is one.
	adjusted := must(a.SeasonallyAdjusted(y, Season{First: 3}))
	for i, v := range adjusted {
		if math.Abs(v*a.Seasons[(i+3)%12].Value-y[i]) > 1e-9 {
			t.Fatal("the season does not come back")
		}
	}
}

// A curve with one bend is a line; the annual change of a curve is that from end to
// end.
func TestCurves(t *testing.T) {
	y := boroughs(3, 84)[2]
	a, b := must(Regress(y, Model{})), must(Regress(y, Model{Trend: Curve, Bends: 1}))
	near(t, "fitted", b.Fitted, a.Fitted, 1e-9)
	c := must(Regress(y, Model{Trend: Curve, Season: Season{Harmonics: NoSeason}}))
	want := 100 * (math.Pow(c.Fitted[83]/c.Fitted[0], 12.0/83) - 1)
	if relative(c.Annual.Change, want) > 1e-9 || c.Seasons != nil {
		t.Errorf("%v, not %v", c.Annual.Change, want)
	}
	q := must(Regress(y, Model{Trend: Quadratic, Season: Season{Harmonics: NoSeason}}))
	if want = 100 * (math.Pow(q.Fitted[83]/q.Fitted[0], 12.0/83) - 1); relative(q.Annual.Change, want) > 1e-9 {
		t.Errorf("%v, not %v", q.Annual.Change, want)
	}
}

func TestRegressionsOfDegenerateSeries(t *testing.T) {
	nan := math.NaN()
	zeros, y := make([]float64, 36), boroughs(1, 36)[0]
	winter := append([]float64(nil), y...) // no events in any first month of the year
	for i := 0; i < 36; i += 12 {
		winter[i] = 0
	}
	none := append([]float64(nil), y...) // no events from month 30 on
	clear(none[30:])
	its := func(y []float64, v ...Intervention) error {
		return second(Interrupt(y, InterruptedOptions{Model: Model{Season: Season{Harmonics: 1}}, Interventions: v}))
	}
	step := Intervention{Name: "a", Start: 20}
	for name, c := range map[string]struct{ err, want error }{
		"empty":          {second(Regress(nil, Model{})), stats.ErrEmpty},
		"missing":        {second(Regress(append([]float64{nan}, y...), Model{})), stats.ErrMissing},
		"negative":       {second(Regress(append([]float64{-1}, y...), Model{})), stats.ErrNegative},
		"short":          {second(Regress(y[:13], Model{})), stats.ErrTooFew},
		"zeros":          {second(Regress(zeros, Model{})), stats.ErrNoFit},
		"empty season":   {second(Regress(winter, Model{})), stats.ErrNoFit},
		"beyond counts":  {second(Regress(append([]float64{1e101}, y...), Model{})), stats.ErrOption},
		"beyond sums":    {second(PELT([]float64{-1e101, 2, 3, 4}, ChangeOptions{Cost: NormalCost})), stats.ErrOption},
		"beyond losses":  {second(DieboldMariano([]float64{1e101, 2, 3}, y[:3], 1)), stats.ErrOption},
		"a long year":    {second(Regress(y, Model{Season: Season{Period: 1 << 40, Harmonics: 1}})), stats.ErrOption},
		"passes":         {second(STL(y, STLOptions{Outer: 1 << 20})), stats.ErrOption},
		"family":         {second(Regress(y, Model{Family: 9})), stats.ErrOption},
		"trend":          {second(Regress(y, Model{Trend: 9})), stats.ErrOption},
		"harmonics":      {second(Regress(y, Model{Season: Season{Harmonics: 7}})), stats.ErrOption},
		"first":          {second(Regress(y, Model{Season: Season{First: 12}})), stats.ErrOption},
		"errors":         {second(Regress(y, Model{Errors: Errors{Kind: 9}})), stats.ErrOption},
		"lag":            {second(Regress(y, Model{Errors: Errors{Kind: RobustLag, Lag: 36}})), stats.ErrOption},
		"level":          {second(Regress(y, Model{Level: 1})), stats.ErrOption},
		"bends":          {second(Regress(y, Model{Trend: Curve, Bends: 40})), stats.ErrOption},
		"no exposure":    {second(Regress(y, Model{Exposure: zeros})), stats.ErrNoPopulation},
		"exposures":      {second(Regress(y, Model{Exposure: y[:3]})), stats.ErrLength},
		"no season":      {second(SeasonalIndices(y, Season{Harmonics: NoSeason})), stats.ErrOption},
		"none":           {its(y), stats.ErrEmpty},
		"nameless":       {its(y, Intervention{Start: 3}), stats.ErrOption},
		"at the start":   {its(y, Intervention{Name: "a"}), stats.ErrTooFew},
		"after the end":  {its(y, Intervention{Name: "a", Start: 36}), stats.ErrTooFew},
		"ends early":     {its(y, Intervention{Name: "a", Start: 9, End: 9}), stats.ErrTooFew},
		"one month":      {its(y, Intervention{Name: "a", Start: 35}), stats.ErrSingular},
		"twice the same": {its(y, step, Intervention{Name: "b", Start: 20}), stats.ErrSingular},
		"same name":      {its(y, step, Intervention{Name: "a", Start: 25}), stats.ErrOption},
		"no events in":   {its(none, Intervention{Name: "a", Start: 30}), stats.ErrNoFit},
		"draws":          {second(Interrupt(y, InterruptedOptions{Draws: -1, Interventions: []Intervention{step}})), stats.ErrOption},
		"control length": {second(Interrupt(y, InterruptedOptions{Interventions: []Intervention{step}, Control: &Control{Counts: y[:9]}})), stats.ErrLength},
		"control zeros":  {second(Interrupt(y, InterruptedOptions{Interventions: []Intervention{step}, Control: &Control{Counts: zeros}})), stats.ErrNoFit},
		"ACF":            {second(Autocorrelation([]float64{2, 2, 2}, 1)), stats.ErrConstant},
		"ACF lag":        {second(Autocorrelation([]float64{2, 2, 2}, 3)), stats.ErrOption},
		"ACF missing":    {second(Autocorrelation([]float64{2, nan, 2}, 1)), stats.ErrMissing},
		"box":            {second(LjungBox([]float64{2, 3, 2}, 1, 1)), stats.ErrOption},
		"month":          {second(MonthDays(2024, 13, 2)), stats.ErrOption},
		"no days":        {second(CalendarAdjusted(y, nil)), stats.ErrLength},
		"days":           {second(CalendarAdjusted([]float64{1}, []float64{0})), stats.ErrNoPopulation},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, not %v", name, c.err, c.want)
		}
	}
	// With harmonics a time of year without events is no obstacle.
	if _, err := Regress(winter, Model{Season: Season{Harmonics: 1}}); err != nil {
		t.Error(err)
	}
}

// Weeks: a period of 52, with waves for the season.
func TestWeeksWork(t *testing.T) {
	r := stats.NewRand(52, 0)
	y := make([]float64, 312)
	for i := range y {
		m := 4 * (1 + 0.3*math.Sin(2*math.Pi*float64(i)/52))
		if i >= 200 {
			m *= 0.6
		}
		y[i] = r.NegBin(m, 6)
	}
	weekly := Season{Period: 52, Harmonics: 2}
	got := must(Interrupt(y, InterruptedOptions{Model: Model{Season: weekly}, Interventions: []Intervention{{Name: "it", Start: 200, Effect: LevelOnly}}}))
	if e := got.Effects[0].Level; !e.Interval.Has(-40) || e.P > 0.01 || len(got.Seasons) != 52 {
		t.Errorf("%+v", e)
	}
	peak := 0
	for i, s := range got.Seasons {
		if s.Value > got.Seasons[peak].Value {
			peak = i
		}
	}
	if peak < 8 || peak > 18 {
		t.Errorf("the season peaks in week %d, not 13", peak)
	}
	for _, err := range []error{
		second(STL(y, STLOptions{Period: 52, Robust: true})), second(Classical(y, 52)), second(Smooth(y, SmoothOptions{Kind: HoltWinters, Period: 52})),
		second(ForecastRegression(y, RegressionForecast{Model: Model{Season: weekly}, Horizon: 26})), second(SeasonalNaive(y, 52, 60)),
	} {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestMonthsHaveTheirDays(t *testing.T) {
	near(t, "days", must(MonthDays(2023, 12, 4)), []float64{31, 31, 29, 31}, 0)
	near(t, "days", must(MonthDays(1900, 2, 1)), []float64{28}, 0)
	near(t, "days", must(MonthDays(2000, 2, 1)), []float64{29}, 0)
	near(t, "adjusted", must(CalendarAdjusted([]float64{31, 28, 0}, []float64{31, 28, 0})), []float64{59.0 / 3, 59.0 / 3, 0}, 1e-15)
}

func FuzzInterrupt(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 2, 4, 6, 7, 8, 3, 2}, 5, 9, 2, 1, 3)
	f.Fuzz(func(t *testing.T, raw []byte, start, end, lag, ramp, kind int) {
		if len(raw) > 200 {
			return
		}
		y := make([]float64, len(raw))
		for i, b := range raw {
			y[i] = float64(b % 40)
		}
		got, err := Interrupt(y, InterruptedOptions{
			Model:         Model{Season: Season{Harmonics: 1}, Errors: Errors{Kind: ErrorKind(kind), Lag: lag}, Family: Family(ramp % 3)},
			Interventions: []Intervention{{Name: "a", Start: start, End: end, Lag: lag, Ramp: ramp}},
		})
		if err != nil {
			return
		}
		if stats.Finite(got.Fitted, got.Counterfactual, []float64{got.Averted.Events.Value}) != nil {
			t.Errorf("%+v", got)
		}
	})
}

func benchRegress(b *testing.B, m Model) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := Regress(s, m); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkRegressQuasiPoisson(b *testing.B) {
	benchRegress(b, Model{Errors: Errors{Kind: RobustAuto}})
}

func BenchmarkRegressLasting(b *testing.B) { benchRegress(b, Model{}) }

func BenchmarkRegressNegBin(b *testing.B) {
	benchRegress(b, Model{Family: NegativeBinomial, Errors: Errors{Kind: RobustAuto}})
}

func benchInterrupt(b *testing.B, e Errors, draws int) {
	y := boroughs(33, 120)
	o := InterruptedOptions{Model: Model{Season: Season{Harmonics: 2}, Errors: e}, Draws: draws, Interventions: []Intervention{
		{Name: "programme", Start: 60}, {Name: "lockdown", Start: 74, End: 78, Effect: LevelOnly}}}
	for b.Loop() {
		for _, s := range y {
			if _, err := Interrupt(s, o); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkInterrupted(b *testing.B)          { benchInterrupt(b, Errors{Kind: RobustAuto}, 0) }
func BenchmarkInterruptedSimulated(b *testing.B) { benchInterrupt(b, Errors{}, 1000) }
