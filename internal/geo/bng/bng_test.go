package bng

import (
	_ "embed"
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/geo"

	"pgregory.net/rapid"
)

//go:embed testdata/os-test-points.csv
var testPoints string

// tolerance is a millimetre, the last digit of the published figures.
const tolerance = 0.001

// metres returns how far apart two longitudes and latitudes are.
func metres(a, b geo.Point) float64 {
	const perDegree = 111_320
	return math.Hypot((a.X-b.X)*perDegree*math.Cos(a.Y*math.Pi/180), (a.Y-b.Y)*perDegree)
}

func TestOrdnanceSurveyPoints(t *testing.T) {
	reader := csv.NewReader(strings.NewReader(testPoints))
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 41 {
		t.Fatalf("%d rows, want a heading and 40 points", len(rows))
	}
	for _, row := range rows[1:] {
		var v [6]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(row[i+1], 64); err != nil {
				t.Fatal(err)
			}
		}
		wgs, grid, from := geo.Point{X: v[1], Y: v[0]}, geo.Point{X: v[2], Y: v[3]}, geo.Point{X: v[4], Y: v[5]}
		got, err := FromWGS84(wgs)
		if err != nil {
			t.Fatal(err)
		}
		if d := math.Hypot(got.X-grid.X, got.Y-grid.Y); d > tolerance {
			t.Errorf("%s: easting and northing %.4f,%.4f, want %.3f,%.3f: %.1f mm apart",
				row[0], got.X, got.Y, grid.X, grid.Y, 1000*d)
		}
		back, err := ToWGS84(from)
		if err != nil {
			t.Fatal(err)
		}
		if d := metres(back, wgs); d > tolerance {
			t.Errorf("%s: longitude and latitude %.11f,%.11f, want %.11f,%.11f: %.1f mm apart",
				row[0], back.X, back.Y, wgs.X, wgs.Y, 1000*d)
		}
	}
}

// TestGuideExample is the worked example of Ordnance Survey's guide, Caister
// water tower: first the projection alone, then with the shift.
func TestGuideExample(t *testing.T) {
	caister := geo.Point{X: 1 + 42.0/60 + 57.8663/3600, Y: 52 + 39.0/60 + 28.8282/3600}
	plane := project(caister)
	if d := math.Hypot(plane.X-651307.003, plane.Y-313255.686); d > tolerance {
		t.Errorf("projected to %.4f,%.4f, %.1f mm off", plane.X, plane.Y, 1000*d)
	}
	got, err := FromWGS84(caister)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Hypot(got.X-651409.804, got.Y-313177.450); d > tolerance {
		t.Errorf("easting and northing %.4f,%.4f, %.1f mm off", got.X, got.Y, 1000*d)
	}
}

func TestRoundTrip(t *testing.T) {
	land := geo.Box{MinX: 150_000, MinY: 0, MaxX: 660_000, MaxY: 1_220_000}
	rapid.Check(t, func(t *rapid.T) {
		p := geo.Point{
			X: rapid.Float64Range(1000, maxEasting-1000).Draw(t, "easting"),
			Y: rapid.Float64Range(1000, maxNorthing-1000).Draw(t, "northing"),
		}
		wgs, err := ToWGS84(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := FromWGS84(wgs)
		if err != nil {
			t.Fatal(err)
		}
		// Far out to sea the guide's formulas for the two directions part.
		limit := 0.012
		if land.Contains(p) {
			limit = 0.001
		}
		if d := math.Hypot(back.X-p.X, back.Y-p.Y); d > limit {
			t.Fatalf("%v comes back as %v, %.2f mm off", p, back, 1000*d)
		}
	})
}

func TestOffTheGrid(t *testing.T) {
	for _, p := range []geo.Point{{X: -1, Y: 100}, {X: 700_001, Y: 5}, {X: 5, Y: 1_250_001}, {X: math.NaN(), Y: 1}} {
		if _, err := ToWGS84(p); !errs.Is(err, errs.Invalid) || errs.HintOf(err) == "" {
			t.Errorf("ToWGS84(%v): %v, want a refusal with a hint", p, err)
		}
	}
	for _, p := range []geo.Point{{X: 2.35, Y: 48.85}, {X: 51.5, Y: -0.12}, {X: 0, Y: 90}, {X: math.Inf(1), Y: 50}} {
		if _, err := FromWGS84(p); !errs.Is(err, errs.Invalid) || errs.HintOf(err) == "" {
			t.Errorf("FromWGS84(%v): %v, want a refusal with a hint", p, err)
		}
	}
}

func TestPack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 7).Draw(t, "width")
		values := rapid.SliceOfN(rapid.Uint16(), width, 5*width).Draw(t, "values")
		got := Unpack(Pack(values, width), width)
		for i := range values {
			if got[i] != values[i] {
				t.Fatalf("value %d comes back as %d, was %d", i, got[i], values[i])
			}
		}
	})
}

func BenchmarkFromWGS84(b *testing.B) {
	for b.Loop() {
		if _, err := FromWGS84(geo.Point{X: -0.1276, Y: 51.5072}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkToWGS84(b *testing.B) {
	for b.Loop() {
		if _, err := ToWGS84(geo.Point{X: 530_000, Y: 180_000}); err != nil {
			b.Fatal(err)
		}
	}
}
