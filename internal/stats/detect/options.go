package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Bound is how the bounds follow from the fitted model.
type Bound uint8

// The bounds.
const (
	// Plugin takes quantiles of the negative binomial with the expected count
	// and the dispersion as estimated (Noufaily et al. 2013).
	Plugin Bound = iota
	// Delta takes normal quantiles of a power of the count, with the error of
	// the estimate by the delta rule (Farrington et al. 1996).
	Delta
	// Muan takes the quantile of the expected count first, and that of the
	// negative binomial about it (Salmon et al. 2016): the widest.
	Muan
	// Predictive takes quantiles of a negative binomial whose variance is that
	// of the count and that of the estimate together, with tails as heavy as the
	// estimate of the dispersion asks for. It keeps nearest to the rate of false
	// alarms asked for, above all for short baselines and small counts.
	Predictive
)

// Power is the power to which Delta raises counts.
type Power uint8

// The powers.
const (
	TwoThirds Power = iota // makes counts about symmetric
	Half                   // makes their variance about constant
	One                    // leaves them
)

// exponent of the power.
func (p Power) exponent() float64 { return [...]float64{2.0 / 3, 0.5, 1}[p] }

// FlexibleOptions sets the flexible Farrington method. The zero value is the
// method with the settings that Noufaily et al. (2013) recommend, for months;
// set Period to 52 for weeks.
type FlexibleOptions struct {
	// Period is the number of time points in a year: 12 for months (the
	// default), 52 for weeks or 365.25/7 to keep weeks in step with the calendar.
	Period float64
	// Years is how many years back the baseline goes; default 5.
	Years int
	// HalfWindow is how many time points either side of the same time of the
	// year are like it; default 3 for periods of 26 and more, else 1; None for 0.
	HalfWindow int
	// Parts is the number of parts of the year with levels of their own, that of
	// the window included; default 10. 1 is a baseline of windows only, as in the
	// original method.
	Parts int
	// Gap is how many time points before the one evaluated are left out, so that
	// an outbreak under way does not hide itself; default half a year; None for 0.
	Gap int
	// WeightAbove is the standardised Anscombe residual above which a past count
	// is weighted down as an outbreak; default 2.58, 1 in the original method.
	WeightAbove float64
	// EqualWeights turns the weighting off.
	EqualWeights bool
	// TrendBelow is the p-value below which a trend is kept; default 1, so
	// always; 0.05 in the original method. A trend also needs three years, and a
	// prediction no higher than the highest count of the baseline (with Exposure
	// or Reported: the highest rate).
	TrendBelow float64
	// NoTrend leaves the trend out.
	NoTrend bool
	// Alpha is the rate of false alarms; default 0.005.
	Alpha float64
	// Bound is how the bounds are made; default Plugin.
	Bound Bound
	// Power is for the bound Delta.
	Power Power
	// Sides is which counts are looked for; default Above.
	Sides Side
	// MinCases in the last RecentPoints time points, the one evaluated included,
	// are needed for an alarm; default 5 in 4, as Farrington et al. (1996,
	// section 3.8); None for 0.
	MinCases, RecentPoints int
	// Exposure is the population, or another measure of what could give rise to
	// cases, at each time point: as long as the series. Expected counts are
	// proportional to it. nil is a constant one. Time points of exposure zero are
	// left out; otherwise it is between 1e-30 and 1e30.
	Exposure []float64
	// Reported is the share of the cases of each time point that is known by now
	// (Completeness gives it): as long as the series; nil is all. A count is held
	// against that share of what is expected.
	Reported []float64
	// ReportedSE is the standard errors of Reported, which widen the bounds of
	// Delta, Muan and Predictive; nil is none. It needs Reported.
	ReportedSE []float64
	// MinReported is the share reported below which a time point is not
	// evaluated but marked TooFresh; default 0.3.
	MinReported float64
	// From and To are the first time point evaluated and the one after the last;
	// default all that have enough history.
	From, To int
	// PeerErrors scales the standard errors of trend and prediction as R's
	// surveillance 1.20.3 does, for comparing with its results. See
	// docs/divergences.md; leave it false otherwise.
	PeerErrors bool

	classic bool // whether the peer is its original method
}

