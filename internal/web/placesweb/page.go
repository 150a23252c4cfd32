package placesweb

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// Pages answers the requests about places.
type Pages struct {
	Kit      *kit.Kit
	Atlas    atlasSource
	Analysis *analysis.Service
}

// placePage is what is known of one place.
type placePage struct {
	kit.Frame
	Code     string
	Lead     string     // the main comparison in a sentence
	Notes    []string   // what a reader of it must know
	Up       []kit.Link // what the place lies in
	People   string
	Question question
	Main     *trendView // nil when there are no figures
	Others   []trendView
	Compared kit.Grid
	Inside   insidePart
	Around   kit.Grid
	Events   []analysis.Event
	Report   string // address of the report about it, "" when reports are not about such places
}

// trendView is one series over time: the message, the picture, the numbers.
type trendView struct {
	ID       string
	Headline string
	Wide     template.HTML
	Narrow   template.HTML
	Months   kit.Grid
	Href     string // makes it the main series of the page
}

// insidePart is what lies in the place.
type insidePart struct {
	Title  string
	Levels kit.Select
	Map    *mapView
	Grid   kit.Grid
	Names  []kit.Link // the places, when there is no figure to make a table of
}

// question is what the page's form asks; all of it is in the address.
type question struct {
	Series  kit.Select
	Period  string
	Against string
	Inside  string
	Known   string // the day whose knowledge is shown; "" for today's
	Error   string
}

// Place shows one place.
func (p *Pages) Place(w http.ResponseWriter, r *http.Request) error {
	atlas, at, err := p.placeOf(r)
	if err != nil {
		return err
	}
	prof, wrong, err := p.profile(r, at.Place)
	if err != nil {
		return err
	}
	page := &placePage{
		Frame: kit.Frame{Title: at.Name, Caption: capital(places.Title(at.Level)), Section: "places", Crumbs: crumbs(prof.Up)},
		Code:  at.Code, Question: ask(r.URL.Query(), prof, wrong), Up: links(prof.Up), Report: reportPath(prof),
	}
	if wrong != "" {
		page.Errors, page.Status = []kit.FieldError{{Field: "period", Text: wrong}}, http.StatusBadRequest
	}
	if prof.People > 0 {
		page.People = table.Fixed(prof.People, 0) + " people in " + prof.Period.To.First()[:4]
		if prof.PeopleNote != "" {
			page.People += ", estimated: " + prof.PeopleNote
		}
	}
	page.fill(r.URL.Query(), atlas, prof)
	return p.Kit.Render(w, r, "place", page)
}

// profile asks what the place is like. A period that cannot be read, or two
// that cannot be compared, is answered with the usual ones and the reason.
func (p *Pages) profile(r *http.Request, at ids.Place) (prof *analysis.PlaceProfile, wrong string, err error) {
	q := r.URL.Query()
	question := analysis.ProfileQuestion{Place: at, Main: ids.Series(q.Get("series")), Inside: ids.Level(q.Get("inside"))}
	if question.Main != "" {
		if _, err := analysis.FindSeries(question.Main); err != nil {
			return nil, "", err
		}
	}
	period, against, err := periods(q)
	if err == nil {
		question.Known, err = day(q.Get("known"))
	}
	if err != nil {
		wrong = strings.TrimSpace(kit.Sentence(err) + " " + capital(errs.HintOf(err)))
	} else {
		question.Period, question.Against = period, against
	}
	prof, err = p.Analysis.Profile(r.Context(), kit.Actor(r), question)
	if err == nil && prof.Main != nil && !has(prof.Available, prof.Main.ID) {
		// Small places do not have every series: show those there are.
		question.Main = ""
		prof, err = p.Analysis.Profile(r.Context(), kit.Actor(r), question)
	}
	return prof, wrong, err
}

// day reads the day whose knowledge is asked for; "" is now. Errors: Invalid.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, errs.New(errs.Invalid, "%q is not a day", text).WithHint("write it as 2020-07-01")
	}
	return t, nil
}

func has(available []analysis.Availability, id ids.Series) bool {
	return slices.ContainsFunc(available, func(a analysis.Availability) bool { return a.Series.ID == id })
}

// periods reads the two periods of the address; empty ones are the usual ones.
func periods(q url.Values) (now, against period.Range, err error) {
	if text := q.Get("period"); text != "" {
		if now, err = period.ParseRange(text); err != nil {
			return now, against, err
		}
	}
	if text := q.Get("against"); text != "" {
		if against, err = period.ParseRange(text); err != nil {
			return now, against, err
		}
	}
	if (now == period.Range{}) && (against != period.Range{}) {
		return now, against, errs.New(errs.Invalid, "say which period is compared with %s", against)
	}
	if (against != period.Range{}) && now.From <= against.To && against.From <= now.To {
		return now, against, errs.New(errs.Invalid, "%s and %s overlap, so they cannot be compared", now, against).
			WithHint("choose two periods that share no month")
	}
	return now, against, nil
}

// ask fills the page's form with what was asked, or what is shown instead.
func ask(q url.Values, prof *analysis.PlaceProfile, wrong string) question {
	out := question{Period: q.Get("period"), Against: q.Get("against"), Inside: q.Get("inside"), Known: q.Get("known"), Error: wrong}
	if prof.Main == nil {
		return out
	}
	if out.Period == "" {
		out.Period = writeRange(prof.Period)
	}
	if out.Against == "" {
		out.Against = writeRange(prof.Against)
	}
	var pairs [][2]string
	for _, a := range prof.Available {
		pairs = append(pairs, [2]string{string(a.Series.ID), a.Series.Title})
	}
	out.Series = kit.Select{ID: "series", Label: "Series", Options: kit.Options(string(prof.Main.ID), pairs...)}
	return out
}

// writeRange writes a period as ParseRange reads it.
func writeRange(r period.Range) string { return strings.ReplaceAll(r.String(), " to ", "..") }

func crumbs(up []places.Place) []kit.Link {
	out := []kit.Link{section}
	for i := len(up) - 1; i >= 0; i-- {
		out = append(out, kit.Link{Text: up[i].Name, Href: pathOf(up[i].Place)})
	}
	return out
}

func links(all []places.Place) []kit.Link {
	out := make([]kit.Link, len(all))
	for i, one := range all {
		out[i] = kit.Link{Text: one.Name + " (" + places.Title(one.Level) + ")", Href: pathOf(one.Place)}
	}
	return out
}

// reportPath is the violence report about the place, for the years in view.
func reportPath(prof *analysis.PlaceProfile) string {
	switch prof.Place.Level {
	case places.Region, places.PFA, places.Borough:
	default:
		return ""
	}
	if prof.Main == nil {
		return ""
	}
	return kit.Address("/reports/violence", url.Values{"place": {prof.Place.Place.String()}, "year": {prof.Period.To.First()[:4]}})
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
