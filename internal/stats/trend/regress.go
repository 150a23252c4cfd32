package trend

import (
	"errors"
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
	"openvru/internal/stats/model"
)

// Fit is a fitted regression of counts on time.
type Fit struct {
	// Terms are the coefficients, on the scale of the logarithm of the rate, with
	// their errors and intervals; trends are per year. Names: "intercept", "trend",
	// "season 2" …, or "sin 1", "cos 1" ….
	Terms []model.Term
	// Fitted are the expected counts.
	Fitted []float64
	// Residuals are Pearson's, divided by the square root of the dispersion.
	Residuals []float64
	// Dispersion is the variance over that of the family: estimated for
	// quasi-Poisson (Pearson), 1 for the others.
	Dispersion float64
	// Size is that of the negative binomial; +Inf when it is Poisson, and for others.
	Size float64
	// DF is the months less the parameters.
	DF int
	// Lag is how far robust errors allow for autocorrelation; 0 for other kinds.
	Lag int
	// Lasting is the share of a month's surprise that lasts, from 0 to 1, and Fading
	// how much of it is left a month later, for errors of that kind.
	Lasting, Fading float64
	// Annual is the change per year, over the whole series.
	Annual Percent
	// Seasons are the times of year in their order from the first one (not from the
	// first step of the series, unless Season.First is 0): the rate of each over the
	// average of all; nil without season.
	Seasons []Index
	// Autocorrelation is that of the residuals at lags 1 to 12 (fewer for a short
	// series), nil when they are all alike. LjungBox tests it; P is NaN then.
	Autocorrelation []float64
	LjungBox        Test
	// Covariance of the coefficients, in the order of Terms, by rows.
	Covariance []float64

	columns   *columns
	estimates []float64
	scores    [][]float64 // what each month pulls at each coefficient
	pearson   []float64   // residuals by the family's variance alone
	lasts     lasting
	bread     []float64
	exposure  []float64
	quantile  float64
	level     float64
}

// Percent is a change in per cent.
type Percent struct {
	Change   float64
	Interval stats.Interval
	// P is the chance of a change as large, either way, when there was none.
	P float64
}

// Index is a rate over the average one.
type Index struct {
	Value    float64
	Interval stats.Interval
}

// Regress fits a log-linear regression of counts on trend and season, with exposure
// as an offset. Intervals and p-values are by Student's t on the months less the
// parameters. Errors: all zeros, or a time of year without events that has an effect
// of its own, stats.ErrNoFit; no more months than parameters stats.ErrTooFew;
// columns that say the same stats.ErrSingular. A constant series is fitted: no
// trend, and errors of zero (Lasting ones are those of Poisson counts at least).
func Regress(y []float64, m Model) (Fit, error) {
	c, err := m.columns(len(y), len(y), 1)
	if err != nil {
		return Fit{}, err
	}
	f, err := m.fit(y, c)
	if err != nil {
		return Fit{}, err
	}
	f.describe(m)
	return *f, nil
}

// fit fits the columns as they are and works out the errors.
func (m Model) fit(y []float64, c *columns) (*Fit, error) {
	family, err := m.Family.model()
	if err != nil {
		return nil, err
	}
	level, err := confidence(m.Level)
	if err != nil {
		return nil, err
	}
	if err := m.check(y, c); err != nil {
		return nil, err
	}
	o := model.Options{Family: family}
	if m.Exposure != nil {
		o.Offset, o.Weights = offsets(m.Exposure)
	}
	fitted, err := model.Fit(c.design(len(y)), y, o)
	if err != nil {
		if errors.Is(err, stats.ErrNoFit) {
			return nil, fmt.Errorf("some part of the model may have no events at all: %w", err)
		}
		return nil, err
	}
	if fitted.Rank < len(c.names) {
		return nil, fmt.Errorf("%s: %w", alias(fitted), stats.ErrSingular)
	}
	if fitted.DF < 1 {
		return nil, stats.ErrTooFew
	}
	f := &Fit{
		DF: fitted.DF, Dispersion: fitted.Dispersion, Size: math.Inf(1),
		columns: c, estimates: fitted.Coefficients, exposure: m.Exposure, level: level,
	}
	if m.Family == NegativeBinomial {
		f.Size = fitted.Theta
	}
	f.quantile = dist.StudentQuantile((1+level)/2, float64(f.DF))
	f.expect(y, fitted)
	return f, f.errors(m.Errors, fitted)
}

