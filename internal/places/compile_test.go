package places

import (
	"testing"

	"openvru/internal/ids"
)

// told is a look-up that puts a ward in a borough, as of a year.
func told(borough, name, year string) Content {
	ward := ids.Place{Level: "ward-2018", Code: "E05000001"}
	b := ids.Place{Level: Borough, Code: borough}
	return Content{Kind: Lookup, Level: "ward-2018",
		Named: []Named{{Place{ward, name}, "2018"}, {Place{b, "Borough " + borough}, year}},
		Links: []Claim{{Link: Link{Child: ward, Parent: b}, Year: year}}}
}

func compiled(t *testing.T, contents ...Content) *Atlas {
	t.Helper()
	a, err := NewAtlas(compile(contents))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNewerYearIsBelieved(t *testing.T) {
	old, now := told("E09000002", "Old name", "2019"), told("E09000003", "New name", "2024")
	ward := ids.Place{Level: "ward-2018", Code: "E05000001"}
	for _, order := range [][]Content{{old, now}, {now, old}} {
		a := compiled(t, order...)
		if b, _ := a.Up(ward, Borough); b.Code != "E09000003" || a.UpEstimated(ward, Borough) {
			t.Errorf("the ward lies in %s, want what the newer column says", b)
		}
	}
}

func TestLaterFileIsBelievedOfOneYear(t *testing.T) {
	a := compiled(t, told("E09000002", "First", "2024"), told("E09000003", "Second", "2024"))
	ward := ids.Place{Level: "ward-2018", Code: "E05000001"}
	p, _ := a.Get(ward)
	if b, _ := a.Up(ward, Borough); b.Code != "E09000003" || p.Name != "Second" {
		t.Errorf("the ward is %v in %s, want what the later file says", p, b)
	}
}

func TestTwoParentsInOneFile(t *testing.T) {
	c := told("E09000002", "Split", "2024")
	c.Links = append(c.Links, told("E09000003", "Split", "2024").Links...)
	ward := ids.Place{Level: "ward-2018", Code: "E05000001"}
	a := compiled(t, c)
	if b, _ := a.Up(ward, Borough); b.Code != "E09000002" || !a.UpEstimated(ward, Borough) {
		t.Errorf("a ward in two boroughs lies in %s (estimated %v), want the first, estimated", b, a.UpEstimated(ward, Borough))
	}
}

// TestIrregular shares LSOAs that were redrawn across each other: A went to P
// and Q, and B to Q and R.
func TestIrregular(t *testing.T) {
	at := func(l ids.Level, code string) ids.Place { return ids.Place{Level: l, Code: code} }
	c := Content{Kind: Lookup, Level: "lsoa-2011"}
	for _, line := range [][2]string{{"E01000001", "E01009001"}, {"E01000001", "E01009002"}, {"E01000002", "E01009002"}, {"E01000002", "E01009003"}} {
		from, to := at("lsoa-2011", line[0]), at("lsoa-2021", line[1])
		c.Named = append(c.Named, Named{Place{from, ""}, "2011"}, Named{Place{to, ""}, "2021"})
		c.Pairs = append(c.Pairs, Pair{from, to})
	}
	a := compiled(t, c)
	conversion, err := a.Conversion("lsoa-2011", "lsoa-2021")
	if err != nil {
		t.Fatal(err)
	}
	got := conversion.Counts([]int64{5, 8})
	if got.Values[0] != 3 || got.Values[1] != 2+4 || got.Values[2] != 4 || conversion.Basis(0) != Equally {
		t.Errorf("5 and 8 became %v (%v), want 3, 6 and 4, in equal parts", got.Values, conversion.Basis(0))
	}
	for i, e := range got.Estimated {
		if !e {
			t.Errorf("place %d is not marked estimated", i)
		}
	}
}

// TestRealWholeLookup carries counts along the whole look-up of England and
// Wales, its irregular lines included.
func TestRealWholeLookup(t *testing.T) {
	for i, name := range realFiles {
		if name != "lookups/lookup_lsoa11_lsoa21_ltla22.csv" {
			continue
		}
		a := compiled(t, realContents(t)[i])
		if a.Len("lsoa-2011") != 34_753 || a.Len("lsoa-2021") != 35_672 {
			t.Fatalf("there are %d LSOAs of 2011 and %d of 2021, want 34,753 and 35,672", a.Len("lsoa-2011"), a.Len("lsoa-2021"))
		}
		lines := make(map[string]int)
		for _, row := range realRows(t, name) {
			if row["change_code"] == "X" {
				lines[row["lsoa11_code"]]++
			}
		}
		for _, way := range [][2]ids.Level{{"lsoa-2011", "lsoa-2021"}, {"lsoa-2021", "lsoa-2011"}} {
			c, err := a.Conversion(way[0], way[1])
			if err != nil {
				t.Fatal(err)
			}
			for range 5 {
				checkTotals(t, c, newRandom(), a.Len(way[0]))
			}
		}
		c, _ := a.Conversion("lsoa-2011", "lsoa-2021")
		for code, n := range lines {
			if got := c.Shares(a.ref("lsoa-2011", code)); len(got) != n {
				t.Errorf("the irregular %s has %d shares, the look-up %d lines", code, len(got), n)
			}
		}
	}
}
