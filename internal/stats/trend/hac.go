package trend

import (
	"math"

	"openvru/internal/stats"
)

// ErrorKind is what standard errors allow for.
type ErrorKind int

// The kinds.
const (
	// Lasting has a share of each month's surprise last into the months after and fade,
	// both as the residuals show (restricted maximum likelihood). Of the kinds here it
	// covers best for the counts of months that there are; the robust ones need several
	// hundred.
	Lasting ErrorKind = iota
	// RobustRule allows for autocorrelation and any variance (Newey and West 1987),
	// up to a lag of ⌊4 (n/100)^(2/9)⌋ steps.
	RobustRule
	// RobustAuto chooses the lag from the data (Newey and West 1994).
	RobustAuto
	// RobustLag takes the lag that is given.
	RobustLag
	// ModelBased trusts the model: independent months of the family's variance.
	ModelBased
)

// Errors says how standard errors are worked out.
type Errors struct {
	Kind ErrorKind
	// Lag is that of RobustLag, in steps; less than the length of the series.
	Lag int
	// Plain leaves out the factor n/(n − parameters) of robust errors.
	Plain bool
}

// scores is the estimating function of a fit, a row per month: what each month
// pulls at each coefficient, zero in total.
type scores struct {
	n, k   int
	values []float64
}

// lag returns the one to use.
func (e Errors) lag(s scores) (int, error) {
	switch e.Kind {
	case RobustRule:
		return min(ruleLag(s.n), s.n-1), nil
	case RobustAuto:
		return min(s.bandwidth(), s.n-1), nil
	case RobustLag:
		if e.Lag < 0 || e.Lag >= s.n {
			return 0, stats.ErrOption
		}
		return e.Lag, nil
	}
	return 0, stats.ErrOption
}

// scale is the factor for the months that the parameters have taken.
func (e Errors) scale(f *Fit) float64 {
	if e.Plain {
		return 1
	}
	return float64(f.DF+f.scores.k) / float64(f.DF)
}

func ruleLag(n int) int { return int(4 * math.Pow(float64(n)/100, 2.0/9)) }

// bandwidth is the whole part of that of Newey and West (1994) for weights that
// fall in a straight line, from the sum of the scores but the intercept's.
func (s scores) bandwidth() int {
	h := make([]float64, s.n)
	for i := range h {
		row := s.values[i*s.k : (i+1)*s.k]
		for j, v := range row {
			if j > 0 || s.k == 1 {
				h[i] += v
			}
		}
	}
	zero, one := 0.0, 0.0
	for l := 0; l <= min(ruleLag(s.n), s.n-1); l++ {
		c := dot(h[:s.n-l], h[l:]) / float64(s.n)
		if l > 0 {
			c *= 2
		}
		zero += c
		one += float64(l) * c
	}
	if zero == 0 {
		return 0
	}
	b := 1.1447 * math.Cbrt(one/zero*(one/zero)*float64(s.n))
	return int(min(b, float64(s.n)))
}

// middle is the covariance of the sum of the scores, k by k.
func (s scores) middle(lag int) []float64 {
	out := make([]float64, s.k*s.k)
	near := make([]float64, s.k)
	for i := range s.n {
		now := s.values[i*s.k : (i+1)*s.k]
		copy(near, now)
		for l := 1; l <= min(lag, i); l++ {
			w := 2 * (1 - float64(l)/float64(lag+1))
			for j, v := range s.values[(i-l)*s.k : (i-l+1)*s.k] {
				near[j] += w * v
			}
		}
		for a, v := range now {
			row := out[a*s.k : (a+1)*s.k]
			for b, u := range near {
				row[b] += v * u
			}
		}
	}
	symmetric(out, s.k)
	return out
}

func symmetric(m []float64, k int) {
	for a := range k {
		for b := range a {
			v := (m[a*k+b] + m[b*k+a]) / 2
			m[a*k+b], m[b*k+a] = v, v
		}
	}
}

// sandwich is bread·middle·bread times a scale, all k by k and symmetric.
func sandwich(bread, middle []float64, k int, scale float64) []float64 {
	out := times(times(bread, middle, k), bread, k)
	for i := range out {
		out[i] *= scale
	}
	symmetric(out, k)
	return out
}

func times(a, b []float64, k int) []float64 {
	out := make([]float64, k*k)
	for i := range k {
		row := out[i*k : (i+1)*k]
		for l := range k {
			if v := a[i*k+l]; v != 0 {
				for j, u := range b[l*k : (l+1)*k] {
					row[j] += v * u
				}
			}
		}
	}
	return out
}
