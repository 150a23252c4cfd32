package effect

import (
	"openvru/internal/stats"
)

// EventOptions are those of EventStudy; the zero value is usable.
type EventOptions struct {
	// Before and After are how many periods before and after the start have a
	// coefficient of their own; what lies further out is in the outermost. 0 is as
	// many as the data hold.
	Before, After int
	// Controls are further columns, as for Linear.
	Controls [][][]float64
}

// Events is the result of EventStudy.
type Events struct {
	Fit
	// Time is the period of each coefficient, counted from the start: −2 is two
	// before, 0 the first treated. −1 is left out: all others are held against it.
	Time []int
	// PreF and PreP are the test that all coefficients before the start are zero:
	// units and their controls went the same way beforehand (Fit.Wald). HasBefore
	// is unset when there are none, or not fewer than clusters: no test then.
	PreF, PreP float64
	HasBefore  bool
}

// EventStudy fits one coefficient for each period before and after the start,
// −1 left out, in Linear's model. Coefficients before the start should be near
// zero if the units would have gone the way of their controls; that they are is
// no proof of it (Roth 2022, American Economic Review: Insights 4:305–322).
// When units start at different times and effects differ between them the
// coefficients are mixtures (Sun and Abraham 2021): use Staggered.
//
// start is the first treated period of each unit, below zero for never. Errors
// are those of Linear; ErrSingular when no unit is untreated and the start is
// the same for all; ErrOption for a number below zero, or no period −1.
func EventStudy(p Panel, start []int, o EventOptions) (Events, error) {
	units, periods, err := p.size()
	if err != nil {
		return Events{}, err
	}
	if err := starts(start, units, periods); err != nil {
		return Events{}, err
	}
	if o.Before < 0 || o.After < 0 {
		return Events{}, stats.ErrOption
	}
	times, columns := eventColumns(start, periods, o)
	if len(times) == 0 {
		return Events{}, stats.ErrOption
	}
	out := Events{Time: times}
	if out.Fit, err = Linear(p, append(columns, o.Controls...)...); err != nil {
		return Events{}, err
	}
	var before []int
	for j, e := range times {
		if e < 0 {
			before = append(before, j)
		}
	}
	if len(before) == 0 || len(before) >= out.Clusters {
		return out, nil
	}
	if out.PreF, out.PreP, err = out.Wald(before...); err == nil {
		out.HasBefore = true
	}
	return out, nil
}

// eventColumns returns the times that occur, but −1, and the column of each.
func eventColumns(start []int, periods int, o EventOptions) (times []int, columns [][][]float64) {
	first, last := 0, -1
	for _, s := range start {
		if s >= 0 {
			first, last = min(first, -s), max(last, periods-1-s)
		}
	}
	if o.Before > 0 {
		first = max(first, -o.Before)
	}
	if o.After > 0 {
		last = min(last, o.After-1)
	}
	for e := first; e <= last; e++ {
		if e == -1 {
			continue
		}
		column := make([][]float64, len(start))
		found := false
		for i, s := range start {
			column[i] = make([]float64, periods)
			for t := range column[i] {
				if s >= 0 && min(max(t-s, first), last) == e {
					column[i][t], found = 1, true
				}
			}
		}
		if found {
			times, columns = append(times, e), append(columns, column)
		}
	}
	return times, columns
}
