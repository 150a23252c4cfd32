package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/model"
)

// Effect is what an intervention may change.
type Effect int

// The effects.
const (
	// LevelAndSlope lets the rate step and its trend turn.
	LevelAndSlope Effect = iota
	// LevelOnly lets the rate step.
	LevelOnly
	// SlopeOnly lets the trend turn, without a step.
	SlopeOnly
)

// Intervention is something that may have changed the counts from a month on: a
// programme, a law, one phase of a lockdown.
type Intervention struct {
	// Name is used in the names of the terms: "name level", "name slope".
	Name string
	// Start is its first month, from 0. End is the first month that it no longer
	// touches; 0 is never. What it did ends there.
	Start, End int
	// Lag is how many months it takes to begin to work.
	Lag int
	// Ramp is over how many months the step builds up, in equal parts; 0 and 1 are at
	// once.
	Ramp   int
	Effect Effect
}

// first is the first month that may be touched.
func (v Intervention) first() int { return v.Start + v.Lag }

func (v Intervention) on(i int) bool { return i >= v.first() && (v.End == 0 || i < v.End) }

func (v Intervention) level(i int) float64 {
	if !v.on(i) {
		return 0
	}
	return min(float64(i-v.first()+1)/float64(max(v.Ramp, 1)), 1)
}

func (v Intervention) slope(i, period int) float64 {
	if !v.on(i) {
		return 0
	}
	return float64(i-v.first()) / float64(period)
}

func (v Intervention) check(n int) error {
	if v.Name == "" || v.Effect < LevelAndSlope || v.Effect > SlopeOnly || v.Lag < 0 || v.Ramp < 0 || v.Start < 0 || v.End < 0 {
		return fmt.Errorf("intervention %q: %w", v.Name, stats.ErrOption)
	}
	last := n
	if v.End > 0 {
		last = min(v.End, n)
	}
	if v.first() < 1 || v.first() >= last {
		return fmt.Errorf("intervention %q has no month before it or none in it: %w", v.Name, stats.ErrTooFew)
	}
	return nil
}

// Control is a series of the same months that the interventions did not reach.
type Control struct {
	Counts []float64
	// Exposure is as in Model; nil is 1 each.
	Exposure []float64
}

// InterruptedOptions are those of an interrupted time series.
type InterruptedOptions struct {
	// Model is the regression without the interventions.
	Model
	Interventions []Intervention
	// Control, when there is one, is fitted by the same model, and an effect is the
	// change beyond that of the control.
	Control *Control
	// Draws, when more than zero, has intervals of the counterfactual, of the effects
	// per month and of the totals come from so many simulated sets of coefficients
	// (of their joint normal distribution) instead of from the delta method. A
	// thousand or more are needed.
	Draws int
	Seed  uint64
}

// Interrupted is a fitted interrupted time series.
type Interrupted struct {
	// Fit is the regression, the interventions' terms at the end of its table.
	Fit
	// ControlFit is that of the control series; nil without one.
	ControlFit *Fit
	// Effects are those of each intervention, in the order given.
	Effects []InterventionEffect
	// Counterfactual is the count expected without the interventions, and Interval
	// that of this expectation: where the line would have been, not where a count
	// might have fallen.
	Counterfactual []float64
	Interval       []stats.Interval
	// Months are the months that an intervention touched, in order.
	Months []MonthEffect
	// Averted are the events averted by all interventions together.
	Averted Averted
}

// InterventionEffect is what one intervention changed.
type InterventionEffect struct {
	Name string
	// Level is the step of the rate and Slope the change of its trend per year, in
	// per cent, beyond the control's if there is one; NaN where it was not allowed.
	Level, Slope Percent
	// LevelTerm and SlopeTerm are the same on the scale of the logarithm.
	LevelTerm, SlopeTerm model.Term
	// Averted are the events that this intervention averted, the others being as
	// they were.
	Averted Averted
}

// MonthEffect is the effect in one month.
type MonthEffect struct {
	// At is the month, from 0.
	At int
	// Difference is the expected count with the interventions less that without.
	Difference Estimate
	// Ratio is the expected count with them over that without.
	Ratio Estimate
}

// Estimate is a figure with its interval.
type Estimate struct {
	Value    float64
	Interval stats.Interval
}

// Averted is a cumulative effect.
type Averted struct {
	// Events is the sum of the expected counts without, less with the intervention:
	// more than zero when it averted events.
	Events Estimate
	// Share is that sum in per cent of the events expected without it.
	Share Estimate
}

