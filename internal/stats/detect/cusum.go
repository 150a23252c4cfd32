package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Deviation is what a cumulative sum adds up.
type Deviation uint8

// The deviations.
const (
	// LikelihoodRatio is the logarithm of the likelihood ratio of a mean Ratio
	// times as high: the quickest of all charts to find that change (Moustakides
	// 1986; Höhle and Paul 2008).
	LikelihoodRatio Deviation = iota
	// Standard is (count − mean) / standard deviation, less K.
	Standard
	// Rossi is Standard with the skewness of a Poisson count taken out (Rossi,
	// Lampugnani and Marchi 1999), less K. It is for Poisson counts.
	Rossi
	// Plain is count − mean, less K.
	Plain
)

// CUSUMOptions sets a cumulative sum chart.
type CUSUMOptions struct {
	// Deviation is what is added up.
	Deviation Deviation
	// Ratio is the change of the mean looked for, for LikelihoodRatio: over one
	// for rises, under one for falls; from 1e-6 to 1e6, default 1.5.
	Ratio float64
	// K is the reference value of the other deviations; default 1.04.
	K float64
	// H is the threshold; default 5 for LikelihoodRatio, 2.26 otherwise. Threshold
	// finds the one for a wanted run length.
	H float64
	// Carry goes on after an alarm, so that alarms last until the sum falls below
	// the threshold. Otherwise the sum starts anew.
	Carry bool
	// From and To are the first time point charted and the one after the last;
	// default all.
	From, To int
}

func (o CUSUMOptions) fill() (CUSUMOptions, error) {
	standard(&o.Ratio, 1.5)
	standard(&o.K, 1.04)
	h := 2.26
	if o.Deviation == LikelihoodRatio {
		h = 5
	}
	standard(&o.H, h)
	switch {
	case o.Deviation > Plain:
		return o, fmt.Errorf("there is no such deviation: %w", stats.ErrOption)
	case !(o.Ratio >= 1e-6 && o.Ratio <= 1e6) || math.Abs(o.Ratio-1) < 1e-6:
		return o, fmt.Errorf("the change looked for is a factor between 1e-6 and 1e6 that is not one: %w", stats.ErrOption)
	case !(o.H > 0) || math.IsInf(o.H, 1) || math.IsNaN(o.K) || math.IsInf(o.K, 0):
		return o, fmt.Errorf("the threshold is over zero: %w", stats.ErrOption)
	}
	return o, nil
}

// CUSUM charts a series: the sum of deviations from the in-control mean, never
// below zero, with an alarm when it reaches the threshold
// (docs/methods/cusum.md). Since is the time point after the last at which the
// sum was zero. It returns stats.ErrLength (in-control mean), stats.ErrOption,
// stats.ErrEmpty, stats.ErrNegative or stats.ErrMissing (infinite).
func CUSUM(series []float64, in InControl, o CUSUMOptions) ([]ChartPoint, error) {
	all, err := CUSUMAll([][]float64{series}, []InControl{in}, o)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// CUSUMAll is CUSUM for many series at once, on all cores.
func CUSUMAll(series [][]float64, in []InControl, o CUSUMOptions) ([][]ChartPoint, error) {
	o, err := o.fill()
	if err != nil {
		return nil, err
	}
	none := func() struct{} { return struct{}{} }
	return chartAll(series, in, none, func(_ struct{}, y []float64, c InControl) ([]ChartPoint, error) {
		from, to, err := span(len(y), o.From, o.To, 0)
		if err != nil {
			return nil, err
		}
		return o.run(y, c, from, to), nil
	})
}

func (o *CUSUMOptions) run(y []float64, c InControl, from, to int) []ChartPoint {
	out := make([]ChartPoint, to-from)
	sum, since, size, theta := 0.0, from, c.size(), math.Log(o.Ratio)
	for i := range out {
		at := from + i
		p := &out[i]
		*p = ChartPoint{At: at, Observed: y[at], Expected: c.Mean[at], Since: -1, Ratio: math.NaN()}
		p.Needed = o.needed(c.Mean[at], size, o.H-sum)
		if !math.IsNaN(y[at]) {
			if sum == 0 {
				since = at
			}
			sum = max(0, sum+o.deviation(y[at], c.Mean[at], size, theta))
			p.Alarm = sum >= o.H
		}
		p.Statistic = sum
		if sum > 0 {
			p.Since = since
		}
		if p.Alarm && !o.Carry {
			sum = 0
		}
	}
	return out
}

// deviation is what one count adds to the sum.
func (o *CUSUMOptions) deviation(y, mean, size, theta float64) float64 {
	switch o.Deviation {
	case Standard:
		return (y-mean)/math.Sqrt(mean+mean*mean/size) - o.K
	case Rossi:
		return (y-3*mean+2*math.Sqrt(y*mean))/(2*math.Sqrt(mean)) - o.K
	case Plain:
		return y - mean - o.K
	default:
		return logRatio(y, mean, size, theta)
	}
}

// needed is the count that adds so much to the sum.
func (o *CUSUMOptions) needed(mean, size, rest float64) float64 {
	switch o.Deviation {
	case Standard:
		return mean + math.Sqrt(mean+mean*mean/size)*(rest+o.K)
	case Rossi:
		root := math.Sqrt(mean)
		under := 4*mean + 2*root*(rest+o.K)
		if under < mean {
			return 0
		}
		u := math.Sqrt(under) - root
		return u * u
	case Plain:
		return mean + rest + o.K
	}
	theta := math.Log(o.Ratio)
	if math.IsInf(size, 1) {
		return (rest + (o.Ratio-1)*mean) / theta
	}
	spread := math.Log((size + o.Ratio*mean) / (size + mean))
	return (rest + size*spread) / (theta - spread)
}
