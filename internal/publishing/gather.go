package publishing

import (
	"cmp"
	"context"
	"slices"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// homicideSpan is how many years the homicide table looks back, its last year
// included.
const homicideSpan = 9

// gathering is the material of one report on its way, with the runs it came
// from.
type gathering struct {
	s     *Service
	actor access.Actor
	o     Options
	atlas *places.Atlas
	m     Material
	runs  []*analysis.Run // of the series shown; the boroughs' are only checked against
	seen  map[ids.Submission]int
}

// gather asks for all that the report needs.
func (s *Service) gather(ctx context.Context, actor access.Actor, o Options) (*gathering, error) {
	g := &gathering{s: s, actor: actor, o: o, seen: map[ids.Submission]int{}}
	var err error
	if g.atlas, err = s.Atlas(ctx, actor.Unit); err != nil {
		return nil, err
	}
	if err := g.place(); err != nil {
		return nil, err
	}
	g.m.Year, g.m.Against, g.m.Known = o.Year, o.Against, o.Known
	if g.m.Notice, err = s.Notice(ctx, actor.Unit); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{g.series, g.homicide, g.parts} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	g.sources()
	g.events()
	return g, nil
}

func (g *gathering) place() error {
	if g.o.Place.IsZero() {
		p, ok := UsualPlace(g.atlas)
		if !ok {
			return errs.New(errs.NotFound, "there are no places yet, so no report can say where it is about").
				WithHint("bring in boundaries or look-ups with vru places import")
		}
		g.m.Place = p
		return nil
	}
	p, ok := g.atlas.Get(g.o.Place)
	if !ok {
		return errs.New(errs.NotFound, "there is no place %s", g.o.Place).WithHint("vru places lists the levels there are")
	}
	g.m.Place = p
	return nil
}

// series asks for the two years of every measure.
func (g *gathering) series(ctx context.Context) error {
	trends, err := g.trends(ctx, Wanted(), []ids.Place{g.m.Place.Place}, g.bothYears())
	if err != nil {
		return err
	}
	for _, t := range trends {
		if s, ok := g.convert(t, g.bothYears()...); ok {
			g.m.Series = append(g.m.Series, s)
			g.runs = append(g.runs, t.Run)
		}
	}
	return nil
}

func (g *gathering) bothYears() []period.Range {
	return []period.Range{period.Year(g.o.Against), period.Year(g.o.Year)}
}

// homicide asks for the victims of the years of the table.
func (g *gathering) homicide(ctx context.Context) error {
	last := max(g.o.Year, g.o.Against)
	r := period.Range{From: period.NewMonth(last-homicideSpan+1, 1), To: period.NewMonth(last, 12)}
	trends, err := g.trends(ctx, WantedHomicide(), []ids.Place{g.m.Place.Place}, []period.Range{r})
	if err != nil {
		return err
	}
	for _, t := range trends {
		if s, ok := g.convert(t, r); ok {
			g.m.Homicide = append(g.m.Homicide, s)
			g.runs = append(g.runs, t.Run)
		}
	}
	return nil
}

// parts asks for the boroughs inside a force or a region, to check that they
// are not more than the whole.
func (g *gathering) parts(ctx context.Context) error {
	if g.m.Place.Level != places.PFA && g.m.Place.Level != places.Region {
		return nil
	}
	boroughs := g.atlas.Down(g.m.Place.Place, places.Borough)
	var held []ids.Series
	for _, s := range g.m.shown() {
		held = append(held, s.ID)
	}
	if len(boroughs) == 0 || len(held) == 0 {
		return nil
	}
	trends, err := g.trends(ctx, held, boroughs, g.bothYears())
	if err != nil {
		return err
	}
	for _, t := range trends {
		if s, ok := g.convert(t, g.bothYears()...); ok {
			g.m.Parts = append(g.m.Parts, s)
		}
	}
	return nil
}

// trends asks for series over the months from the first range to the last.
func (g *gathering) trends(ctx context.Context, series []ids.Series, at []ids.Place, ranges []period.Range) ([]*analysis.Trend, error) {
	span := ranges[0]
	for _, r := range ranges {
		span = period.Range{From: min(span.From, r.From), To: max(span.To, r.To)}
	}
	return g.s.Analysis.Trends(ctx, g.actor, analysis.TrendQuestion{Series: series, Places: at, Range: span, Known: g.o.Known})
}

// convert takes from a trend the months of some ranges; false when none of
// them has a value.
func (g *gathering) convert(t *analysis.Trend, ranges ...period.Range) (Series, bool) {
	s := Series{ID: t.Series.ID, Title: t.Series.Title, Definition: t.Series.Definition, Version: t.Series.Version,
		Unit: t.Series.Unit, Source: t.Source, Place: t.Place, Holds: slices.Clone(t.Holds), Notes: slices.Clone(t.Notes), Years: map[int]float64{}}
	for i, p := range t.Points {
		if p.Known && slices.ContainsFunc(ranges, func(r period.Range) bool { return r.Has(p.Month) }) {
			s.Months = append(s.Months, MonthValue{Month: p.Month, Count: p.Value, Editions: g.editions(t.Run, i)})
		}
	}
	for _, y := range t.Years {
		if y.Blank == "" {
			s.Years[y.Range.From.Year()] = y.Value
		}
	}
	for _, l := range t.Lacks {
		s.Lacks = append(s.Lacks, Lack{l.Force.Name, l.Reason})
	}
	for _, b := range t.Breaks {
		s.Breaks = append(s.Breaks, Break{At: b.At, Like: b.Like, Sentence: b.Sentence})
	}
	return s, len(s.Months) > 0
}

// editions are the files of a run's month, by their place among the material's.
func (g *gathering) editions(run *analysis.Run, month int) []int {
	var out []int
	for _, line := range run.Lines {
		for _, part := range line.Parts {
			if e := part.Editions[month]; e >= 0 {
				out = append(out, g.edition(run.Editions[e]))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (g *gathering) edition(o analysis.Origin) int {
	if i, ok := g.seen[o.Submission]; ok {
		return i
	}
	i := len(g.m.Editions)
	g.seen[o.Submission] = i
	g.m.Editions = append(g.m.Editions, Edition{Submission: o.Submission, Source: o.Source, FileName: o.FileName, File: o.File, AcceptedAt: o.AcceptedAt})
	return i
}

// sources describes every source that a series came from.
func (g *gathering) sources() {
	seen := map[ids.Source]bool{}
	for _, s := range slices.Concat(g.m.Series, g.m.Homicide) {
		if seen[s.Source] {
			continue
		}
		seen[s.Source] = true
		src, ok := g.s.Source(s.Source)
		if !ok {
			src = Source{ID: s.Source, Title: string(s.Source)}
		}
		g.m.Sources = append(g.m.Sources, src)
	}
	slices.SortFunc(g.m.Sources, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
}

func (g *gathering) events() {
	for _, e := range analysis.EventsAt(g.atlas, g.m.Place.Place, period.Year(g.o.Year)) {
		g.m.Events = append(g.m.Events, Event{Day: e.Day, Name: e.Name, Turns: e.Turns})
	}
}
