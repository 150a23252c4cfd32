package analysis_test

import (
	"context"
	"testing"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

func TestProfileOfABorough(t *testing.T) {
	b := newBench(t)
	b.Monthly(records.MPSMonthly, recordstest.Met, personal, "E09000002", "2018-01", months(30, 4)...)
	p, err := b.Service.Profile(context.Background(), b.Actor, analysis.ProfileQuestion{Place: ids.Place{Level: records.LevelForce, Code: recordstest.Met}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Period.String() != "2019-07 to 2020-06" || p.Against.String() != "2018-07 to 2019-06" {
		t.Errorf("the periods are %s and %s, want the last twelve months and those before", p.Period, p.Against)
	}
	if len(p.Trends) == 0 || len(p.Trends) != len(p.Comparisons) || len(p.Trends[0].Points) != 36 {
		t.Errorf("%d trends, %d comparisons", len(p.Trends), len(p.Comparisons))
	}
	if p.Inside.Level != records.LevelBorough || len(p.Inside.Rows) != 2 || p.Inside.Rows[0].Place.Name != "Barking and Dagenham" {
		t.Errorf("inside is %+v", p.Inside)
	}
	if len(p.Up) != 1 || p.Up[0].Name != "London" {
		t.Errorf("it lies in %v, want London", p.Up)
	}
}

func TestProfileOfAPlaceWithoutFigures(t *testing.T) {
	b := newBench(t)
	p, err := b.Service.Profile(context.Background(), b.Actor, analysis.ProfileQuestion{Place: ids.Place{Level: recordstest.Ward, Code: "E05002000"}})
	if err != nil || p.Main != nil || p.Place.Name != "Barking and Dagenham ward 0" || len(p.Up) != 3 {
		t.Errorf("got %+v, %v", p, err)
	}
	_, err = b.Service.Profile(context.Background(), b.Actor, analysis.ProfileQuestion{Place: ids.Place{Level: recordstest.Ward, Code: "E05"}})
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown place: %v, want NotFound", err)
	}
}