// check refuses what cannot be fitted.
func (m Model) check(y []float64, c *columns) error {
	if err := checkCounts(y); err != nil {
		return err
	}
	if err := checkExposure(y, m.Exposure); err != nil {
		return err
	}
	if len(y) <= len(c.names) {
		return fmt.Errorf("%d months for %d parameters: %w", len(y), len(c.names), stats.ErrTooFew)
	}
	if allZero(y) {
		return fmt.Errorf("there are no events: %w", stats.ErrNoFit)
	}
	return nil
}

// offsets are the logarithms of exposures; a month without has no weight.
func offsets(exposure []float64) (offset, weight []float64) {
	offset, weight = make([]float64, len(exposure)), make([]float64, len(exposure))
	for i, e := range exposure {
		if e > 0 {
			offset[i], weight[i] = math.Log(e), 1
		}
	}
	return offset, weight
}

// alias names the first column that the others already say.
func alias(f *model.Fitted) string {
	for j, b := range f.Coefficients {
		if math.IsNaN(b) {
			return f.Names[j]
		}
	}
	return ""
}

// expect works out expected counts and residuals.
func (f *Fit) expect(y []float64, fitted *model.Fitted) {
	n := len(y)
	f.Fitted, f.Residuals, f.pearson = make([]float64, n), make([]float64, n), make([]float64, n)
	for i, m := range fitted.Mean {
		if f.exposure != nil && f.exposure[i] == 0 {
			continue
		}
		f.Fitted[i] = m
		if spread := m * (1 + m/f.Size); spread > 0 {
			f.pearson[i] = (y[i] - m) / math.Sqrt(spread)
		}
		if f.Dispersion > 0 {
			f.Residuals[i] = f.pearson[i] / math.Sqrt(f.Dispersion)
		}
	}
}

// errors works out the covariance and the table of coefficients.
func (f *Fit) errors(e Errors, fitted *model.Fitted) error {
	n, k := len(f.Fitted), len(f.estimates)
	based := fitted.Covariance().Data
	if err := f.information(based); err != nil {
		return err
	}
	switch e.Kind {
	case ModelBased:
		f.Covariance = based
	case Lasting:
		f.lasts = f.lasting()
		f.Lasting, f.Fading = f.lasts.share, f.lasts.fading
		f.Covariance = sandwich(f.bread, f.lasts.middle(n, k), k, 1)
	default:
		o, err := e.hac(n)
		if err != nil {
			return err
		}
		covariance, lag, err := fitted.NeweyWest(o)
		if err != nil {
			return err
		}
		f.Covariance, f.Lag, f.scores = covariance.Data, lag, fitted.Scores()
	}
	f.Terms = make([]model.Term, k)
	unit := make([]float64, k)
	for j := range f.Terms {
		unit[j] = 1
		f.Terms[j] = f.term(f.columns.names[j], unit)
		unit[j] = 0
	}
	return nil
}

// information works out the bread, (XᵀWX)⁻¹, from the model's covariance; anew when
// a perfect fit has multiplied it by a dispersion of zero.
func (f *Fit) information(based []float64) error {
	f.bread = make([]float64, len(based))
	for i, v := range based {
		f.bread[i] = v / f.Dispersion
	}
	if f.Dispersion > 0 {
		return nil
	}
	columns := make([][]float64, len(f.columns.values)) // without the months ahead of a forecast
	for j, v := range f.columns.values {
		columns[j] = v[:len(f.Fitted)]
	}
	x, err := lin.FromColumns(columns...)
	if err != nil {
		return err
	}
	weights := make([]float64, len(f.Fitted))
	for i, m := range f.Fitted {
		weights[i] = m / (1 + m/f.Size)
	}
	gram := lin.New(x.Cols, x.Cols)
	x.Gram(gram, weights)
	inverse, err := lin.InverseSPD(gram)
	f.bread = inverse.Data
	return err
}

// term is a sum of coefficients with its error.
func (f *Fit) term(name string, by []float64) model.Term {
	t := model.Term{Name: name, Estimate: dot(by, f.estimates), SE: math.Sqrt(max(quadratic(f.Covariance, by), 0))}
	return finish(t, f.quantile, float64(f.DF))
}

