package trend

import (
	"fmt"

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
	// Draws, when more than zero, has intervals of the months' differences and of the
	// totals come from so many simulated sets of coefficients (jointly Student's t)
	// instead of from the delta method. A thousand or more are needed. Ratios and the
	// counterfactual need no simulation.
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
