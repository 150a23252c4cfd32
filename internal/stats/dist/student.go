package dist

import "math"

// StudentTail returns the probability that a Student t variable with so many
// degrees of freedom (more than zero, perhaps infinite) is above x.
func StudentTail(x, df float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalTail(x)
	case x < 0:
		return 1 - StudentTail(-x, df)
	case math.IsInf(x, 1):
		return 0
	}
	square := x * x
	if math.IsInf(square, 1) { // the power of the tail is all that counts
		return 0.5 * math.Exp(df/2*(math.Log(df)-2*math.Log(x))+logBinomial(df/2, 0.5, 0.5, 0.5)+
			(df/2+0.5)*math.Ln2-math.Log(df+1))
	}
	beyond, _ := betaTails(df/2, 0.5, df/(df+square), square/(df+square))
	return beyond / 2
}

// StudentCDF returns the probability that a Student t variable with so many
// degrees of freedom is x or less.
func StudentCDF(x, df float64) float64 { return StudentTail(-x, df) }

// StudentQuantile returns the value that a Student t variable with so many
// degrees of freedom is below with probability p.
func StudentQuantile(p, df float64) float64 {
	switch {
	case math.IsNaN(p) || math.IsNaN(df) || df <= 0 || p < 0 || p > 1:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p > 0.5:
		return -StudentQuantile(1-p, df)
	case p == 0.5:
		return 0
	}
	if df >= 3 && p > 1e-8 {
		return -studentNear(p, df)
	}
	if odds := betaOdds(df/2, 0.5, 2*p, 1-2*p); odds > 1e-280 {
		return -math.Sqrt(df / odds)
	}
	return -math.Sqrt(df) * math.Exp(-betaPowerLog(df/2, 0.5, 2*p)/2) // the odds would be 0
}

// studentNear is the value above which p lies, not too far out: from the first
// terms of the expansion of Cornish and Fisher (1937), by Halley's rule.
func studentNear(p, df float64) float64 {
	z := -NormalQuantile(p)
	z2 := z * z
	t := z * (1 + ((z2+1)/4+((5*z2+16)*z2+3)/(96*df)+(((3*z2+19)*z2+17)*z2-15)/(384*df*df))/df)
	density := math.Exp(logGammaRise(df/2, 0.5)) / math.Sqrt(df*math.Pi) // at zero
	for range 20 {
		y := t * t / df
		slope := density * math.Exp(-(df+1)/2*math.Log1p(y))
		step := (StudentTail(t, df) - p) / slope
		step /= 1 - step*(df+1)*t/(2*(df+t*t))
		t += step
		if math.Abs(step) < 1e-6*math.Abs(t) { // the next would be its cube
			break
		}
	}
	return t
}
