package trend

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"openvru/internal/stats"
)

func TestSmoothingIsRs(t *testing.T) {
	var ref []struct {
		Kind                             Smoothing
		Y, Fitted, Forecast              []float64
		Period                           int
		Start                            json.RawMessage
		Alpha, Beta, Gamma, Damping, SSE float64
		Searched                         bool
	}
	reference(t, "smooth.json", &ref)
	for i, c := range ref {
		name := fmt.Sprintf("case %d, kind %d", i+1, c.Kind)
		w := Weights{Alpha: c.Alpha, Beta: c.Beta, Gamma: c.Gamma, Damping: c.Damping}
		o := SmoothOptions{Kind: c.Kind, Period: c.Period, Weights: &w}
		if string(c.Start) != `"own"` {
			o.Start = &State{}
			if err := json.Unmarshal(c.Start, o.Start); err != nil {
				t.Fatal(err)
			}
		}
		s := must(Smooth(c.Y, o))
		near(t, name+" fitted", s.Fitted, c.Fitted, 1e-9)
		near(t, name+" SSE", []float64{s.SSE}, []float64{c.SSE}, 1e-9)
		r := run{kind: c.Kind, season: make([]float64, c.Period)}
		r.begin(s.End)
		ahead := make([]float64, len(c.Forecast))
		for h := range ahead {
			ahead[h] = r.ahead(w)
			r.take(ahead[h], w) // what is expected moves nothing but time
		}
		near(t, name+" forecast", ahead, c.Forecast, 1e-9)
		if o.Start == nil && c.Kind != HoltWintersMultiplicative {
			near(t, name+" in one loop", []float64{r.added(c.Y[s.First:], s.Start, w)}, []float64{c.SSE}, 1e-9)
		}
		if c.Searched { // at least as good as R's search
			o.Weights = nil
			if own := must(Smooth(c.Y, o)); own.SSE > c.SSE*(1+1e-6) {
				t.Errorf("%s: the search ends at %v, R's at %v", name, own.SSE, c.SSE)
			}
		}
	}
}

func TestSmoothingByHand(t *testing.T) {
	// Level 4; then 4 + ½·2 = 5, then 5 − ½·3 = 3.5.
	s := must(Smooth([]float64{4, 6, 2}, SmoothOptions{Weights: &Weights{Alpha: 0.5}}))
	near(t, "fitted", s.Fitted, []float64{4, 5}, 1e-15)
	if s.End.Level != 3.5 || s.SSE != 4+9 {
		t.Errorf("%+v", s)
	}
	// A straight line is followed exactly whatever the weights.
	line := []float64{3, 5, 7, 9, 11}
	s = must(Smooth(line, SmoothOptions{Kind: Holt, Weights: &Weights{Alpha: 0.3, Beta: 0.2}}))
	near(t, "line", s.Fitted, line[2:], 1e-14)
	f := must(s.Forecast(3, 10, 1))
	near(t, "forecast", f.Mean, []float64{13, 15, 17}, 3) // Poisson about it
	// Damping: the trend of two goes on by 2·0.5, then 2·(0.5 + 0.25).
	r := run{kind: Holt}
	r.begin(State{Level: 10, Trend: 2})
	w := Weights{Damping: 0.5}
	for _, want := range []float64{11, 11.5, 11.75} {
		got := r.ahead(w)
		if r.take(got, w); got != want {
			t.Errorf("damped %v, not %v", got, want)
		}
	}
}

func TestNaiveForecastsByHand(t *testing.T) {
	f := must(Naive([]float64{5, 8, 4}, 2)) // changes of 3 and −4: mean square 12.5
	for h, sd := range []float64{math.Sqrt(12.5), 5} {
		want := must(Rounded(4, sd))
		if f.Distributions[h].CDF(7) != want.CDF(7) || f.Mean[h] != want.Mean() {
			t.Errorf("step %d: %v", h+1, f.Mean[h])
		}
	}
	f = must(SeasonalNaive([]float64{1, 9, 2, 7}, 2, 3))
	if q := f.Distributions[0].Quantile(0.5); q != 2 || f.Distributions[1].Quantile(0.5) != 7 || f.Distributions[2].Quantile(0.5) != 2 {
		t.Errorf("median %v", q)
	}
	if a, c := f.Distributions[0].Interval(0.9), f.Distributions[2].Interval(0.9); c.High <= a.High {
		t.Error("a second year ahead is no less certain than the first")
	}
}

