package recordstest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// factBench is one test's store, reader and clock.
type factBench struct {
	t     *testing.T
	store records.FactStore
	atlas *places.Atlas
	read  *records.FactReader
	clock *Clock
	unit  ids.Unit
	n     int
}

func newFactBench(t *testing.T, store records.FactStore, unit ids.Unit) *factBench {
	atlas := FactAtlas()
	return &factBench{t: t, store: store, atlas: atlas, read: records.NewFactReader(store, AtlasOf(atlas)), clock: NewClock("2020-06-01"), unit: unit}
}

// policeUK counts street crime at every level of the sample atlas.
var policeUK = records.FactSpec{
	Source: records.PoliceUK, WholeForce: true,
	Categories: []string{"robbery", "burglary", "drugs"},
	Levels:     []ids.Level{LSOA1, LSOA2, Ward, records.LevelBorough},
}

// mpsMonthly counts a wide borough file.
var mpsMonthly = records.FactSpec{
	Source: records.MPSMonthly, WholeForce: true,
	Categories: []string{"robbery/robbery-of-personal-property", "robbery/robbery-of-business-property"},
	Levels:     []ids.Level{records.LevelBorough},
}

// accept puts an edition and returns its submission.
func (b *factBench) accept(spec records.FactSpec, force string, months period.Range, rows ...Counted) ids.Submission {
	return b.acceptFor("", spec, force, months, rows...)
}

func (b *factBench) acceptFor(supersedes ids.Submission, spec records.FactSpec, force string, months period.Range, rows ...Counted) ids.Submission {
	b.t.Helper()
	b.n++
	e := records.Edition{
		Submission: ids.Submission("submission-" + string(rune('A'+b.n))), Source: spec.Source,
		FileName: "file.csv", File: "hash", AcceptedAt: b.clock.Now().UTC(), Supersedes: supersedes,
	}
	facts := EditionOf(b.atlas, spec, force, months, rows)
	e.Coverage = facts.Coverage
	if err := b.store.PutEdition(context.Background(), b.unit, e, facts.Blocks, b.clock.Event(b.unit, access.SubmissionsAccept)); err != nil {
		b.t.Fatal(err)
	}
	return e.Submission
}

func (b *factBench) withdraw(id ids.Submission) {
	b.t.Helper()
	if err := b.store.WithdrawEdition(context.Background(), b.unit, id, b.clock.Now().UTC(), b.clock.Event(b.unit, access.SubmissionsWithdraw)); err != nil {
		b.t.Fatal(err)
	}
}

// ask returns the one line of a question.
func (b *factBench) ask(q records.FactQuery) records.FactLine {
	b.t.Helper()
	table, err := b.read.Counts(context.Background(), b.unit, q)
	if err != nil {
		b.t.Fatal(err)
	}
	return table.Lines[0]
}

// values asks for robbery at a place as known at a moment (zero for now), with
// -1 for a month without a value.
func (b *factBench) values(place, months string, known time.Time) []float64 {
	b.t.Helper()
	p, err := ids.ParsePlace(place)
	if err != nil {
		b.t.Fatal(err)
	}
	line := b.ask(records.FactQuery{Series: []ids.Series{"police.robbery"}, Places: []ids.Place{p}, Ranges: []period.Range{mustRange(months)}, Known: known})
	out := make([]float64, len(line.Values))
	for i, v := range line.Values {
		if out[i] = v.Count; !v.Known {
			out[i] = -1
		}
	}
	return out
}

func (b *factBench) want(what, place, months string, known time.Time, want ...float64) {
	b.t.Helper()
	if got := b.values(place, months, known); !slices.Equal(got, want) {
		b.t.Errorf("%s: robbery at %s in %s is %v, want %v (-1 is not known)", what, place, months, got, want)
	}
}

func mustRange(s string) period.Range {
	r, err := period.ParseRange(s)
	if err != nil {
		panic(err)
	}
	return r
}

func at(level ids.Level, code string) ids.Place { return ids.Place{Level: level, Code: code} }

