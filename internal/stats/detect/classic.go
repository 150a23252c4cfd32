package detect

import (
	"fmt"

	"openvru/internal/stats"
)

// ClassicOptions sets the original method of Farrington et al. (1996). The zero
// value is the method as published, for months; set Period to 52 for weeks.
type ClassicOptions struct {
	// Period is the number of time points in a year; default 12.
	Period float64
	// Years is how many years back the baseline goes; default 5.
	Years int
	// HalfWindow is how many time points either side of the same time of the
	// year belong to the baseline; default 3 for periods of 26 and more, else 1;
	// None for 0.
	HalfWindow int
	// EqualWeights turns the weighting down of past outbreaks off.
	EqualWeights bool
	// NoTrend leaves the trend out; otherwise it is kept if it is significant at
	// 0.05, the baseline has three years or more, and it predicts no more than
	// the highest count of the baseline.
	NoTrend bool
	// Alpha leaves half of itself beyond each end of the prediction interval;
	// default 0.05.
	Alpha float64
	// Power is the power to which counts are raised.
	Power Power
	// MinCases and RecentPoints are as in FlexibleOptions.
	MinCases, RecentPoints int
	// Exposure is as in FlexibleOptions.
	Exposure []float64
	// From and To are the first time point evaluated and the one after the last;
	// default all that have enough history.
	From, To int
	// PeerErrors is as in FlexibleOptions.
	PeerErrors bool
}

// Classic evaluates a series by the original Farrington method. Only the upper
// end of the prediction interval is looked at; P is the one-sided probability of
// a count as high. Errors are those of Flexible.
func Classic(series []float64, o ClassicOptions) ([]Evaluation, error) {
	all, err := ClassicAll([][]float64{series}, o)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// ClassicAll is Classic for many series at once, on all cores.
func ClassicAll(series [][]float64, o ClassicOptions) ([][]Evaluation, error) {
	if o.Alpha < 0 || o.Alpha > 1 {
		return nil, fmt.Errorf("the rate of false alarms is between 0 and 1: %w", stats.ErrOption)
	}
	f := FlexibleOptions{
		Period: o.Period, Years: o.Years, HalfWindow: o.HalfWindow, Parts: 1, WeightAbove: 1,
		EqualWeights: o.EqualWeights, TrendBelow: 0.05, NoTrend: o.NoTrend, Alpha: o.Alpha / 2, Bound: Delta,
		Power: o.Power, MinCases: o.MinCases, RecentPoints: o.RecentPoints, Exposure: o.Exposure,
		From: o.From, To: o.To, Gap: None, PeerErrors: o.PeerErrors, classic: true,
	}
	standard(&f.Alpha, 0.025)
	return FlexibleAll(series, f)
}
