package geofile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"strings"
	"testing"

	"openvru/internal/geo"
)

const (
	prjGrid = `PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]]],PROJECTION["Transverse_Mercator"]]`
	prjWGS  = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]`
	prjWeb  = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984"]]`
)

// feature writes a GeoJSON feature with one square at the corner.
func feature(properties string, x, y float64) string {
	ring := square(x, y, 1)
	var points []string
	for _, p := range ring {
		points = append(points, fmt.Sprintf("[%v,%v]", p.X, p.Y))
	}
	return fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":[[%s]]}}`,
		properties, strings.Join(points, ","))
}

func geoJSON(extra string, features ...string) string {
	return `{"type":"FeatureCollection",` + extra + `"features":[` + strings.Join(features, ",") + `]}`
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// describe writes what was read in a line for each feature, its first corner
// to six decimals.
func describe(f Features) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s in %s, layer %q\n", f.Kind, f.System, f.Layer)
	for _, feature := range f.List {
		for _, p := range feature.Properties {
			fmt.Fprintf(&out, "%s=%s ", p.Name, p.Value)
		}
		rings := []string{}
		feature.Shape.Rings(func(r geo.Ring) {
			turn := "+"
			if r.SignedArea() < 0 {
				turn = "-"
			}
			rings = append(rings, fmt.Sprintf("%s%d@%.6f,%.6f", turn, len(r), r[0].X, r[0].Y))
		})
		fmt.Fprintf(&out, "%d parts %s\n", len(feature.Shape), strings.Join(rings, " "))
	}
	return out.String()
}

func TestReadFeatures(t *testing.T) {
	shp := map[string][]byte{
		"b/wards.shp": makeShp(shapePolygon,
			[]geo.Ring{reversed(square(0, 51, 4)), square(1, 52, 1), reversed(square(9, 51, 1))},
			nil, []geo.Ring{square(20, 51, 1)}),
		"b/wards.dbf": makeDbf([]string{"CODE", "SIZE:N", "MADE:D"},
			[]string{"E1", "12", "20200323"}, []string{"*deleted", "", ""}, []string{"Caf\xe9", "****", ""}),
		"b/wards.prj": []byte(prjWGS),
	}
	gridShp := map[string][]byte{
		"g.shp": makeShp(shapePolygonZ, []geo.Ring{reversed(square(530_000, 180_000, 1000))}),
		"g.dbf": makeDbf([]string{"CODE"}, []string{"Würm"}),
		"g.prj": []byte(prjGrid),
		"g.cpg": []byte("UTF-8"),
	}
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"GeoJSON", []byte(geoJSON(`"name":"wards",`, feature(`{"b":"x","a":1.50,"n":null,"l":[1, 2]}`, 0, 51))),
			"GeoJSON in WGS84, layer \"wards\"\nb=x a=1.50 n= l=[1, 2] 1 parts +5@0.000000,51.000000\n"},
		{"with a byte order mark and no geometry",
			[]byte("\xef\xbb\xbf \n" + geoJSON("", `{"type":"Feature","properties":null,"geometry":null}`)),
			"GeoJSON in WGS84, layer \"\"\n0 parts \n"},
		{"gzipped, the system named", zipped(t, geoJSON(
			`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},`, feature("{}", 530_000, 180_000))),
			"GeoJSON in British National Grid, layer \"\"\n1 parts +5@-0.128329,51.503992\n"},
		{"the system told by the size of the numbers", []byte(geoJSON("", feature("{}", 530_000, 180_000))),
			"GeoJSON in British National Grid, layer \"\"\n1 parts +5@-0.128329,51.503992\n"},
		{"heights and several parts", []byte(geoJSON("", `{"geometry":{"coordinates":[ [ [[0,1,9],[1,1,9],[1,2,9],[0,1,9]] ], [[[5,5],[6,5],[6,6],[5,5]]]],"type":"MultiPolygon"}}`)),
			"GeoJSON in WGS84, layer \"\"\n2 parts +4@0.000000,1.000000 +4@5.000000,5.000000\n"},
		{"GeoPackage", makePackage(t, 4326, []geo.MultiPolygon{{{square(0, 51, 1)}}, {{square(3, 51, 1)}, {square(5, 51, 1)}}}),
			"GeoPackage in WGS84, layer \"the areas\"\n" +
				"fid=1 code=A1 made=2020-03-23 size=1.5 1 parts +5@0.000000,51.000000\n" +
				"fid=2 code=A2 made=2020-03-23 size=1.5 2 parts +5@3.000000,51.000000 +5@5.000000,51.000000\n"},
		{"GeoPackage on the grid", makePackage(t, 27700, []geo.MultiPolygon{{{square(530_000, 180_000, 9)}}}),
			"GeoPackage in British National Grid, layer \"the areas\"\nfid=1 code=A1 made=2020-03-23 size=1.5 1 parts +5@-0.128329,51.503992\n"},
		{"shapefile", makeZip(t, shp),
			"shapefile in WGS84, layer \"\"\n" +
				"CODE=E1 SIZE=12 MADE=2020-03-23 2 parts +5@0.000000,51.000000 -5@1.000000,52.000000 +5@9.000000,51.000000\n" +
				"CODE=Café SIZE= MADE= 1 parts -5@20.000000,51.000000\n"},
		{"shapefile on the grid, with heights", makeZip(t, gridShp),
			"shapefile in British National Grid, layer \"\"\nCODE=Würm 1 parts +5@-0.128329,51.503992\n"},
		{"GeoJSON in a zip", makeZip(t, map[string][]byte{"x/a.geojson": []byte(geoJSON("", feature("{}", 0, 51)))}),
			"GeoJSON in WGS84, layer \"\"\n1 parts +5@0.000000,51.000000\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadFeatures("file", bytes.NewReader(test.data))
			if err != nil {
				t.Fatal(err)
			}
			if text := describe(got); text != test.want {
				t.Errorf("read\n%swant\n%s", text, test.want)
			}
		})
	}
}

// TestGridToTheMillimetre checks that the conversion on the way in is the
// exact one.
func TestGridToTheMillimetre(t *testing.T) {
	got, err := ReadFeatures("f", strings.NewReader(geoJSON("", feature("{}", 530_624.974, 178_388.464))))
	if err != nil {
		t.Fatal(err)
	}
	p := got.List[0].Shape[0][0][0]
	if math.Abs(p.X - -0.11992557180) > 1e-8 || math.Abs(p.Y-51.48936564950) > 1e-8 {
		t.Errorf("Ordnance Survey's point in Lambeth came in at %.11f,%.11f", p.X, p.Y)
	}
}
