package geo

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"openvru/internal/errs"

	"pgregory.net/rapid"
)

func TestCheckAndRepair(t *testing.T) {
	const square = "0 0, 4 0, 4 4, 0 4"
	for _, test := range []struct {
		name, shape string
		problems    string // the rules broken, in order
		repaired    string // "" when refused
	}{
		{"a square", square, "", square},
		{"with a hole", square + " | 1 1, 1 2, 2 2, 2 1", "", square + " | 1 1, 1 2, 2 2, 2 1"},
		{"two parts", square + " ; 5 0, 6 0, 6 1", "", square + " ; 5 0, 6 0, 6 1"},
		{"an island in a hole", square + " | 1 1, 1 3, 3 3, 3 1 ; 1.5 1.5, 2 1.5, 2 2", "", square + " | 1 1, 1 3, 3 3, 3 1 ; 1.5 1.5, 2 1.5, 2 2"},
		{"a hole that touches its shell", square + " | 0 2, 2 3, 2 1", "", square + " | 0 2, 2 3, 2 1"},
		{"a ring that touches itself", "0 0, 4 0, 4 4, 2 0.5, 0 4", "", "0 0, 4 0, 4 4, 2 0.5, 0 4"},
		{"lobes that touch at a corner", "0 0, 2 2, 4 0, 4 4, 2 2, 0 4", "", "0 0, 2 2, 4 0, 4 4, 2 2, 0 4"},
		{"a pinch that does not cross", "0 0, 4 0, 4 4, 2 0, 0 4", "", "0 0, 4 0, 4 4, 2 0, 0 4"},

		{"nothing", "", "empty", ""},
		{"not closed", square + "!", "unclosed", square},
		{"the same point twice", "0 0, 4 0, 4 0, 4 4, 0 4", "repeated", square},
		{"a spike", "0 0, 4 0, 4 4, 6 4, 4 4, 0 4", "spike", square},
		{"a spike on a spike", "0 0, 4 0, 4 4, 6 4, 6 7, 6 4, 4 4, 0 4", "spike", square},
		{"a spike back along a side", "0 0, 4 0, 4 6, 4 4, 0 4", "spike", square},
		{"the wrong way round", "0 0, 0 4, 4 4, 4 0", "winding", "0 0, 4 0, 4 4, 0 4"},
		{"a hole the wrong way round", square + " | 1 1, 2 1, 2 2, 1 2", "winding", square + " | 1 1, 1 2, 2 2, 2 1"},
		{"two points", "0 0, 1 1", "few-points", ""},
		{"a line", "0 0, 1 1, 2 2", "spike few-points", ""},
		{"a line for a hole", square + " | 1 1, 2 2", "few-points", square},
		{"a point for a part", square + " ; 9 9", "few-points", square},
		{"a bow-tie", "0 0, 4 4, 4 0, 0 4", "crossing", "2 2, 0 4, 0 0 ; 2 2, 4 0, 4 4"},
		{"a bow-tie the other way", "0 4, 4 0, 4 4, 0 0", "crossing", "0 0, 2 2, 0 4 ; 2 2, 4 0, 4 4"},
		{"a small loop at a side", "0 0, 4 0, 4 4, 2 4, 3 5, 2 5, 3 4, 0 4", "crossing crossing", ""},
		{"a loop that goes round twice", "0 0, 4 0, 4 4, 1 4, 1 1, 3 1, 3 3, 0 3", "crossing", ""},
		{"a ring gone round twice", "0 0, 4 0, 4 4, 0 4, 0 0, 4 0, 4 4, 0 4", "crossing crossing crossing", ""},
		{"a hole across its shell", square + " | 3 1, 3 2, 6 2, 6 1", "rings-cross rings-cross", ""},
		{"parts that overlap", square + " ; 2 2, 6 2, 6 6, 2 6", "rings-cross rings-cross", ""},
		{"parts that share a side", square + " ; 4 0, 6 0, 6 4, 4 4", "rings-cross", ""},
		{"a hole outside", square + " | 5 1, 5 2, 6 2, 6 1", "hole", ""},
		{"a hole in a hole", square + " | 1 1, 1 3, 3 3, 3 1 | 1.5 1.5, 1.5 2, 2 2, 2 1.5", "hole", ""},
		{"a part in a part", square + " ; 1 1, 2 1, 2 2", "overlap", ""},
		{"no longitude", "0 0, 400 0, 400 4, 0 4", "coordinate", ""},
		{"grid coordinates", "530000 180000, 530001 180000, 530001 180001", "coordinate", ""},
		{"several at once", "0 0, 0 4, 0 4, 4 4, 4 0!", "unclosed repeated winding", square},
	} {
		t.Run(test.name, func(t *testing.T) {
			shape := area(t, test.shape)
			if got := rulesOf(Check(shape)); got != test.problems {
				t.Errorf("Check finds %q, want %q", got, test.problems)
			}
			got, err := Repair(shape)
			switch {
			case test.repaired == "" && err == nil:
				t.Errorf("Repair gives %s, want a refusal", show(got))
			case test.repaired == "" && (!errs.Is(err, errs.Invalid) || errs.HintOf(err) == ""):
				t.Errorf("%v is not a refusal with a hint", err)
			case test.repaired != "" && err != nil:
				t.Errorf("Repair refuses: %v", err)
			case test.repaired != "" && canonical(got) != canonical(area(t, test.repaired)):
				t.Errorf("Repair gives %s, want %s", show(got), test.repaired)
			}
		})
	}
}

