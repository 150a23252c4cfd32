package dist

import "math"

// GammaCDF returns the probability that a gamma variable of that shape and rate
// (mean shape/rate) is x or less.
func GammaCDF(x, shape, rate float64) float64 {
	below, _ := gammaTails(shape, x*rate)
	return below
}

// GammaTail returns the probability that a gamma variable of that shape and
// rate is above x.
func GammaTail(x, shape, rate float64) float64 {
	_, above := gammaTails(shape, x*rate)
	return above
}

// GammaQuantile returns the value that a gamma variable of that shape and rate
// is below with probability p.
func GammaQuantile(p, shape, rate float64) float64 { return gammaQuantile(shape, p, 1-p) / rate }

// GammaTailQuantile returns the value that a gamma variable of that shape and
// rate is above with probability p.
func GammaTailQuantile(p, shape, rate float64) float64 { return gammaQuantile(shape, 1-p, p) / rate }

// ChiSquaredCDF returns the probability that a chi-squared variable with so
// many degrees of freedom is x or less.
func ChiSquaredCDF(x, df float64) float64 { return GammaCDF(x, df/2, 0.5) }

// ChiSquaredTail returns the probability that a chi-squared variable with so
// many degrees of freedom is above x.
func ChiSquaredTail(x, df float64) float64 { return GammaTail(x, df/2, 0.5) }

// ChiSquaredQuantile returns the value that a chi-squared variable with so many
// degrees of freedom is below with probability p.
func ChiSquaredQuantile(p, df float64) float64 { return GammaQuantile(p, df/2, 0.5) }

// ChiSquaredTailQuantile returns the value that a chi-squared variable with so
// many degrees of freedom is above with probability p.
func ChiSquaredTailQuantile(p, df float64) float64 { return GammaTailQuantile(p, df/2, 0.5) }

// gammaTails returns the probability that a gamma variable of shape a and rate
// 1 is below x, and that it is above. A shape of zero is a variable that is 0.
func gammaTails(a, x float64) (below, above float64) {
	below, above, _ = gammaAll(a, x)
	return below, above
}

// gammaAll returns both tails and poisson(a, x), which they are made of.
func gammaAll(a, x float64) (below, above, one float64) {
	switch {
	case math.IsNaN(a) || math.IsNaN(x) || a < 0 || math.IsInf(a, 1):
		return math.NaN(), math.NaN(), math.NaN()
	case x <= 0:
		if a == 0 && x == 0 {
			return 1, 0, 1
		}
		return 0, 1, 0
	case a == 0 || math.IsInf(x, 1):
		return 1, 0, 0
	}
	one = poisson(a, x)
	switch {
	case a > huge:
		below, above = gammaHuge(a, x)
		return below, above, one
	case a < 1 && x <= 1:
		return min(1, one*gammaSeries(a, x)), gammaSmall(a, x), one
	case a >= 1 && x < a+1:
		below = min(1, one*gammaSeries(a, x))
		return below, 1 - below, one
	}
	above = min(1, one*a*gammaFraction(a, x))
	return 1 - above, above, one
}

// gammaSeries is the lower tail over poisson(a, x).
func gammaSeries(a, x float64) float64 {
	if a > 100 {
		return a / gammaLower(a, x)
	}
	sum, term := 1.0, 1.0
	for n := a + 1; term > epsilon*sum; n++ {
		term *= x / n
		sum += term
	}
	return sum
}

