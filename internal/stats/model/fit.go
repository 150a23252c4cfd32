package model

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// Fitted is a model that has been fitted. Its lists have the design's rows or
// columns in their order and are not to be changed.
type Fitted struct {
	// Names are the names of the columns.
	Names []string
	// Coefficients are the estimates on the scale of the link; NaN for a column
	// that those before it already say (an aliased one).
	Coefficients []float64
	// Rank is the number of columns that are not aliased.
	Rank int
	// Mean is the fitted mean of each row: a share for binomial models, a count
	// or a measure for others. Linear is its link, offset included.
	Mean, Linear []float64
	// Dispersion is 1 for Poisson, binomial and negative binomial; otherwise the
	// sum of squared Pearson residuals divided by the degrees of freedom, NaN when
	// there are none left.
	Dispersion float64
	// Deviance is twice what the log-likelihood lacks of a perfect fit, and
	// NullDeviance that of the model with the intercept and the offset alone (the
	// offset alone when the design has no intercept).
	Deviance, NullDeviance float64
	// DF is the rows of weight above zero less the rank, NullDF those of the null model.
	DF, NullDF int
	// LogLikelihood is in full, constants included, and AIC is twice the number of
	// parameters less twice that; NaN for quasi families. The parameters count the
	// variance of a Gaussian model and an estimated theta.
	LogLikelihood, AIC float64
	// Theta is the size of a negative binomial, +Inf when the counts vary no more
	// than Poisson ones; ThetaSE is its standard error when it was estimated, from
	// the observed information, and NaN otherwise.
	Theta, ThetaSE float64
	// Steps is how many steps the fit took.
	Steps int

	design     *Design
	kept       []int // columns not aliased
	problem    *problem
	unscaled   []float64 // (XᵀWX)⁻¹ of the columns kept
	parameters int
	asked      Family // before a theta without bound made it Poisson
	estimated  bool   // theta
}

// Fit fits the model by maximum likelihood (quasi-likelihood for the quasi
// families, least squares for Gaussian).
//
// Errors: stats.ErrEmpty without rows or columns; ErrLength, ErrMissing and
// ErrNegative for what their names say; ErrOption for options outside their range
// or a column that could not be built, for columns and outcomes of which the
// largest is not between 1e-100 and 1e100, and counts beyond 1e12; ErrTooFew when no row has weight; ErrNoFit
// when the estimates run away: counts that are all zero, a level of a factor that
// has none, outcomes that a column separates. Outcomes that are all alike
// otherwise, and columns that are, are fitted.
func Fit(d *Design, y []float64, o Options) (*Fitted, error) {
	if err := o.check(d, y); err != nil {
		return nil, err
	}
	p := newProblem(y, o)
	rows := 0
	for _, w := range p.weight {
		if w > 0 {
			rows++
		}
	}
	if rows == 0 {
		return nil, stats.ErrTooFew
	}
	if o.Family != Gaussian && p.nothing() {
		return nil, fmt.Errorf("all outcomes are zero: %w", stats.ErrNoFit)
	}
	f := &Fitted{Names: d.Names(), design: d, problem: p, asked: o.Family, Theta: math.NaN(), ThetaSE: math.NaN()}
	if err := f.estimate(d, o); err != nil {
		return nil, err
	}
	f.describe(o, rows)
	return f, nil
}

// newProblem lays the outcome out for the steps.
func newProblem(y []float64, o Options) *problem {
	n := len(y)
	space := make([]float64, 6*n)
	next := func() []float64 {
		s := space[:n:n]
		space = space[n:]
		return s
	}
	p := &problem{
		family: o.Family, link: o.link(), theta: o.Theta, within: settled, offset: o.Offset,
		y: next(), weight: next(), eta: next(), mu: next(), working: next(), score: next(),
	}
	for i, v := range y {
		trials := at(o.Trials, i, 1)
		p.weight[i] = at(o.Weights, i, 1) * trials
		if p.y[i] = v / trials; trials == 0 {
			p.y[i] = 0
		}
	}
	if p.family == NegativeBinomial && math.IsInf(p.theta, 1) {
		p.family = Poisson
	}
	return p
}

