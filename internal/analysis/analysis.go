// Package analysis asks questions of facts: how a series ran, how one period
// compares with another, what a place is like beside those in and around it.
//
// An answer is a Run: the question, the method and its version, what went in
// and what came out. What came out are Figures, each with a name that says
// what it is and an id that also says what it was made of, so the same
// question asked of the same facts has the same figures, today or after a
// rebuild. From a figure one can walk to the counts it was made of, to the
// files they came from, and back.
package analysis

import (
	"context"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// Words of the facts that answers are made of, so that those who show answers
// need not know the package that keeps records.
type (
	// Series is a defined measure over time.
	Series = records.Series
	// Break is a month from which a series counts otherwise.
	Break = records.Break
	// Polarity says which way is good.
	Polarity = records.Polarity
	// Edition is an accepted file.
	Edition = records.Edition
	// Lack is a force left out, with the reason.
	Lack = records.Lack
	// Availability says which months of a series are known at a place.
	Availability = records.Availability
)

// Catalogue returns every series, in the order of their ids.
func Catalogue() []*Series { return records.Catalogue() }

// FindSeries returns the series with an id. Errors: NotFound, with a hint.
func FindSeries(id ids.Series) (*Series, error) { return records.FindSeries(id) }

// Facts is where counts come from; *records.FactReader is one.
type Facts interface {
	Counts(ctx context.Context, unit ids.Unit, q records.FactQuery) (*records.FactTable, error)
	Available(ctx context.Context, unit ids.Unit, p ids.Place, known time.Time) ([]Availability, error)
}

// span returns the range from the first month to the last of a sorted list.
func span(months []period.Month) period.Range {
	return period.Range{From: months[0], To: months[len(months)-1]}
}

// Atlases gives a unit's places.
type Atlases func(ctx context.Context, unit ids.Unit) (*places.Atlas, error)