// gammaLower is the continued fraction by which a poisson(a, x) is to be divided
// for the lower tail: what betaFraction becomes when b grows without end and x
// shrinks with it. It needs far fewer terms than the series when a is large.
func gammaLower(a, x float64) float64 {
	lead := a - x + 1
	w := 1 / (a + 1)
	f := a * lead * w
	p0, p1, q0, q1 := 1.0, f, 0.0, 1.0
	for m := 1.0; ; m++ {
		step := m * x * w
		an := (a + m - 1) * x * w * step
		w = 1 / (a + 2*m + 1)
		bn := m + step + (a+m)*(lead+2*m)*w
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

// gammaSmall is the upper tail for a shape under one and x up to one, where one
// less the lower tail would have few digits (Gautschi 1979): with
// 1+u = xᵃ/Γ(1+a) it is −u − (1+u) a Σ (−x)ᵏ/((a+k) k!).
func gammaSmall(a, x float64) float64 {
	u := math.Expm1(a*math.Log(x) - logGammaNear1(a))
	sum, term := 0.0, 1.0
	for k := 1.0; ; k++ {
		term *= -x / k
		next := sum + term/(a+k)
		if !(next > sum || next < sum) {
			return -u - (1+u)*a*sum
		}
		sum = next
	}
}

// gammaFraction is the upper tail over a poisson(a, x), by its continued
// fraction. Numerators and
// denominators are carried along undivided, which costs a comparison in four
// steps instead of two divisions in each; the first is one step late.
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	p0, p1, q0, q1 := 0.0, 1.0, 1.0, b // numerators and denominators so far
	last := p1 / q1
	for i := 1.0; ; i += 4 {
		for k := i; k < i+4; k++ {
			an := k * (a - k)
			b += 2
			p0, p1 = p1, b*p1+an*p0
			q0, q1 = q1, b*q1+an*q0
		}
		if q1 == 0 || math.Abs(q1) > 1e250 || math.IsNaN(q1) {
			return gammaFractionSlow(a, x)
		}
		if h := p1 / q1; math.Abs(h-last) <= settled*h {
			return h
		} else {
			last = h
		}
		if math.Abs(q1) > 1e100 {
			p0, p1, q0, q1 = p0*0x1p-300, p1*0x1p-300, q0*0x1p-300, q1*0x1p-300
		}
	}
}

// gammaFractionSlow is the same fraction from its head down, a factor at a time
// (Lentz's rule), for shapes whose numerators would overflow.
func gammaFractionSlow(a, x float64) float64 {
	b := x + 1 - a
	c, d := math.Inf(1), 1/b
	h := d
	for i := 1.0; ; i++ {
		an := i * (a - i)
		b += 2
		d = 1 / nonZero(an*d+b)
		c = nonZero(b + an/c)
		h *= c * d
		if !(math.Abs(c*d-1) > settled) { // or is not a number
			return h
		}
	}
}

// gammaQuantile returns the x that leaves p below it and q = 1−p above it, for
// a gamma variable of shape a and rate 1.
func gammaQuantile(a, p, q float64) float64 {
	switch {
	case math.IsNaN(a) || math.IsNaN(p) || a < 0 || math.IsInf(a, 1) || p < 0 || q < 0:
		return math.NaN()
	case a == 0 || p == 0:
		return 0
	case q == 0:
		return math.Inf(1)
	}
	if a < 1 || p < 1e-15 { // else the quantile is not as close to zero as that
		if x := gammaPower(a, p); x*a <= 1e-17*(a+1) {
			return x
		}
	}
	guess := gammaGuess(a, p, q)
	return solve(guess, p, q, func(x float64) point {
		below, above, one := gammaAll(a, x)
		return point{below, above, a * one, a - x}
	})
}

// gammaGuess is where to begin: by the cube of Wilson and Hilferty (1931), or
// by the power or the exponential that the ends are like.
func gammaGuess(a, p, q float64) float64 {
	if a < 1 {
		if power := gammaPower(a, p); power < 0.3 {
			return power
		}
		return max(0.3, -math.Log(q/a))
	}
	cubed := a * cube(1-1/(9*a)+spread(p, q)/(3*math.Sqrt(a)))
	if cubed <= 0.01*a {
		return gammaPower(a, p)
	}
	log := -math.Log(q)
	return min(cubed, a+math.Sqrt(2*a*log)+log) // no quantile is beyond the second
}

// gammaPower is the quantile where the density is a power of x, close to zero.
func gammaPower(a, p float64) float64 {
	if a < 1 {
		return math.Exp((math.Log(p) + logGammaNear1(a)) / a)
	}
	return math.Exp((math.Log(p) + LogGamma(a+1)) / a)
}

func cube(v float64) float64 { return v * v * v }

// spread is the normal quantile that leaves p below and q = 1−p above.
func spread(p, q float64) float64 {
	if p < q {
		return NormalQuantile(p)
	}
	return -NormalQuantile(q)
}
