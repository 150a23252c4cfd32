package rank

import (
	"math"

	"openvru/internal/stats"
)

// Places returns the rank of each value, 1 for the highest, or for the lowest;
// equal values share the mean of their ranks. There must be no NaN.
func Places(values []float64, lowest bool) []float64 {
	out := make([]float64, len(values))
	if len(values) == 0 {
		return out
	}
	if lowest {
		values = negated(values)
	}
	doubled := make([]uint32, len(values))
	newSorter(len(values)).doubled(values, doubled)
	for i, d := range doubled {
		out[i] = float64(d) / 2
	}
	return out
}

func pair(x, y []float64) error {
	switch {
	case len(x) != len(y):
		return stats.ErrLength
	case len(x) < 2:
		return stats.ErrTooFew
	}
	if err := stats.Finite(x, y); err != nil {
		return err
	}
	if constant(x) || constant(y) {
		return stats.ErrConstant
	}
	return nil
}

func constant(values []float64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}

// Kendall returns Kendall's tau-b of two lists: the share of pairs of places in
// the same order less that in opposite order, corrected for ties (Kendall 1945,
// Biometrika 33:239–251), counted as Knight (1966) does. Errors: ErrLength,
// ErrTooFew under two, ErrMissing, ErrConstant.
func Kendall(x, y []float64) (float64, error) {
	if err := pair(x, y); err != nil {
		return 0, err
	}
	return kendall(x, y), nil
}

// kendall works out tau-b for lists without NaN.
func kendall(x, y []float64) float64 { return newTau(x).of(y) }

// tau is what it takes to hold one list after another against the same first.
type tau struct {
	sorter *sorter
	x      []uint32 // twice the ranks of the first list
	starts []uint32 // where in order each doubled rank begins
	tied   float64  // pairs that are equal in the first list
	order  []int32  // places in order of the first list, then of the second
	level  []int32  // of each place: which of the distinct values of the second it has
	tree   []int32  // Fenwick's tree of how many of each level came before
}

// newTau ranks the first list.
func newTau(x []float64) *tau {
	n := len(x)
	k := &tau{
		sorter: newSorter(n), x: make([]uint32, n), starts: make([]uint32, 2*n+2),
		order: make([]int32, n), level: make([]int32, n), tree: make([]int32, n+1),
	}
	k.sorter.doubled(x, k.x)
	k.tied = ties(n, func(i int) bool { return k.sorter.items[i].value == k.sorter.items[i-1].value })
	return k
}

// of returns tau-b of the first list and y: it takes the places in falling order
// of the first, then y, and counts for each how many before it are lower in y.
func (k *tau) of(y []float64) float64 {
	k.sorter.sort(y)
	tiedY := k.levels()
	clear(k.starts)
	for _, r := range k.x {
		k.starts[r+1]++
	}
	for r := range k.starts[1:] {
		k.starts[r+1] += k.starts[r]
	}
	for _, it := range k.sorter.items { // in falling order of y, kept within equal x
		at := &k.starts[k.x[it.place]]
		k.order[*at] = it.place
		*at++
	}
	both := ties(len(y), func(i int) bool {
		a, b := k.order[i], k.order[i-1]
		return k.x[a] == k.x[b] && k.level[a] == k.level[b]
	})
	n := float64(len(y))
	pairs := n * (n - 1) / 2
	same := pairs - k.tied - tiedY + both - 2*k.swaps()
	return same / (math.Sqrt(pairs-k.tied) * math.Sqrt(pairs-tiedY))
}

// levels numbers the distinct values that were sorted, from 1 for the highest,
// and returns how many pairs are equal.
func (k *tau) levels() float64 {
	level := int32(1)
	items := k.sorter.items
	for i, it := range items {
		if i > 0 && it.value != items[i-1].value {
			level++
		}
		k.level[it.place] = level
	}
	return ties(len(items), func(i int) bool { return items[i].value == items[i-1].value })
}

// swaps counts the pairs whose order in the second list is against the first,
// in n log n steps (Fenwick 1994).
func (k *tau) swaps() float64 {
	clear(k.tree)
	count := 0
	for before, place := range k.order {
		level := int(k.level[place])
		higher := 0 // of those before, as high in the second list or higher
		for l := level; l > 0; l &= l - 1 {
			higher += int(k.tree[l])
		}
		count += before - higher
		for l := level; l < len(k.tree); l += l & -l {
			k.tree[l]++
		}
	}
	return float64(count)
}

// ties counts the pairs within runs of equal neighbours.
func ties(n int, same func(i int) bool) float64 {
	pairs, length := 0, 0
	for i := 1; i < n; i++ {
		if length++; !same(i) {
			length = 0
		}
		pairs += length
	}
	return float64(pairs)
}

// Spearman returns the correlation of the ranks of two lists, equal values
// sharing the mean of their ranks (Spearman 1904). Errors as for Kendall.
func Spearman(x, y []float64) (float64, error) {
	if err := pair(x, y); err != nil {
		return 0, err
	}
	a, b := Places(x, false), Places(y, false)
	mean := (float64(len(a)) + 1) / 2
	var ab, aa, bb float64
	for i := range a {
		u, v := a[i]-mean, b[i]-mean
		ab, aa, bb = ab+u*v, aa+u*u, bb+v*v
	}
	return ab / math.Sqrt(aa*bb), nil
}
