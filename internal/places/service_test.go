package places_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/errs"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

// A national look-up and files of one city: Camden and the City, with one LSOA
// split and two merged between 2011 and 2021, and wards redrawn by 2025.
var sampleFiles = map[string]string{
	"lookup_lsoa11_lsoa21_ltla22.csv": `"lsoa11_name","lsoa11_code","change_code","lsoa21_name","lsoa21_code","ltla22_name","ltla22_code"
"City 001A","E01000001","M","City 001F","E01035000","City of London","E09000001"
"City 001B","E01000002","M","City 001F","E01035000","City of London","E09000001"
"Camden 001A","E01000900","S","Camden 001F","E01035001","Camden","E09000007"
"Camden 001A","E01000900","S","Camden 001G","E01035002","Camden","E09000007"
"Camden 001B","E01000901","U","Camden 001B","E01000901","Camden","E09000007"
"Hartlepool 009A","E01011949","U","Hartlepool 009A","E01011949","Hartlepool","E06000001"
`,
	"lookup_lsoa11_ward17.csv": "lsoa11_code,ward17_code\nE01000001,E05000101\nE01000002,E05000101\nE01000900,E05000701\nE01000901,E05000702\nE01011949,E05008942\n",
	"lookup_lsoa21_ward24_ltla24.csv": `lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code
City 001F,E01035000,Aldersgate,E05000101,City of London,E09000001
Camden 001F,E01035001,Bloomsbury,E05013001,Camden,E09000007
Camden 001G,E01035002,Gospel Oak,E05013002,Camden,E09000007
Camden 001B,E01000901,Gospel Oak,E05013002,Camden,E09000007
Hartlepool 009A,E01011949,Seaton,E05013043,Hartlepool,E06000001
`,
	"lookup_ltla24_csp24_pfa24.csv": "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name\nE09000001,City of London,E22000180,City of London,E23000034,\"London, City of\"\nE09000007,Camden,E22000191,Camden,E23000001,Metropolitan Police\nE06000001,Hartlepool,E22000001,Hartlepool,E23000013,Cleveland\n",
	"lookup_ltla24_region24.csv":    "ltla24_name,ltla24_code,region24_name,region24_code\nCity of London,E09000001,London,E12000007\nCamden,E09000007,London,E12000007\nHartlepool,E06000001,North East,E12000001\n",
	"mid2019-pop.csv":               "LSOA11CD,LSOA11NM,MSOA11CD,MSOA11NM,LAD11CD,LAD11NM,Persons_All-Ages,Persons_0-15,Males_65+\nE01000001,City 001A,E02000001,City 001,E09000001,City of London,1000,100,90\nE01000002,City 001B,E02000001,City 001,E09000001,City of London,500,50,40\nE01000900,Camden 001A,E02000166,Camden 001,E09000007,Camden,1800,300,70\nE01000901,Camden 001B,E02000166,Camden 001,E09000007,Camden,\"1,200\",200,60\n",
	"ward_pop_2011-2050.csv":        "Code,Borough,Ward_Name,Year,Population,Hectares\nE05000701,Camden,Bloomsbury,2011,1700,10\nE05000702,Camden,Gospel Oak,2011,1100,10\nE05000701,Camden,Bloomsbury,2050,2700,10\nE05000702,Camden,Gospel Oak,2050,2100,10\n",
	"lsoa_2021.geojson":             collection(map[string][]float64{`"LSOA21CD":"E01035000","LSOA21NM":"City 001F","LADCD_ACTIVE":"E09000001","RGNCD":"E12000007"`: {-0.10, 51.51, 0.01}, `"LSOA21CD":"E01035001","LSOA21NM":"Camden 001F","LADCD_ACTIVE":"E09000007","RGNCD":"E12000007"`: {-0.15, 51.53, 0.01}, `"LSOA21CD":"E01035002","LSOA21NM":"Camden 001G","LADCD_ACTIVE":"E09000007","RGNCD":"E12000007"`: {-0.14, 51.53, 0.02}, `"LSOA21CD":"E01000901","LSOA21NM":"Camden 001B","LADCD_ACTIVE":"E09000007","RGNCD":"E12000007"`: {-0.12, 51.53, 0.01}}),
	"boroughs.geojson":              collection(map[string][]float64{`"name":"City Of London"`: {-0.11, 51.50, 0.02}, `"name":"CAMDEN"`: {-0.15, 51.53, 0.05}}),
	"ward_2025.geojson":             collection(map[string][]float64{`"WD25CD":"E05000101","WD25NM":"Aldersgate","LAD25CD":"E09000001"`: {-0.11, 51.50, 0.02}, `"WD25CD":"E05014001","WD25NM":"All of Camden","LAD25CD":"E09000007"`: {-0.15, 51.53, 0.05}}),
}

// collection writes a GeoJSON collection of squares: west, south, side.
func collection(squares map[string][]float64) string {
	var features []string
	for properties, s := range squares {
		x, y, d := s[0], s[1], s[2]
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			properties, x, y, x+d, y, x+d, y+d, x, y+d, x, y))
	}
	slices.Sort(features)
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// bench is a service on memory, with an analyst.
type bench struct {
	*testing.T
	*places.Service
	store   *placestest.Memory
	analyst access.Actor
}