// ExerciseFacts is what every records.FactStore must do, and what a FactReader
// on it must answer. open gives a store; tests use units of their own, so it
// may be the same one each time.
func ExerciseFacts(t *testing.T, open func(t *testing.T) records.FactStore) {
	for name, test := range map[string]func(*factBench){
		"keeps what it is given":      exerciseKeeping,
		"refuses what it must":        exerciseRefusals,
		"covered is none, else known": exerciseCoverage,
		"restates and goes back":      exerciseRestating,
		"a replaced edition":          exerciseSuperseding,
		"one source in a value":       exerciseSources,
		"a region's forces":           exerciseRegion,
		"an extract of one category":  exerciseExtract,
		"another vintage":             exerciseVintages,
		"rebuilt blocks":              exerciseReplacing,
		"what an edition changed":     exerciseRestatement,
		"every series at once":        exerciseManyBlocks,
	} {
		t.Run(name, func(t *testing.T) { test(newFactBench(t, open(t), ids.Unit(name))) })
	}
	t.Run("editions in any order", func(t *testing.T) { exerciseModel(t, open(t)) })
}

func exerciseKeeping(b *factBench) {
	id := b.accept(policeUK, Met, mustRange("2020-01..2021-02"),
		Counted{"robbery", "2020-03", at(LSOA2, "E01002000"), 7}, Counted{"robbery", "2021-01", ids.Place{}, 2})
	editions, err := b.store.Editions(context.Background(), b.unit)
	if err != nil || len(editions) != 1 {
		b.t.Fatalf("editions: %v, %v", editions, err)
	}
	e := editions[0]
	if e.Submission != id || e.FileName != "file.csv" || e.File != "hash" || !e.WithdrawnAt.IsZero() || len(e.Coverage) != 5 {
		b.t.Errorf("the edition came back as %+v", e)
	}
	if got := e.Coverage[0].Months; got != mustRange("2020-01..2021-02") {
		b.t.Errorf("its coverage came back as %v", got)
	}
	blocks, err := b.store.EditionBlocks(context.Background(), b.unit, id)
	if err != nil || len(blocks) != 4 { // the LSOA and its borough, and two years of the force
		b.t.Fatalf("%d blocks came back, %v", len(blocks), err)
	}
	b.want("the borough", "borough/E09000002", "2020-02..2020-04", time.Time{}, 0, 7, 0)
	b.want("the force", "pfa/"+Met, "2020-12..2021-02", time.Time{}, 0, 2, 0)
}

func exerciseRefusals(b *factBench) {
	ctx := context.Background()
	id := b.accept(policeUK, Met, mustRange("2020-01"))
	event := b.clock.Event(b.unit, access.SubmissionsAccept)
	err := b.store.PutEdition(ctx, b.unit, records.Edition{Submission: id, AcceptedAt: b.clock.Now()}, nil, event)
	if !errs.Is(err, errs.Conflict) {
		b.t.Errorf("putting an edition twice: %v, want a Conflict", err)
	}
	if err := b.store.WithdrawEdition(ctx, b.unit, "nobody", b.clock.Now(), event); !errs.Is(err, errs.NotFound) {
		b.t.Errorf("withdrawing an unknown edition: %v, want NotFound", err)
	}
	if err := b.store.ReplaceFacts(ctx, b.unit, "nobody", records.EditionFacts{}, event); !errs.Is(err, errs.NotFound) {
		b.t.Errorf("rebuilding an unknown edition: %v, want NotFound", err)
	}
	b.withdraw(id)
	if err := b.store.WithdrawEdition(ctx, b.unit, id, b.clock.Now(), event); !errs.Is(err, errs.Conflict) {
		b.t.Errorf("withdrawing twice: %v, want a Conflict", err)
	}
	_, err = b.read.Counts(ctx, b.unit, records.FactQuery{Series: []ids.Series{"police.robery"}, Places: []ids.Place{at(records.LevelForce, Met)}, Ranges: []period.Range{mustRange("2020")}})
	if !errs.Is(err, errs.NotFound) {
		b.t.Errorf("an unknown series: %v, want NotFound", err)
	}
	_, err = b.read.Facts(ctx, access.Actor{}, records.FactQuery{})
	if !errs.Is(err, errs.Unauthenticated) {
		b.t.Errorf("asking as nobody: %v, want Unauthenticated", err)
	}
}

