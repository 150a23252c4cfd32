package places_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/places"
)

// TestRefusals shows the very words a person reads for each kind of bad file.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, want, hint string }{
		{"empty.csv", "", "empty.csv is empty", "check that the download finished"},
		{"login.csv", "<!DOCTYPE html>\n<html>", "login.csv is a web page", ""},
		{"map.kml", "<?xml version=\"1.0\"?><kml/>", "map.kml is an XML document, such as KML or GML", ""},
		{"map.png", "\x89PNG\r\n", "map.png is a picture", ""},
		{"empty.zip", "PK\x05\x06\x00\x00", "empty.zip is an empty zip", ""},
		{"zeros.csv", strings.Repeat("\x00", 2000), "zeros.csv is no text and no boundaries: it begins with nothing but zeros", ""},
		{"cut.gpkg", "SQLite format 4\x00", "cut.gpkg is named as a GeoPackage and is none: it does not begin as one", "check that the download finished, or fetch it again"},
		{"long.csv", strings.Repeat("x", 1<<20+1), "the first line of long.csv cannot be read as the names of columns", ""},
		{"header.csv", "LSOA21CD,LAD24CD\n", "header.csv has the names of its columns and nothing below them", "check that the download finished"},
		{"nan2019.csv", "LSOA11CD,Persons_All-Ages\nE01000001,NaN\n",
			`nothing was imported. nan2019.csv: A population is not a number of people. (once; at line 2, column 11: "NaN")`, ""},
		{"other.geojson", `{"a":1}`, `"other.geojson" has no list of features.`, "Give a GeoJSON FeatureCollection, with one feature for each place."},
		{"constituencies.csv", "PCON24CD,PCON24NM\nE14001063,Aldershot\n",
			"constituencies.csv is about parliamentary constituencies, which are not supported",
			`columns of LSOAs, MSOAs, wards, boroughs (local authority districts), community safety partnerships, police force areas and regions are recognised, named as in LSOA21CD, WD25CD, ltla24_code or "LSOA code (2011)"`},
		{"prices.csv", "date,price\n2020-01-01,3\n", "prices.csv has no column of codes of places; its columns are date, price", ""},
		{"wards.csv", "WardCode,LAD24CD\nE05000026,E09000002\n",
			`wards.csv does not say which year's set of wards its column "WardCode" is of`, "say it with --level, for example --level ward-2018"},
		{"imd.csv", "LSOA code (2011),Index of Multiple Deprivation (IMD) Score\nE01000001,6.2\n",
			"imd.csv holds deprivation scores, which are not places", "vru places import takes boundaries, look-ups and populations; leave this file out"},
		{"population.csv", "LSOA11CD,Persons_All-Ages\nE01000001,1636\n",
			"population.csv does not say which year its populations are of", "say it with --year, for example --year 2020"},
		{"pop2019.csv", "LSOA11CD,Persons_All-Ages\nE01000001,12\nE01000002,-5\nE01000003,x1\n",
			`nothing was imported. pop2019.csv: A population is not a number of people. (2 times; first at line 3, column 11: "-5")`,
			"put the file right, or fetch it again from its publisher, and import it once more"},
		{"twice2019.csv", "LSOA11CD,Persons_All-Ages\nE01000001,12\nE01000001,13\n",
			`nothing was imported. twice2019.csv: A place's population is given twice for one year. (once; at line 3, column 1: "E01000001")`, ""},
		{"lookup.csv", "LSOA21CD,LAD24CD\nE01000001,E09000001\nCamden 1,E09000007\n",
			`nothing was imported. lookup.csv: Column "LSOA21CD" should hold codes of LSOAs, and holds something else. (once; at line 3, column 1: "Camden 1")`, ""},
		{"short.csv", "LSOA21CD,LAD24CD\nE01000001\n",
			`nothing was imported. short.csv: A row has not as many fields as the file has columns. (once; at line 2, column 1: "E01000001")`, ""},
		{"quotes.csv", "LSOA21CD,LAD24CD\nE01\"000001,E09000001\n",
			`nothing was imported. quotes.csv: A row cannot be read. (once; at line 2, column 4: "a quotation mark where none may stand")`, ""},
		{"endless.csv", "LSOA21CD,LAD24CD\nE01000001,E09000001\n" + strings.Repeat("x", 1<<20+1),
			`nothing was imported. endless.csv: A row cannot be read. (once; at line 3, column 1: "a line is longer than a million characters")`, ""},
		{"names.geojson", collection(map[string][]float64{`"name":"Stockport"`: {-2.1, 53.4, 0.1}}),
			"names.geojson has names and no codes, and does not say what kind of places they are", "say it with --level, for example --level borough"},
		{"boroughs.geojson", collection(map[string][]float64{`"name":"Camden"`: {-0.1, 51.5, 0.1}, `"name":"Barnet"`: {-0.2, 51.5, 0.1}, `"name":"Gondor"`: {-0.3, 51.5, 0.1}}),
			`nothing was imported. boroughs.geojson names a borough "Gondor", which no file yet gives a code`,
			"import a look-up that has the boroughs with their codes first, or together with this file"},
		{"bare.geojson", collection(map[string][]float64{`"FID":1`: {-0.1, 51.5, 0.1}}), "bare.geojson has neither codes nor names of its areas", ""},
		{"pcon.geojson", collection(map[string][]float64{`"PCON24CD":"E14001063","RGN24CD":"E12000007"`: {-0.1, 51.5, 0.1}}),
			"pcon.geojson is about parliamentary constituencies, which are not supported", ""},
		{"void.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"LSOA21CD":"E01000001"},"geometry":null}]}`,
			`nothing was imported. void.geojson: An area has no boundary. (once; in feature 1: "E01000001")`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			_, err := b.Import(context.Background(), b.analyst, []places.Upload{{Name: c.name, Reader: strings.NewReader(c.text)}}, places.Options{})
			if !errs.Is(err, errs.Invalid) || errs.MessageOf(err) != c.want {
				t.Errorf("the refusal reads\n%s\nwant\n%s", errs.MessageOf(err), c.want)
			}
			if hint := errs.HintOf(err); c.hint != "" && hint != c.hint {
				t.Errorf("the hint reads\n%s\nwant\n%s", hint, c.hint)
			}
		})
	}
}

