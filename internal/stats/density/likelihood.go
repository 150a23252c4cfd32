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
	// Sample is at how many events the density is looked at, drawn by the seed, to
	// be quicker; all events count in the density all the same. Zero is all.
	Sample int
	Seed   uint64
}

// Trial is a bandwidth, in metres, and its criterion: the larger the better.
// Events is at how many events the density was looked at.
type Trial struct {
	Bandwidth, Criterion float64
	Events               int
}

// Choice is the bandwidth with the largest criterion, and all that were tried,
// in ascending order. Of more than 2,000 events, 2,000 drawn by the seed say
// roughly where it lies before all are looked at.
type Choice struct {
	Trial
	// AtEnd says that the best lies at an end of the range, so that the range,
	// not the data, has chosen.
	AtEnd bool
	Tried []Trial
}

const (
	coarseTrials = 12
	coarseSample = 2000
	// precision is how close the search comes, in the logarithm: a thousandth.
	precision = 1e-3
)

// Likelihood chooses the bandwidth under which each event is best foretold by
// the others (Habbema, Hermans and Van den Broek 1974; Loader 1999): the
// largest Σ w log λ₋ᵢ(xᵢ) − ∫λ. It tries 12 bandwidths in even steps of the
// logarithm, then closes in around the best to a thousandth (Brent 1973). A
// Gaussian does not end here, however far an event lies from all others; with
// the quartic kernel an event alone rules a bandwidth out, so with scattered
// events choose by the Gaussian and turn the result by QuarticOf. Options say
// the kernel and edge; their bandwidth is not looked at, and Adaptive and Binned
// are ErrOption. Fewer than two events are ErrTooFew; ErrConstant if under no
// bandwidth each has another within reach.
func Likelihood(e Events, g Grid, o Options, s Search) (Choice, error) {
	if o.Adaptive || o.Binned {
		return Choice{}, fmt.Errorf("the search is for one bandwidth, without bins: %w", stats.ErrOption)
	}
	s, err := s.orDefault(e, g, o)
	if err != nil {
		return Choice{}, err
	}
	c := &search{e: e, g: g, o: o, s: s, sample: s.draw(len(e.X), min(s.Sample, coarseSample))}
	low, high := math.Log(s.Low), math.Log(s.High)
	step := (high - low) / (coarseTrials - 1)
	for k := range coarseTrials {
		h := s.Low * math.Exp(step*float64(k))
		if k == coarseTrials-1 {
			h = s.High
		}
		if _, err := c.at(h); err != nil {
			return Choice{}, err
		}
	}
	best := c.best(len(c.sample))
	if math.IsInf(best.Criterion, -1) {
		return Choice{}, fmt.Errorf("under no bandwidth of the range has every event another within reach: %w", stats.ErrConstant)
	}
	c.sample = s.draw(len(e.X), s.Sample)
	if err := c.closeIn(math.Log(best.Bandwidth), step); err != nil {
		return Choice{}, err
	}
	best = c.best(len(c.sample))
	slices.SortFunc(c.tried, func(a, b Trial) int { return cmp.Compare(a.Bandwidth, b.Bandwidth) })
	at := math.Log(best.Bandwidth)
	return Choice{Trial: best, Tried: c.tried, AtEnd: at < low+4*precision || at > high-4*precision}, nil
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
		s.Sample = len(e.X)
	}
	return s, nil
}

// draw picks so many of n events, in their order.
func (s Search) draw(n, many int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	if many >= n {
		return all
	}
	r := stats.NewRand(s.Seed, 0)
	for i := range many {
		j := i + int(r.Below(uint32(n-i)))
		all[i], all[j] = all[j], all[i]
	}
	slices.Sort(all[:many])
	return all[:many]
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

// best is the best of the trials that looked at so many events.
func (c *search) best(events int) Trial {
	out := Trial{Criterion: math.Inf(-1)}
	for _, t := range c.tried {
		if t.Events == events && (t.Criterion > out.Criterion || out.Events == 0) {
			out = t
		}
	}
	return out
}

// closeIn looks for the best log bandwidth within a step of x. Where it is found
// at an end of that, as it can be when a sample led there, it looks further on.
func (c *search) closeIn(x, step float64) error {
	low, high := math.Log(c.s.Low), math.Log(c.s.High)
	for range coarseTrials {
		from, to := max(low, x-step), min(high, x+step)
		found, err := largest(func(x float64) (float64, error) { return c.at(math.Exp(x)) }, from, to)
		if err != nil {
			return err
		}
		switch {
		case found-from < 4*precision && from > low:
			x = from
		case to-found < 4*precision && to < high:
			x = to
		default:
			return nil
		}
	}
	return nil
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
	t := Trial{Bandwidth: h, Criterion: weight*c.meanLog(all, r, o) - integral, Events: len(c.sample)}
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
	var shares []float64
	if o.Edge == UniformEdge {
		shares = r.shares(o.Kernel, points)
	}
	logs := newIndex(o.Kernel, all).logSums(points, c.sample, l)
	total, weight := 0.0, 0.0
	for k, p := range points {
		if p.weight == 0 || o.Edge != NoEdge && !r.Holds(p.x, p.y) {
			continue
		}
		if total += p.weight * logs[k]; shares != nil {
			total -= p.weight * math.Log(shares[k])
		}
		weight += p.weight
	}
	return total / weight
}
