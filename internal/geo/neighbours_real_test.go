package geo_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openvru/internal/geo"
	"openvru/internal/geo/geofile"
)

// shapefileOf puts the parts of a shapefile of the real data in a zip and
// reads it.
func shapefileOf(t *testing.T, folder, stem string) geofile.Features {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, extension := range []string{".shp", ".shx", ".dbf"} {
		data, err := os.ReadFile(filepath.Join(folder, stem+extension))
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(stem + extension)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	features, err := geofile.ReadFeatures(stem, &out)
	if err != nil {
		t.Fatal(err)
	}
	return features
}

func shapesOf(features geofile.Features) []geo.MultiPolygon {
	var shapes []geo.MultiPolygon
	for _, feature := range features.List {
		shapes = append(shapes, feature.Shape)
	}
	return shapes
}

// readGAL reads a file of neighbours: after the first line, for each area its
// name and how many it has, then their names. names gives the areas' numbers.
func readGAL(t *testing.T, path string, names map[string]int32) [][]int32 {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "\n")
	fields := strings.Fields(text)
	lists := make([][]int32, len(names))
	for len(fields) > 1 {
		count, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		list := []int32{}
		for _, name := range fields[2 : 2+count] {
			list = append(list, names[name])
		}
		slices.Sort(list)
		lists[names[fields[0]]] = list
		fields = fields[2+count:]
	}
	return lists
}

// TestNeighboursAsInGeoDa compares neighbours with those that GeoDa made of the
// same shapes and that come with them: queen for one, rook for the other.
func TestNeighboursAsInGeoDa(t *testing.T) {
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA does not name the folder of real files, so they are not read")
	}
	for _, test := range []struct {
		name, key string
		kind      geo.Contiguity
	}{{"columbus", "POLYID", geo.Queen}, {"sids2", "FIPSNO", geo.Rook}} {
		t.Run(test.name, func(t *testing.T) {
			name, key := test.name, test.key
			folder := filepath.Join(root, "spatial-stats", "libpysal", name)
			features := shapefileOf(t, folder, name)
			shapes := shapesOf(features)
			names := map[string]int32{}
			for i, feature := range features.List {
				number, _, _ := strings.Cut(feature.Properties.Get(key), ".")
				names[number] = int32(i)
			}
			want := readGAL(t, filepath.Join(folder, name+".gal"), names)
			links := 0
			for i, got := range geo.Neighbours(shapes, test.kind) {
				links += len(got)
				if !slices.Equal(got, want[i]) {
					t.Errorf("area %d has the neighbours %v, in the file %v", i+1, got, want[i])
				}
			}
			t.Logf("%d areas with %d links", len(shapes), links)
		})
	}
}

// TestNeighboursOfLondon checks what must hold of a city whose areas leave no
// gaps: every area has neighbours, and the whole hangs together.
func TestNeighboursOfLondon(t *testing.T) {
	for _, file := range []string{"london_lsoa_2011.geojson.gz", "london_lsoa_2021.geojson.gz", "london_ward_2025.geojson.gz", "london_boroughs.geojson"} {
		t.Run(file, func(t *testing.T) {
			shapes := realShapes(t, "boundaries", file)
			start := time.Now()
			queen := geo.Neighbours(shapes, geo.Queen)
			took := time.Since(start)
			rook := geo.Neighbours(shapes, geo.Rook)
			pairs, alone, rooks := 0, 0, 0
			for i := range queen {
				pairs += len(queen[i])
				rooks += len(rook[i])
				if len(queen[i]) == 0 {
					alone++
				}
			}
			n := float64(len(shapes))
			t.Logf("%d areas in %v: %.2f queen and %.2f rook neighbours each, %d without", len(shapes), took, float64(pairs)/n, float64(rooks)/n, alone)
			if alone > 0 || pairs < 4*len(shapes) {
				t.Errorf("%d areas without neighbours, %d pairs", alone, pairs)
			}
		})
	}
}
