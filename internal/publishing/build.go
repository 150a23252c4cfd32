package publishing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"openvru/internal/disclosure"
	"openvru/internal/errs"
	"openvru/internal/period"
	"openvru/internal/places"
)

// Build makes the violence report of the material. It reads no clock and keeps
// nothing: the same material makes the same report. Errors: NotFound when not
// one measure of the report is held; Conflict when figures that must add up do
// not, with a sentence for each.
func Build(m Material) (Report, error) {
	m.normalise()
	checks, failures := CrossFoot(Rules(), &m)
	if err := refusal(failures); err != nil {
		return Report{}, err
	}
	b := newBuilder(&m)
	b.report.Checks = checks
	if err := b.build(); err != nil {
		return Report{}, err
	}
	return b.report, nil
}

// builder puts one report together, part by part.
type builder struct {
	m      *Material
	reg    *register
	report Report
	totals []totalRow // rows for the table of every measure

	pairings []pairing // the comparisons made
}

func newBuilder(m *Material) *builder {
	used := m.usedEditions()
	b := &builder{m: m, reg: newRegister(m.rule(), used)}
	b.report = Report{
		Title: fmt.Sprintf("Violent crime in %s: %d against %d", within(m.Place), m.Year, m.Against),
		Place: area(m.Place), Code: m.Place.Place.String(), Year: m.Year, Against: m.Against,
		Known: m.Known, Notice: m.Notice, Rule: m.rule(), Sources: m.usedSources(),
	}
	for _, i := range used {
		b.report.Editions = append(b.report.Editions, m.Editions[i])
	}
	return b
}

// area is a place's name; a police area is named after its force, but is not it.
func area(p places.Place) string {
	if p.Level == places.PFA && !strings.Contains(p.Name, "area") {
		return p.Name + " area"
	}
	return p.Name
}

// within is the name as it stands after "in".
func within(p places.Place) string {
	if p.Level == places.PFA {
		return "the " + area(p)
	}
	return area(p)
}

func (b *builder) build() error {
	for _, c := range chapters {
		if err := b.chapter(c); err != nil {
			return err
		}
	}
	if err := b.homicide(); err != nil {
		return err
	}
	if len(b.report.Chapters) == 0 && b.report.Homicide == nil {
		return errs.New(errs.NotFound, "nothing is held for %s in %d and %d", within(b.m.Place), b.m.Against, b.m.Year).
			WithHint("vru submissions lists the files that were accepted and the months they hold")
	}
	if err := b.allTotals(); err != nil {
		return err
	}
	b.report.Covers = b.covers()
	b.report.Lineage = slices.DeleteFunc(b.reg.parts, func(l Lineage) bool { return len(l.Figures) == 0 })
	b.report.figures, b.report.pairings = b.reg.figures, b.pairings
	return nil
}

// chapter builds the measures of a chapter that are held and lists the others.
func (b *builder) chapter(c chapter) error {
	out := Chapter{ID: c.id, Title: c.title}
	for _, spec := range c.measures {
		s := find(b.m.Series, spec.series)
		if s == nil || !b.heldInEither(s) {
			b.report.NotHeld = append(b.report.NotHeld, NotHeld{spec.series, spec.noun})
			continue
		}
		m, err := b.measure(spec, s)
		if err != nil {
			return err
		}
		out.Measures = append(out.Measures, m)
		b.define(s)
	}
	if len(out.Measures) > 0 {
		b.report.Chapters = append(b.report.Chapters, out)
	}
	return nil
}

func (b *builder) heldInEither(s *Series) bool {
	for _, v := range s.Months {
		if y := v.Month.Year(); y == b.m.Year || y == b.m.Against {
			return true
		}
	}
	return false
}

func (b *builder) define(s *Series) {
	d := Definition{Series: s.ID, Title: s.Title, Definition: s.Definition, Version: s.Version, Source: string(s.Source)}
	for _, src := range b.m.Sources {
		if src.ID == s.Source {
			d.Source = src.Title
		}
	}
	b.report.Terms = append(b.report.Terms, d)
}

