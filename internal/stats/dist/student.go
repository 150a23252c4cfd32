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
	if odds := betaOdds(df/2, 0.5, 2*p, 1-2*p); odds > 1e-280 {
		return -math.Sqrt(df / odds)
	}
	return -math.Sqrt(df) * math.Exp(-betaPowerLog(df/2, 0.5, 2*p)/2) // the odds would be 0
}
