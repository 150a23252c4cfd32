package shrink

import "openvru/internal/stats/dist"

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
	all := make([]float64, 5*n)
	out := Chances{all[:n:n], all[n : 2*n : 2*n], all[2*n : 3*n : 3*n], all[3*n : 4*n : 4*n], all[4*n:]}
	for i, y := range counts {
		e := exposure[i] * (events / persons)
		out.Raw[i], out.Expected[i], out.Relative[i] = y/exposure[i], e, y/e
		out.Below[i], out.Above[i] = 1, 1
		if e > 0 {
			out.Below[i] = dist.GammaTail(e, y+1, 1)
		}
		if e > 0 && y > 0 {
			out.Above[i] = dist.GammaCDF(e, y, 1)
		}
	}
	return out, nil
}
