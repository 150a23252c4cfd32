package publishingweb

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/publishing"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// reportPage is the violence report with the choice of what it is about.
type reportPage struct {
	kit.Frame
	Place    kit.Select
	Year     kit.Select
	Against  kit.Select
	Known    string
	Body     template.HTML // "" when there is no report
	Why      string        // why there is none
	Hint     string
	Download string
}

// Report shows the report, with the same body as the file.
func (p *Pages) Report(w http.ResponseWriter, r *http.Request) error {
	o, page, err := p.question(r)
	if err != nil {
		return err
	}
	report, err := p.Reports.ViolenceReport(r.Context(), kit.Actor(r), o)
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Conflict, errs.Invalid:
		page.Why, page.Hint, page.Status = kit.Sentence(err), errs.HintOf(err), kit.Status(err)
		return p.Kit.Render(w, r, "report", page)
	}
	if err != nil {
		return err
	}
	query := address(o)
	page.Body, err = publishing.Body(report, publishing.Links{
		Figure: figurePath,
		CSV:    func(exhibit string) string { return kit.Address(base+"/tables/"+url.PathEscape(exhibit)+".csv", query) },
	})
	if err != nil {
		return err
	}
	page.Title, page.Download = report.Title, kit.Address(base+"/file", query)
	return p.Kit.Render(w, r, "report", page)
}

// File hands the report over as one file that needs nothing else. An analyst's
// is kept, so that its figures can be followed for good.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	o, _, err := p.question(r)
	if err != nil {
		return err
	}
	o.Keep = may(r, access.ReportBuild) && kit.AskedHere(r)
	report, err := p.Reports.ViolenceReport(r.Context(), kit.Actor(r), o)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := publishing.WriteHTML(&out, report); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", kit.Attachment("violence-"+o.Place.Code+"-"+strconv.Itoa(o.Year)+"-against-"+strconv.Itoa(o.Against)+".html"))
	_, err = out.WriteTo(w)
	return err
}

// Table hands one of the report's tables over as CSV or JSON.
func (p *Pages) Table(w http.ResponseWriter, r *http.Request) error {
	_, report, err := p.built(r)
	if err != nil {
		return err
	}
	name := kit.TableName(r)
	for _, e := range report.Exhibits() {
		if e.Name == name {
			t := e.Table.Table()
			t.Name = name
			return kit.WriteTable(w, kit.FormatOf(r), &t)
		}
	}
	return errs.New(errs.NotFound, "the report has no table %q", name)
}

// question reads what the address asks, fills in the rest, and makes the page
// with its form.
func (p *Pages) question(r *http.Request) (publishing.Options, *reportPage, error) {
	actor, q := kit.Actor(r), r.URL.Query()
	var o publishing.Options
	page := &reportPage{Frame: kit.Frame{Title: "Violent-crime report", Section: "reports", Plain: true, Style: stylePath}, Known: q.Get("known")}
	if err := access.Check(actor, access.ReportRead); err != nil {
		return o, page, err
	}
	atlas, err := p.Atlas(r.Context(), actor.Unit)
	if err != nil {
		return o, page, err
	}
	if err := read(q, atlas, &o); err != nil {
		return o, page, err
	}
	first, last, err := p.years(r, o.Place)
	if err != nil {
		return o, page, err
	}
	if o.Year == 0 {
		o.Year = last
	}
	if o.Against == 0 {
		o.Against = o.Year - 1
	}
	page.Place = placeChoice(atlas, o.Place)
	page.Year, page.Against = yearChoice("year", "Year", first, last, o.Year), yearChoice("against", "Compared with", first, last, o.Against)
	return o, page, nil
}

