package stats

import (
	"math"
	"slices"
)

// Middle returns the interval that holds the middle share of the values, which it
// puts in another order; NaN when one of them is. There must be a value.
func Middle(values []float64, share float64) Interval {
	if slices.ContainsFunc(values, math.IsNaN) {
		return Interval{Low: math.NaN(), High: math.NaN()}
	}
	return Interval{Low: Quantile(values, (1-share)/2), High: Quantile(values, (1+share)/2)}
}

// Quantile returns the quantile of the values at p from 0 to 1, which it puts in
// another order: straight between the two nearest (type 7 of Hyndman and Fan 1996, as
// R's). There must be a value and none may be NaN.
func Quantile(values []float64, p float64) float64 {
	h := p * float64(len(values)-1)
	k := int(h)
	low := Smallest(values, k)
	if k+1 >= len(values) || h == float64(k) {
		return low
	}
	next := slices.Min(values[k+1:]) // all of them are no less than low
	if next == low {
		return low // and not ∞ − ∞
	}
	return low + (h-float64(k))*(next-low)
}

// Smallest returns the value that k others are no greater than, and moves those
// before it and the rest behind (Hoare 1961): a tenth of the cost of a sort.
func Smallest(values []float64, k int) float64 {
	low, high := 0, len(values)-1
	for low < high {
		a, b, c := values[low], values[low+(high-low)/2], values[high]
		pivot := max(min(a, b), min(max(a, b), c)) // the median of three
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return values[k]
		}
	}
	return values[k]
}

// Sum returns the sum of the values, added up from the first on.
func Sum(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
