package trend

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// CRPSNegBin is the continuous ranked probability score of y under a negative
// binomial distribution of that mean and size (+Inf is Poisson).
func CRPSNegBin(y, mean, size float64) (float64, error) {
	d, err := NegBin(mean, size)
	if err != nil {
		return 0, err
	}
	return d.CRPS(y), stats.Finite([]float64{y})
}

// CRPSNormal is the score of y under a normal distribution (Gneiting and others
// 2005); an sd of zero gives the absolute error.
func CRPSNormal(y, mean, sd float64) float64 {
	if sd == 0 {
		return math.Abs(y - mean)
	}
	z := (y - mean) / sd
	return sd * (z*(1-2*dist.NormalTail(z)) + 2*dist.NormalPDF(z) - 1/math.Sqrt(math.Pi))
}

// CRPSSample is the score of y under the distribution that gives each of the
// draws the same chance: mean |x − y| less half the mean |x − x′|. The draws are
// not changed.
func CRPSSample(y float64, draws []float64) (float64, error) {
	if err := checkValues(draws); err != nil {
		return 0, err
	}
	sorted := slices.Clone(draws)
	slices.Sort(sorted)
	n := float64(len(sorted))
	near, apart := 0.0, 0.0
	for i, x := range sorted {
		near += math.Abs(x - y)
		apart += x * (2*float64(i) + 1 - n)
	}
	return near/n - apart/(n*n), stats.Finite([]float64{y})
}

// IntervalScore is that of one predictive interval of a level: its width, and
// 2/(1 − level) times what y lies outside it. Less is better (Gneiting and Raftery
// 2007, section 6.2).
func IntervalScore(y float64, i stats.Interval, level float64) float64 {
	return i.High - i.Low + 2/(1-level)*(max(i.Low-y, 0)+max(y-i.High, 0))
}

// Coverage is the share of values that lie in their intervals, ends included.
func Coverage(y []float64, intervals []stats.Interval) (float64, error) {
	if len(y) != len(intervals) {
		return 0, stats.ErrLength
	}
	if err := checkValues(y); err != nil {
		return 0, err
	}
	in := 0
	for i, v := range y {
		if intervals[i].Has(v) {
			in++
		}
	}
	return float64(in) / float64(len(y)), nil
}

// MASE is the mean absolute scaled error (Hyndman and Koehler 2006): the mean
// absolute error of the forecasts divided by that of the seasonal-naive forecast
// within the history (period 1: the naive one). A history that repeats itself
// exactly has no scale: stats.ErrConstant.
func MASE(actual, forecast, history []float64, period int) (float64, error) {
	if len(actual) != len(forecast) {
		return 0, stats.ErrLength
	}
	if err := checkValues(actual); err != nil {
		return 0, err
	}
	if err := stats.Finite(forecast); err != nil {
		return 0, err
	}
	scale, err := scaling(history, period)
	if err != nil {
		return 0, err
	}
	total := 0.0
	for i, v := range actual {
		total += math.Abs(v - forecast[i])
	}
	return total / float64(len(actual)) / scale, nil
}

// scaling is the mean absolute change over a period.
func scaling(history []float64, period int) (float64, error) {
	if err := checkValues(history); err != nil {
		return 0, err
	}
	if period < 1 {
		return 0, stats.ErrOption
	}
	if len(history) <= period {
		return 0, fmt.Errorf("%d steps for a period of %d: %w", len(history), period, stats.ErrTooFew)
	}
	total := 0.0
	for i := period; i < len(history); i++ {
		total += math.Abs(history[i] - history[i-period])
	}
	if total == 0 {
		return 0, stats.ErrConstant
	}
	return total / float64(len(history)-period), nil
}

// Skill is what a score saves of another's: 1 − score/reference. One is perfect,
// zero no better, negative worse; 0 when both are zero, −Inf when the reference
// alone is.
func Skill(score, reference float64) float64 {
	if score == reference {
		return 0
	}
	return 1 - score/reference
}

// Test is a statistic with its p-value.
type Test struct {
	// Statistic is on the scale the test says, DF its degrees of freedom if it has any.
	Statistic, DF float64
	// P is two-sided unless the test says otherwise.
	P float64
}

// DieboldMariano tests whether two forecasts of the same values, so many steps
// ahead, lose alike: negative when the first loses less. Small-sample form of
// Harvey, Leybourne and Newbold (1997), on Student's t with n − 1 degrees of
// freedom. Losses that never differ are stats.ErrConstant. When the variance of
// an average of overlapping errors comes out negative, that of independent ones
// is used.
func DieboldMariano(first, second []float64, ahead int) (Test, error) {
	n := len(first)
	switch {
	case n != len(second):
		return Test{}, stats.ErrLength
	case ahead < 1:
		return Test{}, stats.ErrOption
	case n < 2 || ahead >= n:
		return Test{}, stats.ErrTooFew
	}
	for _, list := range [][]float64{first, second} {
		if err := checkValues(list); err != nil {
			return Test{}, err
		}
	}
	d := make([]float64, n)
	for i := range d {
		d[i] = first[i] - second[i]
	}
	level := mean(d)
	for i := range d {
		d[i] -= level
	}
	none := dot(d, d) / float64(n)
	if none == 0 {
		return Test{}, stats.ErrConstant
	}
	long := none
	for lag := 1; lag < ahead; lag++ {
		long += 2 * dot(d[lag:], d[:n-lag]) / float64(n)
	}
	if long <= 0 {
		long, ahead = none, 1
	}
	h, size := float64(ahead), float64(n)
	t := Test{DF: size - 1}
	t.Statistic = level / math.Sqrt(long/size) * math.Sqrt((size+1-2*h+h*(h-1)/size)/size)
	t.P = 2 * dist.StudentTail(math.Abs(t.Statistic), t.DF)
	return t, nil
}
