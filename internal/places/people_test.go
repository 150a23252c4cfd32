package places_test

import (
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

func with(t *testing.T, more ...places.Population) *places.Atlas {
	t.Helper()
	m := placestest.Map()
	m.Populations = append(m.Populations, more...)
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPublishedBeforeSummed(t *testing.T) {
	camden := ids.Place{Level: places.Borough, Code: "E09000007"}
	a := with(t, places.Population{Place: camden, Year: 2019, Group: places.Everybody, Persons: 5000, Source: "the borough's own"})
	got, _ := a.PopulationOf(camden, 2019, places.Everybody)
	if got.Persons != 5000 || got.Source != "the borough's own" {
		t.Errorf("Camden has %+v, want the figure published for it", got)
	}
	other, _ := a.PopulationOf(ids.Place{Level: places.Borough, Code: "E09000012"}, 2019, places.Everybody)
	if other.Source == got.Source || other.Persons != 1080+1090+1100+1110 {
		t.Errorf("Hackney has %+v, want the sum of its LSOAs", other)
	}
}

// TestNoPartialSums takes one LSOA's figure away: what holds it has none of
// that year, and so has none silently too small.
func TestNoPartialSums(t *testing.T) {
	m := placestest.Map()
	kept := m.Populations[:0]
	for _, p := range m.Populations {
		if p.Place != placestest.LSOA(1, 1, 1) {
			kept = append(kept, p)
		}
	}
	m.Populations = kept
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []ids.Place{placestest.Ward(1, 1), {Level: places.Borough, Code: "E09000007"}, places.MetropolitanArea, places.London} {
		if n, ok := a.Population(p, 2019); ok {
			t.Errorf("%s has %v people, and one of its LSOAs has no figure", p, n)
		}
	}
	if _, ok := a.Population(ids.Place{Level: places.Borough, Code: "E09000012"}, 2019); !ok {
		t.Error("Hackney lost its figure with Camden's")
	}
}

func TestProjections(t *testing.T) {
	ward := placestest.Ward(2, 0)
	a := with(t,
		places.Population{Place: ward, Year: 2021, Group: places.Everybody, Persons: 9000, Source: "projection", Projection: true},
		places.Population{Place: ward, Year: 2030, Group: places.Everybody, Persons: 9900, Source: "projection", Projection: true})
	near, _ := a.PopulationOf(ward, 2021, places.Everybody)
	if near.Year != 2020 || near.Source == "projection" {
		t.Errorf("one year after the last estimate the population is %+v, want the estimate", near)
	}
	far, _ := a.PopulationOf(ward, 2028, places.Everybody)
	if far.Year != 2030 || !far.Estimated || !strings.Contains(far.Note, "it is a projection") || !strings.Contains(far.Note, "the nearest year with a figure is 2030") {
		t.Errorf("years later the population is %+v, want the nearest projection, marked", far)
	}
}

func TestWardTakesOverItsCode(t *testing.T) {
	old := ids.Place{Level: "ward-2018", Code: placestest.Ward(2, 0).Code}
	now := ids.Place{Level: "ward-2025", Code: old.Code}
	a := with(t, places.Population{Place: old, Year: 2019, Group: places.Everybody, Persons: 4321, Source: "ward estimates"})
	got, _ := a.PopulationOf(now, 2019, places.Everybody)
	if got.Persons != 4321 || got.Estimated {
		t.Errorf("a ward with the code of another set has %+v, want that ward's figure", got)
	}
}

func TestFarYears(t *testing.T) {
	a := placestest.London()
	for _, year := range []int{-1 << 40, 0, 1 << 40} {
		got, ok := a.PopulationOf(places.CityOfLondon, year, places.Everybody)
		if !ok || got.Asked != year || !got.Estimated || got.Year != 2019 && year < 2019 || got.Year != 2020 && year > 2020 {
			t.Errorf("the year %d gives %+v", year, got)
		}
	}
}

func TestGroupsOfPeople(t *testing.T) {
	a := placestest.London()
	young, ok := a.PopulationOf(places.CityOfLondon, 2019, "persons/16-29")
	if !ok || young.Persons != 812 {
		t.Errorf("the City has %+v aged 16 to 29, want 812", young)
	}
	if g := a.Groups(); len(g) != 2 || g[0] != places.Everybody {
		t.Errorf("the groups are %v", g)
	}
}
