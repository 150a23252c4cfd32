// Package nearrepeat asks whether events that are near each other in space are
// also near each other in time more often than chance would have it: the Knox
// test by bands of distance and time, and with it repeat and near-repeat
// patterns, their originators and their chains.
//
// Distances are in metres and times in days from any origin; other units serve
// as well as long as limits are in the same ones. A pair is two different
// events, counted once.
package nearrepeat

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Events are points with a time: X and Y in metres (a national grid, not
// degrees), Time in days. All three are as long as each other.
type Events struct{ X, Y, Time []float64 }

// Metric is how the distance of two events is measured.
type Metric int

const (
	// Euclidean is the straight line.
	Euclidean Metric = iota
	// Manhattan is the way along the two axes, as streets in blocks make it.
	Manhattan
)

// Bands cut distances and times. Each limit is the greatest value of its band,
// itself included; a band begins just above the limit before it. Pairs beyond
// the last limit are one band more. A first space limit of zero is the band of
// events at the very same place: repeats, as against near repeats. With times
// in whole days, limits 0, 1, 2 are the same day, the day after, and the next.
type Bands struct {
	Space  []float64 // metres, ascending, not negative
	Time   []float64 // days, ascending, not negative
	Metric Metric
}

// Options are how often and from which seed times are drawn. Zero replications
// are 999.
type Options struct {
	Replications int
	Seed         uint64
}

// DefaultReplications is how many permutations are drawn when Options say none.
const DefaultReplications = 999

func (e Events) check(least int) error {
	if len(e.X) != len(e.Y) || len(e.X) != len(e.Time) {
		return stats.ErrLength
	}
	if len(e.X) == 0 {
		return stats.ErrEmpty
	}
	if len(e.X) < least {
		return fmt.Errorf("a pair needs two events: %w", stats.ErrTooFew)
	}
	if len(e.X) > math.MaxInt32 {
		return fmt.Errorf("more than 2,147,483,647 events: %w", stats.ErrOption)
	}
	return stats.Finite(e.X, e.Y, e.Time)
}

func (b Bands) check() error {
	if b.Metric != Euclidean && b.Metric != Manhattan {
		return fmt.Errorf("an unknown metric: %w", stats.ErrOption)
	}
	for _, limits := range [][]float64{b.Space, b.Time} {
		if len(limits) == 0 {
			return fmt.Errorf("bands need a limit of distance and one of time: %w", stats.ErrOption)
		}
		before := math.Inf(-1)
		for _, l := range limits {
			if !(l >= 0) || math.IsInf(l, 1) || l <= before {
				return fmt.Errorf("limits of bands must be finite, not negative and ascending: %w", stats.ErrOption)
			}
			before = l
		}
	}
	return nil
}

// distance is how far two events are apart.
func (m Metric) distance(dx, dy float64) float64 {
	if m == Manhattan {
		return math.Abs(dx) + math.Abs(dy)
	}
	return math.Sqrt(dx*dx + dy*dy)
}

// band is the first whose limit holds v: len(limits) when none does.
func band(limits []float64, v float64) int {
	for k, l := range limits {
		if v <= l {
			return k
		}
	}
	return len(limits)
}
