package places_test

import (
	"reflect"
	"sync"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

func TestLevelsAndCodes(t *testing.T) {
	a := placestest.London()
	want := []ids.Level{"lsoa-2021", "lsoa-2011", "ward-2025", "ward-2018", "borough", "pfa", "region"}
	if got := a.Levels(); !reflect.DeepEqual(got, want) {
		t.Errorf("levels are %v, want %v", got, want)
	}
	if got := a.Len("lsoa-2021"); got != 16 {
		t.Errorf("there are %d LSOAs of 2021, want 16: one split and two merged", got)
	}
	found := a.FindCode("E01000000")
	if len(found) != 2 || found[0].Level != "lsoa-2021" || found[1].Level != "lsoa-2011" {
		t.Errorf("an unchanged code is found as %v, want both vintages, the newest first", found)
	}
	if _, ok := a.Get(ids.Place{Level: "borough", Code: "E09000099"}); ok {
		t.Error("a code that is not there was found")
	}
}

func TestFindName(t *testing.T) {
	a := placestest.London()
	for _, name := range []string{"Hackney", "HACKNEY", " hackney ", "London Borough of Hackney"} {
		if p, ok := a.FindName(places.Borough, name); !ok || p.Code != "E09000012" {
			t.Errorf("%q is found as %v", name, p)
		}
	}
	if p, ok := a.FindName(places.Borough, "City of Westminster"); !ok || p.Code != "E09000033" {
		t.Errorf("the City of Westminster is found as %v", p)
	}
	if _, ok := a.FindName(places.Borough, "Heathrow"); ok {
		t.Error("a name that is not there was found")
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][2]string{
		{"Barking & Dagenham", "Barking and Dagenham"},
		{"Richmond Upon Thames", "Richmond-upon-Thames"},
		{"St. John's", "St Johns"},
		{"King’s Cross", "KING'S CROSS"},
	} {
		if places.Fold(same[0]) != places.Fold(same[1]) {
			t.Errorf("%q and %q are folded apart: %q, %q", same[0], same[1], places.Fold(same[0]), places.Fold(same[1]))
		}
	}
	if places.Fold("Abbey") == places.Fold("Abbey Road") {
		t.Error("two names are folded together")
	}
}

func TestUpAndDown(t *testing.T) {
	a := placestest.London()
	lsoa := placestest.LSOA(1, 0, 1)
	for level, want := range map[ids.Level]string{
		"ward-2018": placestest.Ward(1, 0).Code, "borough": "E09000007", "pfa": "E23000001", "region": "E12000007", "lsoa-2011": lsoa.Code,
	} {
		if got, ok := a.Up(lsoa, level); !ok || got.Code != want {
			t.Errorf("%s lies in %s, want %s", lsoa, got, want)
		}
	}
	if got, ok := a.Up(places.London, places.Borough); ok {
		t.Errorf("London lies in %s", got)
	}
	if got := a.Down(places.MetropolitanArea, placestest.LSOA2011); len(got) != 12 {
		t.Errorf("the Metropolitan Police area has %d LSOAs, want 12", len(got))
	}
	if got := a.Down(placestest.Ward(3, 1), placestest.LSOA2011); len(got) != 2 || got[0] != placestest.LSOA(3, 1, 0) {
		t.Errorf("a ward has %v", got)
	}
}

func TestLocate(t *testing.T) {
	a := placestest.London()
	lon, lat := placestest.West+placestest.Side/8, placestest.South+placestest.Side*9/8
	if r := a.Locate(placestest.LSOA2011, lon, lat); r == places.None || a.Place(placestest.LSOA2011, r).Place != placestest.LSOA(1, 0, 0) {
		t.Errorf("the point lies in %v", r)
	}
	out := make([]places.Ref, 3000)
	lons, lats := make([]float64, len(out)), make([]float64, len(out))
	for i := range lons {
		lons[i], lats[i] = placestest.West+float64(i)*placestest.Side/1000, lat
	}
	a.LocateMany(places.Borough, lons, lats, out)
	for i, r := range out {
		if want := a.Locate(places.Borough, lons[i], lats[i]); r != want {
			t.Fatalf("point %d is in %d, asked alone in %d", i, r, want)
		}
	}
	if got := a.Locate(places.PFA, lon, lat); got != places.None {
		t.Errorf("a level without boundaries located a point in %d", got)
	}
}

func TestPopulation(t *testing.T) {
	a := placestest.London()
	if n, ok := a.Population(ids.Place{Level: places.Borough, Code: "E09000001"}, 2019); !ok || n != 4060 {
		t.Errorf("the City has %v people in 2019, want 1000+1010+1020+1030", n)
	}
	region, ok := a.PopulationOf(places.London, 2020, places.Everybody)
	if !ok || region.Persons != 16*1000+10*120+16*20 || region.Estimated {
		t.Errorf("London has %+v", region)
	}
	late, _ := a.PopulationOf(places.London, 2023, places.Everybody)
	if late.Persons != region.Persons || late.Year != 2020 || !late.Estimated || late.Note == "" {
		t.Errorf("a year without figures gives %+v, want those of 2020, marked", late)
	}
	if _, ok := a.PopulationOf(places.London, 2020, "males"); ok {
		t.Error("a group that nobody counted was found")
	}
	merged, _ := a.PopulationOf(ids.Place{Level: placestest.LSOA2021, Code: "E01039100"}, 2019, places.Everybody)
	if merged.Persons != 1080+1090 || merged.Estimated {
		t.Errorf("a merged LSOA has %+v, want the sum of its parts, not estimated", merged)
	}
	part, _ := a.PopulationOf(ids.Place{Level: placestest.LSOA2021, Code: "E01039000"}, 2019, places.Everybody)
	if part.Persons < 259 || part.Persons > 261 || !part.Estimated {
		t.Errorf("a quarter of a split LSOA has %+v, want 260, estimated", part)
	}
}

func TestNeighbours(t *testing.T) {
	a := placestest.London()
	for _, c := range []struct {
		place       ids.Place
		queen, rook []string
	}{
		{ids.Place{Level: places.Borough, Code: "E09000007"}, []string{"E09000012", "E09000033"}, []string{"E09000012", "E09000033"}},
		{ids.Place{Level: places.Borough, Code: "E09000012"}, []string{"E09000007", "E09000033"}, []string{"E09000007"}},
		{places.CityOfLondon, nil, nil},
	} {
		for kind, want := range map[places.Contiguity][]string{places.Queen: c.queen, places.Rook: c.rook} {
			var got []string
			for _, n := range a.Neighbours(c.place, kind) {
				got = append(got, n.Code)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s has the neighbours %v (kind %d), want %v", c.place, got, kind, want)
			}
		}
	}
	if lists := a.NeighbourLists(places.Borough, places.Queen); len(lists) != 4 || len(lists[0]) != 0 {
		t.Errorf("the lists are %v, want one for each borough, and an empty one for the City", lists)
	}
	if a.NeighbourLists(places.PFA, places.Queen) != nil || a.Neighbours(places.London, places.Queen) != nil {
		t.Error("a level without boundaries has neighbours")
	}
}

// TestAtlasIsShared asks one atlas from many goroutines at once; run with
// -race it shows that what is made at first use is made once.
func TestAtlasIsShared(t *testing.T) {
	a := placestest.London()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			a.FindName(places.Borough, "Camden")
			a.Neighbours(places.CityOfLondon, places.Contiguity(i%2))
			a.Locate(placestest.LSOA2021, placestest.West, placestest.South)
			a.PopulationOf(places.London, 2015+i, places.Everybody)
			if _, err := a.Conversion(placestest.LSOA2011, placestest.LSOA2021); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}
