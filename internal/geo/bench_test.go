package geo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"openvru/internal/geo"
	"openvru/internal/geo/geofile"

	"github.com/tidwall/rtree"
)

// realShapes reads the areas of a file of the folder of real data, or skips.
func realShapes(t testing.TB, elements ...string) []geo.MultiPolygon {
	t.Helper()
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA does not name the folder of real files, so they are not read")
	}
	path := filepath.Join(append([]string{root}, elements...)...)
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
	return shapes
}

// honeycomb returns areas like London's LSOAs, for benchmarks without real
// data: columns × rows cells whose wavy sides are shared point by point.
func honeycomb(columns, rows int) []geo.MultiPolygon {
	const steps = 8
	random := rand.New(rand.NewPCG(5, 6))
	corners := make([]geo.Point, (columns+1)*(rows+1))
	for i := range corners {
		corners[i] = geo.Point{
			X: -0.5 + 0.8*(float64(i%(columns+1))+0.5*random.Float64())/float64(columns),
			Y: 51.3 + 0.4*(float64(i/(columns+1))+0.5*random.Float64())/float64(rows),
		}
	}
	type pair struct{ from, to int }
	sides := map[pair][]geo.Point{}
	side := func(from, to int) []geo.Point {
		if line, ok := sides[pair{from, to}]; ok {
			return line
		}
		a, b := corners[from], corners[to]
		line, back := []geo.Point{a}, []geo.Point{b}
		for i := 1; i < steps; i++ {
			f, wave := float64(i)/steps, 0.05*(random.Float64()-0.5)
			line = append(line, geo.Point{X: a.X + f*(b.X-a.X) - wave*(b.Y-a.Y), Y: a.Y + f*(b.Y-a.Y) + wave*(b.X-a.X)})
		}
		for i := steps - 1; i > 0; i-- {
			back = append(back, line[i])
		}
		sides[pair{from, to}], sides[pair{to, from}] = line, back
		return line
	}
	var shapes []geo.MultiPolygon
	for row := range rows {
		for column := range columns {
			a := row*(columns+1) + column
			b, c, d := a+1, a+columns+2, a+columns+1
			var ring geo.Ring
			for _, s := range []pair{{a, b}, {b, c}, {c, d}, {d, a}} {
				ring = append(ring, side(s.from, s.to)...)
			}
			shapes = append(shapes, geo.MultiPolygon{{append(ring, ring[0])}})
		}
	}
	return shapes
}

// benchShapes returns the real boundaries when they are at hand.
func benchShapes(b *testing.B) []geo.MultiPolygon {
	if os.Getenv("OPENVRU_REALDATA") == "" {
		return honeycomb(100, 50)
	}
	return realShapes(b, "boundaries", "london_lsoa_2021.geojson.gz")
}

// points is how many the benchmarks look up in a round.
const points = 1_000_000

// scatter returns points spread evenly over the areas' box, or clustered as
// offences are: most within some hundreds of metres of a few hundred places,
// which are thicker towards the middle.
func scatter(box geo.Box, clustered bool) (lon, lat []float64) {
	random := rand.New(rand.NewPCG(7, 8))
	centre := box.Centre()
	lon, lat = make([]float64, points), make([]float64, points)
	hearts := make([]geo.Point, 500)
	for i := range hearts {
		hearts[i] = geo.Point{X: centre.X + random.NormFloat64()*box.Width()/7, Y: centre.Y + random.NormFloat64()*box.Height()/7}
	}
	for i := range points {
		lon[i], lat[i] = box.MinX+random.Float64()*box.Width(), box.MinY+random.Float64()*box.Height()
		if clustered && i%10 > 0 {
			heart := hearts[int(math.Sqrt(random.Float64())*500)]
			lon[i], lat[i] = heart.X+random.NormFloat64()*0.006, heart.Y+random.NormFloat64()*0.004
		}
	}
	return lon, lat
}

func boxOf(shapes []geo.MultiPolygon) geo.Box {
	box := geo.EmptyBox()
	for _, shape := range shapes {
		box = box.Union(shape.Bounds())
	}
	return box
}

// BenchmarkLocate looks a million points up in the index and in the plain way,
// an R-tree of the areas' boxes with ring tests.
func BenchmarkLocate(b *testing.B) {
	shapes := benchShapes(b)
	index := geo.NewIndex(shapes)
	tree := newPlain(shapes)
	for _, clustered := range []bool{false, true} {
		lon, lat := scatter(boxOf(shapes), clustered)
		kind := map[bool]string{false: "even", true: "clustered"}[clustered]
		var rate float64 // of the plain way, for the ratio
		b.Run(kind+"/plain/goroutines=1", func(b *testing.B) {
			rate = locateAll(b, 1, lon[:points/20], lat[:points/20], tree.locateMany)
		})
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/index/goroutines=%d", kind, workers), func(b *testing.B) {
				got := locateAll(b, workers, lon, lat, index.LocateMany)
				if rate > 0 {
					b.ReportMetric(got/rate, "times-plain")
				}
			})
		}
	}
}