func exerciseCoverage(b *factBench) {
	b.accept(policeUK, Met, mustRange("2020-02..2020-03"), Counted{"robbery", "2020-02", at(LSOA1, "E01003000"), 4})
	b.want("a ward nothing happened in", "ward-2018/E05002001", "2020-01..2020-04", time.Time{}, -1, 0, 0, -1)
	b.want("the place itself", "lsoa-2011/E01003000", "2020-01..2020-04", time.Time{}, -1, 4, 0, -1)
	b.want("the City, of which its own force says nothing", "borough/E09000001", "2020-02..2020-03", time.Time{}, -1, -1)
}

func exerciseRestating(b *factBench) {
	whole := mustRange("2020-01..2020-03")
	borough := at(records.LevelBorough, "E09000002")
	b.accept(mpsMonthly, Met, whole, Counted{mpsMonthly.Categories[0], "2020-01", borough, 10},
		Counted{mpsMonthly.Categories[0], "2020-02", borough, 20}, Counted{mpsMonthly.Categories[1], "2020-02", borough, 1})
	first := b.clock.Now()
	second := b.accept(mpsMonthly, Met, mustRange("2020-02..2020-04"), Counted{mpsMonthly.Categories[0], "2020-02", borough, 25})
	after := b.clock.Now()
	b.withdraw(second)

	b.want("before anything", "borough/E09000002", "2020-01..2020-04", first.Add(-48*time.Hour), -1, -1, -1, -1)
	b.want("after the first", "borough/E09000002", "2020-01..2020-04", first, 10, 21, 0, -1)
	b.want("after the second", "borough/E09000002", "2020-01..2020-04", after, 10, 25, 0, 0)
	b.want("after its withdrawal", "borough/E09000002", "2020-01..2020-04", time.Time{}, 10, 21, 0, -1)
}

func exerciseSuperseding(b *factBench) {
	borough := at(records.LevelBorough, "E09000002")
	cat := mpsMonthly.Categories[0]
	first := b.accept(mpsMonthly, Met, mustRange("2020-01..2020-03"), Counted{cat, "2020-01", borough, 10}, Counted{cat, "2020-03", borough, 30})
	second := b.acceptFor(first, mpsMonthly, Met, mustRange("2020-01..2020-02"), Counted{cat, "2020-01", borough, 11})
	b.want("the replacement is shorter", "borough/E09000002", "2020-01..2020-03", time.Time{}, 11, 0, -1)
	third := b.acceptFor(second, mpsMonthly, Met, mustRange("2020-01"), Counted{cat, "2020-01", borough, 12})
	b.want("replaced again", "borough/E09000002", "2020-01..2020-03", time.Time{}, 12, -1, -1)
	b.withdraw(second)
	b.want("the middle one withdrawn", "borough/E09000002", "2020-01..2020-03", time.Time{}, 12, -1, -1)
	b.withdraw(third)
	b.want("both withdrawn", "borough/E09000002", "2020-01..2020-03", time.Time{}, 10, 0, 30)
}

func exerciseSources(b *factBench) {
	borough := at(records.LevelBorough, "E09000002")
	b.accept(mpsMonthly, Met, mustRange("2020-01..2020-02"), Counted{mpsMonthly.Categories[0], "2020-01", borough, 10})
	b.accept(policeUK, Met, mustRange("2020-01..2020-03"), Counted{"robbery", "2020-01", borough, 9}, Counted{"robbery", "2020-03", borough, 8})
	q := records.FactQuery{Series: []ids.Series{"police.robbery"}, Places: []ids.Place{borough}}
	for months, want := range map[string]ids.Source{"2020-01..2020-02": records.MPSMonthly, "2020-01..2020-03": records.PoliceUK} {
		q.Ranges = []period.Range{mustRange(months)}
		if got := b.ask(q).Source; got != want {
			b.t.Errorf("robbery in %s comes from %s, want %s: the first source that has every month", months, got, want)
		}
	}
	q.Source, q.Ranges = records.MPSMonthly, []period.Range{mustRange("2020-01..2020-03")}
	if line := b.ask(q); line.Source != records.MPSMonthly || line.Values[2].Known {
		b.t.Errorf("a source that is asked for was not kept to: %+v", line)
	}
}

