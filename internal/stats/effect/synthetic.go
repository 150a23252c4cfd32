package effect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// SyntheticOptions are those of Synthetic; the zero value matches on the
// outcome of every period before the start.
type SyntheticOptions struct {
	// Predictors, one row a unit, are what is matched instead: means of the outcome
	// over spans before the start, population, deprivation. Each is divided by its
	// standard deviation over the units.
	Predictors [][]float64
	// Importance is how much each predictor (or period) matters, in any unit. nil
	// is all alike for periods; for Predictors it is chosen so that the outcome
	// before the start is met best.
	Importance []float64
	// Donors are the units that may have weight; nil is all others.
	Donors []int
	// Augment corrects what difference is left before the start by ridge
	// regression on it (Ben-Michael, Feller and Rothstein 2021, Journal of the American
	// Statistical Association 116:1789–1803). Weights may then be below zero.
	Augment bool
	// Ridge is the penalty of that; 0 is chosen by leaving out one period at a time.
	Ridge float64
}

// SyntheticControl is the result of Synthetic.
type SyntheticControl struct {
	// Weights is one a unit; the treated unit's is 0.
	Weights []float64
	// Importance is what was used, summing to one.
	Importance []float64
	// Outcome is the synthetic unit's, by period, and Gap the treated unit's less
	// that: after the start, the effect.
	Outcome, Gap []float64
	// Before and After are the root mean squared gap before the start and from it
	// on. Ratio is After over Before.
	Before, After, Ratio float64
	// Effect is the mean gap from the start on.
	Effect float64
	// Ridge is the penalty used, when augmented.
	Ridge float64
}

// synthesis is one problem: a treated unit, its donors and what is matched.
type synthesis struct {
	outcome        [][]float64
	treated, start int
	donors         []int
	o              SyntheticOptions
}

// Synthetic returns the synthetic control of a treated unit (Abadie, Diamond and
// Hainmueller 2010, Journal of the American Statistical Association
// 105:493–505): the mix of donors, with weights none below zero and summing to
// one, that comes nearest to it before the start. Where more donors than
// periods meet it exactly there are many such mixes; the one returned gives
// weight to no more of them than there are periods, and one.
//
// start is the first treated period. Errors: ErrEmpty, ErrLength, ErrMissing
// (every cell must be observed), ErrTooFew without donors, ErrOption for a
// treated unit, donor or start that is not there, a donor named twice, a negative
// penalty, or importance of nothing; ErrNoFit.
func Synthetic(p Panel, treated, start int, o SyntheticOptions) (SyntheticControl, error) {
	s, err := newSynthesis(p, treated, start, o)
	if err != nil {
		return SyntheticControl{}, err
	}
	return s.fit()
}

func newSynthesis(p Panel, treated, start int, o SyntheticOptions) (synthesis, error) {
	units, periods, err := p.size()
	if err != nil {
		return synthesis{}, err
	}
	if err := stats.Finite(p.Outcome...); err != nil {
		return synthesis{}, err
	}
	if treated < 0 || treated >= units || start < 1 || start >= periods || !(o.Ridge >= 0) || math.IsInf(o.Ridge, 1) {
		return synthesis{}, stats.ErrOption
	}
	s := synthesis{outcome: p.Outcome, treated: treated, start: start, o: o, donors: o.Donors}
	if o.Donors == nil {
		for i := range units {
			if i != treated {
				s.donors = append(s.donors, i)
			}
		}
	}
	return s, s.check(units)
}