// A trend of ten per cent a year fades as it is told to.
func TestTrendsFade(t *testing.T) {
	y := make([]float64, 60)
	for i := range y {
		y[i] = 1000 * math.Pow(1.1, float64(i)/12)
	}
	o := RegressionForecast{Model: Model{Season: Season{Harmonics: NoSeason}, Errors: Errors{Kind: ModelBased}}, Horizon: 3, Damping: 0.5}
	f := must(ForecastRegression(y, o))
	for h, steps := range []float64{0.5, 0.75, 0.875} {
		if want := y[59] * math.Pow(1.1, steps/12); relative(f.Mean[h], want) > 1e-6 {
			t.Errorf("%v, not %v", f.Mean[h], want)
		}
	}
	o.Damping = 1
	f = must(ForecastRegression(y, o))
	if want := 1000 * math.Pow(1.1, 62.0/12); relative(f.Mean[2], want) > 1e-6 {
		t.Errorf("%v, not %v", f.Mean[2], want)
	}
}

func methods() []Method {
	regression := RegressionMethod("regression", RegressionForecast{Model: Model{Family: NegativeBinomial, Season: Season{Harmonics: 1}}})
	simple := SmoothMethod("simple", SmoothOptions{}, 200)
	return []Method{regression, simple, SmoothMethod("Holt–Winters", SmoothOptions{Kind: HoltWinters, Damped: true}, 200), CombinedMethod("both", regression, simple)}
}

