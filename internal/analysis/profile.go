package analysis

import (
	"context"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// ProfileQuestion asks what a place is like.
type ProfileQuestion struct {
	Place   ids.Place
	Series  []ids.Series // none takes the usual ones that have figures there
	Main    ids.Series   // the series of the tables of places; "" takes the first
	Period  period.Range // zero takes the last twelve months that have figures
	Against period.Range // zero takes as many months, a year before
	Inside  ids.Level    // the level of the places inside; "" takes the usual one
	Known   time.Time    // as known at this moment; zero means now
}

// PlaceProfile is a place's page: how its series ran, how they changed, and
// what is inside and around it.
type PlaceProfile struct {
	Place       places.Place
	Up          []places.Place // what it lies in, smallest first
	Period      period.Range
	Against     period.Range
	Available   []Availability
	Main        *Series // nil when there are no figures at all
	Trends      []*Trend
	Comparisons []*Comparison // one for each trend
	Levels      []ids.Level   // levels that have places inside
	Inside      PlaceTable
	Around      PlaceTable
	People      float64 // population in the year of the period's end; 0 when not known
	PeopleNote  string
}

// PlaceTable compares some places in the main series.
type PlaceTable struct {
	Level ids.Level
	Rows  []PlaceRow // in the order of names
	Notes []string   // what holds for all of them, once each
}

// PlaceRow is one place of a table.
type PlaceRow struct {
	Place     places.Place
	Known     bool // figures are kept for every month of both periods
	Now       float64
	Before    float64
	Change    *Change // nil when they cannot be compared
	Rate      *Rate   // of now; nil without a population
	Estimated bool
}

// trendYears is how many years a profile's trends go back.
const trendYears = 3

// usual are the series a profile shows, in its order, where they have figures.
var usual = []ids.Series{
	"police.violence-against-the-person", "police.violence-with-injury", "police.knife-crime", "police.robbery",
	"police.violence-and-sexual-offences", "police.homicide-victims", "police.sexual-offences",
	"police.domestic-abuse-offences", "police.gun-crime", "police.burglary",
}

// mostSeries is how many series a profile shows when none are asked for.
const mostSeries = 8

// Profile returns a place's profile. A place without figures has one too, with
// what is known of the place itself. Errors: Forbidden, NotFound.
func (s *Service) Profile(ctx context.Context, actor access.Actor, q ProfileQuestion) (_ *PlaceProfile, err error) {
	defer errs.Wrap(&err, "analysis.Profile(%s)", q.Place)
	if err := access.Check(actor, access.FiguresRead); err != nil {
		return nil, err
	}
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	available, err := s.Facts.Available(ctx, actor.Unit, q.Place, q.Known)
	if err != nil {
		return nil, err
	}
	place, _ := atlas.Get(q.Place)
	p := &profiling{s: s, actor: actor, atlas: atlas, q: q, out: &PlaceProfile{Place: place, Available: available}}
	p.settle()
	for _, step := range []func(context.Context) error{p.trends, p.inside, p.around} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return p.out, nil
}

// profiling is one profile on its way.
type profiling struct {
	s     *Service
	actor access.Actor
	atlas *places.Atlas
	q     ProfileQuestion
	out   *PlaceProfile
}

// settle decides what was left open in the question.
func (p *profiling) settle() {
	p.out.Up = p.containers()
	p.out.Levels = p.innerLevels()
	if len(p.q.Series) == 0 {
		p.q.Series = chooseSeries(p.out.Available)
		if p.q.Main != "" && !slices.Contains(p.q.Series, p.q.Main) {
			p.q.Series = append([]ids.Series{p.q.Main}, p.q.Series...)
		}
	}
	if len(p.q.Series) == 0 {
		return
	}
	if p.q.Main == "" {
		p.q.Main = p.q.Series[0]
	}
	p.out.Main, _ = FindSeries(p.q.Main)
	p.settlePeriods()
	if people, ok := p.atlas.PopulationOf(p.q.Place, p.out.Period.To.Year(), places.Everybody); ok {
		p.out.People, p.out.PeopleNote = people.Persons, people.Note
	}
}

func chooseSeries(available []Availability) []ids.Series {
	var out []ids.Series
	for _, id := range usual {
		if len(out) < mostSeries && slices.ContainsFunc(available, func(a Availability) bool { return a.Series.ID == id }) {
			out = append(out, id)
		}
	}
	if len(out) == 0 && len(available) > 0 {
		for _, a := range available[:min(len(available), mostSeries)] {
			out = append(out, a.Series.ID)
		}
	}
	return out
}

// settlePeriods takes the last twelve months that the main series has, and the
// twelve before.
func (p *profiling) settlePeriods() {
	p.out.Period, p.out.Against = p.q.Period, p.q.Against
	if p.out.Period == (period.Range{}) {
		last := period.NewMonth(2000, 12)
		for _, a := range p.out.Available {
			if a.Series.ID == p.q.Main {
				last = a.Range.To
			}
		}
		p.out.Period = period.Range{From: last - 11, To: last}
	}
	if p.out.Against == (period.Range{}) {
		p.out.Against = period.Range{From: p.out.Period.From - 12, To: p.out.Period.To - 12}
	}
}

// containers returns what the place lies in, smallest first, one a kind.
func (p *profiling) containers() []places.Place {
	var out []places.Place
	for _, l := range p.atlas.Levels() {
		if l.Type() == p.q.Place.Level.Type() || len(out) > 0 && out[len(out)-1].Level.Type() == l.Type() {
			continue
		}
		if up, ok := p.atlas.Up(p.q.Place, l); ok {
			place, _ := p.atlas.Get(up)
			out = append(out, place)
		}
	}
	return out
}

// inner says which kinds of place a page shows inside one of a kind.
var inner = map[string][]string{
	"region": {"borough"}, "pfa": {"borough"}, "csp": {"borough"}, "bcu": {"borough"},
	"borough": {"ward", "msoa", "lsoa"}, "ward": {"lsoa"}, "msoa": {"lsoa"},
}

func (p *profiling) innerLevels() []ids.Level {
	var out []ids.Level
	for _, kind := range inner[p.q.Place.Level.Type()] {
		for _, l := range p.atlas.Vintages(kind) {
			if len(p.atlas.Down(p.q.Place, l)) > 0 {
				out = append(out, l)
			}
		}
	}
	return out
}

// trends asks once for all series, and makes both the trends and the
// comparisons of it.
func (p *profiling) trends(ctx context.Context) error {
	if p.out.Main == nil {
		return nil
	}
	r := period.Range{From: min(p.out.Against.From, p.out.Period.To-12*trendYears+1), To: p.out.Period.To}
	t, err := p.s.Facts.Counts(ctx, p.actor.Unit, records.FactQuery{Series: p.q.Series, Places: []ids.Place{p.q.Place}, Ranges: []period.Range{r}, Known: p.q.Known})
	if err != nil {
		return err
	}
	for i := range t.Lines {
		trend, err := trendLine(p.atlas, TrendQuestion{Range: r, Known: p.q.Known}, t, i)
		if err != nil {
			return err
		}
		p.out.Trends = append(p.out.Trends, trend)
		c, err := compareLine(p.atlas, CompareQuestion{Series: t.Lines[i].Series.ID, Place: p.q.Place, Period: p.out.Period,
			Against: p.out.Against, Known: p.q.Known, Source: t.Lines[i].Source}, t, i)
		if err != nil {
			return err
		}
		p.out.Comparisons = append(p.out.Comparisons, c)
	}
	return nil
}

// inside fills the table of the places inside: those of the level asked for,
// or of the first whose figures are its own.
func (p *profiling) inside(ctx context.Context) error {
	levels := p.out.Levels
	if p.q.Inside != "" {
		levels = []ids.Level{p.q.Inside}
	}
	for _, l := range levels {
		t, err := p.placeTable(ctx, p.atlas.Down(p.q.Place, l))
		if err != nil {
			return err
		}
		t.Level = l
		if own := t.own(); own || p.out.Inside.Level == "" {
			p.out.Inside = t
			if own {
				break
			}
		}
	}
	return nil
}

// own reports whether the table's figures are known and not worked out from
// another vintage.
func (t *PlaceTable) own() bool {
	return slices.ContainsFunc(t.Rows, func(r PlaceRow) bool { return r.Known && !r.Estimated })
}

func (p *profiling) around(ctx context.Context) (err error) {
	p.out.Around, err = p.placeTable(ctx, p.atlas.Neighbours(p.q.Place, places.Queen))
	p.out.Around.Level = p.q.Place.Level
	return err
}