func exerciseRegion(b *factBench) {
	b.accept(policeUK, Met, mustRange("2020-01..2020-04"), Counted{"robbery", "2020-01", at(LSOA1, "E01002000"), 10}, Counted{"robbery", "2020-01", ids.Place{}, 5})
	b.want("the Met alone", "region/E12000007", "2020-01", time.Time{}, 15)
	b.accept(policeUK, City, mustRange("2020-01..2020-02"), Counted{"robbery", "2020-01", at(LSOA1, "E01001000"), 2}, Counted{"robbery", "2020-02", at(LSOA1, "E01002000"), 1})
	b.want("both", "region/E12000007", "2020-01..2020-02", time.Time{}, 17, 1)
	b.want("the City for half the months", "region/E12000007", "2020-01..2020-04", time.Time{}, 17, 1, -1, -1)

	q := records.FactQuery{Series: []ids.Series{"police.robbery"}, Places: []ids.Place{places.London}, Ranges: []period.Range{mustRange("2020-02..2020-04")}}
	line := b.ask(q)
	if len(line.Holds) != 1 || line.Holds[0].Force.Code != Met || len(line.Lacks) != 1 || line.Lacks[0].Force.Code != City {
		b.t.Errorf("the City tells one month of three, but the line holds %v and lacks %v", line.Holds, line.Lacks)
	}
	if !slices.Contains(line.Notes, "Holds the figures of Metropolitan Police Service; those of City of London Police are not in it.") {
		b.t.Errorf("the notes do not say what is held: %q", line.Notes)
	}
	b.want("a borough where another force recorded", "borough/E09000002", "2020-01..2020-02", time.Time{}, 10, 1)
}

func exerciseExtract(b *factBench) {
	b.accept(policeUK, Met, mustRange("2020-01"), slices.Repeat([]Counted{{"burglary", "2020-01", at(LSOA1, "E01002000"), 1}}, 25)...)
	b.want("a file of burglaries says nothing of robbery", "borough/E09000002", "2020-01", time.Time{}, -1)
	q := records.FactQuery{Series: []ids.Series{"police.burglary"}, Places: []ids.Place{at(records.LevelBorough, "E09000002")}, Ranges: []period.Range{mustRange("2020-01")}}
	if v := b.ask(q).Values[0]; !v.Known || v.Count != 25 {
		b.t.Errorf("it says %v of burglary, want 25", v)
	}
}

func exerciseVintages(b *factBench) {
	old := policeUK
	old.Levels = []ids.Level{LSOA1}
	b.accept(old, Met, mustRange("2020-01"), Counted{"robbery", "2020-01", at(LSOA1, "E01002009"), 8}, Counted{"robbery", "2020-01", at(LSOA1, "E01002000"), 3})
	q := records.FactQuery{Series: []ids.Series{"police.robbery"}, Ranges: []period.Range{mustRange("2020-01")}}
	for code, want := range map[string]struct {
		count     float64
		estimated bool
	}{"E01002000": {3, false}, "E01002091": {6, true}, "E01002092": {2, true}} {
		q.Places = []ids.Place{at(LSOA2, code)}
		line := b.ask(q)
		if line.Values[0].Count != want.count || line.Estimated != want.estimated {
			b.t.Errorf("%s: %v, estimated %v; want %v", code, line.Values[0].Count, line.Estimated, want)
		}
	}
}

