package detect

import (
	"math"

	"openvru/internal/stats/dist"
)

// bounds sets the bounds and the p-value of an evaluation.
func (w *worker) bounds(e *Evaluation, p *prediction) {
	e.Lower, e.Upper = 0, math.Inf(1)
	lower, upper := w.Sides != Above, w.Sides != Below
	switch w.Bound {
	case Delta:
		w.delta(e, p)
		return
	case Muan:
		w.muan(e, p, lower, upper)
		return
	}
	mean, dispersion, tail := p.mean, p.dispersion, w.tail
	if w.Bound == Predictive {
		mean, dispersion = p.uncertain()
		tail = w.tailFor(p.df)
	}
	if upper {
		e.Upper = upperCount(tail, mean, dispersion)
	}
	if lower {
		e.Lower = lowerCount(tail, mean, dispersion)
	}
	atLeast, atMost := countTails(e.Observed, mean, dispersion)
	if w.Bound == Predictive {
		atLeast, atMost = heavier(atLeast, p.df), heavier(atMost, p.df)
	}
	e.P = tails(w.Sides, atLeast, atMost)
}

// uncertain is the mean and the dispersion of the count with the error of the
// estimate in them: the variance is that of the count plus that of the expected
// count. A window without a case at all still has half a one, as under the
// prior of Jeffreys: the count is then negative binomial of size one half.
func (p *prediction) uncertain() (mean, dispersion float64) {
	if p.mean == 0 {
		return 0.5 / p.rows, p.dispersion + 1/p.rows
	}
	return p.mean, p.dispersion + p.mean*p.logSE*p.logSE
}

// heavier is a tail probability when the dispersion was estimated with so many
// degrees of freedom: as Student's t is to the normal. Zero degrees of freedom
// stand for a dispersion that is known.
func heavier(tail float64, df int) float64 {
	if df == 0 || tail <= 0 || tail >= 1 {
		return tail
	}
	return dist.StudentTail(-dist.NormalQuantile(tail), float64(df))
}

// tailFor is the tail probability that heavier makes the one asked for.
func (w *worker) tailFor(df int) float64 {
	if df == 0 {
		return w.tail
	}
	if w.tails[df] == 0 {
		w.tails[df] = dist.NormalTail(-dist.StudentQuantile(w.tail, float64(df)))
	}
	return w.tails[df]
}

// muan sets bounds, and the p-value, from quantiles of the expected count: the
// count is alarming when it is so even for the least favourable mean.
func (w *worker) muan(e *Evaluation, p *prediction, lower, upper bool) {
	high, low := p.mean*math.Exp(w.z*p.logSE), p.mean*math.Exp(-w.z*p.logSE)
	if p.mean == 0 { // the exact limits of a Poisson mean when nothing was seen
		high, low = -math.Log(w.tail)/p.rows, 0
	}
	if upper {
		e.Upper = upperCount(w.tail, high, p.dispersion)
	}
	if lower {
		e.Lower = lowerCount(w.tail, low, p.dispersion)
	}
	atLeast, _ := countTails(e.Observed, high, p.dispersion)
	_, atMost := countTails(e.Observed, low, p.dispersion)
	e.P = tails(w.Sides, atLeast, atMost)
}

// delta sets bounds and p-value from the normal distribution of a power of the
// count about that of the expected count (Farrington et al. 1996, section 3.7).
func (w *worker) delta(e *Evaluation, p *prediction) {
	power := w.Power.exponent()
	if p.mean == 0 {
		e.Upper, e.P = 0, 1
		if e.Observed > 0 {
			e.P = 0
		}
		if w.Sides == Below {
			e.Upper, e.P = math.Inf(1), 1
		}
		return
	}
	// The variance of the power's difference, over the square of the power of
	// the mean.
	unit := power * math.Sqrt((p.dispersion+p.mean*p.logSE*p.logSE)/p.mean)
	at := func(z float64) float64 { return p.mean * math.Pow(max(0, 1+z*unit), 1/power) }
	if w.Sides != Below {
		e.Upper = at(w.z)
	}
	if w.Sides != Above {
		e.Lower = at(-w.z)
	}
	z := (math.Pow(e.Observed/p.mean, power) - 1) / unit
	e.P = tails(w.Sides, dist.NormalTail(z), dist.NormalCDF(z))
}
