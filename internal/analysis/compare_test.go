package analysis_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/analysis/analysistest"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

const (
	personal = "robbery/robbery-of-personal-property"
	injury   = "violence-against-the-person/violence-with-injury"
	barking  = "borough/E09000002"
)

func newBench(t testing.TB) *analysistest.Bench {
	return analysistest.NewBench(t, recordstest.NewFactMemory(), analysistest.NewMemory(), "unit")
}

// months repeats a monthly count.
func months(n int, count int32) []int32 { return slices.Repeat([]int32{count}, n) }

// The sentences that a comparison of two years gives, by their monthly counts.
func TestSentences(t *testing.T) {
	for name, c := range map[string]struct {
		before, now int32
		want        string
	}{
		"a sure fall": {3327, 2299, "Robbery in Barking and Dagenham: 27,588 offences in 2020 against 39,924 in 2019, lower by 31%; a fall this size would hardly come from chance (95% interval −32% to −30%)."},
		"a likely rise": {100, 107, "Robbery in Barking and Dagenham: 1,284 offences in 2020 against 1,200 in 2019, " +
			"higher by 7.0%, but a difference this size could well be chance (95% interval −1.1% to +16%)."},
		"a clear rise":   {40, 47, "Robbery in Barking and Dagenham: 564 offences in 2020 against 480 in 2019, higher by 18%; a rise this size is unlikely to be chance alone (95% interval +4.0% to +33%)."},
		"no change":      {40, 40, "Robbery in Barking and Dagenham: 480 offences in 2020 against 480 in 2019, the same (95% interval −12% to +13%)."},
		"some from none": {0, 1, "Robbery in Barking and Dagenham: 12 offences in 2020 against 0 in 2019, higher, from none; a rise this size would hardly come from chance (95% interval +253% to no upper limit)."},
		"none from some": {2, 0, "Robbery in Barking and Dagenham: 0 offences in 2020 against 24 in 2019, lower by 100%; a fall this size would hardly come from chance (95% interval −100% to −87%)."},
		"none from none": {0, 0, "Robbery in Barking and Dagenham: 0 offences in 2020 against 0 in 2019, too few to say whether anything changed."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", append(months(12, c.before), months(12, c.now)...)...)
			if got := b.Compare("police.robbery", barking, "2020", "2019").Sentence; got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestFewEventsSayNothing(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", append(months(12, 0), 0, 8)...)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000003", "2019-01", append(months(12, 0), 0, 8)...)
	c := b.Compare("police.robbery", "borough/E09000003", "2020-02", "2019-02")
	if c.Change == nil || c.Change.Sure != analysis.TooFew || !strings.HasSuffix(c.Sentence, "8 offences in February 2020 against 0 in February 2019, too few to say whether anything changed.") {
		t.Errorf("eight against none: %+v, %s", c.Change, c.Sentence)
	}
	if v := c.Change.Verdict(c.Series.Polarity); v != "" {
		t.Errorf("too few events were called %q", v)
	}
}

func TestVerdictFollowsPolarity(t *testing.T) {
	fall, rise, unclear := analysis.NewChange(500, 1000), analysis.NewChange(1000, 500), analysis.NewChange(100, 101)
	for _, c := range []struct {
		change   analysis.Change
		polarity records.Polarity
		want     string
	}{
		{fall, records.LowerIsBetter, "better"}, {rise, records.LowerIsBetter, "worse"}, {fall, records.HigherIsBetter, "worse"},
		{rise, records.HigherIsBetter, "better"}, {fall, records.Neutral, ""}, {unclear, records.LowerIsBetter, ""},
	} {
		if got := c.change.Verdict(c.polarity); got != c.want {
			t.Errorf("%v against %v where %s is %q, want %q", c.change.Now, c.change.Before, c.polarity, got, c.want)
		}
	}
}

func TestAnIncompleteYearIsComparedLikeForLike(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", append(months(12, 100), months(6, 50)...)...)
	c := b.Compare("police.robbery", barking, "2020", "2019")
	if c.Now.Total != 300 || c.Before.Total != 600 || !c.LikeWise {
		t.Errorf("half a year against the whole: %v against %v", c.Now.Total, c.Before.Total)
	}
	want := "No figures are kept for July to December 2020, so like is compared with like: January to June 2020 with January to June 2019."
	if !slices.Contains(c.Notes, want) {
		t.Errorf("the notes %q do not say %q", c.Notes, want)
	}
	if f, ok := c.Run.Figure("police.robbery.E09000002.2020-01..2020-06"); !ok || f.Value != 300 {
		t.Errorf("the figure is %+v", f)
	}
}

func TestPeriodsOfUnlikeLengthAreComparedByTheDay(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", append(months(12, 100), months(3, 100)...)...)
	c := b.Compare("police.robbery", barking, "2020-Q1", "2019")
	// 300 in the 91 days of a leap year's first quarter against 1,200 in 365
	if !c.Daily || c.Change.Percent < 0.27 || c.Change.Percent > 0.28 {
		t.Errorf("the change is %+v; want 300/91 against 1200/365, higher by 0.27%%", c.Change)
	}
}

func TestNothingIsComparedAcrossABreak(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, injury, "E09000002", "2023-01", months(27, 100)...)
	c := b.Compare("police.violence-with-injury", barking, "2024-02..2024-03", "2023-02..2023-03")
	if c.Change != nil || c.Now.Total != 200 || !c.Now.Summed || !strings.Contains(c.Sentence, "No single comparison is made, since the definition changed between the two: From February 2024 (the CONNECT system)") {
		t.Errorf("across the break: %+v, %s", c.Change, c.Sentence)
	}
	c = b.Compare("police.violence-with-injury", barking, "2024-01..2024-03", "2023-01..2023-03")
	if c.Now.Summed || !c.Before.Summed || !strings.Contains(c.Sentence, "figures that cannot be added up in January to March 2024 against 300 in") {
		t.Errorf("a period with the break inside: %s", c.Sentence)
	}
	if c := b.Compare("police.violence-with-injury", barking, "2024-01", "2023-01"); c.Change == nil {
		t.Errorf("both before the break, and yet not compared: %s", c.Sentence)
	}
	robbery := b.Compare("police.robbery", barking, "2024-02..2024-03", "2023-02..2023-03")
	if robbery.Change == nil || !slices.ContainsFunc(robbery.Notes, func(n string) bool { return strings.Contains(n, "CONNECT") }) {
		t.Errorf("a series whose definition stays alike is compared, and the change of system said: %+v", robbery.Notes)
	}
}

func TestRates(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", months(24, 5)...)
	c := b.Compare("police.robbery", barking, "2020", "2019")
	// Four LSOAs of 1,000 people live in the borough: 60 robberies are 15 per
	// 1,000; Byar's interval of 60 is 45.78 to 77.23.
	r := c.Now.Rate
	if r == nil || r.Value != 15 || r.Per != 1000 || r.People != 4000 {
		t.Fatalf("the rate is %+v, want 15 per 1,000 of 4,000", r)
	}
	if got := r.Text(); got != "15.0 per 1,000 people (95% interval 11.4 to 19.3)" {
		t.Errorf("in words: %s", got)
	}
	if f, ok := c.Run.Figure("police.robbery.E09000002.2020.rate"); !ok || f.Value != 15 {
		t.Errorf("the figure of the rate is %+v", f)
	}
}

func TestQuestionsThatCannotBeAsked(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	q := analysistest.Question(t, "police.robbery", barking, "2020", "2020-06..2021-06")
	if _, err := b.Service.Compare(ctx, b.Actor, q); !errs.Is(err, errs.Invalid) {
		t.Errorf("overlapping periods: %v, want Invalid", err)
	}
	q = analysistest.Question(t, "police.robery", barking, "2020", "2019")
	if _, err := b.Service.Compare(ctx, b.Actor, q); !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown series: %v, want NotFound", err)
	}
	supplier := access.Actor{Unit: "unit", Person: "p", Roles: []access.Role{access.Supplier}}
	if _, err := b.Service.Compare(ctx, supplier, q); !errs.Is(err, errs.Forbidden) {
		t.Errorf("asking as a supplier: %v, want Forbidden", err)
	}
	c := b.Compare("police.robbery", barking, "2020", "2019")
	if c.Change != nil || c.Sentence != "Robbery in Barking and Dagenham: no figures are kept for either period." {
		t.Errorf("an empty store: %s", c.Sentence)
	}
}

func TestCalendarKnowsItsPlaces(t *testing.T) {
	atlas := recordstest.FactAtlas()
	r := analysistest.Question(t, "police.robbery", barking, "2020", "2019").Period
	names := func(p ids.Place) (out []string) {
		for _, e := range analysis.EventsAt(atlas, p, r) {
			out = append(out, e.Date()+" "+e.Name)
		}
		return out
	}
	want := []string{"2020-03-23 First lockdown", "2020-12-02 Tier 2", "2020-12-16 Tier 3", "2020-12-20 Tier 4"}
	for _, p := range []string{barking, "region/E12000007", "lsoa-2011/E01002000"} {
		place, _ := ids.ParsePlace(p)
		if got := names(place); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
	if got := names(ids.Place{Level: "pfa", Code: "E23000020"}); !slices.Equal(got, want[:1]) {
		t.Errorf("elsewhere: %q, want the lockdown alone", got)
	}
}
