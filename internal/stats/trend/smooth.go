package trend

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Smoothing is the kind of exponential smoothing.
type Smoothing int

// The kinds.
const (
	// Simple follows a level.
	Simple Smoothing = iota
	// Holt follows a level and a trend.
	Holt
	// HoltWinters follows a level, a trend and a season that adds.
	HoltWinters
	// HoltWintersMultiplicative has a season that multiplies.
	HoltWintersMultiplicative
)

func (s Smoothing) trended() bool  { return s != Simple }
func (s Smoothing) seasonal() bool { return s == HoltWinters || s == HoltWintersMultiplicative }

// Weights are how fast each part follows the counts, from 0 (never) to 1 (at once),
// as Holt and Winters have them: with e the error of the forecast, the level moves by
// Alpha·e, the trend by Alpha·Beta·e, the season by Gamma·(1 − Alpha)·e.
type Weights struct {
	Alpha, Beta, Gamma float64
	// Damping is how much of the trend is left a month later; 1 does not damp.
	Damping float64
}

// State is where the parts stand. Season starts with the month that comes next.
type State struct {
	Level, Trend float64
	Season       []float64
}

// SmoothOptions are those of Smooth.
type SmoothOptions struct {
	Kind Smoothing
	// Period of a seasonal kind; 0 is 12.
	Period int
	// Damped lets the trend fade; the damping is estimated between 0.8 and 0.98.
	Damped bool
	// Weights, when given, are used as they are; nil has them minimise the sum of
	// squared errors.
	Weights *Weights
	// Start, when given, is the state before the first month that is smoothed. nil is
	// as R's HoltWinters: the first count (Simple), the second and its change (Holt),
	// or a decomposition of the first two periods, the first of which is then not
	// smoothed.
	Start *State
}

// Smoothed is a series smoothed.
type Smoothed struct {
	Weights Weights
	// Start and End are the states before the first month smoothed and after the last.
	Start, End State
	// First is the first month smoothed, from 0; Fitted are the forecasts one step
	// ahead from it on.
	First  int
	Fitted []float64
	// SSE is the sum of squared errors.
	SSE float64
	// Size is that of a negative binomial with the errors' variance beyond the mean;
	// +Inf when there is none.
	Size float64

	kind Smoothing
}

// Smooth smooths a series exponentially (Holt 1957; Winters 1960; damped: Gardner and
// McKenzie 1985). It needs one month more than the start uses up: 2, 3, or two periods
// (stats.ErrTooFew). All zeros are forecast as zero. A multiplicative season needs
// events in the first two periods (stats.ErrNoFit).
func Smooth(y []float64, o SmoothOptions) (Smoothed, error) {
	if err := checkCounts(y); err != nil {
		return Smoothed{}, err
	}
	fill(&o.Period, 12)
	if o.Kind < Simple || o.Kind > HoltWintersMultiplicative || o.Period < 2 || o.Damped && !o.Kind.trended() {
		return Smoothed{}, stats.ErrOption
	}
	s := Smoothed{kind: o.Kind}
	var err error
	if s.Start, s.First, err = o.start(y); err != nil {
		return Smoothed{}, err
	}
	if s.First >= len(y) {
		return Smoothed{}, stats.ErrTooFew
	}
	r := run{kind: o.Kind, season: make([]float64, o.Period)}
	if o.Weights != nil {
		s.Weights, err = o.weights()
	} else {
		s.Weights = r.search(y[s.First:], s.Start, o.Damped)
	}
	if err != nil {
		return Smoothed{}, err
	}
	s.Fitted = make([]float64, len(y)-s.First)
	s.SSE = r.over(y[s.First:], s.Start, s.Weights, s.Fitted)
	if math.IsInf(s.SSE, 1) {
		return Smoothed{}, stats.ErrNoFit
	}
	s.End = r.end()
	s.Size = s.size(y[s.First:])
	return s, nil
}

func (o SmoothOptions) weights() (Weights, error) {
	w := *o.Weights
	if w.Damping == 0 {
		w.Damping = 1
	}
	for _, v := range []float64{w.Alpha, w.Beta, w.Gamma, w.Damping} {
		if !(v >= 0 && v <= 1) {
			return w, fmt.Errorf("weight %v: %w", v, stats.ErrOption)
		}
	}
	return w, nil
}

