package records

import (
	"context"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// FactQuery asks for the monthly values of series at places.
type FactQuery struct {
	Series []ids.Series
	Places []ids.Place
	Ranges []period.Range // the months wanted: one range, or the two of a comparison
	Known  time.Time      // as known at this moment; zero means now
	Source ids.Source     // only from this source; "" takes the series' first that has every month
}

// FactTable is the answer: a line for each series at each place, in the order
// asked (series first), with a value for each month.
type FactTable struct {
	Query    FactQuery
	Months   []period.Month // every month of the ranges, in order, once
	Lines    []FactLine
	Editions []Edition // the editions that values came from, oldest first; FactPart refers to them
}

// FactLine is one series at one place.
type FactLine struct {
	Series *Series
	Place  places.Place
	Source ids.Source // "" when no source has any of the months
	Values []Value    // one for each month of the table
	Holds  []FactPart // the forces whose counts are in the values
	Lacks  []Lack     // forces of the place whose counts are not
	Breaks []Break    // breaks of the series within the months
	Notes  []string   // what else a reader must know, as sentences

	// Estimated says that the values were worked out from places of another
	// vintage: docs/methods/conversions.md.
	Estimated bool
}

// Value is a month's count, a whole number unless the line is estimated. A
// month that no edition tells of has no value, which is not the same as none.
type Value struct {
	Count float64
	Known bool
}

// FactPart is one force's share of a line.
type FactPart struct {
	Force    places.Place
	Counts   []float64 // by month
	Editions []int16   // by month: index into FactTable.Editions, or -1 where no edition tells
}

// Lack is a force left out of a line, with the reason as a sentence.
type Lack struct {
	Force  places.Place
	Reason string
}

// Sum adds the values of the months in r; known is how many of them have one.
func (l *FactLine) Sum(months []period.Month, r period.Range) (total float64, known int) {
	for i, m := range months {
		if r.Has(m) && l.Values[i].Known {
			total += l.Values[i].Count
			known++
		}
	}
	return total, known
}

// FactReader answers questions about counts. It is safe for use by many
// goroutines.
type FactReader struct {
	store FactStore
	atlas func(context.Context, ids.Unit) (*places.Atlas, error)
	marks markCache
}

// NewFactReader returns a reader of a store's facts; atlas gives the unit's
// places.
func NewFactReader(store FactStore, atlas func(context.Context, ids.Unit) (*places.Atlas, error)) *FactReader {
	return &FactReader{store: store, atlas: atlas}
}
