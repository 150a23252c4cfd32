package records

import (
	"reflect"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
)

func TestTellingNarrow(t *testing.T) {
	months := func(from, to int) period.Range {
		return period.Range{From: period.NewMonth(2024, from), To: period.NewMonth(2024, to)}
	}
	all := []*Series{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}
	facts := EditionFacts{
		Coverage: []Coverage{{Force: "f", Level: "borough", Months: months(1, 6)}, {Force: "f", Level: "pfa", Months: months(1, 6)}},
		Blocks:   []Block{{Series: "a", Level: "borough"}, {Series: "a", Level: "pfa"}, {Series: "d", Level: "borough"}},
	}
	if got := (Telling{}).narrow(facts, all); !reflect.DeepEqual(got, facts) {
		t.Errorf("a file that narrows nothing tells %+v", got)
	}
	got := Telling{Levels: []ids.Level{"borough"}, Series: map[ids.Series]period.Range{
		"a": months(1, 6), "b": months(1, 12), "c": months(2, 4), "e": months(1, 6),
	}}.narrow(facts, all)
	want := EditionFacts{
		Coverage: []Coverage{
			{Force: "f", Level: "borough", Months: months(1, 6), Series: []ids.Series{"a", "b"}},
			{Force: "f", Level: "borough", Months: months(2, 4), Series: []ids.Series{"c"}},
		},
		Blocks: []Block{{Series: "a", Level: "borough"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
