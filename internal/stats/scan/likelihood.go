package scan

import "math"

// likelihood returns the logarithm of the likelihood ratio of a cluster in
// which there are c of all n cases and e were expected, against no cluster
// (Kulldorff 1997); by the permutation model it is the same expression. It is
// zero where nothing is outside.
func likelihood(c, e, n float64) float64 {
	if e <= 0 || e >= n*(1-1e-12) {
		return 0
	}
	ratio, more := 0.0, c-e
	if c > 0 {
		ratio = c * math.Log1p(more/e)
	}
	if c < n {
		ratio += (n - c) * math.Log1p(-more/(n-e))
	}
	return max(ratio, 0)
}

// rule is which counts can make a cluster.
type rule struct {
	total     float64
	high, low bool
	least     float64 // cases of a cluster of high rates
}

func (p *problem) rule() rule {
	o := p.options
	return rule{
		total: p.total,
		high:  o.Rates != Low, low: o.Rates != High,
		least: float64(o.MinCases),
	}
}

// rounding is the log likelihood ratio below which there is no cluster: where
// as many cases are as expected, sums in another order leave a little.
const rounding = 1e-9

// value returns the log likelihood ratio, or zero if the count makes no
// cluster of the kind that is looked for.
func (r *rule) value(c, e float64) float64 {
	if c > e && r.high && c >= r.least || c < e && r.low {
		if v := likelihood(c, e, r.total); v >= rounding {
			return v
		}
	}
	return 0
}

// most is a bound that value cannot pass and that takes no logarithm. With
// u = (c−e)/e it is of (1+u) ln(1+u) − u ≤ u²/2 for cases inside when there are
// more than expected, and of u²/2(1−|u|) for those outside; else of
// ln x ≤ x − 1.
func (r *rule) most(c, e float64) float64 {
	if c > e && c < r.total {
		return square(c-e) / 2 * (1/e + 1/(r.total-c))
	}
	return square(c-e) * r.total / (e * (r.total - e))
}

// enough returns the smallest whole count above e whose value is more than
// best, looking from start on; total+1 if there is none. Counts above e grow
// less likely the more they are. Of no expected number any count is enough.
func (r *rule) enough(e, best, start float64) float64 {
	low := max(start, math.Floor(e)+1, r.least)
	if e <= 0 || low > r.total || likelihood(low, e, r.total) > best {
		return min(low, r.total+1)
	}
	// Double the step until it is passed, then halve between.
	step := 1.0
	for low+step <= r.total && likelihood(low+step, e, r.total) <= best {
		low += step
		step *= 2
	}
	high := min(low+step, r.total+1)
	for high-low > 1 {
		if mid := math.Floor((low + high) / 2); likelihood(mid, e, r.total) > best {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// few returns the greatest whole count below e whose value is more than best;
// −1 if there is none.
func (r *rule) few(e, best float64) float64 {
	high := math.Ceil(e) - 1
	if e >= r.total*(1-1e-12) {
		return high
	}
	if high < 0 || likelihood(0, e, r.total) <= best {
		return -1
	}
	if likelihood(high, e, r.total) > best {
		return high
	}
	low := 0.0
	for high-low > 1 {
		if mid := math.Floor((low + high) / 2); likelihood(mid, e, r.total) > best {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}