// fill puts in the defaults and checks the ranges.
func (o FlexibleOptions) fill() (FlexibleOptions, error) {
	standard(&o.Period, 12)
	whole(&o.Years, 5)
	near := 1
	if o.Period >= 26 {
		near = 3
	}
	whole(&o.HalfWindow, near)
	whole(&o.Parts, 10)
	whole(&o.Gap, int(o.Period/2))
	whole(&o.MinCases, 5)
	whole(&o.RecentPoints, 4)
	standard(&o.WeightAbove, 2.58)
	standard(&o.TrendBelow, 1)
	standard(&o.Alpha, 0.005)
	standard(&o.MinReported, 0.3)
	switch {
	case !(o.Period >= 1) || o.Years < 1 || !(float64(o.Years)*o.Period <= mostHistory):
		return o, fmt.Errorf("a year has a time point or more, and a baseline a year to 100,000 time points: %w", stats.ErrOption)
	case o.HalfWindow < 0 || o.Gap < 0 || o.Parts < 1 || o.MinCases < 0 || o.RecentPoints < 0:
		return o, fmt.Errorf("windows, gaps and numbers of cases are not negative: %w", stats.ErrOption)
	case !(o.Alpha > 0 && o.Alpha <= 0.5) || !(o.TrendBelow > 0) || !(o.WeightAbove > 0):
		return o, fmt.Errorf("the rate of false alarms is over 0 and at most 0.5; thresholds are over 0: %w", stats.ErrOption)
	case !(o.MinReported > 0 && o.MinReported <= 1):
		return o, fmt.Errorf("the least share reported is over 0 and at most 1: %w", stats.ErrOption)
	case o.ReportedSE != nil && o.Reported == nil:
		return o, fmt.Errorf("standard errors of the share reported need the share: %w", stats.ErrOption)
	case o.Bound > Predictive || o.Power > One || o.Sides > Both:
		return o, fmt.Errorf("there is no such bound, power or side: %w", stats.ErrOption)
	}
	return o, nil
}

// standard puts in a default.
func standard(v *float64, otherwise float64) {
	if *v == 0 {
		*v = otherwise
	}
}

// whole puts in a default, or zero where None asks for it.
func whole(v *int, otherwise int) {
	switch *v {
	case 0:
		*v = otherwise
	case None:
		*v = 0
	}
}

// Limits that no use of the methods comes near, but without which odd input
// would run for ever, out of memory or out of the range of a float64.
const (
	mostHistory = 100_000 // time points of a baseline: daily counts of 270 years
	mostCases   = 1e15    // of a count: those above cannot be told from the next one
	extreme     = 1e30    // the highest of exposures, and one over the least of any figure above zero
)

// check says whether exposure and shares reported fit a series.
func (o *FlexibleOptions) check(series []float64) error {
	for _, list := range [][]float64{o.Exposure, o.Reported, o.ReportedSE} {
		if list == nil {
			continue
		}
		if len(list) != len(series) {
			return stats.ErrLength
		}
		if err := stats.Counts(list); err != nil {
			return err
		}
	}
	for _, e := range o.Exposure {
		if outOfRange(e, extreme) {
			return fmt.Errorf("an exposure is zero or between 1e-30 and 1e30: %w", stats.ErrOption)
		}
	}
	for _, list := range [][]float64{o.Reported, o.ReportedSE} {
		for _, share := range list {
			if outOfRange(share, 1) {
				return fmt.Errorf("a share reported and its standard error are at most 1: %w", stats.ErrOption)
			}
		}
	}
	return checkCounts(series)
}

// outOfRange reports whether a figure is over a limit, or so near to zero that
// it might as well be.
func outOfRange(v, limit float64) bool { return v > limit || v > 0 && v < 1/extreme }

// checkCounts accepts counts, zero or from 1e-30 to 1e15, and gaps (NaN).
func checkCounts(series []float64) error {
	if len(series) == 0 {
		return stats.ErrEmpty
	}
	for _, v := range series {
		if v < 0 {
			return stats.ErrNegative
		}
		if math.IsInf(v, 1) {
			return stats.ErrMissing
		}
		if outOfRange(v, mostCases) {
			return fmt.Errorf("a count is zero or between 1e-30 and 1e15: %w", stats.ErrOption)
		}
	}
	return nil
}