func (s *synthesis) check(units int) error {
	if len(s.donors) == 0 {
		return stats.ErrTooFew
	}
	seen := make([]bool, units)
	for _, d := range s.donors {
		if d < 0 || d >= units || d == s.treated || seen[d] {
			return fmt.Errorf("donor %d: %w", d, stats.ErrOption)
		}
		seen[d] = true
	}
	matched := s.start
	if s.o.Predictors != nil {
		if len(s.o.Predictors) != units || len(s.o.Predictors[0]) == 0 {
			return stats.ErrLength
		}
		matched = len(s.o.Predictors[0])
		if err := shaped(s.o.Predictors, units, matched); err != nil {
			return err
		}
		if err := stats.Finite(s.o.Predictors...); err != nil {
			return err
		}
		if err := stats.Sized(s.o.Predictors...); err != nil {
			return err
		}
	}
	if s.o.Importance == nil {
		return nil
	}
	if len(s.o.Importance) != matched {
		return stats.ErrLength
	}
	if err := stats.Counts(s.o.Importance); err != nil {
		return err
	}
	if err := stats.Sized(s.o.Importance); err != nil {
		return err
	}
	if stats.Sum(s.o.Importance) == 0 {
		return stats.ErrOption
	}
	return nil
}

// fit solves the problem.
func (s synthesis) fit() (SyntheticControl, error) {
	rows := s.matched()
	importance, err := s.importance(rows)
	if err != nil {
		return SyntheticControl{}, err
	}
	weights, err := s.weigh(rows, importance)
	if err != nil {
		return SyntheticControl{}, err
	}
	out := SyntheticControl{Importance: importance}
	if s.o.Augment {
		if out.Ridge, err = s.augment(weights); err != nil {
			return SyntheticControl{}, err
		}
	}
	out.Weights = make([]float64, len(s.outcome))
	for k, d := range s.donors {
		out.Weights[d] = weights[k]
	}
	s.describe(&out)
	return out, nil
}

// matched returns what is matched, one row a unit.
func (s synthesis) matched() [][]float64 {
	if s.o.Predictors == nil {
		rows := make([][]float64, len(s.outcome))
		for i, row := range s.outcome {
			rows[i] = row[:s.start]
		}
		return rows
	}
	rows := make([][]float64, len(s.outcome))
	for i, row := range s.o.Predictors {
		rows[i] = append([]float64(nil), row...)
	}
	for k := range rows[0] {
		if d := s.deviation(rows, k); d > 0 {
			for i := range rows {
				rows[i][k] /= d
			}
		}
	}
	return rows
}

// deviation is the standard deviation of a predictor over the treated unit and
// its donors.
func (s synthesis) deviation(rows [][]float64, k int) float64 {
	units := append([]int{s.treated}, s.donors...)
	mean, squares := 0.0, 0.0
	for _, i := range units {
		mean += rows[i][k] / float64(len(units))
	}
	for _, i := range units {
		squares += (rows[i][k] - mean) * (rows[i][k] - mean)
	}
	return math.Sqrt(squares / float64(len(units)-1))
}

// weigh returns the weights of the donors for a given importance.
func (s synthesis) weigh(rows [][]float64, importance []float64) ([]float64, error) {
	n := nearest{points: make([][]float64, len(s.donors))}
	roots := make([]float64, len(importance))
	for k, v := range importance {
		roots[k] = math.Sqrt(v)
	}
	for j, d := range s.donors {
		n.points[j] = make([]float64, len(roots))
		for k, root := range roots {
			n.points[j][k] = root * (rows[d][k] - rows[s.treated][k])
		}
	}
	return n.solve()
}

// describe fills in what follows from the weights.
func (s synthesis) describe(out *SyntheticControl) {
	periods := len(s.outcome[0])
	out.Outcome, out.Gap = make([]float64, periods), make([]float64, periods)
	before, after, size := 0.0, 0.0, 0.0
	for t := range periods {
		for _, d := range s.donors {
			out.Outcome[t] += out.Weights[d] * s.outcome[d][t]
		}
		y := s.outcome[s.treated][t]
		gap := y - out.Outcome[t]
		out.Gap[t] = gap
		if t < s.start {
			before += gap * gap
			size += y * y
			continue
		}
		after += gap * gap
		out.Effect += gap / float64(periods-s.start)
	}
	out.Before = math.Sqrt(before / float64(s.start))
	out.After = math.Sqrt(after / float64(periods-s.start))
	// An exact match has a gap of rounding errors, whose ratios would be noise.
	floor := 1e-8 * math.Sqrt(size/float64(s.start))
	if out.Ratio = out.After / max(out.Before, floor); math.IsNaN(out.Ratio) {
		out.Ratio = 0
	}
}
