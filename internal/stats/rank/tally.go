package rank

import (
	"cmp"
	"slices"

	"openvru/internal/stats"
)

// tally is what Of keeps of the ranks of every place: their sum, and those that
// lie furthest out on either side, as many as fit into a tail and one more. The
// last of these is the end of the interval. All ranks are twice what they are.
type tally struct {
	sums      []uint64
	low, high tails // the lowest ranks are kept turned about
}

// tails holds for each place the highest of the values it was given.
type tails struct {
	keep  int
	limit []uint32 // what a value must be over to matter
	kept  [][]uint32
}

// newTally leaves out as many draws at either end as fit into each tail.
func newTally(n int, o Options) *tally {
	keep := min(int(float64(o.Draws)*(1-o.Level)/2), (o.Draws-1)/2) + 1
	size := min(keep+min(keep, 256)+32, o.Draws)
	return &tally{make([]uint64, n), newTails(n, keep, size), newTails(n, keep, size)}
}

func newTails(n, keep, size int) tails {
	t := tails{keep, make([]uint32, n), make([][]uint32, n)}
	space := make([]uint32, n*size)
	for i := range t.kept {
		t.kept[i] = space[i*size : i*size : (i+1)*size]
	}
	return t
}

// add takes in a value of place i that is over its limit. When there is no more
// room, all but the highest are dropped.
func (t *tails) add(i int, v uint32) {
	kept := t.kept[i]
	if len(kept) == cap(kept) {
		t.limit[i] = kth(kept, t.keep)
		if kept = kept[:t.keep]; v <= t.limit[i] {
			t.kept[i] = kept
			return
		}
	}
	t.kept[i] = append(kept, v)
}

// last is the least of the highest values of place i, as many as are to be kept.
func (t *tails) last(i int) uint32 { return kth(t.kept[i], t.keep) }

// Places are taken in by groups of this many: the ranks of one draw that a group
// reads lie side by side.
const group = 64

// add takes in the ranks of some draws, one row a draw.
func (t *tally) add(doubled []uint32) {
	n := len(t.sums)
	stats.Parallel(pieces(n, group), func(_, piece int) {
		from, to := piece*group, min((piece+1)*group, n)
		sums, low, high := t.sums[from:to], t.low.limit[from:to], t.high.limit[from:to]
		for row := 0; row < len(doubled); row += n {
			for i, v := range doubled[row+from : row+to] {
				sums[i] += uint64(v)
				if ^v > low[i] {
					t.low.add(from+i, ^v)
				}
				if v > high[i] {
					t.high.add(from+i, v)
				}
			}
		}
	})
}

// ranks sums up. It may be called once: it puts the tails in another order.
func (t *tally) ranks(draws int) Ranks {
	n := len(t.sums)
	out := Ranks{Expected: make([]float64, n), Order: make([]int, n), Interval: make([]stats.Interval, n), Draws: draws}
	for i, sum := range t.sums {
		out.Order[i] = i
		out.Expected[i] = float64(sum) / float64(2*draws)
		low, high := ^t.low.last(i), t.high.last(i)
		out.Interval[i] = stats.Interval{Low: float64(low) / 2, High: float64(high) / 2}
	}
	slices.SortStableFunc(out.Order, func(a, b int) int { return cmp.Compare(out.Expected[a], out.Expected[b]) })
	return out
}
