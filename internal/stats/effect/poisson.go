package effect

import (
	"math"

	"openvru/internal/stats"
)

// Poisson fits counts by a log-linear model with an effect of each unit and
// each period, by Poisson quasi-likelihood: exp of a coefficient is the ratio
// by which a treatment multiplies the counts, and parallel trends are parallel
// on the log scale, which suits places of different size. The counts need not
// be Poisson: errors are robust by cluster (Wooldridge 1999, Journal of
// Econometrics 90:77–97). exposure has the shape of the outcome and multiplies
// the expected counts; nil is 1.
//
// Units and periods in which nothing happened at all say nothing and are left
// out. ErrNoFit when a column has no event at all where it is not zero, so that
// its coefficient has no end. Errors are otherwise those of Linear, with ErrNegative for a count below zero and
// ErrNoPopulation for an exposure of zero where a count is observed.
func Poisson(p Panel, exposure [][]float64, columns ...[][]float64) (Fit, error) {
	q, err := informative(p)
	if err != nil {
		return Fit{}, err
	}
	r, err := newRegression(q, columns)
	if err != nil {
		return Fit{}, err
	}
	offset, err := r.offset(exposure)
	if err != nil {
		return Fit{}, err
	}
	return r.poisson(offset, columns)
}

// informative hides the units and periods without any event. Hiding them takes
// no event from any other, so once is enough.
func informative(p Panel) (Panel, error) {
	units, periods, err := p.size()
	if err != nil {
		return p, err
	}
	q := Panel{Outcome: make([][]float64, units), Cluster: p.Cluster}
	for i, row := range p.Outcome {
		q.Outcome[i] = append([]float64(nil), row...)
		for _, v := range row {
			if v < 0 {
				return p, stats.ErrNegative
			}
		}
	}
	for i := range units {
		hide(q.Outcome[i:i+1], 0, periods)
	}
	for t := range periods {
		hide(q.Outcome, t, t+1)
	}
	return q, nil
}

// hide makes a block NaN if it holds no event.
func hide(rows [][]float64, from, to int) {
	for _, row := range rows {
		for _, v := range row[from:to] {
			if v > 0 {
				return
			}
		}
	}
	for _, row := range rows {
		for t := from; t < to; t++ {
			row[t] = math.NaN()
		}
	}
}

func (r *regression) offset(exposure [][]float64) ([]float64, error) {
	out := make([]float64, len(r.raw))
	if exposure == nil {
		return out, nil
	}
	if err := shaped(exposure, r.units, r.periods); err != nil {
		return nil, err
	}
	for c, w := range r.weight {
		e := exposure[c/r.periods][c%r.periods]
		switch {
		case w == 0:
		case math.IsNaN(e) || math.IsInf(e, 0):
			return nil, stats.ErrMissing
		case e < 0:
			return nil, stats.ErrNegative
		case e == 0:
			return nil, stats.ErrNoPopulation
		default:
			out[c] = math.Log(e)
		}
	}
	return out, nil
}

// poisson is iteratively reweighted least squares with the means of units and
// periods taken out at each step (Correia, Guimarães and Zylkin 2020, Stata
// Journal 20:95–115).
func (r *regression) poisson(offset []float64, columns [][][]float64) (Fit, error) {
	seen := append([]float64(nil), r.weight...)
	eta, mean := make([]float64, len(r.raw)), make([]float64, len(r.raw))
	for c, y := range r.raw {
		eta[c] = math.Log(y + 0.5)
	}
	settled := false
	for range 200 {
		weight := make([]float64, len(seen))
		for c, s := range seen {
			if s > 0 {
				mean[c] = math.Exp(eta[c])
				weight[c] = mean[c]
			}
		}
		b, residual, err := r.step(weight, eta, offset, columns)
		if err != nil {
			return Fit{}, err
		}
		change := 0.0
		for c, s := range seen {
			if s > 0 {
				move := (r.raw[c]-mean[c])/mean[c] - residual[c]
				eta[c] += move
				change = max(change, math.Abs(move))
			}
		}
		if settled { // one step more than needed: steps square the error
			return r.finish(b, eta, seen)
		}
		settled = change <= 1e-7
	}
	return Fit{}, stats.ErrNoFit
}

// step is one weighted least squares: the working outcome less its fit.
func (r *regression) step(weight, eta, offset []float64, columns [][][]float64) (b, residual []float64, err error) {
	r.weigh(weight)
	z := make([]float64, len(eta))
	for c, w := range weight {
		if w > 0 {
			z[c] = eta[c] - offset[c] + (r.raw[c]-w)/w
		}
	}
	r.out(z)
	r.x = r.x[:0]
	for _, column := range columns {
		if err := r.add(column); err != nil {
			return nil, nil, err
		}
	}
	for j := range r.x {
		r.out(r.x[j])
	}
	if err := r.invert(); err != nil {
		return nil, nil, err
	}
	b = r.coefficients(z)
	for j, x := range r.x {
		for c := range z {
			z[c] -= b[j] * x[c]
		}
	}
	return b, z, nil
}

// leastEta is the log of a fitted count so small that a coefficient must be on
// its way to minus infinity.
const leastEta = -21.0

func (r *regression) finish(b, eta, seen []float64) (Fit, error) {
	residual := make([]float64, len(eta))
	for c, s := range seen {
		if s > 0 {
			residual[c] = r.raw[c] - math.Exp(eta[c])
			if r.raw[c] == 0 && eta[c] < leastEta {
				return Fit{}, stats.ErrNoFit
			}
		}
	}
	f := r.fit(b, residual, func(c int) float64 { return math.Exp(eta[c]) })
	if stats.Finite(f.Coefficients, f.Covariance.Data) != nil {
		return Fit{}, stats.ErrNoFit
	}
	return f, nil
}