func newBench(t *testing.T) *bench {
	kept, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	store := &placestest.Memory{}
	return &bench{t, places.NewService(store, kept, accesstest.Recorder()), store, accesstest.Actor(access.Analyst)}
}

func uploads(names ...string) []places.Upload {
	var out []places.Upload
	for _, name := range names {
		out = append(out, places.Upload{Name: name, Reader: strings.NewReader(sampleFiles[name])})
	}
	return out
}

func sampleNames() []string {
	var names []string
	for name := range sampleFiles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (b *bench) importAll(names ...string) *places.Atlas {
	b.Helper()
	if _, err := b.Import(context.Background(), b.analyst, uploads(names...), places.Options{}); err != nil {
		b.Fatalf("import %v: %v (%s)", names, err, errs.HintOf(err))
	}
	return b.atlas()
}

func (b *bench) atlas() *places.Atlas {
	b.Helper()
	a, err := b.Atlas(context.Background(), b.analyst.Unit)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// describe writes down everything an atlas says, so that two can be compared.
func describe(a *places.Atlas) string {
	var out strings.Builder
	for _, l := range a.Levels() {
		fmt.Fprintf(&out, "%s boundaries=%v\n", l, a.HasBoundaries(l))
		for _, p := range a.All(l) {
			fmt.Fprintf(&out, "  %s %q", p.Code, p.Name)
			for _, to := range a.Levels() {
				if up, ok := a.Up(p.Place, to); ok && to != l {
					fmt.Fprintf(&out, " %s", up)
					if a.UpEstimated(p.Place, to) {
						out.WriteString("~")
					}
				}
			}
			fmt.Fprintf(&out, " %v", a.NamedFor(p.Place))
			box, _ := a.Bounds(p.Place)
			for _, year := range []int{2012, 2019, 2040} {
				people, _ := a.PopulationOf(p.Place, year, places.Everybody)
				fmt.Fprintf(&out, " %d:%v", year, people)
			}
			fmt.Fprintf(&out, " %v\n", box)
		}
	}
	return out.String()
}

func TestImportInAnyOrder(t *testing.T) {
	want := describe(newBench(t).importAll(sampleNames()...))
	for _, line := range []string{
		`lsoa-2021 boundaries=true`, `E01035001 "Camden 001F" ward-2025/E05014001~ ward-2024/E05013001~ ward-2017/E05000701~`,
		`E05000101 "Aldersgate" borough/E09000001 csp/E22000180 pfa/E23000034 region/E12000007`,
		`E05000701 "Bloomsbury" borough/E09000007`, `E23000001 "Metropolitan Police" region/E12000007 [2024]`, `E09000007 "Camden" csp/E22000191 pfa/E23000001 region/E12000007 [2011 2022 2024 2025]`,
	} {
		if !strings.Contains(want, line) {
			t.Errorf("the atlas does not say %q:\n%s", line, want)
		}
	}
	for _, foreign := range []string{"Hartlepool", "E01011949", "Cleveland", "North East", "E05008942"} {
		if strings.Contains(want, foreign) {
			t.Errorf("the atlas has %q, which is of another part of the country", foreign)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		names := sampleNames()
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		b := newBench(t)
		cut := random.IntN(len(names))
		b.importAll(names[:cut]...)
		if got := describe(b.importAll(names[cut:]...)); got != want {
			t.Fatalf("imported as %v the atlas is\n%s\nwant\n%s", names, got, want)
		}
	}
}

func TestImportAgainChangesNothing(t *testing.T) {
	b := newBench(t)
	want := describe(b.importAll(sampleNames()...))
	events := len(b.store.Events)
	summaries, err := b.Import(context.Background(), b.analyst, uploads(sampleNames()...), places.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range summaries {
		if !s.Already {
			t.Errorf("%s was read again", s.Name)
		}
	}
	if got := describe(b.atlas()); got != want || len(b.store.Events) != events {
		t.Errorf("a repeated import changed something, or was recorded as a change")
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	b := newBench(t)
	want := describe(b.importAll("lookup_ltla24_region24.csv"))
	bad := append(uploads("mid2019-pop.csv"), places.Upload{Name: "bad2020.csv", Reader: strings.NewReader("LSOA11CD,Persons_All-Ages\nE01000001,many\n")})
	summaries, err := b.Import(context.Background(), b.analyst, bad, places.Options{})
	if !errs.Is(err, errs.Invalid) || len(summaries) != 2 {
		t.Fatalf("an import with a bad file gives %v and %d summaries, want Invalid and both", err, len(summaries))
	}
	if got := describe(b.atlas()); got != want || len(b.store.Events) != 1 {
		t.Error("an import that was refused left something behind")
	}
}

func TestImportIsRecorded(t *testing.T) {
	b := newBench(t)
	b.importAll("mid2019-pop.csv")
	if len(b.store.Events) != 1 {
		t.Fatalf("there are %d events, want 1", len(b.store.Events))
	}
	e := b.store.Events[0]
	if e.Action != access.PlacesImport || e.Unit != b.analyst.Unit || !strings.Contains(e.Detail, "mid2019-pop.csv") || !strings.HasPrefix(e.Subject, "places file ") {
		t.Errorf("the event is %+v", e)
	}
}

func TestImportNeedsTheRight(t *testing.T) {
	b := newBench(t)
	_, err := b.Import(context.Background(), accesstest.Actor(access.Board), uploads("mid2019-pop.csv"), places.Options{})
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("a board member's import gives %v, want Forbidden", err)
	}
	if err := b.Remove(context.Background(), accesstest.Actor(access.Supplier), "x"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a supplier's removal gives %v, want Forbidden", err)
	}
}

// TestAtlasIsWorkedOutAgain spoils the kept atlas, as another version of the
// product would find it.
func TestAtlasIsWorkedOutAgain(t *testing.T) {
	b := newBench(t)
	want := describe(b.importAll(sampleNames()...))
	ctx := context.Background()
	err := b.store.Save(ctx, b.analyst.Unit, places.Change{Base: 1, Atlas: places.Packed{Core: []byte("of another age")}}, access.Event{})
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(b.atlas()); got != want {
		t.Errorf("worked out again the atlas is\n%s\nwant\n%s", got, want)
	}
}

func TestRemove(t *testing.T) {
	b := newBench(t)
	want := describe(b.importAll("mid2019-pop.csv", "lookup_ltla24_region24.csv"))
	b.importAll("lsoa_2021.geojson")
	all, err := b.Datasets(context.Background(), b.analyst)
	if err != nil || len(all) != 3 {
		t.Fatalf("the register has %d files (%v), want 3", len(all), err)
	}
	if err := b.Remove(context.Background(), b.analyst, all[2].File); err != nil {
		t.Fatal(err)
	}
	if got := describe(b.atlas()); got != want {
		t.Errorf("after the removal the atlas is\n%s\nwant\n%s", got, want)
	}
	if err := b.Remove(context.Background(), b.analyst, all[2].File); !errs.Is(err, errs.NotFound) {
		t.Errorf("a second removal gives %v, want NotFound", err)
	}
}

func TestOtherOptionsReadAnew(t *testing.T) {
	b := newBench(t)
	b.importAll("mid2019-pop.csv")
	if _, err := b.Import(context.Background(), b.analyst, uploads("mid2019-pop.csv"), places.Options{Year: 2018}); err != nil {
		t.Fatal(err)
	}
	if got := b.atlas().PopulationYears(); !slices.Equal(got, []int{2018}) {
		t.Errorf("populations are of %v, want the year given last", got)
	}
	if all, _ := b.Datasets(context.Background(), b.analyst); len(all) != 1 {
		t.Errorf("the register has %d entries for one file", len(all))
	}
}

func TestRegisterWards(t *testing.T) {
	b := newBench(t)
	b.importAll(sampleNames()...)
	ctx := context.Background()
	wards := []places.Ward{{"E05000101", "Aldersgate", "City of London"}, {"E05013001", "Bloomsbury", "Camden"}, {"E05013002", "Gospel Oak", "Aviation Security (SO18)"}}
	codes := []string{"E05000101", "E05013001", "E05013002"}
	if l, n := b.atlas().BestWardLevel(codes); l != "ward-2024" || n != 3 {
		t.Errorf("the best set is %s with %d, want ward-2024 with all three", l, n)
	}
	for range 2 {
		if err := b.RegisterWards(ctx, b.analyst, "f", "wards.csv", "ward-2022", wards); err != nil {
			t.Fatal(err)
		}
	}
	a := b.atlas()
	if a.Len("ward-2022") != 3 || len(b.store.Events) != 2 {
		t.Fatalf("there are %d wards and %d events, want 3 and 2", a.Len("ward-2022"), len(b.store.Events))
	}
	oak := ids.Place{Level: "ward-2022", Code: "E05013002"}
	if up, ok := a.Up(oak, places.Borough); !ok || up.Code != "E09000007" {
		t.Errorf("a ward of a borough nobody knows lies in %v, want Camden, by its code in another set", up)
	}
	if got := a.Down(oak, "lsoa-2021"); len(got) != 2 {
		t.Errorf("the ward has %v, want the two LSOAs its code has in another set", got)
	}
	if _, ok := a.Shape(ids.Place{Level: "ward-2022", Code: "E05000101"}); !ok || a.HasBoundaries("ward-2022") {
		t.Error("a ward should be drawn with the boundary of its code, and the set still not count as having boundaries")
	}
	if err := b.RegisterWards(ctx, b.analyst, "f", "wards.csv", "ward-2022", []places.Ward{{Code: "Camden"}}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a ward without a ward's code gives %v, want Invalid", err)
	}
}

func idsLevel(s string) ids.Level { return ids.Level(s) }