// Predictive intervals hold the counts to come about as often as they say, and the
// forecasts beat the naive ones, for seasonal overdispersed counts.
func TestForecastsCoverAndBeatTheNaive(t *testing.T) {
	for _, mean := range []float64{0.5, 5, 40} {
		total := map[string]*Scores{}
		const places = 14
		for place := range places {
			r := stats.NewRand(41, uint64(place))
			y := make([]float64, 84)
			for i := range y {
				y[i] = r.NegBin(mean*(1+0.4*math.Sin(2*math.Pi*float64(i)/12)), 8)
			}
			all, err := Evaluate(y, methods(), RollingOptions{First: 48, Horizon: 6, Step: 6, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range all {
				s := total[e.Name]
				if s == nil {
					s = &Scores{Coverage: make([]float64, 2)}
					total[e.Name] = s
				}
				s.Forecasts += e.Forecasts
				s.SkillNaive += e.SkillNaive / places
				s.SkillSeasonal += e.SkillSeasonal / places
				for i := range s.Coverage {
					s.Coverage[i] += e.Coverage[i] / places
				}
			}
		}
		for name, s := range total {
			// Counts are whole, so intervals hold more than they say when counts are few;
			// four standard errors below, Holt–Winters' unknown weights allowed 0.04.
			n := float64(s.Forecasts)
			for i, level := range []float64{0.8, 0.95} {
				low := level - 4*math.Sqrt(level*(1-level)/n)
				if name == "Holt–Winters" {
					low -= 0.04
				}
				if s.Coverage[i] < low || mean > 1 && s.Coverage[i] > level+0.1 {
					t.Errorf("mean %v, %s: intervals of %v hold %v of %v counts", mean, name, level, s.Coverage[i], n)
				}
			}
			if s.SkillNaive < 0.1 || s.SkillSeasonal < 0.05 && name != "simple" { // which knows no season
				t.Errorf("mean %v, %s: skill %v and %v", mean, name, s.SkillNaive, s.SkillSeasonal)
			}
		}
	}
}

// The harness by hand: one month ahead from three, of six, by the last count.
func TestEvaluationByHand(t *testing.T) {
	y := []float64{3, 5, 4, 6, 6, 9}
	certain := Method{"last", func(h []float64, horizon int, _ uint64) (Forecast, error) {
		if len(h) > 3 && h[3] != 6 {
			return Forecast{}, stats.ErrOption
		}
		return Forecast{Distributions: []Distribution{must(Rounded(h[len(h)-1], 0))}}, nil
	}}
	e := must(Evaluate(y, []Method{certain}, RollingOptions{First: 3, Period: 1, Levels: []float64{0.5}}))[0]
	// Errors 2, 0 and 3; within the histories the mean changes are 1.5, 5/3 and 1.25.
	near(t, "scores", []float64{e.MAE, e.CRPS, e.MASE, e.Bias, e.Coverage[0], e.IntervalScore[0]},
		[]float64{5.0 / 3, 5.0 / 3, (2/1.5 + 3/1.25) / 3, -5.0 / 3, 1.0 / 3, 4 * 5.0 / 3}, 1e-15)
	naive := 0.0
	for i := 3; i < 6; i++ {
		naive += must(Naive(y[:i], 1)).Distributions[0].CRPS(y[i]) / 3
	}
	if e.Forecasts != 3 || e.SkillNaive != 1-e.CRPS/naive || e.SkillSeasonal != e.SkillNaive || e.Ahead[0].CRPS != e.CRPS {
		t.Errorf("%+v, naive %v", e, naive)
	}
	near(t, "losses", e.Losses, []float64{2, 0, 3}, 1e-15)
}

func TestForecastsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	y := boroughs(1, 84)[0]
	run := func() []Evaluation {
		return must(Evaluate(y, methods(), RollingOptions{First: 60, Horizon: 3, Step: 5, Seed: 9}))
	}
	if !reflect.DeepEqual(cores(1, run), cores(4, run)) {
		t.Error("one core and four differ")
	}
}

func TestForecastsOfDegenerateSeries(t *testing.T) {
	zeros, y := make([]float64, 40), boroughs(1, 40)[0]
	for name, f := range map[string]Forecast{
		"naive":    must(Naive(zeros, 3)),
		"seasonal": must(SeasonalNaive(zeros, 12, 3)),
		"simple":   must(must(Smooth(zeros, SmoothOptions{})).Forecast(3, 50, 1)),
		"winters":  must(must(Smooth(zeros, SmoothOptions{Kind: HoltWinters})).Forecast(3, 50, 1)),
		"certain":  must(Combine([]Forecast{must(Naive(zeros, 3)), must(Naive(zeros, 3))}, []float64{3, 1})),
	} {
		for _, d := range f.Distributions {
			if d.PMF(0) != 1 || d.Mean() != 0 {
				t.Errorf("%s of zeros: %v", name, d.PMF(0))
			}
		}
	}
	if f := must(Naive([]float64{7, 7, 7}, 2)); f.Distributions[1].PMF(7) != 1 {
		t.Error("a constant series is forecast as it is")
	}
	ones := make([]float64, 40)
	for i := range ones {
		ones[i] = 1
	}
	if f := must(ForecastRegression(ones, RegressionForecast{Horizon: 2})); math.Abs(f.Distributions[1].Quantile(0.5)-1) > 1e-9 {
		t.Errorf("a constant series of one is forecast as %v", f.Mean[1])
	}
	o := RegressionForecast{Model: Model{Exposure: ones}, Horizon: 2, Ahead: []float64{0, 1}}
	if f := must(ForecastRegression(y, o)); f.Mean[0] != 0 || f.Mean[1] <= 0 {
		t.Errorf("without exposure %v are expected", f.Mean[0])
	}
	nan := math.NaN()
	failing := Method{"failing", func([]float64, int, uint64) (Forecast, error) { return Forecast{}, stats.ErrNoFit }}
	short := Method{"short", func([]float64, int, uint64) (Forecast, error) { return Forecast{}, nil }}
	for name, c := range map[string]struct{ err, want error }{
		"empty":        {second(Naive(nil, 1)), stats.ErrEmpty},
		"horizon":      {second(Naive(y, 0)), stats.ErrOption},
		"one month":    {second(Naive(y[:1], 1)), stats.ErrTooFew},
		"missing":      {second(Naive([]float64{1, nan}, 1)), stats.ErrMissing},
		"period":       {second(SeasonalNaive(y, 0, 1)), stats.ErrOption},
		"damping":      {second(ForecastRegression(y, RegressionForecast{Horizon: 1, Damping: 2})), stats.ErrOption},
		"ahead":        {second(ForecastRegression(y, RegressionForecast{Horizon: 1, Ahead: []float64{1}})), stats.ErrLength},
		"no horizon":   {second(ForecastRegression(y, RegressionForecast{})), stats.ErrOption},
		"zeros":        {second(ForecastRegression(zeros, RegressionForecast{Horizon: 1})), stats.ErrNoFit},
		"kind":         {second(Smooth(y, SmoothOptions{Kind: 9})), stats.ErrOption},
		"damped":       {second(Smooth(y, SmoothOptions{Damped: true})), stats.ErrOption},
		"weights":      {second(Smooth(y, SmoothOptions{Weights: &Weights{Alpha: 2}})), stats.ErrOption},
		"Holt short":   {second(Smooth(y[:2], SmoothOptions{Kind: Holt})), stats.ErrTooFew},
		"simple short": {second(Smooth(y[:1], SmoothOptions{})), stats.ErrTooFew},
		"seasons":      {second(Smooth(y[:23], SmoothOptions{Kind: HoltWinters})), stats.ErrTooFew},
		"multiply":     {second(Smooth(zeros, SmoothOptions{Kind: HoltWintersMultiplicative})), stats.ErrNoFit},
		"start":        {second(Smooth(y, SmoothOptions{Kind: HoltWinters, Start: &State{Season: y[:3]}})), stats.ErrLength},
		"futures":      {second(must(Smooth(y, SmoothOptions{})).Forecast(1, -1, 0)), stats.ErrOption},
		"no forecasts": {second(Combine(nil, nil)), stats.ErrEmpty},
		"unlike":       {second(Combine([]Forecast{must(Naive(y, 1)), must(Naive(y, 2))}, nil)), stats.ErrLength},
		"no methods":   {second(Evaluate(y, nil, RollingOptions{})), stats.ErrEmpty},
		"too short":    {second(Evaluate(y[:36], methods(), RollingOptions{})), stats.ErrTooFew},
		"levels":       {second(Evaluate(y, methods(), RollingOptions{Levels: []float64{1}})), stats.ErrOption},
		"failing":      {second(Evaluate(y, []Method{failing}, RollingOptions{})), stats.ErrNoFit},
		"too few back": {second(Evaluate(y, []Method{short}, RollingOptions{})), stats.ErrLength},
		"level":        {second(must(Naive(y, 1)).Intervals(3)), stats.ErrOption},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, not %v", name, c.err, c.want)
		}
	}
	if e, err := Evaluate(y, []Method{OtherwiseMethod(failing, NaiveMethod())}, RollingOptions{}); err != nil || e[0].SkillNaive != 0 {
		t.Errorf("%+v %v", e, err)
	}
	if e := must(Evaluate(zeros, []Method{NaiveMethod()}, RollingOptions{})); e[0].CRPS != 0 || !math.IsNaN(e[0].MASE) || e[0].Coverage[0] != 1 {
		t.Errorf("%+v", e)
	}
	if i := must(must(Naive(y, 2)).Intervals(0)); len(i) != 2 {
		t.Error(i)
	}
}

