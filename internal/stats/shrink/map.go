package shrink

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Chances is the result of Map, one value a place.
type Chances struct {
	Raw      []float64 // count over exposure; NaN where the exposure is zero
	Expected []float64 // the count expected if all places had the same rate
	Relative []float64 // count over expected; NaN where none is expected
	Below    []float64 // chance of that count or fewer
	Above    []float64 // chance of that count or more
}

// Map returns the probability map of Choynowski (1959, "Maps based on
// probabilities", Journal of the American Statistical Association 54:385–388):
// how often a Poisson count about what is expected, were all places alike,
// would be as low or as high as the one seen. Two places of the same chance
// can differ widely in rate, and large places reach small chances for slight
// differences; prefer FitGamma for what the rate itself may be.
//
// Where the exposure is zero both chances are 1. Errors are those of Global.
func Map(counts, exposure []float64) (Chances, error) {
	events, persons, err := check(counts, exposure)
	if err != nil {
		return Chances{}, err
	}
	n := len(counts)
	space := make([]float64, 5*n)
	out := Chances{space[:n:n], space[n : 2*n : 2*n], space[2*n : 3*n : 3*n], space[3*n : 4*n : 4*n], space[4*n:]}
	all := events / persons
	stats.Parallel(pieces(n), func(_, piece int) {
		from, to := bounds(piece, n)
		for i := from; i < to; i++ {
			e := exposure[i] * all
			out.Raw[i], out.Expected[i], out.Relative[i] = counts[i]/exposure[i], e, counts[i]/e
			out.Below[i], out.Above[i] = tails(counts[i], e)
		}
	})
	return out, nil
}

// tails returns the chances of so many or fewer, and so many or more. The lesser
// is summed, so that it keeps its digits; the other is what is left, and the
// chance of the count itself, which both hold. A count that is not whole stands
// between whole ones as the gamma distribution has it, and has no chance itself.
func tails(y, e float64) (below, above float64) {
	switch {
	case e == 0:
		return 1, 1
	case y == 0:
		return math.Exp(-e), 1
	case y != math.Floor(y):
		return dist.GammaTail(e, y+1, 1), dist.GammaCDF(e, y, 1)
	case y < e:
		below = dist.GammaTail(e, y+1, 1)
		return below, min(1, 1-below+dist.PoissonPMF(y, e))
	}
	above = dist.GammaCDF(e, y, 1)
	return min(1, 1-above+dist.PoissonPMF(y, e)), above
}
