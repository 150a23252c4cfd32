// Package dist is the probability distributions that the other statistics are
// made of: probabilities, both tails and quantiles, to about fifteen digits at
// the centre and twelve or more in tails as far out as 1e-300.
//
// The probability of a single value is worked out in the saddle-point form of
// Loader (2000), which keeps its digits for counts of any size; tails are a
// series or a continued fraction of positive terms times that, so a small tail
// is never found as one less something near one. Where a tail matters, call the
// function for that tail: XCDF is P(X ≤ x), XTail is P(X > x), XQuantile is the
// value that leaves p below it and XTailQuantile the one that leaves p above.
//
// As in package math, nothing returns an error: a parameter outside its range
// gives NaN, a value outside the support gives the probability 0 or 1 that it
// has, and a probability outside 0 to 1 has the quantile NaN.
package dist

import "math"

const (
	// epsilon ends a sum, and settled a product whose factors near 1.
	epsilon = 1e-17
	settled = 5e-16

	halfLog2Pi = 0.918938533204672741780329736406
)

// stirling is ln n! − ln(√(2πn) (n/e)ⁿ), the error of Stirling's formula, for n
// of more than zero.
func stirling(n float64) float64 {
	if n <= 15 {
		if twice := 2 * n; twice == math.Floor(twice) {
			return stirlingOf[int(twice)]
		}
		return stirlingSmall(n)
	}
	return stirlingSeries(n)
}

// stirlingOf is stirling at whole numbers and halves up to fifteen, by twice
// the number; the first is not used.
var stirlingOf = func() (of [31]float64) {
	for twice := 1; twice < len(of); twice++ {
		of[twice] = stirlingUp(float64(twice) / 2)
	}
	return of
}()

// stirlingSmall serves numbers that the table does not hold. It loses two digits
// to what cancels, of which none is missed where it is used.
func stirlingSmall(n float64) float64 {
	if n < 1 {
		return logGammaNear1(n) - (n+0.5)*math.Log(n) + n - halfLog2Pi
	}
	l, _ := math.Lgamma(n + 1)
	return l - (n+0.5)*math.Log(n) + n - halfLog2Pi
}

// stirlingUp climbs to where the series holds: from n to n+1 the error of
// Stirling's formula falls by (n+½) ln(1+1/n) − 1.
func stirlingUp(n float64) float64 {
	fall := 0.0
	for ; n < 8; n++ {
		fall += stirlingStep(n)
	}
	return fall + stirlingSeries(n)
}

// stirlingStep is (n+½) ln(1+1/n) − 1 without its cancellation: with
// v = 1/(2n+1) it is artanh(v)/v − 1.
func stirlingStep(n float64) float64 {
	if n < 0.5 {
		return (n+0.5)*math.Log1p(1/n) - 1
	}
	square := 1 / ((2*n + 1) * (2*n + 1))
	sum, power := 0.0, 1.0
	for k := 3.0; ; k += 2 {
		power *= square
		next := sum + power/k
		if !(next > sum || next < sum) {
			return sum
		}
		sum = next
	}
}

// stirlingSeries is the asymptotic series, to the last digit from eight on.
func stirlingSeries(n float64) float64 {
	m := 1 / (n * n)
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-(1.0/1188-(691.0/360360-
		(1.0/156-3617.0/122400*m)*m)*m)*m)*m)*m)*m) / n
}

// deviance is x ln(x/m) + m − x, without the loss of digits when x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := (x-m)*v, 2*x*v
	v *= v
	for k := 3.0; ; k += 2 {
		term *= v
		next := sum + term/k
		if !(next > sum || next < sum) {
			return sum
		}
		sum = next
	}
}

// poisson is the probability of x events where m are expected; x need not be
// whole, for it is also m times the density of a gamma variable of shape x at m,
// over x.
func poisson(x, m float64) float64 {
	switch {
	case m <= 0:
		if x == 0 {
			return 1
		}
		return 0
	case x == 0:
		return math.Exp(-m)
	case math.IsInf(m, 1) || math.IsInf(x, 1):
		return 0
	}
	if x < 1e-3 { // the two parts below would cancel
		return math.Exp(x*math.Log(m) - m - logGammaNear1(x))
	}
	return math.Exp(-stirling(x)-deviance(x, m)) / math.Sqrt(2*math.Pi*x)
}

func logPoisson(x, m float64) float64 {
	switch {
	case m <= 0 || x == 0:
		if x == 0 {
			return -m
		}
		return math.Inf(-1)
	case math.IsInf(m, 1) || math.IsInf(x, 1):
		return math.Inf(-1)
	}
	if x < 1e-3 {
		return x*math.Log(m) - m - logGammaNear1(x)
	}
	return -stirling(x) - deviance(x, m) - halfLog2Pi - 0.5*math.Log(x)
}

// binomial is the probability of x events of one kind and y of another, each
// being of the first kind with chance p and of the second with chance q = 1−p.
func binomial(x, y, p, q float64) float64 {
	switch {
	case p <= 0 || q <= 0:
		if p <= 0 && x == 0 || q <= 0 && y == 0 {
			return 1
		}
		return 0
	case x == 0 || y == 0 || x < 1e-3 || y < 1e-3:
		return math.Exp(logBinomial(x, y, p, q))
	}
	n := x + y
	return math.Exp(stirling(n)-stirling(x)-stirling(y)-deviance(x, n*p)-deviance(y, n*q)) *
		math.Sqrt(n/(2*math.Pi*x*y))
}

func logBinomial(x, y, p, q float64) float64 {
	n := x + y
	switch {
	case p <= 0 || q <= 0:
		if p <= 0 && x == 0 || q <= 0 && y == 0 {
			return 0
		}
		return math.Inf(-1)
	case x == 0:
		return y * logOf(q, p)
	case y == 0:
		return x * logOf(p, q)
	case x < 1e-3:
		return x*math.Log(p) + y*logOf(q, p) + logGammaRise(y+1, x) - logGammaNear1(x)
	case y < 1e-3:
		return y*math.Log(q) + x*logOf(p, q) + logGammaRise(x+1, y) - logGammaNear1(y)
	}
	return stirling(n) - stirling(x) - stirling(y) - deviance(x, n*p) - deviance(y, n*q) -
		halfLog2Pi + 0.5*math.Log(n/(x*y))
}

// logOf is ln p, from whichever of p and q = 1−p has more digits to give.
func logOf(p, q float64) float64 {
	if q < 0.5 {
		return math.Log1p(-q)
	}
	return math.Log(p)
}

func nonZero(v float64) float64 {
	if math.Abs(v) < 1e-300 {
		return 1e-300
	}
	return v
}
