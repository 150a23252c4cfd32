package shrink

import (
	"math"

	"openvru/internal/stats"
)

// Prior is the distribution of true rates over places: gamma with that mean
// and shape, so the variance is mean²/shape. An infinite shape says that all
// places have the mean rate.
type Prior struct{ Mean, Shape float64 }

// Method says how FitGamma comes by the prior.
type Method int

const (
	// Integrated averages over the priors that the counts allow, each as much as
	// it is likely: the intervals then hold the uncertainty of the prior too, and
	// cover at their level even for a few dozen places (Christiansen and Morris
	// 1997, whose uniform-shrinkage density for the shape is used).
	Integrated Method = iota
	// Likelihood takes the likeliest prior as if it were known (Clayton and
	// Kaldor 1987). Intervals are too narrow for few places, and of no width
	// when the likeliest prior is that all places are alike.
	Likelihood
	// Moments solves Clayton and Kaldor's moment equations instead (their
	// section 3), and takes the solution as if it were known.
	Moments
)

// Gamma is the Poisson–gamma model of places: what may be said of each rate
// given its count and what the other places are like. Methods that return a
// slice have one value a place.
type Gamma struct {
	// Prior is the likeliest one, or for Moments the solution.
	Prior Prior
	// LogLikelihood is that of the counts under Prior, with all constants.
	LogLikelihood float64

	counts, exposure []float64
	parts            []part // the posterior is a mixture over these priors
}

// part is one prior and its share.
type part struct {
	Prior
	weight float64
}

// FitGamma fits rates that vary between places by a gamma distribution, and
// counts that are Poisson given the rate and the exposure (Clayton and Kaldor
// 1987, Biometrics 43:671–681).
//
// When counts differ by no more than chance would have it, the likeliest Shape
// is infinite. A place without exposure has the prior as its posterior. Errors:
// those of Global; ErrTooFew for fewer than two places with exposure;
// ErrConstant when every count is zero (nothing then says how low the rates
// are); ErrNoFit when the estimates do not settle; ErrOption.
func FitGamma(counts, exposure []float64, method Method) (Gamma, error) {
	m, err := prepare(counts, exposure)
	if err != nil {
		return Gamma{}, err
	}
	g := Gamma{counts: counts, exposure: exposure}
	switch method {
	case Integrated:
		if g.Prior, err = m.likeliest(); err == nil {
			if g.parts = m.integrate(g.Prior); g.parts == nil {
				err = stats.ErrNoFit
			}
		}
	case Likelihood:
		g.Prior, err = m.likeliest()
	case Moments:
		g.Prior, err = m.moments()
	default:
		err = stats.ErrOption
	}
	if err != nil {
		return Gamma{}, err
	}
	if g.parts == nil {
		g.parts = []part{{g.Prior, 1}}
	}
	g.LogLikelihood = m.logLikelihood(g.Prior.Mean, 1/g.Prior.Shape)
	return g, nil
}

// WithPrior is the model under a prior that is given, say from earlier years.
// Errors are those of FitGamma; ErrOption for a prior whose mean or shape is
// not more than zero or whose mean is infinite.
func WithPrior(counts, exposure []float64, prior Prior) (Gamma, error) {
	if !(prior.Mean > 0) || math.IsInf(prior.Mean, 0) || !(prior.Shape > 0) {
		return Gamma{}, stats.ErrOption
	}
	events, persons, err := check(counts, exposure)
	if err != nil {
		return Gamma{}, err
	}
	m := newMarginal(counts, exposure, events/persons)
	return Gamma{
		Prior: prior, LogLikelihood: m.logLikelihood(prior.Mean, 1/prior.Shape),
		counts: counts, exposure: exposure, parts: []part{{prior, 1}},
	}, nil
}

func prepare(counts, exposure []float64) (marginal, error) {
	events, persons, err := check(counts, exposure)
	if err != nil {
		return marginal{}, err
	}
	if events == 0 {
		return marginal{}, stats.ErrConstant
	}
	m := newMarginal(counts, exposure, events/persons)
	if len(m.counts) < 2 {
		return marginal{}, stats.ErrTooFew
	}
	return m, nil
}

// Bounds of k = 1/shape, in the log: true rates that vary by a tenth of one
// percent are alike, unless counts are so many (see newMarginal) that they would
// show it; and a coefficient of variation of 300 is no gamma.
const (
	leastLogK = -14.0
	mostLogK  = 11.5
)

// likeliest returns the prior of highest likelihood. The profile likelihood of
// log k may have several humps when exposures differ widely, so it is looked
// over at steps of one first.
func (m *marginal) likeliest() (Prior, error) {
	best, at := m.logLikelihood(m.rate, 0), math.Inf(-1)
	mu := m.rate
	for t := m.leastLogK; t <= mostLogK; t++ {
		k := math.Exp(t)
		mu = m.mean(k, mu)
		if l := m.logLikelihood(mu, k); l > best {
			best, at = l, t
		}
	}
	if math.IsInf(at, -1) {
		return Prior{m.rate, math.Inf(1)}, nil
	}
	if at+1 > mostLogK {
		return Prior{}, stats.ErrNoFit
	}
	k := math.Exp(m.climb(at-1, at+1))
	return Prior{m.mean(k, m.rate), 1 / k}, nil
}

// climb finds where the score is zero between two values of log k, by bisection
// with secant steps (the Illinois rule).
func (m *marginal) climb(low, high float64) float64 {
	score := func(t float64) float64 {
		k := math.Exp(t)
		return m.score(m.mean(k, m.rate), k)
	}
	sl, sh := score(low), score(high)
	side := 0
	for range 200 {
		t := (low*sh - high*sl) / (sh - sl)
		if !(t > low && t < high) {
			t = (low + high) / 2
		}
		s := score(t)
		if s == 0 || high-low < 1e-13*max(1, math.Abs(t)) {
			return t
		}
		if s > 0 {
			if low, sl = t, s; side == 1 {
				sh /= 2
			}
			side = 1
		} else {
			if high, sh = t, s; side == -1 {
				sl /= 2
			}
			side = -1
		}
	}
	return (low + high) / 2
}

// moments solves Clayton and Kaldor's equations by bisection on the shape: the
// mean and variance of the prior are the mean of the posterior means and their
// variance, raised by what the posterior variances lack. The first, worked out,
// is Σ (y − eμ)/(1 + keμ) = 0: the equation that m.mean solves.
func (m *marginal) moments() (Prior, error) {
	// gap falls below zero when the shape at hand is smaller than the data say.
	n := float64(len(m.counts))
	gap := func(t float64) (float64, float64) {
		k := math.Exp(t)
		mu := m.mean(k, m.rate)
		a, squares := 1/(k*mu), 0.0
		for i, y := range m.counts {
			e := m.exposure[i]
			d := (y+1/k)/(e+a) - mu
			squares += (1 + a/e) * d * d
		}
		return squares/(n-1)/(mu*mu*k) - 1, mu
	}
	low, high := m.leastLogK, mostLogK
	if g, _ := gap(low); g <= 0 {
		return Prior{m.rate, math.Inf(1)}, nil
	}
	if g, _ := gap(high); g > 0 {
		return Prior{}, stats.ErrNoFit
	}
	for high-low > 1e-14*max(1, math.Abs(high)) {
		t := (low + high) / 2
		if t == low || t == high {
			break
		}
		if g, _ := gap(t); g > 0 {
			low = t
		} else {
			high = t
		}
	}
	_, mu := gap(high)
	return Prior{mu, math.Exp(-high)}, nil
}