// Interrupt fits a segmented regression: counts on trend, season and, for each
// intervention, a step of the level and a turn of the trend, the logarithm of the
// rate being their sum (Wagner and others 2002; Bernal, Cummins and Gasparrini
// 2017). The counterfactual is the fit with the interventions taken out. Errors
// allow for autocorrelation, see Errors. An intervention in whose months there are
// no events, or without a month before it, cannot be estimated: stats.ErrNoFit and
// stats.ErrTooFew. Two interventions over the same months are stats.ErrSingular. A
// slope needs two months. Other errors are those of Regress.
func Interrupt(y []float64, o InterruptedOptions) (Interrupted, error) {
	c, effects, err := o.columns(len(y))
	if err != nil {
		return Interrupted{}, err
	}
	f, err := o.fit(y, c)
	if err != nil {
		return Interrupted{}, err
	}
	f.describe(o.Model)
	out := Interrupted{Fit: *f}
	j := joint{o: o, treated: f, columns: c, estimates: f.estimates, covariance: f.Covariance, effects: effects}
	if o.Control != nil {
		if out.ControlFit, err = o.control(c, len(y)); err != nil {
			return Interrupted{}, fmt.Errorf("the control: %w", err)
		}
		j.with(out.ControlFit)
	}
	j.report(&out)
	return out, nil
}

// columns are those of the model and then of the interventions; the numbers of the
// latter come back for each intervention.
func (o InterruptedOptions) columns(n int) (*columns, [][]int, error) {
	if len(o.Interventions) == 0 {
		return nil, nil, fmt.Errorf("no intervention: %w", stats.ErrEmpty)
	}
	if o.Draws < 0 {
		return nil, nil, stats.ErrOption
	}
	c, err := o.Model.columns(n, n, 1)
	if err != nil {
		return nil, nil, err
	}
	period := o.Season.Period
	fill(&period, 12)
	var effects [][]int
	for _, v := range o.Interventions {
		if err := v.check(n); err != nil {
			return nil, nil, err
		}
		from := len(c.names)
		if v.Effect != SlopeOnly {
			c.add(v.Name+" level", v.level, n)
		}
		if v.Effect != LevelOnly {
			c.add(v.Name+" slope", func(i int) float64 { return v.slope(i, period) }, n)
		}
		own := make([]int, len(c.names)-from)
		for i := range own {
			own[i] = from + i
		}
		effects = append(effects, own)
	}
	return c, effects, nil
}

// control fits the control series by the same columns.
func (o InterruptedOptions) control(c *columns, n int) (*Fit, error) {
	if len(o.Control.Counts) != n {
		return nil, stats.ErrLength
	}
	m := o.Model
	m.Exposure = o.Control.Exposure
	f, err := m.fit(o.Control.Counts, c)
	if err != nil {
		return nil, err
	}
	f.describe(m)
	return f, nil
}

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
	n := f.scores.n
	switch j.o.Errors.Kind {
	case ModelBased: // independent series
		block(j.covariance, 2*k, 0, f.Covariance, k)
		block(j.covariance, 2*k, k, control.Covariance, k)
	case Lasting:
		j.covariance = sandwich(bread, joined(f, control), 2*k, 1)
	default:
		both := scores{n: n, k: 2 * k, values: make([]float64, 2*n*k)}
		for i := range n {
			copy(both.values[2*i*k:], f.scores.values[i*k:(i+1)*k])
			copy(both.values[(2*i+1)*k:], control.scores.values[i*k:(i+1)*k])
		}
		j.covariance = sandwich(bread, both.middle(max(f.Lag, control.Lag)), 2*k, j.o.Errors.scale(n, k))
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
		e.Averted = j.averted(at, nil, nil)
		out.Effects = append(out.Effects, e)
		all = append(all, at...)
	}
	j.counterfactual(out, all)
	out.Averted = j.averted(all, nil, nil)
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

// averted adds up the months that the columns touch, by the delta method. Given
// estimates and expected counts it adds those up instead, without intervals.
func (j *joint) averted(which []int, estimates, fitted []float64) Averted {
	simulated := estimates != nil
	if !simulated {
		estimates, fitted = j.estimates, j.treated.Fitted
	}
	with, without := 0.0, 0.0
	difference, ratio := make([]float64, len(estimates)), make([]float64, len(estimates))
	for i, m := range fitted {
		if !j.touched(i, which) {
			continue
		}
		w := m * math.Exp(-j.effect(i, which, estimates))
		with, without = with+m, without+w
	}
	var a Averted
	a.Events.Value = without - with
	a.Share.Value = 100 * (1 - with/without)
	if without == 0 {
		a.Share.Value = 0
	}
	if simulated || without == 0 {
		return a
	}
	for i, m := range fitted {
		if j.touched(i, which) {
			w := m * math.Exp(-j.effect(i, which, estimates))
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
