package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// firstHolding is the exact test that the index must agree with.
func firstHolding(shapes []MultiPolygon, p Point) int {
	for i, shape := range shapes {
		if shape.Contains(p) {
			return i
		}
	}
	return None
}

// fatal is what a test and a rapid check have in common.
type fatal interface {
	Fatalf(format string, args ...any)
}

// checkIndex compares the index with the exact test at random points, and at
// all the points where rounding could bite: vertices, edges, cells' middles,
// and the floats next to them.
func checkIndex(t fatal, shapes []MultiPolygon, random *rand.Rand, n int) {
	x := NewIndex(shapes)
	try := func(p Point) {
		if got, want := x.Locate(p), firstHolding(shapes, p); got != want {
			t.Fatalf("point %v,%v is in area %d by the index, %d by the exact test", p.X, p.Y, got, want)
		}
	}
	points := tellingPoints(shapes, x, random, n)
	lon, lat, many := make([]float64, len(points)), make([]float64, len(points)), make([]int32, len(points))
	for i, p := range points {
		lon[i], lat[i] = p.X, p.Y
	}
	x.LocateMany(lon, lat, many)
	for i, p := range points {
		if one := x.Locate(p); one != int(many[i]) {
			t.Fatalf("point %v,%v is in area %d alone, %d among others", p.X, p.Y, one, many[i])
		}
	}
	for _, p := range points {
		try(p)
		try(Point{math.Nextafter(p.X, math.Inf(1)), p.Y})
		try(Point{math.Nextafter(p.X, math.Inf(-1)), p.Y})
		try(Point{p.X, math.Nextafter(p.Y, math.Inf(1))})
		try(Point{p.X, math.Nextafter(p.Y, math.Inf(-1))})
	}
}

func tellingPoints(shapes []MultiPolygon, x *Index, random *rand.Rand, n int) []Point {
	var points []Point
	for _, shape := range shapes {
		shape.Rings(func(r Ring) {
			r.edges(func(a, b Point) {
				f := random.Float64()
				points = append(points, a, Point{a.X, b.Y},
					Point{(a.X + b.X) / 2, (a.Y + b.Y) / 2},
					Point{a.X + f*(b.X-a.X), a.Y + f*(b.Y-a.Y)})
			})
		})
	}
	box := x.grid.box.Grow(0.01 * x.grid.box.Width())
	for range n {
		points = append(points, Point{
			box.MinX + random.Float64()*box.Width(), box.MinY + random.Float64()*box.Height()})
	}
	random.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	points = points[:min(n, len(points))]
	for i := range min(n/4, len(x.grid.xs)) {
		points = append(points, Point{x.grid.xs[i], x.grid.ys[i%len(x.grid.ys)]},
			Point{x.grid.box.MinX + float64(i)/x.grid.scaleX, x.grid.box.MinY + float64(i%x.grid.rows)/x.grid.scaleY})
	}
	return points
}

// TestIndexOnAnything draws rings with no care at all: they cross themselves
// and each other, run back along themselves and share corners.
func TestIndexOnAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Custom(func(t *rapid.T) float64 {
			if rapid.Bool().Draw(t, "round") {
				return float64(rapid.IntRange(-4, 4).Draw(t, "n"))
			}
			return rapid.Float64Range(-4, 4).Draw(t, "x")
		})
		point := rapid.Custom(func(t *rapid.T) Point {
			return Point{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")}
		})
		ring := rapid.SliceOfN(point, 0, 9)
		shapes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) MultiPolygon {
			var polygon Polygon
			for _, r := range rapid.SliceOfN(ring, 1, 2).Draw(t, "rings") {
				polygon = append(polygon, r)
			}
			return MultiPolygon{polygon}
		}), 0, 6).Draw(t, "shapes")
		checkIndex(t, shapes, rand.New(rand.NewPCG(1, 2)), 100)
	})
}

func TestIndexOfACrowd(t *testing.T) {
	var shapes []MultiPolygon
	for i := range 80 {
		shapes = append(shapes, star(Point{0, 0}, 1+0.01*float64(i), 5+i%7))
	}
	checkIndex(t, shapes, rand.New(rand.NewPCG(3, 4)), 1000)
}

// star returns a star of n spikes, which crosses itself nowhere.
func star(centre Point, radius float64, n int) MultiPolygon {
	var ring Ring
	for i := range 2 * n {
		angle, r := math.Pi*float64(i)/float64(n), radius*(1-0.6*float64(i%2))
		ring = append(ring, Point{centre.X + r*math.Cos(angle), centre.Y + r*math.Sin(angle)})
	}
	return MultiPolygon{{append(ring, ring[0])}}
}

func TestIndexOfNothing(t *testing.T) {
	nan := math.NaN()
	square := area(t, "0 0, 4 0, 4 4, 0 4")
	for _, test := range []struct {
		name   string
		shapes []MultiPolygon
		at     Point
		want   int
	}{
		{"no areas", nil, Point{1, 1}, None},
		{"an area of no parts", []MultiPolygon{nil}, Point{0, 0}, None},
		{"a line", []MultiPolygon{area(t, "0 0, 4 0")}, Point{1, 0}, None},
		{"a point", []MultiPolygon{area(t, "1 1")}, Point{1, 1}, None},
		{"a shape that is no number", []MultiPolygon{{{{{nan, 0}, {1, 1}, {0, 1}}}}, square}, Point{1, 1}, 1},
		{"a point that is no number", []MultiPolygon{square}, Point{nan, 1}, None},
		{"infinitely far", []MultiPolygon{square}, Point{math.Inf(1), 1}, None},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := NewIndex(test.shapes).Locate(test.at); got != test.want {
				t.Errorf("Locate is %d, want %d", got, test.want)
			}
		})
	}
}
