package model

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// steps chooses influences by BIC.
type steps struct {
	d      *Design
	list   []Influence
	y      []float64
	o      TerrainOptions
	family Family

	in  []int // in the model, in the order of entry
	fit *Fitted
	bic float64
}

// run steps from the model with no influences, each time to the model with one
// more or one fewer whose BIC is the least, until none is less.
func (s *steps) run(screened []int) error {
	fit, bic, err := s.try(nil)
	if err != nil {
		return err
	}
	s.fit, s.bic = fit, bic
	for range 2 * len(s.list) { // each step lowers BIC, so it ends long before
		models := s.next(screened)
		fits, values := make([]*Fitted, len(models)), make([]float64, len(models))
		stats.Parallel(len(models), func(_, i int) {
			var err error
			if fits[i], values[i], err = s.try(models[i]); err != nil {
				values[i] = math.Inf(1) // a model that cannot be fitted is not chosen
			}
		})
		best := -1
		for i, v := range values {
			if v < s.bic-1e-9 {
				best, s.bic = i, v
			}
		}
		if best < 0 {
			return nil
		}
		s.in, s.fit = models[best], fits[best]
	}
	return nil
}

// next lists the models one step away.
func (s *steps) next(screened []int) [][]int {
	var out [][]int
	for _, j := range screened {
		if !slices.ContainsFunc(s.in, func(i int) bool { return s.list[i].Factor == s.list[j].Factor }) {
			out = append(out, append(slices.Clone(s.in), j))
		}
	}
	for k := range s.in {
		out = append(out, slices.Delete(slices.Clone(s.in), k, k+1))
	}
	return out
}

// try fits a model and returns its BIC: −2 log-likelihood and ln n for each
// parameter. A model in which harm falls where it may only rise has none.
func (s *steps) try(columns []int) (*Fitted, float64, error) {
	d := NewDesign(s.d.rows).Intercept()
	for _, j := range columns {
		d.Add(s.d.names[j], s.d.columns[j])
	}
	f, err := Fit(d, s.y, Options{Family: s.family, Offset: s.o.Offset})
	if err != nil {
		return nil, 0, err
	}
	bic := math.Log(float64(len(s.y)))*float64(f.parameters) - 2*f.LogLikelihood
	for _, b := range f.Coefficients[1:] {
		if math.IsNaN(b) || b < 0 && !s.o.Protective {
			bic = math.Inf(1)
		}
	}
	return f, bic, nil
}

// risks says what the final model makes of its influences.
func (s *steps) risks() ([]RelativeRisk, error) {
	terms, err := s.fit.Terms(s.fit.Covariance(), 0.95)
	if err != nil {
		return nil, err
	}
	out := make([]RelativeRisk, len(s.in))
	for k, j := range s.in {
		t := terms[k+1]
		out[k] = RelativeRisk{
			Influence: s.list[j], Term: t, Value: math.Exp(t.Estimate),
			Range: stats.Interval{Low: math.Exp(t.Interval.Low), High: math.Exp(t.Interval.High)},
		}
	}
	return out, nil
}
