package places

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// realFolder returns the folder of real files, or skips.
func realFolder(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA does not name a folder of real files, so they are not tried")
	}
	return folder
}

var realFiles = []string{
	"boundaries/london_boroughs.geojson", "boundaries/london_lsoa_2011.geojson.gz",
	"boundaries/london_lsoa_2021.geojson.gz", "boundaries/london_ward_2025.geojson.gz",
	"lookups/lookup_lsoa11_lsoa21_ltla22.csv", "lookups/lookup_lsoa11_ward17.csv",
	"lookups/lookup_lsoa21_ward24_ltla24.csv", "lookups/lookup_ltla24_csp24_pfa24.csv",
	"lookups/lookup_ltla24_region24.csv", "population/london-mid2019-pop.csv",
	"population/london-mid2020-pop.csv", "population/london_ward_pop_2011-2050.csv.gz",
}

// realContents reads every real file once for all tests.
func realContents(t testing.TB) []Content {
	t.Helper()
	folder := realFolder(t)
	realOnce.Do(func() {
		for _, name := range realFiles {
			f, err := os.Open(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			c, list, err := Read(filepath.Base(name), f, Options{Today: 2026})
			f.Close()
			if err != nil || refusals(list) != "" {
				t.Fatal(name, err, refusals(list))
			}
			for _, p := range list {
				t.Logf("%s: %s: %s", name, p.Severity, p.Sentence())
			}
			realRead = append(realRead, c)
		}
	})
	return realRead
}

var (
	realOnce sync.Once
	realRead []Content
)

func realAtlas(t testing.TB) *Atlas {
	t.Helper()
	contents := realContents(t)
	realMade.Do(func() {
		var err error
		if realMap, err = NewAtlas(compile(contents)); err != nil {
			t.Fatal(err)
		}
	})
	return realMap
}

var (
	realMade sync.Once
	realMap  *Atlas
)

// realRows reads a table by the plainest means, for counts that owe nothing to
// the readers under test: by column name.
func realRows(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(realFolder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		m := make(map[string]string)
		for i, v := range row {
			m[strings.TrimPrefix(all[0][i], "\ufeff")] = v
		}
		out = append(out, m)
	}
	return out
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRealCounts(t *testing.T) {
	a := realAtlas(t)
	for level, want := range map[ids.Level]int{
		"lsoa-2011": 4835, "lsoa-2021": 4994, "ward-2025": 704, "borough": 33, "ward-2024": 684, "ward-2017": 634,
		"ward-2011": 624, "msoa-2011": 983, "csp": 33, "pfa": 2, "region": 1,
	} {
		if got := a.Len(level); got != want {
			t.Errorf("%s has %d places, want %d", level, got, want)
		}
	}
	if got := len(a.Levels()); got != 11 {
		t.Errorf("the levels are %v", a.Levels())
	}
	for _, l := range []ids.Level{"lsoa-2011", "lsoa-2021", "ward-2025", "borough"} {
		if !a.HasBoundaries(l) {
			t.Errorf("%s lacks boundaries", l)
		}
	}
	for _, l := range a.Levels() {
		if rankOf(l) < rankOf(Region) && len(a.Down(London, l)) != a.Len(l) {
			t.Errorf("London has %d of %d places of %s", len(a.Down(London, l)), a.Len(l), l)
		}
	}
	if got := len(a.Down(CityOfLondonArea, Borough)); got != 1 {
		t.Errorf("the City of London Police have %d boroughs", got)
	}
}

// TestRealLinks follows every London line of the look-ups through the atlas.
func TestRealLinks(t *testing.T) {
	a := realAtlas(t)
	for _, look := range []struct {
		file, child, parent string
		from, to            ids.Level
		lines               int
	}{
		{"lookups/lookup_lsoa21_ward24_ltla24.csv", "lsoa21_code", "ward24_code", "lsoa-2021", "ward-2024", 4994},
		{"lookups/lookup_lsoa21_ward24_ltla24.csv", "lsoa21_code", "ltla24_code", "lsoa-2021", Borough, 4994},
		{"lookups/lookup_lsoa21_ward24_ltla24.csv", "ward24_code", "ltla24_code", "ward-2024", Borough, 4994},
		{"lookups/lookup_lsoa11_ward17.csv", "lsoa11_code", "ward17_code", "lsoa-2011", "ward-2017", 4835},
		{"lookups/lookup_ltla24_csp24_pfa24.csv", "ltla24_code", "pfa24_code", Borough, PFA, 33},
		{"lookups/lookup_ltla24_csp24_pfa24.csv", "ltla24_code", "csp24_code", Borough, CSP, 33},
		{"lookups/lookup_ltla24_region24.csv", "ltla24_code", "region24_code", Borough, Region, 33},
		{"population/london-mid2019-pop.csv", "LSOA11CD", "MSOA11CD", "lsoa-2011", "msoa-2011", 4835},
	} {
		n := 0
		for _, row := range realRows(t, look.file) {
			child := ids.Place{Level: look.from, Code: row[look.child]}
			if _, ok := a.Ref(child); !ok {
				continue
			}
			n++
			if up, _ := a.Up(child, look.to); up.Code != row[look.parent] {
				t.Errorf("%s lies in %s, the file says %s", child, up, row[look.parent])
			}
		}
		if n != look.lines {
			t.Errorf("%s: %d lines are of London, want %d", look.file, n, look.lines)
		}
	}
}

func TestRealPopulations(t *testing.T) {
	a := realAtlas(t)
	for year, file := range map[int]string{2019: "population/london-mid2019-pop.csv", 2020: "population/london-mid2020-pop.csv"} {
		for column, group := range map[string]Group{"Persons_All-Ages": Everybody, "Females_16-29": "females/16-29", "Males_65+": "males/65+"} {
			sums := make(map[ids.Place]float64)
			for _, row := range realRows(t, file) {
				n := number(t, row[column])
				sums[London] += n
				sums[ids.Place{Level: Borough, Code: row["LAD11CD"]}] += n
				sums[ids.Place{Level: "msoa-2011", Code: row["MSOA11CD"]}] += n
				sums[ids.Place{Level: "lsoa-2011", Code: row["LSOA11CD"]}] += n
			}
			sums[CityOfLondonArea] = sums[CityOfLondon]
			sums[MetropolitanArea] = sums[London] - sums[CityOfLondon]
			for p, want := range sums {
				if got, _ := a.PopulationOf(p, year, group); got.Persons != want || got.Estimated {
					t.Errorf("%s, %s of %d: %+v, the file's rows sum to %v", p, group, year, got, want)
				}
			}
		}
	}
	if n, _ := a.Population(London, 2019); n != 8_961_989 {
		t.Errorf("London has %v people in 2019, want the ONS's 8,961,989", n)
	}
	for _, row := range realRows(t, "population/london_ward_pop_2011-2050.csv.gz") {
		p := ids.Place{Level: "ward-2011", Code: row["Code"]}
		if row["Year"] != "2030" {
			continue
		}
		if got, _ := a.PopulationOf(p, 2030, Everybody); got.Persons != number(t, row["Population"]) || !got.Estimated {
			t.Errorf("%s has %+v in 2030, the file says %s", p, got, row["Population"])
		}
	}
}

// TestRealWardSets answers which set of wards the files of ward-level crime
// need: docs/decisions/2026-11-22-ward-vintages.md rests on these numbers.
func TestRealWardSets(t *testing.T) {
	contents := realContents(t)
	a := realAtlas(t)
	early := wardsOf(t, "mps-datastore/ward_24m_202009-202208.csv")
	if l, n := a.BestWardLevel(codesOf(early)); len(early) != 632 || l != "ward-2017" || n != 542 {
		t.Errorf("of %d codes of 2020 the best set, %s, has %d", len(early), l, n)
	}
	late := wardsOf(t, "mps-datastore/ward_24m_202402-202601.csv")
	if _, n := a.BestWardLevel(codesOf(late)); n != 679 || len(late) != 679 {
		t.Errorf("of %d codes of 2024 the best set has %d", len(late), n)
	}
	set := WardSetOf(period.NewMonth(2020, 9))
	register := Content{Kind: Register, Level: set}
	for _, w := range early {
		p := ids.Place{Level: set, Code: w.Code}
		register.Named = append(register.Named, Named{Place: Place{p, w.Name}})
		register.Links = append(register.Links, Claim{Link: Link{Child: p, Parent: ids.Place{Level: Borough}}, ParentName: w.Borough})
	}
	a, err := NewAtlas(compile(append(contents[:len(contents):len(contents)], register)))
	if err != nil {
		t.Fatal(err)
	}
	if set != "ward-2018" || a.Len(set) != 632 {
		t.Fatalf("%s has %d wards", set, a.Len(set))
	}
	for _, l := range []ids.Level{"lsoa-2011", "lsoa-2021"} {
		linked, filled := 0, make(map[Ref]bool)
		for _, r := range a.UpTable(l, set) {
			if r != None {
				linked++
				filled[r] = true
			}
		}
		city := len(a.Down(CityOfLondon, l))
		if linked != a.Len(l)-city || len(filled) != 632 {
			t.Errorf("%d of %d %s are linked to %d wards of 2018; all but the City's %d should be, and every ward have some", linked, a.Len(l), l, len(filled), city)
		}
	}
	people := 0.0
	for _, p := range a.All(set) {
		n, _ := a.PopulationOf(p.Place, 2019, Everybody)
		people += n.Persons
		if !n.Estimated {
			t.Errorf("%s has %+v, want it marked estimated", p.Place, n)
		}
		if _, ok := a.Up(p.Place, Borough); !ok {
			t.Errorf("%s is in no borough", p.Place)
		}
	}
	if city, _ := a.Population(CityOfLondon, 2019); people != 8_961_989-city {
		t.Errorf("the wards have %v people, want London's without the City's %v", people, city)
	}
}

func wardsOf(t *testing.T, file string) []Ward {
	seen := make(map[string]bool)
	var out []Ward
	for _, row := range realRows(t, file) {
		if w := (Ward{row["WardCode"], row["WardName"], row["LookUp_BoroughName"]}); !seen[w.Code] {
			seen[w.Code] = true
			out = append(out, w)
		}
	}
	return out
}

func codesOf(wards []Ward) (out []string) {
	for _, w := range wards {
		out = append(out, w.Code)
	}
	return out
}

// TestRealConversions converts random counts along the whole real look-ups, in
// every direction: totals are kept, and what the look-up calls unchanged is.
func TestRealConversions(t *testing.T) {
	a := realAtlas(t)
	random := newRandom()
	for _, way := range []struct {
		from, to ids.Level
		nowhere  int
	}{
		{"lsoa-2011", "lsoa-2021", 0}, {"lsoa-2021", "lsoa-2011", 0}, {"ward-2017", "ward-2024", 0}, {"ward-2024", "ward-2017", 0},
		{"ward-2025", "ward-2017", 0},
		{"ward-2011", "ward-2025", 21}, // redrawn in 2014, named otherwise, and no file says where they were
	} {
		c, err := a.Conversion(way.from, way.to)
		if err != nil {
			t.Fatal(err)
		}
		bases := make(map[Basis]int)
		for r := range a.Len(way.from) {
			bases[c.Basis(Ref(r))]++
		}
		t.Logf("%s to %s: %v", way.from, way.to, bases)
		if bases[Nowhere] != way.nowhere {
			t.Errorf("%s to %s: %d places go nowhere, want %d", way.from, way.to, bases[Nowhere], way.nowhere)
		}
		for range 20 {
			checkTotals(t, c, random, a.Len(way.from))
		}
	}
	c, _ := a.Conversion("lsoa-2011", "lsoa-2021")
	for _, row := range realRows(t, "lookups/lookup_lsoa11_lsoa21_ltla22.csv") {
		from, ok := a.Ref(ids.Place{Level: "lsoa-2011", Code: row["lsoa11_code"]})
		if !ok {
			continue
		}
		shares := c.Shares(from)
		single := len(shares) == 1 && a.Place("lsoa-2021", shares[0].To).Code == row["lsoa21_code"]
		if split := row["change_code"] == "S"; split == single || split != (len(shares) > 1) {
			t.Errorf("%s (%s) has %d shares", row["lsoa11_code"], row["change_code"], len(shares))
		}
	}
}

func newRandom() *rand.Rand { return rand.New(rand.NewPCG(7, 7)) }

func checkTotals(t *testing.T, c *Conversion, random *rand.Rand, n int) {
	t.Helper()
	in, sum := make([]int64, n), int64(0)
	values, exact := make([]float64, n), 0.0
	for i := range in {
		in[i] = random.Int64N(40)
		values[i] = float64(in[i])
		sum, exact = sum+in[i], exact+values[i]
	}
	out := c.Counts(in)
	got := out.Unplaced
	for _, v := range out.Values {
		got += v
	}
	if got != sum {
		t.Errorf("%d went in, %d came out", sum, got)
	}
	real := c.Values(values)
	total := real.Unplaced
	for _, v := range real.Values {
		total += v
	}
	if d := total - exact; d > 1e-9*exact || d < -1e-9*exact {
		t.Errorf("%v went in, %v came out", exact, total)
	}
}

// TestRealPositions asks where a point inside each LSOA of 2021 lies: in that
// LSOA, and in a borough that is the LSOA's own.
func TestRealPositions(t *testing.T) {
	a := realAtlas(t)
	astray := 0
	for r, p := range a.All("lsoa-2021") {
		shape, _ := a.Shape(p.Place)
		at := insidePoint(shape)
		if got := a.Locate("lsoa-2021", at.X, at.Y); got != Ref(r) {
			t.Errorf("a point inside %s is located in %d, want %d", p.Place, got, r)
		}
		if a.Locate(Borough, at.X, at.Y) != a.UpRef("lsoa-2021", Ref(r), Borough) {
			astray++
		}
	}
	if astray > 0 {
		t.Errorf("%d points lie in a borough that is not their LSOA's", astray)
	}
}

// TestRealNeighbours: no London LSOA is an island, neighbours are mutual, and
// sharing a length of boundary is sharing a point.
func TestRealNeighbours(t *testing.T) {
	a := realAtlas(t)
	for _, l := range []ids.Level{"lsoa-2011", "lsoa-2021", "ward-2025"} {
		queen, rook := a.NeighbourLists(l, Queen), a.NeighbourLists(l, Rook)
		pairs := 0
		for i, list := range queen {
			pairs += len(list)
			if len(list) == 0 {
				t.Errorf("%s has no neighbour", a.Place(l, Ref(i)).Place)
			}
			for _, n := range list {
				if !slices.Contains(queen[n], int32(i)) {
					t.Errorf("%s: %d and %d are neighbours one way only", l, i, n)
				}
			}
			for _, n := range rook[i] {
				if !slices.Contains(list, n) {
					t.Errorf("%s: %d and %d share a length and no point", l, i, n)
				}
			}
		}
		t.Logf("%s: %.2f neighbours on average", l, float64(pairs)/float64(a.Len(l)))
	}
}

// TestRealLoad keeps and loads London: the places' part of start-up.
func TestRealLoad(t *testing.T) {
	a := realAtlas(t)
	packed := a.pack()
	size := len(packed.Core)
	for _, s := range packed.Shapes {
		size += len(s)
	}
	var b *Atlas
	took := time.Hour // the best of five: other work on the machine is not ours
	for range 5 {
		start := time.Now()
		var err error
		if b, err = unpackAtlas(packed); err != nil {
			t.Fatal(err)
		}
		took = min(took, time.Since(start))
	}
	t.Logf("%d levels, %.1f MB, loaded in %v", len(b.order), float64(size)/1e6, took)
	if took > 300*time.Millisecond {
		t.Errorf("loading took %v", took)
	}
	for _, l := range a.Levels() {
		for r, p := range a.All(l) {
			if b.Place(l, Ref(r)) != p {
				t.Fatalf("%v was loaded as %v", p, b.Place(l, Ref(r)))
			}
			x, _ := a.Shape(p.Place)
			y, _ := b.Shape(p.Place)
			if x.Vertices() != y.Vertices() || x.Area() != y.Area() {
				t.Fatalf("the boundary of %s changed", p.Place)
			}
			for _, to := range a.Levels() {
				if a.UpRef(l, Ref(r), to) != b.UpRef(l, Ref(r), to) {
					t.Fatalf("the link of %s to %s changed", p.Place, to)
				}
			}
		}
	}
	if x, _ := a.PopulationOf(London, 2020, "males/30-44"); x.Persons == 0 {
		t.Error("London has no men of 30 to 44")
	} else if y, _ := b.PopulationOf(London, 2020, "males/30-44"); x != y {
		t.Errorf("a population was loaded as %v, kept as %v", y, x)
	}
}
