package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// GLROptions sets a chart of generalised likelihood ratios.
type GLROptions struct {
	// Falls looks for falls of the mean rather than rises.
	Falls bool
	// H is the threshold; default 5. Threshold finds the one for a wanted run
	// length.
	H float64
	// Longest is how many time points before the present one a change may lie
	// back; default without limit, which takes time as the square of the series. Shortest is how many time points a change has
	// lasted at least, the present one included; default 1.
	Longest, Shortest int
	// Needed has the counts needed for an alarm worked out, which takes about ten
	// times as long.
	Needed bool
	// From and To are the first time point charted and the one after the last;
	// default all.
	From, To int
}

func (o GLROptions) fill() (GLROptions, error) {
	standard(&o.H, 5)
	whole(&o.Shortest, 1)
	if o.Longest == 0 {
		o.Longest = math.MaxInt
	}
	if !(o.H > 0) || math.IsInf(o.H, 1) || o.Shortest < 1 || o.Longest < o.Shortest-1 {
		return o, fmt.Errorf("the threshold is over zero, and the longest change is no shorter than the shortest: %w", stats.ErrOption)
	}
	return o, nil
}

// GLR charts a series by the generalised likelihood ratio (Höhle and Paul 2008;
// docs/methods/glr.md): at each time point, for every earlier one from which the
// mean may have changed by a factor, the factor is estimated, and the largest
// logarithm of the likelihood ratio is the statistic. Since and Ratio say which
// change that is. After an alarm the chart starts anew. Errors are those of
// CUSUM.
func GLR(series []float64, in InControl, o GLROptions) ([]ChartPoint, error) {
	all, err := GLRAll([][]float64{series}, []InControl{in}, o)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// GLRAll is GLR for many series at once, on all cores.
func GLRAll(series [][]float64, in []InControl, o GLROptions) ([][]ChartPoint, error) {
	o, err := o.fill()
	if err != nil {
		return nil, err
	}
	scratch := func() *glr { return &glr{GLROptions: o} }
	return chartAll(series, in, scratch, func(g *glr, y []float64, c InControl) ([]ChartPoint, error) {
		from, to, err := span(len(y), o.From, o.To, 0)
		if err != nil {
			return nil, err
		}
		return g.run(y, c, from, to), nil
	})
}

func (g *glr) run(y []float64, c InControl, from, to int) []ChartPoint {
	g.begin(to-from, c.size())
	out := make([]ChartPoint, to-from)
	for i := range out {
		at := from + i
		p := &out[i]
		*p = ChartPoint{At: at, Observed: y[at], Expected: c.Mean[at], Needed: math.NaN(), Since: -1, Ratio: math.NaN()}
		missing := math.IsNaN(y[at])
		if missing {
			g.add(0, 0)
		} else {
			if g.Needed {
				p.Needed = g.needed(c.Mean[at])
			}
			g.add(y[at], c.Mean[at])
		}
		value, since, theta := g.statistic()
		p.Statistic, p.Alarm = value, value >= g.H && !missing
		if value > 0 {
			p.Since, p.Ratio = from+g.gone+since, math.Exp(theta)
		}
		if p.Alarm {
			g.start = g.n
		}
	}
	return out
}

// needed finds the count that would raise an alarm now: the smallest one, or
// the largest for falls (−1 when not even none would).
func (g *glr) needed(mean float64) float64 {
	alarm := func(y float64) bool {
		g.add(y, mean)
		value, _, _ := g.statistic()
		g.n--
		return value >= g.H
	}
	if g.Falls {
		if !alarm(0) {
			return -1
		}
		no := math.Ceil(mean) + 1
		return boundary(0, no, alarm)
	}
	no, yes := math.Floor(mean), 2*math.Ceil(mean)+8
	for !alarm(yes) {
		if yes > 1e12 {
			return math.Inf(1)
		}
		no, yes = yes, 2*yes
	}
	if alarm(no) {
		no, yes = -1, no
	}
	return boundary(yes, no, alarm)
}

// boundary narrows an interval of whole numbers down to the last on the side
// where the condition holds.
func boundary(yes, no float64, holds func(float64) bool) float64 {
	for math.Abs(yes-no) > 1 {
		if middle := math.Floor((yes + no) / 2); holds(middle) {
			yes = middle
		} else {
			no = middle
		}
	}
	return yes
}
