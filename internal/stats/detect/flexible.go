package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Flexible evaluates a series by the flexible Farrington method (Noufaily et al.
// 2013; docs/methods/farrington.md): one evaluation for each time point from
// o.From to o.To. Missing counts (NaN) are left out of baselines.
//
// It returns stats.ErrOption, stats.ErrLength (exposure or share reported not as
// long as the series), stats.ErrEmpty, stats.ErrNegative or stats.ErrMissing
// (infinite). A time point without enough history is no error: its verdict says
// so. stats.ErrTooFew is a series with no time point that could be evaluated
// when no range was given.
func Flexible(series []float64, o FlexibleOptions) ([]Evaluation, error) {
	all, err := FlexibleAll([][]float64{series}, o)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// FlexibleAll is Flexible for many series at once, on all cores. Exposure and
// Reported hold for all of them; they may differ in length only without either.
// The first series with an error stops it.
func FlexibleAll(series [][]float64, o FlexibleOptions) ([][]Evaluation, error) {
	f, err := newFarrington(o)
	if err != nil {
		return nil, err
	}
	return each(series, f.worker, func(w *worker, i int) ([]Evaluation, error) { return w.run(series[i]) })
}

// farrington is the method with everything that is the same for all series.
type farrington struct {
	FlexibleOptions
	reference reference
	tail      float64 // probability beyond each bound looked at
	z         float64 // and its normal quantile
}

func newFarrington(o FlexibleOptions) (*farrington, error) {
	o, err := o.fill()
	if err != nil {
		return nil, err
	}
	r, ok := newReference(&o)
	if !ok {
		return nil, fmt.Errorf("a year is too short for windows and parts of that number: %w", stats.ErrOption)
	}
	if len(r.offset) == 0 {
		return nil, fmt.Errorf("the gap leaves no baseline: %w", stats.ErrOption)
	}
	f := &farrington{FlexibleOptions: o, reference: r, tail: o.Alpha}
	if o.Sides == Both {
		f.tail /= 2
	}
	f.z = -dist.NormalQuantile(f.tail)
	return f, nil
}

// worker is scratch space of one goroutine.
type worker struct {
	*farrington
	model    regression
	series   prepared
	critical []float64 // two-sided t quantiles by degrees of freedom, as they come up
	tails    []float64 // and tail probabilities
}

func (f *farrington) worker() *worker {
	w := &worker{farrington: f, critical: make([]float64, len(f.reference.offset)+1)}
	w.tails = make([]float64, len(w.critical))
	w.model.size(len(f.reference.offset), f.reference.groups)
	return w
}

// prepared is a series with what each evaluation needs of it.
type prepared struct {
	y, y23, exposure, reported, shareSE []float64
	good                                []bool
}

// prepare works on a series: which counts can be used, their powers, and the
// exposure with the share reported in it.
func (s *prepared) prepare(y []float64, o *FlexibleOptions) {
	if cap(s.y23) < len(y) {
		s.y23, s.exposure, s.good = make([]float64, len(y)), make([]float64, len(y)), make([]bool, len(y))
	}
	s.y, s.reported, s.shareSE = y, o.Reported, o.ReportedSE
	s.y23, s.exposure, s.good = s.y23[:len(y)], s.exposure[:len(y)], s.good[:len(y)]
	for i, v := range y {
		e := 1.0
		if o.Exposure != nil {
			e = o.Exposure[i]
		}
		if o.Reported != nil {
			e *= o.Reported[i]
		}
		root := math.Cbrt(v)
		s.exposure[i], s.y23[i], s.good[i] = e, root*root, v >= 0 && e > 0
	}
}

// share is the share reported at a time point.
func (s *prepared) share(i int) float64 {
	if s.reported == nil {
		return 1
	}
	return s.reported[i]
}

// shareError is the variance of the logarithm of the share reported.
func (s *prepared) shareError(i int) float64 {
	if s.shareSE == nil {
		return 0
	}
	e := s.shareSE[i] / s.reported[i]
	return e * e
}

// run evaluates a series.
func (w *worker) run(series []float64) ([]Evaluation, error) {
	if err := w.check(series); err != nil {
		return nil, err
	}
	from, to, err := span(len(series), w.From, w.To, w.reference.reach)
	if err != nil {
		return nil, err
	}
	w.series.prepare(series, &w.FlexibleOptions)
	out := make([]Evaluation, 0, to-from)
	for at := from; at < to; at++ {
		out = append(out, w.evaluate(at))
	}
	return out, nil
}

// span returns the time points to evaluate of a series of n: those asked for, or
// all that have the history needed.
func span(n, from, to, history int) (first, end int, err error) {
	if from < 0 || to < 0 || from > n || to > n || to != 0 && to < from {
		return 0, 0, fmt.Errorf("the time points to evaluate are not in the series: %w", stats.ErrOption)
	}
	first, end = from, to
	if to == 0 {
		end = n
	}
	if from == 0 {
		if first = history; first >= end {
			return 0, 0, fmt.Errorf("%d time points are needed before the first evaluated: %w", history, stats.ErrTooFew)
		}
	}
	return first, end, nil
}

// evaluate holds one count against its baseline.
func (w *worker) evaluate(at int) Evaluation {
	y := w.series.y[at]
	switch {
	case at < w.reference.reach:
		return blank(at, y, NoHistory)
	case math.IsNaN(y):
		return blank(at, y, NoCount)
	case w.series.share(at) < w.MinReported:
		return blank(at, y, TooFresh)
	}
	e := blank(at, y, NoHistory)
	m := &w.model
	m.load(&w.series, &w.reference, at)
	if m.used[w.reference.window] == 0 || w.series.exposure[at] == 0 {
		return e
	}
	p, ok := w.withTrend(at)
	if !ok {
		if p, ok = w.without(at); !ok {
			return e
		}
	}
	e.Expected, e.Dispersion, e.Trend, e.Slope = p.mean, p.dispersion, p.trend, p.slope
	w.bounds(&e, &p)
	e.judge(w.Sides, w.enough(at))
	return e
}

// prediction is what the model says of the time point evaluated.
type prediction struct {
	mean, dispersion float64
	logSE            float64 // standard error of the logarithm of the mean
	rows             float64 // exposure of the window's part, in units of that of the time point
	df               int     // degrees of freedom of the dispersion; zero if it is Poisson's
	trend            bool
	slope            float64
}

// withTrend fits the model with a trend. It returns false if there is to be none.
func (w *worker) withTrend(at int) (prediction, bool) {
	m := &w.model
	if w.NoTrend || w.Years < 3 || m.rows <= m.rank(true) {
		return prediction{}, false
	}
	if !w.estimate(true) {
		return prediction{}, false
	}
	p := w.predict(at, true)
	if w.TrendBelow < 1 && !w.significant() {
		return p, false
	}
	return p, p.mean <= w.highest(at)
}

// highest is the highest rate of the baseline at the exposure of the time point.
func (w *worker) highest(at int) float64 {
	m, top := &w.model, 0.0
	for i := range m.rows {
		top = max(top, m.y[i]/m.e[i])
	}
	return top * w.series.exposure[at]
}

// without fits the model without a trend.
func (w *worker) without(at int) (prediction, bool) {
	if w.model.rows <= w.model.rank(false) {
		return prediction{}, false
	}
	w.estimate(false)
	return w.predict(at, false), true
}

// estimate fits the model, weights past outbreaks down and fits it again.
func (w *worker) estimate(trend bool) bool {
	m := &w.model
	for i := range m.rows {
		m.w[i] = 1
	}
	if !m.fit(trend) {
		return false
	}
	if !w.EqualWeights && m.downweight(m.dispersion(), w.WeightAbove, trend) {
		return m.fit(trend)
	}
	return true
}

// scale is the dispersion that the standard error of the prediction is worked
// out with, and testScale that of the slope's: the dispersion of the model both.
// The peer's original method has the first alone right.
func (w *worker) scale() float64 {
	if w.PeerErrors && !w.classic {
		return w.testScale()
	}
	return w.model.dispersion()
}

func (w *worker) testScale() float64 {
	switch {
	case !w.PeerErrors:
		return w.model.dispersion()
	case w.working():
		return w.model.working / float64(w.model.df)
	default:
		return w.model.pearson / float64(w.model.df)
	}
}

// working reports whether the peer would take the working residuals for Pearson's.
func (w *worker) working() bool { return !w.EqualWeights && !w.classic }

// significant reports whether the t-test of the slope is below TrendBelow.
func (w *worker) significant() bool {
	m := &w.model
	critical := &w.critical[m.df]
	if *critical == 0 {
		*critical = -dist.StudentQuantile(w.TrendBelow/2, float64(m.df))
	}
	return math.Abs(m.slope) > *critical*math.Sqrt(w.testScale()/m.spread)
}

// predict applies the fitted model to the time point.
func (w *worker) predict(at int, trend bool) prediction {
	m, r := &w.model, &w.reference
	now := -float64(r.offset[0]+r.offset[len(r.offset)-1]) / 2
	rate, variance := m.predict(r.window, now, trend)
	p := prediction{dispersion: m.dispersion(), trend: trend, slope: m.slope}
	if p.dispersion > 1 {
		p.df = m.df
	}
	p.mean = rate * w.series.exposure[at]
	p.logSE = math.Sqrt(variance*w.scale() + w.series.shareError(at))
	p.rows = m.sum0[r.window] * math.Exp(-m.slope*now) / w.series.exposure[at]
	// Each case is reported by now or not, whichever the others: that thins the
	// count, and its dispersion comes closer to one.
	p.dispersion = 1 + w.series.share(at)*(p.dispersion-1)
	return p
}

// enough reports whether there were enough cases lately for an alarm.
func (w *worker) enough(at int) bool {
	cases := 0.0
	for i := max(0, at-w.RecentPoints+1); i <= at; i++ {
		if w.series.good[i] {
			cases += w.series.y[i]
		}
	}
	return cases >= float64(w.MinCases)
}
