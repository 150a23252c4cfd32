// Package model fits regression models to counts, proportions and measures:
// generalised linear models with offsets and weights, errors that survive
// overdispersion, clusters and autocorrelation, the elastic net for risk-terrain
// models, and Moran's I of what a model leaves over. docs/methods/glm.md and its
// neighbours say what each assumes.
//
// A design is built column by column and fitted:
//
//	d := model.NewDesign(len(robberies)).Intercept().Add("trend", month)
//	fit, err := model.Fit(d, robberies, model.Options{Family: model.QuasiPoisson, Offset: logPeople})
package model

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Family is the distribution of the outcome given its mean.
type Family int

// The families. The variance of one observation is the dispersion times the
// function named here, divided by the observation's weight.
const (
	// Gaussian is a measure of constant variance, on the identity link.
	Gaussian Family = iota
	// Binomial is successes of Options.Trials, on the logit link; μ(1−μ), dispersion 1.
	Binomial
	// Poisson is counts, on the log link; μ, dispersion 1.
	Poisson
	// QuasiPoisson is Poisson with the dispersion estimated; it has no likelihood.
	QuasiPoisson
	// QuasiBinomial is Binomial with the dispersion estimated; it has no likelihood.
	QuasiBinomial
	// NegativeBinomial is counts of variance μ + μ²/θ, on the log link (NB2).
	NegativeBinomial
)

// Link is the function of the mean that the columns add up to.
type Link int

// The links. DefaultLink is the one named at the family.
const (
	DefaultLink Link = iota
	Identity
	Log
	Logit
)

// Options say how a model is fitted. The zero value is ordinary least squares.
type Options struct {
	Family Family
	Link   Link
	// Offset is added to the linear predictor with no coefficient: the logarithm
	// of the population or of the days counted. None when nil.
	Offset []float64
	// Weights say how many observations each row stands for; a row of weight zero
	// is fitted but does not count. All one when nil.
	Weights []float64
	// Trials is the number of trials of each row of a binomial model; all one when
	// nil. It is refused for other families.
	Trials []float64
	// Theta is the size of the negative binomial. Zero has it estimated by maximum
	// likelihood; +Inf is Poisson. It is refused for other families.
	Theta float64
}

const (
	// mostSteps is how many steps are taken before a fit is given up. Estimates that
	// run away move on by about one a step, so they have not come to where numbers
	// underflow and seem to hold still by then.
	mostSteps = 50
	// Numbers beyond smallest and largest have squares that a float cannot hold
	// with all its digits; counts beyond mostCount have likelihoods that rounding spoils.
	smallest, largest = 1e-100, 1e100
	mostCount         = 1e12
	// settled is how little a last step may move the linear predictor, beside its
	// size. R's rule, a relative change of the deviance under 1e-8, has to hold as
	// well; alone it stops a step or two earlier, at about 1e-5.
	settled = 1e-10
	// aliasTolerance is the share of a column's length that must be left once the
	// columns before it are taken out, or it is aliased. It is that of R's glm.
	aliasTolerance = 1e-11
)

// check refuses input that no family takes.
func (o Options) check(d *Design, y []float64) error {
	if d.err != nil {
		return d.err
	}
	n := d.rows
	if n == 0 || len(d.columns) == 0 {
		return stats.ErrEmpty
	}
	for _, list := range [][]float64{y, o.Offset, o.Weights, o.Trials} {
		if list != nil && len(list) != n {
			return stats.ErrLength
		}
	}
	if y == nil {
		return stats.ErrLength
	}
	if err := stats.Finite(y, o.Offset); err != nil {
		return err
	}
	if err := stats.Finite(d.columns...); err != nil {
		return err
	}
	if err := stats.Counts(o.Weights, o.Trials); err != nil {
		return err
	}
	for _, list := range append([][]float64{y, o.Weights, o.Trials}, d.columns...) {
		if most := peak(list); most != 0 && most < smallest || most > largest {
			return errs.New(errs.Invalid, "The values of a column are too large or too small; choose another unit: %w", stats.ErrOption)
		}
	}
	return o.checkFamily(y)
}

// peak returns the largest absolute value, 0 of none.
func peak(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	return most
}

func (o Options) checkFamily(y []float64) error {
	if o.Family < Gaussian || o.Family > NegativeBinomial || o.Link < DefaultLink || o.Link > Logit {
		return stats.ErrOption
	}
	binomial := o.Family == Binomial || o.Family == QuasiBinomial
	if o.Trials != nil && !binomial || o.Theta != 0 && o.Family != NegativeBinomial || !(o.Theta >= 0) {
		return stats.ErrOption
	}
	if o.Link == Logit && !binomial {
		return errs.New(errs.Invalid, "The logit link is for proportions only: %w", stats.ErrOption)
	}
	if o.Family == Gaussian {
		return nil
	}
	if err := stats.Counts(y); err != nil {
		return err
	}
	if peak(y) > mostCount {
		return errs.New(errs.Invalid, "A count is beyond a million million: %w", stats.ErrOption)
	}
	for i, v := range y {
		if binomial && v > at(o.Trials, i, 1) {
			return errs.New(errs.Invalid, "More successes than trials: %w", stats.ErrOption)
		}
	}
	return nil
}

// at returns the value at i of a list that may be absent.
func at(list []float64, i int, absent float64) float64 {
	if list == nil {
		return absent
	}
	return list[i]
}
