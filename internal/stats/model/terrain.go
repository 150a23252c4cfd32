package model

import (
	"fmt"
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// RiskFactor is a kind of feature whose influence on nearby places is asked for.
type RiskFactor struct {
	// Name is what the factor is called: "bus stops".
	Name string
	// Points are where its features are.
	Points *Points
	// Near and Dense are radii in metres: for each of Near, whether a place lies so
	// near to a feature; for each of Dense, whether features lie unusually dense
	// around it. One or both may be empty.
	Near, Dense []float64
}

// Influence is one way in which a factor may act, as a column of zeros and ones.
type Influence struct {
	// Factor is the number of the factor, from 0, and Name says it in full: "bus
	// stops within 200 m", "bus stops dense within 400 m".
	Factor int
	Name   string
	// Dense says which of the two ways it is, and Radius is in metres.
	Dense  bool
	Radius float64
	// Places is how many places it holds for.
	Places int
}

// Influences works out, for places at x and y, the column of each influence of
// each factor (Caplan and Kennedy 2011). Near is 1 where the nearest feature is
// no farther than the radius. Dense is 1 where the kernel density with that
// radius is two standard deviations or more above the mean of all places. A
// column that is the same everywhere is left out: it can say nothing. No
// factors are stats.ErrEmpty, and ErrConstant is when no column is left.
func Influences(x, y []float64, factors []RiskFactor) (*Design, []Influence, error) {
	if len(factors) == 0 || len(x) == 0 {
		return nil, nil, stats.ErrEmpty
	}
	d := NewDesign(len(x))
	var list []Influence
	for number, f := range factors {
		if f.Points == nil {
			return nil, nil, stats.ErrEmpty
		}
		near, err := f.near(x, y)
		if err != nil {
			return nil, nil, err
		}
		dense, err := f.dense(x, y)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range append(near, dense...) {
			if c.Factor = number; c.Places > 0 && c.Places < len(x) {
				d.Add(c.Name, c.column)
				list = append(list, c.Influence)
			}
		}
	}
	if d.err == nil && len(list) == 0 {
		d.err = stats.ErrConstant
	}
	return d, list, d.err
}

// influence is one with its column.
type influence struct {
	Influence
	column []float64
}

func (f RiskFactor) near(x, y []float64) ([]influence, error) {
	if len(f.Near) == 0 {
		return nil, nil
	}
	distance, err := f.Points.Nearest(x, y)
	if err != nil {
		return nil, err
	}
	var out []influence
	for _, radius := range f.Near {
		if !(radius > 0) {
			return nil, stats.ErrOption
		}
		c := influence{Influence: Influence{Name: fmt.Sprintf("%s within %g m", f.Name, radius), Radius: radius}}
		c.mark(distance, func(v float64) bool { return v <= radius })
		out = append(out, c)
	}
	return out, nil
}

func (f RiskFactor) dense(x, y []float64) ([]influence, error) {
	var out []influence
	for _, radius := range f.Dense {
		density, err := f.Points.Density(x, y, radius)
		if err != nil {
			return nil, err
		}
		mean, spread := meanAndSD(density)
		c := influence{Influence: Influence{Name: fmt.Sprintf("%s dense within %g m", f.Name, radius), Radius: radius, Dense: true}}
		c.mark(density, func(v float64) bool { return v > mean && v >= mean+2*spread })
		out = append(out, c)
	}
	return out, nil
}

// mark fills the column with whether it holds.
func (c *influence) mark(values []float64, holds func(v float64) bool) {
	c.column = make([]float64, len(values))
	for i, v := range values {
		if holds(v) {
			c.column[i] = 1
			c.Places++
		}
	}
}

func meanAndSD(values []float64) (mean, sd float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		sd += (v - mean) * (v - mean) / n
	}
	return mean, math.Sqrt(sd)
}

// TerrainOptions say how a risk-terrain model is chosen.
type TerrainOptions struct {
	// Offset is as in Options: the logarithm of a cell's streets or residents.
	Offset []float64
	// Lasso is the share of the penalty on absolute values, above 0 to 1, of the net
	// that picks what is looked at more closely (NetOptions.Ridge is the rest); 0 is
	// 0.5, the usual mixture for columns that go together, and 1 the pure lasso. A
	// net without lasso would pick everything.
	Lasso float64
	// Folds are those of the net's cross-validation.
	Folds Folds
	// Protective keeps influences that go with less harm; otherwise only those that
	// go with more may enter, as in risk-terrain modelling.
	Protective bool
}

// RelativeRisk is one influence of the final model.
type RelativeRisk struct {
	Influence
	// Term is its coefficient, on the log scale.
	Term Term
	// Value is how many times the harm is expected where the influence holds, all
	// else alike, and Range its interval of 95%. The interval takes the choice of
	// the model as given, so it is too narrow: the data chose it.
	Value float64
	Range stats.Interval
}

// Terrain is a risk-terrain model.
type Terrain struct {
	// Screened are the influences (by number) that the net kept.
	Screened []int
	// Risks are the influences of the final model, at most one for each factor, in
	// the order in which they entered.
	Risks []RelativeRisk
	// Fit is the final model and BIC its criterion; its family is the one of
	// Poisson and negative binomial with the lower.
	Fit *Fitted
	BIC float64
	// Score is the expected harm of each place beside that of the place with the
	// least, offset left out: 1 and more.
	Score []float64
}

// RiskTerrain fits counts of harm to the influences of factors (Caplan and
// Kennedy 2011; Wheeler and Steenbeek 2021): an elastic net with
// cross-validation picks influences that help to predict, then steps forward
// and back by BIC, from the model with no influences, choose among those, at
// most one for each factor; done with Poisson and with negative binomial
// counts, and the better kept.
//
// A model without influences is an answer (Risks is empty): nothing told places
// apart. Errors are those of CrossValidate and Fit, and ErrOption for a share of
// lasso outside its range.
func RiskTerrain(d *Design, list []Influence, y []float64, o TerrainOptions) (*Terrain, error) {
	if len(list) != len(d.columns) {
		return nil, errs.New(errs.Invalid, "There must be an influence for each column: %w", stats.ErrLength)
	}
	if o.Lasso == 0 {
		o.Lasso = 0.5
	}
	if !(o.Lasso > 0 && o.Lasso <= 1) {
		return nil, stats.ErrOption
	}
	v, err := CrossValidate(d, y, NetOptions{Offset: o.Offset, Ridge: 1 - o.Lasso}, o.Folds)
	if err != nil {
		return nil, err
	}
	t := &Terrain{BIC: math.Inf(1)}
	for j, b := range v.Coefficients[v.Best] {
		if b > 0 || b != 0 && o.Protective {
			t.Screened = append(t.Screened, j)
		}
	}
	for _, family := range []Family{Poisson, NegativeBinomial} {
		s := steps{d: d, list: list, y: y, o: o, family: family}
		if err := s.run(t.Screened); err != nil {
			return nil, err
		}
		if s.bic < t.BIC {
			t.BIC, t.Fit = s.bic, s.fit
			t.Risks, err = s.risks()
			if err != nil {
				return nil, err
			}
		}
	}
	t.score(o.Offset)
	return t, nil
}

// score is the linear predictor without offset, above its least, undone.
func (t *Terrain) score(offset []float64) {
	t.Score = make([]float64, len(t.Fit.Linear))
	least := math.Inf(1)
	for i, eta := range t.Fit.Linear {
		t.Score[i] = eta - at(offset, i, 0)
		least = min(least, t.Score[i])
	}
	for i := range t.Score {
		t.Score[i] = math.Exp(t.Score[i] - least)
	}
}
