package intake

import (
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/intake/intaketest"
)

// halfKnown is a borough whose LSOAs have no boundaries, with a set of wards
// that has one more than LSOAs are linked to.
func halfKnown(t *testing.T) *places.Atlas {
	t.Helper()
	var m places.Map
	add := func(level, code string, above ...ids.Place) ids.Place {
		p := ids.Place{Level: ids.Level(level), Code: code}
		m.Places = append(m.Places, places.Place{Place: p, Name: code})
		for _, a := range above {
			m.Links = append(m.Links, places.Link{Child: p, Parent: a})
		}
		return p
	}
	m.Places = append(m.Places, places.Place{Place: places.MetropolitanArea, Name: "Metropolitan Police"})
	camden := add("borough", "E09000007", places.MetropolitanArea)
	whole := add("ward-2017", "E05000001", camden)
	part := add("ward-2011", "E05000001", camden)
	add("ward-2011", "E05000002", camden)
	add("lsoa-2011", "E01000001", camden, whole, part)
	add("lsoa-2011", "E01000002", camden, whole, part)
	add("lsoa-2021", "E01000001", camden, whole, part)
	add("lsoa-2021", "E01039000", camden, whole, part)
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Where no row could come to lie in a place, the file says nothing of it: none
// would be a guess.
func TestStreetOutOfReach(t *testing.T) {
	got := intaketest.Read(t, PoliceUK(), halfKnown(t), "x.csv", streetHead+
		street(1, colLSOA, "E01000001", colLongitude, "", colLatitude, "")+
		street(2, colLSOA, "E01000002", colLongitude, "", colLatitude, ""))
	jan := period.NewMonth(2019, 1)
	for _, c := range []struct {
		place string
		want  int64
		told  bool
	}{
		{"lsoa-2011/E01000002", 1, true}, {"lsoa-2021/E01039000", 0, false}, {"lsoa-2021/E01000001", 0, false},
		{"ward-2017/E05000001", 2, true}, {"ward-2011/E05000001", 0, false}, {"ward-2011/E05000002", 0, false},
		{"borough/E09000007", 2, true},
	} {
		p, err := ids.ParsePlace(c.place)
		if err != nil {
			t.Fatal(err)
		}
		if n, told := intaketest.Fact(t, got.Facts, "police.robbery", p, jan); n != c.want || told != c.told {
			t.Errorf("%s has %d (told: %v), want %d (told: %v)", c.place, n, told, c.want, c.told)
		}
	}
	const want = "No row could come to lie in some places of these kinds, so no figures are made for any of them: " +
		"LSOA (2021) (no boundaries, and the file has codes of LSOA (2011)); " +
		"ward (2011) (1 of 2 have no boundary and no smaller place in them)."
	for _, f := range got.Findings {
		if f.Rule == records.RuleOutOfReach && f.Message == want && f.Count == 2 && strings.Contains(f.Hint, "import their boundaries") {
			return
		}
	}
	t.Errorf("the findings do not say %q: %+v", want, got.Findings)
}
