package analysistest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

// Bench is an analysis.Service on the small London of recordstest, with ways
// to put facts into it.
type Bench struct {
	T       testing.TB
	Service *analysis.Service
	Atlas   *places.Atlas
	Actor   access.Actor
	facts   records.FactStore
	clock   *recordstest.Clock
	n       int
}

// NewBench returns a Bench on stores of facts and runs.
func NewBench(t testing.TB, facts records.FactStore, store analysis.Store, unit ids.Unit) *Bench {
	b := &Bench{T: t, Atlas: recordstest.FactAtlas(), Actor: access.Operator(unit), facts: facts, clock: recordstest.NewClock("2021-06-01")}
	atlas := recordstest.AtlasOf(b.Atlas)
	b.Service = analysis.NewService(analysis.Deps{
		Facts: records.NewFactReader(facts, atlas), Atlas: atlas, Store: store, Now: b.clock.Now,
		IDs: ids.Maker{Now: b.clock.Now, Rand: recordstest.Zeroes{}},
	})
	return b
}

// Monthly puts a file of one source's category at a borough into the facts:
// from names the first month and counts are a month each. One event of the
// source's last category goes with them, since a file of one category alone
// would be taken for an extract.
func (b *Bench) Monthly(source ids.Source, force, category, borough, from string, counts ...int32) ids.Submission {
	b.T.Helper()
	first, err := period.ParseMonth(from)
	if err != nil {
		b.T.Fatal(err)
	}
	var rows []recordstest.Counted
	for i, n := range counts {
		rows = append(rows, recordstest.Counted{Category: category, Month: (first + period.Month(i)).String(),
			Place: ids.Place{Level: records.LevelBorough, Code: borough}, Count: n})
	}
	cats := categories[source]
	rows = append(rows, recordstest.Counted{Category: cats[len(cats)-1], Month: first.String(), Count: 1})
	months := period.Range{From: first, To: first + period.Month(len(counts)-1)}
	return b.put(source, force, months, rows)
}

// categories are those the bench's files know, by source.
var categories = map[ids.Source][]string{
	records.MPSMonthly: {"robbery/robbery-of-personal-property", "robbery/robbery-of-business-property",
		"violence-against-the-person/violence-with-injury", "violence-against-the-person/violence-without-injury", "violence-against-the-person/homicide"},
	records.PoliceUK: recordstest.StreetCategories,
}

func (b *Bench) put(source ids.Source, force string, months period.Range, rows []recordstest.Counted) ids.Submission {
	b.T.Helper()
	b.n++
	spec := records.FactSpec{Source: source, WholeForce: true, Categories: categories[source], Levels: []ids.Level{records.LevelBorough}}
	facts := recordstest.EditionOf(b.Atlas, spec, force, months, rows)
	e := records.Edition{Submission: ids.Submission(fmt.Sprintf("%s submission %d", b.Actor.Unit, b.n)), Source: source,
		FileName: fmt.Sprintf("file-%d.csv", b.n), File: ids.File(strings.Repeat(fmt.Sprintf("%04d", b.n), 16)), AcceptedAt: b.clock.Now().UTC(), Coverage: facts.Coverage}
	if err := b.facts.PutEdition(context.Background(), b.Actor.Unit, e, facts.Blocks, b.clock.Event(b.Actor.Unit, access.SubmissionsAccept)); err != nil {
		b.T.Fatal(err)
	}
	return e.Submission
}

// Now returns the bench's time and moves it on.
func (b *Bench) Now() time.Time { return b.clock.Now() }

// Compare asks for a comparison by the words a person would use.
func (b *Bench) Compare(series ids.Series, place, now, before string) *analysis.Comparison {
	b.T.Helper()
	c, err := b.Service.Compare(context.Background(), b.Actor, Question(b.T, series, place, now, before))
	if err != nil {
		b.T.Fatal(err)
	}
	return c
}

// Question reads a question from the words a person would use.
func Question(t testing.TB, series ids.Series, place, now, before string) analysis.CompareQuestion {
	t.Helper()
	p, err1 := ids.ParsePlace(place)
	period1, err2 := period.ParseRange(now)
	period2, err3 := period.ParseRange(before)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	return analysis.CompareQuestion{Series: series, Place: p, Period: period1, Against: period2}
}
