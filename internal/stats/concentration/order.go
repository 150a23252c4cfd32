package concentration

import (
	"math"

	"openvru/internal/stats"
)

// descending is the numbers of the values from the highest to the lowest; values
// alike stay in their order. It sorts by the bytes of the numbers, the lowest
// first, and leaves out bytes that are all alike.
func descending(values []float64) []int32 {
	n := len(values)
	keys, order := make([]uint64, n), make([]int32, n)
	var seen [8][256]int32
	for i, v := range values {
		k := math.Float64bits(v + 0) // −0 is 0
		if k>>63 == 0 {
			k = ^k &^ (1 << 63)
		}
		keys[i], order[i] = k, int32(i)
		for b := range 8 {
			seen[b][byte(k>>(8*b))]++
		}
	}
	next := make([]int32, n)
	for b := range 8 {
		start, at := int32(0), &seen[b]
		if n == 0 || at[byte(keys[0]>>(8*b))] == int32(n) {
			continue
		}
		for d, many := range at {
			at[d], start = start, start+many
		}
		for _, i := range order {
			d := byte(keys[i] >> (8 * b))
			next[at[d]] = i
			at[d]++
		}
		order, next = next, order
	}
	return order
}

// tally is values in ascending order, how many places have each, and which of
// them a place has.
type tally struct {
	values []float64
	times  []int32
	of     []int32
}

// count makes the tally of some counts. Whole ones that are not too large are
// their own index.
func count(counts []float64) tally {
	most, isWhole := 0.0, true
	for _, v := range counts {
		most = max(most, v)
		isWhole = isWhole && v == math.Trunc(v)
	}
	t := tally{of: make([]int32, len(counts))}
	if isWhole && most <= float64(4*len(counts)+1000) {
		t.times = make([]int32, int(most)+1)
		for i, v := range counts {
			t.of[i] = int32(v)
			t.times[t.of[i]]++
		}
		t.values = upTo(nil, len(t.times))
		return t
	}
	order := descending(counts)
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		if n := len(t.values); n == 0 || t.values[n-1] != counts[i] {
			t.values, t.times = append(t.values, counts[i]), append(t.times, 0)
		}
		t.of[i] = int32(len(t.values) - 1)
		t.times[t.of[i]]++
	}
	return t
}

// upTo lengthens 0, 1, 2, … to at least so many.
func upTo(values []float64, many int) []float64 {
	for len(values) < many {
		values = append(values, float64(len(values)))
	}
	return values
}

// throw adds one to as many of the places, each time to one drawn by lot. A
// random number does for two throws; those that would make some places likelier
// are drawn anew (Lemire 2019).
func throw(many int, places []int32, r *stats.Rand) {
	n := uint32(len(places))
	floor := -n % n
	for ; many > 1; many -= 2 {
		u := r.Uint64()
		a, b := (u>>32)*uint64(n), (u&math.MaxUint32)*uint64(n)
		if uint32(a) < floor || uint32(b) < floor {
			many += 2
			continue
		}
		places[a>>32]++
		places[b>>32]++
	}
	if many > 0 {
		places[r.Below(n)]++
	}
}