func rulesOf(problems []Problem) string {
	var rules []string
	for _, p := range problems {
		rules = append(rules, string(p.Rule))
	}
	return strings.Join(rules, " ")
}

// canonical writes a shape so that it does not matter where its rings begin
// and in which order its parts are.
func canonical(m MultiPolygon) string {
	var parts []string
	for _, polygon := range m {
		var turned Polygon
		for _, r := range polygon {
			cycle, first := r.distinct(), 0
			for i, p := range cycle {
				if f := cycle[first]; p.X < f.X || p.X == f.X && p.Y < f.Y {
					first = i
				}
			}
			turned = append(turned, append(cycle[first:len(cycle):len(cycle)], cycle[:first]...))
		}
		parts = append(parts, show(MultiPolygon{turned}))
	}
	// Few enough for the plainest of sorts.
	for i := range parts {
		for j := range parts[:i] {
			if parts[i] < parts[j] {
				parts[i], parts[j] = parts[j], parts[i]
			}
		}
	}
	return strings.Join(parts, " ; ")
}

func TestProblemWords(t *testing.T) {
	for _, test := range []struct{ shape, want string }{
		{"", "The area has no parts."},
		{"0 0, 4 4, 4 0, 0 4", "The outline of part 1 crosses itself, at or near 2.0000000,2.0000000."},
		{"0 0, 4 0, 4 4 ; 5 5, 9 5, 9 9 | 6 0, 6 1, 7 1, 7 0",
			"Hole 1 of part 2 does not lie inside its part, or lies in another hole, at or near 6.0000000,0.0000000."},
	} {
		problems := Check(area(t, test.shape))
		if len(problems) == 0 || problems[0].String() != test.want {
			t.Errorf("%s: %v, want %q", test.shape, problems, test.want)
		}
	}
	for _, rule := range []Rule{RuleEmpty, RuleCoordinate, RuleUnclosed, RuleRepeated, RuleSpike, RuleFew,
		RuleCrossing, RuleRings, RuleTangled, RuleHole, RuleOverlap, RuleWinding} {
		if sentences[rule] == "" {
			t.Errorf("the rule %q has no sentence", rule)
		}
	}
}

func TestCheckNumbers(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		shape := MultiPolygon{{{{0, 0}, {bad, 0}, {1, 1}, {0, 0}}}}
		if got := rulesOf(Check(shape)); got != "coordinate" {
			t.Errorf("with %v Check finds %q", bad, got)
		}
		if _, err := Repair(shape); err == nil {
			t.Errorf("a shape with %v is repaired", bad)
		}
	}
}

// anyShape draws rings with no care: most on a coarse lattice, so that they
// meet in every way that rings can, and some anywhere, so that they cross
// where floats cannot say.
func anyShape(t *rapid.T) MultiPolygon {
	if rapid.Bool().Draw(t, "anywhere") {
		place := rapid.Custom(func(t *rapid.T) Point {
			return Point{rapid.Float64Range(0, 5).Draw(t, "x"), rapid.Float64Range(0, 5).Draw(t, "y")}
		})
		ring := rapid.SliceOfN(place, 4, 8).Draw(t, "ring")
		return MultiPolygon{{append(ring, ring[0])}}
	}
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{float64(rapid.IntRange(0, 5).Draw(t, "x")), float64(rapid.IntRange(0, 5).Draw(t, "y"))}
	})
	ring := rapid.Custom(func(t *rapid.T) Ring { return rapid.SliceOfN(point, 0, 8).Draw(t, "ring") })
	polygon := rapid.Custom(func(t *rapid.T) Polygon { return rapid.SliceOfN(ring, 0, 2).Draw(t, "polygon") })
	return rapid.SliceOfN(polygon, 0, 2).Draw(t, "shape")
}

