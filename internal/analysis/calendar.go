package analysis

import (
	"slices"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// Event is a day that readers of a chart should see, because it may explain a
// step.
type Event struct {
	Day   time.Time // midnight UTC
	Name  string    // a few words for a chart: "First lockdown"
	Text  string    // a sentence
	Turns bool      // it divides a year into before and after

	where []ids.Place // the places it concerns; none means everywhere
}

// Date returns the day as YYYY-MM-DD.
func (e Event) Date() string { return e.Day.Format("2006-01-02") }

// Month returns the month the day is in.
func (e Event) Month() period.Month { return period.MonthOf(e.Day) }

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// calendar is every event we know, oldest first.
var calendar = []Event{
	{day(2020, time.March, 23), "First lockdown", "The first national lockdown began on 23 March 2020.", true, nil},
	{day(2020, time.December, 2), "Tier 2", "London entered Tier 2 on 2 December 2020.", false, []ids.Place{places.London}},
	{day(2020, time.December, 16), "Tier 3", "London moved to Tier 3 on 16 December 2020.", false, []ids.Place{places.London}},
	{day(2020, time.December, 20), "Tier 4", "London moved to Tier 4 on 20 December 2020.", false, []ids.Place{places.London}},
	{day(2024, time.February, 1), "CONNECT", "The Metropolitan Police have recorded crime on a new system, CONNECT, since February 2024.", false, []ids.Place{places.MetropolitanArea}},
}

// Calendar returns every event there is, oldest first.
func Calendar() []Event { return slices.Clone(calendar) }

// EventsAt returns the events of a range that concern a place, oldest first:
// those of everywhere, of a place it lies in, and of one that lies in it.
func EventsAt(atlas *places.Atlas, p ids.Place, r period.Range) []Event {
	var out []Event
	for _, e := range calendar {
		if r.Has(e.Month()) && e.concerns(atlas, p) {
			out = append(out, e)
		}
	}
	return out
}

func (e Event) concerns(atlas *places.Atlas, p ids.Place) bool {
	if len(e.where) == 0 {
		return true
	}
	for _, w := range e.where {
		up, lies := atlas.Up(p, w.Level)
		down, holds := atlas.Up(w, p.Level)
		if p == w || lies && up == w || holds && down == p {
			return true
		}
	}
	return false
}
