package shrink

import (
	"math"

	"openvru/internal/stats/dist"
)

// marginal is the likelihood of counts that are Poisson given rates that are
// gamma with a mean and a shape: negative binomial with that size and mean
// exposure times mean. It is worked in terms of k = 1/shape, the squared
// coefficient of variation of true rates; k = 0 is Poisson.
type marginal struct {
	counts, exposure []float64
	rest             []float64 // counts the table does not hold
	above            []float64 // above[j]: how many tabled counts are over j
	constant         float64   // terms that hold no parameter
	rate             float64   // events over exposure
	typical          float64   // harmonic mean of the exposures
	leastLogK        float64   // variation less than this is none
}

// newMarginal leaves out places without exposure: they say nothing.
func newMarginal(counts, exposure []float64, rate float64) marginal {
	m := marginal{rate: rate}
	inverse := 0.0
	for i, e := range exposure {
		if e > 0 {
			y := counts[i]
			m.counts, m.exposure = append(m.counts, y), append(m.exposure, e)
			inverse += 1 / e
			lg, _ := math.Lgamma(y + 1)
			m.constant -= lg
			if y > 0 {
				m.constant += y * math.Log(e)
			}
		}
	}
	m.typical = float64(len(m.counts)) / inverse
	// Variation of which a typical place's own rate would keep 6 parts in a million.
	m.leastLogK = min(leastLogK, -12-math.Log(max(m.typical*rate, 1)))
	m.tabulate()
	return m
}

// tabulate counts how many places have more than j events, for each j: sums of
// log Γ(y+s) − log Γ(s) over places are then sums over j of log(s+j), a few
// values instead of one a place. Counts that are large or not whole stay apart.
func (m *marginal) tabulate() {
	limit := float64(4 * len(m.counts))
	for _, y := range m.counts {
		if y != math.Floor(y) || y > limit {
			m.rest = append(m.rest, y)
			continue
		}
		for int(y) > len(m.above) {
			m.above = append(m.above, 0)
		}
		if y > 0 {
			m.above[int(y)-1]++
		}
	}
	for j := len(m.above) - 2; j >= 0; j-- {
		m.above[j] += m.above[j+1]
	}
}

// mean returns the mean rate that is likeliest for k: the root of
// Σ (y − eμ)/(1 + keμ), which falls with μ and is convex, by Newton's method.
func (m *marginal) mean(k, start float64) float64 {
	mu := start
	for range 100 {
		h, slope := 0.0, 0.0
		for i, y := range m.counts {
			e := m.exposure[i]
			d := 1 / (1 + k*e*mu)
			h += (y - e*mu) * d
			slope += e * (1 + k*y) * d * d
		}
		next := max(mu+h/slope, mu/4)
		if math.Abs(next-mu) <= 1e-15*mu {
			return next
		}
		mu = next
	}
	return mu
}

// logLikelihood includes all constants, so that models can be compared.
func (m *marginal) logLikelihood(mu, k float64) float64 {
	sum := m.constant
	if k == 0 {
		for i, y := range m.counts {
			sum -= m.exposure[i] * mu
			if y > 0 {
				sum += y * math.Log(mu)
			}
		}
		return sum
	}
	// Γ(y+s)/Γ(s) · kʸ is Π (1 + kj), which does not lose digits for small k.
	for j, n := range m.above {
		sum += n * math.Log1p(k*float64(j))
	}
	s := 1 / k
	for _, y := range m.rest {
		sum += rising(y, s)
	}
	log := math.Log(mu)
	for i, y := range m.counts {
		sum += y*log - (s+y)*math.Log1p(k*m.exposure[i]*mu)
	}
	return sum
}

// score is the derivative of the log-likelihood by log k at the mean that is
// likeliest for k (the envelope: the mean's own derivative does not matter).
func (m *marginal) score(mu, k float64) float64 {
	sum := 0.0
	for j, n := range m.above {
		kj := k * float64(j)
		sum += n * kj / (1 + kj)
	}
	s := 1 / k
	for _, y := range m.rest {
		sum += y - s*risingSlope(y, s)
	}
	for i, y := range m.counts {
		x := k * m.exposure[i] * mu
		sum += s*math.Log1p(x) - (s+y)*x/(1+x)
	}
	return sum
}

// Over this size the series of Stirling is good to the last digit, and the
// difference of two of its values must be worked out as such.
const large = 1e4

// rising is log Γ(s+y) − log Γ(s) − y log s.
func rising(y, s float64) float64 {
	if s > large {
		return (s+y-0.5)*math.Log1p(y/s) - y - y/(12*s*(s+y))
	}
	up, _ := math.Lgamma(s + y)
	at, _ := math.Lgamma(s)
	return up - at - y*math.Log(s)
}

// risingSlope is ψ(s+y) − ψ(s).
func risingSlope(y, s float64) float64 {
	if s > large {
		return math.Log1p(y/s) + y/(2*s*(s+y)) + (1/(s*s)-1/((s+y)*(s+y)))/12
	}
	return dist.Digamma(s+y) - dist.Digamma(s)
}
