package effect

import (
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// Controls says with whom Staggered compares.
type Controls int

const (
	// NotYet is units never treated and those not treated by the period looked at.
	NotYet Controls = iota
	// Never is only units never treated.
	Never
)

// StaggeredOptions are those of Staggered; the zero value is usable.
type StaggeredOptions struct {
	Controls Controls
	// Covariates, one row a unit, are figures from before any treatment on which
	// the course without treatment may hang; they enter by a regression of the
	// change in the controls.
	Covariates [][]float64
	// Anticipation is how many periods before its start a treatment may already
	// act; those periods are no basis for comparison.
	Anticipation int
	Level        float64 // of intervals and bands; 0 is 0.95
	Draws        int     // of the bootstrap for bands; 0 is 999
	Seed         uint64
}

// Estimate is an effect and how sure it is.
type Estimate struct {
	Value float64
	// StandardError is robust by cluster. Where an effect that is not zero has none
	// (a single unit against a single control) it is 0, and Interval has no ends.
	StandardError float64
	Freedom       float64 // degrees of freedom of Student's t for it
	// Interval holds the effect with probability Level, Band all effects of the
	// same list at once.
	Interval, Band stats.Interval
}

// GroupTime is the effect on one group in one period.
type GroupTime struct {
	Group    int // the first treated period of its units
	Period   int // below Group it is a check: nothing should be found
	Units    int // treated, and controls that they are held against
	Controls int
	Estimate
}

// Family is effects brought together by time since the start, group or period.
type Family struct {
	At        []int
	Estimates []Estimate
	// Average is over the starts and later times: plain for ByEvent and
	// ByPeriod, by the number of units for ByGroup.
	Average Estimate
}

// StaggeredEffects is the result of Staggered.
type StaggeredEffects struct {
	GroupTimes []GroupTime
	// Overall is the mean effect over all treated units and periods.
	Overall Estimate
	// ByEvent is by periods since the start (below zero: checks, which Average
	// leaves out), ByGroup by first treated period, ByPeriod by calendar.
	ByEvent, ByGroup, ByPeriod Family
	// BeforeP is how often chance alone gives checks as far from zero in ByEvent
	// as the furthest one; 1 when there are none.
	BeforeP float64
	// Left lists the units treated from the first period on, which are left out.
	Left []int
}

// Staggered estimates effects when units start at different times, by comparing
// each group that starts together, and each period, with units not treated then
// (Callaway and Sant'Anna 2021, Journal of Econometrics 225:200–230). Treated
// units never serve as controls, which is what goes wrong when Linear is used
// here (see Decompose). An effect after the start is the change since the last
// period before it, less that of the controls; a check before the start is the
// change since the period before.
//
// start is the first treated period of each unit, below zero for never. Errors
// come by influence functions, summed by cluster, and bands by multiplier
// bootstrap. A group of one unit has no spread of its own: its errors hold only
// that of the controls, and Synthetic is the better method.
//
// Errors: ErrEmpty, ErrLength, ErrMissing (all cells must be observed), ErrOption, ErrTooFew under two clusters or when no group has
// controls, ErrSingular for covariates that the controls cannot tell apart.
func Staggered(p Panel, start []int, o StaggeredOptions) (StaggeredEffects, error) {
	s, err := newStaggered(p, start, o)
	if err != nil {
		return StaggeredEffects{}, err
	}
	if err := s.compare(); err != nil {
		return StaggeredEffects{}, err
	}
	return s.effects(), nil
}

// staggered is the work of Staggered: effects and their influence functions.
type staggered struct {
	outcome   [][]float64
	start     []int
	o         StaggeredOptions
	cluster   []int
	clusters  int
	kind      []int     // of each cluster: which start its units have
	size      []float64 // clusters of each kind
	n         float64   // units that count
	left      []int
	out       []bool      // of each unit: left out
	rows      [][]float64 // of each unit: one, then its covariates
	groups    []int
	found     []GroupTime
	influence [][]float64 // of each found, by unit
}

func newStaggered(p Panel, start []int, o StaggeredOptions) (*staggered, error) {
	units, periods, err := p.size()
	if err != nil {
		return nil, err
	}
	if err := starts(start, units, periods); err != nil {
		return nil, err
	}
	if err := stats.Finite(p.Outcome...); err != nil {
		return nil, err
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Draws == 0 {
		o.Draws = 999
	}
	if !(o.Level > 0 && o.Level < 1) || o.Draws < 1 || o.Anticipation < 0 || o.Controls < 0 || o.Controls > Never {
		return nil, stats.ErrOption
	}
	s := &staggered{outcome: p.Outcome, start: start, o: o}
	if o.Covariates != nil {
		if len(o.Covariates) != units {
			return nil, stats.ErrLength
		}
		if err := shaped(o.Covariates, units, len(o.Covariates[0])); err != nil {
			return nil, err
		}
		if err := stats.Finite(o.Covariates...); err != nil {
			return nil, err
		}
		if err := stats.Sized(o.Covariates...); err != nil {
			return nil, err
		}
	}
	s.sort()
	s.count(p)
	s.rows = make([][]float64, units)
	for i := range s.rows {
		s.rows[i] = []float64{1}
		if o.Covariates != nil {
			s.rows[i] = append(s.rows[i], o.Covariates[i]...)
		}
	}
	if s.clusters < 2 {
		return nil, stats.ErrTooFew
	}
	return s, nil
}

// count numbers the clusters of the units that are not left out, and sorts them
// by start; those whose units differ in it are a kind of their own.
func (s *staggered) count(p Panel) {
	s.cluster = make([]int, len(s.start))
	of, _ := p.clusters()
	number := map[int]int{}
	for i, c := range of {
		if s.out[i] {
			continue
		}
		k, ok := number[c]
		if !ok {
			k = len(number)
			number[c] = k
		}
		s.cluster[i] = k
	}
	s.clusters = len(number)
	starts := make([]int, s.clusters)
	seen := make([]bool, s.clusters)
	const mixed = -2
	for i, c := range s.cluster {
		if s.out[i] {
			continue
		}
		g := max(s.start[i], -1)
		if seen[c] && starts[c] != g {
			g = mixed
		}
		seen[c], starts[c] = true, g
	}
	s.kind = make([]int, s.clusters)
	index := map[int]int{}
	for c, g := range starts {
		h, ok := index[g]
		if !ok {
			h = len(index)
			index[g] = h
			s.size = append(s.size, 0)
		}
		s.kind[c] = h
		s.size[h]++
	}
}

// sort finds the groups, and the units that are treated too early to have a
// period before.
func (s *staggered) sort() {
	s.out = make([]bool, len(s.start))
	for i, g := range s.start {
		switch {
		case g >= 0 && g <= s.o.Anticipation:
			s.left, s.out[i] = append(s.left, i), true
			continue
		case g >= 0 && !slices.Contains(s.groups, g):
			s.groups = append(s.groups, g)
		}
		s.n++
	}
	slices.Sort(s.groups)
}

// cell is one group and period to be compared since a base period.
type cell struct {
	group, period, base int
	treated, controls   []int
	value               float64
	influence           []float64
	err                 error
}

// compare works out every effect that has controls.
func (s *staggered) compare() error {
	var cells []cell
	for _, g := range s.groups {
		for t := 1; t < len(s.outcome[0]); t++ {
			base := g - 1 - s.o.Anticipation
			if t <= base {
				base = t - 1
			}
			cells = append(cells, cell{group: g, period: t, base: base})
		}
	}
	stats.Parallel(len(cells), func(_, k int) {
		c := &cells[k]
		if c.treated, c.controls = s.sides(c.group, c.period, c.base); len(c.controls) > 0 {
			c.err = s.difference(c)
		}
	})
	for _, c := range cells {
		if c.err != nil {
			return c.err
		}
		if len(c.controls) > 0 {
			s.found = append(s.found, GroupTime{
				Group: c.group, Period: c.period, Units: len(c.treated), Controls: len(c.controls),
				Estimate: Estimate{Value: c.value},
			})
			s.influence = append(s.influence, c.influence)
		}
	}
	if len(s.found) == 0 {
		return stats.ErrTooFew
	}
	return nil
}

// sides returns the units of group g and those untreated at both periods.
func (s *staggered) sides(g, t, base int) (treated, controls []int) {
	clear := max(t, base) + s.o.Anticipation
	for i, other := range s.start {
		switch {
		case other == g:
			treated = append(treated, i)
		case other < 0 || s.o.Controls == NotYet && other > clear:
			controls = append(controls, i)
		}
	}
	return treated, controls
}

// difference works out the mean change of the treated less what the controls
// lead to expect for them, and the influence of each unit on it.
func (s *staggered) difference(c *cell) error {
	change := func(i int) float64 { return s.outcome[i][c.period] - s.outcome[i][c.base] }
	x, y := make([][]float64, len(c.controls)), make([]float64, len(c.controls))
	for k, i := range c.controls {
		x[k], y[k] = s.rows[i], change(i)
	}
	b, inverse, err := regress(x, y)
	if err != nil {
		return err
	}
	size := 0.0 // below a trillionth of it a deviation is rounding
	for _, i := range slices.Concat(c.treated, c.controls) {
		size = max(size, math.Abs(s.outcome[i][c.period]), math.Abs(s.outcome[i][c.base]))
	}
	left := func(deviation float64) float64 {
		if math.Abs(deviation) <= 1e-12*size {
			return 0
		}
		return deviation
	}
	m := float64(len(c.treated))
	mean := make([]float64, len(b))
	for _, i := range c.treated {
		c.value += (change(i) - lin.Dot(s.rows[i], b)) / m
		for j, v := range s.rows[i] {
			mean[j] += v / m
		}
	}
	c.influence = make([]float64, len(s.start))
	for _, i := range c.treated {
		c.influence[i] = s.n / m * left(change(i)-lin.Dot(s.rows[i], b)-c.value)
	}
	pull := make([]float64, len(b))
	inverse.MulVec(pull, mean)
	for k, i := range c.controls {
		c.influence[i] = -s.n * lin.Dot(x[k], pull) * left(y[k]-lin.Dot(x[k], b))
	}
	return nil
}

// regress returns the coefficients of least squares and (X'X)⁻¹.
func regress(x [][]float64, y []float64) ([]float64, lin.Matrix, error) {
	m, err := lin.FromRows(x...)
	if err != nil {
		return nil, lin.Matrix{}, err
	}
	var qr lin.QR
	if err := qr.Factor(m); err != nil {
		return nil, lin.Matrix{}, err
	}
	if qr.Rank() < m.Cols {
		return nil, lin.Matrix{}, stats.ErrSingular
	}
	qty, b := append([]float64(nil), y...), make([]float64, m.Cols)
	qr.QTMul(qty)
	qr.Solve(b, qty)
	return b, qr.Unscaled(), nil
}
