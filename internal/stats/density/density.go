// Package density turns events at points into a surface: kernel density over
// the cells of a grid or at given points, with correction at the edge of the
// region, bandwidths by rule and by cross-validation, recency in time, and the
// ratio of two surfaces.
//
// Coordinates and bandwidths are in metres (a national grid, not degrees),
// times in days. A density is in events, or units of weight, per square
// kilometre.
package density

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Kernel is the shape in which an event is spread over the ground.
type Kernel int

const (
	// Gaussian is the normal density; its bandwidth is the standard deviation
	// along each axis. It is taken as zero beyond 7.43 bandwidths along an axis,
	// where it has fallen to 1e-12 of its peak.
	Gaussian Kernel = iota
	// Quartic is 3/(πh²)·(1 − r²/h²)², also called biweight; its bandwidth h is
	// the radius, beyond which it is zero. A Gaussian of the same standard
	// deviation has the bandwidth h/√8.
	Quartic
)

// Edge is what is done about the part of a kernel that lies outside the region,
// where no event could have been seen.
type Edge int

const (
	// NoEdge lets it go. Events outside the region count, so this is right where
	// events are known a bandwidth or more beyond the border, and too low along
	// the border where they are not.
	NoEdge Edge = iota
	// UniformEdge divides the density at a place by the share of a kernel
	// centred there that lies inside (Diggle 1985): without bias where events
	// are spread evenly. The total is only nearly kept.
	UniformEdge
	// EventEdge divides each event by the share of its own kernel that lies
	// inside (Jones 1993; Diggle 2010): the total is kept exactly.
	EventEdge
)

// reachOf is where a Gaussian has fallen to 1e-12: √(2 ln 1e12).
const reachOf = 7.433904

// perKm2 turns a density per square metre into one per square kilometre.
const perKm2 = 1e6

// Events are points and what each weighs; no weights are one each.
type Events struct{ X, Y, Weight []float64 }

// Options are how a surface is made. The bandwidth must be more than zero, and
// on a grid at least the side of a cell: a grid cannot show less, and the shares
// of kernels are sums over cells.
type Options struct {
	Kernel    Kernel
	Edge      Edge
	Bandwidth float64 // metres
	// Adaptive gives each event a bandwidth of its own, wide where there are few
	// and narrow where there are many (Abramson 1982): Bandwidth times
	// √(g/f), with f a first density with the same bandwidth everywhere, and g
	// the geometric mean of f over the events. It is never more than five times
	// Bandwidth, nor, on a grid, less than a cell. It does not go with
	// UniformEdge.
	Adaptive bool
	// Binned moves every event to the middle of its cell first. With a cell of a
	// fifth of the bandwidth that is a few percent where there are few events
	// and evens out where there are many; it is quicker where many events share
	// cells or kernels are wide. It does not go with Adaptive, and only with a
	// grid.
	Binned bool
}

// least is the narrowest bandwidth or cell, a nanometre; most is the greatest coordinate
// and sum of weights. Squares of what lies beyond leave what numbers can hold.
const (
	least = 1e-9
	most  = 1e140
)

func (o Options) check() error {
	switch {
	case o.Kernel != Gaussian && o.Kernel != Quartic:
		return fmt.Errorf("an unknown kernel: %w", stats.ErrOption)
	case o.Edge < NoEdge || o.Edge > EventEdge:
		return fmt.Errorf("an unknown edge correction: %w", stats.ErrOption)
	case !(o.Bandwidth >= least) || o.Bandwidth > math.MaxFloat32:
		return fmt.Errorf("the bandwidth must be more than zero: %w", stats.ErrOption)
	case o.Adaptive && (o.Edge == UniformEdge || o.Binned):
		return fmt.Errorf("adaptive bandwidths go neither with the uniform edge correction nor with bins: %w", stats.ErrOption)
	}
	return nil
}

func (e Events) check() error {
	if len(e.X) != len(e.Y) || e.Weight != nil && len(e.Weight) != len(e.X) {
		return stats.ErrLength
	}
	if err := stats.Finite(e.X, e.Y); err != nil {
		return err
	}
	total := 0.0
	for _, w := range e.Weight {
		total += w
	}
	if total > most || total > 0 && total < 1/most {
		return fmt.Errorf("the weights are too large or too small to add: %w", stats.ErrOption)
	}
	if err := onEarth(e.X, e.Y); err != nil {
		return err
	}
	return stats.Counts(e.Weight)
}

// onEarth keeps the squares of distances within what numbers hold.
func onEarth(lists ...[]float64) error {
	for _, list := range lists {
		for _, v := range list {
			if math.Abs(v) > most {
				return fmt.Errorf("a coordinate of %g m: %w", v, stats.ErrOption)
			}
		}
	}
	return nil
}

// weight is what event i weighs.
func (e Events) weight(i int) float64 {
	if e.Weight == nil {
		return 1
	}
	return e.Weight[i]
}

// reach is how far along an axis a kernel goes.
func (k Kernel) reach(bandwidth float64) float64 {
	if k == Quartic {
		return bandwidth
	}
	return reachOf * bandwidth
}

// peak is the density per square metre in the middle of a kernel.
func (k Kernel) peak(bandwidth float64) float64 {
	if k == Quartic {
		return 3 / (math.Pi * bandwidth * bandwidth)
	}
	return 1 / (2 * math.Pi * bandwidth * bandwidth)
}

// at is the height of a kernel, as a share of its peak, where the square of the
// distance is u squared bandwidths; a Gaussian goes on beyond its reach.
func (k Kernel) at(u float64) float64 {
	if k == Gaussian {
		return gaussian(u)
	}
	if u >= 1 {
		return 0
	}
	return (1 - u) * (1 - u)
}

// source is an event ready to be spread: where, how much, how wide.
type source struct{ x, y, weight, bandwidth float64 }

func (e Events) sources(bandwidth float64) []source {
	out := make([]source, len(e.X))
	for i := range out {
		out[i] = source{e.X[i], e.Y[i], e.weight(i), bandwidth}
	}
	return out
}
