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
	below, above, _ = betaAll(a, b, x, y)
	return below, above
}

// betaAll returns both tails and xᵃyᵇ/B(a, b), which they are made of.
func betaAll(a, b, x, y float64) (below, above, one float64) {
	switch {
	case math.IsNaN(a+b+x) || a < 0 || b < 0 || a+b == 0 || math.IsInf(a+b, 1):
		return math.NaN(), math.NaN(), math.NaN()
	case x < 0 || x <= 0 && a > 0:
		return 0, 1, 0
	case y <= 0 || a == 0:
		return 1, 0, 0
	case b == 0:
		return 0, 1, 0
	}
	switch {
	case a <= huge && b > endless:
		return endlessBeta(a, b, x, y)
	case b <= huge && a > endless:
		above, below, one = endlessBeta(b, a, y, x)
		return below, above, one
	}
	one = binomial(a, b, x, y) * a * b / (a + b)
	if min(a, b) > huge {
		below, above = betaHuge(a, b, x, y)
		return below, above, one
	}
	if x*(a+b+2) < a+1 {
		below = min(1, one/betaFraction(a, b, x, y))
		return below, 1 - below, one
	}
	above = min(1, one/betaFraction(b, a, y, x))
	return 1 - above, above, one
}

// endless is from where a shape is so large that the numbers of betaFraction
// would overflow.
const endless = 1e100

// endlessBeta is betaAll for a shape b without end beside a: the variable times b
// is then a gamma one, to all digits.
func endlessBeta(a, b, x, y float64) (below, above, one float64) {
	below, above, one = gammaAll(a, -b*logOf(y, x))
	return below, above, a * one
}

// betaFraction is the continued fraction of the incomplete beta function by
// which xᵃyᵇ/B(a, b) is to be divided (DiDonato and Morris 1992, from y = 1−x
// too, so that nothing cancels). Numerators and denominators are carried along
// undivided, scaled so that they stay near one.
func betaFraction(a, b, x, y float64) float64 {
	lead := a*y - b*x + 1
	w := 1 / (a + 1)
	f := a * lead * w
	p0, p1, q0, q1 := 1.0, f, 0.0, 1.0
	for m := 1.0; ; m++ {
		step := m * (b - m) * x * w
		an := (a + m - 1) * (a + b + m - 1) * x * w * step
		w = 1 / (a + 2*m + 1)
		bn := m + step + (a+m)*(lead+m*(1+y))*w
		p0, p1 = p1, bn*p1+an*p0
		q0, q1 = q1, bn*q1+an*q0
		next := p1 / q1
		if !(math.Abs(next-f) > settled*next) { // or is not a number
			return next
		}
		f = next
		if p1 > 1e100 || q1 > 1e100 {
			p0, p1, q0, q1 = p0*0x1p-300, p1*0x1p-300, q0*0x1p-300, q1*0x1p-300
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
	guess := betaGuess(a, b, p, q)
	if guess < 1e-10 {
		if x := betaPower(a, b, p); x*max(1, b) < 1e-17 {
			return x
		}
	}
	if guess > 1e10 {
		if y := betaPower(b, a, q); y*max(1, a) < 1e-17 {
			return 1 / y
		}
	}
	return solve(min(max(guess, 1e-290), 1e290), p, q, func(odds float64) point {
		x, y := odds/(1+odds), 1/(1+odds)
		below, above, one := betaAll(a, b, x, y)
		return point{below, above, one, a*y - b*x}
	})
}

// betaGuess is where to begin: the logarithm of the odds taken as normal, its
// mean ψ(a) − ψ(b) and variance ψ′(a) + ψ′(b) by the first terms of their series.
func betaGuess(a, b, p, q float64) float64 {
	if min(a, b) < 1e-100 { // next to always 0, or 1
		if p*(a+b) < b {
			return 0
		}
		return math.Inf(1)
	}
	mean, variance := logMoments(a)
	less, more := logMoments(b)
	return math.Exp(mean - less + spread(p, q)*math.Sqrt(variance+more))
}

// logMoments returns, roughly, the mean and variance of the logarithm of a gamma
// variable.
func logMoments(shape float64) (mean, variance float64) {
	if shape < 2 {
		mean, variance = logMoments(shape + 1)
		return mean - 1/shape, variance + 1/(shape*shape)
	}
	r := 1 / shape
	return math.Log(shape) - r*(0.5+r/12), r * (1 + r*(0.5+r/6))
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