// finish works out the statistic and interval of an estimate with its error.
func finish(t model.Term, quantile, df float64) model.Term {
	t.Statistic = t.Estimate / t.SE
	if t.Estimate == 0 {
		t.Statistic = 0
	}
	t.P = 2 * dist.StudentTail(math.Abs(t.Statistic), df)
	t.Interval = stats.Interval{Low: t.Estimate - quantile*t.SE, High: t.Estimate + quantile*t.SE}
	return t
}

// quadratic is x·M·x.
func quadratic(m, x []float64) float64 {
	k := len(x)
	s := 0.0
	for a, v := range x {
		if v != 0 {
			s += v * dot(x, m[a*k:(a+1)*k])
		}
	}
	return s
}

// describe works out what is said about season, trend and residuals.
func (f *Fit) describe(m Model) {
	f.annual(m)
	f.seasons(m)
	f.LjungBox.P = math.NaN()
	most := min(12, len(f.Residuals)/5)
	if r, err := Autocorrelation(f.Residuals, most); err == nil && most > 0 {
		f.Autocorrelation = r[1:]
		f.LjungBox, _ = LjungBox(f.Residuals, most, 0) // its errors are those just passed
	}
}

// annual is the change from the first month to the last, spread evenly.
func (f *Fit) annual(m Model) {
	period := m.Season.Period
	fill(&period, 12)
	last := len(f.Fitted) - 1
	by := make([]float64, len(f.columns.names))
	for _, j := range f.columns.trend {
		x := f.columns.values[j]
		by[j] = (x[last] - x[0]) * float64(period) / float64(last)
	}
	f.Annual = percent(f.term("annual", by))
}

// percent turns a difference of logarithms into a change in per cent.
func percent(t model.Term) Percent {
	of := func(v float64) float64 { return 100 * math.Expm1(v) }
	return Percent{Change: of(t.Estimate), Interval: stats.Interval{Low: of(t.Interval.Low), High: of(t.Interval.High)}, P: t.P}
}

// seasons works out the rate of each time of year over the average of all. Its
// logarithm moves with the coefficients by what the time of year has less what
// all have, weighted by their rates.
func (f *Fit) seasons(m Model) {
	if len(f.columns.season) == 0 {
		return
	}
	s := m.Season
	fill(&s.Period, 12)
	s.First = 0
	year := &columns{}
	s.add(year, s.Period)
	k := len(f.columns.names)
	rates, total := make([]float64, s.Period), 0.0
	average := make([]float64, k)
	for t := range rates {
		for i, j := range f.columns.season {
			rates[t] += year.values[i][t] * f.estimates[j]
		}
		rates[t] = math.Exp(rates[t])
		total += rates[t]
		for i, j := range f.columns.season {
			average[j] += rates[t] * year.values[i][t]
		}
	}
	by := make([]float64, k)
	for t, r := range rates {
		for i, j := range f.columns.season {
			by[j] = year.values[i][t] - average[j]/total
		}
		value := r / total * float64(s.Period)
		half := f.quantile * math.Sqrt(max(quadratic(f.Covariance, by), 0))
		i := stats.Interval{Low: value * math.Exp(-half), High: value * math.Exp(half)}
		f.Seasons = append(f.Seasons, Index{Value: value, Interval: i})
	}
}

// SeasonalIndices returns the rate of each time of year over the average of all,
// with intervals, from a quasi-Poisson regression with a linear trend: Regress with
// nothing but a season.
func SeasonalIndices(y []float64, s Season) ([]Index, error) {
	f, err := Regress(y, Model{Season: s})
	if err != nil {
		return nil, err
	}
	if f.Seasons == nil {
		return nil, fmt.Errorf("no season was asked for: %w", stats.ErrOption)
	}
	return f.Seasons, nil
}

// SeasonallyAdjusted returns the counts without their season: each divided by the
// index of its time of year. The season is the one that the fit was made with.
func (f Fit) SeasonallyAdjusted(y []float64, s Season) ([]float64, error) {
	if len(y) != len(f.Fitted) {
		return nil, stats.ErrLength
	}
	out := append([]float64(nil), y...)
	for i := range out {
		if f.Seasons != nil {
			out[i] /= f.Seasons[(i+s.First)%len(f.Seasons)].Value
		}
	}
	return out, nil
}
