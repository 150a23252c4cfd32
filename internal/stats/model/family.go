package model

import "math"

// tiny keeps means and their slopes off zero where an exponential underflows.
const tiny = 1e-300

// binomial reports whether outcomes are shares of trials.
func (f Family) binomial() bool { return f == Binomial || f == QuasiBinomial }

// spread reports whether the family's dispersion is estimated.
func (f Family) spread() bool { return f == Gaussian || f == QuasiPoisson || f == QuasiBinomial }

// likely reports whether the family has a likelihood.
func (f Family) likely() bool { return f != QuasiPoisson && f != QuasiBinomial }

// link returns the link asked for or the family's own.
func (o Options) link() Link {
	switch {
	case o.Link != DefaultLink:
		return o.Link
	case o.Family == Gaussian:
		return Identity
	case o.Family.binomial():
		return Logit
	}
	return Log
}

// canonical returns the link on which slope and variance are the same.
func (f Family) canonical() Link {
	switch f {
	case Gaussian:
		return Identity
	case Binomial, QuasiBinomial:
		return Logit
	case Poisson, QuasiPoisson:
		return Log
	}
	return DefaultLink
}

// of returns the linear predictor of a mean.
func (l Link) of(mean float64) float64 {
	switch l {
	case Log:
		return math.Log(mean)
	case Logit:
		return math.Log(mean / (1 - mean))
	}
	return mean
}

// inverse returns the mean of a linear predictor.
func (l Link) inverse(eta float64) float64 {
	switch l {
	case Log:
		return max(math.Exp(eta), tiny)
	case Logit:
		return 1 / (1 + math.Exp(-eta))
	}
	return eta
}

// means fills mu with the means of eta and slope with their derivatives.
func (l Link) means(eta, mu, slope []float64) {
	mu, slope = mu[:len(eta)], slope[:len(eta)]
	switch l {
	case Log:
		for i, e := range eta {
			m := max(math.Exp(e), tiny)
			mu[i], slope[i] = m, m
		}
	case Logit:
		for i, e := range eta {
			odds := math.Exp(-math.Abs(e)) // of the rarer outcome, so it cannot overflow
			rare := odds / (1 + odds)
			mu[i], slope[i] = rare, max(rare/(1+odds), tiny)
			if e > 0 {
				mu[i] = 1 / (1 + odds)
			}
		}
	default:
		for i, e := range eta {
			mu[i], slope[i] = e, 1
		}
	}
}

// variance returns the variance function at a mean.
func (p *problem) variance(mu float64) float64 {
	switch p.family {
	case Poisson, QuasiPoisson:
		return mu
	case Binomial, QuasiBinomial:
		return max(mu*(1-mu), tiny)
	case NegativeBinomial:
		return mu + mu*mu/p.theta
	}
	return 1
}

// possible reports whether a mean can be one of the family.
func (p *problem) possible(mu float64) bool {
	switch p.family {
	case Gaussian:
		return !math.IsNaN(mu) && !math.IsInf(mu, 0)
	case Binomial, QuasiBinomial:
		return mu >= 0 && mu <= 1
	}
	return mu > 0 && !math.IsInf(mu, 1)
}

// unit returns the deviance of one observation of weight one.
func (p *problem) unit(y, mu float64) float64 {
	switch p.family {
	case Poisson, QuasiPoisson:
		return 2 * (yLog(y, mu) - (y - mu))
	case Binomial, QuasiBinomial:
		return 2 * (yLog(y, mu) + yLog(1-y, 1-mu))
	case NegativeBinomial:
		return 2 * (yLog(y, mu) - (y+p.theta)*math.Log1p((y-mu)/(mu+p.theta)))
	}
	return (y - mu) * (y - mu)
}

// yLog is y ln(y/mu), zero where y is.
func yLog(y, mu float64) float64 {
	if y == 0 {
		return 0
	}
	return y * math.Log(y/mu)
}

// start returns the mean that the first step sets out from: the outcome, moved
// off the values that have no logarithm.
func (p *problem) start(y, weight float64) float64 {
	switch p.family {
	case Poisson, QuasiPoisson:
		return y + 0.1
	case Binomial, QuasiBinomial:
		return (weight*y + 0.5) / (weight + 1)
	case NegativeBinomial:
		if y == 0 {
			return 1.0 / 6
		}
	case Gaussian:
		if p.link == Log {
			return max(y, 1e-3*p.scale)
		}
	}
	return y
}
