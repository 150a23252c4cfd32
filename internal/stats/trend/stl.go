package trend

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// STLOptions says how smooth the parts of an STL decomposition are. Windows are
// in steps (Season in periods), odd; an even one is made odd by adding one, and
// one under three is three. Zero values are the defaults in brackets, which are
// R's.
type STLOptions struct {
	// Period is the number of steps in a year (12).
	Period int
	// Season is how many years the seasonal part is smoothed over; 0 is periodic,
	// the same every year.
	Season int
	// SeasonDegree is 0 or 1: locally constant or straight within a time of year (0).
	SeasonDegree int
	// Trend is the window of the trend (the next odd number from
	// 1.5 Period / (1 − 1.5/Season)).
	Trend int
	// FlatTrend fits a local constant, not a line, to trend and low-pass.
	FlatTrend bool
	// LowPass is the window of the filter that keeps trend out of the season (the
	// next odd number from Period).
	LowPass int
	// SeasonJump, TrendJump and LowPassJump: the curve is worked out at every
	// so-manieth step and straight between (a tenth of the window, rounded up).
	SeasonJump, TrendJump, LowPassJump int
	// Robust gives outliers little weight.
	Robust bool
	// Inner is the number of passes between robustness weights (2; 1 when Robust),
	// Outer the number of times these are worked out (0; 15 when Robust); at most 1,000.
	Inner, Outer int
}

// STL takes a series apart into season, trend and remainder by local regression
// (R. B. Cleveland, W. S. Cleveland, McRae and Terpenning 1990, Journal of Official
// Statistics 6, 3–73). It needs two whole periods (stats.ErrTooFew). A constant
// series has trend alone.
func STL(y []float64, o STLOptions) (Decomposition, error) {
	all, err := STLAll([][]float64{y}, o)
	if err != nil {
		return Decomposition{}, err
	}
	return all[0], nil
}

// STLAll takes apart many series of one length, on all cores. An error names the
// number of the series that caused it.
func STLAll(series [][]float64, o STLOptions) ([]Decomposition, error) {
	if len(series) == 0 {
		return nil, stats.ErrEmpty
	}
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	for i, y := range series {
		if err := checkPeriod(y, o.Period); err != nil {
			return nil, fmt.Errorf("series %d: %w", i+1, err)
		}
		if len(y) != len(series[0]) {
			return nil, fmt.Errorf("series %d: %w", i+1, stats.ErrLength)
		}
	}
	plan := newSTL(len(series[0]), o)
	out := make([]Decomposition, len(series))
	work := make([]*stlWork, stats.Workers())
	stats.Parallel(len(series), func(worker, piece int) {
		if work[worker] == nil {
			work[worker] = plan.work()
		}
		out[piece] = plan.apart(series[piece], work[worker])
	})
	return out, nil
}

func (o STLOptions) complete() (STLOptions, error) {
	for _, v := range []int{o.Period, o.Season, o.Trend, o.LowPass, o.SeasonJump, o.TrendJump, o.LowPassJump, o.Inner, o.Outer} {
		if v < 0 || v > 1<<30 {
			return o, stats.ErrOption
		}
	}
	if o.Inner > 1000 || o.Outer > 1000 {
		return o, fmt.Errorf("%d passes, %d times: %w", o.Inner, o.Outer, stats.ErrOption)
	}
	if o.SeasonDegree != 0 && o.SeasonDegree != 1 {
		return o, fmt.Errorf("degree %d: %w", o.SeasonDegree, stats.ErrOption)
	}
	fill(&o.Period, 12)
	if o.Season > 0 {
		o.Season = odd(float64(o.Season))
	}
	if o.Trend == 0 {
		o.Trend = odd(1.5 * float64(o.Period) / (1 - 1.5/o.seasonWindow()))
	}
	fill(&o.LowPass, o.Period)
	o.Trend, o.LowPass = odd(float64(o.Trend)), odd(float64(o.LowPass))
	fill(&o.SeasonJump, tenth(o.seasonWindow()))
	fill(&o.TrendJump, tenth(float64(o.Trend)))
	fill(&o.LowPassJump, tenth(float64(o.LowPass)))
	if o.Robust {
		fill(&o.Inner, 1)
		fill(&o.Outer, 15)
	}
	fill(&o.Inner, 2)
	return o, nil
}

// seasonWindow is the window in years; periodic is one that nothing falls out of.
func (o STLOptions) seasonWindow() float64 {
	if o.Season == 0 {
		return math.Inf(1)
	}
	return float64(o.Season)
}

func fill(v *int, missing int) {
	if *v == 0 {
		*v = missing
	}
}

// odd is the next odd whole number, and three at least.
func odd(v float64) int {
	n := max(int(math.Ceil(v)), 3)
	return n + 1 - n%2
}

func tenth(window float64) int {
	if math.IsInf(window, 1) {
		return 1 << 30
	}
	return int(math.Ceil(window / 10))
}

// stl is what decompositions of series of one length share.
type stl struct {
	STLOptions
	n              int
	trend, lowPass *loess
	seasons        []season // one for each time of year
}

// season smooths the values of one time of year and carries them on by a year at
// both ends.
type season struct {
	*loess
	before, after local
}

type stlWork struct {
	detrended, long, low, other, values, weights, curve []float64
}

