package publishing

import (
	"time"

	"openvru/internal/analysis"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/table"
)

// span is the months of the year that a comparison takes from both years: like
// with like. From and To are 1 to 12.
type span struct{ from, to int }

func (s span) whole() bool { return s == span{1, 12} }

func (s span) in(year int) period.Range {
	return period.Range{From: period.NewMonth(year, s.from), To: period.NewMonth(year, s.to)}
}

// words is the span in words: "" for a whole year, "March", "January to June".
func (s span) words() string {
	switch {
	case s.whole():
		return ""
	case s.from == s.to:
		return time.Month(s.from).String()
	}
	return time.Month(s.from).String() + " to " + time.Month(s.to).String()
}

// of is the span of a year: "2020" or "January to June 2020".
func (s span) of(year string) string {
	if w := s.words(); w != "" {
		return w + " " + year
	}
	return year
}

// alike returns the longest run of months that both years hold and that no
// break parts, the earliest where runs tie; false when there is none.
func (m *Material) alike(s *Series) (span, bool) {
	var best span
	for from := 1; from <= 12; from++ {
		for to := from; to <= 12 && m.monthAlike(s, to); to++ {
			if to-from+1 > best.to-best.from+1 || best.from == 0 {
				best = span{from, to}
			}
		}
	}
	return best, best.from > 0
}

// monthAlike reports whether a month of the year is held in both years with
// nothing between them that sums may not cross.
func (m *Material) monthAlike(s *Series, month int) bool {
	early, late := m.years()
	a, b := period.NewMonth(early, month), period.NewMonth(late, month)
	_, heldA := s.at(a)
	_, heldB := s.at(b)
	_, split := s.splits(period.Range{From: a, To: b})
	return heldA && heldB && !split
}

// whyNot says in a sentence why the two years of a series are not compared.
func (m *Material) whyNot(s *Series) string {
	early, late := m.years()
	if br, split := s.splits(period.Range{From: period.NewMonth(early, 1), To: period.NewMonth(late, 12)}); split {
		return br.Sentence
	}
	return "No month of the year is held for both years."
}

// comparison is one pair of counts with what is computed from it, as figures.
type comparison struct {
	label               string // "January to December"
	a, b                ids.Figure
	difference, percent ids.Figure
	low, high           ids.Figure
	rangeA, rangeB      period.Range
	exact               analysis.Change // before disclosure control: for tables on their way to the gate
}

// compare names the figures of a comparison of a series over a span.
func (b *builder) compare(s *Series, sp span, label string) comparison {
	c := comparison{label: label, rangeA: sp.in(b.m.Against), rangeB: sp.in(b.m.Year)}
	code := s.Place.Code
	c.a, c.b = figureID(s.ID, code, c.rangeA.String()), figureID(s.ID, code, c.rangeB.String())
	pair := c.rangeB.String() + "-against-" + c.rangeA.String()
	c.difference, c.percent = figureID(s.ID, code, pair+".difference"), figureID(s.ID, code, pair+".percent")
	c.low, c.high = figureID(s.ID, code, pair+".low"), figureID(s.ID, code, pair+".high")
	b.pairings = append(b.pairings, pairing{s.ID, s.Place.Place, s.Source, c.rangeB, c.rangeA})
	before, _ := s.sum(c.rangeA)
	now, _ := s.sum(c.rangeB)
	c.exact = analysis.NewChange(now, before)
	return c
}

// smallBase is the count below which a percentage says more than is known: it
// is left out, and the sentence gives the counts.
const smallBase = 20

// intervalMethod is how the interval of a change is computed, for lineages.
const intervalMethod = "95% mid-P interval of the ratio of two counts (docs/methods/count-comparison.md)"

// comparisonColumns are the columns of every table of comparisons, after the
// label of its rows.
func (b *builder) comparisonColumns(first table.Column) []table.Column {
	a, y := yearName(b.m.Against), yearName(b.m.Year)
	return []table.Column{
		first,
		{Name: a, Title: a, Type: table.Count},
		{Name: y, Title: y, Type: table.Count},
		{Name: "difference", Title: "Difference", Type: table.Count, Role: table.Derived, Signed: true,
			How: table.Derivation{Op: table.Difference, A: y, B: a}},
		{Name: "percent_change", Title: "Change", Type: table.Percent, Decimals: 1, Role: table.Derived, Signed: true,
			How: table.Derivation{Op: table.PercentChange, A: y, B: a}},
		{Name: "interval_low", Title: "95% interval, from", Type: table.Percent, Decimals: 1, Role: table.Derived, Signed: true},
		{Name: "interval_high", Title: "to", Type: table.Percent, Decimals: 1, Role: table.Derived, Signed: true},
	}
}

// cells are a comparison's row, without its label. Origins are noted here and
// nowhere else.
func (b *builder) cells(s *Series, c comparison) []table.Cell {
	between := nameOf(c.rangeB) + " against " + nameOf(c.rangeA)
	name := s.Title + ", " + area(s.Place) + ", "
	pair := []ids.Figure{c.b, c.a}
	derived := func(id ids.Figure, v table.Cell, what, method string) table.Cell {
		return b.reg.cell(id, v, origin{title: name + between + ": " + what, method: method, from: pair})
	}
	percent, low, high := table.Missing("too few"), table.Missing("too few"), table.Missing("too few")
	if x := c.exact; x.Before >= smallBase {
		percent, low, high = table.N(x.Percent), table.N(x.Interval.Low), table.N(x.Interval.High)
	}
	return []table.Cell{
		b.sumCell(s, c.a, c.rangeA, c.exact.Before),
		b.sumCell(s, c.b, c.rangeB, c.exact.Now),
		derived(c.difference, table.N(c.exact.Difference), "difference", "difference"),
		derived(c.percent, percent, "percentage change", "difference ÷ earlier count × 100"),
		derived(c.low, low, "lower end of the 95% interval of the change", intervalMethod),
		derived(c.high, high, "upper end of the 95% interval of the change", intervalMethod),
	}
}

// sumCell is the count of a series over a range: a figure made of its months.
func (b *builder) sumCell(s *Series, id ids.Figure, r period.Range, v float64) table.Cell {
	o := origin{title: s.Title + ", " + area(s.Place) + ", " + nameOf(r)}
	o.method = "sum of " + table.Fixed(float64(r.Len()), 0) + " months"
	for _, month := range r.Months() {
		o.from = append(o.from, figureID(s.ID, s.Place.Code, month.String()))
	}
	return b.reg.cell(id, table.N(v), o)
}

func yearName(y int) string { return nameOf(period.Year(y)) }
