package analysis

import (
	"context"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// The method of trends and its version.
const (
	trendMethod  = "trend"
	trendVersion = 1
)

// TrendQuestion asks how series ran at places, month by month.
type TrendQuestion struct {
	Series []ids.Series
	Places []ids.Place
	Range  period.Range
	Known  time.Time  // as known at this moment; zero means now
	Source ids.Source // only from this source; "" takes each series' first that has every month
}

// Trend is one series at one place, month by month. Every value is a figure of
// its run.
type Trend struct {
	Run       *Run
	Series    *Series
	Place     places.Place
	Source    ids.Source
	Points    []Point
	Years     []Total // the whole calendar years of the range
	Whole     Total   // the range itself
	Estimated bool
	Holds     []string
	Lacks     []Lack
	Breaks    []Break
	Events    []Event
	Notes     []string
}

// Point is a month of a trend; Known is false where there is no figure, which
// is not the same as none.
type Point struct {
	Month  period.Month
	Value  float64
	Known  bool
	Figure ids.Figure
}

// Total is a sum over some months; Blank says why there is none.
type Total struct {
	Range  period.Range
	Value  float64
	Blank  string
	Figure ids.Figure
}

// Trends returns a trend for each series at each place, series first. Errors:
// Forbidden; NotFound for a series or place that is not there.
func (s *Service) Trends(ctx context.Context, actor access.Actor, q TrendQuestion) (_ []*Trend, err error) {
	defer errs.Wrap(&err, "analysis.Trends(%v, %v)", q.Series, q.Places)
	if err := access.Check(actor, access.FiguresRead); err != nil {
		return nil, err
	}
	t, err := s.Facts.Counts(ctx, actor.Unit, records.FactQuery{
		Series: q.Series, Places: q.Places, Ranges: []period.Range{q.Range}, Known: q.Known, Source: q.Source,
	})
	if err != nil {
		return nil, err
	}
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	var out []*Trend
	for i := range t.Lines {
		trend, err := trendLine(atlas, q, t, i)
		if err != nil {
			return nil, err
		}
		out = append(out, trend)
	}
	return out, nil
}

// trendLine makes the trend of one line of a table of facts.
func trendLine(atlas *places.Atlas, q TrendQuestion, t *records.FactTable, line int) (*Trend, error) {
	l := &t.Lines[line]
	out := &Trend{Series: l.Series, Place: l.Place, Source: l.Source, Estimated: l.Estimated, Lacks: l.Lacks, Breaks: l.Breaks, Notes: l.Notes}
	for _, p := range l.Holds {
		out.Holds = append(out.Holds, p.Force.Name)
	}
	only := *t
	only.Lines = t.Lines[line : line+1]
	asked := q
	asked.Series, asked.Places = []ids.Series{l.Series.ID}, []ids.Place{l.Place.Place}
	var err error
	out.Run, err = newRun(trendMethod, trendVersion, l.Series.Title+" in "+placeTitle(l.Place)+", "+Period(q.Range), asked, &only, nil)
	if err != nil {
		return nil, err
	}
	out.Events = EventsAt(atlas, l.Place.Place, q.Range)
	out.addFigures(t.Months, l)
	return out, nil
}

func (t *Trend) addFigures(months []period.Month, l *records.FactLine) {
	for i, m := range months {
		id, _ := t.Run.addSum(0, m.String(), months[i:i+1], t.Series, "")
		t.Points = append(t.Points, Point{m, l.Values[i].Count, l.Values[i].Known, id})
	}
	whole := span(months)
	for y := whole.From.Year(); y <= whole.To.Year(); y++ {
		r := period.Year(y)
		if whole.Has(r.From) && whole.Has(r.To) {
			t.Years = append(t.Years, t.total(r))
		}
	}
	switch {
	case len(t.Years) == 1 && t.Years[0].Range == whole:
		t.Whole = t.Years[0]
	case whole.Len() == 1:
		p := t.Points[0]
		t.Whole = Total{Range: whole, Value: p.Value, Figure: p.Figure}
	default:
		t.Whole = t.total(whole)
	}
}

func (t *Trend) total(r period.Range) Total {
	blank := ""
	if b, ok := parting(t.Series.BreaksIn(t.Source, r)); ok {
		blank = "not summed across the break of " + b.At.Name()
	}
	id, v := t.Run.addSum(0, r.String(), r.Months(), t.Series, blank)
	f := t.Run.Figures[len(t.Run.Figures)-1]
	return Total{Range: r, Value: v, Blank: f.Blank, Figure: id}
}