// covers says in sentences whose counts the report holds: what is true of
// every series stands here once, what is true of some stands beside them.
func (b *builder) covers() []Text {
	var holds, lacks []string
	for _, s := range b.m.every() {
		holds = append(holds, s.Holds...)
		for _, l := range s.Lacks {
			if b.m.allLack(l.Force) {
				lacks = append(lacks, l.Force)
			}
		}
	}
	var out []Text
	for _, part := range []struct {
		words string
		names []string
	}{{"Forces counted: ", holds}, {"Forces not counted, because they have sent no figures for these years or too few: ", lacks}} {
		slices.Sort(part.names)
		if names := slices.Compact(part.names); len(names) > 0 {
			out = append(out, Text{}.words(part.words+list(names)+"."))
		}
	}
	return out
}

// every is every series with facts, homicide after the others.
func (m *Material) every() []Series {
	return slices.DeleteFunc(append(m.shown(), m.Homicide...), func(s Series) bool { return len(s.Months) == 0 })
}

// allLack reports whether every series lacks a force.
func (m *Material) allLack(force string) bool {
	for _, s := range m.every() {
		if !slices.ContainsFunc(s.Lacks, func(l Lack) bool { return l.Force == force }) {
			return false
		}
	}
	return true
}

// rule is the disclosure rule the material needs.
func (m *Material) rule() disclosure.Rule {
	if m.open() {
		return disclosure.Open
	}
	return disclosure.TenFive
}

// normalise puts what has no order of its own into one, so that the report does
// not depend on how the material was gathered.
func (m *Material) normalise() {
	byID := func(a, b Series) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Place.Code, b.Place.Code))
	}
	for _, all := range []*[]Series{&m.Series, &m.Homicide, &m.Parts} {
		*all = slices.Clone(*all)
		slices.SortStableFunc(*all, byID)
	}
	m.dropPartYears()
	m.Sources = slices.Clone(m.Sources)
	slices.SortStableFunc(m.Sources, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
	m.Events = slices.Clone(m.Events)
	slices.SortStableFunc(m.Events, func(a, b Event) int { return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Name, b.Name)) })
}

// dropPartYears leaves of the homicide facts only the years that are shown.
func (m *Material) dropPartYears() {
	years := m.homicideYears()
	for i := range m.Homicide {
		m.Homicide[i].Months = slices.DeleteFunc(slices.Clone(m.Homicide[i].Months), func(v MonthValue) bool {
			return !slices.Contains(years, v.Month.Year())
		})
	}
}

// usedEditions are the indexes of the editions that any shown value comes from,
// oldest first.
func (m *Material) usedEditions() []int {
	used := map[int]bool{}
	for _, all := range [][]Series{m.shown(), m.Homicide} {
		for _, s := range all {
			for _, v := range s.Months {
				for _, e := range v.Editions {
					used[e] = true
				}
			}
		}
	}
	out := make([]int, 0, len(used))
	for e := range used {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b int) int {
		x, y := m.Editions[a], m.Editions[b]
		return cmp.Or(x.AcceptedAt.Compare(y.AcceptedAt), cmp.Compare(x.FileName, y.FileName), cmp.Compare(x.File, y.File))
	})
	return out
}

// usedSources are the sources of the series that are shown.
func (m *Material) usedSources() []Source {
	return slices.DeleteFunc(slices.Clone(m.Sources), func(src Source) bool {
		of := func(s Series) bool { return s.Source == src.ID && len(s.Months) > 0 }
		return !slices.ContainsFunc(m.shown(), of) && !slices.ContainsFunc(m.Homicide, of)
	})
}

// shown are the series that have a chart.
func (m *Material) shown() []Series {
	return slices.DeleteFunc(slices.Clone(m.Series), func(s Series) bool {
		for _, c := range chapters {
			for _, spec := range c.measures {
				if spec.series == s.ID {
					return false
				}
			}
		}
		return true
	})
}

// homicideYears are the years, up to the later of the report's and at most
// nine, for which all victims of every month are held.
func (m *Material) homicideYears() []int {
	s := find(m.Homicide, homicideTotal)
	if s == nil || len(s.Months) == 0 {
		return nil
	}
	_, last := m.years()
	var out []int
	for y := last; y > last-100 && len(out) < 9; y-- {
		if _, ok := s.sum(period.Year(y)); ok {
			out = append(out, y)
		}
	}
	slices.Reverse(out)
	return out
}
