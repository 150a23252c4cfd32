package concentration

import (
	"math"
	"sort"
)

// without is the measures without one place of each value; those of values that
// no place has are of no use. They follow from the sums over the places above.
func (t tally) without(share float64) []Measures {
	above := t.above()
	total, ranked, n := 0.0, 0.0, 0.0
	rank := make([]float64, len(t.values)) // of the last place with that value
	for i, v := range t.values {
		m := float64(t.times[i])
		ranked += v * (m*n + m*(m+1)/2)
		total += v * m
		n += m
		rank[i] = n
	}
	out := make([]Measures, len(t.values))
	for i, v := range t.values {
		rest, places := total-v, n-1
		if t.times[i] == 0 || !(rest > 0) {
			nan := math.NaN()
			out[i] = Measures{nan, nan, nan, nan}
			continue
		}
		// Every place above moves down by one rank.
		out[i] = ginis((ranked-v*rank[i]-above[i].sum)/rest, rest, places)
		target := share * rest
		if target <= above[i].sum {
			out[i].Holding = above.holding(t, target) / places
		} else { // the place that is gone would have been among them
			out[i].Holding = (above.holding(t, target+v) - 1) / places
		}
		out[i].Holding = max(0, min(1, out[i].Holding))
	}
	return out
}

// pile is how many places lie above a value, and what they hold.
type pile struct{ places, sum float64 }

type piles []pile

func (t tally) above() piles {
	out := make(piles, len(t.values))
	for i := len(t.values) - 2; i >= 0; i-- {
		m := float64(t.times[i+1])
		out[i] = pile{out[i+1].places + m, out[i+1].sum + m*t.values[i+1]}
	}
	return out
}

// holding is how many places, those with most first, hold so much.
func (p piles) holding(t tally, much float64) float64 {
	// The lowest value whose places are needed is the highest above which there
	// is less than so much.
	i := sort.Search(len(p), func(i int) bool { return p[i].sum < much })
	if i == len(p) {
		return 0
	}
	if t.values[i] == 0 {
		return p[i].places
	}
	return p[i].places + min((much-p[i].sum)/t.values[i], float64(t.times[i]))
}
