package nearrepeat

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// pair is two events by their place in the order of an index.
type pair struct{ a, b int32 }

// index holds events in the order of the squares of a grid, so that events near
// each other on the ground are near each other in memory. Only events of a
// square and the squares around it can be within reach of each other.
type index struct {
	x, y  []float64 // in order
	order []int32   // order[k] is the number that event k was given with
	start []int32   // start[c] is where square c begins; one more than squares
	wide  int       // squares in a row
	high  int
}

// newIndex makes the squares as wide as the reach, or wider where that would
// make many more squares than events.
func newIndex(e Events, reach float64) index {
	n := len(e.X)
	left, right := slices.Min(e.X), slices.Max(e.X)
	low, top := slices.Min(e.Y), slices.Max(e.Y)
	extent := max(right-left, top-low)
	side := max(reach, extent/math.Sqrt(float64(2*n)+1))
	if !(side > 0) || math.IsInf(extent, 1) {
		side = math.Inf(1) // all at one place, or too far apart to measure: one square
	}
	ix := index{wide: int((right-left)/side) + 1, high: int((top-low)/side) + 1}
	if math.IsInf(side, 1) {
		ix.wide, ix.high = 1, 1
	}
	square := make([]int32, n)
	ix.start = make([]int32, ix.wide*ix.high+1)
	for i := range n {
		if !math.IsInf(side, 1) {
			square[i] = int32(int((e.Y[i]-low)/side)*ix.wide + int((e.X[i]-left)/side))
		}
		ix.start[square[i]+1]++
	}
	for c := 1; c < len(ix.start); c++ {
		ix.start[c] += ix.start[c-1]
	}
	ix.fill(e, square)
	return ix
}

// fill puts the events in the order of their squares.
func (ix *index) fill(e Events, square []int32) {
	n := len(square)
	next := slices.Clone(ix.start)
	ix.order, ix.x, ix.y = make([]int32, n), make([]float64, n), make([]float64, n)
	for i, c := range square {
		k := next[c]
		next[c]++
		ix.order[k], ix.x[k], ix.y[k] = int32(i), e.X[i], e.Y[i]
	}
}

// each calls found for every pair no further apart than the reach, with its
// distance, until it says no.
func (ix *index) each(metric Metric, reach float64, found func(a, b int32, distance float64) bool) {
	look := func(a, from, to int32) bool {
		x, y := ix.x[a], ix.y[a]
		for b := from; b < to; b++ {
			if d := metric.distance(ix.x[b]-x, ix.y[b]-y); d <= reach && !found(a, b, d) {
				return false
			}
		}
		return true
	}
	for row := range ix.high {
		for column := range ix.wide {
			c := row*ix.wide + column
			// The rest of the square and the one to the right; then the three
			// of the next row, which lie one after the other.
			right := min(c+2, (row+1)*ix.wide)
			from, to := int32(0), int32(0)
			if row+1 < ix.high {
				from = ix.start[c+ix.wide-min(column, 1)]
				to = ix.start[min(c+ix.wide+2, (row+2)*ix.wide)]
			}
			for a := ix.start[c]; a < ix.start[c+1]; a++ {
				if !look(a, a+1, ix.start[right]) || !look(a, from, to) {
					return
				}
			}
		}
	}
}

// most is how many pairs are listed at most: a gigabyte of them.
const most = 1 << 27

// near lists the pairs of each space band.
func (ix *index) near(b Bands, most int) ([][]pair, error) {
	out := make([][]pair, len(b.Space))
	count := 0
	ix.each(b.Metric, b.Space[len(b.Space)-1], func(i, j int32, d float64) bool {
		s := band(b.Space, d)
		out[s] = append(out[s], pair{i, j})
		count++
		return count <= most
	})
	if count > most {
		return nil, fmt.Errorf("more than %d pairs of events are within the greatest limit, choose a smaller one: %w", most, stats.ErrOption)
	}
	return out, nil
}
