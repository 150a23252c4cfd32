package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestPicture(t *testing.T) {
	box := Box{-0.2, 51.4, 0.2, 51.6}
	v := NewPicture(box, 640, 600, 10)
	// 27.8 km by 22.3 km: the width is used up.
	if math.Abs(v.Width-640) > 1e-9 || math.Abs(v.Height-517) > 1 {
		t.Errorf("the picture is %v by %v", v.Width, v.Height)
	}
	for _, test := range []struct{ place, want Point }{
		{Point{-0.2, 51.6}, Point{10, 10}},
		{Point{0.2, 51.4}, Point{v.Width - 10, v.Height - 10}},
		{Point{0, 51.5}, Point{v.Width / 2, v.Height / 2}},
	} {
		if got := v.At(test.place); math.Hypot(got.X-test.want.X, got.Y-test.want.Y) > 1e-6 {
			t.Errorf("%v is drawn at %v, want %v", test.place, got, test.want)
		}
	}
}

func TestPicturePath(t *testing.T) {
	v := Picture{north: 10, scaleX: 10, scaleY: 10}
	for _, test := range []struct{ name, shape, want string }{
		{"a square", "0 0, 1 0, 1 1, 0 1", "M0 100l10 0l0 -10l-10 0z"},
		{"tenths", "0.01 0.02, 1.05 0, 1 1", "M0.1 99.8l10.4 0.2l-0.5 -10z"},
		{"a point that makes no difference", "0 0, 1 0.001, 2 0, 2 2", "M0 100l20 0l0 -20z"},
		{"a hole and a part", "0 0, 4 0, 4 4, 0 4 | 1 1, 1 2, 2 2 ; 5 0, 6 0, 6 1",
			"M0 100l40 0l0 -40l-40 0zM10 90l0 -10l10 0zM50 100l10 0l0 -10z"},
		{"too small to see", "0 0, 0.01 0, 0.01 0.01", ""},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := v.Path(area(t, test.shape), 0.3); got != test.want {
				t.Errorf("the path is %q, want %q", got, test.want)
			}
		})
	}
}

func TestPictureOfLittle(t *testing.T) {
	for _, box := range []Box{EmptyBox(), {1, 1, 1, 1}, {1, 1, 2, 1}, {1, 1, 1, 2}} {
		v := NewPicture(box, 100, 100, 5)
		p := v.At(Point{1, 1})
		if !p.Finite() || v.Width > 100.001 || v.Height > 100.001 {
			t.Errorf("%v: a picture of %v by %v draws its corner at %v", box, v.Width, v.Height, p)
		}
	}
}

// TestSimplifyStaysNear checks that no old point is left further from the new
// ring than the tolerance.
func TestSimplifyStaysNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := anyShape(t)
		tolerance := rapid.Float64Range(0, 2).Draw(t, "tolerance")
		for _, polygon := range shape {
			for _, ring := range polygon {
				if len(ring) == 0 || ring[0] != ring[len(ring)-1] {
					continue
				}
				simple := ring.simplify(tolerance)
				if len(simple) < 4 {
					continue
				}
				for _, p := range ring {
					nearest := math.Inf(1)
					simple.edges(func(a, b Point) { nearest = min(nearest, squaredToSegment(p, a, b)) })
					if math.Sqrt(nearest) > tolerance+1e-12 {
						t.Fatalf("%v lies %v from what is left of %s: %s", p, math.Sqrt(nearest), showRing(ring), showRing(simple))
					}
				}
			}
		}
	})
}

func TestMeasures(t *testing.T) {
	for _, test := range []struct {
		name, shape string
		area        float64
		centroid    Point
	}{
		{"square", "0 0, 4 0, 4 4, 0 4", 16, Point{2, 2}},
		{"the other way round", "0 0, 0 4, 4 4, 4 0", 16, Point{2, 2}},
		{"with a hole", "0 0, 4 0, 4 4, 0 4 | 0 0, 0 2, 2 2, 2 0", 12, Point{28.0 / 12, 28.0 / 12}},
		{"two parts", "0 0, 2 0, 2 2, 0 2 ; 4 0, 6 0, 6 2, 4 2", 8, Point{3, 1}},
		{"far from the origin", "1000000 1000000, 1000001 1000000, 1000001 1000001, 1000000 1000001", 1, Point{1000000.5, 1000000.5}},
		{"a line", "0 0, 4 4", 0, Point{2, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			shape := area(t, test.shape)
			if got := shape.Area(); math.Abs(got-test.area) > 1e-9 {
				t.Errorf("area %v, want %v", got, test.area)
			}
			got := shape.Centroid()
			if math.Hypot(got.X-test.centroid.X, got.Y-test.centroid.Y) > 1e-9 {
				t.Errorf("centroid %v, want %v", got, test.centroid)
			}
		})
	}
}

// TestGround compares with the National Grid, whose metres are within four
// parts in ten thousand of those on the ground: the square of London between
// 530 and 531 km east, 180 and 181 km north.
func TestGround(t *testing.T) {
	square := area(t, "-0.1283289 51.5039922, -0.1139318 51.5037633, -0.1135634 51.5127486, -0.1279633 51.5129776")
	if got := SquareMetres(square); math.Abs(got-1e6) > 1000 {
		t.Errorf("a square kilometre has %.0f square metres", got)
	}
	if got := Metres(square[0][0][0], square[0][0][1]); math.Abs(got-1000) > 1 {
		t.Errorf("a kilometre has %.2f metres", got)
	}
}
