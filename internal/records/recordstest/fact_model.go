package recordstest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

// modelEdition is an edition as the naive model keeps it: every cell written
// out.
type modelEdition struct {
	id         ids.Submission
	force      string
	months     period.Range
	accepted   time.Time
	withdrawn  time.Time
	supersedes ids.Submission
	cells      map[string]float64 // place and month → robberies
}

// model answers by looking at every edition, newest first.
type model []*modelEdition

func (m model) standing(e *modelEdition, known time.Time) bool {
	return !e.accepted.After(known) && (e.withdrawn.IsZero() || e.withdrawn.After(known))
}

func (m model) replaced(id ids.Submission, known time.Time) bool {
	for _, e := range m {
		if e.supersedes == id && (m.standing(e, known) || m.replaced(e.id, known)) {
			return true
		}
	}
	return false
}

// value returns the robberies at a place of the Met in a month, -1 for not
// known.
func (m model) value(force string, place ids.Place, month period.Month, known time.Time) float64 {
	for i := len(m) - 1; i >= 0; i-- {
		e := m[i]
		if e.force == force && e.months.Has(month) && m.standing(e, known) && !m.replaced(e.id, known) {
			return e.cells[cellKey(place, month)]
		}
	}
	return -1
}

func cellKey(p ids.Place, m period.Month) string { return p.String() + " " + m.String() }

// exerciseModel accepts, replaces and withdraws editions at random and asks as
// known at every moment; each answer must be the naive model's.
func exerciseModel(t *testing.T, store records.FactStore) {
	n := 0
	most := 25 // a disk that is waited for after each act makes the rest slow
	if _, quick := store.(*FactMemory); quick {
		most = 1000
	}
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > most {
			return
		}
		b := newFactBench(t, store, ids.Unit(fmt.Sprint("model-", n)))
		m, moments := playModel(rt, b)
		months := period.Range{From: period.NewMonth(2019, 11), To: period.NewMonth(2020, 4)}
		asked := []ids.Place{at(records.LevelForce, Met), at(records.LevelBorough, "E09000002"), at(Ward, "E05002000"), at(LSOA1, "E01003001")}
		for _, known := range moments {
			for _, p := range asked {
				got := b.values(p.String(), "2019-11..2020-04", known)
				for i, month := range months.Months() {
					if want := m.value(Met, p, month, known); got[i] != want {
						rt.Fatalf("%s in %s as known at %s is %v, the model says %v", p, month, known, got[i], want)
					}
				}
			}
		}
	})
}

// playModel does some random acts on the store and the model, and returns the
// moments after each.
func playModel(rt *rapid.T, b *factBench) (model, []time.Time) {
	var m model
	moments := []time.Time{b.clock.Now()}
	for range rapid.IntRange(1, 7).Draw(rt, "acts") {
		live := m.live()
		if len(live) > 0 && rapid.IntRange(0, 2).Draw(rt, "withdraw") == 0 {
			e := rapid.SampledFrom(live).Draw(rt, "which")
			e.withdrawn = b.clock.Now().UTC()
			if err := b.store.WithdrawEdition(context.Background(), b.unit, e.id, e.withdrawn, b.clock.Event(b.unit, access.SubmissionsWithdraw)); err != nil {
				rt.Fatal(err)
			}
		} else {
			m = append(m, drawEdition(rt, b, m))
		}
		moments = append(moments, b.clock.Now())
	}
	return m, moments
}

func (m model) live() (out []*modelEdition) {
	for _, e := range m {
		if e.withdrawn.IsZero() {
			out = append(out, e)
		}
	}
	return out
}

func drawEdition(rt *rapid.T, b *factBench, m model) *modelEdition {
	from := period.NewMonth(2019, 11) + period.Month(rapid.IntRange(0, 4).Draw(rt, "from"))
	e := &modelEdition{
		force: Met, cells: map[string]float64{},
		id:       ids.Submission(fmt.Sprintf("%s-%d", b.unit, len(m))),
		months:   period.Range{From: from, To: from + period.Month(rapid.IntRange(0, 3).Draw(rt, "length"))},
		accepted: b.clock.Now().UTC(),
	}
	if len(m) > 0 && rapid.IntRange(0, 3).Draw(rt, "replaces") == 0 {
		e.supersedes = rapid.SampledFrom(m).Draw(rt, "replaced").id
	}
	rows := drawRows(rt, e)
	spec := policeUK
	spec.Levels = []ids.Level{LSOA1, Ward, records.LevelBorough}
	facts := EditionOf(b.atlas, spec, Met, e.months, rows)
	kept := records.Edition{Submission: e.id, Source: spec.Source, AcceptedAt: e.accepted, Supersedes: e.supersedes, Coverage: facts.Coverage}
	if err := b.store.PutEdition(context.Background(), b.unit, kept, facts.Blocks, b.clock.Event(b.unit, access.SubmissionsAccept)); err != nil {
		rt.Fatal(err)
	}
	return e
}

// drawRows makes robberies and writes them into the model's cells. Barking's
// first ward and Barnet's LSOAs stand for all places.
func drawRows(rt *rapid.T, e *modelEdition) []Counted {
	var out []Counted
	for range rapid.IntRange(0, 8).Draw(rt, "rows") {
		month := e.months.From + period.Month(rapid.IntRange(0, e.months.Len()-1).Draw(rt, "month"))
		place := rapid.SampledFrom([]ids.Place{{}, at(Ward, "E05002000"), at(LSOA1, "E01003001")}).Draw(rt, "place")
		n := int32(rapid.IntRange(1, 300).Draw(rt, "n"))
		out = append(out, Counted{"robbery", month.String(), place, n})
		in := []ids.Place{at(records.LevelForce, Met), place}
		if place.Level == Ward {
			in = append(in, at(records.LevelBorough, "E09000002"))
		}
		for _, p := range in {
			e.cells[cellKey(p, month)] += float64(n)
		}
	}
	return out
}
