package analysistest

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

const personal = "robbery/robbery-of-personal-property"

// Exercise is what every analysis.Store must do, seen through the Service.
// open gives stores of facts and runs; they may be the same ones each time.
func Exercise(t *testing.T, open func(t *testing.T) (records.FactStore, analysis.Store)) {
	for name, test := range map[string]func(*testing.T, *Bench){
		"a kept figure stays as it was":   exerciseKept,
		"the same question, the same run": exerciseSame,
		"what is not there":               exerciseMissing,
	} {
		t.Run(name, func(t *testing.T) {
			facts, runs := open(t)
			test(t, NewBench(t, facts, runs, ids.Unit(name)))
		})
	}
}

func exerciseKept(t *testing.T, b *Bench) {
	ctx := context.Background()
	first := b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", slices.Repeat([]int32{100, 50}, 12)...)
	c := b.Compare("police.robbery", "borough/E09000002", "2020", "2019")
	if err := b.Service.Keep(ctx, b.Actor, "a test", c.Run); err != nil {
		t.Fatal(err)
	}
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2020-12", 75)

	l, err := b.Service.Lineage(ctx, b.Actor, c.Now.Figure)
	if err != nil {
		t.Fatal(err)
	}
	if !l.Kept || l.Figure.Value != 900 || len(l.Facts) != 12 || *l.Facts[11].Count != 50 {
		t.Errorf("the kept figure reads %+v with facts %+v; want 900 as it was kept", l.Figure, l.Facts)
	}
	if len(l.Origins) != 1 || l.Origins[0].Submission != first || l.Origins[0].FileName != "file-1.csv" || l.Origins[0].File == "" {
		t.Errorf("its files are %+v, want the first one alone", l.Origins)
	}
	if kept, err := b.Service.Run(ctx, b.Actor, c.Run.ID); err != nil || !reflect.DeepEqual(kept, c.Run) {
		t.Errorf("the run came back as %+v (%v), want %+v", kept, err, c.Run)
	}
	percent, err := b.Service.Lineage(ctx, b.Actor, c.Percent)
	if err != nil || len(percent.From) != 2 || len(percent.Facts) != 24 {
		t.Errorf("the percentage stands on %d figures and %d facts (%v), want 2 and 24", len(percent.From), len(percent.Facts), err)
	}
	now, err := b.Service.Lineage(ctx, b.Actor, "police.robbery.E09000002.2020")
	if err != nil || now.Kept || now.Figure.Value != 925 || len(now.Origins) != 2 {
		t.Errorf("asked for by name it is %+v (%v), want 925 as known now, from two files", now, err)
	}
}

func exerciseSame(t *testing.T, b *Bench) {
	ctx := context.Background()
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2019-01", slices.Repeat([]int32{7}, 24)...)
	c := b.Compare("police.robbery", "borough/E09000002", "2020", "2019")
	again := b.Compare("police.robbery", "borough/E09000002", "2020", "2019")
	if c.Run.ID != again.Run.ID || c.Percent != again.Percent {
		t.Errorf("asked twice, the run is %s and %s", c.Run.ID, again.Run.ID)
	}
	for range 2 {
		if err := b.Service.Keep(ctx, b.Actor, "a test", c.Run, again.Run); err != nil {
			t.Fatal(err)
		}
	}
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2020-01", 7)
	if other := b.Compare("police.robbery", "borough/E09000002", "2020", "2019"); other.Run.ID == c.Run.ID {
		t.Error("a month now comes from another file, but the run is the same")
	}
}

func exerciseMissing(t *testing.T, b *Bench) {
	ctx := context.Background()
	if _, err := b.Service.Run(ctx, b.Actor, "0198"); !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown run: %v, want NotFound", err)
	}
	for _, id := range []ids.Figure{"", "police.robbery", "police.robbery.E09000002.someday", "police.robbery.E00.2020", "police.robbery.E09000002.2020.vigour"} {
		if _, err := b.Service.Lineage(ctx, b.Actor, id); !errs.Is(err, errs.NotFound) {
			t.Errorf("the figure %q: %v, want NotFound", id, err)
		}
	}
	trends, err := b.Service.Trends(ctx, b.Actor, analysis.TrendQuestion{Series: []ids.Series{"police.robbery"},
		Places: []ids.Place{{Level: records.LevelBorough, Code: "E09000002"}}, Range: period.Year(2020)})
	if err != nil || trends[0].Points[0].Known || trends[0].Whole.Blank == "" {
		t.Errorf("a series without facts: %+v (%v), want no values and a reason", trends, err)
	}
}
