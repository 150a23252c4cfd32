package model

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// hugeTheta is the size from which a negative binomial is Poisson to more
// digits than its likelihood can be told apart by.
const hugeTheta = 1e9

// estimateTheta finds theta and the coefficients together, from the rough
// Poisson fit that the problem is at: each round takes one step of each. They
// hardly depend on each other, so that costs few more rounds than either alone.
func (f *Fitted) estimateTheta(beta []float64) error {
	p := f.problem
	p.within = settled
	f.Theta = math.Inf(1)
	t := newTally(p.y, p.weight)
	if p.excess() <= 0 {
		return f.backToPoisson(beta)
	}
	p.family, p.theta = NegativeBinomial, p.momentTheta()
	p.sweep(beta)
	step := make([]float64, len(beta))
	for range 2 * mostSteps {
		f.Steps++
		p.reduce()
		if !p.step(step) {
			break
		}
		score, info := p.thetaSlopes(t)
		change := thetaStep(p.theta, score, info)
		if p.theta *= math.Exp(change); p.theta > hugeTheta {
			return f.backToPoisson(beta)
		}
		last := append([]float64(nil), beta...)
		add(beta, step)
		now, ok := p.guarded(beta, last, math.Inf(1))
		if !ok || p.theta < tiny {
			break
		}
		if now.shift <= settled*(1+now.size) && math.Abs(change) <= 1e2*settled {
			p.reduce()
			_, info = p.thetaSlopes(t)
			f.Theta, f.ThetaSE, f.Deviance = p.theta, 1/math.Sqrt(info), now.deviance
			return nil
		}
	}
	return stats.ErrNoFit
}

// backToPoisson fits the Poisson model where theta has no bound.
func (f *Fitted) backToPoisson(beta []float64) (err error) {
	p := f.problem
	p.family, p.theta = Poisson, 0
	p.begin()
	p.sweep(nil)
	f.Deviance, f.Steps, err = p.settle(beta)
	return err
}

// excess is how much more the counts vary about their means than Poisson ones
// would: twice the slope of the likelihood in 1/θ where 1/θ is zero. At or below
// zero the likelihood has no top at a finite theta.
func (p *problem) excess() float64 {
	sum := 0.0
	for i, y := range p.y {
		if p.weight[i] == 0 {
			continue
		}
		d := y - p.mu[i]
		sum += p.weight[i] * (d*d - y)
	}
	return sum
}

// momentTheta is the theta that the squared deviations suggest.
func (p *problem) momentTheta() float64 {
	sum, weight := 0.0, 0.0
	for i, y := range p.y {
		if p.weight[i] == 0 {
			continue
		}
		d := y/p.mu[i] - 1
		sum += p.weight[i] * d * d
		weight += p.weight[i]
	}
	return min(max(weight/sum, 1e-3), 1e6)
}

// thetaStep is Newton's step of ln θ, held to a factor of e².
func thetaStep(theta, score, info float64) float64 {
	slope, curve := theta*score, theta*score-theta*theta*info
	if curve >= 0 {
		return math.Copysign(1, slope)
	}
	return max(-2, min(2, -slope/curve))
}

// thetaSlopes returns the first derivative of the log-likelihood in theta and
// the second with its sign turned.
func (p *problem) thetaSlopes(t tally) (score, info float64) {
	parts := make([][2]float64, p.pieces())
	stats.Parallel(len(parts), func(_, piece int) {
		low, high := p.piece(piece)
		s, h := 0.0, 0.0
		for i := low; i < high; i++ {
			if p.weight[i] == 0 {
				continue
			}
			over := 1 / (p.theta + p.mu[i])
			d := (p.y[i] - p.mu[i]) * over
			s -= p.weight[i] * (math.Log1p(p.mu[i]/p.theta) + d)
			h += p.weight[i] * (p.mu[i]/p.theta + d) * over
		}
		parts[piece] = [2]float64{s, h}
	})
	for _, part := range parts {
		score += part[0]
		info -= part[1]
	}
	digamma, trigamma := t.gammas(p.theta)
	return score + digamma, info + trigamma
}

// tally is how much weight each count has, when all are whole and not too
// large: sums of gamma functions then need one term for each count up to the
// largest, not one for each row.
type tally struct {
	y, weight []float64
	of        []float64 // weight by count, nil when counts are not whole
}

func newTally(y, weight []float64) tally {
	t := tally{y: y, weight: weight}
	largest := 0.0
	for _, v := range y {
		if v != math.Floor(v) {
			return t
		}
		largest = max(largest, v)
	}
	if largest > 1000+4*float64(len(y)) {
		return t
	}
	t.of = make([]float64, int(largest)+1)
	for i, v := range y {
		t.of[int(v)] += weight[i]
	}
	return t
}

// gammas returns the weighted sums of ψ(θ+y) − ψ(θ) and of ψ′(θ) − ψ′(θ+y).
func (t tally) gammas(theta float64) (digamma, trigamma float64) {
	if t.of == nil {
		d0, t0 := dist.Digamma(theta), dist.Trigamma(theta)
		for i, y := range t.y {
			digamma += t.weight[i] * (dist.Digamma(theta+y) - d0)
			trigamma += t.weight[i] * (t0 - dist.Trigamma(theta+y))
		}
		return digamma, trigamma
	}
	d, q := 0.0, 0.0
	for y, w := range t.of {
		digamma += w * d
		trigamma += w * q
		over := 1 / (theta + float64(y))
		d += over
		q += over * over
	}
	return digamma, trigamma
}

// factorials returns the weighted sum of ln y!.
func (t tally) factorials() float64 { return t.logs(1) }

// logs returns the weighted sum of ln Γ(from+y) − ln Γ(from).
func (t tally) logs(from float64) float64 {
	sum := 0.0
	if t.of == nil {
		base := dist.LogGamma(from)
		for i, y := range t.y {
			sum += t.weight[i] * (dist.LogGamma(from+y) - base)
		}
		return sum
	}
	log := 0.0
	for y, w := range t.of {
		sum += w * log
		log += math.Log(from + float64(y))
	}
	return sum
}
