package publishing

import (
	"html/template"
	"math"
	"strings"
	"time"

	"openvru/internal/chart"
	"openvru/internal/period"
	"openvru/internal/table"
)

// monthsOfYear is the months a chart and its table show.
const monthsOfYear = 12

// totalRow is a measure's line in the table of every measure.
type totalRow struct {
	title string
	cells []table.Cell
}

// measure builds one measure of a chapter: tables through the gate first, then
// words and picture from what came out.
func (b *builder) measure(spec measure, s *Series) (Measure, error) {
	id := partID(spec)
	b.reg.open(id, spec.noun)
	months, err := b.reg.pass(b.monthTable(spec, s))
	if err != nil {
		return Measure{}, err
	}
	out := Measure{ID: id, Months: months, Notes: b.notes(s)}
	sp, ok := b.m.alike(s)
	if !ok {
		return b.uncompared(out, spec, s)
	}
	whole := b.compare(s, sp, orWholeYear(sp))
	after, hasAfter := b.afterTurn(s, sp)
	if out.Periods, err = b.reg.pass(b.periodTable(spec, s, whole, after, hasAfter)); err != nil {
		return Measure{}, err
	}
	b.total(spec, s, whole)
	out.Headline = b.headline(spec, sp, whole)
	out.Body = []Text{b.body(s, sp, whole)}
	if hasAfter {
		out.Body = append(out.Body, b.afterBody(s, after))
	}
	if spec.key {
		b.report.Summary = append(b.report.Summary, Point{out.Headline, id})
	}
	b.draw(&out, spec, s, sp)
	return out, nil
}

// uncompared finishes a measure whose years are not alike: shown, each with its
// own total where it has one, never compared.
func (b *builder) uncompared(out Measure, spec measure, s *Series) (Measure, error) {
	t := table.Table{Name: partID(spec) + "-by-year", Title: spec.noun + " by year, " + area(s.Place),
		Columns: b.comparisonColumns(table.Column{Name: "months", Title: "Months"})}
	cells := b.loneTotals(s)
	t.Add(append([]table.Cell{table.T("January to December")}, cells...)...)
	var err error
	if out.Periods, err = b.reg.pass(t); err != nil {
		return Measure{}, err
	}
	out.Headline = Text{}.words(spec.noun + ": " + yearName(b.m.Against) + " and " + yearName(b.m.Year) + " are not compared")
	out.Body = []Text{Text{}.words(b.m.whyNot(s))}
	b.totals = append(b.totals, totalRow{title: spec.noun, cells: cells})
	b.draw(&out, spec, s, span{})
	return out, nil
}

// loneTotals are the cells of a comparison that cannot be made: each year's
// total where the whole year is held and no break parts it.
func (b *builder) loneTotals(s *Series) []table.Cell {
	var cells []table.Cell
	for _, year := range []int{b.m.Against, b.m.Year} {
		r := period.Year(year)
		v, ok := s.sum(r)
		if _, split := s.splits(r); split || !ok {
			cells = append(cells, table.Missing("no total"))
			continue
		}
		cells = append(cells, b.sumCell(s, figureID(s.ID, s.Place.Code, r.String()), r, v))
	}
	for len(cells) < 6 {
		cells = append(cells, table.Missing("not compared"))
	}
	return cells
}

func partID(spec measure) string {
	return strings.TrimPrefix(string(spec.series), "police.")
}

func orWholeYear(sp span) string {
	if sp.whole() {
		return "January to December"
	}
	return sp.words()
}

// monthTable is the table behind the picture: a row a month.
func (b *builder) monthTable(spec measure, s *Series) table.Table {
	a, y := yearName(b.m.Against), yearName(b.m.Year)
	t := table.Table{
		Name: partID(spec) + "-by-month", Title: spec.noun + " by month, " + area(s.Place),
		Columns: []table.Column{
			{Name: "month", Title: "Month"},
			{Name: a, Title: a, Type: table.Count},
			{Name: y, Title: y, Type: table.Count},
		},
	}
	for k := 1; k <= monthsOfYear; k++ {
		t.Add(table.T(time.Month(k).String()), b.monthCell(s, b.m.Against, k), b.monthCell(s, b.m.Year, k))
	}
	return t
}

func (b *builder) monthCell(s *Series, year, month int) table.Cell {
	at := period.NewMonth(year, month)
	v, ok := s.at(at)
	if !ok {
		return table.Missing("not held")
	}
	return b.reg.cell(figureID(s.ID, s.Place.Code, at.String()), table.N(v.Count), origin{
		title: s.Title + ", " + area(s.Place) + ", " + at.Name(), method: "count of the files", editions: v.Editions})
}

