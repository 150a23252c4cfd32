// Package concentration asks how much of what happens, happens at how few
// places; how much of that chance alone would bring; whether it stays at the
// same places; and how well a map of hot spots foretells where it happens next.
//
// Places are areas, street segments or cells, each with a count of events or a
// weight of harm. What the numbers mean depends on what the places are: compare
// only like with like.
package concentration

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Measures say how unequal places are.
type Measures struct {
	// Gini is the coefficient as first defined: the mean difference of two
	// places over twice the mean. 0 is all alike; all at one of n places is
	// 1 − 1/n.
	Gini float64
	// Unbiased is Gini times n/(n−1) (Deltas 2003): all at one place is 1. NaN
	// for a single place.
	Unbiased float64
	// Generalised is Gini set against the most even way to place so many events:
	// with fewer events than places some places must be empty, and Gini counts
	// that as inequality (Bernasco and Steenbeek 2017). It is Gini where there
	// are as many events as places or more. It is of events, not of weights of
	// harm.
	Generalised float64
	// Holding is the share of places that hold the given share of the total,
	// those with most first, with part of the last one.
	Holding float64
}

// Concentration is what a list of counts shows.
type Concentration struct {
	Measures
	Places  int     // all of them
	Active  int     // those with anything at all
	Total   float64 // of the counts
	Holders int     // how many whole places it takes to hold the given share
}

// Of measures how concentrated counts (or weights of harm) are, Holding and
// Holders for the given share of the total, such as 0.5. No places are ErrEmpty;
// so are places with nothing at all, which cannot be unequal. Negative counts
// are ErrNegative, NaN ErrMissing, a share outside 0 to 1 ErrOption.
func Of(counts []float64, share float64) (Concentration, error) {
	if err := check(counts, share); err != nil {
		return Concentration{}, err
	}
	t := count(counts)
	c := Concentration{Places: len(counts), Measures: measure(t.values, t.times, share)}
	for i, v := range t.values {
		c.Total += v * float64(t.times[i])
		if v > 0 {
			c.Active += int(t.times[i])
		}
	}
	// As many whole places as hold so much, but for rounding in the last digits.
	c.Holders = int(math.Ceil(c.Holding*float64(c.Places) - 1e-9))
	return c, nil
}

func check(counts []float64, share float64) error {
	if len(counts) == 0 {
		return stats.ErrEmpty
	}
	if err := stats.Counts(counts); err != nil {
		return err
	}
	if !(share >= 0 && share <= 1) {
		return fmt.Errorf("a share must be from 0 to 1: %w", stats.ErrOption)
	}
	total := 0.0
	for _, v := range counts {
		total += v
	}
	if total == 0 {
		return fmt.Errorf("nothing happened at any place: %w", stats.ErrEmpty)
	}
	if math.IsInf(total*float64(len(counts)), 1) {
		return fmt.Errorf("the counts are too large to add: %w", stats.ErrOption)
	}
	return nil
}

// measure works on values in ascending order, each there so many times. Their
// total must be more than zero.
func measure(sorted []float64, times []int32, share float64) Measures {
	n, total, ranked := 0.0, 0.0, 0.0 // ranked: the sum of value times rank
	for i, v := range sorted {
		m := float64(times[i])
		ranked += v * (m*n + m*(m+1)/2)
		total += v * m
		n += m
	}
	out := ginis(ranked/total, total, n)
	left := share * total
	for i := len(sorted) - 1; i >= 0 && left > 0; i-- {
		m := float64(times[i])
		if m == 0 {
			continue
		}
		if sorted[i]*m >= left {
			out.Holding += left / sorted[i]
			break
		}
		out.Holding += m
		left -= sorted[i] * m
	}
	out.Holding = min(1, out.Holding/n)
	return out
}

// ginis are the coefficients of n places by their mean rank, each weighed by what
// it has.
func ginis(meanRank, total, n float64) (out Measures) {
	out.Gini = max(0, (2*meanRank-n-1)/n)
	out.Unbiased = out.Gini * n / (n - 1)
	if n == 1 {
		out.Unbiased = math.NaN()
	}
	out.Generalised = max(0, max(n/total, 1)*(out.Gini-1)+1)
	return out
}

// Curve is a Lorenz curve drawn from the places with most: Places[k] is the
// share of places that are the k with most, Share[k] what they hold of the
// total. Both begin with 0 and end with 1.
type Curve struct{ Places, Share []float64 }

// Lorenz returns the curve; errors are those of Of.
func Lorenz(counts []float64) (Curve, error) {
	if err := check(counts, 1); err != nil {
		return Curve{}, err
	}
	n := len(counts)
	c := Curve{make([]float64, n+1), make([]float64, n+1)}
	sum := 0.0
	for k, i := range descending(counts) {
		sum += counts[i]
		c.Places[k+1], c.Share[k+1] = float64(k+1)/float64(n), sum
	}
	for k := range c.Share {
		c.Share[k] /= sum
	}
	return c, nil
}