// read takes the question from the address. Errors: Invalid, NotFound.
func read(q url.Values, atlas *places.Atlas, o *publishing.Options) error {
	if usual, ok := publishing.UsualPlace(atlas); ok {
		o.Place = usual.Place
	}
	if text := q.Get("place"); text != "" {
		at, err := ids.ParsePlace(text)
		if err != nil {
			return err
		}
		if _, ok := atlas.Get(at); !ok {
			return errs.New(errs.NotFound, "we hold no place %s", at).WithHint("search for it by name or code")
		}
		o.Place = at
	}
	for key, year := range map[string]*int{"year": &o.Year, "against": &o.Against} {
		text := q.Get(key)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 || n > 9999 {
			return errs.New(errs.Invalid, "%q is not a year", text).WithHint("write it with four figures: 2020")
		}
		*year = n
	}
	if text := q.Get("known"); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return errs.New(errs.Invalid, "%q is not a day", text).WithHint("write it as 2020-07-01")
		}
		o.Known = day
	}
	return nil
}

// years are the first year held for a place and the last whole one.
func (p *Pages) years(r *http.Request, at ids.Place) (first, last int, err error) {
	if at.IsZero() {
		return 0, 0, nil
	}
	held, err := p.Facts.Available(r.Context(), kit.Actor(r).Unit, at, time.Time{})
	if err != nil {
		return 0, 0, err
	}
	for _, a := range held {
		from, to := a.Range.From.Year(), a.Range.To.Year()
		if a.Range.To.Of() < 12 && to > from {
			to--
		}
		if first == 0 || from < first {
			first = from
		}
		if a.Series.ID == "police.violence-against-the-person" || last == 0 {
			last = to
		}
	}
	return first, last, nil
}

// yearChoice offers the years that are held, and the one that was asked for.
func yearChoice(id, label string, first, last, chosen int) kit.Select {
	s := kit.Select{ID: id, Label: label}
	years := []int{chosen}
	for y := first; y <= last && y > 0; y++ {
		years = append(years, y)
	}
	slices.Sort(years)
	for _, y := range slices.Backward(slices.Compact(years)) {
		if y <= 0 {
			break
		}
		text := strconv.Itoa(y)
		s.Options = append(s.Options, kit.Option{Value: text, Text: text, Selected: y == chosen})
	}
	return s
}

func placeChoice(atlas *places.Atlas, chosen ids.Place) kit.Select {
	s := kit.Select{ID: "place", Label: "Place"}
	for _, level := range []ids.Level{places.Region, places.PFA, places.Borough} {
		for _, one := range byName(atlas.All(level)) {
			text := one.Name
			if level != places.Borough {
				text += " (" + places.Title(level) + ")"
			}
			s.Options = append(s.Options, kit.Option{Value: one.Place.String(), Text: text, Selected: one.Place == chosen})
		}
	}
	return s
}

// address is the query that asks the same again.
func address(o publishing.Options) url.Values {
	q := url.Values{"place": {o.Place.String()}, "year": {strconv.Itoa(o.Year)}, "against": {strconv.Itoa(o.Against)}}
	if !o.Known.IsZero() {
		q.Set("known", o.Known.Format(time.DateOnly))
	}
	return q
}

// Tables lists the report's tables, each as data.
func (p *Pages) Tables(w http.ResponseWriter, r *http.Request) error {
	o, report, err := p.built(r)
	if err != nil {
		return err
	}
	t := &table.Table{Name: "tables", Title: "Tables of the report", Columns: []table.Column{{Name: "table", Title: "Table"}, {Name: "title", Title: "Title"}, {Name: "csv", Title: "CSV"}}}
	for _, e := range report.Exhibits() {
		t.Add(table.T(e.Name), table.T(e.Table.Table().Title), table.T(kit.Address(base+"/tables/"+url.PathEscape(e.Name)+".csv", address(o))))
	}
	return kit.WriteTable(w, kit.FormatOf(r), t)
}

// built is the report that a request asks for, with its question.
func (p *Pages) built(r *http.Request) (publishing.Options, publishing.Report, error) {
	o, _, err := p.question(r)
	if err != nil {
		return o, publishing.Report{}, err
	}
	report, err := p.Reports.ViolenceReport(r.Context(), kit.Actor(r), o)
	return o, report, err
}
