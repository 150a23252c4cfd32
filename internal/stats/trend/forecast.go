package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Forecast says what the next counts may be.
type Forecast struct {
	// Distributions are the predictive distributions, one a month.
	Distributions []Distribution
	// Mean is their mean.
	Mean []float64
}

// Intervals are the central predictive intervals of a level, for counts.
func (f Forecast) Intervals(level float64) ([]stats.Interval, error) {
	level, err := confidence(level)
	if err != nil {
		return nil, err
	}
	out := make([]stats.Interval, len(f.Distributions))
	for i, d := range f.Distributions {
		out[i] = d.Interval(level)
	}
	return out, nil
}

func newForecast(d []Distribution) Forecast {
	f := Forecast{Distributions: d, Mean: make([]float64, len(d))}
	for i := range d {
		f.Mean[i] = d[i].Mean()
	}
	return f
}

func checkHorizon(y []float64, horizon int) error {
	if horizon < 1 {
		return fmt.Errorf("a horizon of %d: %w", horizon, stats.ErrOption)
	}
	return checkCounts(y)
}

// Naive forecasts the last count, for every month ahead. The spread is that of a
// random walk with the changes seen: their root mean square times √ahead, normal and
// rounded to counts. It needs two months; a constant series is forecast with
// certainty.
func Naive(y []float64, horizon int) (Forecast, error) { return SeasonalNaive(y, 1, horizon) }

// SeasonalNaive forecasts the count of the same time of the last year, with the
// spread of changes over a year. It needs a period and one month.
func SeasonalNaive(y []float64, period, horizon int) (Forecast, error) {
	if err := checkHorizon(y, horizon); err != nil {
		return Forecast{}, err
	}
	if period < 1 {
		return Forecast{}, stats.ErrOption
	}
	n := len(y)
	if n <= period {
		return Forecast{}, fmt.Errorf("%d steps for a period of %d: %w", n, period, stats.ErrTooFew)
	}
	squares := 0.0
	for i := period; i < n; i++ {
		squares += (y[i] - y[i-period]) * (y[i] - y[i-period])
	}
	sd := math.Sqrt(squares / float64(n-period))
	out := make([]Distribution, horizon)
	for h := range out {
		d, err := Rounded(y[n-period+h%period], sd*math.Sqrt(float64(h/period+1)))
		if err != nil {
			return Forecast{}, err
		}
		out[h] = d
	}
	return newForecast(out), nil
}

// RegressionForecast are the options of ForecastRegression.
type RegressionForecast struct {
	// Model is the regression; its Exposure is that of the series.
	Model
	Horizon int
	// Damping is how much of the trend's step is left a month later: 0 is 0.95, by
	// which a trend goes on for 19 months' worth in all; 1 does not damp.
	Damping float64
	// Exposure of the months ahead; nil is 1 each, and needs a Model without.
	Ahead []float64
}

// nodes is how many means stand for what is not known of the mean.
const nodes = 25

// ForecastRegression forecasts by a regression on season and trend, the trend fading.
// The predictive distribution is negative binomial (with the variance of the model,
// dispersion times mean for quasi-Poisson), its mean being as uncertain as the
// coefficients are. Errors are those of Regress.
func ForecastRegression(y []float64, o RegressionForecast) (Forecast, error) {
	if err := checkHorizon(y, o.Horizon); err != nil {
		return Forecast{}, err
	}
	if o.Damping == 0 {
		o.Damping = 0.95
	}
	if !(o.Damping > 0 && o.Damping <= 1) {
		return Forecast{}, fmt.Errorf("damping %v: %w", o.Damping, stats.ErrOption)
	}
	if (o.Ahead == nil) != (o.Exposure == nil) || o.Ahead != nil && len(o.Ahead) != o.Horizon {
		return Forecast{}, fmt.Errorf("exposure of the months ahead: %w", stats.ErrLength)
	}
	if err := stats.Counts(o.Ahead); err != nil {
		return Forecast{}, err
	}
	n := len(y)
	c, err := o.columns(n, n+o.Horizon, o.Damping)
	if err != nil {
		return Forecast{}, err
	}
	f, err := o.fit(y, c)
	if err != nil {
		return Forecast{}, err
	}
	out := make([]Distribution, o.Horizon)
	row := make([]float64, len(c.names))
	steps := studentNodes(float64(f.DF))
	for h := range out {
		for j, x := range c.values {
			row[j] = x[n+h]
		}
		level, se := dot(row, f.estimates), math.Sqrt(max(quadratic(f.Covariance, row), 0))
		exposure := 1.0
		if o.Ahead != nil {
			exposure = o.Ahead[h]
		}
		if out[h], err = f.predict(level, se, exposure, steps); err != nil {
			return Forecast{}, err
		}
	}
	return newForecast(out), nil
}

// studentNodes are numbers of equal chance under Student's t.
func studentNodes(df float64) []float64 {
	out := make([]float64, nodes)
	for i := range out {
		out[i] = dist.StudentQuantile((float64(i)+0.5)/nodes, df)
	}
	return out
}

// predict is the distribution of a count whose mean has that logarithm and error. The
// possible means are scaled to have the fitted one on average: that is unbiased, while
// the exponential of an error on both sides adds more than it takes, up to doubling
// the forecast of rare counts.
func (f *Fit) predict(level, se, exposure float64, steps []float64) (Distribution, error) {
	means := make([]float64, len(steps))
	for i, z := range steps {
		means[i] = math.Exp(z * se)
	}
	scale := exposure * math.Exp(level) / mean(means)
	for i := range means {
		means[i] *= scale
	}
	size := f.Size
	if f.Dispersion > 1 { // quasi-Poisson: the variance of the middle mean
		if m := exposure * math.Exp(level); m > 0 {
			size = m / (f.Dispersion - 1)
		}
	}
	return Mixture(means, size)
}

// Combine pools forecasts of the same months: each is right with the chance its
// weight says. Weights are relative; nil is equal ones.
func Combine(all []Forecast, weights []float64) (Forecast, error) {
	if len(all) == 0 {
		return Forecast{}, stats.ErrEmpty
	}
	out := make([]Distribution, len(all[0].Distributions))
	parts := make([]Distribution, len(all))
	for h := range out {
		for i, f := range all {
			if len(f.Distributions) != len(out) {
				return Forecast{}, stats.ErrLength
			}
			parts[i] = f.Distributions[h]
		}
		d, err := Pool(parts, weights)
		if err != nil {
			return Forecast{}, err
		}
		out[h] = d
	}
	return newForecast(out), nil
}
