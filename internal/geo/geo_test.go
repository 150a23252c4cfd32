package geo

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// area reads a shape from the notation of the tests: points "x y" parted by
// commas, rings by bars, and parts by semicolons. A ring is closed unless it
// ends in an exclamation mark.
//
//	"0 0, 4 0, 4 4, 0 4 | 1 1, 1 2, 2 2, 2 1 ; 9 9, 10 9, 10 10"
func area(t testing.TB, text string) MultiPolygon {
	t.Helper()
	var out MultiPolygon
	if strings.TrimSpace(text) == "" {
		return out
	}
	for _, part := range strings.Split(text, ";") {
		var polygon Polygon
		for _, ring := range strings.Split(part, "|") {
			polygon = append(polygon, readRing(t, ring))
		}
		out = append(out, polygon)
	}
	return out
}

func readRing(t testing.TB, text string) Ring {
	t.Helper()
	text, open := strings.CutSuffix(strings.TrimSpace(text), "!")
	var ring Ring
	for _, pair := range strings.Split(text, ",") {
		ring = append(ring, readPoint(t, pair))
	}
	if !open && ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	return ring
}

func readPoint(t testing.TB, text string) Point {
	t.Helper()
	fields := strings.Fields(text)
	if len(fields) != 2 {
		t.Fatalf("%q is not a point", text)
	}
	var p Point
	for i, at := range []*float64{&p.X, &p.Y} {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		*at = v
	}
	return p
}

// show writes a shape in the notation that area reads.
func show(m MultiPolygon) string {
	var parts []string
	for _, polygon := range m {
		var rings []string
		for _, ring := range polygon {
			rings = append(rings, showRing(ring))
		}
		parts = append(parts, strings.Join(rings, " | "))
	}
	return strings.Join(parts, " ; ")
}

func showRing(r Ring) string {
	var points []string
	closed := len(r) > 1 && r[0] == r[len(r)-1]
	if closed {
		r = r[:len(r)-1]
	}
	for _, p := range r {
		points = append(points, fmt.Sprintf("%v %v", p.X, p.Y))
	}
	text := strings.Join(points, ", ")
	if !closed {
		text += "!"
	}
	return text
}

func TestContains(t *testing.T) {
	const square = "0 0, 4 0, 4 4, 0 4"
	const holed = square + " | 1 1, 1 3, 3 3, 3 1"
	for _, test := range []struct {
		name, shape, at string
		want            bool
	}{
		{"middle", square, "2 2", true},
		{"outside east", square, "5 2", false},
		{"outside west", square, "-1 2", false},
		{"level with a corner", square, "-1 4", false},
		{"west side is in", square, "0 2", true},
		{"east side is out", square, "4 2", false},
		{"south side is in", square, "2 0", true},
		{"north side is out", square, "2 4", false},
		{"south-west corner is in", square, "0 0", true},
		{"south-east corner is out", square, "4 0", false},
		{"north-east corner is out", square, "4 4", false},
		{"hole", holed, "2 2", false},
		{"beside the hole", holed, "0.5 2", true},
		{"west side of the hole is out", holed, "1 2", false},
		{"east side of the hole is in", holed, "3 2", true},
		{"second part", square + " ; 6 0, 8 0, 8 2", "7.5 1", true},
		{"between parts", square + " ; 6 0, 8 0, 8 2", "5 1", false},
		{"ring left open", square + "!", "2 2", true},
		{"clockwise", "0 0, 0 4, 4 4, 4 0", "2 2", true},
		{"ray along a level edge", "0 0, 4 0, 4 2, 6 2, 6 4, 0 4", "-1 2", false},
		{"inside, ray along a level edge", "0 0, 4 0, 4 2, 6 2, 6 4, 0 4", "1 2", true},
		{"no parts", "", "0 0", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := area(t, test.shape).Contains(readPoint(t, test.at)); got != test.want {
				t.Errorf("Contains(%s) is %v, want %v", test.at, got, test.want)
			}
		})
	}
}
