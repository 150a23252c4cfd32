package publishing

import (
	"html/template"
	"strconv"

	"openvru/internal/chart"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/table"
)

// homicide builds the table of victims by year and kind. Years are whole: a
// year with a month missing is left out rather than shown short.
func (b *builder) homicide() error {
	years := b.m.homicideYears()
	if len(years) == 0 {
		b.report.NotHeld = append(b.report.NotHeld, NotHeld{homicideTotal, "Homicide victims by year and kind"})
		return nil
	}
	b.reg.open("homicide", "Homicide")
	out := Homicide{}
	var err error
	if out.Years, err = b.reg.pass(b.homicideTable(years)); err != nil {
		return err
	}
	all := find(b.m.Homicide, homicideTotal)
	out.Notes = append(b.notes(all), "Victims are counted by the month in which the death was recorded as homicide. Recorded offences of homicide, which are part of violence against the person, are counted otherwise and can differ.")
	if err := b.homicideWords(&out, all, years); err != nil {
		return err
	}
	b.homicideChart(&out, years)
	b.define(all)
	b.report.Homicide = &out
	if years[len(years)-1] == b.m.Year {
		b.report.Summary = append(b.report.Summary, Point{out.Headline, "homicide"})
	}
	return nil
}

func (b *builder) homicideTable(years []int) table.Table {
	t := table.Table{Name: "homicide-by-year", Title: "Victims of homicide by year and kind, " + area(b.m.Place),
		Columns: []table.Column{{Name: "kind", Title: "Kind"}}}
	for _, y := range years {
		t.Columns = append(t.Columns, table.Column{Name: yearName(y), Title: yearName(y), Type: table.Count})
	}
	for _, k := range homicideKinds {
		row := []table.Cell{table.T(k.title)}
		for _, y := range years {
			row = append(row, b.homicideCell(k, y))
		}
		t.Add(row...)
	}
	return t
}

func (b *builder) homicideCell(k kind, year int) table.Cell {
	s := find(b.m.Homicide, k.series)
	if s == nil {
		return table.Missing("not held")
	}
	v, ok := s.sum(period.Year(year))
	if !ok {
		return table.Missing("not held")
	}
	o := origin{title: s.Title + ", " + area(s.Place) + ", " + yearName(year), method: "sum of the files' counts over 12 months"}
	seen := map[int]bool{}
	for _, month := range period.Year(year).Months() {
		at, _ := s.at(month)
		for _, e := range at.Editions {
			if !seen[e] {
				seen[e] = true
				o.editions = append(o.editions, e)
			}
		}
	}
	return b.reg.cell(homicideFigure(s, year), table.N(v), o)
}

func homicideFigure(s *Series, year int) ids.Figure {
	return figureID(s.ID, s.Place.Code, yearName(year))
}

// homicideWords compares the report's two years where both are held, and
// otherwise says only how many there were.
func (b *builder) homicideWords(out *Homicide, all *Series, years []int) error {
	spec := measure{series: homicideTotal, noun: "Homicide victims", plural: true}
	if _, ok := all.sum(period.Year(b.m.Against)); !ok || years[len(years)-1] != b.m.Year {
		last := years[len(years)-1]
		out.Headline = b.homicideCount(homicideFigure(all, last), last)
		if last != b.m.Year {
			out.Notes = append([]string{"Homicide victims of " + yearName(b.m.Year) + " are not held for all its months. The last whole year held is " + yearName(last) + "."}, out.Notes...)
		}
		out.Body = []Text{b.ofWhom(all, last)}
		return nil
	}
	c := b.compare(all, span{1, 12}, "January to December")
	_, err := b.reg.pass(table.Table{Name: "homicide-compared", Title: "Victims of homicide compared",
		Columns: b.comparisonColumns(table.Column{Name: "months", Title: "Months"}),
		Rows:    [][]table.Cell{append([]table.Cell{table.T(c.label)}, b.cells(all, c)...)}})
	if err != nil {
		return err
	}
	out.Headline = b.headline(spec, span{1, 12}, c)
	out.Body = []Text{b.body(all, span{1, 12}, c), b.ofWhom(all, b.m.Year)}
	b.total(spec, all, c)
	return nil
}

func (b *builder) homicideCount(f ids.Figure, year int) Text {
	if _, ok := b.reg.value(f); !ok {
		return Text{}.words("The number of victims of homicide in " + yearName(year) + " is withheld")
	}
	return Text{}.words("There were ").figure(b.shown(f), f).words(" victims of homicide in " + yearName(year))
}

// ofWhom says how the victims of a year divide.
func (b *builder) ofWhom(all *Series, year int) Text {
	shown := func(id ids.Series) (string, ids.Figure, bool) {
		f := figureID(id, all.Place.Code, yearName(year))
		_, ok := b.reg.value(f)
		return b.shown(f), f, ok
	}
	var parts []Text
	for _, k := range []struct {
		id    ids.Series
		words string
	}{
		{"police.homicide-victims.knife", " were killed with a knife or sharp instrument"},
		{"police.homicide-victims.firearm", " with a firearm"},
		{"police.homicide-victims.under-25", " were under 25"},
		{"police.homicide-victims.domestic", " died in cases of domestic abuse"},
	} {
		if words, f, ok := shown(k.id); ok {
			parts = append(parts, Text{}.figure(words, f).words(k.words))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	t := Text{}.words("Of the victims in " + yearName(year) + ", ")
	for i, part := range parts {
		switch {
		case i > 0 && i == len(parts)-1:
			t = t.words(" and ")
		case i > 0:
			t = t.words(", ")
		}
		t = append(t, part...)
	}
	return t.words("; one victim can be in several of these groups.")
}

func (b *builder) homicideChart(out *Homicide, years []int) {
	bars := chart.Bars{ID: "chart-homicide", Title: out.Headline.String(), Unit: "Victims in the year",
		Desc: "Bar chart of victims of homicide in each year, " + area(b.m.Place) + ". The table after the chart has every year and kind."}
	t := out.Years.Table.Table()
	for i, y := range years {
		cell := t.Rows[0][i+1]
		bars.Bars = append(bars.Bars, chart.Bar{Name: strconv.Itoa(y), Value: cell.Num, Label: t.Columns[i+1].Show(cell), Mark: y == b.m.Year})
	}
	// The pictures are made by package chart, which escapes every word given to it.
	out.Wide, out.Narrow = template.HTML(bars.SVG(chart.Wide)), template.HTML(bars.SVG(chart.Narrow))
}