// locateAll divides the points among the workers and returns how many million
// it looks up a second, which it also reports.
func locateAll(b *testing.B, workers int, lon, lat []float64, locate func(lon, lat []float64, out []int32)) float64 {
	out := make([]int32, len(lon))
	for b.Loop() {
		var wait sync.WaitGroup
		for w := range workers {
			from, to := len(lon)*w/workers, len(lon)*(w+1)/workers
			wait.Go(func() { locate(lon[from:to], lat[from:to], out[from:to]) })
		}
		wait.Wait()
	}
	rate := float64(len(lon)) * float64(b.N) / b.Elapsed().Seconds() / 1e6
	b.ReportMetric(rate, "Mpoints/s")
	return rate
}

// plain is the baseline: what one would write in an afternoon.
type plain struct {
	tree   rtree.RTreeG[int32]
	shapes []geo.MultiPolygon
}

func newPlain(shapes []geo.MultiPolygon) *plain {
	p := &plain{shapes: shapes}
	for i, shape := range shapes {
		box := shape.Bounds()
		p.tree.Insert([2]float64{box.MinX, box.MinY}, [2]float64{box.MaxX, box.MaxY}, int32(i))
	}
	return p
}

func (p *plain) locateMany(lon, lat []float64, out []int32) {
	for i := range lon {
		at := [2]float64{lon[i], lat[i]}
		found := int32(math.MaxInt32)
		p.tree.Search(at, at, func(_, _ [2]float64, area int32) bool {
			if area < found && p.shapes[area].Contains(geo.Point{X: lon[i], Y: lat[i]}) {
				found = area
			}
			return true
		})
		out[i] = geo.None
		if found < math.MaxInt32 {
			out[i] = found
		}
	}
}

func BenchmarkNewIndex(b *testing.B) {
	shapes := benchShapes(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index := geo.NewIndex(shapes)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(index)
	for b.Loop() {
		geo.NewIndex(shapes)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-kept")
}

// TestIndexOnRealBoundaries compares the index with the plain way on a million
// points, and times it against the promise that it makes.
func TestIndexOnRealBoundaries(t *testing.T) {
	for _, file := range []string{"london_lsoa_2011.geojson.gz", "london_lsoa_2021.geojson.gz", "london_ward_2025.geojson.gz", "london_boroughs.geojson"} {
		t.Run(file, func(t *testing.T) {
			shapes := realShapes(t, "boundaries", file)
			start := time.Now()
			index := geo.NewIndex(shapes)
			t.Logf("built in %v", time.Since(start))
			tree := newPlain(shapes)
			for _, clustered := range []bool{false, true} {
				lon, lat := scatter(boxOf(shapes), clustered)
				// And the very points where a mistake would show.
				i := 0
				for _, shape := range shapes {
					shape.Rings(func(r geo.Ring) {
						for _, p := range r {
							lon[i], lat[i] = p.X, p.Y
							i++
						}
					})
				}
				if testing.Short() {
					lon, lat = lon[:20_000], lat[:20_000]
				}
				got, want := make([]int32, len(lon)), make([]int32, len(lon))
				index.LocateMany(lon, lat, got)
				tree.locateMany(lon, lat, want)
				for i := range got {
					if got[i] != want[i] {
						t.Fatalf("point %v,%v is in %d by the index, %d by the exact test", lon[i], lat[i], got[i], want[i])
					}
				}
			}
		})
	}
}

// TestRealBoundariesAreValid checks the boundaries that are published, and
// that those which are not right can be repaired.
func TestRealBoundariesAreValid(t *testing.T) {
	for file, want := range map[string]int{
		"london_lsoa_2011.geojson.gz": 0, "london_lsoa_2021.geojson.gz": 0,
		"london_ward_2025.geojson.gz": 0, "london_boroughs.geojson": 0,
	} {
		t.Run(file, func(t *testing.T) {
			shapes, bad := realShapes(t, "boundaries", file), 0
			start := time.Now()
			for i, shape := range shapes {
				problems := geo.Check(shape)
				// All of these but the boroughs run clockwise, as ESRI's
				// programs write them.
				if slices.ContainsFunc(problems, func(p geo.Problem) bool { return p.Rule != geo.RuleWinding }) {
					bad++
					t.Logf("area %d: %v", i+1, problems)
				}
				if _, err := geo.Repair(shape); err != nil {
					t.Errorf("area %d: %v", i+1, err)
				}
			}
			t.Logf("checked in %v", time.Since(start))
			if bad != want {
				t.Errorf("%d areas are not right, want %d", bad, want)
			}
		})
	}
}
