package model

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Residual is a way of saying how far an outcome lies from its mean.
type Residual int

// The residuals of a row with weight w and mean μ. Of a row of weight
// zero those that w enters are zero.
const (
	// Response is y − μ.
	Response Residual = iota
	// Pearson is (y − μ) √(w/V(μ)).
	Pearson
	// Deviance is the root of the row's share of the deviance, with the sign of y − μ.
	Deviance
	// Anscombe is the difference of y and μ on the scale on which the family is
	// nearly normal (Anscombe 1953; McCullagh and Nelder 1989, section 2.4.2), its
	// variance about 1: for Poisson √w · 1.5 (y^⅔ − μ^⅔) / μ^⅙.
	Anscombe
	// Working is that of the last step, (y − μ) dη/dμ.
	Working
)

// Residuals returns the residuals of that kind. Anscombe's are defined here for
// all families but the negative binomial with another link than log.
func (f *Fitted) Residuals(kind Residual) ([]float64, error) {
	if kind < Response || kind > Working {
		return nil, stats.ErrOption
	}
	p := f.problem
	out := make([]float64, len(p.y))
	var mean, slope [1]float64
	for i, y := range p.y {
		mu, w := p.mu[i], p.weight[i]
		if w == 0 && (kind == Pearson || kind == Deviance || kind == Anscombe) {
			continue
		}
		switch kind {
		case Response:
			out[i] = y - mu
		case Pearson:
			out[i] = (y - mu) * math.Sqrt(w/p.variance(mu))
		case Deviance:
			out[i] = math.Copysign(math.Sqrt(max(w*p.unit(y, mu), 0)), y-mu)
		case Anscombe:
			out[i] = math.Sqrt(w) * p.anscombe(y, mu)
		case Working:
			p.link.means(p.eta[i:i+1], mean[:], slope[:])
			out[i] = (y - mu) / slope[0]
		}
	}
	return out, nil
}

// anscombe returns (A(y) − A(μ)) / (A′(μ) √V(μ)) with A the integral of V^(−⅓).
func (p *problem) anscombe(y, mu float64) float64 {
	switch p.family {
	case Poisson, QuasiPoisson:
		return 1.5 * (math.Pow(y, 2.0/3) - math.Pow(mu, 2.0/3)) / math.Pow(mu, 1.0/6)
	case Binomial, QuasiBinomial:
		whole := math.Exp(2*dist.LogGamma(2.0/3) - dist.LogGamma(4.0/3)) // the beta function at ⅔, ⅔
		return whole * (dist.BetaCDF(y, 2.0/3, 2.0/3) - dist.BetaCDF(mu, 2.0/3, 2.0/3)) / math.Pow(mu*(1-mu), 1.0/6)
	case NegativeBinomial:
		return (p.negativeScale(y) - p.negativeScale(mu)) / math.Pow(mu+mu*mu/p.theta, 1.0/6)
	}
	return y - mu
}

// negativeScale is the integral of (t + t²/θ)^(−⅓) from 0 to y. With
// t/θ = s/(1−s) it is θ^⅔ times an incomplete beta function of ⅔ and −⅓, which
// one step of the recurrence brings back to positive parameters.
func (p *problem) negativeScale(y float64) float64 {
	s := y / (y + p.theta)
	whole := math.Exp(2*dist.LogGamma(2.0/3) - dist.LogGamma(4.0/3))
	// B(s; a, b) = [ (a+b) B(s; a, b+1) − s^a (1−s)^b ] / b, here with b = −⅓.
	incomplete := -3 * (whole*dist.BetaCDF(s, 2.0/3, 2.0/3)/3 - math.Pow(s, 2.0/3)*math.Pow(1-s, -1.0/3))
	return math.Pow(p.theta, 2.0/3) * incomplete
}

// Leverages returns the weight that each row's own outcome has in its fit: the
// diagonal of the hat matrix, which adds up to the rank.
func (f *Fitted) Leverages() []float64 {
	p := f.problem
	out := make([]float64, len(p.y))
	k := len(p.columns)
	stats.Parallel(p.pieces(), func(_, piece int) {
		space := make([]float64, k*blockRows)
		low, end := p.piece(piece)
		for ; low < end; low += blockRows {
			high := min(low+blockRows, end)
			p.leverages(low, high, space, out[low:high])
		}
	})
	return out
}

// leverages solves Rᵀu = x for all rows of a block at once, a column at a time.
func (p *problem) leverages(low, high int, space, out []float64) {
	k, n := len(p.columns), high-low
	for j, x := range p.columns {
		u := space[j*n : (j+1)*n]
		copy(u, x[low:high])
		for l := range j {
			f := p.tri.r[l*k+j]
			for i, v := range space[l*n : (l+1)*n] {
				u[i] -= f * v
			}
		}
		over := 1 / p.tri.r[j*k+j]
		for i := range u {
			u[i] *= over
			out[i] += u[i] * u[i]
		}
	}
	for i := range out {
		out[i] *= p.working[low+i]
	}
}

// Standardised returns Pearson or deviance residuals divided by what their
// spread would be if the model were right, √(dispersion (1 − leverage)): beyond
// ±2 or 3 a row is unusual. A row that fits itself wholly (leverage 1) is NaN.
func (f *Fitted) Standardised(kind Residual) ([]float64, error) {
	if kind != Pearson && kind != Deviance {
		return nil, errs.New(errs.Invalid, "Only Pearson and deviance residuals are standardised: %w", stats.ErrOption)
	}
	out, err := f.Residuals(kind)
	if err != nil {
		return nil, err
	}
	for i, h := range f.Leverages() {
		if out[i] /= math.Sqrt(f.Dispersion * (1 - h)); 1-h < alone {
			out[i] = math.NaN()
		}
	}
	return out, nil
}
