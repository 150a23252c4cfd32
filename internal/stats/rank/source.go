package rank

import (
	"math"

	"openvru/internal/stats"
)

// Normals is a Source of independent normal posteriors, by mean and standard
// deviation.
type Normals struct{ Mean, Deviation []float64 }

// Places returns how many places there are.
func (s Normals) Places() int { return len(s.Mean) }

// Draw draws each value.
func (s Normals) Draw(r *stats.Rand, out []float64) {
	for i := range out {
		out[i] = s.Mean[i] + s.Deviation[i]*r.Normal()
	}
}

// Check returns ErrLength, ErrMissing, or ErrNegative for a deviation.
func (s Normals) Check() error {
	if len(s.Mean) != len(s.Deviation) {
		return stats.ErrLength
	}
	if err := stats.Finite(s.Mean); err != nil {
		return err
	}
	return stats.Counts(s.Deviation)
}

// Gammas is a Source of independent gamma posteriors, by shape and rate.
type Gammas struct{ Shape, Rate []float64 }

// Places returns how many places there are.
func (s Gammas) Places() int { return len(s.Shape) }

// Draw draws each value.
func (s Gammas) Draw(r *stats.Rand, out []float64) {
	for i := range out {
		out[i] = r.Gamma(s.Shape[i]) / s.Rate[i]
	}
}

// Check returns ErrLength, ErrMissing, or ErrNegative for a shape or rate that
// is not more than zero.
func (s Gammas) Check() error {
	if len(s.Shape) != len(s.Rate) {
		return stats.ErrLength
	}
	if err := stats.Counts(s.Shape, s.Rate); err != nil {
		return err
	}
	for i := range s.Shape {
		if s.Shape[i] == 0 || s.Rate[i] == 0 {
			return stats.ErrNegative
		}
	}
	return nil
}

// Samples is a Source of draws made elsewhere, such as bootstrap replications:
// one row a draw, one column a place. They are used once each, in order, and
// Options.Draws is their number.
type Samples [][]float64

// Places returns how many columns there are.
func (s Samples) Places() int {
	if len(s) == 0 {
		return 0
	}
	return len(s[0])
}

// Draw fills out with a row at random.
func (s Samples) Draw(r *stats.Rand, out []float64) { copy(out, s[r.Below(uint32(len(s)))]) }

// Check returns ErrLength when rows differ in length.
func (s Samples) Check() error {
	for _, row := range s {
		if len(row) != s.Places() {
			return stats.ErrLength
		}
	}
	return nil
}

// prepare checks a source and fills in the options.
func prepare(s Source, o Options) (Options, error) {
	if s.Places() == 0 {
		return o, stats.ErrEmpty
	}
	if checked, ok := s.(interface{ Check() error }); ok {
		if err := checked.Check(); err != nil {
			return o, err
		}
	}
	if given, ok := s.(Samples); ok {
		o.Draws = len(given)
	}
	return o.filled(s.Places())
}

// number returns ErrMissing when a draw holds NaN.
func number(values []float64) error {
	for _, v := range values {
		if math.IsNaN(v) {
			return stats.ErrMissing
		}
	}
	return nil
}
