package concentration

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// PoissonGamma is a model of places whose own risks differ as a gamma
// distribution, with Poisson counts about them: the counts are negative binomial.
type PoissonGamma struct {
	Mean float64 // events a place
	// Size is the shape of the gamma distribution: small for very unequal
	// risks, infinite when the counts vary no more than chance makes them.
	Size float64
	// Gini is of the risks, and Holding the share of places with the highest
	// risks that hold the given share of all risk: what is left of the
	// concentration when chance is taken away.
	Gini, Holding float64
}

// FitPoissonGamma estimates how concentrated the risks behind the counts are, by
// maximum likelihood (Mohler, Brantingham, Carter and Short 2019). Where counts
// are few, Gini and Holding of the counts themselves show more concentration than
// there is. Counts that are not whole or above a million are ErrOption, a single
// place ErrTooFew; the rest is as for Of.
func FitPoissonGamma(counts []float64, share float64) (PoissonGamma, error) {
	if err := check(counts, share); err != nil {
		return PoissonGamma{}, err
	}
	if err := whole(counts); err != nil {
		return PoissonGamma{}, err
	}
	if len(counts) < 2 {
		return PoissonGamma{}, stats.ErrTooFew
	}
	n := float64(len(counts))
	m := PoissonGamma{Size: math.Inf(1), Holding: share}
	for _, v := range counts {
		m.Mean += v / n
	}
	variance := 0.0
	for _, v := range counts {
		variance += (v - m.Mean) * (v - m.Mean) / n
	}
	if variance <= m.Mean {
		return m, nil
	}
	var err error
	if m.Size, err = size(counts, m.Mean); err != nil || math.IsInf(m.Size, 1) {
		return m, err
	}
	m.Gini = gammaGini(m.Size)
	// What the places up to a risk hold of all risk is gamma too, of one more shape.
	m.Holding = dist.GammaTail(dist.GammaQuantile(1-share, m.Size+1, 1), m.Size, 1)
	return m, nil
}

// gammaGini is the Gini coefficient of a gamma distribution of that shape:
// Γ(k + ½) / (Γ(k + 1) √π).
func gammaGini(k float64) float64 {
	if k > 1000 { // the logarithms are too large to subtract
		return (1 - 1/(8*k) + 1/(128*k*k) + 5/(1024*k*k*k)) / math.Sqrt(k*math.Pi)
	}
	return math.Exp(dist.LogGamma(k+0.5)-dist.LogGamma(k+1)) / math.Sqrt(math.Pi)
}

// size is where the slope of the likelihood is zero: the sum over places of
// 1/k + … + 1/(k + x − 1), less n ln(1 + mean/k). It is positive below and
// negative above.
func size(counts []float64, mean float64) (float64, error) {
	most := 0.0
	for _, v := range counts {
		most = max(most, v)
	}
	if most > 1e6 {
		return 0, fmt.Errorf("more than a million events at a place: %w", stats.ErrOption)
	}
	above := make([]float64, int(most)) // above[j]: places with more than j events
	for _, v := range counts {
		if v > 0 {
			above[int(v)-1]++
		}
	}
	for j := len(above) - 2; j >= 0; j-- {
		above[j] += above[j+1]
	}
	slope := func(k float64) float64 {
		sum := -float64(len(counts)) * math.Log1p(mean/k)
		for j, n := range above {
			sum += n / (k + float64(j))
		}
		return sum
	}
	low, high := math.Log(1e-10), math.Log(1e8)
	if slope(math.Exp(high)) > 0 {
		return math.Inf(1), nil
	}
	for high-low > 1e-14*max(1, math.Abs(low)) {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if slope(math.Exp(middle)) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp(low), nil
}
