package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// ChartPoint is one time point of a control chart.
type ChartPoint struct {
	At        int     // index of the time point in its series
	Observed  float64 // the count; NaN when missing, and the statistic stays as it was
	Expected  float64 // the in-control mean
	Statistic float64 // an alarm when it reaches the threshold
	// Needed is the count with which the statistic would have just reached the
	// threshold (for falls: the highest such count, below zero if there is none).
	// For the generalised likelihood ratio it is a whole number, and NaN unless
	// asked for.
	Needed float64
	// Since is the time point from which the likelihood ratio says that the mean
	// changed, and Ratio by which factor; −1 and NaN for none, and where the
	// chart does not say.
	Since int
	Ratio float64
	Alarm bool
}

// InControl is the distribution of counts while nothing unusual goes on.
type InControl struct {
	// Mean is the mean at each time point: as long as the series, above zero
	// (1e-30 to 1e15).
	Mean []float64
	// Size is that of the negative binomial: variance mean + mean²/Size. Zero or
	// +Inf is Poisson.
	Size float64
}

// poisson reports whether counts are Poisson.
func (c InControl) poisson() bool { return c.Size == 0 || math.IsInf(c.Size, 1) }

// size is the size as a number: +Inf for Poisson.
func (c InControl) size() float64 {
	if c.poisson() {
		return math.Inf(1)
	}
	return c.Size
}

func (c InControl) check(series []float64) error {
	if err := checkCounts(series); err != nil {
		return err
	}
	if len(c.Mean) != len(series) {
		return stats.ErrLength
	}
	return c.checkMean()
}

func (c InControl) checkMean() error {
	if err := stats.Counts(c.Mean); err != nil {
		return err
	}
	for _, m := range c.Mean {
		if m < 1/extreme || m > mostCases {
			return fmt.Errorf("an in-control mean is over zero (1e-30) and at most 1e15: %w", stats.ErrOption)
		}
	}
	if !c.poisson() && !(c.Size >= 1/extreme) {
		return fmt.Errorf("the size of the negative binomial is over zero (1e-30): %w", stats.ErrOption)
	}
	return nil
}

// logRatio is the logarithm of the likelihood ratio of one count for a mean
// multiplied by exp(theta).
func logRatio(y, mean, size, theta float64) float64 {
	ratio := math.Exp(theta)
	if math.IsInf(size, 1) {
		return y*theta - (ratio-1)*mean
	}
	return y*theta - (y+size)*math.Log((size+ratio*mean)/(size+mean))
}

// chartAll runs a chart over many series, each with its own in-control
// distribution, on all cores.
func chartAll[S any](series [][]float64, in []InControl, scratch func() S,
	one func(s S, y []float64, c InControl) ([]ChartPoint, error),
) ([][]ChartPoint, error) {
	if len(in) != len(series) {
		return nil, stats.ErrLength
	}
	return each(series, scratch, func(s S, i int) ([]ChartPoint, error) {
		if err := in[i].check(series[i]); err != nil {
			return nil, err
		}
		return one(s, series[i], in[i])
	})
}
