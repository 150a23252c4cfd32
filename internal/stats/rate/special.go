package rate

import "math"

// The probabilities that intervals are found from. All are worked out from the
// probability of a single value in the saddle-point form of Loader (2000),
// which keeps full accuracy for counts of any size, and a series or continued
// fraction for the tail.

// epsilon ends a sum and, in a product whose factors near 1, settled does.
const (
	epsilon = 1e-16
	settled = 1e-15
)

// stirling is ln n! − ln(√(2πn) (n/e)ⁿ), the error of Stirling's formula.
func stirling(n float64) float64 {
	if n <= 15 {
		l, _ := math.Lgamma(n + 1)
		return l - (n+0.5)*math.Log(n) + n - 0.5*math.Log(2*math.Pi)
	}
	m := 1 / (n * n)
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/1188*m)*m)*m)*m) / n
}

// deviance is x ln(x/m) + m − x, without the loss of digits when x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := (x-m)*v, 2*x*v
	for k := 1.0; ; k++ {
		term *= v * v
		next := sum + term/(2*k+1)
		if next == sum {
			return sum
		}
		sum = next
	}
}

// poisson is the probability of x events where m are expected; x need not be
// whole.
func poisson(x, m float64) float64 {
	switch {
	case m <= 0:
		if x == 0 {
			return 1
		}
		return 0
	case x == 0:
		return math.Exp(-m)
	}
	return math.Exp(-stirling(x)-deviance(x, m)) / math.Sqrt(2*math.Pi*x)
}

// binomial is the probability of x events of one kind and y of another, each
// being of the first kind with chance p.
func binomial(x, y, p float64) float64 {
	n := x + y
	switch {
	case p <= 0 || p >= 1:
		if p <= 0 && x == 0 || p >= 1 && y == 0 {
			return 1
		}
		return 0
	case x == 0:
		return math.Exp(y * math.Log1p(-p))
	case y == 0:
		return math.Exp(x * math.Log(p))
	}
	return math.Exp(stirling(n)-stirling(x)-stirling(y)-deviance(x, n*p)-deviance(y, n*(1-p))) *
		math.Sqrt(n/(2*math.Pi*x*y))
}

// gammaTails returns the probability that a gamma variable of shape a is below
// x, and that it is above.
func gammaTails(a, x float64) (below, above float64) {
	if x <= 0 {
		return 0, 1
	}
	if x < a+1 {
		below = gammaSeries(a, x)
		return below, 1 - below
	}
	above = gammaFraction(a, x)
	return 1 - above, above
}

func gammaSeries(a, x float64) float64 {
	sum, term := 1.0, 1.0
	for n := a + 1; term > epsilon*sum; n++ {
		term *= x / n
		sum += term
	}
	return poisson(a, x) * sum
}

// gammaFraction evaluates the continued fraction of the upper tail from its
// head down (Lentz's rule).
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	c, d := math.Inf(1), 1/b
	h := d
	for i := 1.0; ; i++ {
		an := -i * (i - a)
		b += 2
		d = 1 / nonZero(an*d+b)
		c = nonZero(b + an/c)
		h *= c * d
		if math.Abs(c*d-1) <= settled {
			return poisson(a, x) * a * h
		}
	}
}

func nonZero(v float64) float64 {
	if math.Abs(v) < 1e-300 {
		return 1e-300
	}
	return v
}

// betaTail is the probability that x or more of x−1+y events are of a kind
// that each is of with chance p: the incomplete beta function at p.
func betaTail(x, y, p float64) float64 {
	switch {
	case p <= 0 || y == 0:
		return 0
	case p >= 1:
		return 1
	}
	if p < (x+1)/(x+y+2) {
		return binomial(x, y, p) * y / (x + y) * betaFraction(x, y, p)
	}
	return 1 - binomial(x, y, p)*x/(x+y)*betaFraction(y, x, 1-p)
}

func betaFraction(a, b, x float64) float64 {
	c, d := 1.0, 1/nonZero(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; ; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / nonZero(1+even*d)
		c = nonZero(1 + even/c)
		h *= c * d
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / nonZero(1+odd*d)
		c = nonZero(1 + odd/c)
		h *= c * d
		if math.Abs(c*d-1) <= settled {
			return h
		}
	}
}

// gammaQuantile returns the x that leaves probability p below it or, when
// upper, above it, for a gamma variable of shape a.
func gammaQuantile(a, p float64, upper bool) float64 {
	f := func(x float64) float64 {
		below, above := gammaTails(a, x)
		if upper {
			return p - above
		}
		return below - p
	}
	high := a + 1
	for f(high) < 0 {
		high *= 2
	}
	return root(f, 0, high)
}

// rising returns where a function that rises from below zero at 0 to above
// zero at 1 is zero.
func rising(f func(p float64) float64) float64 { return root(f, 0, 1) }

// root finds where a rising function is zero between low and high: each step
// goes where the line or, when that is slow, the middle points (the rule of
// Anderson and Björck, with bisection behind it).
func root(f func(float64) float64, low, high float64) float64 {
	fl, fh := f(low), f(high)
	for step := 0; high-low > 4e-16*high && step < 400; step++ {
		x := high - fh*(high-low)/(fh-fl)
		if step%3 == 2 || !(x > low && x < high) {
			x = low + (high-low)/2
		}
		if x <= low || x >= high {
			break
		}
		switch y := f(x); {
		case y == 0:
			return x
		case y < 0:
			fh *= keep(y, fl)
			low, fl = x, y
		default:
			fl *= keep(y, fh)
			high, fh = x, y
		}
	}
	return low + (high-low)/2
}

// keep is by how much the end that stays is moved towards zero.
func keep(y, replaced float64) float64 {
	if m := 1 - y/replaced; m > 0 {
		return m
	}
	return 0.5
}
