package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Decomposition is a series taken apart. All slices are as long as the series
// and in its unit, except Seasonal of a multiplicative decomposition, which is
// a factor, and Weights.
type Decomposition struct {
	// Seasonal is what the time of year adds (or multiplies by).
	Seasonal []float64
	// Trend is the level without season; NaN where it is not known, which is
	// the first and last half year of a classical decomposition.
	Trend []float64
	// Remainder is what is left: a difference, or a factor; NaN with Trend.
	Remainder []float64
	// Weights says how much each month counted in a robust fit, from 0 (an
	// outlier) to 1; nil when the fit was not robust.
	Weights []float64
	// Multiplicative says that the parts are to be multiplied, not added.
	Multiplicative bool
}

// Adjusted returns the series without its season, in the unit of the series: the
// series less the seasonal part, or divided by it. A month whose seasonal factor
// is zero is zero in every year, and stays so.
func (d Decomposition) Adjusted(y []float64) ([]float64, error) {
	if len(y) != len(d.Seasonal) {
		return nil, stats.ErrLength
	}
	out := make([]float64, len(y))
	for i, v := range y {
		switch s := d.Seasonal[i]; {
		case !d.Multiplicative:
			out[i] = v - s
		case s != 0:
			out[i] = v / s
		}
	}
	return out, nil
}

// Classical takes a series apart by moving averages of one period: trend + season
// + remainder. period is the number of steps in a year (12 for months). It needs
// two whole periods (stats.ErrTooFew). The seasonal part is the same every year and
// adds to zero over one. Kendall and Stuart (1983), as R's decompose.
func Classical(y []float64, period int) (Decomposition, error) {
	return classical(y, period, false)
}

// ClassicalMultiplicative is Classical with trend × season × remainder: the
// seasonal factors average one. A stretch of one period without any event leaves
// nothing to divide by: stats.ErrNoFit.
func ClassicalMultiplicative(y []float64, period int) (Decomposition, error) {
	return classical(y, period, true)
}

func classical(y []float64, period int, multiplicative bool) (Decomposition, error) {
	if err := checkPeriod(y, period); err != nil {
		return Decomposition{}, err
	}
	d := Decomposition{Trend: centred(y, period), Multiplicative: multiplicative}
	apart := make([]float64, len(y))
	for i, v := range y {
		switch {
		case !multiplicative:
			apart[i] = v - d.Trend[i]
		case d.Trend[i] <= 0:
			return Decomposition{}, fmt.Errorf("a whole period has no events: %w", stats.ErrNoFit)
		default:
			apart[i] = v / d.Trend[i]
		}
	}
	index := seasonMeans(apart, period)
	level := mean(index)
	d.Seasonal, d.Remainder = make([]float64, len(y)), apart
	for i := range y {
		if s := index[i%period]; multiplicative {
			d.Seasonal[i] = s / level
			d.Remainder[i] = factor(apart[i], d.Seasonal[i])
		} else {
			d.Seasonal[i] = s - level
			d.Remainder[i] -= d.Seasonal[i]
		}
	}
	return d, nil
}

// factor divides, and calls nothing of nothing a factor of one: a month of the
// year without events in any year is exactly as expected.
func factor(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 1
	}
	return a / b
}

func checkPeriod(y []float64, period int) error {
	if err := checkValues(y); err != nil {
		return err
	}
	if period < 2 {
		return fmt.Errorf("a period of %d: %w", period, stats.ErrOption)
	}
	if len(y) < 2*period {
		return fmt.Errorf("%d steps are less than two periods of %d: %w", len(y), period, stats.ErrTooFew)
	}
	return nil
}

// centred is the moving average over one period, with half weights at both ends
// when the period is even; NaN where the period does not fit.
func centred(y []float64, period int) []float64 {
	out := make([]float64, len(y))
	half := period / 2
	for i := range y {
		if i < half || i+half >= len(y) {
			out[i] = math.NaN()
			continue
		}
		s := stats.Sum(y[i-half : i+half+1])
		if period%2 == 0 {
			s -= (y[i-half] + y[i+half]) / 2
		}
		out[i] = s / float64(period)
	}
	return out
}

// seasonMeans averages what is known of each time of the year.
func seasonMeans(apart []float64, period int) []float64 {
	index := make([]float64, period)
	for m := range index {
		n := 0.0
		for i := m; i < len(apart); i += period {
			if !math.IsNaN(apart[i]) {
				index[m] += apart[i]
				n++
			}
		}
		index[m] /= n
	}
	return index
}
