package geo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNeighbours(t *testing.T) {
	for _, test := range []struct {
		name        string
		shapes      []string
		queen, rook string
	}{
		{"side by side", []string{"0 0, 1 0, 1 1, 0 1", "1 0, 2 0, 2 1, 1 1"}, "[[1] [0]]", "[[1] [0]]"},
		{"at a corner", []string{"0 0, 1 0, 1 1, 0 1", "1 1, 2 1, 2 2, 1 2"}, "[[1] [0]]", "[[] []]"},
		{"an island", []string{"0 0, 1 0, 1 1, 0 1", "5 5, 6 5, 6 6", "1 0, 2 0, 2 1, 1 1"}, "[[2] [] [0]]", "[[2] [] [0]]"},
		{"other points along the border", []string{"0 0, 4 0, 4 4, 0 4", "4 0, 8 0, 8 4, 4 4, 4 3, 4 1"}, "[[1] [0]]", "[[1] [0]]"},
		{"a longer side", []string{"0 0, 4 0, 4 4, 0 4", "4 -2, 8 0, 8 4, 4 6"}, "[[1] [0]]", "[[1] [0]]"},
		{"sides that overlap in part", []string{"0 0, 4 0, 4 4, 0 4", "4 2, 8 2, 8 6, 4 6"}, "[[1] [0]]", "[[1] [0]]"},
		{"a corner against a side", []string{"0 0, 4 0, 4 4, 0 4", "4 2, 8 0, 8 4"}, "[[1] [0]]", "[[] []]"},
		{"a hair apart", []string{"0 0, 1 0, 1 1, 0 1", "1.00000005 0, 2 0, 2 1, 1.00000005 1"}, "[[1] [0]]", "[[1] [0]]"},
		{"a hair apart, with other points", []string{"0 0, 4 0, 4 4, 0 4", "4.00000005 1, 8 0, 8 4, 4.00000005 3"}, "[[1] [0]]", "[[1] [0]]"},
		{"further apart than the snap", []string{"0 0, 1 0, 1 1, 0 1", "1.000001 0, 2 0, 2 1, 1.000001 1"}, "[[] []]", "[[] []]"},
		{"in a hole", []string{"0 0, 4 0, 4 4, 0 4 | 1 1, 1 3, 3 3, 3 1", "1 1, 3 1, 3 3, 1 3"}, "[[1] [0]]", "[[1] [0]]"},
		{"through a second part", []string{"0 0, 1 0, 1 1 ; 5 5, 6 5, 6 6", "6 5, 7 5, 6 6"}, "[[1] [0]]", "[[1] [0]]"},
		{"four round a corner", []string{"0 0, 1 0, 1 1, 0 1", "1 0, 2 0, 2 1, 1 1", "1 1, 2 1, 2 2, 1 2", "0 1, 1 1, 1 2, 0 2"},
			"[[1 2 3] [0 2 3] [0 1 3] [0 1 2]]", "[[1 3] [0 2] [1 3] [0 2]]"},
		{"an area of no parts", []string{"0 0, 1 0, 1 1", ""}, "[[] []]", "[[] []]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var shapes []MultiPolygon
			for _, text := range test.shapes {
				shapes = append(shapes, area(t, text))
			}
			if got := fmt.Sprint(Neighbours(shapes, Queen)); got != test.queen {
				t.Errorf("queen %s, want %s", got, test.queen)
			}
			if got := fmt.Sprint(Neighbours(shapes, Rook)); got != test.rook {
				t.Errorf("rook %s, want %s", got, test.rook)
			}
		})
	}
	if got := Neighbours(nil, Queen); len(got) != 0 {
		t.Errorf("no areas have neighbours %v", got)
	}
}

// TestNeighboursOfRectangles compares with what can be said of rectangles:
// they meet in a point when their sides do, along a line when that is long.
func TestNeighboursOfRectangles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shapes []MultiPolygon
		var boxes []Box
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			x, y := float64(rapid.IntRange(0, 8).Draw(t, "x")), float64(rapid.IntRange(0, 8).Draw(t, "y"))
			box := Box{x, y, x + float64(rapid.IntRange(1, 4).Draw(t, "w")), y + float64(rapid.IntRange(1, 4).Draw(t, "h"))}
			if slices.ContainsFunc(boxes, func(o Box) bool { return box.Grow(-0.1).Meets(o) }) {
				continue // areas do not overlap
			}
			boxes = append(boxes, box)
			shapes = append(shapes, MultiPolygon{{{{box.MinX, box.MinY}, {box.MaxX, box.MinY}, {box.MaxX, box.MaxY}, {box.MinX, box.MaxY}, {box.MinX, box.MinY}}}})
		}
		queen, rook := Neighbours(shapes, Queen), Neighbours(shapes, Rook)
		for i, a := range boxes {
			for j, b := range boxes {
				if i == j {
					continue
				}
				meets := a.Meets(b)
				along := meets && !(a.MaxX == b.MinX || b.MaxX == a.MinX) || meets && !(a.MaxY == b.MinY || b.MaxY == a.MinY)
				if slices.Contains(queen[i], int32(j)) != meets || slices.Contains(rook[i], int32(j)) != along {
					t.Fatalf("%v and %v: queen %v, rook %v", a, b, queen[i], rook[i])
				}
			}
		}
	})
}

// TestNeighboursAreMutual checks, for any shapes, that neighbours are each
// other's and that rooks are queens.
func TestNeighboursAreMutual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shapes := rapid.SliceOfN(rapid.Custom(anyShape), 0, 5).Draw(t, "shapes")
		queen, rook := Neighbours(shapes, Queen), Neighbours(shapes, Rook)
		for i := range shapes {
			for _, j := range queen[i] {
				if int(j) == i || !slices.Contains(queen[j], int32(i)) {
					t.Fatalf("%d has the neighbour %d, which has %v", i, j, queen[j])
				}
			}
			for _, j := range rook[i] {
				if !slices.Contains(queen[i], j) || !slices.Contains(rook[j], int32(i)) {
					t.Fatalf("%d has the rook neighbour %d: %v, %v", i, j, queen[i], rook[j])
				}
			}
			if !slices.IsSorted(queen[i]) || strings.Contains(fmt.Sprint(queen[i]), "-") {
				t.Fatalf("the list of %d is %v", i, queen[i])
			}
		}
	})
}