// A look-up may not put a place in two of one kind without a word.
func TestTwoParents(t *testing.T) {
	const text = "LSOA11CD,WD17CD\nE01000001,E05000001\nE01000001,E05000002\nE01000001,E05000001\n"
	_, list, err := places.Read("lookup.csv", strings.NewReader(text), places.Options{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	const want = `A place is put in two places of one kind; the first counts, and that it lies there is marked as estimated. ` +
		`(once; at line 3, column 11: "E01000001 lies in E05000001 and in E05000002")`
	if got := list[0].Sentence(); got != want || list[0].Severity != places.Warn {
		t.Errorf("%s: %s\nwant %s", list[0].Severity, got, want)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for level, want := range map[string]string{
		"ward":         `"ward" lacks the year of the set`,
		"borough-2020": "boroughs have no year: their codes name one boundary for good",
		"county":       `"county" is not a level of places`,
	} {
		b := newBench(t)
		_, err := b.Import(context.Background(), b.analyst, nil, places.Options{Level: idsLevel(level)})
		if errs.MessageOf(err) != want {
			t.Errorf("level %q gives %q, want %q", level, errs.MessageOf(err), want)
		}
	}
}

// TestSpellings reads one table in the forms that offices send.
func TestSpellings(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("LSOA21CD,LAD24CD,LAD24NM\nE01000900,E09000007,Camden\n"))
	z.Close()
	for name, text := range map[string]string{
		"plain":         "LSOA21CD,LAD24CD,LAD24NM\nE01000900,E09000007,Camden\n",
		"mark":          "\xEF\xBB\xBFLSOA21CD,LAD24CD,LAD24NM\r\nE01000900,E09000007,Camden\r\n",
		"semicolons":    "lsoa21_code;ltla24_code;ltla24_name\n\"E01000900\";E09000007;Camden\n",
		"tabs":          "LSOA21CD\tLAD24CD\tLAD24NM\ne01000900\tE09000007\t Camden \n",
		"census titles": "LSOA code (2021),Local Authority District code (2024),Local Authority District name (2024)\nE01000900,E09000007,Camden\n",
		"in words":      "Lower Layer Super Output Areas 2021 Code,LTLA24CD,LTLA24NM\nE01000900,E09000007,Camden\n\n",
		"old lines":     "LSOA21CD,LAD24CD,LAD24NM\rE01000900,E09000007,Camden\r",
		"gzipped":       packed.String(),
	} {
		content, list, err := places.Read(name, strings.NewReader(text), places.Options{})
		if err != nil || len(list) > 0 {
			t.Errorf("%s: %v %v", name, err, list)
			continue
		}
		if content.Level != "lsoa-2021" || len(content.Links) != 1 || content.Links[0].Child.Code != "E01000900" || content.Links[0].Parent.Code != "E09000007" || content.Links[0].Year != "2024" {
			t.Errorf("%s is read as %+v", name, content)
		}
		if n := content.Named[len(content.Named)-1]; n.Name != "Camden" {
			t.Errorf("%s: the borough is called %q", name, n.Name)
		}
	}
	latin := "LAD24CD,LAD24NM\nW06000001,Ynys M\xf4n\n"
	content, _, err := places.Read("latin.csv", strings.NewReader(latin), places.Options{})
	if err != nil || content.Named[0].Name != "Ynys Môn" {
		t.Errorf("Windows-1252 is read as %+v (%v)", content.Named, err)
	}
}

func TestGroups(t *testing.T) {
	header := "LSOA21CD,All Ages,0,90+,Males_16-29,Females_65+,M0,F90,Persons_All-Ages 2,Hectares\n"
	content, _, err := places.Read("pop2022.csv", strings.NewReader(header+"E01000900,7,1,2,3,4,5,6,8,9\n"), places.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[places.Group]float64{"persons": 7, "persons/0": 1, "persons/90+": 2, "males/16-29": 3, "females/65+": 4, "males/0": 5, "females/90": 6}
	for _, p := range content.People {
		if want[p.Group] != p.Persons {
			t.Errorf("group %q has %v people, want %v", p.Group, p.Persons, want[p.Group])
		}
		delete(want, p.Group)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}