// afterTurn is the comparison of the whole months after the day that divides
// the year; false when there is no such day or no such month is held.
func (b *builder) afterTurn(s *Series, sp span) (comparison, bool) {
	e, ok := b.m.turn()
	if !ok {
		return comparison{}, false
	}
	first := int(e.Day.Month())
	if e.Day.Day() > 1 {
		first++
	}
	after := span{max(first, sp.from), sp.to}
	if after.from > after.to || after == sp {
		return comparison{}, false
	}
	return b.compare(s, after, after.words()+", after "+dayAndMonth(e.Day)+" ("+lowerFirst(e.Name)+")"), true
}

func (b *builder) periodTable(spec measure, s *Series, whole, after comparison, hasAfter bool) table.Table {
	t := table.Table{Name: partID(spec) + "-compared", Title: spec.noun + " compared, " + area(s.Place),
		Columns: b.comparisonColumns(table.Column{Name: "months", Title: "Months"})}
	t.Add(append([]table.Cell{table.T(whole.label)}, b.cells(s, whole)...)...)
	if hasAfter {
		t.Add(append([]table.Cell{table.T(after.label)}, b.cells(s, after)...)...)
	}
	return t
}

// notes are what a reader must know of a series: breaks within the months
// shown, forces that are missing, and what the facts say of themselves.
func (b *builder) notes(s *Series) []string {
	early, late := b.m.years()
	shown := period.Range{From: period.NewMonth(early, 1), To: period.NewMonth(late, 12)}
	var out []string
	for _, br := range s.Breaks {
		if shown.From < br.At && br.At <= shown.To {
			out = append(out, br.Sentence)
		}
	}
	for _, lack := range s.Lacks {
		if !b.m.allLack(lack.Force) {
			out = append(out, lack.Reason)
		}
	}
	return append(out, s.Notes...)
}

// draw makes the two pictures from the safe table and the safe totals.
func (b *builder) draw(out *Measure, spec measure, s *Series, sp span) {
	t := chart.Trend{
		ID: "chart-" + out.ID, Title: out.Headline.String(), Desc: b.describe(spec, s, out),
		Unit: capital(s.Unit) + " each month", First: period.NewMonth(b.m.Year, 1), Months: monthsOfYear,
	}
	for _, e := range b.m.Events {
		if e.Day.Year() == b.m.Year {
			t.Events = append(t.Events, chart.Event{Day: e.Day, Name: e.Name})
		}
	}
	t.Lines = []chart.Line{b.line(s, out.Months, 1, b.m.Against, sp), b.line(s, out.Months, 2, b.m.Year, sp)}
	t.Lines[0].Look, t.Lines[1].Look = chart.Earlier, chart.Now
	t.Lines[0].First = period.NewMonth(b.m.Against, 1)
	if e, ok := b.m.turn(); ok {
		day := dayAndMonth(e.Day)
		t.Turn, t.Lines[1].Turns = e.Day, true
		t.Lines[1].Key = yearName(b.m.Year) + ", before " + day
		t.Lines[1].After = yearName(b.m.Year) + ", from " + day + ": " + lowerFirst(e.Name)
	}
	// The pictures are made by package chart, which escapes every word given to it.
	out.Wide, out.Narrow = template.HTML(t.SVG(chart.Wide)), template.HTML(t.SVG(chart.Narrow))
}

// line is one year's line, with its total where it ends.
func (b *builder) line(s *Series, months Exhibit, column, year int, sp span) chart.Line {
	l := chart.Line{Name: yearName(year), Key: yearName(year)}
	for _, row := range months.Table.Table().Rows {
		v := math.NaN()
		if row[column].IsNum {
			v = row[column].Num
		}
		l.Values = append(l.Values, v)
	}
	if sp.from == 0 {
		sp = span{1, 12} // not compared: the year's own total, where there is one
	}
	if f, ok := b.reg.figures[figureID(s.ID, s.Place.Code, sp.in(year).String())]; ok {
		if !sp.whole() {
			l.Name = time.Month(sp.from).String()[:3] + "–" + time.Month(sp.to).String()[:3] + " " + yearName(year)
		}
		l.Label = f.Shown
	}
	return l
}

// describe says what the picture shows to a reader who cannot see it.
func (b *builder) describe(spec measure, s *Series, out *Measure) string {
	var w strings.Builder
	w.WriteString("Line chart of " + s.Unit + " each month in " + yearName(b.m.Against) + " and " + yearName(b.m.Year) + ", " + area(s.Place) + ". ")
	for _, t := range out.Body {
		w.WriteString(t.String() + " ")
	}
	w.WriteString("The table after the chart has every month.")
	return w.String()
}

func dayAndMonth(d time.Time) string {
	return table.Fixed(float64(d.Day()), 0) + " " + d.Month().String()
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
