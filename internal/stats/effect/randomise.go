package effect

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// RandomiseOptions are those of Randomise; the zero value is usable.
type RandomiseOptions struct {
	Draws int     // where there are more assignments than Most; 0 is 9,999
	Most  int     // up to so many assignments all are used; 0 is 100,000
	Level float64 // of the interval; 0 is 0.95
	Seed  uint64
}

// Placebo is the result of Randomise.
type Placebo struct {
	Effect   float64        // the coefficient of the treatment, as by Linear
	P        float64        // how often an assignment gives one as far from zero
	Interval stats.Interval // effects, the same for all, that P would not reject
	Effects  []float64      // those of the assignments, in no order that matters
	Complete bool           // all assignments were used once, the true one among them
}

// Randomise tests the effect of a treatment by giving it to other units instead
// (randomisation inference; Fisher 1935, and for clusters MacKinnon and Webb
// 2020, Journal of Econometrics 218:435–450): the start periods are dealt out
// anew among the units, and the true effect held against those that come of it.
// The p-value is exact, whatever the number of units, when any unit was as
// likely to be treated as any other; it is fair when units are much alike.
// Clusters do not matter; give totals of clusters as units where the treatment
// was assigned to clusters.
//
// start is the first treated period of each unit, below zero for never. Errors:
// ErrEmpty, ErrLength, ErrMissing for a cell that is not observed, ErrOption,
// ErrSingular when all units start at once, ErrTooFew as for Linear.
func Randomise(p Panel, start []int, o RandomiseOptions) (Placebo, error) {
	units, periods, err := p.size()
	if err != nil {
		return Placebo{}, err
	}
	if err := starts(start, units, periods); err != nil {
		return Placebo{}, err
	}
	if err := stats.Finite(p.Outcome...); err != nil {
		return Placebo{}, err
	}
	if o, err = o.filled(); err != nil {
		return Placebo{}, err
	}
	r, err := newRegression(Panel{Outcome: p.Outcome}, [][][]float64{Treated(start, periods)})
	if err != nil {
		return Placebo{}, err
	}
	a := newAssignments(r, start)
	a.deal(o)
	return a.result(1 - o.Level), nil
}

func (o RandomiseOptions) filled() (RandomiseOptions, error) {
	if o.Draws == 0 {
		o.Draws = 9999
	}
	if o.Most == 0 {
		o.Most = 100_000
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Draws < 1 || o.Most < 1 || !(o.Level > 0 && o.Level < 1) {
		return o, stats.ErrOption
	}
	return o, nil
}

// assignments deals start periods to units. With no gaps in the panel, taking
// means out of a treatment that is dealt otherwise only moves its rows about, so
// that an effect is a sum of one product a unit.
type assignments struct {
	kind     []int        // which start each unit has
	count    []int        // units of each start
	product  [2][]float64 // start by unit: treatment times outcome, times treatment
	units    int
	effects  []line // a − bβ is the effect found when β is taken out of the data
	complete bool
}

func newAssignments(r *regression, start []int) *assignments {
	a := &assignments{units: r.units, kind: make([]int, r.units)}
	var first []int // a unit that has each start
	number := map[int]int{}
	for i, s := range start {
		s = max(s, -1)
		k, ok := number[s]
		if !ok {
			k = len(first)
			number[s] = k
			first, a.count = append(first, i), append(a.count, 0)
		}
		a.kind[i] = k
		a.count[k]++
	}
	square := r.dot(r.x[0], r.x[0])
	row := func(x []float64, i int) []float64 { return x[i*r.periods : (i+1)*r.periods] }
	for k, x := range [2][]float64{r.y, r.x[0]} {
		a.product[k] = make([]float64, len(first)*r.units)
		for s, f := range first {
			for i := range r.units {
				for t, d := range row(r.x[0], f) {
					a.product[k][s*r.units+i] += d * row(x, i)[t] / square
				}
			}
		}
	}
	return a
}

func (a *assignments) effect(kind []int) line {
	var l line
	for i, s := range kind {
		l.a += a.product[0][s*a.units+i]
		l.b += a.product[1][s*a.units+i]
	}
	return l
}

// ways is the number of assignments, or more than most.
func (a *assignments) ways(most int) int {
	ways, left := 1.0, a.units
	for _, n := range a.count {
		for k := range n { // ways to choose n of those left
			ways *= float64(left-k) / float64(k+1)
		}
		if left -= n; ways > float64(most)+0.5 {
			return most + 1
		}
	}
	return int(math.Round(ways))
}

func (a *assignments) deal(o RandomiseOptions) {
	if n := a.ways(o.Most); n <= o.Most {
		a.complete, a.effects = true, make([]line, 0, n)
		a.all(0, make([]int, a.units), slices.Clone(a.count))
		return
	}
	a.effects = make([]line, o.Draws)
	stats.Parallel((o.Draws+run-1)/run, func(_, piece int) {
		r := stats.NewRand(o.Seed, uint64(piece))
		kind := slices.Clone(a.kind)
		for k := piece * run; k < min((piece+1)*run, o.Draws); k++ {
			for i := len(kind) - 1; i > 0; i-- {
				j := r.Below(uint32(i + 1))
				kind[i], kind[j] = kind[j], kind[i]
			}
			a.effects[k] = a.effect(kind)
		}
	})
}

// all gives unit i each start that is left in turn, and so on for the others.
func (a *assignments) all(i int, kind, left []int) {
	if i == len(kind) {
		a.effects = append(a.effects, a.effect(kind))
		return
	}
	for s := range left {
		if left[s] > 0 {
			left[s]--
			kind[i] = s
			a.all(i+1, kind, left)
			left[s]++
		}
	}
}

func (a *assignments) result(alpha float64) Placebo {
	own := a.effect(a.kind)
	out := Placebo{Effect: own.a, Complete: a.complete, Effects: make([]float64, len(a.effects))}
	squares := 0.0
	for k, e := range a.effects {
		out.Effects[k] = e.a
		squares += e.a * e.a
	}
	p := func(null float64) float64 { return a.p(own.a-null*own.b, null) }
	out.P = p(0)
	out.Interval = invert(p, own.a, math.Sqrt(squares/float64(len(a.effects))), alpha)
	return out
}

// p is how often an assignment gives an effect as far from zero as seen; one
// that equals it but for rounding does.
func (a *assignments) p(seen, null float64) float64 {
	hits := 0
	for _, e := range a.effects {
		if math.Abs(e.a-null*e.b) >= math.Abs(seen)*(1-1e-9) {
			hits++
		}
	}
	if a.complete {
		return float64(hits) / float64(len(a.effects))
	}
	return stats.MonteCarlo(hits, len(a.effects))
}
