package analysis

import (
	"cmp"
	"context"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

// placeTable compares places in the main series.
func (p *profiling) placeTable(ctx context.Context, all []ids.Place) (PlaceTable, error) {
	var out PlaceTable
	if p.out.Main == nil || len(all) == 0 {
		return out, nil
	}
	t, err := p.s.Facts.Counts(ctx, p.actor.Unit, records.FactQuery{
		Series: []ids.Series{p.q.Main}, Places: all, Ranges: []period.Range{p.out.Against, p.out.Period}, Known: p.q.Known,
	})
	if err != nil {
		return out, err
	}
	for i := range t.Lines {
		l := &t.Lines[i]
		out.Rows = append(out.Rows, p.placeRow(t.Months, l))
		for _, n := range l.Notes {
			if !slices.Contains(out.Notes, n) {
				out.Notes = append(out.Notes, n)
			}
		}
	}
	slices.SortFunc(out.Rows, func(a, b PlaceRow) int {
		return cmp.Or(cmp.Compare(a.Place.Name, b.Place.Name), cmp.Compare(a.Place.Code, b.Place.Code))
	})
	return out, nil
}

// placeRow compares one place, when every month of both periods has a figure
// and no break lies between.
func (p *profiling) placeRow(months []period.Month, l *records.FactLine) PlaceRow {
	row := PlaceRow{Place: l.Place, Estimated: l.Estimated}
	now, n := l.Sum(months, p.out.Period)
	before, b := l.Sum(months, p.out.Against)
	if row.Known = n == p.out.Period.Len() && b == p.out.Against.Len(); !row.Known {
		return row
	}
	row.Now, row.Before = now, before
	if _, parted := parting(l.Breaks); !parted && p.out.Period.Len() == p.out.Against.Len() {
		c := NewChange(now, before)
		row.Change = &c
	}
	if r, ok := population(p.atlas, l.Place.Place, p.out.Period.Months()); ok {
		r.work(now)
		row.Rate = r
	}
	return row
}
