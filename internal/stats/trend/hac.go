package trend

import (
	"openvru/internal/stats"
	"openvru/internal/stats/model"
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

// hac is what the model package is to work out.
func (e Errors) hac(months int) (model.HAC, error) {
	o := model.HAC{Adjust: !e.Plain}
	switch e.Kind {
	case RobustRule:
		o.Lag = model.RuleLag
	case RobustAuto:
		o.Lag = model.AutoLag
	case RobustLag:
		if e.Lag < 0 || e.Lag >= months {
			return o, stats.ErrOption
		}
		o.Lag = e.Lag
	default:
		return o, stats.ErrOption
	}
	return o, nil
}

// scale is the factor for the months that the parameters have taken.
func (e Errors) scale(f *Fit) float64 {
	if e.Plain {
		return 1
	}
	return float64(f.DF+len(f.estimates)) / float64(f.DF)
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
