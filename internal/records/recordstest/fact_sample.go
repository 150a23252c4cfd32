package recordstest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// The forces and levels of FactAtlas.
const (
	Met  = "E23000001"
	City = "E23000034"

	Ward  ids.Level = "ward-2018"
	LSOA1 ids.Level = "lsoa-2011"
	LSOA2 ids.Level = "lsoa-2021"
)

// FactAtlas is a small London: the region, its two forces, the City and two
// boroughs, each with three wards and four LSOAs of each vintage. The last
// LSOA of 2011 of each borough was cut in two: "…9" became "…91" and "…92".
// Populations are 1,000 an LSOA in 2020.
func FactAtlas() *places.Atlas {
	var m places.Map
	add := func(l ids.Level, code, name string, up ...ids.Place) ids.Place {
		p := ids.Place{Level: l, Code: code}
		m.Places = append(m.Places, places.Place{Place: p, Name: name})
		for _, u := range up {
			m.Links = append(m.Links, places.Link{Child: p, Parent: u})
		}
		return p
	}
	region := add(places.Region, "E12000007", "London")
	met := add(places.PFA, Met, "Metropolitan Police", region)
	city := add(places.PFA, City, "City of London Police", region)
	for i, b := range []struct {
		name  string
		force ids.Place
	}{{"City of London", city}, {"Barking and Dagenham", met}, {"Barnet", met}} {
		code := fmt.Sprintf("E0900000%d", i+1)
		borough := add(places.Borough, code, b.name, b.force, region)
		for w := range 3 {
			add(Ward, fmt.Sprintf("E0500%d%03d", i+1, w), fmt.Sprintf("%s ward %d", b.name, w), borough)
		}
		addLSOAs(&m, add, i+1, b.name, borough)
	}
	atlas, err := places.NewAtlas(m)
	if err != nil {
		panic(err)
	}
	return atlas
}

func addLSOAs(m *places.Map, add func(ids.Level, string, string, ...ids.Place) ids.Place, i int, name string, borough ids.Place) {
	pair := func(old, now ids.Place) { m.Pairs = append(m.Pairs, places.Pair{From: old, To: now}) }
	people := func(p ids.Place, n float64) {
		m.Populations = append(m.Populations, places.Population{Place: p, Year: 2020, Group: places.Everybody, Persons: n, Source: "test"})
	}
	for n := range 3 {
		code := fmt.Sprintf("E0100%d00%d", i, n)
		old := add(LSOA1, code, fmt.Sprintf("%s 00%dA", name, n), borough)
		now := add(LSOA2, code, fmt.Sprintf("%s 00%dA", name, n), borough)
		pair(old, now)
		people(old, 1000)
		people(now, 1000)
	}
	old := add(LSOA1, fmt.Sprintf("E0100%d009", i), name+" 009A", borough)
	people(old, 1000)
	for n, persons := range []float64{750, 250} {
		now := add(LSOA2, fmt.Sprintf("E0100%d09%d", i, n+1), fmt.Sprintf("%s 009%c", name, 'B'+n), borough)
		pair(old, now)
		people(now, persons)
	}
}

// AtlasOf gives the atlas to a reader of facts.
func AtlasOf(a *places.Atlas) func(context.Context, ids.Unit) (*places.Atlas, error) {
	return func(context.Context, ids.Unit) (*places.Atlas, error) { return a, nil }
}

// Counted is one count to put into an edition: Place at Level is in Force.
type Counted struct {
	Category string // key
	Month    string
	Place    ids.Place // zero for a row that lies in no place
	Count    int32
}

// EditionOf counts rows of one force into an edition, as intake would, with the
// months claimed whether or not a row falls in them.
func EditionOf(atlas *places.Atlas, spec records.FactSpec, force string, months period.Range, rows []Counted) records.EditionFacts {
	b := records.NewFactBuilder(atlas, spec)
	b.Cover(0, months)
	for _, r := range rows {
		m, err := period.ParseMonth(r.Month)
		if err != nil {
			panic(err)
		}
		row := records.Row{Month: m, Count: r.Count, Category: uint16(slices.Index(spec.Categories, r.Category))}
		refs := make([]places.Ref, len(spec.Levels))
		for i, l := range spec.Levels {
			refs[i] = places.None
			if up, ok := atlas.Up(r.Place, l); ok && !r.Place.IsZero() {
				refs[i], _ = atlas.Ref(up)
			}
		}
		b.Add(&row, refs)
	}
	facts, err := b.Build([]string{force})
	if err != nil {
		panic(err)
	}
	return facts
}

// Clock is a clock that moves on by an hour each time it is read.
type Clock struct{ now time.Time }

// NewClock returns a Clock at noon on a day: "2020-06-01".
func NewClock(day string) *Clock {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		panic(err)
	}
	return &Clock{t.Add(12 * time.Hour)}
}

// Now returns the time and moves on.
func (c *Clock) Now() time.Time { c.now = c.now.Add(time.Hour); return c.now }

// Event returns an event of a unit, as a service would make it.
func (c *Clock) Event(unit ids.Unit, action access.Action) access.Event {
	now := c.Now()
	id := ids.Maker{Now: func() time.Time { return now }, Rand: Zeroes{}}.New()
	return access.Event{ID: ids.Event(fmt.Sprintf("%s-%d", id, now.UnixNano())), Unit: unit, At: now, Person: "test", Name: "test", Action: action, Subject: "facts", Detail: "{}"}
}

// Zeroes is a source of no randomness: the clock makes events differ.
type Zeroes struct{}

// Read fills p with zeros.
func (Zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

var _ io.Reader = Zeroes{}
