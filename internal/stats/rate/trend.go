package rate

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// Direction is which way a series goes, by the rule of Fingertips.
type Direction int

// The four marks of Fingertips.
const (
	CannotBeCalculated Direction = iota
	Decreasing
	NoChange
	Increasing
)

// String returns the words that Fingertips shows.
func (d Direction) String() string {
	return [...]string{"cannot be calculated", "decreasing", "no significant change", "increasing"}[d]
}

// Trend is a trend marker and what it rests on.
type Trend struct {
	Direction  Direction
	Slope      float64 // per step of the series
	ChiSquared float64 // (slope / its standard error)²
	Agree      bool    // the slope has one sign whichever single point is left out
}

const (
	trendPoints = 5
	// trendLimit is the chi-squared value with one degree of freedom that chance
	// passes once in five hundred times (99.8%), as Fingertips writes it.
	trendLimit = 9.54953570608324
)

// TrendMarker returns the trend marker of Fingertips (Department of Health and
// Social Care) for a series in the order of time, each value with its 95%
// interval. A line is fitted to the last five valid points, evenly spaced,
// weighted by 1/((high − low)/3.92)²; the series rises or falls if (slope /
// standard error)² is over 9.5495 (99.8%) and the slope keeps its sign whichever
// single point is left out.
//
// A point is valid if its value and interval are numbers and the interval has
// some width; others are passed over, as Fingertips passes over missing ones.
// With fewer than five valid points the marker is CannotBeCalculated. The error
// is ErrLength if the lists differ in length.
func TrendMarker(values []float64, intervals []Interval) (Trend, error) {
	if len(values) != len(intervals) {
		return Trend{}, stats.ErrLength
	}
	var y, w []float64
	for i := len(values) - 1; i >= 0 && len(y) < trendPoints; i-- {
		se := (intervals[i].High - intervals[i].Low) / 3.92
		if weight := 1 / (se * se); se > 0 && weight > 0 && stats.Finite([]float64{values[i], weight}) == nil {
			y, w = append(y, values[i]), append(w, weight)
		}
	}
	if len(y) < trendPoints {
		return Trend{}, nil
	}
	slices.Reverse(y)
	slices.Reverse(w)
	most := slices.Max(w)
	for i := range w {
		w[i] /= most // so that no sum overflows
	}
	t, information := fitTrend(y, w)
	t.ChiSquared = t.Slope * t.Slope * information * most
	t.Direction = trendDirection(t)
	return t, nil
}

// fitTrend returns the slope, and whether its sign holds without each point.
func fitTrend(y, w []float64) (t Trend, information float64) {
	t = Trend{Direction: NoChange, Agree: true}
	t.Slope, information = trendLine(y, w, -1)
	for leave := range y {
		one, _ := trendLine(y, w, leave)
		t.Agree = t.Agree && one < 0 == (t.Slope < 0)
	}
	return t, information
}

func trendDirection(t Trend) Direction {
	switch {
	case !t.Agree || !(t.ChiSquared > trendLimit):
		return NoChange
	case t.Slope < 0:
		return Decreasing
	}
	return Increasing
}

// trendLine returns the slope of the weighted line through all points but one,
// and one over the variance of the slope.
func trendLine(y, w []float64, leave int) (slope, information float64) {
	var sum, x, mean float64
	for i := range y {
		if i != leave {
			sum += w[i]
			x += w[i] * float64(i)
			mean += w[i] * y[i]
		}
	}
	x, mean = x/sum, mean/sum
	var cross float64
	for i := range y {
		if i != leave {
			d := float64(i) - x
			information += w[i] * d * d
			cross += w[i] * d * (y[i] - mean)
		}
	}
	if information == 0 { // one point outweighs the others beyond what a number holds
		return 0, 0
	}
	return cross / information, information
}

// TrendOfShares returns the trend marker of Fingertips for counts out of
// numbers, in the order of time, which it uses where a proportion is compared
// by control limits: the chi-squared test for a trend of the last five (Cochran
// 1954; Armitage 1955) over the same limit, and the slope of the log-odds with
// one sign whichever point is left out. Points without a number, or with none
// or all of it counted, have no log-odds and are passed over. The error is
// ErrLength if the lists differ in length.
func TrendOfShares(counts, numbers []float64) (Trend, error) {
	if len(counts) != len(numbers) {
		return Trend{}, stats.ErrLength
	}
	var c, n, y, w []float64
	for i := len(counts) - 1; i >= 0 && len(c) < trendPoints; i-- {
		if !(counts[i] > 0 && counts[i] < numbers[i]) || math.IsInf(numbers[i], 1) {
			continue
		}
		if odds := math.Log(counts[i]) - math.Log(numbers[i]-counts[i]); !math.IsInf(odds, 0) {
			c, n = append(c, counts[i]), append(n, numbers[i])
			y, w = append(y, odds), append(w, 1)
		}
	}
	if len(c) < trendPoints {
		return Trend{}, nil
	}
	for _, list := range [][]float64{c, n, y} {
		slices.Reverse(list)
	}
	t, _ := fitTrend(y, w)
	t.ChiSquared = armitage(c, n)
	t.Direction = trendDirection(t)
	return t, nil
}

// armitage is the chi-squared statistic of a trend in shares.
func armitage(c, n []float64) float64 {
	var events, people, x float64
	for i := range c {
		events += c[i]
		people += n[i]
		x += n[i] * float64(i)
	}
	share := events / people
	x /= people
	var cross, spread float64
	for i := range c {
		d := float64(i) - x
		cross += d * (c[i] - n[i]*share)
		spread += n[i] * d * d
	}
	return cross * cross / (spread * share * (1 - share))
}