func exerciseReplacing(b *factBench) {
	id := b.accept(policeUK, Met, mustRange("2020-01"), Counted{"robbery", "2020-01", at(LSOA1, "E01002000"), 4})
	blocks, err := b.store.EditionBlocks(context.Background(), b.unit, id)
	if err != nil {
		b.t.Fatal(err)
	}
	editions, err := b.store.Editions(context.Background(), b.unit)
	if err != nil {
		b.t.Fatal(err)
	}
	b.replace(id, records.EditionFacts{Coverage: editions[0].Coverage})
	b.want("without its blocks", "borough/E09000002", "2020-01", time.Time{}, 0)
	force := slices.DeleteFunc(slices.Clone(editions[0].Coverage), func(c records.Coverage) bool { return c.Level != records.LevelForce })
	b.replace(id, records.EditionFacts{Coverage: force, Blocks: blocks})
	b.want("a level it no longer tells", "borough/E09000002", "2020-01", time.Time{}, -1)
	b.replace(id, records.EditionFacts{Coverage: editions[0].Coverage, Blocks: blocks})
	b.want("with them again", "borough/E09000002", "2020-01", time.Time{}, 4)
}

func (b *factBench) replace(id ids.Submission, facts records.EditionFacts) {
	b.t.Helper()
	if err := b.store.ReplaceFacts(context.Background(), b.unit, id, facts, b.clock.Event(b.unit, access.SubmissionsAccept)); err != nil {
		b.t.Fatal(err)
	}
}

func exerciseRestatement(b *factBench) {
	borough, cat := at(records.LevelBorough, "E09000002"), mpsMonthly.Categories
	b.accept(mpsMonthly, Met, mustRange("2020-01..2020-03"), Counted{cat[0], "2020-01", borough, 10}, Counted{cat[0], "2020-02", borough, 20}, Counted{cat[1], "2020-03", borough, 5})
	rows := []Counted{{cat[0], "2020-02", borough, 21}, {cat[0], "2020-04", borough, 9}}
	want := []string{
		"pfa police.robbery E23000001 2020-02 20→21", "pfa police.robbery E23000001 2020-03 5→0",
		"pfa police.robbery-business E23000001 2020-03 5→0", "pfa police.robbery-personal E23000001 2020-02 20→21",
		"borough police.robbery E09000002 2020-02 20→21", "borough police.robbery E09000002 2020-03 5→0",
		"borough police.robbery-business E09000002 2020-03 5→0", "borough police.robbery-personal E09000002 2020-02 20→21",
	}
	dry, err := b.read.Restate(context.Background(), b.unit, records.MPSMonthly, EditionOf(b.atlas, mpsMonthly, Met, mustRange("2020-02..2020-04"), rows))
	b.wantRestated("in a dry run", dry, err, want)
	id := b.accept(mpsMonthly, Met, mustRange("2020-02..2020-04"), rows...)
	b.accept(mpsMonthly, Met, mustRange("2020-02"), Counted{cat[0], "2020-02", borough, 99})
	after, err := b.read.Restated(context.Background(), access.Operator(b.unit), id)
	b.wantRestated("after it was accepted, and another after it", after, err, want)
	if m := after.Months; len(m) != 6 || m[0].Changed != 2 || m[0].New || !m[2].New {
		b.t.Errorf("by month: %+v", m)
	}
}

func (b *factBench) wantRestated(when string, r *records.Restatement, err error, want []string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	var got []string
	for _, c := range r.Cells {
		got = append(got, fmt.Sprintf("%s %s %s %s %d→%d", c.Level, c.Series, c.Place, c.Month, c.Old, c.New))
	}
	if !slices.Equal(got, want) || r.Changed != len(want) {
		b.t.Errorf("%s the changes are %q, want %q", when, got, want)
	}
}

// Every series of a source in many blocks is more than one statement can ask.
func exerciseManyBlocks(b *factBench) {
	id := b.accept(policeUK, Met, mustRange("2020-01"), Counted{"robbery", "2020-01", at(LSOA1, "E01002000"), 4})
	q := records.BlockQuery{Submissions: []ids.Submission{id}, Level: LSOA1, From: 2020, To: 2020}
	for i := range 130 {
		q.Blocks = append(q.Blocks, fmt.Sprintf("E09%06d", i))
	}
	for _, s := range records.Catalogue() {
		q.Series = append(q.Series, s.ID)
	}
	got, err := b.store.Blocks(context.Background(), b.unit, q)
	if err != nil || len(got) != 1 || got[0].Series != "police.robbery" || got[0].Block != "E09000002" || got[0].Force != Met {
		b.t.Errorf("found %+v (%v), want the one block of robbery", got, err)
	}
}
