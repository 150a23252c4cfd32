package model

import (
	"math"

	"openvru/internal/stats/dist"
)

// logLikelihood returns the log-likelihood at the fitted means, constants
// included. A Gaussian one is at the variance that makes it largest.
func (p *problem) logLikelihood(o Options, deviance float64, rows int) float64 {
	switch p.family {
	case Gaussian:
		return p.gaussianLikelihood(deviance, float64(rows))
	case Binomial:
		return p.binomialLikelihood(o)
	case NegativeBinomial:
		return p.negativeBinomialLikelihood()
	}
	sum := -newTally(p.y, p.weight).factorials()
	for i, mu := range p.mu {
		if p.weight[i] > 0 {
			sum += p.weight[i] * (timesLog(p.y[i], mu) - mu)
		}
	}
	return sum
}

// timesLog is y ln mu, zero where y is.
func timesLog(y, mu float64) float64 {
	if y == 0 {
		return 0
	}
	return y * math.Log(mu)
}

func (p *problem) gaussianLikelihood(deviance, rows float64) float64 {
	logs := 0.0
	for _, w := range p.weight {
		if w > 0 {
			logs += math.Log(w)
		}
	}
	return -(rows*(math.Log(2*math.Pi*deviance/rows)+1) - logs) / 2
}

// binomialLikelihood counts a row of weight w as w rows of its trials.
func (p *problem) binomialLikelihood(o Options) float64 {
	sum := 0.0
	for i, mu := range p.mu {
		if p.weight[i] == 0 {
			continue
		}
		n := at(o.Trials, i, 1)
		sum += at(o.Weights, i, 1) * dist.BinomialLogPMF(p.y[i]*n, n, mu)
	}
	return sum
}

func (p *problem) negativeBinomialLikelihood() float64 {
	t := newTally(p.y, p.weight)
	sum := t.logs(p.theta) - t.factorials()
	for i, mu := range p.mu {
		if w := p.weight[i]; w > 0 {
			sum -= w * ((p.theta+p.y[i])*math.Log1p(mu/p.theta) - timesLog(p.y[i], mu/p.theta))
		}
	}
	return sum
}
