package model

import (
	"fmt"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
)

// Test is the test of a hypothesis.
type Test struct {
	// Statistic is chi-squared on DF where the dispersion is known; where it is
	// estimated it is F on DF and OtherDF, the residual degrees of freedom.
	Statistic   float64
	DF, OtherDF int
	P           float64
}

// test gives a chi-squared statistic its p-value, as F if the dispersion is
// estimated.
func (f *Fitted) test(chi float64, df int) Test {
	if !f.problem.family.spread() {
		return Test{Statistic: chi, DF: df, P: dist.ChiSquaredTail(max(chi, 0), float64(df))}
	}
	t := Test{Statistic: chi / float64(df), DF: df, OtherDF: f.DF}
	t.P = dist.FTail(max(t.Statistic, 0), float64(df), float64(f.DF))
	return t
}

// Wald tests that the named coefficients are all zero, with a covariance of the
// fit's, Covariance or a robust one. A name that is not there is stats.ErrOption,
// an aliased one or a covariance that cannot be inverted stats.ErrSingular.
func (f *Fitted) Wald(covariance lin.Matrix, names ...string) (Test, error) {
	if len(names) == 0 {
		return Test{}, stats.ErrEmpty
	}
	if _, err := f.quantile(covariance, 0.95); err != nil {
		return Test{}, err
	}
	if f.problem.family.spread() && f.DF == 0 {
		return Test{}, stats.ErrTooFew
	}
	k := len(names)
	t := triangle{k: k, r: make([]float64, k*k), c: make([]float64, k), length: make([]float64, k)}
	which := make([]int, k)
	for i, name := range names {
		if which[i] = slices.Index(f.Names, name); which[i] < 0 {
			return Test{}, fmt.Errorf("no column %q: %w", name, stats.ErrOption)
		}
	}
	gram, rhs := make([]float64, k*k), make([]float64, k)
	for i, a := range which {
		rhs[i] = f.Coefficients[a]
		for j, b := range which {
			gram[i*k+j] = covariance.Data[a*covariance.Cols+b]
		}
	}
	// Below a millionth of a column rounding may be all that is left of it.
	if !t.normal(gram, rhs) || t.least() < 1e-6 || stats.Finite(t.c) != nil {
		return Test{}, stats.ErrSingular
	}
	return f.test(lin.Dot(t.c, t.c), k), nil
}

// alike reports whether two models are of the same outcomes and family.
func alike(a, b *Fitted) bool {
	return a.asked == b.asked && a.estimated == b.estimated && (a.estimated || a.asked != NegativeBinomial || a.Theta == b.Theta) &&
		a.problem.link == b.problem.link && slices.Equal(a.problem.y, b.problem.y) && slices.Equal(a.problem.weight, b.problem.weight)
}

// LikelihoodRatio tests a model against a larger one that contains it, fitted
// to the same outcomes with the same family: by twice the difference of the
// log-likelihoods, or by F from the deviances where the dispersion is estimated
// (the larger model's). A theta that was estimated is so in both. Models that
// do not differ in their number of parameters, or in the wrong direction, are
// stats.ErrOption, as are other outcomes, weights, families, links or fixed
// thetas; differing rows are stats.ErrLength.
func LikelihoodRatio(small, large *Fitted) (Test, error) {
	if len(small.Mean) != len(large.Mean) {
		return Test{}, stats.ErrLength
	}
	df := large.Rank - small.Rank
	if df < 1 || !alike(small, large) {
		return Test{}, stats.ErrOption
	}
	if !large.problem.family.spread() {
		return large.test(max(0, 2*(large.LogLikelihood-small.LogLikelihood)), df), nil
	}
	if large.DF == 0 {
		return Test{}, stats.ErrTooFew
	}
	return large.test((small.Deviance-large.Deviance)/large.Dispersion, df), nil
}
