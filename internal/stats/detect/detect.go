// Package detect finds counts that are higher (or lower) than the past of the
// same series makes likely: Farrington's method, original and flexible, the EARS
// rules C1 to C3, cumulative sums and generalised likelihood ratios for Poisson
// and negative binomial counts. It handles thousands of series at once, keeps
// the share of false alarms among all of them, and allows for months that are
// not yet fully reported.
//
// A series is one count for each time point, oldest first, at equal steps: a
// month or a week each. NaN is a time point without a figure. Functions are
// pure; a simulation takes a seed, and results do not depend on the number of
// cores.
package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Verdict is what came of evaluating one time point of a series.
type Verdict uint8

// The verdicts.
const (
	// Usual is a count within its bounds.
	Usual Verdict = iota
	// High is a count above its upper bound: an alarm.
	High
	// Low is a count below its lower bound: an alarm, where those were asked for.
	Low
	// FewCases is no verdict, because too few cases were counted lately for an
	// alarm to mean anything (Farrington's "five in four weeks"). The figures
	// are given.
	FewCases
	// NoHistory is no evaluation, because the series does not go back far enough
	// or too much of its past is missing.
	NoHistory
	// NoCount is no evaluation, because the count itself is missing.
	NoCount
	// TooFresh is no evaluation, because so little of the count is reported yet
	// that it would say nothing.
	TooFresh
)

// String returns the verdict in a word or two.
func (v Verdict) String() string {
	names := [...]string{"usual", "high", "low", "few cases", "not enough history", "no count", "too fresh"}
	if int(v) < len(names) {
		return names[v]
	}
	return "unknown"
}

// Evaluation is one time point of one series against what its past made likely.
// Figures that were not worked out are NaN.
type Evaluation struct {
	At       int     // index of the time point in its series
	Observed float64 // the count
	Expected float64 // the count expected
	Lower    float64 // counts below this are low; zero where only high counts are looked for
	Upper    float64 // counts above this are high; +Inf where only low counts are looked for
	// P is the probability, were nothing unusual, of a count as high as this or
	// higher; or as low or lower, or twice the smaller of both, when low counts,
	// or both kinds, are looked for.
	P float64
	// Score is (Observed − Expected) / (Upper − Expected): over one is high.
	// Where low counts alone are looked for it is the same with Lower.
	Score      float64
	Dispersion float64 // variance over mean, one for Poisson
	Trend      bool    // whether the model kept a trend
	Slope      float64 // change of the logarithm of the expected count a time point; zero without trend
	Verdict    Verdict
}

// Alarm reports whether the verdict is High or Low.
func (e Evaluation) Alarm() bool { return e.Verdict == High || e.Verdict == Low }

// Evaluated reports whether the time point could be evaluated, so that P is a
// probability.
func (e Evaluation) Evaluated() bool { return e.Verdict <= FewCases }

// Side is which counts are looked for.
type Side uint8

// The sides.
const (
	Above Side = iota // counts that are too high
	Below             // counts that are too low
	Both              // both, each with half the rate of false alarms
)

// None asks for zero where zero stands for the default.
const None = -1

// blank is an evaluation without figures.
func blank(at int, observed float64, v Verdict) Evaluation {
	nan := math.NaN()
	return Evaluation{
		At: at, Observed: observed, Expected: nan, Lower: nan, Upper: nan, P: nan,
		Score: nan, Dispersion: nan, Slope: nan, Verdict: v,
	}
}

// judge sets the score and the verdict of an evaluation that has its bounds.
func (e *Evaluation) judge(side Side, enough bool) {
	bound := e.Upper
	if side == Below {
		bound = e.Lower
	}
	e.Score = score(e.Observed-e.Expected, bound-e.Expected, side == Below)
	switch {
	case !enough:
		e.Verdict = FewCases
	case e.Observed > e.Upper:
		e.Verdict = High
	case e.Observed < e.Lower:
		e.Verdict = Low
	default:
		e.Verdict = Usual
	}
}

// score is the distance from the expected count in units of that of the bound.
// A bound on the wrong side of the expected count (the quantile of a very small
// mean is zero) is no unit: what lies beyond is infinitely far.
func score(distance, unit float64, below bool) float64 {
	if below {
		distance, unit = -distance, -unit
	}
	if unit > 0 {
		return distance / unit
	}
	if distance > 0 {
		return math.Inf(1)
	}
	return 0
}

// tails gives the p-value for the side asked for from the two tails.
func tails(side Side, atLeast, atMost float64) float64 {
	switch side {
	case Below:
		return atMost
	case Both:
		return min(1, 2*min(atLeast, atMost))
	default:
		return atLeast
	}
}

// each evaluates all series, on all cores, with scratch space for each worker.
func each[S any, R any](series [][]float64, scratch func() S, one func(s S, i int) (R, error)) ([]R, error) {
	out, errs := make([]R, len(series)), make([]error, len(series))
	spaces := make([]S, stats.Workers())
	for i := range spaces {
		spaces[i] = scratch()
	}
	stats.Parallel(len(series), func(worker, i int) { out[i], errs[i] = one(spaces[worker], i) })
	for i, err := range errs {
		switch {
		case err == nil:
		case len(series) == 1:
			return nil, err
		default:
			return nil, fmt.Errorf("series %d: %w", i, err)
		}
	}
	return out, nil
}

// sizeOf returns the size of the negative binomial with that mean and that
// ratio of variance to mean; infinite, so Poisson, at one and below.
func sizeOf(mean, dispersion float64) float64 {
	if dispersion <= 1 {
		return math.Inf(1)
	}
	return mean / (dispersion - 1)
}

// large is the mean from which counts are taken as normal: the exact quantile
// would have to tell apart counts that a float64 cannot.
const large = 1e12

// upperCount is the smallest count exceeded with probability alpha or less.
func upperCount(alpha, mean, dispersion float64) float64 {
	switch {
	case mean <= 0:
		return 0
	case mean >= large:
		return mean - dist.NormalQuantile(alpha)*math.Sqrt(mean*dispersion)
	}
	return dist.NegBinTailQuantile(alpha, mean, sizeOf(mean, dispersion))
}

// lowerCount is the smallest count not exceeded with probability alpha or more.
func lowerCount(alpha, mean, dispersion float64) float64 {
	switch {
	case mean <= 0:
		return 0
	case mean >= large:
		return max(0, mean+dist.NormalQuantile(alpha)*math.Sqrt(mean*dispersion))
	}
	return dist.NegBinQuantile(alpha, mean, sizeOf(mean, dispersion))
}

// countTails returns the probabilities of the count or more, and of the count
// or fewer.
func countTails(count, mean, dispersion float64) (atLeast, atMost float64) {
	switch {
	case mean <= 0 && count > 0:
		return 0, 1
	case mean <= 0:
		return 1, 1
	case math.IsInf(mean, 1):
		return 1, 0
	case mean >= large:
		z := (count - mean) / math.Sqrt(mean*dispersion)
		return dist.NormalTail(z), dist.NormalCDF(z)
	}
	size := sizeOf(mean, dispersion)
	return dist.NegBinTail(math.Ceil(count)-1, mean, size), dist.NegBinCDF(count, mean, size)
}
