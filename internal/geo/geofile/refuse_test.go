package geofile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

var update = flag.Bool("update", false, "write the golden files anew")

// refusals are inputs that must not be read, by the name they have in the
// golden file, which shows the very words a person reads.
func refusals(t testing.TB) []refusal {
	shp := makeShp(shapePolygon, []geo.Ring{reversed(square(0, 51, 1))})
	dbf := makeDbf([]string{"CODE"}, []string{"E1"})
	pair := func(shp, dbf []byte) []byte { return makeZip(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf}) }
	area := geo.MultiPolygon{{square(0, 51, 1)}}
	pack := makePackage(t, 4326, []geo.MultiPolygon{area})
	one := feature("{}", 0, 51)
	return []refusal{
		{"empty file", nil},
		{"a picture", []byte("\x89PNG\r\n\x1a\n0000")},
		{"only the shp", shp},
		{"a GeoJSON feature alone", []byte(one)},
		{"no features", []byte(geoJSON(""))},
		{"a bracket missing", []byte(strings.Replace(geoJSON("", one), "[[", "[", 1))},
		{"words for a coordinate", []byte(strings.Replace(geoJSON("", one, one), "[0,51]", `["0","51"]`, 1))},
		{"one number for a point", []byte(strings.Replace(geoJSON("", one), "[0,51]", `[0]`, 1))},
		{"a text where a feature should be", []byte(geoJSON("", `"x"`))},
		{"a broken text", []byte(geoJSON("", one, `{"type":nul}`))},
		{"cut short", []byte(geoJSON("", one, one)[:200])},
		{"two files joined", []byte(geoJSON("", one) + geoJSON("", one))},
		{"two lists", []byte(`{"features":[` + one + `],"features":[` + one + `]}`)},
		{"points", []byte(geoJSON("", one, `{"geometry":{"type":"Point","coordinates":[0,51]}}`))},
		{"Web Mercator", []byte(geoJSON(`"crs":{"properties":{"name":"EPSG:3857"}},`, one))},
		{"metres called degrees", []byte(geoJSON(`"crs":{"properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},`, feature("{}", 530_000, 180_000)))},
		{"off the grid", []byte(geoJSON("", feature("{}", -20_000, 6_700_000)))},
		{"latitude first", []byte(geoJSON("", feature("{}", 51, -0.2)))},
		{"gzip cut short", zipped(t, geoJSON("", one))[:60]},
		{"gzip within gzip", zipped(t, string(zipped(t, "{}")))},
		{"gzip bomb", zipped(t, "{"+strings.Repeat(" ", 30<<20))},
		{"GeoPackage without its tables", makePackage(t, 4326, nil, "DROP TABLE gpkg_contents")},
		{"GeoPackage of no areas", makePackage(t, 4326, nil)},
		{"GeoPackage of two layers", makePackage(t, 4326, []geo.MultiPolygon{area},
			"CREATE TABLE b (geom BLOB)", "INSERT INTO gpkg_contents VALUES ('b', 'features', 4326)",
			"INSERT INTO gpkg_geometry_columns VALUES ('b', 'geom', 'POLYGON', 4326, 0, 0)")},
		{"GeoPackage whose layer is a view", makePackage(t, 4326, []geo.MultiPolygon{area},
			`ALTER TABLE "the areas" RENAME TO hidden`,
			`CREATE VIEW "the areas" AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT x AS fid, x AS geom FROM n`)},
		{"GeoPackage in Web Mercator", makePackage(t, 3857, []geo.MultiPolygon{area})},
		{"GeoPackage with a point", makePackage(t, 4326, []geo.MultiPolygon{area},
			`INSERT INTO "the areas" (geom) VALUES (x'4750000100000000010100000000000000000000000000000000000000')`)},
		{"GeoPackage with a damaged geometry", makePackage(t, 4326, []geo.MultiPolygon{area, area},
			`UPDATE "the areas" SET geom = x'475000010000000001030000000100000000ffffff' WHERE fid = 2`)},
		{"GeoPackage cut short", pack[:len(pack)/2]},
		{"zip of nothing to read", makeZip(t, map[string][]byte{"readme.txt": nil})},
		{"zip of two shapefiles", makeZip(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf, "b.shp": shp, "b.dbf": dbf})},
		{"zip without the table", makeZip(t, map[string][]byte{"a.shp": shp})},
		{"zip in Web Mercator", makeZip(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.prj": []byte(prjWeb)})},
		{"zip with an index of another", makeZip(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.shx": make([]byte, 116)})},
		{"zip within zip", makeZip(t, map[string][]byte{"a.geojson": makeZip(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf})})},
		{"zip cut short", pair(shp, dbf)[:100]},
		{"zip that leads out", makeZip(t, map[string][]byte{"../a.shp": shp, "../a.dbf": dbf})},
		{"zip with a password", locked(pair(shp, dbf))},
		{"zip bomb", makeZip(t, map[string][]byte{"a.shp": append(shp, make([]byte, 20<<20)...), "a.dbf": dbf})},
		{"zip of too many", makeCrowd(t, maxEntries+1)},
		{"zip with an endless list", makeCrowd(t, 20_000)},
		{"shapes without rows", pair(shp, makeDbf([]string{"CODE"}))},
		{"rows without shapes", pair(shp, makeDbf([]string{"CODE"}, []string{"a"}, []string{"b"}))},
		{"shapes cut short", pair(shp[:150], dbf)},
		{"shapes with no header", pair(shp[:50], dbf)},
		{"shapes of another kind", pair(makeShp(3), dbf)},
		{"not shapes", pair(bytes.Repeat([]byte("x"), 200), dbf)},
		{"a shape too large", pair(patched(shp, 104, 0x7f), dbf)},
		{"parts that do not fit", pair(patched(shp, 100+8+36, 0x7f), dbf)},
		{"table cut short", pair(shp, dbf[:70])},
		{"table with no header", pair(shp, dbf[:10])},
		{"table that cannot be", pair(shp, make([]byte, 64))},
		{"table with columns wider than rows", pair(shp, patched(dbf, 10, 5))},
	}
}

type refusal struct {
	name string
	data []byte
}

func patched(data []byte, at int, b byte) []byte {
	out := bytes.Clone(data)
	out[at] = b
	return out
}

// locked sets the mark of encryption in a zip's list of entries.
func locked(data []byte) []byte {
	return patched(data, bytes.Index(data, []byte("PK\x01\x02"))+8, 1)
}

func makeCrowd(t testing.TB, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range n {
		if _, err := z.Create(fmt.Sprintf("%0250d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRefusals shows the words of every refusal: testdata/refusals.txt.
func TestRefusals(t *testing.T) {
	var out strings.Builder
	for _, r := range refusals(t) {
		got, err := ReadFeatures("areas", bytes.NewReader(r.data))
		if err == nil {
			t.Errorf("%s was read: %s", r.name, describe(got))
			continue
		}
		if errs.KindOf(err) != errs.Invalid || errs.HintOf(err) == "" {
			t.Errorf("%s: %v is not a refusal with a hint", r.name, err)
		}
		fmt.Fprintf(&out, "%s:\n  %s\n  %s\n", r.name, errs.MessageOf(err), errs.HintOf(err))
	}
	const golden = "testdata/refusals.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the words of the refusals have changed (-update writes them):\n%s", out.String())
	}
}

// TestReaderFails checks that trouble beneath is told, not taken for the end.
func TestReaderFails(t *testing.T) {
	trouble := errors.New("the disk is on fire")
	for _, start := range []string{"", geoJSON("", feature("{}", 0, 51))[:100], "SQLite format 3\x00", "PK\x03\x04"} {
		_, err := ReadFeatures("areas", io.MultiReader(strings.NewReader(start), failing{trouble}))
		if !errors.Is(err, trouble) || errs.HintOf(err) == "" {
			t.Errorf("after %q: %v does not tell of the trouble", start, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestHugeCounts checks that a number in a file makes nothing be reserved that
// the file does not hold.
func TestHugeCounts(t *testing.T) {
	blob := makeGeometry(geo.MultiPolygon{{square(0, 0, 1)}}, false)
	for at := 40; at+4 <= len(blob); at++ {
		wrong := bytes.Clone(blob)
		binary.LittleEndian.PutUint32(wrong[at:], 0xfffffff0)
		_, _, _ = readGeoPackageGeometry(wrong) // must neither panic nor take long
	}
}