func newSTL(n int, o STLOptions) *stl {
	s := &stl{STLOptions: o, n: n, seasons: make([]season, o.Period)}
	degree := 1
	if o.FlatTrend {
		degree = 0
	}
	s.trend = newLoess(n, o.Trend, degree, o.TrendJump)
	s.lowPass = newLoess(n, o.LowPass, degree, o.LowPassJump)
	var made season
	for m := range s.seasons {
		if years := (n-1-m)/o.Period + 1; m == 0 || years != made.n {
			made = newSeason(years, n, o)
		}
		s.seasons[m] = made
	}
	return s
}

func newSeason(years, n int, o STLOptions) season {
	window, degree, jump := o.Season, o.SeasonDegree, o.SeasonJump
	if window == 0 {
		window, degree, jump = 10*n+1, 0, n
	}
	s := season{loess: newLoess(years, window, degree, jump)}
	s.before = s.weigh(-1, 0)
	s.after = s.weigh(years, max(0, years-window))
	return s
}

func (s *stl) work() *stlWork {
	long := s.n + 2*s.Period
	return &stlWork{
		detrended: make([]float64, s.n), long: make([]float64, long), low: make([]float64, long),
		other: make([]float64, long), values: make([]float64, s.seasons[0].n), weights: make([]float64, s.seasons[0].n),
		curve: make([]float64, s.seasons[0].n),
	}
}

// apart is the outer loop: passes, then weights from the remainder, and again.
func (s *stl) apart(y []float64, w *stlWork) Decomposition {
	parts := make([]float64, 4*s.n)
	d := Decomposition{Seasonal: parts[:s.n:s.n], Trend: parts[s.n : 2*s.n : 2*s.n], Remainder: parts[2*s.n : 3*s.n : 3*s.n]}
	for pass := 0; ; pass++ {
		for range s.Inner {
			s.inner(y, d, w)
		}
		if pass == s.Outer {
			break
		}
		d.Weights = parts[3*s.n:]
		robustness(y, d, w.detrended)
	}
	if s.Season == 0 {
		for i := range s.Period {
			alike(d.Seasonal, i, s.Period)
		}
	}
	for i, v := range y {
		d.Remainder[i] = v - d.Seasonal[i] - d.Trend[i]
	}
	return d
}

// alike makes the values of one time of year their mean.
func alike(seasonal []float64, from, period int) {
	total, n := 0.0, 0.0
	for i := from; i < len(seasonal); i += period {
		total, n = total+seasonal[i], n+1
	}
	for i := from; i < len(seasonal); i += period {
		seasonal[i] = total / n
	}
}

// inner is one pass: season from the series without trend, then trend from the
// series without season.
func (s *stl) inner(y []float64, d Decomposition, w *stlWork) {
	for i, v := range y {
		w.detrended[i] = v - d.Trend[i]
	}
	s.seasonal(w, d.Weights)
	// What is left of trend in the long seasonal series: averages of a period,
	// twice, and of three steps, then smoothed.
	average(w.long, w.low, s.Period)
	average(w.low[:s.n+s.Period+1], w.other, s.Period)
	average(w.other[:s.n+2], w.low, 3)
	s.lowPass.smooth(w.low[:s.n], nil, w.other[:s.n])
	for i, v := range y {
		d.Seasonal[i] = w.long[s.Period+i] - w.other[i]
		w.detrended[i] = v - d.Seasonal[i]
	}
	s.trend.smooth(w.detrended, d.Weights, d.Trend)
}

// seasonal smooths each time of year over the years, a year longer at each end.
func (s *stl) seasonal(w *stlWork, robust []float64) {
	for m := range s.seasons {
		c := &s.seasons[m]
		values, curve := w.values[:c.n], w.curve[:c.n]
		var weights []float64
		for k := range values {
			values[k] = w.detrended[m+k*s.Period]
		}
		if robust != nil {
			weights = w.weights[:c.n]
			for k := range weights {
				weights[k] = robust[m+k*s.Period]
			}
		}
		c.smooth(values, weights, curve)
		before, known := c.value(&c.before, values, weights)
		if !known {
			before = curve[0]
		}
		after, known := c.value(&c.after, values, weights)
		if !known {
			after = curve[c.n-1]
		}
		w.long[m] = before
		for k, v := range curve {
			w.long[m+(k+1)*s.Period] = v
		}
		w.long[m+(c.n+1)*s.Period] = after
	}
}

// average writes the moving averages of so many values, len(y)−width+1 of them.
func average(y, out []float64, width int) {
	total := stats.Sum(y[:width])
	for i := 0; ; i++ {
		out[i] = total / float64(width)
		if i+width == len(y) {
			return
		}
		total += y[i+width] - y[i]
	}
}

// robustness weighs each value by its remainder: bisquare, zero from six times
// the median on.
func robustness(y []float64, d Decomposition, space []float64) {
	for i, v := range y {
		d.Weights[i] = math.Abs(v - (d.Trend[i] + d.Seasonal[i]))
	}
	copy(space, d.Weights)
	n := len(space)
	upper := stats.Smallest(space, n/2)
	lower := upper
	if n%2 == 0 {
		lower = slices.Max(space[:n/2]) // selection has put the smaller ones first
	}
	limit := 3 * (upper + lower)
	for i, r := range d.Weights {
		switch {
		case r <= 0.001*limit:
			d.Weights[i] = 1
		case r <= 0.999*limit:
			b := 1 - (r/limit)*(r/limit)
			d.Weights[i] = b * b
		default:
			d.Weights[i] = 0
		}
	}
}
