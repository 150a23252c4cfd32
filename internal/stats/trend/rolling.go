package trend

import (
	"errors"
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Method is a way to forecast, by name. Forecast is given the months up to now and
// must look at nothing else; the seed is another at each origin.
type Method struct {
	Name     string
	Forecast func(history []float64, horizon int, seed uint64) (Forecast, error)
}

// NaiveMethod is Naive.
func NaiveMethod() Method {
	return Method{"naive", func(y []float64, h int, _ uint64) (Forecast, error) { return Naive(y, h) }}
}

// SeasonalNaiveMethod is SeasonalNaive.
func SeasonalNaiveMethod(period int) Method {
	return Method{"seasonal naive", func(y []float64, h int, _ uint64) (Forecast, error) { return SeasonalNaive(y, period, h) }}
}

// SmoothMethod is Smooth with so many futures (0 is 1000).
func SmoothMethod(name string, o SmoothOptions, futures int) Method {
	return Method{name, func(y []float64, h int, seed uint64) (Forecast, error) {
		s, err := Smooth(y, o)
		if err != nil {
			return Forecast{}, err
		}
		return s.Forecast(h, futures, seed)
	}}
}

// RegressionMethod is ForecastRegression. An Exposure must be that of the whole series
// and the months after: each forecast takes what it needs. The first month of the
// history must be the first of the series.
func RegressionMethod(name string, o RegressionForecast) Method {
	whole := o.Exposure
	return Method{name, func(y []float64, h int, _ uint64) (Forecast, error) {
		o := o
		if o.Horizon = h; whole != nil {
			if len(whole) < len(y)+h {
				return Forecast{}, stats.ErrLength
			}
			o.Exposure, o.Ahead = whole[:len(y)], whole[len(y):len(y)+h]
		}
		return ForecastRegression(y, o)
	}}
}

// CombinedMethod pools methods with equal weights.
func CombinedMethod(name string, methods ...Method) Method {
	return Method{name, func(y []float64, h int, seed uint64) (Forecast, error) {
		all := make([]Forecast, len(methods))
		for i, m := range methods {
			f, err := m.Forecast(y, h, seed+uint64(i)*0x9e3779b97f4a7c15)
			if err != nil {
				return Forecast{}, fmt.Errorf("%s: %w", m.Name, err)
			}
			all[i] = f
		}
		return Combine(all, nil)
	}}
}

// OtherwiseMethod is the first method, and where that has no answer (stats.ErrNoFit,
// ErrTooFew, ErrSingular) the second.
func OtherwiseMethod(first, second Method) Method {
	return Method{first.Name, func(y []float64, h int, seed uint64) (Forecast, error) {
		f, err := first.Forecast(y, h, seed)
		if errors.Is(err, stats.ErrNoFit) || errors.Is(err, stats.ErrTooFew) || errors.Is(err, stats.ErrSingular) {
			return second.Forecast(y, h, seed)
		}
		return f, err
	}}
}

// RollingOptions say from which months forecasts are made and how they are scored.
type RollingOptions struct {
	// First is how many months the first forecast is made from; 0 is three periods.
	First int
	// Horizon is how many months ahead; 0 is one.
	Horizon int
	// Step is how many months later the next forecast is made; 0 is one.
	Step int
	// Window is how many of the latest months a forecast may use; 0 is all. With a
	// Window a regression's season begins elsewhere each time, so its effects are not
	// those of calendar months, but its forecasts are right.
	Window int
	// Period is that of the seasonal-naive forecast and of MASE; 0 is 12.
	Period int
	// Levels are those of the intervals scored; nil is 0.8 and 0.95.
	Levels []float64
	Seed   uint64
}

func (o RollingOptions) complete(n int) (RollingOptions, error) {
	fill(&o.Period, 12)
	fill(&o.First, 3*o.Period)
	fill(&o.Horizon, 1)
	fill(&o.Step, 1)
	if o.Levels == nil {
		o.Levels = []float64{0.8, 0.95}
	}
	for _, l := range o.Levels {
		if !(l > 0 && l < 1) {
			return o, stats.ErrOption
		}
	}
	if o.Period < 1 || o.First < 1 || o.Horizon < 1 || o.Step < 1 || o.Window < 0 {
		return o, stats.ErrOption
	}
	if o.First <= o.Period || o.Window > 0 && o.Window <= o.Period || o.First+o.Horizon > n {
		return o, fmt.Errorf("%d months, the first forecast from %d, %d ahead: %w", n, o.First, o.Horizon, stats.ErrTooFew)
	}
	return o, nil
}

// Scores are the averages over forecasts. Less is better, but for coverage and skill.
type Scores struct {
	// Forecasts is how many counts were forecast.
	Forecasts int
	// MAE is the mean absolute error of the predictive medians, Bias the mean of
	// predictive mean less count.
	MAE, Bias float64
	// MASE is the mean absolute scaled error, each error divided by the seasonal-naive
	// one within its own history; months whose history has no scale are left out, and
	// it is NaN when all are.
	MASE float64
	// CRPS is the mean continuous ranked probability score, LogScore the mean −ln of
	// the chances of the counts.
	CRPS, LogScore float64
	// Coverage is the share of counts in the intervals of each level, and
	// IntervalScore their mean score, in the order of Levels.
	Coverage, IntervalScore []float64
	// SkillNaive and SkillSeasonal are what the CRPS saves of that of the naive and the
	// seasonal-naive forecasts of the same counts.
	SkillNaive, SkillSeasonal float64
}

// Evaluation is how a method did.
type Evaluation struct {
	Name string
	// Scores are over all forecasts; Ahead for each month ahead apart.
	Scores
	Ahead []Scores
	// PIT holds the randomised transforms of the counts, forecast by forecast, the
	// months ahead in order; uniform if the forecasts are right. Losses are the CRPS in
	// the same order, for DieboldMariano.
	PIT, Losses []float64
}

// Evaluate forecasts from one month after another, each time from the past alone, and
// scores the forecasts against what came (rolling origin; Tashman 2000). All methods
// are scored on the same counts. A method without an answer at some month fails the
// whole, by name; give it an OtherwiseMethod.
func Evaluate(y []float64, methods []Method, o RollingOptions) ([]Evaluation, error) {
	if err := checkCounts(y); err != nil {
		return nil, err
	}
	if len(methods) == 0 {
		return nil, stats.ErrEmpty
	}
	o, err := o.complete(len(y))
	if err != nil {
		return nil, err
	}
	all := append([]Method{NaiveMethod(), SeasonalNaiveMethod(o.Period)}, methods...)
	origins := (len(y)-o.First-o.Horizon)/o.Step + 1
	scored := make([][]single, len(all)*origins)
	failed := make([]error, len(scored))
	stats.Parallel(len(scored), func(_, piece int) {
		scored[piece], failed[piece] = o.score(y, all[piece/origins], o.First+piece%origins*o.Step)
	})
	for piece, err := range failed {
		if err != nil {
			return nil, fmt.Errorf("%s, from %d months: %w", all[piece/origins].Name, o.First+piece%origins*o.Step, err)
		}
	}
	base := [2][][]single{scored[:origins], scored[origins : 2*origins]}
	out := make([]Evaluation, len(methods))
	for i, m := range methods {
		out[i] = o.evaluation(m.Name, scored[(i+2)*origins:(i+3)*origins], base)
	}
	return out, nil
}

// single is the score of one count.
type single struct {
	absolute, off, scaled, crps, log, pit float64
	in                                    []bool
	interval                              []float64
}

// score forecasts from the months before an origin and scores each month ahead.
func (o RollingOptions) score(y []float64, m Method, origin int) ([]single, error) {
	history := y[:origin:origin]
	if o.Window > 0 && origin > o.Window {
		history = history[origin-o.Window:]
	}
	seed := o.Seed + uint64(origin)
	f, err := m.Forecast(history, o.Horizon, seed)
	if err != nil {
		return nil, err
	}
	if len(f.Distributions) != o.Horizon {
		return nil, stats.ErrLength
	}
	scale, err := scaling(history, o.Period)
	if err != nil {
		scale = math.NaN()
	}
	r := stats.NewRand(seed, math.MaxUint64)
	out := make([]single, o.Horizon)
	for h, d := range f.Distributions {
		v := y[origin+h]
		s := single{absolute: math.Abs(v - d.Quantile(0.5)), off: d.Mean() - v, crps: d.CRPS(v), log: d.LogScore(v), pit: d.PIT(v, r.Float64())}
		s.scaled = s.absolute / scale
		for _, l := range o.Levels {
			i := d.Interval(l)
			s.in = append(s.in, i.Has(v))
			s.interval = append(s.interval, IntervalScore(v, i, l))
		}
		out[h] = s
	}
	return out, nil
}

func (o RollingOptions) evaluation(name string, scored [][]single, base [2][][]single) Evaluation {
	e := Evaluation{Name: name}
	for h := range o.Horizon {
		one := func(s []single) []single { return s[h : h+1] }
		e.Ahead = append(e.Ahead, o.average(scored, base, one))
	}
	e.Scores = o.average(scored, base, func(s []single) []single { return s })
	for _, origin := range scored {
		for _, s := range origin {
			e.PIT, e.Losses = append(e.PIT, s.pit), append(e.Losses, s.crps)
		}
	}
	return e
}

func (o RollingOptions) average(scored [][]single, base [2][][]single, pick func([]single) []single) Scores {
	a := Scores{Coverage: make([]float64, len(o.Levels)), IntervalScore: make([]float64, len(o.Levels))}
	n, scales := 0.0, 0.0
	for _, origin := range scored {
		for _, s := range pick(origin) {
			n++
			a.MAE, a.Bias, a.CRPS, a.LogScore = a.MAE+s.absolute, a.Bias+s.off, a.CRPS+s.crps, a.LogScore+s.log
			if !math.IsNaN(s.scaled) {
				a.MASE += s.scaled
				scales++
			}
			for i, in := range s.in {
				if in {
					a.Coverage[i]++
				}
				a.IntervalScore[i] += s.interval[i]
			}
		}
	}
	a.Forecasts = int(n)
	for _, v := range []*float64{&a.MAE, &a.Bias, &a.CRPS, &a.LogScore} {
		*v /= n
	}
	a.MASE /= scales
	for i := range o.Levels {
		a.Coverage[i] /= n
		a.IntervalScore[i] /= n
	}
	var reference [2]float64
	for b := range base {
		for _, origin := range base[b] {
			for _, s := range pick(origin) {
				reference[b] += s.crps / n
			}
		}
	}
	a.SkillNaive, a.SkillSeasonal = Skill(a.CRPS, reference[0]), Skill(a.CRPS, reference[1])
	return a
}
