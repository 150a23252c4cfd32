package publishing_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/analysis/analysistest"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/publishing"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

const (
	personal = "robbery/robbery-of-personal-property"
	injury   = "violence-against-the-person/violence-with-injury"
	noInjury = "violence-against-the-person/violence-without-injury"
	homicide = "violence-against-the-person/homicide"
)

// desk is a publishing service on the small London of analysistest.
type desk struct {
	*analysistest.Bench
	facts   *recordstest.FactMemory
	service *publishing.Service
}

func newDesk(t *testing.T) *desk {
	facts := recordstest.NewFactMemory()
	b := analysistest.NewBench(t, facts, analysistest.NewMemory(), "unit")
	return &desk{b, facts, publishing.NewService(publishing.Deps{
		Analysis: b.Service, Atlas: recordstest.AtlasOf(b.Atlas),
		Source: func(id ids.Source) (publishing.Source, bool) {
			return publishing.Source{ID: id, Title: "Monthly files", Publisher: "The police", Licence: "Open Government Licence v3.0", Open: true}, true
		},
		Notice: func(context.Context, ids.Unit) (string, error) { return "", nil },
	})}
}

// year puts a year of a file with one category at one borough.
func (d *desk) year(y int, monthly int32) ids.Submission {
	counts := make([]int32, 12)
	for i := range counts {
		counts[i] = monthly + int32(i)
	}
	return d.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", period.NewMonth(y, 1).String(), counts...)
}

func (d *desk) report(o publishing.Options) (publishing.Report, error) {
	return d.service.ViolenceReport(context.Background(), d.Actor, o)
}

func (d *desk) must(o publishing.Options) publishing.Report {
	d.T.Helper()
	r, err := d.report(o)
	if err != nil {
		d.T.Fatal(err)
	}
	return r
}

