package dist

import "math"

// BetaCDF returns the probability that a beta variable of shapes a and b (mean
// a/(a+b)) is x or less: the incomplete beta function.
func BetaCDF(x, a, b float64) float64 {
	below, _ := betaTails(a, b, x, 1-x)
	return below
}

// BetaTail returns the probability that a beta variable of shapes a and b is
// above x.
func BetaTail(x, a, b float64) float64 {
	_, above := betaTails(a, b, x, 1-x)
	return above
}

// BetaQuantile returns the value that a beta variable of shapes a and b is
// below with probability p.
func BetaQuantile(p, a, b float64) float64 { return share(betaOdds(a, b, p, 1-p)) }

// BetaTailQuantile returns the value that a beta variable of shapes a and b is
// above with probability p.
func BetaTailQuantile(p, a, b float64) float64 { return share(betaOdds(a, b, 1-p, p)) }

// FTail returns the probability that an F variable with d1 and d2 degrees of
// freedom is above x; either may be infinite.
func FTail(x, d1, d2 float64) float64 {
	if x <= 0 {
		return 1
	}
	switch {
	case math.IsInf(d2, 1):
		return ChiSquaredTail(x*d1, d1)
	case math.IsInf(d1, 1):
		return ChiSquaredCDF(d2/x, d2)
	case math.IsInf(x, 1):
		return 0
	}
	_, above := betaTails(d1/2, d2/2, d1*x/(d1*x+d2), d2/(d1*x+d2))
	return above
}

// FCDF returns the probability that an F variable with d1 and d2 degrees of
// freedom is x or less.
func FCDF(x, d1, d2 float64) float64 {
	if x <= 0 {
		return 0
	}
	return FTail(1/x, d2, d1)
}

// FQuantile returns the value that an F variable with d1 and d2 degrees of
// freedom is below with probability p.
func FQuantile(p, d1, d2 float64) float64 { return fQuantile(p, 1-p, d1, d2) }

// FTailQuantile returns the value that an F variable with d1 and d2 degrees of
// freedom is above with probability p.
func FTailQuantile(p, d1, d2 float64) float64 { return fQuantile(1-p, p, d1, d2) }

func fQuantile(p, q, d1, d2 float64) float64 {
	switch {
	case math.IsInf(d2, 1):
		return 2 * gammaQuantile(d1/2, p, q) / d1
	case math.IsInf(d1, 1):
		return d2 / (2 * gammaQuantile(d2/2, q, p))
	}
	return betaOdds(d1/2, d2/2, p, q) * d2 / d1
}

// share turns odds into a probability.
func share(odds float64) float64 {
	if math.IsInf(odds, 1) {
		return 1
	}
	return odds / (1 + odds)
}

// betaTails returns the probability that a beta variable of shapes a and b is
// below x, and that it is above, where y is 1−x. A shape of zero is a variable
// that is 0 (a) or 1 (b).
func betaTails(a, b, x, y float64) (below, above float64) {
	switch {
	case math.IsNaN(a+b+x) || a < 0 || b < 0 || a+b == 0 || math.IsInf(a+b, 1):
		return math.NaN(), math.NaN()
	case x < 0 || x <= 0 && a > 0:
		return 0, 1
	case y <= 0 || a == 0:
		return 1, 0
	case b == 0:
		return 0, 1
	}
	if x*(a+b+2) < a+1 {
		below = min(1, binomial(a, b, x, y)*a*b/(a+b)/betaFraction(a, b, x, y))
		return below, 1 - below
	}
	above = min(1, binomial(b, a, y, x)*a*b/(a+b)/betaFraction(b, a, y, x))
	return 1 - above, above
}

// betaFraction is the continued fraction of the incomplete beta function by
// which xᵃyᵇ/B(a, b) is to be divided (DiDonato and Morris 1992, from y = 1−x
// too, so that nothing cancels), evaluated from its head down (Lentz's rule).
func betaFraction(a, b, x, y float64) float64 {
	lead := a*y - b*x + 1
	f := nonZero(a * lead / (a + 1))
	c, d := f, 0.0
	for m := 1.0; ; m++ {
		w := 1 / (a + 2*m - 1)
		step := m * (b - m) * x * w
		an := (a + m - 1) * (a + b + m - 1) * x * w * step
		bn := m + step + (a+m)*(lead+m*(1+y))/(a+2*m+1)
		d = 1 / nonZero(bn+an*d)
		c = nonZero(bn + an/c)
		f *= c * d
		if math.Abs(c*d-1) <= settled {
			return f
		}
	}
}

// betaOdds returns the odds x/(1−x) of the x that leaves p below it and q = 1−p
// above it.
func betaOdds(a, b, p, q float64) float64 {
	switch {
	case math.IsNaN(a+b+p) || a < 0 || b < 0 || a+b == 0 || math.IsInf(a+b, 1) || p < 0 || q < 0:
		return math.NaN()
	case a == 0 || p == 0:
		return 0
	case b == 0 || q == 0:
		return math.Inf(1)
	}
	if x := betaPower(a, b, p); x*max(1, b) < 1e-17 {
		return x
	}
	if y := betaPower(b, a, q); y*max(1, a) < 1e-17 {
		return 1 / y
	}
	guess := math.Exp(Digamma(a) - Digamma(b) + spread(p, q)*math.Sqrt(Trigamma(a)+Trigamma(b)))
	return solve(min(max(guess, 1e-290), 1e290), p, q, func(odds float64) point {
		x, y := odds/(1+odds), 1/(1+odds)
		below, above := betaTails(a, b, x, y)
		return point{below, above, binomial(a, b, x, y) * a * b / (a + b), a*y - b*x}
	})
}

// betaPower is the quantile where the density is a power of x, close to zero:
// xᵃ = p a B(a, b).
func betaPower(a, b, p float64) float64 {
	if a > 20 { // nothing a number can hold is as close as that
		return 1
	}
	return math.Exp(betaPowerLog(a, b, p))
}

func betaPowerLog(a, b, p float64) float64 {
	own := LogGamma(a + 1)
	if a < 0.5 {
		own = logGammaNear1(a)
	}
	return (math.Log(p) + own - logGammaRise(b, a)) / a
}
