package placesweb

import (
	"html/template"
	"math"
	"net/url"
	"strings"

	"openvru/internal/analysis"
	"openvru/internal/chart"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// fill puts the figures of a profile on the page.
func (page *placePage) fill(q url.Values, atlas *places.Atlas, prof *analysis.PlaceProfile) {
	base := pathOf(prof.Place.Place)
	for i, t := range prof.Trends {
		view := viewTrend(t, prof.Comparisons[i])
		view.Href = kit.Address(base, kit.With(q, "series", string(t.Series.ID)))
		if t.Series.ID != prof.Main.ID {
			page.Others = append(page.Others, view)
			continue
		}
		page.Lead, page.Notes = prof.Comparisons[i].Sentence, prof.Comparisons[i].Notes
		page.Events = t.Events
		view.Months = trendGrid(t).WithData(base+"/trend", q)
		page.Main = &view
	}
	if prof.Main != nil {
		page.Compared = comparedGrid(prof).WithData(base+"/compared", q)
		page.Inside = viewInside(q, atlas, prof)
		page.Around = rowsGrid(aroundTable(prof), prof.Around.Rows, base, q, "around")
		page.Around.Empty, page.Around.HideName = "No place of the same kind borders it.", true
	}
}

// viewTrend draws a series over its months.
func viewTrend(t *analysis.Trend, c *analysis.Comparison) trendView {
	v := trendView{ID: "trend-" + strings.ReplaceAll(string(t.Series.ID), ".", "-"), Headline: t.Series.Title}
	if c.Change != nil {
		v.Headline = headline(c)
	}
	line, points := chart.Line{Look: chart.Alone}, held(t.Points)
	for _, pt := range points {
		value := math.NaN()
		if pt.Known {
			value = pt.Value
		}
		line.Values = append(line.Values, value)
	}
	last := points[len(points)-1]
	line.Name, line.Label = last.Month.Name(), shown(last)
	picture := chart.Trend{
		ID: v.ID, Title: t.Series.Title + " in " + t.Place.Name + ", by month", Unit: capital(t.Series.Unit) + " each month",
		Desc: "The table below holds the same numbers.", First: points[0].Month, Months: len(points), Lines: []chart.Line{line},
	}
	for _, e := range t.Events {
		picture.Events = append(picture.Events, chart.Event{Day: e.Day, Name: e.Name})
	}
	v.Wide, v.Narrow = template.HTML(picture.SVG(chart.Wide)), template.HTML(picture.SVG(chart.Narrow))
	return v
}

// headline is the message of a chart: the change and what it means.
func headline(c *analysis.Comparison) string {
	text := c.Series.Title + " in " + analysis.Period(c.Now.Range) + ": "
	if math.IsNaN(c.Change.Percent) {
		return text + count(c.Now.Total) + ", from none"
	}
	percent := table.Column{Type: table.Percent, Decimals: 1, Signed: true}
	return text + percent.Show(table.N(c.Change.Percent)) + " on " + analysis.Period(c.Before.Range) + " (" + sureWords(c.Change, c.Series) + ")"
}

// held leaves out the months before the first that has a figure.
func held(points []analysis.Point) []analysis.Point {
	for i, p := range points {
		if p.Known {
			return points[i:]
		}
	}
	return points
}

func shown(p analysis.Point) string {
	if !p.Known {
		return "no figure"
	}
	return count(p.Value)
}

// count writes a count: whole, or with a decimal when it was estimated.
func count(v float64) string {
	if v == math.Trunc(v) {
		return table.Fixed(v, 0)
	}
	return table.Fixed(v, 1)
}

// figurePath is the page of a figure's lineage.
func figurePath(id ids.Figure) string {
	if id == "" {
		return ""
	}
	return "/figures/" + url.PathEscape(string(id))
}

// viewInside shows what lies in the place: a map and a table of the same.
func viewInside(q url.Values, atlas *places.Atlas, prof *analysis.PlaceProfile) insidePart {
	if len(prof.Levels) == 0 {
		return insidePart{}
	}
	kind, _ := places.TypeOf(prof.Inside.Level)
	part := insidePart{Title: capital(kind.Plural) + " inside " + prof.Place.Name + ": " + strings.ToLower(prof.Main.Title[:1]) + prof.Main.Title[1:]}
	if len(prof.Levels) > 1 {
		var pairs [][2]string
		for _, l := range prof.Levels {
			pairs = append(pairs, [2]string{string(l), capital(places.Title(l))})
		}
		part.Levels = kit.Select{ID: "inside", Label: "Kind of place", Options: kit.Options(string(prof.Inside.Level), pairs...)}
	}
	part.Grid = rowsGrid(insideTable(prof), prof.Inside.Rows, pathOf(prof.Place.Place), q, "inside")
	part.Grid.HideName = true
	var inside []places.Place
	held := false
	for _, row := range prof.Inside.Rows {
		inside, held = append(inside, row.Place), held || row.Known
		part.Names = append(part.Names, kit.Link{Text: row.Place.Name, Href: pathOf(row.Place.Place)})
	}
	if held {
		part.Names = nil // the table names them
	}
	if view, ok := draw(atlas, prof.Place.Place, inside, shade(prof)); ok && len(inside) > 0 {
		part.Map = &view
	}
	return part
}

// shade colours a map by rates where every place with a figure has one of the
// same base, else by counts.
func shade(prof *analysis.PlaceProfile) shading {
	when := analysis.Period(prof.Period)
	s := shading{title: prof.Main.Title + ", " + when, unit: prof.Main.Unit, value: map[ids.Place]float64{}}
	rates, per := true, 0.0
	for _, row := range prof.Inside.Rows {
		if !row.Known {
			continue
		}
		per = max(per, perOf(row))
		rates = rates && row.Rate != nil
		s.value[row.Place.Place] = row.Now
	}
	if !rates || per == 0 {
		return s
	}
	s.unit, s.decimals = prof.Main.Unit+" per "+table.Fixed(per, 0)+" people", 1
	for _, row := range prof.Inside.Rows {
		if row.Known {
			s.value[row.Place.Place] = row.Now / row.Rate.People * per
		}
	}
	return s
}

func perOf(row analysis.PlaceRow) float64 {
	if row.Rate == nil {
		return 0
	}
	return row.Rate.Per
}