func FuzzSmooth(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 0, 0}, 2, 4)
	f.Fuzz(func(t *testing.T, raw []byte, kind, period int) {
		if len(raw) > 100 {
			return
		}
		y := make([]float64, len(raw))
		for i, b := range raw {
			y[i] = float64(b)
		}
		s, err := Smooth(y, SmoothOptions{Kind: Smoothing(kind), Period: period, Damped: kind > 1})
		if err != nil {
			return
		}
		p, err := s.Forecast(3, 20, 1)
		if err == nil && stats.Finite(p.Mean) != nil {
			t.Errorf("%v", p.Mean)
		}
	})
}

func benchForecast(b *testing.B, m Method) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := m.Forecast(s, 12, 1); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkForecastRegression(b *testing.B) {
	benchForecast(b, RegressionMethod("", RegressionForecast{Model: Model{Family: NegativeBinomial}}))
}

func BenchmarkForecastHoltWinters(b *testing.B) {
	benchForecast(b, SmoothMethod("", SmoothOptions{Kind: HoltWinters}, 1000))
}

func BenchmarkForecastHoltDamped(b *testing.B) {
	benchForecast(b, SmoothMethod("", SmoothOptions{Kind: Holt, Damped: true}, 1000))
}

func BenchmarkSmoothHoltWinters(b *testing.B) { // the fit alone
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := Smooth(s, SmoothOptions{Kind: HoltWinters}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkEvaluate(b *testing.B) { // one borough, 60 origins, 12 months ahead
	y := boroughs(1, 131)[0]
	m := []Method{RegressionMethod("regression", RegressionForecast{Model: Model{Season: Season{Harmonics: 2}}}), SmoothMethod("simple", SmoothOptions{}, 500)}
	for b.Loop() {
		if _, err := Evaluate(y, m, RollingOptions{First: 60, Horizon: 12}); err != nil {
			b.Fatal(err)
		}
	}
}

// What is not known of the mean widens a forecast and does not move it: of counts with
// neither trend nor season the forecast is their mean, also of rare ones.
func TestForecastsOfRareCountsAreUnbiased(t *testing.T) {
	y := make([]float64, 48)
	y[7], y[20], y[21], y[40] = 1, 2, 1, 1
	for family := QuasiPoisson; family <= Poisson; family++ {
		f := must(ForecastRegression(y, RegressionForecast{
			Model: Model{Family: family, Trend: Flat, Season: Season{Harmonics: NoSeason}}, Horizon: 2}))
		near(t, "mean", f.Mean, []float64{5.0 / 48, 5.0 / 48}, 1e-9)
	}
	// With them the mean is what the regression expects of the month.
	days := must(MonthDays(2024, 1, 60))
	counts := boroughs(1, 48)[0]
	m := Model{Season: Season{Harmonics: 1}, Exposure: days[:48]}
	f := must(ForecastRegression(counts, RegressionForecast{Model: m, Horizon: 12, Damping: 1, Ahead: days[48:]}))
	c := must(m.columns(48, 60, 1))
	fit := must(m.fit(counts, c))
	for h, v := range f.Mean {
		level := 0.0
		for j, x := range c.values {
			level += x[48+h] * fit.estimates[j]
		}
		if want := days[48+h] * math.Exp(level); relative(v, want) > 1e-9 {
			t.Errorf("month %d: %v, not %v", h, v, want)
		}
	}
}

// The counts of a forecast vary as those of the fit: by its dispersion times the mean,
// and by what is not known of the mean.
func TestForecastsVaryAsTheFit(t *testing.T) {
	y := boroughs(1, 240)[0]
	m := Model{Trend: Flat, Season: Season{Harmonics: NoSeason}}
	d := must(ForecastRegression(y, RegressionForecast{Model: m, Horizon: 1})).Distributions[0]
	fit := must(Regress(y, m))
	level, variance := d.Mean(), 0.0
	for k := range 40 * int(level) {
		variance += (float64(k) - level) * (float64(k) - level) * d.PMF(float64(k))
	}
	least := fit.Dispersion * level
	unknown := level * fit.Terms[0].SE * level * fit.Terms[0].SE
	if fit.Dispersion < 1.2 || variance < least || variance > least+1.3*unknown {
		t.Errorf("variance %v, not %v and %v", variance, least, unknown)
	}
}

// A window is the latest months, of the length asked for.
func TestWindowsAreTheLatestMonths(t *testing.T) {
	y := boroughs(1, 60)[0]
	m := Method{"looks", func(h []float64, horizon int, _ uint64) (Forecast, error) {
		if len(h) != 20 {
			t.Errorf("%d months", len(h))
		}
		return Naive(h, horizon)
	}}
	_ = must(Evaluate(y, []Method{m}, RollingOptions{First: 40, Window: 20}))
}
