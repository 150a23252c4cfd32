package geofile

import (
	"os"
	"path/filepath"
	"testing"
)

// realData returns the path of a file of the folder of real data, or skips.
func realData(t testing.TB, elements ...string) string {
	t.Helper()
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA does not name the folder of real files, so they are not read")
	}
	return filepath.Join(append([]string{root}, elements...)...)
}

func TestRealGeoJSON(t *testing.T) {
	for _, test := range []struct {
		file, property  string
		areas, vertices int
	}{
		{"london_boroughs.geojson", "name", 33, 0},
		{"london_lsoa_2011.geojson.gz", "LSOA11CD", 4835, 0},
		{"london_lsoa_2021.geojson.gz", "LSOA21CD", 4994, 164_622},
		{"london_ward_2025.geojson.gz", "WD25CD", 704, 0},
	} {
		t.Run(test.file, func(t *testing.T) {
			f, err := os.Open(realData(t, "boundaries", test.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := ReadFeatures(test.file, f)
			if err != nil {
				t.Fatal(err)
			}
			vertices := 0
			for i, feature := range got.List {
				vertices += feature.Shape.Vertices()
				if feature.Properties.Get(test.property) == "" {
					t.Errorf("feature %d has no %s", i+1, test.property)
				}
			}
			if len(got.List) != test.areas || (test.vertices > 0 && vertices != test.vertices) {
				t.Errorf("%d areas with %d vertices, want %d with %d", len(got.List), vertices, test.areas, test.vertices)
			}
			t.Logf("%d areas, %d vertices, %s, %s, layer %q", len(got.List), vertices, got.Kind, got.System, got.Layer)
		})
	}
}
