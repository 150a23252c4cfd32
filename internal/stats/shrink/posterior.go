package shrink

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// of returns the posterior of place i under one prior: gamma with that shape
// and rate. An infinite shape means the mean, for certain.
func (g Gamma) of(i int, p part) (shape, rate float64) {
	return g.counts[i] + p.Shape, g.exposure[i] + p.Shape/p.Mean
}

// Places returns how many places the model holds.
func (g Gamma) Places() int { return len(g.counts) }

// Rates returns the posterior mean of each rate.
func (g Gamma) Rates() []float64 {
	out := make([]float64, len(g.counts))
	for i := range out {
		for _, p := range g.parts {
			out[i] += p.weight * g.mean(i, p)
		}
	}
	return out
}

// mean is the posterior mean under one prior, in a form that an infinite shape
// does not upset.
func (g Gamma) mean(i int, p part) float64 {
	w := g.exposure[i] * p.Mean / p.Shape
	if w == 0 {
		return p.Mean
	}
	return (p.Mean + g.counts[i]*p.Mean/p.Shape) / (1 + w)
}

// Deviations returns the posterior standard deviation of each rate.
func (g Gamma) Deviations() []float64 {
	out := g.Rates()
	for i, centre := range out {
		variance := 0.0
		for _, p := range g.parts {
			mean := g.mean(i, p)
			variance += p.weight * (mean - centre) * (mean - centre)
			if _, rate := g.of(i, p); !math.IsInf(rate, 1) {
				variance += p.weight * mean / rate
			}
		}
		out[i] = math.Sqrt(variance)
	}
	return out
}

// Above returns the posterior probability that each rate is over a threshold.
func (g Gamma) Above(threshold float64) []float64 {
	out := make([]float64, len(g.counts))
	stats.Parallel(pieces(len(out)), func(_, piece int) {
		from, to := bounds(piece, len(out))
		for i := from; i < to; i++ {
			out[i] = g.above(i, threshold)
		}
	})
	return out
}

func (g Gamma) above(i int, threshold float64) float64 {
	if threshold < 0 {
		return 1
	}
	sum := 0.0
	for _, p := range g.parts {
		shape, rate := g.of(i, p)
		switch {
		case !math.IsInf(shape, 1):
			sum += p.weight * dist.GammaTail(threshold, shape, rate)
		case p.Mean > threshold:
			sum += p.weight
		}
	}
	return min(sum, 1)
}

// Intervals returns equal-tailed credible intervals: each rate is inside with
// probability level (0.95, say), and as likely to be below as above. ErrOption
// for a level that is not between 0 and 1.
func (g Gamma) Intervals(level float64) ([]stats.Interval, error) {
	if !(level > 0 && level < 1) {
		return nil, stats.ErrOption
	}
	out := make([]stats.Interval, len(g.counts))
	half := (1 - level) / 2
	stats.Parallel(pieces(len(out)), func(_, piece int) {
		from, to := bounds(piece, len(out))
		for i := from; i < to; i++ {
			out[i] = stats.Interval{Low: g.quantile(i, half), High: g.quantile(i, 1-half)}
		}
	})
	return out, nil
}

// quantile finds where the posterior of place i has probability p below it.
func (g Gamma) quantile(i int, p float64) float64 {
	first := g.parts[0]
	for _, other := range g.parts {
		if other.weight > first.weight {
			first = other
		}
	}
	shape, rate := g.of(i, first)
	if math.IsInf(shape, 1) {
		return first.Mean
	}
	start := dist.GammaQuantile(p, shape, rate)
	if len(g.parts) == 1 {
		return start
	}
	return g.refine(i, p, start)
}

// refine moves from the quantile under the weightiest prior to that of the
// mixture: Newton's steps on the log scale, kept inside brackets. Steps may be as
// long as twice the last, for where nothing happened the quantile may be 1e-200.
func (g Gamma) refine(i int, p, x float64) float64 {
	low, high, reach := 0.0, math.Inf(1), 1.0
	for range 100 {
		below, density := g.cumulative(i, x)
		if below > p {
			high = x
		} else {
			low = x
		}
		step := max(-reach, min(reach, (p-below)/(density*x)))
		reach = max(1, 2*math.Abs(step))
		next := x * math.Exp(step)
		switch {
		case math.Abs(next-x) <= 1e-5*x: // the step squares the error
			return next
		case next <= low || math.IsNaN(next):
			next = (x + low) / 2
		case next >= high:
			next = (x + high) / 2
		}
		x = next
	}
	return x
}

// cumulative returns the posterior probability below x and the density there.
func (g Gamma) cumulative(i int, x float64) (below, density float64) {
	for _, p := range g.parts {
		shape, rate := g.of(i, p)
		lg, _ := math.Lgamma(shape)
		below += p.weight * dist.GammaCDF(x, shape, rate)
		density += p.weight * math.Exp(shape*math.Log(rate)+(shape-1)*math.Log(x)-rate*x-lg)
	}
	return below, density
}

// Draw fills out, as long as there are places, with rates drawn from the joint
// posterior.
func (g Gamma) Draw(r *stats.Rand, out []float64) {
	p := g.parts[0]
	if len(g.parts) > 1 {
		at := r.Float64()
		for _, p = range g.parts {
			if at -= p.weight; at < 0 {
				break
			}
		}
	}
	for i := range out {
		shape, rate := g.of(i, p)
		if math.IsInf(shape, 1) {
			out[i] = p.Mean
			continue
		}
		out[i] = r.Gamma(shape) / rate
	}
}

// Work is handed out in runs of this many places.
const run = 64

func pieces(n int) int { return (n + run - 1) / run }

func bounds(piece, n int) (from, to int) { return piece * run, min((piece+1)*run, n) }
