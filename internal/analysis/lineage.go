package analysis

import (
	"context"
	"slices"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// Lineage is where a figure comes from: the figures it was computed from or
// the counts it sums, and the files those came from.
type Lineage struct {
	Figure  Figure
	Run     *Run
	Kept    bool          // the run is kept; otherwise the figure was asked for again just now
	From    []Figure      // the figures it was computed from
	UsedBy  []Figure      // the figures of the run that were computed from it
	Facts   []LineageFact // the counts under it, in order of month
	Origins []Origin      // the files they came from, oldest first
}

// LineageFact is one month's count, with each force's share of it.
type LineageFact struct {
	Series ids.Series
	Place  ids.Place
	Name   string // of the place
	Source ids.Source
	Month  period.Month
	Count  *float64 // nil where nothing is known
	Parts  []LineagePart
}

// LineagePart is a force's share, from one file.
type LineagePart struct {
	Force  string
	Count  float64
	Origin *Origin
}

// Lineage follows a figure back to its files. A figure of a kept run is shown
// as it was; any other name that says what it is ("police.robbery.E23000001.2020")
// is asked for now. Errors: Forbidden, NotFound.
func (s *Service) Lineage(ctx context.Context, actor access.Actor, id ids.Figure) (_ *Lineage, err error) {
	defer errs.Wrap(&err, "analysis.Lineage(%s)", id)
	if err := access.Check(actor, access.FiguresRead); err != nil {
		return nil, err
	}
	run, err := s.Store.RunOf(ctx, actor.Unit, id)
	if err == nil {
		return trace(run, string(id), true)
	}
	if !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	name, _, _ := strings.Cut(string(id), markedAt)
	run, err = s.ask(ctx, actor, name)
	if err != nil {
		return nil, err
	}
	return trace(run, name, false)
}

// trace finds a figure of a run by its id or its name and follows it.
func trace(run *Run, name string, kept bool) (*Lineage, error) {
	i := slices.IndexFunc(run.Figures, func(f Figure) bool { return string(f.ID) == name || f.Name == name })
	if i < 0 {
		return nil, noFigure(name)
	}
	l := &Lineage{Figure: run.Figures[i], Run: run, Kept: kept}
	for _, f := range run.Figures {
		if slices.Contains(f.From, l.Figure.ID) {
			l.UsedBy = append(l.UsedBy, f)
		}
	}
	l.follow(l.Figure)
	slices.SortStableFunc(l.Facts, func(a, b LineageFact) int { return int(a.Month - b.Month) })
	return l, nil
}

// follow collects what a figure stands on. Figures are computed only from ones
// entered before them, so it ends.
func (l *Lineage) follow(f Figure) {
	for _, id := range f.From {
		i := slices.IndexFunc(l.Run.Figures, func(o Figure) bool { return o.ID == id })
		if i >= 0 {
			if f.ID == l.Figure.ID {
				l.From = append(l.From, l.Run.Figures[i])
			}
			l.follow(l.Run.Figures[i])
		}
	}
	if f.Line >= 0 {
		l.addFacts(&l.Run.Lines[f.Line], f.Months)
	}
}

func (l *Lineage) addFacts(line *RunLine, months []period.Month) {
	for i, m := range line.Months {
		if !hasMonth(months, m) || l.hasFact(line, m) {
			continue
		}
		fact := LineageFact{Series: line.Series, Place: line.Place, Name: line.Name, Source: line.Source, Month: m, Count: line.Counts[i]}
		for _, p := range line.Parts {
			if e := p.Editions[i]; e >= 0 {
				fact.Parts = append(fact.Parts, LineagePart{p.Force, p.Counts[i], &l.Run.Editions[e]})
				l.addOrigin(l.Run.Editions[e])
			}
		}
		l.Facts = append(l.Facts, fact)
	}
}

func (l *Lineage) hasFact(line *RunLine, m period.Month) bool {
	return slices.ContainsFunc(l.Facts, func(f LineageFact) bool {
		return f.Month == m && f.Series == line.Series && f.Place == line.Place
	})
}

func (l *Lineage) addOrigin(o Origin) {
	if slices.ContainsFunc(l.Origins, func(have Origin) bool { return have.Submission == o.Submission }) {
		return
	}
	l.Origins = append(l.Origins, o)
	slices.SortStableFunc(l.Origins, func(a, b Origin) int { return a.AcceptedAt.Compare(b.AcceptedAt) })
}

// ask answers the question that a figure's name puts.
func (s *Service) ask(ctx context.Context, actor access.Actor, name string) (*Run, error) {
	series, code, what, ok := splitName(name)
	if !ok {
		return nil, noFigure(name)
	}
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	found := atlas.FindCode(code)
	if len(found) == 0 {
		return nil, noFigure(name)
	}
	place := found[0].Place
	if now, rest, two := strings.Cut(what, "-against-"); two {
		before, _, _ := cutPart(rest)
		return s.askChange(ctx, actor, CompareQuestion{Series: series, Place: place}, now, before, name)
	}
	text, _, _ := cutPart(what)
	r, err := period.ParseRange(text)
	if err != nil {
		return nil, noFigure(name)
	}
	trends, err := s.Trends(ctx, actor, TrendQuestion{Series: []ids.Series{series}, Places: []ids.Place{place}, Range: r})
	if err != nil {
		return nil, err
	}
	return trends[0].Run, nil
}

func (s *Service) askChange(ctx context.Context, actor access.Actor, q CompareQuestion, now, before, name string) (*Run, error) {
	var err1, err2 error
	q.Period, err1 = period.ParseRange(now)
	q.Against, err2 = period.ParseRange(before)
	if err1 != nil || err2 != nil {
		return nil, noFigure(name)
	}
	c, err := s.Compare(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	return c.Run, nil
}

// cutPart cuts what a figure says of a period (".percent") off the period; the
// two dots within a range are no cut.
func cutPart(s string) (text, part string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 || i > 0 && s[i-1] == '.' {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// splitName divides a figure's name. Series ids have dots of their own, so the
// longest one that fits is taken.
func splitName(name string) (series ids.Series, code, what string, ok bool) {
	for _, s := range Catalogue() {
		if rest, fits := strings.CutPrefix(name, string(s.ID)+"."); fits && len(s.ID) > len(series) {
			if c, w, two := strings.Cut(rest, "."); two {
				series, code, what, ok = s.ID, c, w, true
			}
		}
	}
	return series, code, what, ok
}

func noFigure(name string) error {
	return errs.New(errs.NotFound, "There is no figure %q.", name).
		WithHint("A figure's name is the series, the code of the place and the period: police.robbery.E23000001.2020.")
}
