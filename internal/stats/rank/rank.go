// Package rank says how sure a ranking of places is: in which ranks a place may
// truly be, how likely it is among the worst so many, and how far a composite
// ranking hangs on the weights behind it. All by simulation from a seed.
//
// A rank is 1 for the highest value, or for the lowest when Options.Lowest is
// set. Values that are equal share the mean of their ranks, and share the places
// left in a top k.
//
// docs/methods/ranking.md holds the formulas and says what they are good for.
package rank

import (
	"math"

	"openvru/internal/stats"
)

// Source draws the true values of all places at once, from what is known of
// them: a posterior (shrink.Gamma, Normals, Gammas) or resampled data (Samples).
type Source interface {
	// Places returns how many places there are.
	Places() int
	// Draw fills out with one value a place.
	Draw(r *stats.Rand, out []float64)
}

// Options of a simulation.
type Options struct {
	Draws  int     // how many simulated rankings; 0 is 2,000
	Level  float64 // of rank intervals; 0 is 0.95
	Lowest bool    // rank 1 is the lowest value
	Seed   uint64
}

func (o Options) filled(places int) (Options, error) {
	if o.Draws == 0 {
		o.Draws = 2000
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Draws < 1 || !(o.Level > 0 && o.Level < 1) || places > math.MaxInt32/2 {
		return o, stats.ErrOption
	}
	return o, nil
}

// Rand streams and scratch belong to runs of this many draws.
const run = 32

func pieces(n, size int) int { return (n + size - 1) / size }

// simulate calls each with the values of every draw from one, a multiple of run,
// up to another, in no order, on all cores. The values are negated when the lowest
// comes first, so the highest always does.
func simulate(s Source, o Options, from, to int, each func(worker, draw int, values []float64) error) error {
	n := s.Places()
	scratch := make([][]float64, stats.Workers())
	failed := make([]error, stats.Workers())
	stats.Parallel(pieces(to-from, run), func(worker, piece int) {
		piece += from / run
		if scratch[worker] == nil {
			scratch[worker] = make([]float64, n)
		}
		r := stats.NewRand(o.Seed, uint64(piece))
		values := scratch[worker]
		for draw := piece * run; draw < min((piece+1)*run, to); draw++ {
			if given, ok := s.(Samples); ok {
				copy(values, given[draw])
			} else {
				s.Draw(&r, values)
			}
			if o.Lowest {
				for i, v := range values {
					values[i] = -v
				}
			}
			if err := each(worker, draw, values); err != nil {
				failed[worker] = err
			}
		}
	})
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// SamplingError returns the standard error that a probability has from being
// worked out by so many draws. It is reckoned as if one more draw had fallen on
// either side, so that it is not zero when all draws agree.
func SamplingError(p float64, draws int) float64 {
	n := float64(draws)
	q := (p*n + 1) / (n + 2)
	return math.Sqrt(q * (1 - q) / n)
}
