package spatial_test

import (
	"os"
	"path/filepath"
	"testing"

	"openvru/internal/geo"
	"openvru/internal/geo/geofile"
	"openvru/internal/stats"
	"openvru/internal/stats/spatial"
)

// square is an area of one by one.
func square(x, y float64) geo.MultiPolygon {
	return geo.MultiPolygon{{{{X: x, Y: y}, {X: x + 1, Y: y}, {X: x + 1, Y: y + 1}, {X: x, Y: y + 1}, {X: x, Y: y}}}}
}

// chessboard is squares side by side, eight in a row.
func chessboard() []geo.MultiPolygon {
	var shapes []geo.MultiPolygon
	for i := range 64 {
		shapes = append(shapes, square(float64(i%8), float64(i/8)))
	}
	return shapes
}

// On a chessboard rook neighbours never have the same colour, so I is −1; of
// queen neighbours about as many have as have not.
func TestChessboard(t *testing.T) {
	colour := make([]float64, 64)
	for i := range colour {
		colour[i] = float64((i + i/8) % 2)
	}
	for kind, links := range map[geo.Contiguity]int{geo.Rook: 224, geo.Queen: 420} {
		w, err := spatial.NewWeights(geo.Neighbours(chessboard(), kind))
		if err != nil {
			t.Fatal(err)
		}
		g, err := spatial.Moran(w, colour, spatial.Options{Permutations: 999, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		// Squares at a corner have one colour: 2 × 98 links of 420 are diagonal.
		want := -1.0
		if kind == geo.Queen {
			want = (196.0 - 224) / 420
		}
		if w.Links() != links || g.Value < want-1e-12 || g.Value > want+1e-12 {
			t.Errorf("%v: %d links, I %v, not %v", kind, w.Links(), g.Value, want)
		}
		if kind == geo.Rook && (g.Permuted.P.Less != 0.001 || g.Randomisation.Z > -10) {
			t.Errorf("avoidance is not seen: %+v", g)
		}
	}
}

// london returns weights of London's small areas of 2021, or skips.
func london(t testing.TB) *spatial.Weights {
	t.Helper()
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA does not name the folder of real files, so they are not read")
	}
	path := filepath.Join(root, "boundaries", "london_lsoa_2021.geojson.gz")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	features, err := geofile.ReadFeatures(path, f)
	if err != nil {
		t.Fatal(err)
	}
	var shapes []geo.MultiPolygon
	for _, feature := range features.List {
		shapes = append(shapes, feature.Shape)
	}
	w, err := spatial.NewWeights(geo.Neighbours(shapes, geo.Queen))
	if err != nil {
		t.Fatal(err)
	}
	return w.RowStandardised()
}

func TestWeightsOfLondon(t *testing.T) {
	s := london(t).Summary()
	t.Logf("%+v", s)
	if s.Areas != 4994 || s.Islands != 0 || s.Mean < 5.8 || s.Mean > 6 || s.Symmetric {
		t.Errorf("%+v", s)
	}
}

func BenchmarkLondon(b *testing.B) {
	w := london(b)
	r := stats.NewRand(1, 0)
	x := make([]float64, w.Len())
	for i := range x {
		x[i] = r.NegBin(3, 1)
	}
	o := spatial.Options{Permutations: 999, Seed: 1}
	for name, run := range map[string]func() error{
		"LocalMoran": func() error { _, err := spatial.LocalMoran(w, x, o); return err },
		"Moran":      func() error { _, err := spatial.Moran(w, x, o); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
