package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Rule is one of the three rules of the Early Aberration Reporting System.
type Rule uint8

// The rules.
const (
	C1 Rule = iota // the baseline ends just before the time point
	C2             // the baseline ends two time points earlier
	C3             // C2 of the time point and the two before, together
)

// lag is how many time points lie between baseline and time point.
func (r Rule) lag() int {
	if r == C1 {
		return 0
	}
	return 2
}

// EARSOptions sets the EARS rules. The zero value is C1 as the United States'
// public health agency uses it.
type EARSOptions struct {
	// Rule is C1, C2 or C3.
	Rule Rule
	// Baseline is the number of time points of the baseline; default 7.
	Baseline int
	// MinSigma is the least standard deviation reckoned with: 0.5 or 1 is advised
	// for sparse counts, where a baseline of equal counts would have none.
	MinSigma float64
	// Alpha is the nominal rate of false alarms; default 0.001, and 0.025 for C3.
	Alpha float64
	// Student takes the t-distribution with the error of the baseline's mean in
	// it, where EARS takes the normal: for C1 and C2, so that normal counts keep
	// the rate.
	Student bool
	// From and To are the first time point evaluated and the one after the last;
	// default all that have enough history.
	From, To int
}

func (o EARSOptions) fill() (EARSOptions, error) {
	whole(&o.Baseline, 7)
	rate := 0.001
	if o.Rule == C3 {
		rate = 0.025
	}
	standard(&o.Alpha, rate)
	switch {
	case o.Rule > C3 || o.Rule == C3 && o.Student:
		return o, fmt.Errorf("the rules are C1, C2 and C3; C3 has no form with Student's t: %w", stats.ErrOption)
	case o.Baseline < 2 || o.Baseline > mostHistory:
		return o, fmt.Errorf("a baseline has 2 to 100,000 time points: %w", stats.ErrOption)
	case !(o.MinSigma >= 0 && o.MinSigma <= mostCases) || !(o.Alpha > 0 && o.Alpha <= 0.5):
		return o, fmt.Errorf("the least deviation is not negative; the rate of false alarms is over 0 and at most 0.5: %w", stats.ErrOption)
	}
	return o, nil
}

// EARS evaluates a series by one of the EARS rules (Fricker, Hegler and Dunfee
// 2008; docs/methods/ears.md): an alarm is a count above the mean of the
// baseline by more than z standard deviations of it. A baseline with a missing
// count is not enough history. Expected is the mean, Dispersion the variance
// over the mean. It returns stats.ErrOption, stats.ErrEmpty, stats.ErrNegative,
// stats.ErrMissing (infinite) or stats.ErrTooFew (nothing to evaluate).
func EARS(series []float64, o EARSOptions) ([]Evaluation, error) {
	all, err := EARSAll([][]float64{series}, o)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// EARSAll is EARS for many series at once, on all cores.
func EARSAll(series [][]float64, o EARSOptions) ([][]Evaluation, error) {
	o, err := o.fill()
	if err != nil {
		return nil, err
	}
	e := ears{EARSOptions: o, z: -dist.NormalQuantile(o.Alpha)}
	if o.Student {
		n := float64(o.Baseline)
		e.widen = math.Sqrt(1 + 1/n)
		e.z = -dist.StudentQuantile(o.Alpha, n-1) * e.widen
	}
	none := func() struct{} { return struct{}{} }
	return each(series, none, func(_ struct{}, i int) ([]Evaluation, error) { return e.run(series[i]) })
}

type ears struct {
	EARSOptions
	z, widen float64
}

func (o *ears) run(series []float64) ([]Evaluation, error) {
	if err := checkCounts(series); err != nil {
		return nil, err
	}
	history := o.Baseline + o.Rule.lag()
	if o.Rule == C3 {
		history += 2
	}
	from, to, err := span(len(series), o.From, o.To, history)
	if err != nil {
		return nil, err
	}
	out := make([]Evaluation, to-from)
	var before [2]float64 // C3: the excesses of the two time points before
	if o.Rule == C3 {
		before = [2]float64{o.excess(series, from-2), o.excess(series, from-1)}
	}
	for i := range out {
		excess := o.evaluate(&out[i], series, from+i, before[0]+before[1])
		before[0], before[1] = before[1], excess
	}
	return out, nil
}

// evaluate holds one count against its baseline and returns its excess. carried
// is the excess of earlier time points that C3 adds, NaN if it is not known.
func (o *ears) evaluate(e *Evaluation, series []float64, at int, carried float64) (excess float64) {
	y := series[at]
	mean, sigma := o.baseline(series, at)
	if math.IsNaN(mean) || o.Rule == C3 && math.IsNaN(carried) {
		*e = blank(at, y, NoHistory)
		return o.over(y, mean, sigma)
	}
	if math.IsNaN(y) {
		*e = blank(at, y, NoCount)
		return math.NaN()
	}
	e.At, e.Observed, e.Expected, e.Dispersion = at, y, mean, 1
	if mean > 0 {
		e.Dispersion = sigma * sigma / mean
	}
	statistic := standardise(y-mean, sigma)
	excess = max(0, statistic-1)
	e.Upper = mean + o.z*sigma
	if o.Rule == C3 { // excess + carried is over z when the count is over this
		statistic = excess + carried
		if e.Upper = 0; carried <= o.z {
			e.Upper = mean + (1+o.z-carried)*sigma
		}
	}
	if o.Student {
		e.P = dist.StudentTail(statistic/o.widen, float64(o.Baseline-1))
	} else {
		e.P = dist.NormalTail(statistic)
	}
	e.judge(Above, true)
	return excess
}

// baseline returns mean and standard deviation of the baseline of a time point,
// NaN if it is not all there.
func (o *ears) baseline(series []float64, at int) (mean, sigma float64) {
	end := at - o.Rule.lag()
	if end < o.Baseline {
		return math.NaN(), math.NaN()
	}
	window := series[end-o.Baseline : end]
	sum, squares, n := 0.0, 0.0, float64(o.Baseline)
	for _, v := range window {
		sum += v
	}
	mean = sum / n
	for _, v := range window {
		squares += (v - mean) * (v - mean)
	}
	return mean, max(o.MinSigma, math.Sqrt(squares/(n-1)))
}

// excess is by how much C2 exceeds one at a time point.
func (o *ears) excess(series []float64, at int) float64 {
	if at < 0 {
		return math.NaN()
	}
	mean, sigma := o.baseline(series, at)
	return o.over(series[at], mean, sigma)
}

func (o *ears) over(y, mean, sigma float64) float64 {
	if math.IsNaN(y + mean) {
		return math.NaN()
	}
	return max(0, standardise(y-mean, sigma)-1)
}

// standardise divides by the standard deviation. A baseline of equal counts has
// none: the same count again is as expected, a higher one infinitely unusual.
func standardise(distance, sigma float64) float64 {
	switch {
	case sigma > 0:
		return distance / sigma
	case distance > 0:
		return math.Inf(1)
	case distance < 0:
		return math.Inf(-1)
	}
	return 0
}
