package analysis

import (
	"context"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// The method of comparisons and its version: a change of what is computed is a
// new version.
const (
	compareMethod  = "comparison"
	compareVersion = 1
)

// CompareQuestion asks how a series at a place in one period compares with
// another.
type CompareQuestion struct {
	Series  ids.Series
	Place   ids.Place
	Period  period.Range
	Against period.Range
	Known   time.Time  // as known at this moment; zero means now
	Source  ids.Source // only from this source; "" takes the series' first that has every month
}

// Comparison is the answer.
type Comparison struct {
	Run       *Run
	Series    *Series
	Place     places.Place
	Source    ids.Source
	Now       Side
	Before    Side
	Change    *Change // nil when no single comparison is made; Why says why
	Why       string
	LikeWise  bool // the months with figures on both sides stand for the periods asked for
	Daily     bool // the periods differ in length, so counts a day are compared
	Estimated bool
	Holds     []string // names of the forces whose counts are in it
	Lacks     []Lack
	Breaks    []Break // between the months compared
	Events    []Event
	Notes     []string // what a reader must know, as sentences
	Sentence  string   // the whole in words

	// The figures of the change; each is in Run.
	Difference, Percent, Low, High ids.Figure
}

// Side is one period of a comparison.
type Side struct {
	Range   period.Range   // as asked for
	Months  []period.Month // that are counted
	Missing []period.Month // asked for, but without figures
	Total   float64
	Summed  bool // Total may be shown: no break parts its months
	Figure  ids.Figure
	Rate    *Rate // nil where there is no population
}

// Compare compares two periods. Errors: Forbidden; NotFound for a series or
// place that is not there; Invalid for periods that overlap or are too long.
func (s *Service) Compare(ctx context.Context, actor access.Actor, q CompareQuestion) (_ *Comparison, err error) {
	defer errs.Wrap(&err, "analysis.Compare(%s, %s)", q.Series, q.Place)
	if err := access.Check(actor, access.FiguresRead); err != nil {
		return nil, err
	}
	if q.Period.From <= q.Against.To && q.Against.From <= q.Period.To {
		return nil, errs.New(errs.Invalid, "%s and %s overlap, so they cannot be compared", q.Period, q.Against).
			WithHint("choose two periods that share no month")
	}
	t, err := s.Facts.Counts(ctx, actor.Unit, records.FactQuery{
		Series: []ids.Series{q.Series}, Places: []ids.Place{q.Place},
		Ranges: []period.Range{q.Against, q.Period}, Known: q.Known, Source: q.Source,
	})
	if err != nil {
		return nil, err
	}
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	return compareLine(atlas, q, t, 0)
}

// compareLine compares two periods of one line of a table of facts.
func compareLine(atlas *places.Atlas, q CompareQuestion, t *records.FactTable, line int) (*Comparison, error) {
	l := &t.Lines[line]
	c := &Comparison{Series: l.Series, Place: l.Place, Source: l.Source, Lacks: l.Lacks, Estimated: l.Estimated,
		Now: Side{Range: q.Period}, Before: Side{Range: q.Against}, Daily: q.Period.Len() != q.Against.Len(),
		Notes: slices.Clone(l.Notes)}
	for _, p := range l.Holds {
		c.Holds = append(c.Holds, p.Force.Name)
	}
	c.chooseMonths(t.Months, l)
	c.addRates(atlas)
	only := *t
	only.Lines = t.Lines[line : line+1]
	var err error
	c.Run, err = newRun(compareMethod, compareVersion, c.question(), q, &only, c.populations())
	if err != nil {
		return nil, err
	}
	c.count()
	c.Events = EventsAt(atlas, q.Place, period.Range{From: min(q.Period.From, q.Against.From), To: max(q.Period.To, q.Against.To)})
	c.explain()
	return c, nil
}

func (c *Comparison) question() string {
	return c.Series.Title + " in " + placeTitle(c.Place) + ", " + Period(c.Now.Range) + " against " + Period(c.Before.Range)
}

// chooseMonths takes the months that have figures. Periods of one length are
// compared like for like: a month counts when both it and the one that answers
// to it have figures.
func (c *Comparison) chooseMonths(months []period.Month, l *records.FactLine) {
	known := func(m period.Month) bool {
		i, _ := slices.BinarySearch(months, m)
		return l.Values[i].Known
	}
	for _, m := range c.Now.Range.Months() {
		other := c.Before.Range.From + (m - c.Now.Range.From)
		c.Now.take(m, known(m), known(m) && (c.Daily || known(other)))
	}
	for _, m := range c.Before.Range.Months() {
		other := c.Now.Range.From + (m - c.Before.Range.From)
		c.Before.take(m, known(m), known(m) && (c.Daily || known(other)))
	}
	c.LikeWise = len(c.Now.Months) < c.Now.Range.Len() || len(c.Before.Months) < c.Before.Range.Len()
}

func (s *Side) take(m period.Month, known, counted bool) {
	if !known {
		s.Missing = append(s.Missing, m)
	}
	if counted {
		s.Months = append(s.Months, m)
	}
}

// count sums both sides and compares them, unless a break lies between.
func (c *Comparison) count() {
	if len(c.Now.Months) == 0 || len(c.Before.Months) == 0 {
		c.Why = c.whyNothing()
		return
	}
	c.findBreaks()
	c.sum(&c.Before)
	c.sum(&c.Now)
	if b, ok := parting(c.Breaks); ok {
		c.Why = "No single comparison is made, since the definition changed between the two: " + b.Sentence
		return
	}
	change := NewChange(c.Now.Total, c.Before.Total)
	if c.Daily {
		change = newChange(c.Now.Total, c.Before.Total, days(c.Now.Months), days(c.Before.Months))
	}
	c.Change = &change
	c.addChange()
}

func (c *Comparison) whyNothing() string {
	switch {
	case len(c.Now.Missing) == c.Now.Range.Len() && len(c.Before.Missing) == c.Before.Range.Len():
		return "No figures are kept for either period."
	case len(c.Now.Missing) == c.Now.Range.Len():
		return "No figures are kept for " + Period(c.Now.Range) + "."
	case len(c.Before.Missing) == c.Before.Range.Len():
		return "No figures are kept for " + Period(c.Before.Range) + "."
	}
	return "No month of one period has figures beside the month of the other that answers to it."
}

// findBreaks finds the breaks that part the months compared.
func (c *Comparison) findBreaks() {
	all := slices.Concat(c.Now.Months, c.Before.Months)
	slices.Sort(all)
	c.Breaks = c.Series.BreaksIn(c.Source, span(all))
}

// parting returns the first break that figures may not be compared across.
func parting(breaks []Break) (Break, bool) {
	for _, b := range breaks {
		if !b.Like {
			return b, true
		}
	}
	return Break{}, false
}

// sum adds a side's months, unless a break parts them.
func (c *Comparison) sum(s *Side) {
	blank := ""
	if b, ok := parting(c.Series.BreaksIn(c.Source, span(s.Months))); ok {
		blank = "not summed across the break of " + b.At.Name()
	}
	s.Summed = blank == ""
	s.Figure, s.Total = c.Run.addSum(0, rangeName(s.Months), s.Months, c.Series, blank)
	if s.Rate != nil && s.Summed {
		s.Rate.work(s.Total)
		c.addRate(s)
	}
}

// rangeName names months for a figure: the range when they are one run, else
// every run.
func rangeName(months []period.Month) string {
	if r := span(months); r.Len() == len(months) {
		return r.String()
	}
	out := ""
	for _, m := range months {
		if out != "" {
			out += "+"
		}
		out += m.String()
	}
	return out
}

func days(months []period.Month) float64 {
	n := 0
	for _, m := range months {
		n += time.Date(m.Year(), time.Month(m.Of()+1), 0, 0, 0, 0, 0, time.UTC).Day()
	}
	return float64(n)
}

// addChange enters the figures of the change.
func (c *Comparison) addChange() {
	pair := rangeName(c.Now.Months) + "-against-" + rangeName(c.Before.Months)
	from := []ids.Figure{c.Now.Figure, c.Before.Figure}
	add := func(what, title, unit string, v float64, how string) ids.Figure {
		f := Figure{Name: FigureName(c.Series.ID, c.Place.Place, pair+"."+what), Title: c.question() + ": " + title,
			Unit: unit, Value: v, How: how, From: from, Line: -1}
		if !finite(v) {
			f.Value, f.Blank = 0, "not available"
		}
		return c.Run.add(f)
	}
	const method = "95% mid-P interval of the ratio of two counts (docs/methods/count-comparison.md)"
	c.Difference = add("difference", "difference", c.Series.Unit, c.Change.Difference, "later count less earlier count")
	c.Percent = add("percent", "change", "percent", c.Change.Percent, "difference, of the earlier count, in hundredths")
	c.Low = add("low", "lower end of the interval of the change", "percent", c.Change.Interval.Low, method)
	c.High = add("high", "upper end of the interval of the change", "percent", c.Change.Interval.High, method)
}
