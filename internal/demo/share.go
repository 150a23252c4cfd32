package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// share splits a whole number in proportion to weights so that the parts add
// up to it: the largest remainders get what rounding down leaves (Hamilton).
func share(total int, weights []float64) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	parts, order := make([]int, len(weights)), make([]int, len(weights))
	rest := make([]float64, len(weights))
	left := total
	for i, w := range weights {
		exact := float64(total) * w / sum
		parts[i] = int(exact)
		rest[i], order[i] = exact-float64(parts[i]), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for i := range left {
		parts[order[i%len(order)]]++
	}
	return parts
}

// scatter drops total incidents on places one by one with chances in
// proportion to weights: counts as chance gives them, adding up exactly.
func scatter(total int, weights []float64, rng *rand.Rand) []int {
	left := 0.0
	for _, w := range weights {
		left += w
	}
	parts := make([]int, len(weights))
	for i, w := range weights {
		if total == 0 || left <= 0 {
			break
		}
		parts[i] = binomial(total, min(1, w/left), rng)
		total -= parts[i]
		left -= w
	}
	parts[len(parts)-1] += total // rounding may leave one behind
	return parts
}

// scatterWithin drops total incidents on places as a part of those that are
// there already: never more on a place than it has, adding up exactly.
func scatterWithin(total int, there []int, rng *rand.Rand) []int {
	left := 0
	for _, n := range there {
		left += n
	}
	parts := make([]int, len(there))
	for i, n := range there {
		if left == 0 {
			break
		}
		drawn := binomial(total, min(1, float64(n)/float64(left)), rng)
		left -= n
		parts[i] = max(total-left, min(drawn, n, total)) // the rest must fit on the places to come
		total -= parts[i]
	}
	return parts
}

// binomial draws how many of n happen, each with chance p: by counting when
// few are expected, by the normal curve when many are.
func binomial(n int, p float64, rng *rand.Rand) int {
	if p >= 1 {
		return n
	}
	mean := float64(n) * p
	if mean > 60 && float64(n)*(1-p) > 60 {
		v := math.Round(mean + math.Sqrt(mean*(1-p))*rng.NormFloat64())
		return int(max(0, min(float64(n), v)))
	}
	count, at := 0, 0
	if p <= 0 {
		return 0
	}
	for logq := math.Log1p(-p); ; {
		at += int(math.Log(1-rng.Float64())/logq) + 1
		if at > n {
			return count
		}
		count++
	}
}

// pick chooses an index by running shares that end at 1.
func pick(n int, running func(int) float64, u float64) int {
	lo, hi := 0, n-1
	for lo < hi {
		mid := (lo + hi) / 2
		if running(mid) > u {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// rankDown ranks n values, 1 the largest.
func rankDown(n int, value func(int) float64) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value(b), value(a)) })
	ranks := make([]int, n)
	for place, i := range order {
		ranks[i] = place + 1
	}
	return ranks
}
