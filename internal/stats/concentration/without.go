package concentration

import (
	"math"
	"sort"
)

// leftOut is room for the measures without a place.
type leftOut struct {
	above piles
	out   []Measures
}

// without is the measures without one place of each value; those of values that
// no place has are of no use. They follow from the sums over the places above.
func (t tally) without(share float64, room *leftOut) []Measures {
	if room.out == nil {
		room.above, room.out = make(piles, len(t.values)), make([]Measures, len(t.values))
	}
	room.above.fill(t)
	total, ranked, n := 0.0, 0.0, 0.0
	for i, v := range t.values {
		m := float64(t.times[i])
		ranked += v * (m*n + m*(m+1)/2)
		total += v * m
		n += m
	}
	rank := 0.0 // of the last place with the value
	for i, v := range t.values {
		rank += float64(t.times[i])
		if rest := total - v; t.times[i] == 0 || !(rest > 0) {
			nan := math.NaN()
			room.out[i] = Measures{nan, nan, nan, nan}
		} else { // every place above moves down by one rank
			room.out[i] = ginis((ranked-v*rank-room.above[i].sum)/rest, rest, n-1)
			room.out[i].Holding = room.above.holdingWithout(t, i, share*rest) / (n - 1)
		}
	}
	return room.out
}

// pile is how many places lie above a value, and what they hold.
type pile struct{ places, sum float64 }

type piles []pile

func (p piles) fill(t tally) {
	p[len(p)-1] = pile{}
	for i := len(p) - 2; i >= 0; i-- {
		m := float64(t.times[i+1])
		p[i] = pile{p[i+1].places + m, p[i+1].sum + m*t.values[i+1]}
	}
}

// holdingWithout is how many places hold so much when one with value i is gone.
func (p piles) holdingWithout(t tally, i int, much float64) float64 {
	if much <= p[i].sum {
		return max(0, p.holding(t, much))
	}
	// The place that is gone would have been among them.
	return max(0, p.holding(t, much+t.values[i])-1)
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
