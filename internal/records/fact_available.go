package records

import (
	"context"
	"time"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// Availability says which months of a series are known at a place.
type Availability struct {
	Series *Series
	Source ids.Source   // the source that knows most of them
	Range  period.Range // from the first month known to the last
	Months int          // how many of them are known
}

// Available returns the series with any known month at a place, in the order
// of their ids. It is for a service that has checked its own action; the zero
// time is now. Errors: NotFound.
func (r *FactReader) Available(ctx context.Context, unit ids.Unit, p ids.Place, known time.Time) (_ []Availability, err error) {
	defer errs.Wrap(&err, "records.Available(%s)", p)
	atlas, err := r.atlas(ctx, unit)
	if err != nil {
		return nil, err
	}
	place, ok := atlas.Get(p)
	if !ok {
		return nil, errs.New(errs.NotFound, "no place %s is known", p).WithHint("vru places lists the levels there are")
	}
	all, err := r.editions(ctx, unit)
	if err != nil {
		return nil, err
	}
	a := newAsking(FactQuery{Known: known}, nil, atlas, all)
	if a.months = spanOf(a.standing); len(a.months) == 0 {
		return nil, nil
	}
	var out []Availability
	for _, s := range catalogue {
		line := a.planLine(s, place)
		if v := a.availability(&line); v.Months > 0 {
			out = append(out, v)
		}
	}
	return out, nil
}

func (a *asking) availability(l *linePlan) Availability {
	v := Availability{Series: l.series, Source: l.source}
	for i, m := range a.months {
		if !l.known(i) {
			continue
		}
		if v.Months++; v.Months == 1 {
			v.Range.From = m
		}
		v.Range.To = m
	}
	return v
}

// spanOf returns every month from the first that any edition tells to the
// last.
func spanOf(editions []Edition) []period.Month {
	var span period.Range
	for _, e := range editions {
		for _, c := range e.Coverage {
			if span.From == 0 || c.Months.From < span.From {
				span.From = c.Months.From
			}
			span.To = max(span.To, c.Months.To)
		}
	}
	if span.From == 0 {
		return nil
	}
	return span.Months()
}