// TestRepairKeepsThePoints checks that a repair passes the check, changes
// nothing in what it need not, and moves no point across the boundary.
func TestRepairKeepsThePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := anyShape(t)
		got, err := Repair(shape)
		if err != nil {
			return
		}
		if left := Check(got); len(left) > 0 {
			t.Fatalf("%s was repaired to %s, which is not right: %v", show(shape), show(got), left)
		}
		// Off the lattice and its crossings, so that no rounding can matter.
		p := Point{rapid.Float64Range(-1, 6).Draw(t, "px") + 1e-3*math.Pi, rapid.Float64Range(-1, 6).Draw(t, "py") + 1e-3*math.E}
		if nearBoundary(shape, p) {
			return
		}
		if shape.Contains(p) != got.Contains(p) {
			t.Fatalf("%s was repaired to %s, which changes whether it holds %v", show(shape), show(got), p)
		}
		again, err := Repair(got)
		if err != nil || canonical(again) != canonical(got) {
			t.Fatalf("repaired again, %s becomes %s, %v", show(got), show(again), err)
		}
	})
}

// TestAnyNumbers feeds everything numbers of any size, and of none.
func TestAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1e-300, 1e-300), rapid.Float64Range(-90, 90),
			rapid.SampledFrom([]float64{0, 1, 2, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, 180, 90}))
		point := rapid.Custom(func(t *rapid.T) Point { return Point{number.Draw(t, "x"), number.Draw(t, "y")} })
		ring := rapid.Custom(func(t *rapid.T) Ring { return rapid.SliceOfN(point, 0, 8).Draw(t, "ring") })
		polygon := rapid.Custom(func(t *rapid.T) Polygon { return rapid.SliceOfN(ring, 0, 2).Draw(t, "polygon") })
		shape := MultiPolygon(rapid.SliceOfN(polygon, 0, 3).Draw(t, "shape"))
		at := point.Draw(t, "at")
		index := NewIndex([]MultiPolygon{shape})
		if shape.earthly() && (index.Locate(at) == 0) != shape.Contains(at) {
			t.Fatalf("the index and the exact test differ on %v in %s", at, show(shape))
		}
		if got, err := Repair(shape); err == nil && len(Check(got)) > 0 {
			t.Fatalf("%s was repaired to %s, which is not right", show(shape), show(got))
		}
		Neighbours([]MultiPolygon{shape, shape}, Queen)
		Neighbours([]MultiPolygon{shape}, Rook)
		NewPicture(shape.Bounds(), 100, 100, 1).Path(shape, 0.3)
		shape.Centroid()
	})
}

func nearBoundary(m MultiPolygon, p Point) bool {
	near := false
	m.Rings(func(r Ring) {
		r.edges(func(a, b Point) {
			near = near || math.Sqrt(squaredToSegment(p, a, b)) < 1e-9
		})
	})
	return near
}

// TestCheckAgainstPairs compares the crossings that the ordered search finds
// with those of the plainest search.
func TestCheckAgainstPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := anyShape(t)
		if breaks(Check(shape), RuleEmpty, RuleCoordinate, RuleSpike, RuleFew) {
			return
		}
		edges := edgesOf(shape)
		want := false
		for i := range edges {
			for j := range edges[:i] {
				if _, crosses := crossing(&edges[i], &edges[j]); crosses {
					want = true
				}
			}
		}
		if got := len(checkCrossings(shape)) > 0; got != want {
			t.Fatalf("%s: crossings found %v, by pairs %v", show(shape), got, want)
		}
	})
}

func TestRepairTellsThree(t *testing.T) {
	var ring Ring
	for i := range 30 {
		ring = append(ring, Point{float64(i), float64(i % 2 * 10)}, Point{float64(i) + 2.5, float64((i + 1) % 2 * 10)})
	}
	_, err := Repair(MultiPolygon{{append(ring, ring[0])}})
	if err == nil {
		t.Skip("it could be repaired")
	}
	if n := strings.Count(fmt.Sprint(err), "crosses"); n > 3 {
		t.Errorf("the refusal tells %d problems: %v", n, err)
	}
}
