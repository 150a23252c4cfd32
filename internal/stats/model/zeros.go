package model

import (
	"math"

	"openvru/internal/stats"
)

// Zeros is how many rows have no count, and how many the model expects.
type Zeros struct {
	Seen, Expected float64
	// Z is the difference divided by its standard error if the means were known:
	// beyond 3 there are more zeros than the family makes of those means, below −3
	// fewer. Estimated means make it a little too small.
	Z float64
}

// Zeros holds the zeros of a Poisson or negative binomial model against those
// it expects, Σ P(0) over rows: a quick look at whether places or months without
// harm are a kind of their own. Rows count by their weight. A family that has no
// probability of zero, the quasi ones included, is stats.ErrOption.
func (f *Fitted) Zeros() (Zeros, error) {
	p := f.problem
	if p.family != Poisson && p.family != NegativeBinomial {
		return Zeros{}, stats.ErrOption
	}
	var z Zeros
	variance := 0.0
	for i, mu := range p.mu {
		chance := math.Exp(-mu)
		if p.family == NegativeBinomial {
			chance = math.Exp(-p.theta * math.Log1p(mu/p.theta))
		}
		if p.y[i] == 0 {
			z.Seen += p.weight[i]
		}
		z.Expected += p.weight[i] * chance
		variance += p.weight[i] * chance * (1 - chance)
	}
	if z.Z = (z.Seen - z.Expected) / math.Sqrt(variance); variance == 0 {
		z.Z = 0
	}
	return z, nil
}
