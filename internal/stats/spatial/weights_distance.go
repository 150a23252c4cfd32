package spatial

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"openvru/internal/stats"
)

// KNearest makes weights of 1 for the k points nearest to each, in a plane with
// coordinates in metres. Of points as far as each other the lower number comes
// first, so each has exactly k neighbours; the lists are seldom mutual. It
// returns ErrEmpty, ErrLength, ErrMissing, ErrTooFew if there are no k others,
// and ErrOption for a k below 1, coordinates beyond a million kilometres and
// more than 2^27 neighbours in all.
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
	if k > mostLinks/len(x) {
		return nil, errLinks()
	}
	return fromPoints(x, y, search{most: k, reach: math.Inf(1)})
}

// DistanceBand makes weights of 1 between points no farther from each other
// than so many metres. Points without another in reach are islands. It returns
// ErrEmpty, ErrLength, ErrMissing, and ErrOption for a distance that is not
// above zero, coordinates beyond a million kilometres and more than 2^27
// neighbours in all.
func DistanceBand(x, y []float64, metres float64) (*Weights, error) {
	if err := checkPoints(x, y); err != nil {
		return nil, err
	}
	if !(metres > 0) {
		return nil, fmt.Errorf("a band of %v metres: %w", metres, stats.ErrOption)
	}
	return fromPoints(x, y, search{most: math.MaxInt, reach: squareOf(metres)})
}

// InverseDistance returns the weights with each link's divided by its length in
// metres to a power, usually 1 or 2. It returns ErrLength, ErrMissing, and
// ErrOption for a power that is not above zero or for a weight that would be
// infinite or nearly so, or nearly zero: of linked points on one spot, or with
// a power of dozens.
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
			out.weight[k] /= math.Pow(math.Sqrt(square(x[i]-x[j], y[i]-y[j])), power)
			if !holds(out.weight[k]) {
				return nil, fmt.Errorf("areas %d and %d would have a weight of %v: %w", i, j, out.weight[k], stats.ErrOption)
			}
		}
	}
	return &out, nil
}

// squareOf returns the greatest square of a distance that is, to the last digit,
// no more than so many metres.
func squareOf(metres float64) float64 {
	most := metres * metres
	for next := math.Nextafter(most, math.Inf(1)); next > most && math.Sqrt(next) <= metres; next = math.Nextafter(most, math.Inf(1)) {
		most = next
	}
	return most
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
		reach = max(reach, math.Sqrt(square(x[i]-x[j], y[i]-y[j])))
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
	if err := stats.Finite(x, y); err != nil {
		return err
	}
	for _, list := range [][]float64{x, y} {
		for _, v := range list {
			if math.Abs(v) > farthest {
				return fmt.Errorf("a coordinate of %v metres: %w", v, stats.ErrOption)
			}
		}
	}
	return nil
}

// farthest is a coordinate that no point on earth has, in metres; squares of
// what lies beyond would in the end be infinite.
const farthest = 1e9

// pointsAtOnce is how many points make a piece of work.
const pointsAtOnce = 512

// fromPoints makes weights of 1 from what is sought around each point. Points
// are taken in the order of the tree, where the next lies near the last.
func fromPoints(x, y []float64, sought search) (*Weights, error) {
	n, t := len(x), newNearby(x, y)
	pieces := (n + pointsAtOnce - 1) / pointsAtOnce
	lists, count := make([][]int32, pieces), make([]int32, n)
	var links atomic.Int64
	stats.Parallel(pieces, func(_, piece int) {
		s, to := sought, make([]int32, 0, 8*pointsAtOnce)
		for _, p := range t.piece(piece) {
			if links.Load() > mostLinks { // there is no answer any more
				return
			}
			s.of, s.reach, s.list = p, sought.reach, s.list[:0]
			t.visit(1, t.spots, &s)
			from := len(to)
			for _, f := range s.list {
				to = append(to, f.point)
			}
			slices.Sort(to[from:])
			count[p.id] = int32(len(s.list))
			links.Add(int64(len(s.list)))
		}
		lists[piece] = to
	})
	if links.Load() > mostLinks {
		return nil, errLinks()
	}
	w := &Weights{start: make([]int32, n+1)}
	for p, c := range count {
		w.start[p+1] = w.start[p] + c
	}
	w.to, w.weight = make([]int32, w.start[n]), make([]float64, w.start[n])
	for k := range w.weight {
		w.weight[k] = 1
	}
	stats.Parallel(pieces, func(_, piece int) {
		for _, p := range t.piece(piece) {
			copy(w.to[w.start[p.id]:w.start[p.id+1]], lists[piece])
			lists[piece] = lists[piece][count[p.id]:]
		}
	})
	return w, nil
}

// piece returns the spots of a piece of work.
func (t *nearby) piece(piece int) []spot {
	return t.spots[piece*pointsAtOnce : min((piece+1)*pointsAtOnce, len(t.spots))]
}
