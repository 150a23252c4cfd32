package rate

import "math"

// exactBelow is the count from which Byar's approximation is close enough that
// public health bodies in England use it: PHE's and now OHID's tools do.
const exactBelow = 10

// Poisson returns the interval of a count: exact under ten, Byar's from ten on.
func Poisson(count, confidence float64) Interval {
	if count < exactBelow {
		return Exact(count, confidence)
	}
	return Byar(count, confidence)
}

// Exact returns the exact interval of a Poisson count (Garwood 1936): the
// means under which a count this low, or this high, would come up with half
// the remaining probability each.
func Exact(count, confidence float64) Interval {
	half := (1 - confidence) / 2
	i := Interval{Low: 0, High: gammaQuantile(count+1, half, true)}
	if count > 0 {
		i.Low = gammaQuantile(count, half, false)
	}
	return i
}

// Byar returns Byar's approximation to the exact interval (Breslow and Day
// 1987), good to a few parts in a thousand from ten on.
func Byar(count, confidence float64) Interval {
	z := NormalQuantile(1 - (1-confidence)/2)
	end := func(n, z float64) float64 {
		root := 1 - 1/(9*n) + z/(3*math.Sqrt(n))
		return n * root * root * root
	}
	i := Interval{Low: 0, High: end(count+1, z)}
	if count > 0 {
		i.Low = max(0, end(count, -z))
	}
	return i
}

// NormalQuantile returns the value that a standard normal variable is below
// with probability p.
func NormalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }
