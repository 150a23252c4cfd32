package density

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Fading is how an event counts for less as time passes.
type Fading int

const (
	// FadeGaussian is the normal density; Days is its standard deviation.
	FadeGaussian Fading = iota
	// FadeQuartic is 15/(16b)·(1 − t²/b²)²; Days is b, beyond which it is zero.
	FadeQuartic
	// FadeExponential is exp(−|t|/b)/(2b); Days is b.
	FadeExponential
)

// Clock is how a surface sees time. A weight in time is a density per day: the
// values of a surface at a moment are in events per square kilometre and day.
type Clock struct {
	Fading Fading
	Days   float64 // the bandwidth, more than zero
	// Past lets only events before the moment count, and twice as much, so that
	// an event still weighs one in all: what could have been known then.
	Past bool
	// From and To are the first and the last moment that events are known of.
	// Weights are divided by the share of the fading that lies between, so that
	// a surface near either end is not too low. Both zero is no correction.
	From, To float64
}

func (c Clock) check() error {
	if c.Fading < FadeGaussian || c.Fading > FadeExponential || !(c.Days > 0) || math.IsInf(c.Days, 1) {
		return fmt.Errorf("how events fade in time: %w", stats.ErrOption)
	}
	if !(c.From <= c.To) || math.IsInf(c.From, 0) || math.IsInf(c.To, 0) {
		return fmt.Errorf("the period that events are known of: %w", stats.ErrOption)
	}
	return nil
}

// Weights returns what each event, of that time in days, counts at a moment, per
// day. Where the period has nothing that counts at the moment, such as none of
// its past, the error is ErrTooFew.
func (c Clock) Weights(times []float64, moment float64) ([]float64, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := stats.Finite(times, []float64{moment}); err != nil {
		return nil, err
	}
	share := 1.0
	from, to := moment-c.To, moment-c.From // how long ago the period ended and began
	if c.Past {
		share = 0.5
		from = max(from, 0)
	}
	if c.From != 0 || c.To != 0 {
		if share = c.upTo(to) - c.upTo(from); !(share > 0) {
			return nil, fmt.Errorf("the period has nothing that counts at the moment: %w", stats.ErrTooFew)
		}
	}
	out := make([]float64, len(times))
	for i, t := range times {
		if ago := moment - t; ago > 0 || !c.Past {
			out[i] = c.height(ago) / share
		}
	}
	return out, nil
}

// height is the density of the fading, per day.
func (c Clock) height(ago float64) float64 {
	u := math.Abs(ago) / c.Days
	switch {
	case c.Fading == FadeGaussian:
		return math.Exp(-u*u/2) / (c.Days * math.Sqrt(2*math.Pi))
	case c.Fading == FadeExponential:
		return math.Exp(-u) / (2 * c.Days)
	case u < 1:
		return 15.0 / 16 / c.Days * (1 - u*u) * (1 - u*u)
	}
	return 0
}

// upTo is the integral of the fading up to so long ago.
func (c Clock) upTo(ago float64) float64 {
	u := ago / c.Days
	switch {
	case c.Fading == FadeGaussian:
		return dist.NormalCDF(u)
	case c.Fading == FadeExponential && u < 0:
		return math.Exp(u) / 2
	case c.Fading == FadeExponential:
		return 1 - math.Exp(-u)/2
	}
	u = max(-1, min(u, 1))
	return 0.5 + 15.0/16*u*(1-u*u*(2.0/3-u*u/5))
}

// InTime returns one surface for each moment: the kernel density in space with
// each event weighed by how long before (or after) the moment it was. Values are
// per square kilometre and day. Errors are those of Over and of Clock.Weights;
// times must be as many as events.
func InTime(e Events, times []float64, s SpaceTime, moments []float64) ([]Surface, error) {
	if len(times) != len(e.X) {
		return nil, stats.ErrLength
	}
	out := make([]Surface, len(moments))
	for k, moment := range moments {
		weights, err := s.Clock.Weights(times, moment)
		if err != nil {
			return nil, err
		}
		then, err := e.counting(weights)
		if err != nil {
			return nil, err
		}
		if out[k], err = Over(then, s.Grid, s.Options); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SpaceTime is where, how wide and how long events are spread.
type SpaceTime struct {
	Grid    Grid
	Options Options
	Clock   Clock
}

// counting are the events that count at all at a moment.
func (e Events) counting(weights []float64) (out Events, err error) {
	if err := e.check(); err != nil {
		return out, err
	}
	for i, w := range weights {
		if w > 0 {
			out.X, out.Y = append(out.X, e.X[i]), append(out.Y, e.Y[i])
			out.Weight = append(out.Weight, w*e.weight(i))
		}
	}
	return out, nil
}
