package dist

import "math"

// LogGamma returns ln |Γ(x)|.
func LogGamma(x float64) float64 {
	l, _ := math.Lgamma(x)
	return l
}

// zetaLess1 is ζ(k) − 1 for k from 2 on.
var zetaLess1 = func() (z [40]float64) {
	for k := 2; k < len(z); k++ {
		// The first terms, then the integral of the rest with its corrections
		// (Euler and Maclaurin).
		const n = 12.0
		s, sum := float64(k), 0.0
		for j := n - 1; j >= 2; j-- {
			sum += math.Pow(j, -s)
		}
		head := math.Pow(n, -s)
		tail := head * (n/(s-1) + 0.5 + s/(12*n) - s*(s+1)*(s+2)/(720*n*n*n) +
			s*(s+1)*(s+2)*(s+3)*(s+4)/(30240*math.Pow(n, 5)) -
			s*(s+1)*(s+2)*(s+3)*(s+4)*(s+5)*(s+6)/(1209600*math.Pow(n, 7)))
		z[k] = sum + tail
	}
	return z
}()

const euler = 0.577215664901532860606512090082

// logGammaNear1 is ln Γ(1+a) for a from −½ to 1, to full relative accuracy at
// small a, where 1+a would lose the digits of a.
func logGammaNear1(a float64) float64 {
	if a > 0.5 { // Γ(1+a) = a Γ(1+(a−1))
		return math.Log(a) + logGammaNear1(a-1)
	}
	sum, power := 0.0, -a
	for k := 2; k < len(zetaLess1); k++ {
		power *= -a
		next := sum - power*zetaLess1[k]/float64(k)
		if !(next > sum || next < sum) {
			break
		}
		sum = next
	}
	return a*(1-euler) - math.Log1p(a) - sum
}

// logGammaRise is ln Γ(x+d) − ln Γ(x) for d of no less than zero and x of more
// than zero, without subtracting two large numbers.
func logGammaRise(x, d float64) float64 {
	if d == 0 {
		return 0
	}
	rise := 0.0
	for ; x < 8; x++ {
		rise -= math.Log1p(d / x)
	}
	return rise + (x-0.5)*math.Log1p(d/x) + d*(math.Log(x+d)-1) + stirlingFall(x, d)
}

// stirlingFall is the series that corrects Stirling's formula, at x+d less that
// at x: for a small d by its slope.
func stirlingFall(x, d float64) float64 {
	if d > 1e-5 {
		return stirlingSeries(x+d) - stirlingSeries(x)
	}
	m := 1 / (x * x)
	slope := -(1.0/12 - (3.0/360-(5.0/1260-(7.0/1680-(9.0/1188-691.0*11/360360*m)*m)*m)*m)*m) * m
	curve := (1.0/6 - (12.0/360-30.0/1260*m)*m) * m / x
	return d * (slope + d*curve/2)
}

// Digamma returns the derivative of ln Γ at x: to full absolute accuracy, and
// relative too but next to its zeros.
func Digamma(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, -1) || x <= 0 && x == math.Floor(x) {
		return math.NaN()
	}
	if x < 0 {
		return Digamma(1-x) - math.Pi/math.Tan(math.Pi*(x-math.Floor(x)))
	}
	low := 0.0
	for ; x < 10; x++ {
		low += 1 / x
	}
	if math.IsInf(x, 1) {
		return x
	}
	m := 1 / (x * x)
	series := (1.0/12 - (1.0/120-(1.0/252-(1.0/240-(1.0/132-(691.0/32760-(1.0/12-3617.0/8160*m)*m)*m)*m)*m)*m)*m) * m
	return math.Log(x) - 0.5/x - series - low
}

// Trigamma returns the second derivative of ln Γ at x.
func Trigamma(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, -1) || x <= 0 && x == math.Floor(x) {
		return math.NaN()
	}
	if x < 0 {
		s := math.Sin(math.Pi * (x - math.Floor(x)))
		return math.Pi*math.Pi/(s*s) - Trigamma(1-x)
	}
	low := 0.0
	for ; x < 10; x++ {
		low += 1 / (x * x)
	}
	m := 1 / (x * x)
	series := (1.0/6 - (1.0/30-(1.0/42-(1.0/30-(5.0/66-(691.0/2730-(7.0/6-3617.0/510*m)*m)*m)*m)*m)*m)*m) * m / x
	return 1/x + m/2 + series + low
}
