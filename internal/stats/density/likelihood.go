package density

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Search is where to look for a bandwidth. The zero value looks from a thirtieth
// of Scott's rule up to one and a half times the rule, but not below the side of
// a cell where an edge correction needs the grid.
type Search struct {
	Low, High float64 // metres
	// ByPlace leaves out, for each event, all events at its very place. Where
	// addresses are rounded to a few points many events share one, and leaving
	// out only the event itself then rewards a bandwidth of next to nothing.
	ByPlace bool
	// Sample is at how many events the density is looked at, drawn by the seed;
	// all events count in the density all the same. Zero is all, or 2,000 where
	// there are more.
	Sample int
	Seed   uint64
}

// Trial is a bandwidth, in metres, and its criterion: the larger the better.
type Trial struct{ Bandwidth, Criterion float64 }

// Choice is the bandwidth with the largest criterion, and all that were tried,
// in ascending order.
type Choice struct {
	Trial
	// AtEnd says that the best lies at an end of the range, so that the range,
	// not the data, has chosen.
	AtEnd bool
	Tried []Trial
}

const (
	coarseTrials  = 12
	fineTrials    = 8
	defaultSample = 2000
)

// Likelihood chooses the bandwidth under which each event is best foretold by
// the others (Habbema, Hermans and Van den Broek 1974; Loader 1999): the
// largest Σ w log λ₋ᵢ(xᵢ) − ∫λ. It tries 12 bandwidths in even steps of the
// logarithm, then closes in around the best. Options say the kernel and edge;
// their bandwidth is not looked at, and Adaptive and Binned are ErrOption. Fewer
// than two events are ErrTooFew; ErrConstant if none has another elsewhere.
func Likelihood(e Events, g Grid, o Options, s Search) (Choice, error) {
	if o.Adaptive || o.Binned {
		return Choice{}, fmt.Errorf("the search is for one bandwidth, without bins: %w", stats.ErrOption)
	}
	s, err := s.orDefault(e, g, o)
	if err != nil {
		return Choice{}, err
	}
	c := &search{e: e, g: g, o: o, s: s, sample: s.draw(len(e.X))}
	if _, err := c.at(s.High); err != nil {
		return Choice{}, err
	}
	step := math.Pow(s.High/s.Low, 1.0/(coarseTrials-1))
	for k := range coarseTrials - 1 {
		if _, err := c.at(s.Low * math.Pow(step, float64(k))); err != nil {
			return Choice{}, err
		}
	}
	best := c.best()
	if math.IsInf(best.Criterion, -1) {
		return Choice{}, fmt.Errorf("under no bandwidth of the range has every event another within reach: %w", stats.ErrConstant)
	}
	low, high := max(s.Low, best.Bandwidth/step), min(s.High, best.Bandwidth*step)
	if err := c.closeIn(math.Log(low), math.Log(high)); err != nil {
		return Choice{}, err
	}
	slices.SortFunc(c.tried, func(a, b Trial) int { return cmp.Compare(a.Bandwidth, b.Bandwidth) })
	best = c.best()
	margin := math.Sqrt(math.Sqrt(step)) // nearer to an end than a quarter step
	return Choice{Trial: best, Tried: c.tried, AtEnd: best.Bandwidth < s.Low*margin || best.Bandwidth > s.High/margin}, nil
}

func (s Search) orDefault(e Events, g Grid, o Options) (Search, error) {
	o.Bandwidth = 1
	if err := o.check(); err != nil {
		return s, err
	}
	if err := e.check(); err != nil {
		return s, err
	}
	if len(e.X) < 2 {
		return s, stats.ErrTooFew
	}
	if s.High == 0 {
		r, err := NormalReference(e)
		if err != nil {
			return s, err
		}
		if s.High = 1.5 * r.Scott; o.Kernel == Quartic {
			s.High = QuarticOf(s.High)
		}
	}
	if s.Low == 0 {
		if s.Low = s.High / 45; o.Edge != NoEdge {
			s.Low = max(s.Low, g.Cell)
		}
	}
	if !(s.Low > 0 && s.Low < s.High) || math.IsInf(s.High, 1) || s.Sample < 0 {
		return s, fmt.Errorf("the range of bandwidths to search: %w", stats.ErrOption)
	}
	if s.Sample == 0 {
		s.Sample = defaultSample
	}
	return s, nil
}

// draw picks the events at which the density is looked at.
func (s Search) draw(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	if s.Sample >= n {
		return all
	}
	r := stats.NewRand(s.Seed, 0)
	for i := range s.Sample {
		j := i + int(r.Below(uint32(n-i)))
		all[i], all[j] = all[j], all[i]
	}
	slices.Sort(all[:s.Sample])
	return all[:s.Sample]
}

// search is a criterion and what it was asked.
type search struct {
	e      Events
	g      Grid
	o      Options
	s      Search
	sample []int
	tried  []Trial
}

func (c *search) best() Trial {
	return slices.MaxFunc(c.tried, func(a, b Trial) int { return cmp.Compare(a.Criterion, b.Criterion) })
}

// closeIn narrows a range of log bandwidths by golden sections.
func (c *search) closeIn(low, high float64) error {
	const golden = 0.6180339887498949
	ask := func(x float64) (float64, error) { return c.at(math.Exp(x)) }
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, err := ask(a)
	if err != nil {
		return err
	}
	fb, err := ask(b)
	for range fineTrials {
		if err != nil {
			return err
		}
		if fa >= fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa, err = ask(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb, err = ask(b)
		}
	}
	return err
}

// at works out the criterion at a bandwidth and keeps it.
func (c *search) at(h float64) (float64, error) {
	o := c.o
	o.Bandwidth = h
	used, r, err := prepare(c.e, c.g, o)
	if err != nil {
		return 0, err
	}
	all := numbered(c.e, c.g, o, used)
	weight := 0.0
	for i, s := range all {
		if s.weight > 0 {
			weight += c.e.weight(i)
		}
	}
	integral := weight
	if o.Edge == UniformEdge {
		surface, err := Over(c.e, c.g, o)
		if err != nil {
			return 0, err
		}
		integral = surface.Total()
	}
	t := Trial{h, weight*c.meanLog(all, r, o) - integral}
	if math.IsNaN(t.Criterion) {
		t.Criterion = math.Inf(-1)
	}
	c.tried = append(c.tried, t)
	return t.Criterion, nil
}

// meanLog is the mean logarithm of the density of the others at an event.
func (c *search) meanLog(all []source, r region, o Options) float64 {
	points := make([]source, len(c.sample))
	for k, i := range c.sample {
		points[k] = source{c.e.X[i], c.e.Y[i], c.e.weight(i), o.Bandwidth}
	}
	l := leaveOne
	if c.s.ByPlace {
		l = leavePlace
	}
	values := finish(newIndex(o.Kernel, all).sums(points, c.sample, l), points, r, o)
	total, weight := 0.0, 0.0
	for k, p := range points {
		if p.weight > 0 && !math.IsNaN(values[k]) {
			total += p.weight * math.Log(values[k]/perKm2)
			weight += p.weight
		}
	}
	return total / weight
}
