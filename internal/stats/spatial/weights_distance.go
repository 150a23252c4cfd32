package spatial

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// KNearest makes weights of 1 for the k points nearest to each, in a plane with
// coordinates in metres. Of points as far as each other the lower number comes
// first, so each has exactly k neighbours; the lists are seldom mutual. It
// returns ErrEmpty, ErrLength, ErrMissing, ErrOption for a k below 1, and
// ErrTooFew if there are no k others.
func KNearest(x, y []float64, k int) (*Weights, error) {
	if err := checkPoints(x, y); err != nil {
		return nil, err
	}
	if k < 1 {
		return nil, fmt.Errorf("%d nearest: %w", k, stats.ErrOption)
	}
	if k >= len(x) {
		return nil, fmt.Errorf("%d nearest of %d points: %w", k, len(x), stats.ErrTooFew)
	}
	return fromPoints(x, y, func(t *nearby, p int32, list []found) []found { return t.nearest(p, k, list) }), nil
}

// DistanceBand makes weights of 1 between points no farther from each other
// than so many metres. Points without another in reach are islands. It returns
// ErrEmpty, ErrLength, ErrMissing, and ErrOption for a distance that is not
// above zero.
func DistanceBand(x, y []float64, metres float64) (*Weights, error) {
	if err := checkPoints(x, y); err != nil {
		return nil, err
	}
	if !(metres > 0) {
		return nil, fmt.Errorf("a band of %v metres: %w", metres, stats.ErrOption)
	}
	return fromPoints(x, y, func(t *nearby, p int32, list []found) []found { return t.within(p, metres, list) }), nil
}

// InverseDistance returns the weights with each link's divided by its length in
// metres to a power, usually 1 or 2. It returns ErrLength, ErrMissing, and
// ErrOption for a power that is not above zero or for linked points on one
// spot, whose weight would be infinite.
func (w *Weights) InverseDistance(x, y []float64, power float64) (*Weights, error) {
	if err := checkPoints(x, y); err != nil {
		return nil, err
	}
	if len(x) != w.Len() {
		return nil, fmt.Errorf("%d points for %d areas: %w", len(x), w.Len(), stats.ErrLength)
	}
	if !(power > 0) || math.IsInf(power, 0) || w.self {
		return nil, fmt.Errorf("distance to the power of %v: %w", power, stats.ErrOption)
	}
	out := *w
	out.weight = slices.Clone(w.weight)
	for i := range w.Len() {
		for k := w.start[i]; k < w.start[i+1]; k++ {
			j := w.to[k]
			out.weight[k] /= math.Pow(length(x[i]-x[j], y[i]-y[j]), power)
			if math.IsInf(out.weight[k], 0) {
				return nil, fmt.Errorf("areas %d and %d have points on one spot: %w", i, j, stats.ErrOption)
			}
		}
	}
	return &out, nil
}

// ReachOfAll returns the least distance in metres at which every point has
// another in reach: a band below it leaves islands. It returns the errors of
// KNearest.
func ReachOfAll(x, y []float64) (float64, error) {
	w, err := KNearest(x, y, 1)
	if err != nil {
		return 0, err
	}
	reach := 0.0
	for i, j := range w.to {
		reach = max(reach, length(x[i]-x[j], y[i]-y[j]))
	}
	return reach, nil
}

func checkPoints(x, y []float64) error {
	if len(x) != len(y) {
		return fmt.Errorf("%d eastings and %d northings: %w", len(x), len(y), stats.ErrLength)
	}
	if len(x) == 0 {
		return stats.ErrEmpty
	}
	return stats.Finite(x, y)
}

// pointsAtOnce is how many points make a piece of work.
const pointsAtOnce = 256

// fromPoints makes weights of 1 from what near finds around each point.
func fromPoints(x, y []float64, near func(t *nearby, p int32, list []found) []found) *Weights {
	n, t := len(x), newNearby(x, y)
	pieces := (n + pointsAtOnce - 1) / pointsAtOnce
	to, count := make([][]int32, pieces), make([]int32, n)
	stats.Parallel(pieces, func(_, piece int) {
		var list []found
		for p := piece * pointsAtOnce; p < min((piece+1)*pointsAtOnce, n); p++ {
			list = near(t, int32(p), list)
			slices.SortFunc(list, func(a, b found) int { return cmp.Compare(a.point, b.point) })
			for _, f := range list {
				to[piece] = append(to[piece], f.point)
			}
			count[p] = int32(len(list))
		}
	})
	w := &Weights{start: make([]int32, n+1), to: slices.Concat(to...)}
	for p, c := range count {
		w.start[p+1] = w.start[p] + c
	}
	w.weight = make([]float64, len(w.to))
	for k := range w.weight {
		w.weight[k] = 1
	}
	return w
}
