package trend

import (
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/model"
)

// joint is the fit of one series or two. With a control the coefficients are those
// of both, one after the other.
type joint struct {
	o          InterruptedOptions
	treated    *Fit
	columns    *columns
	estimates  []float64
	covariance []float64
	effects    [][]int // columns of each intervention
	controlled bool
}

// with adds the control. Months that pushed both series the same way make the
// covariance between the fits, so that what they share does not count as error.
func (j *joint) with(control *Fit) {
	f, k := j.treated, len(j.columns.names)
	j.controlled = true
	j.estimates = append(append([]float64(nil), f.estimates...), control.estimates...)
	j.covariance = make([]float64, 4*k*k)
	bread := make([]float64, 4*k*k)
	block(bread, 2*k, 0, f.bread, k)
	block(bread, 2*k, k, control.bread, k)
	switch j.o.Errors.Kind {
	case ModelBased: // independent series
		block(j.covariance, 2*k, 0, f.Covariance, k)
		block(j.covariance, 2*k, k, control.Covariance, k)
	case Lasting:
		j.covariance = sandwich(bread, joined(f, control), 2*k, 1)
	default:
		both := append(slices.Clip(f.scores), control.scores...)
		middle := model.LongRun(both, max(f.Lag, control.Lag))
		j.covariance = sandwich(bread, middle, 2*k, j.o.Errors.scale(f))
	}
}

// block puts a k by k matrix on the diagonal of a larger one.
func block(into []float64, size, at int, m []float64, k int) {
	for a := range k {
		copy(into[(at+a)*size+at:(at+a)*size+at+k], m[a*k:(a+1)*k])
	}
}

func (j *joint) report(out *Interrupted) {
	all := []int{}
	for i, v := range j.o.Interventions {
		e := InterventionEffect{Name: v.Name}
		at := j.effects[i]
		if v.Effect == SlopeOnly {
			e.LevelTerm, e.Level = unknown(v.Name + " level")
			e.SlopeTerm, e.Slope = j.term(at[0])
		} else {
			e.LevelTerm, e.Level = j.term(at[0])
			e.SlopeTerm, e.Slope = unknown(v.Name + " slope")
			if v.Effect == LevelAndSlope {
				e.SlopeTerm, e.Slope = j.term(at[1])
			}
		}
		e.Averted = j.averted(at)
		out.Effects = append(out.Effects, e)
		all = append(all, at...)
	}
	j.counterfactual(out, all)
	out.Averted = j.averted(all)
	if j.o.Draws > 0 {
		j.simulate(out, all)
	}
}

// term is the effect in one column: the coefficient, less the control's.
func (j *joint) term(column int) (model.Term, Percent) {
	by := make([]float64, len(j.estimates))
	by[column] = 1
	if k := len(j.columns.names); j.controlled {
		by[k+column] = -1
	}
	t := model.Term{Name: j.columns.names[column], Estimate: dot(by, j.estimates), SE: math.Sqrt(max(quadratic(j.covariance, by), 0))}
	t = finish(t, j.treated.quantile, float64(j.treated.DF))
	return t, percent(t)
}

func unknown(name string) (model.Term, Percent) {
	nan := math.NaN()
	none := stats.Interval{Low: nan, High: nan}
	return model.Term{Name: name, Estimate: nan, SE: nan, Statistic: nan, P: nan, Interval: none}, Percent{nan, none, nan}
}

// effect is what the columns make of the logarithm of the rate in a month, beyond
// the control.
func (j *joint) effect(row int, which []int, estimates []float64) float64 {
	s, k := 0.0, len(j.columns.names)
	for _, c := range which {
		b := estimates[c]
		if j.controlled {
			b -= estimates[k+c]
		}
		s += j.columns.values[c][row] * b
	}
	return s
}

func (j *joint) touched(row int, which []int) bool {
	for _, c := range which {
		if j.columns.values[c][row] != 0 {
			return true
		}
	}
	return false
}

// gradient adds to out how much a·(expected with) + b·(expected without) moves
// with the coefficients, for a month and the columns of the interventions.
func (j *joint) gradient(out []float64, row int, which []int, with, without float64) {
	k := len(j.columns.names)
	for c, x := range j.columns.values {
		out[c] += (with + without) * x[row]
	}
	for _, c := range which {
		x := j.columns.values[c][row]
		out[c] -= without * x
		if j.controlled {
			out[k+c] += without * x
		}
	}
}

// counterfactual works out the months.
func (j *joint) counterfactual(out *Interrupted, all []int) {
	f := j.treated
	n := len(f.Fitted)
	out.Counterfactual, out.Interval = make([]float64, n), make([]stats.Interval, n)
	by := make([]float64, len(j.estimates))
	half := func() float64 { return f.quantile * math.Sqrt(max(quadratic(j.covariance, by), 0)) }
	for i, with := range f.Fitted {
		e := j.effect(i, all, j.estimates)
		without := with * math.Exp(-e)
		out.Counterfactual[i] = without
		clear(by)
		j.gradient(by, i, all, 0, 1) // of the logarithm
		h := half()
		out.Interval[i] = stats.Interval{Low: without * math.Exp(-h), High: without * math.Exp(h)}
		if !j.touched(i, all) {
			continue
		}
		m := MonthEffect{At: i}
		m.Difference.Value, m.Ratio.Value = with-without, math.Exp(e)
		clear(by)
		j.gradient(by, i, all, 1, -1)
		h = half()
		m.Ratio.Interval = stats.Interval{Low: math.Exp(e - h), High: math.Exp(e + h)}
		clear(by)
		j.gradient(by, i, all, with, -without)
		h = half()
		m.Difference.Interval = stats.Interval{Low: with - without - h, High: with - without + h}
		out.Months = append(out.Months, m)
	}
}

// averted adds up the months that the columns touch, with intervals by the delta
// method.
func (j *joint) averted(which []int) Averted {
	with, without := 0.0, 0.0
	for i, m := range j.treated.Fitted {
		if j.touched(i, which) {
			with, without = with+m, without+m*math.Exp(-j.effect(i, which, j.estimates))
		}
	}
	var a Averted
	a.Events.Value, a.Share.Value = saved(with, without)
	if without == 0 {
		return a
	}
	difference, ratio := make([]float64, len(j.estimates)), make([]float64, len(j.estimates))
	for i, m := range j.treated.Fitted {
		if j.touched(i, which) {
			w := m * math.Exp(-j.effect(i, which, j.estimates))
			j.gradient(difference, i, which, -m, w)
			j.gradient(ratio, i, which, m/with, -w/without)
		}
	}
	half := j.treated.quantile * math.Sqrt(max(quadratic(j.covariance, difference), 0))
	a.Events.Interval = stats.Interval{Low: a.Events.Value - half, High: a.Events.Value + half}
	half = j.treated.quantile * math.Sqrt(max(quadratic(j.covariance, ratio), 0))
	share := func(h float64) float64 { return 100 * (1 - with/without*math.Exp(h)) }
	a.Share.Interval = stats.Interval{Low: share(half), High: share(-half)}
	return a
}

// saved is what events with and without come to: their difference, and that in per
// cent of those without.
func saved(with, without float64) (events, share float64) {
	if without == 0 {
		return 0, 0
	}
	return without - with, 100 * (1 - with/without)
}
