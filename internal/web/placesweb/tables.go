package placesweb

import (
	"math"
	"net/http"
	"net/url"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// trendTable is the months of a series.
func trendTable(t *analysis.Trend) *table.Table {
	out := &table.Table{Name: string(t.Series.ID) + "-" + t.Place.Code + "-by-month", Title: t.Series.Title + " in " + t.Place.Name + ", by month",
		Columns: []table.Column{{Name: "month", Title: "Month"}, {Name: "count", Title: capital(t.Series.Unit), Type: table.Count, Decimals: decimals(t)}}, Notes: t.Notes}
	for _, p := range held(t.Points) {
		cell := table.Missing("no figure")
		if p.Known {
			cell = table.N(p.Value).Of(string(p.Figure))
		}
		out.Add(table.T(p.Month.String()), cell)
	}
	return out
}

// decimals is one where values were shared out between places, else none.
func decimals(t *analysis.Trend) int {
	for _, p := range t.Points {
		if p.Known && p.Value != math.Trunc(p.Value) {
			return 1
		}
	}
	return 0
}

func trendGrid(t *analysis.Trend) kit.Grid {
	tab := trendTable(t)
	return kit.GridOf(tab, figureLinks(tab))
}

// figureLinks leads from each number that is a figure to its lineage.
func figureLinks(t *table.Table) func(row, col int) string {
	return func(row, col int) string { return figurePath(ids.Figure(t.Rows[row][col].Figure)) }
}

// comparedTable is every series of the page in two periods.
func comparedTable(prof *analysis.PlaceProfile) *table.Table {
	t := &table.Table{Name: "compared-" + prof.Place.Code, Title: analysis.Period(prof.Period) + " against " + analysis.Period(prof.Against),
		Columns: []table.Column{
			{Name: "series", Title: "Series"}, {Name: "before", Title: analysis.Period(prof.Against), Type: table.Count},
			{Name: "now", Title: analysis.Period(prof.Period), Type: table.Count},
			{Name: "change_percent", Title: "Change", Type: table.Percent, Decimals: 1, Signed: true},
			{Name: "low_percent", Title: "95% interval, from", Type: table.Percent, Decimals: 1, Signed: true},
			{Name: "high_percent", Title: "95% interval, to", Type: table.Percent, Decimals: 1, Signed: true},
			{Name: "sure", Title: "How sure"},
		}}
	for _, c := range prof.Comparisons {
		cells := []table.Cell{table.T(c.Series.Title), sideCell(&c.Before), sideCell(&c.Now)}
		t.Add(append(cells, changeCells(c)...)...)
	}
	return t
}

func sideCell(s *analysis.Side) table.Cell {
	if !s.Summed || len(s.Months) == 0 {
		return table.Missing("no figure")
	}
	return table.N(s.Total).Of(string(s.Figure))
}

// changeCells are the change of a comparison, its interval and what it means.
func changeCells(c *analysis.Comparison) []table.Cell {
	if c.Change == nil {
		none := table.Missing("not compared")
		return []table.Cell{none, none, none, table.T(c.Why)}
	}
	return []table.Cell{
		number(c.Change.Percent).Of(string(c.Percent)), number(c.Change.Interval.Low).Of(string(c.Low)),
		number(c.Change.Interval.High).Of(string(c.High)), table.T(sureWords(c.Change, c.Series)),
	}
}

// number is a cell; what has no value, such as the upper end of a change from
// none, is blank.
func number(v float64) table.Cell {
	if math.IsInf(v, 0) {
		return table.Missing("no limit")
	}
	return table.N(v)
}

// sureWords says how sure a change is and, where one way is better, which way
// it went.
func sureWords(c *analysis.Change, s *analysis.Series) string {
	if v := c.Verdict(s.Polarity); v != "" {
		return v + ", " + c.Sure.String()
	}
	return c.Sure.String()
}

func comparedGrid(prof *analysis.PlaceProfile) kit.Grid {
	t := comparedTable(prof)
	g := kit.GridOf(t, figureLinks(t))
	g.Stack = true
	return g
}

// insideTable compares the places inside, aroundTable those around.
func insideTable(prof *analysis.PlaceProfile) *table.Table {
	kind, _ := places.TypeOf(prof.Inside.Level)
	return rowsTable(prof, "inside-"+prof.Place.Code, prof.Main.Title+": "+kind.Plural+" inside "+prof.Place.Name, prof.Inside)
}

func aroundTable(prof *analysis.PlaceProfile) *table.Table {
	return rowsTable(prof, "around-"+prof.Place.Code, prof.Main.Title+": places around "+prof.Place.Name, prof.Around)
}

func rowsTable(prof *analysis.PlaceProfile, name, title string, in analysis.PlaceTable) *table.Table {
	t := &table.Table{Name: name, Title: title, Notes: in.Notes, Columns: []table.Column{
		{Name: "place", Title: "Place"}, {Name: "code", Title: "Code"},
		{Name: "before", Title: analysis.Period(prof.Against), Type: table.Count, Decimals: estimated(in)},
		{Name: "now", Title: analysis.Period(prof.Period), Type: table.Count, Decimals: estimated(in)},
		{Name: "change_percent", Title: "Change", Type: table.Percent, Decimals: 1, Signed: true},
		{Name: "rate", Title: "Per 1,000 people", Type: table.Number, Decimals: 1},
		{Name: "rate_low", Title: "95% interval, from", Type: table.Number, Decimals: 1},
		{Name: "rate_high", Title: "95% interval, to", Type: table.Number, Decimals: 1},
		{Name: "sure", Title: "How sure of the change"},
	}}
	for _, row := range in.Rows {
		cells := []table.Cell{table.T(row.Place.Name), table.T(row.Place.Code)}
		t.Add(append(cells, rowCells(row, prof.Main)...)...)
	}
	return t
}

func estimated(in analysis.PlaceTable) int {
	for _, row := range in.Rows {
		if row.Estimated {
			return 1
		}
	}
	return 0
}

// rowCells are a place's numbers; the rates of a table are all per 1,000, so
// that they can be compared.
func rowCells(row analysis.PlaceRow, s *analysis.Series) []table.Cell {
	none := table.Missing("no figure")
	if !row.Known {
		return []table.Cell{none, none, none, none, none, none, table.T("")}
	}
	cells := []table.Cell{table.N(row.Before), table.N(row.Now)}
	if row.Change == nil {
		cells = append(cells, table.Missing("not compared"))
	} else {
		cells = append(cells, number(row.Change.Percent))
	}
	if row.Rate == nil {
		cells = append(cells, none, none, none)
	} else {
		scale := 1000 / row.Rate.Per
		cells = append(cells, table.N(row.Rate.Value*scale), table.N(row.Rate.Interval.Low*scale), table.N(row.Rate.Interval.High*scale))
	}
	sure := ""
	if row.Change != nil {
		sure = sureWords(row.Change, s)
	}
	return append(cells, table.T(sure))
}

// rowsGrid shows a table of places, each a link to its page with the same
// question, sorted as the address says.
func rowsGrid(t *table.Table, rows []analysis.PlaceRow, base string, q url.Values, part string) kit.Grid {
	paths := map[string]string{}
	keep := kit.With(kit.With(q, "inside", ""), "sort", "")
	for _, row := range rows {
		paths[row.Place.Code] = kit.Address(pathOf(row.Place.Place), keep)
	}
	const code = 1
	if err := kit.Sort(t, q.Get("sort")); err != nil {
		t.Notes = append(t.Notes, kit.Sentence(err))
	}
	g := kit.GridOf(t, func(row, col int) string {
		if col == 0 {
			return paths[t.Rows[row][code].Text]
		}
		return ""
	}).WithData(base+"/"+part, q)
	if part == "inside" {
		g = g.Sortable(t, base, q)
		for i := range g.Columns {
			g.Columns[i].Href += "#inside"
		}
	}
	return g.Without(code)
}

// Table hands one of the page's tables over as CSV or JSON.
func (p *Pages) Table(w http.ResponseWriter, r *http.Request) error {
	_, at, err := p.placeOf(r)
	if err != nil {
		return err
	}
	prof, wrong, err := p.profile(r, at.Place)
	switch {
	case err != nil:
		return err
	case wrong != "":
		return errs.New(errs.Invalid, "%s", wrong)
	case prof.Main == nil:
		return errs.New(errs.NotFound, "no figures are kept for %s", at.Name)
	}
	t, err := tableOf(prof, kit.TableName(r))
	if err != nil {
		return err
	}
	if err := kit.Sort(t, r.URL.Query().Get("sort")); err != nil && kit.TableName(r) == "inside" {
		return err
	}
	return kit.WriteTable(w, kit.FormatOf(r), t)
}

func tableOf(prof *analysis.PlaceProfile, name string) (*table.Table, error) {
	switch name {
	case "compared":
		return comparedTable(prof), nil
	case "inside":
		return insideTable(prof), nil
	case "around":
		return aroundTable(prof), nil
	case "trend":
		for _, t := range prof.Trends {
			if t.Series.ID == prof.Main.ID {
				return trendTable(t), nil
			}
		}
	}
	return nil, errs.New(errs.NotFound, "a place has no table %q", name)
}
