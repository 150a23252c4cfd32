package model

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// tooFar is how large a linear predictor may be: a step is then lost in rounding.
const tooFar = 1e7

// runsAway refuses a fit that held still only because the means of some rows have gone
// to where nothing can be told: their linear predictor is known to no part of itself,
// as no finite value is the best. Rows are suspect when they have next to no weight in
// the last step; a mean that is small for good reason, far out on a line that other
// rows draw, has an error beside its size.
func (f *Fitted) runsAway() error {
	p := f.problem
	if p.link == Identity {
		return nil
	}
	largest := 0.0
	for i, w := range p.working {
		if p.weight[i] > 0 {
			largest = max(largest, w/p.weight[i])
		}
	}
	x := make([]float64, f.Rank)
	for i, w := range p.working {
		if p.weight[i] == 0 || w/p.weight[i] > 1e-8*largest {
			continue
		}
		for j, column := range p.columns {
			x[j] = column[i]
		}
		variance := 0.0
		for j, v := range x {
			variance += v * lin.Dot(x, f.unscaled[j*f.Rank:(j+1)*f.Rank])
		}
		if math.Abs(p.eta[i]) > tooFar || !(math.Sqrt(variance) <= 1e4*(1+math.Abs(p.eta[i]))) {
			return fmt.Errorf("row %d has run away to a mean of %.3g: %w", i+1, p.mu[i], stats.ErrNoFit)
		}
	}
	return nil
}
