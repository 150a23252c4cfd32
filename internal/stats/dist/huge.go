package dist

import "math"

// huge is the shape past which the terms of a continued fraction are too many
// and those of an expansion in its reciprocal too small: a count beyond it could
// hardly be counted.
const huge = 1e12

// gammaHuge returns the tails of a gamma variable of a huge shape by the first
// terms of Temme's expansion (1979), good to eleven digits or more.
func gammaHuge(a, x float64) (below, above float64) {
	eta := math.Sqrt(2*deviance(a, x)/a) * sign(x-a)
	return nearNormal(eta*math.Sqrt(a), (-1.0/3+eta*(1.0/12-eta*2.0/135))/math.Sqrt(a))
}

// betaHuge is the same for a beta variable of two huge shapes (Temme 1982), with
// y = 1−x.
func betaHuge(a, b, x, y float64) (below, above float64) {
	n := a + b
	off := 2 * (deviance(a, n*x) + deviance(b, n*y))
	p, q := a/n, b/n
	return nearNormal(math.Sqrt(off)*sign(b*x-a*y), -(q-p)/(3*math.Sqrt(p*q)*math.Sqrt(n)))
}

func sign(v float64) float64 { return math.Copysign(1, v) }

// nearNormal returns the tails at so many standard deviations of a variable that
// is normal but for a small skew.
func nearNormal(z, skew float64) (below, above float64) {
	shift := skew * NormalPDF(z)
	return min(1, max(0, NormalCDF(z)-shift)), min(1, max(0, NormalTail(z)+shift))
}
