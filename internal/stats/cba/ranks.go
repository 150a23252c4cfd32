package cba

import "math"

// place is a value, as a number in the same order, and where it was.
type place struct {
	key uint64
	at  int
}

// ranks returns the rank of each value from 0, those alike sharing their mean.
// None is NaN.
func ranks(values []float64) []float64 {
	order := sorted(values)
	out := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[to].key == order[from].key {
			to++
		}
		for _, p := range order[from:to] {
			out[p.at] = float64(from+to-1) / 2
		}
		from = to
	}
	return out
}

// sorted returns the values in order by sorting their bits eleven at a time: for
// the thousands of draws that are ranked, many times as fast as by comparisons.
func sorted(values []float64) []place {
	order, other := make([]place, len(values)), make([]place, len(values))
	for i, v := range values {
		key := math.Float64bits(v + 0) // −0 is 0
		if key>>63 == 0 {
			key |= 1 << 63
		} else {
			key = ^key
		}
		order[i] = place{key, i}
	}
	const digit = 11
	for shift := 0; shift < 64; shift += digit {
		var next [1 << digit]int
		for _, p := range order {
			next[p.key>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range next {
			next[d] = sum
			sum += n
		}
		for _, p := range order {
			d := p.key >> shift & (1<<digit - 1)
			other[next[d]] = p
			next[d]++
		}
		order, other = other, order
	}
	return order
}