// nothing reports whether every outcome that counts is zero.
func (p *problem) nothing() bool {
	for i, y := range p.y {
		if y > 0 && p.weight[i] > 0 {
			return false
		}
	}
	return true
}

// estimate finds the coefficients and, if asked for, theta.
func (f *Fitted) estimate(d *Design, o Options) (err error) {
	p := f.problem
	f.estimated = o.Family == NegativeBinomial && o.Theta == 0
	if f.estimated {
		p.family, p.within = Poisson, 1e-3
	}
	p.begin()
	f.kept = p.choose(d.columns)
	beta := make([]float64, len(f.kept))
	if f.Deviance, f.Steps, err = p.settle(beta); err != nil {
		return err
	}
	if f.estimated {
		if err = f.estimateTheta(beta); err != nil {
			return err
		}
	} else if o.Family == NegativeBinomial {
		f.Theta = o.Theta
	}
	f.Rank = len(f.kept)
	f.Coefficients = f.spread(beta)
	f.unscaled = p.tri.inverse()
	return f.runsAway()
}

// spread puts values of the columns kept in the places of all columns, NaN in
// the others.
func (f *Fitted) spread(values []float64) []float64 {
	out := make([]float64, len(f.design.columns))
	for j := range out {
		out[j] = math.NaN()
	}
	for j, at := range f.kept {
		out[at] = values[j]
	}
	return out
}

// describe works out what is said about the fit.
func (f *Fitted) describe(o Options, rows int) {
	p := f.problem
	f.Mean, f.Linear = p.mu, p.eta
	f.DF, f.NullDF = rows-f.Rank, rows
	if f.design.intercept {
		f.NullDF--
	}
	f.Dispersion = 1
	if o.Family.spread() {
		f.Dispersion = f.pearson() / float64(f.DF)
		if f.DF == 0 {
			f.Dispersion = math.NaN()
		}
	}
	f.NullDeviance = p.null(f.design.intercept)
	f.LogLikelihood, f.AIC = math.NaN(), math.NaN()
	if o.Family.likely() {
		f.parameters = f.Rank
		if o.Family == Gaussian || f.estimated {
			f.parameters++
		}
		f.LogLikelihood = p.logLikelihood(o, f.Deviance, rows)
		f.AIC = 2*float64(f.parameters) - 2*f.LogLikelihood
	}
}

// pearson returns the sum of the squared Pearson residuals.
func (f *Fitted) pearson() float64 {
	p, sum := f.problem, 0.0
	for i, w := range p.working {
		if w > 0 {
			sum += p.score[i] * p.score[i] / w
		}
	}
	return sum
}

// Covariance returns the covariance matrix of the coefficients if the model is
// right: the dispersion times (XᵀWX)⁻¹. Rows and columns of aliased
// coefficients are NaN, as in the matrices of the methods that follow.
func (f *Fitted) Covariance() lin.Matrix {
	out := make([]float64, len(f.unscaled))
	for i, v := range f.unscaled {
		out[i] = v * f.Dispersion
	}
	return f.matrix(out)
}

// matrix puts a matrix of the columns kept in the places of all columns.
func (f *Fitted) matrix(values []float64) lin.Matrix {
	k, r := len(f.design.columns), f.Rank
	if k == r {
		return lin.Matrix{Rows: k, Cols: k, Data: values}
	}
	out := make([]float64, k*k)
	for i := range out {
		out[i] = math.NaN()
	}
	for i, at := range f.kept {
		for j, to := range f.kept {
			out[at*k+to] = values[i*r+j]
		}
	}
	return lin.Matrix{Rows: k, Cols: k, Data: out}
}
