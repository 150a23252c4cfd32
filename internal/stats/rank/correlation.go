package rank

import (
	"math"
	"slices"

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
	if slices.Min(x) == slices.Max(x) || slices.Min(y) == slices.Max(y) {
		return stats.ErrConstant
	}
	return nil
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
func kendall(x, y []float64) float64 {
	k := newTau(len(x))
	k.sorter.doubled(x, k.x)
	return k.of(y)
}

// tau is what it takes to hold one list after another against the same first.
type tau struct {
	sorter *sorter
	x      []uint32 // twice the ranks of the first list
	starts []uint32 // where in order each doubled rank begins
	y      []float64
	order  []int32 // places in order of the first list, then of the second
	spare  []float64
}

func newTau(n int) *tau {
	return &tau{newSorter(n), make([]uint32, n), make([]uint32, 2*n+2), make([]float64, n), make([]int32, n), make([]float64, n)}
}

// of returns tau-b of the first list and y: it puts the places in falling order
// of the first, then y, and counts how many swaps put them in order of y.
func (k *tau) of(y []float64) float64 {
	k.sorter.sort(y)
	clear(k.starts)
	for _, r := range k.x {
		k.starts[r+1]++
	}
	for r := range k.starts[1:] {
		k.starts[r+1] += k.starts[r]
	}
	for _, it := range k.sorter.items { // in falling order of y, kept within equal x
		at := &k.starts[k.x[it.place]]
		k.order[*at], k.y[*at] = it.place, -it.value
		*at++
	}
	tiedX := ties(len(y), func(i int) bool { return k.x[k.order[i]] == k.x[k.order[i-1]] })
	both := ties(len(y), func(i int) bool { return k.x[k.order[i]] == k.x[k.order[i-1]] && k.y[i] == k.y[i-1] })
	swaps := inversions(k.y, k.spare)
	tiedY := ties(len(y), func(i int) bool { return k.y[i] == k.y[i-1] })
	n := float64(len(y))
	pairs := n * (n - 1) / 2
	same := pairs - tiedX - tiedY + both - 2*swaps
	return same / (math.Sqrt(pairs-tiedX) * math.Sqrt(pairs-tiedY))
}

// ties counts the pairs within runs of equal neighbours.
func ties(n int, same func(i int) bool) float64 {
	pairs, length := 0.0, 0.0
	for i := 1; i < n; i++ {
		if length++; !same(i) {
			length = 0
		}
		pairs += length
	}
	return pairs
}

// inversions sorts values and returns how many pairs were in falling order.
func inversions(values, spare []float64) float64 {
	if len(values) <= 12 {
		return shortInversions(values)
	}
	half := len(values) / 2
	swaps := inversions(values[:half], spare) + inversions(values[half:], spare)
	left := spare[:half]
	copy(left, values)
	i, at := 0, 0
	crossed := 0
	for j := half; i < half && j < len(values); at++ {
		if left[i] <= values[j] {
			values[at] = left[i]
			i++
			continue
		}
		values[at] = values[j]
		j++
		crossed += half - i
	}
	copy(values[at:], left[i:])
	return swaps + float64(crossed)
}

func shortInversions(values []float64) float64 {
	swaps := 0
	for i := 1; i < len(values); i++ {
		v, j := values[i], i
		for ; j > 0 && values[j-1] > v; j-- {
			values[j] = values[j-1]
		}
		values[j] = v
		swaps += i - j
	}
	return float64(swaps)
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
