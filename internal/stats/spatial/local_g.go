package spatial

import "math"

// LocalG returns Gi of Ord and Getis (1995), or Gi* if w is made WithSelf: the
// share of the sum of all values (for Gi, of all other areas') that an area's
// neighbours have. Z is the statistic by which it is read: above zero where
// high values lie together, below where low ones do. Any values will do for Z;
// Value, Expected and Variance are NaN where the sum is not above zero.
//
// Theory for Gi* takes the area's own value for one of those dealt out, as its
// authors do; permutations keep it in place for both. It returns ErrEmpty,
// ErrLength, ErrMissing, ErrConstant, ErrTooFew below three areas,
// ErrNoNeighbours and ErrOption.
func LocalG(w *Weights, x []float64, o Options) (*Local, error) {
	v, err := o.prepare(w, x, 3)
	if err != nil {
		return nil, err
	}
	n := float64(w.Len())
	l, lines := newLocal(w.Len()), make([]line, w.Len())
	for i, lag := range newLags(w, v) {
		if w.island(i) {
			l.isolate(i)
			continue
		}
		places, rest, own := n-1, n*v.mean-v.x[i], 0.0
		if w.self {
			places, rest = n, n*v.mean
			self, _ := w.between(int32(i), int32(i))
			own = self * v.x[i]
			lag.mean = 0
			lag.variance = v.m2 * positive(n*lag.squares-lag.sum*lag.sum, n*lag.squares) / (n - 1)
		}
		// Z comes of deviations, which may have any sum.
		l.set(i, lag.value, lag.mean, lag.variance)
		if l.Quadrant[i] = ColdSpot; lag.value > lag.mean {
			l.Quadrant[i] = HotSpot
		}
		f := math.NaN()
		if rest > 0 {
			f = 1 / rest
		}
		l.Value[i], l.Expected[i], l.Variance[i] = f*(lag.value+v.mean*lag.sum), f*lag.sum*rest/places, f*f*lag.variance
		lines[i] = line{f, f * own}
	}
	l.permute(w, v.x, o, lines)
	return l, nil
}
