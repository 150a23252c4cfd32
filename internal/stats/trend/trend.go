// Package trend reads counts over time: it separates season from trend, fits
// regressions with season, trend and exposure, measures what an intervention
// changed, finds change points, forecasts counts with predictive intervals, and
// scores forecasts.
//
// A series is a slice of counts at equal steps, the oldest first; a step is a
// month in these comments, and may be a week or a day. Missing months are
// refused (stats.ErrMissing), not filled: a guess made here would be taken for
// a count by everything after. Values beyond 1e100 are refused too (stats.ErrOption). The methods are written down, with their
// assumptions, in docs/methods: decomposition, trend-regression,
// interrupted-time-series, change-points, forecasts, forecast-scores.
package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// checkCounts refuses a series that is empty, has missing values or negative ones, or
// such as no sum of squares can hold.
func checkCounts(y []float64) error {
	if err := checkValues(y); err != nil {
		return err
	}
	return stats.Counts(y)
}

// summable is the largest value whose squares can be added up without care.
const summable = 1e100

// checkValues refuses a series that is empty, has missing values, or such as no sum of
// squares can hold.
func checkValues(y []float64) error {
	if len(y) == 0 {
		return stats.ErrEmpty
	}
	if err := stats.Finite(y); err != nil {
		return err
	}
	for i, v := range y {
		if math.Abs(v) > summable {
			return fmt.Errorf("month %d is %.3g: %w", i+1, v, stats.ErrOption)
		}
	}
	return nil
}

// confidence returns the confidence asked for, 0.95 when none is, and an error
// when it is not a probability.
func confidence(level float64) (float64, error) {
	if level == 0 {
		return 0.95, nil
	}
	if !(level > 0 && level < 1) {
		return 0, stats.ErrOption
	}
	return level, nil
}

func mean(y []float64) float64 { return stats.Sum(y) / float64(len(y)) }

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func allZero(y []float64) bool {
	for _, v := range y {
		if v != 0 {
			return false
		}
	}
	return true
}

// relative is the difference of two figures as a share of the larger.
func relative(a, b float64) float64 {
	return math.Abs(a-b) / max(math.Abs(a), math.Abs(b), math.SmallestNonzeroFloat64)
}