// start works out the state to begin with.
func (o SmoothOptions) start(y []float64) (State, int, error) {
	switch {
	case o.Start != nil:
		if err := stats.Finite([]float64{o.Start.Level, o.Start.Trend}, o.Start.Season); err != nil {
			return State{}, 0, err
		}
		if o.Kind.seasonal() && len(o.Start.Season) != o.Period {
			return State{}, 0, stats.ErrLength
		}
		return *o.Start, 0, nil
	case o.Kind == Simple:
		return State{Level: y[0]}, 1, nil
	case o.Kind == Holt:
		if len(y) < 3 {
			return State{}, 0, stats.ErrTooFew
		}
		return State{Level: y[1], Trend: y[1] - y[0]}, 2, nil
	}
	if len(y) < 2*o.Period {
		return State{}, 0, fmt.Errorf("%d steps are less than two periods of %d: %w", len(y), o.Period, stats.ErrTooFew)
	}
	d, err := classical(y[:2*o.Period], o.Period, o.Kind == HoltWintersMultiplicative)
	if err != nil {
		return State{}, 0, err
	}
	var known []float64
	for _, v := range d.Trend {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	level, trend := line(known)
	return State{Level: level, Trend: trend, Season: d.Seasonal[:o.Period]}, o.Period, nil
}

// line is the straight line by least squares through values at 1, 2, …: its value at
// 0 and its slope.
func line(y []float64) (at, slope float64) {
	middle := float64(len(y)+1) / 2
	level, squares := mean(y), 0.0
	for i, v := range y {
		d := float64(i+1) - middle
		slope += d * (v - level)
		squares += d * d
	}
	if squares > 0 {
		slope /= squares
	}
	return level - slope*middle, slope
}

// run smooths; it is the space that smoothing works in.
type run struct {
	kind         Smoothing
	level, trend float64
	season       []float64 // in a ring
	at           int
}

func (r *run) begin(s State) {
	r.level, r.trend, r.at = s.Level, s.Trend, 0
	copy(r.season, s.Season)
}

func (r *run) end() State {
	s := State{Level: r.level, Trend: r.trend}
	if r.kind.seasonal() {
		s.Season = append(append(s.Season, r.season[r.at:]...), r.season[:r.at]...)
	}
	return s
}

// ahead is the forecast one step ahead.
func (r *run) ahead(w Weights) float64 {
	v := r.level
	if r.kind.trended() {
		v += w.Damping * r.trend
	}
	switch r.kind {
	case HoltWinters:
		return v + r.season[r.at]
	case HoltWintersMultiplicative:
		return v * r.season[r.at]
	}
	return v
}

// take moves the parts by the next count.
func (r *run) take(y float64, w Weights) {
	before, trend := r.level, 0.0
	if r.kind.trended() {
		trend = w.Damping * r.trend
	}
	now := y
	switch r.kind {
	case HoltWinters:
		now = y - r.season[r.at]
	case HoltWintersMultiplicative:
		if now = before + trend; r.season[r.at] > 0 { // a time of year without events says nothing of the level
			now = y / r.season[r.at]
		}
	}
	r.level = w.Alpha*now + (1-w.Alpha)*(before+trend)
	if r.kind.trended() {
		r.trend = w.Beta*(r.level-before) + (1-w.Beta)*trend
	}
	if !r.kind.seasonal() {
		return
	}
	s := &r.season[r.at]
	if r.kind == HoltWinters {
		*s = w.Gamma*(y-r.level) + (1-w.Gamma)**s
	} else if r.level > 0 {
		*s = w.Gamma*y/r.level + (1-w.Gamma)**s
	}
	if r.at++; r.at == len(r.season) {
		r.at = 0
	}
}

// over smooths a series and returns the sum of squared errors, writing the forecasts
// to fitted if there is one.
func (r *run) over(y []float64, start State, w Weights, fitted []float64) float64 {
	r.begin(start)
	sse := 0.0
	for i, v := range y {
		f := r.ahead(w)
		if fitted != nil {
			fitted[i] = f
		}
		sse += (v - f) * (v - f)
		r.take(v, w)
	}
	if math.IsNaN(sse) {
		return math.Inf(1)
	}
	return sse
}

// added is over for the kinds whose parts add up, in one plain loop: a trend or a
// season that is not there stays zero. The search spends its time here.
func (r *run) added(y []float64, start State, w Weights) float64 {
	r.begin(start)
	level, trend, sse, at := start.Level, 0.0, 0.0, 0
	if r.kind.trended() {
		trend = start.Trend
	}
	season := r.season
	if r.kind != HoltWinters {
		season = []float64{0}
	}
	alpha, slope, gamma := w.Alpha, w.Alpha*w.Beta, w.Gamma*(1-w.Alpha)
	for _, v := range y {
		trend *= w.Damping
		e := v - level - trend - season[at]
		sse += e * e
		level += trend + alpha*e
		trend += slope * e
		season[at] += gamma * e
		if at++; at == len(season) {
			at = 0
		}
	}
	if math.IsNaN(sse) {
		return math.Inf(1)
	}
	return sse
}

// search finds the weights of least squared error.
func (r *run) search(y []float64, start State, damped bool) Weights {
	weights := func(x []float64) Weights {
		w := Weights{Alpha: x[0], Damping: 1}
		rest := x[1:]
		if r.kind.trended() {
			w.Beta, rest = rest[0], rest[1:]
		}
		if r.kind.seasonal() {
			w.Gamma, rest = rest[0], rest[1:]
		}
		if damped {
			w.Damping = 0.8 + 0.18*rest[0]
		}
		return w
	}
	free := 1
	for _, more := range []bool{r.kind.trended(), r.kind.seasonal(), damped} {
		if more {
			free++
		}
	}
	return weights(minimise(func(x []float64) float64 {
		if r.kind == HoltWintersMultiplicative {
			return r.over(y, start, weights(x), nil)
		}
		return r.added(y, start, weights(x))
	}, free, []float64{0.02, 0.1, 0.3, 0.6, 0.95}, 1e-5))
}

// least is the smallest mean that a count is drawn with: smoothed values may be
// negative.
const least = 1e-3

// size is by moments, from the errors about the forecasts.
func (s Smoothed) size(y []float64) float64 {
	extra, squares := 0.0, 0.0
	for i, f := range s.Fitted {
		f = max(f, least)
		extra += (y[i]-f)*(y[i]-f) - f
		squares += f * f
	}
	if extra <= 0 {
		return math.Inf(1)
	}
	return squares / extra
}

// Forecast simulates so many futures (0 is 1000): counts are drawn about the forecast
// one step ahead, negative binomial with the size of the errors, and smoothed in turn.
// Each month's distribution is the mixture over the futures. What is not known of the
// weights is not in it.
func (s Smoothed) Forecast(horizon, futures int, seed uint64) (Forecast, error) {
	fill(&futures, 1000)
	if horizon < 1 || futures < 1 {
		return Forecast{}, stats.ErrOption
	}
	means := make([][]float64, horizon)
	for h := range means {
		means[h] = make([]float64, futures)
	}
	pieces := (futures + chunk - 1) / chunk
	stats.Parallel(pieces, func(_, piece int) {
		random := stats.NewRand(seed, uint64(piece))
		r := run{kind: s.kind, season: make([]float64, len(s.End.Season))}
		for f := piece * chunk; f < min((piece+1)*chunk, futures); f++ {
			r.begin(s.End)
			for h := range horizon {
				m := max(r.ahead(s.Weights), 0)
				if s.SSE > 0 {
					m = max(m, least)
				}
				means[h][f] = m
				r.take(random.NegBin(m, s.Size), s.Weights)
			}
		}
	})
	out := make([]Distribution, horizon)
	errs := make([]error, horizon)
	stats.Parallel(horizon, func(_, h int) { out[h], errs[h] = Mixture(grouped(means[h]), s.Size) })
	for _, err := range errs {
		if err != nil {
			return Forecast{}, err
		}
	}
	return newForecast(out), nil
}

// together is how many futures of like means are taken as one.
const together = 10

// grouped sorts the means and averages neighbours, when there are enough that it
// makes no difference to a distribution.
func grouped(means []float64) []float64 {
	if len(means) < 100*together || means[0] == means[len(means)-1] {
		return means
	}
	slices.Sort(means)
	out := make([]float64, 0, len(means)/together+1)
	for from := 0; from < len(means); from += together {
		out = append(out, mean(means[from:min(from+together, len(means))]))
	}
	return out
}
