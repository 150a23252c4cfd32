package geofile

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/geo"

	"pgregory.net/rapid"
)

// sound fails unless reading gave either areas on the Earth or a refusal with
// a sentence and a hint.
func sound(t *testing.T, got Features, err error) {
	if err != nil {
		if errs.KindOf(err) != errs.Invalid || errs.MessageOf(err) == "" || errs.HintOf(err) == "" {
			t.Fatalf("%v is not a refusal with a hint", err)
		}
		return
	}
	if len(got.List) == 0 {
		t.Fatal("a file of no areas was read")
	}
	for _, feature := range got.List {
		feature.Shape.Rings(func(r geo.Ring) {
			for _, p := range r {
				if p.X < -360 || p.X > 360 || p.Y < -360 || p.Y > 360 {
					t.Fatalf("%v is not on the Earth", p)
				}
			}
		})
	}
}

func FuzzReadFeatures(f *testing.F) {
	for _, r := range refusals(f) {
		if len(r.data) < 1<<16 {
			f.Add(r.data)
		}
	}
	f.Add([]byte(geoJSON(`"crs":null,`, feature(`{"a":{"b":[]}}`, 0, 51))))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadFeatures("areas", bytes.NewReader(data))
		sound(t, got, err)
	})
}

func FuzzGeoJSON(f *testing.F) {
	f.Add(geoJSON(`"name":"x",`, feature(`{"a":"b"}`, 0, 51), feature("{}", 3, 51)))
	f.Add(geoJSON("", `{"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0,1],[1e2,1],[1,2]]],[]]}}`))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadFeatures("areas", strings.NewReader("{"+text))
		sound(t, got, err)
	})
}

func FuzzShapefile(f *testing.F) {
	f.Add(makeShp(shapePolygon, []geo.Ring{reversed(square(0, 51, 4)), square(1, 52, 1)}), makeDbf([]string{"A", "B:D"}, []string{"é", "20200101"}), "UTF-8")
	f.Add(makeShp(shapePolygonZ, nil, []geo.Ring{reversed(square(0, 51, 4))}), makeDbf([]string{"A"}, []string{"1"}, []string{"*deleted"}), "")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, codePage string) {
		got, err := readShapes("areas", bytes.NewReader(shp), bytes.NewReader(dbf), codePage)
		if err == nil {
			err = got.settle("areas", "")
		}
		sound(t, got.Features, err)
	})
}

func FuzzGeometry(f *testing.F) {
	f.Add(makeGeometry(geo.MultiPolygon{{square(0, 51, 4), square(1, 52, 1)}}, false))
	f.Add(makeGeometry(geo.MultiPolygon{{square(0, 51, 4)}, {square(9, 51, 4)}}, true))
	f.Fuzz(func(t *testing.T, blob []byte) {
		shape, _, err := readGeoPackageGeometry(blob)
		if err == nil && 16*shape.Vertices() > len(blob) {
			t.Errorf("%d points came of %d bytes", shape.Vertices(), len(blob))
		}
	})
}

// TestGeoJSONRoundTrip writes any shape and reads it back.
func TestGeoJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) geo.Point {
			return geo.Point{X: rapid.Float64Range(-8, 2).Draw(t, "x"), Y: rapid.Float64Range(50, 60).Draw(t, "y")}
		})
		shape := rapid.SliceOf(rapid.SliceOf(rapid.SliceOf(point))).Draw(t, "shape")
		var coordinates [][][][2]float64
		for _, polygon := range shape {
			rings := [][][2]float64{}
			for _, ring := range polygon {
				points := [][2]float64{}
				for _, p := range ring {
					points = append(points, [2]float64{p.X, p.Y})
				}
				rings = append(rings, points)
			}
			coordinates = append(coordinates, rings)
		}
		text, err := json.Marshal(map[string]any{"features": []any{map[string]any{
			"geometry": map[string]any{"type": "MultiPolygon", "coordinates": coordinates}}}})
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(`"coordinates":null`), []byte(`"coordinates":[]`))
		got, err := ReadFeatures("areas", bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		i, back := 0, got.List[0].Shape
		flat := []geo.Point{}
		back.Rings(func(r geo.Ring) { flat = append(flat, r...) })
		for _, polygon := range shape {
			for _, ring := range polygon {
				for _, p := range ring {
					if math.Float64bits(flat[i].X) != math.Float64bits(p.X) || flat[i].Y != p.Y {
						t.Fatalf("point %d came back as %v, was %v", i, flat[i], p)
					}
					i++
				}
			}
		}
		if i != len(flat) || len(back) != len(shape) {
			t.Fatalf("%d points in %d parts came back, were %d in %d", len(flat), len(back), i, len(shape))
		}
	})
}

func TestValueLimit(t *testing.T) {
	v := &valueLimit{name: "areas", r: strings.NewReader("12345"), left: 3}
	buffer := make([]byte, 10)
	if n, err := v.Read(buffer); n != 3 || err != nil {
		t.Fatalf("read %d, %v; want the 3 that are allowed", n, err)
	}
	if _, err := v.Read(buffer); !errs.Is(err, errs.Invalid) {
		t.Fatalf("%v is not a refusal", err)
	}
}
