package places_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"openvru/internal/places"
)

// feature writes a GeoJSON feature of an LSOA with an outline.
func feature(code, outline string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"LSOA21CD":%q},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, code, outline)
}

const (
	square = "[-0.1,51.5],[-0.08,51.5],[-0.08,51.52],[-0.1,51.52],[-0.1,51.5]"
	turned = "[-0.1,51.5],[-0.1,51.52],[-0.08,51.52],[-0.08,51.5],[-0.1,51.5]"
	// Two triangles that meet where the outline crosses itself.
	bowTie = "[-0.1,51.5],[-0.08,51.52],[-0.08,51.5],[-0.1,51.52],[-0.1,51.5]"
	spiked = "[-0.1,51.5],[-0.08,51.5],[-0.08,51.52],[-0.08,51.53],[-0.08,51.52],[-0.1,51.52],[-0.1,51.5]"
	beside = "[-0.08,51.5],[-0.06,51.5],[-0.06,51.52],[-0.08,51.5]"
	across = "[-0.09,51.49],[-0.07,51.49],[-0.07,51.51],[-0.09,51.51],[-0.09,51.49]"
	line   = "[-0.1,51.5],[-0.08,51.5],[-0.1,51.5]"
)

func TestShapesAreChecked(t *testing.T) {
	const lsoa = "E01000001"
	for _, c := range []struct {
		name     string
		features []string
		rule     string
		severity places.Severity
		area     float64 // in squares; 0 for refused
	}{
		{"as it should be", []string{feature(lsoa, square)}, "", "", 1},
		{"turned", []string{feature(lsoa, turned)}, "winding", places.Note, 1},
		{"bow tie", []string{feature(lsoa, bowTie)}, "repaired-shape", places.Warn, 0.5},
		{"spike", []string{feature(lsoa, spiked)}, "repaired-shape", places.Warn, 1},
		{"no area", []string{feature(lsoa, line)}, "bad-shape", places.Refuse, 0},
		{"in two features", []string{feature(lsoa, square), feature(lsoa, across)}, "bad-shape", places.Refuse, 0},
		{"nowhere", []string{feature(lsoa, strings.ReplaceAll(square, "51.52", "99"))}, "bad-shape", places.Refuse, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"type":"FeatureCollection","features":[` + strings.Join(c.features, ",") + `]}`
			content, list, err := places.Read("lsoa.geojson", strings.NewReader(text), places.Options{})
			if err != nil {
				t.Fatal(err)
			}
			found := c.rule == ""
			for _, p := range list {
				found = found || p.Rule == c.rule && p.Severity == c.severity
			}
			if !found || c.rule == "" && len(list) > 0 {
				t.Errorf("the problems are %+v, want %q", list, c.rule)
			}
			if c.area == 0 {
				return
			}
			if got := content.Shapes[0].Boundary.Area() / 0.0004; math.Abs(got-c.area) > 1e-9 {
				t.Errorf("the boundary has %v squares, want %v", got, c.area)
			}
		})
	}
}

// TestFeaturesOfOneArea puts an area together that comes in two features which
// share an edge only at its ends.
func TestFeaturesOfOneArea(t *testing.T) {
	away := strings.ReplaceAll(beside, "-0.08", "-0.07")
	text := `{"type":"FeatureCollection","features":[` + feature("E01000001", square) + "," + feature("E01000001", away) + `]}`
	content, list, err := places.Read("lsoa.geojson", strings.NewReader(text), places.Options{})
	if err != nil || len(content.Shapes) != 1 || len(content.Shapes[0].Boundary) != 2 {
		t.Fatalf("the area is read as %+v (%v), want one of two parts", content.Shapes, err)
	}
	if len(list) != 1 || list[0].Rule != "repeated-area" || list[0].Count != 1 {
		t.Errorf("the problems are %+v", list)
	}
}
