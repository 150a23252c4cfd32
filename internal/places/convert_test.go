package places_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

func conversion(t *testing.T, a *places.Atlas, from, to ids.Level) *places.Conversion {
	t.Helper()
	c, err := a.Conversion(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at returns the place of a code in a level by number.
func at(t *testing.T, a *places.Atlas, l ids.Level, code string) places.Ref {
	t.Helper()
	r, ok := a.Ref(ids.Place{Level: l, Code: code})
	if !ok {
		t.Fatalf("there is no %s/%s", l, code)
	}
	return r
}

func TestSplitByArea(t *testing.T) {
	a := placestest.London()
	c := conversion(t, a, placestest.LSOA2011, placestest.LSOA2021)
	in := make([]int64, a.Len(placestest.LSOA2011))
	split := placestest.LSOA(1, 0, 0)
	in[at(t, a, placestest.LSOA2011, split.Code)] = 10
	got := c.Counts(in)
	small, large := at(t, a, placestest.LSOA2021, "E01039000"), at(t, a, placestest.LSOA2021, "E01039001")
	// A quarter of 10 is 2.5: the halves are equal, and the first part wins.
	if got.Values[small] != 3 || got.Values[large] != 7 || !got.Estimated[small] || got.Unplaced != 0 {
		t.Errorf("10 are split into %d and %d (estimated %v), want 3 and 7, estimated", got.Values[small], got.Values[large], got.Estimated[small])
	}
	if basis := c.Basis(at(t, a, placestest.LSOA2011, split.Code)); basis != places.ByArea {
		t.Errorf("the split is %v, want by area: nobody counted the people of the parts", basis)
	}
	tenths := make([]float64, len(in))
	tenths[at(t, a, placestest.LSOA2011, split.Code)] = 10
	real := c.Values(tenths)
	if math.Abs(real.Values[small]-2.5) > 1e-9 || real.Values[small]+real.Values[large] != 10 {
		t.Errorf("10 are divided into %v and %v, want 2.5 and 7.5", real.Values[small], real.Values[large])
	}
}

func TestSplitByPopulation(t *testing.T) {
	m := placestest.Map()
	for code, n := range map[string]float64{"E01039000": 900, "E01039001": 100} {
		m.Populations = append(m.Populations, places.Population{Place: ids.Place{Level: placestest.LSOA2021, Code: code}, Year: 2021, Group: places.Everybody, Persons: n, Source: "invented census"})
	}
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	c := conversion(t, a, placestest.LSOA2011, placestest.LSOA2021)
	r := at(t, a, placestest.LSOA2011, placestest.LSOA(1, 0, 0).Code)
	shares := c.Shares(r)
	if len(shares) != 2 || shares[0].Weight != 0.9 || c.Basis(r) != places.ByPopulation {
		t.Errorf("the shares are %v, %v; want 0.9 and 0.1 by population", shares, c.Basis(r))
	}
}

func TestMergeAdds(t *testing.T) {
	a := placestest.London()
	c := conversion(t, a, placestest.LSOA2011, placestest.LSOA2021)
	in := make([]int64, a.Len(placestest.LSOA2011))
	in[at(t, a, placestest.LSOA2011, placestest.LSOA(2, 0, 0).Code)] = 3
	in[at(t, a, placestest.LSOA2011, placestest.LSOA(2, 0, 1).Code)] = 4
	got := c.Counts(in)
	merged := at(t, a, placestest.LSOA2021, "E01039100")
	if got.Values[merged] != 7 || got.Estimated[merged] {
		t.Errorf("3 and 4 are merged to %d (estimated %v), want 7, not estimated", got.Values[merged], got.Estimated[merged])
	}
	back := conversion(t, a, placestest.LSOA2021, placestest.LSOA2011)
	shares := back.Shares(merged)
	if len(shares) != 2 || back.Basis(merged) != places.ByPopulation || math.Abs(shares[0].Weight-1100.0/2210) > 1e-12 {
		t.Errorf("back again the shares are %v, %v; want those of 1,100 and 1,110 people", shares, back.Basis(merged))
	}
}

func TestRedrawnWards(t *testing.T) {
	a := placestest.London()
	c := conversion(t, a, placestest.Ward2018, placestest.Ward2025)
	kept := at(t, a, placestest.Ward2018, placestest.Ward(1, 0).Code)
	if s := c.Shares(kept); len(s) != 1 || s[0].Weight != 1 || c.Basis(kept) != places.Same {
		t.Errorf("a ward that was not redrawn has shares %v, %v", s, c.Basis(kept))
	}
	west := at(t, a, placestest.Ward2018, placestest.Ward(3, 0).Code)
	// Its LSOAs have 1,140 and 1,150 people in 2020.
	if s := c.Shares(west); len(s) != 2 || math.Abs(s[0].Weight-1140.0/2290) > 1e-12 || c.Basis(west) != places.ByPopulation {
		t.Errorf("a redrawn ward has shares %v, %v", s, c.Basis(west))
	}
}

func TestWardWithoutSmallAreas(t *testing.T) {
	m := placestest.Map()
	named := ids.Place{Level: "ward-2011", Code: "E05000777"}
	placed := ids.Place{Level: "ward-2011", Code: "E05000778"}
	lost := ids.Place{Level: "ward-2011", Code: "E05000779"}
	m.Places = append(m.Places, places.Place{Place: named, Name: "CAMDEN  West"}, places.Place{Place: placed, Name: "Old Hackney"}, places.Place{Place: lost, Name: "Atlantis"})
	m.Links = append(m.Links, places.Link{Child: named, Parent: ids.Place{Level: places.Borough, Code: "E09000007"}})
	for _, s := range m.Shapes {
		if s.Place == placestest.Ward(2, 1) {
			m.Shapes = append(m.Shapes, places.Shape{Place: placed, Boundary: s.Boundary})
		}
	}
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	c := conversion(t, a, "ward-2011", placestest.Ward2018)
	for code, want := range map[string]string{named.Code: placestest.Ward(1, 0).Code, placed.Code: placestest.Ward(2, 1).Code} {
		r := at(t, a, "ward-2011", code)
		if s := c.Shares(r); len(s) != 1 || a.Place(placestest.Ward2018, s[0].To).Code != want || c.Basis(r) != places.ByName {
			t.Errorf("%s goes to %v, %v; want %s by name or position", code, s, c.Basis(r), want)
		}
	}
	got := c.Counts([]int64{1, 2, 4})
	if sum := got.Values; got.Unplaced != 4 || total(sum) != 3 {
		t.Errorf("the place that is lost takes %d with it and leaves %d, want 4 and 3", got.Unplaced, total(sum))
	}
}

func total[N int64 | float64](values []N) (sum N) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func TestConversionRefusals(t *testing.T) {
	a := placestest.London()
	if _, err := a.Conversion(placestest.LSOA2011, placestest.Ward2018); !errs.Is(err, errs.Invalid) {
		t.Errorf("LSOAs to wards gives %v, want Invalid", err)
	}
	if _, err := a.Conversion(placestest.LSOA2011, "lsoa-2031"); !errs.Is(err, errs.NotFound) {
		t.Errorf("LSOAs of 2031 give %v, want NotFound", err)
	}
}

// TestTotalsAreKept converts any counts in every direction of the sample.
func TestTotalsAreKept(t *testing.T) {
	a := placestest.London()
	ways := [][2]ids.Level{{placestest.LSOA2011, placestest.LSOA2021}, {placestest.LSOA2021, placestest.LSOA2011}, {placestest.Ward2018, placestest.Ward2025}, {placestest.Ward2025, placestest.Ward2018}}
	rapid.Check(t, func(t *rapid.T) {
		way := rapid.SampledFrom(ways).Draw(t, "way")
		c, err := a.Conversion(way[0], way[1])
		if err != nil {
			t.Fatal(err)
		}
		n := a.Len(way[0])
		in := rapid.SliceOfN(rapid.Int64Range(-50, 100_000), n, n).Draw(t, "counts")
		out := c.Counts(in)
		if total(out.Values)+out.Unplaced != total(in) {
			t.Fatalf("%d went in and %d came out", total(in), total(out.Values)+out.Unplaced)
		}
		exact := make([]float64, a.Len(way[1]))
		parts := make([]int, a.Len(way[1]))
		for r, v := range in {
			for _, s := range c.Shares(places.Ref(r)) {
				exact[s.To] += float64(v) * s.Weight
				parts[s.To]++
			}
		}
		for i, v := range out.Values {
			if math.Abs(float64(v)-exact[i]) > float64(parts[i])+1e-6 {
				t.Fatalf("place %d got %d, in proportion %v", i, v, exact[i])
			}
		}
	})
}