func page(t *testing.T, r publishing.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := publishing.WriteHTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReportFromFacts(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	r := d.must(publishing.Options{Year: 2020})
	if r.Code != "pfa/E23000001" || r.Against != 2019 {
		t.Errorf("the usual report is about %s against %d", r.Code, r.Against)
	}
	f, ok := r.Figure("police.robbery.E23000001.2020")
	if !ok || f.Shown != "666" || f.Kept == "" {
		t.Errorf("robbery in 2020 is %+v", f)
	}
	text := page(t, r)
	for _, want := range []string{"666</a> offences in 2020", "1,266</a> in 2019", "file-1.csv", "file-2.csv", "Monthly files", string(f.Kept), "Forces counted: Metropolitan Police Service."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Every figure of a kept report can be followed to its files by the id that the
// report shows, and says the same there.
func TestFiguresOfAKeptReportCanBeFollowed(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	r := d.must(publishing.Options{Year: 2020, Keep: true})
	before := page(t, r)
	d.year(2020, 80) // restates every month; what was kept must not move
	n := 0
	for _, part := range r.Lineage {
		for _, f := range part.Figures {
			if f.Kept == "" {
				t.Errorf("%s is kept under no id", f.ID)
				continue
			}
			l, err := d.Service.Lineage(context.Background(), d.Actor, f.Kept)
			if err != nil {
				t.Fatal(err)
			}
			if !l.Kept || len(l.Origins) == 0 {
				t.Errorf("%s: kept %v, from %d files", f.Kept, l.Kept, len(l.Origins))
			}
			n++
		}
	}
	if n < 30 {
		t.Errorf("only %d figures were followed", n)
	}
	if page(t, r) != before {
		t.Error("a report changed after it was built")
	}
}

func TestAsKnownThen(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	then := d.Now()
	first := page(t, d.must(publishing.Options{Year: 2020, Known: then}))
	d.year(2020, 80)
	if again := page(t, d.must(publishing.Options{Year: 2020, Known: then})); again != first {
		t.Error("a report of a past day changed when new facts came in")
	}
	if now := page(t, d.must(publishing.Options{Year: 2020})); !strings.Contains(now, "1,026") {
		t.Error("the newest report does not have the new facts")
	}
}

func TestBoroughReport(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	r := d.must(publishing.Options{Year: 2020, Place: ids.Place{Level: places.Borough, Code: "E09000002"}})
	if r.Title != "Violent crime in Barking and Dagenham: 2020 against 2019" {
		t.Errorf("title %q", r.Title)
	}
	_, err := d.report(publishing.Options{Year: 2020, Place: ids.Place{Level: places.Borough, Code: "E09000099"}})
	if !errs.Is(err, errs.NotFound) || err.Error() == "" {
		t.Errorf("a place that is not there: %v", err)
	}
}

func TestRegionSaysWhichForceIsMissing(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	text := page(t, d.must(publishing.Options{Year: 2020, Place: places.London}))
	for _, want := range []string{"Forces counted: Metropolitan Police Service.", "Forces not counted, because they have sent no figures for these years or too few: City of London Police."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A month of violence against the person that its parts do not make stops the
// build, with a sentence that names the figures.
func TestPlantedErrorInTheFactsStopsTheBuild(t *testing.T) {
	d := newDesk(t)
	for _, y := range []string{"2019-01", "2020-01"} {
		d.Monthly(records.MPSMonthly, recordstest.Met, injury, "E09000002", y, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10)
	}
	d.must(publishing.Options{Year: 2020})
	d.plant("police.violence-against-the-person", "2020-04", 17)
	_, err := d.report(publishing.Options{Year: 2020})
	if !errs.Is(err, errs.Conflict) {
		t.Fatalf("got %v", err)
	}
	want := "in April 2020, violence against the person 17 (police.violence-against-the-person.E23000001.2020-04) is not " +
		"violence with injury 10 (police.violence-with-injury.E23000001.2020-04), violence without injury 0 (police.violence-without-injury.E23000001.2020-04) and " +
		"homicide (recorded offences) 0 (police.homicide.E23000001.2020-04), which make 10. The difference is 7."
	if !strings.Contains(errs.MessageOf(err), want) {
		t.Errorf("got  %s\nwant %s", errs.MessageOf(err), want)
	}
}

// plant restates one month of one series alone.
func (d *desk) plant(id ids.Series, month string, count int32) {
	d.T.Helper()
	m, err := period.ParseMonth(month)
	if err != nil {
		d.T.Fatal(err)
	}
	months := period.Range{From: m, To: m}
	spec := records.FactSpec{Source: records.MPSMonthly, WholeForce: true, Categories: []string{injury, noInjury, homicide}, Levels: []ids.Level{records.LevelBorough}}
	facts := recordstest.EditionOf(d.Atlas, spec, recordstest.Met, months, []recordstest.Counted{
		{Category: injury, Month: month, Place: ids.Place{Level: places.Borough, Code: "E09000002"}, Count: count}})
	e := records.Edition{Submission: "planted", Source: records.MPSMonthly, FileName: "planted.csv", File: "planted", AcceptedAt: d.Now()}
	for _, c := range facts.Coverage {
		c.Series = []ids.Series{id}
		e.Coverage = append(e.Coverage, c)
	}
	var blocks []records.Block
	for _, b := range facts.Blocks {
		if b.Series == id {
			b.Submission = e.Submission
			blocks = append(blocks, b)
		}
	}
	if err := d.facts.PutEdition(context.Background(), d.Actor.Unit, e, blocks, recordstest.NewClock("2021-07-01").Event(d.Actor.Unit, access.SubmissionsAccept)); err != nil {
		d.T.Fatal(err)
	}
}

func TestWhoMayHaveAReport(t *testing.T) {
	d := newDesk(t)
	d.year(2019, 100)
	d.year(2020, 50)
	ctx := context.Background()
	partner := access.Actor{Unit: d.Actor.Unit, Person: "p", Roles: []access.Role{access.Partner}}
	if _, err := d.service.ViolenceReport(ctx, partner, publishing.Options{Year: 2020}); err != nil {
		t.Errorf("a partner may not read a report: %v", err)
	}
	if _, err := d.service.ViolenceReport(ctx, partner, publishing.Options{Year: 2020, Keep: true}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a partner keeps runs: %v", err)
	}
	if _, err := d.service.ViolenceReport(ctx, access.Actor{}, publishing.Options{Year: 2020}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody may read a report: %v", err)
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	d := newDesk(t)
	for _, o := range []publishing.Options{{}, {Year: 2020, Against: 2020}, {Year: 20}} {
		if _, err := d.report(o); !errs.Is(err, errs.Invalid) || errs.HintOf(err) == "" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := d.report(publishing.Options{Year: 2020}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a report without facts: %v", err)
	}
}
