package trend

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"openvru/internal/stats"
)

func TestBreakpointsAreStrucchanges(t *testing.T) {
	var ref []struct {
		Name        []string
		Shortest    []int
		Y, RSS, BIC []float64
		At          [][]int
		Best        []int
	}
	reference(t, "breaks.json", &ref)
	for _, c := range ref {
		name := fmt.Sprint(c.Name[0], " ", c.Shortest[0])
		got, err := Breakpoints(c.Y, c.Shortest[0], len(c.At)-1)
		if err != nil {
			t.Fatal(err)
		}
		best := 0
		rss, bic := make([]float64, len(got)), make([]float64, len(got))
		for k, d := range got {
			if !slices.Equal(d.At, c.At[k]) {
				t.Errorf("%s with %d changes: %v, not %v", name, k, d.At, c.At[k])
			}
			if rss[k], bic[k] = d.RSS, d.BIC; d.BIC < got[best].BIC {
				best = k
			}
		}
		near(t, name+" RSS", rss, c.RSS, 1e-12)
		near(t, name+" BIC", bic, c.BIC, 1e-12)
		if best != c.Best[0] {
			t.Errorf("%s: %d changes are best, not %d", name, best, c.Best[0])
		}
	}
}

// The level of the Nile fell after 1898, its 28th year (Cobb 1978).
func TestTheNileFellAfter1898(t *testing.T) {
	var ref []struct{ Y []float64 }
	reference(t, "breaks.json", &ref)
	nile := ref[0].Y
	c := must(PELT(nile, ChangeOptions{Cost: NormalCost}))
	if len(c.Changes) != 1 || c.Changes[0].At != 28 || c.Changes[0].Low < 25 || c.Changes[0].High > 31 {
		t.Errorf("%+v", c)
	}
	s := must(SingleChange(nile, SingleOptions{ChangeOptions: ChangeOptions{Cost: NormalCost}, Seed: 1}))
	if s.Change.At != 28 || s.P != 0.001 || math.Abs(s.Before.Mean-1097.75) > 1e-9 {
		t.Errorf("%+v", s)
	}
}

// whole is the same search with every division looked at.
func whole(p pelt) ([]int, float64) {
	best, from := make([]float64, p.n+1), make([]int, p.n+1)
	best[0] = -p.penalty
	for t := 1; t <= p.n; t++ {
		best[t] = math.Inf(1)
		for s := 0; s < t; s++ {
			if s > 0 && s < p.shortest || t-s < min(p.shortest, p.n) {
				continue
			}
			if c := best[s] + p.segment(s, t) + p.penalty; c < best[t] {
				best[t], from[t] = c, s
			}
		}
	}
	return chain(from, p.n), best[p.n]
}

func TestPELTIsTheExactOptimum(t *testing.T) {
	r := stats.NewRand(2, 0)
	for trial := range 600 {
		n := 1 + int(r.Below(90))
		y, exposure := make([]float64, n), make([]float64, n)
		level := 0.1
		for i := range y {
			if i == 0 || r.Below(15) == 0 {
				level = []float64{0.1, 1, 5, 20, 50}[r.Below(5)]
			}
			y[i] = r.NegBin(level, 3)
			exposure[i] = 28 + float64(r.Below(4))
		}
		o := ChangeOptions{Cost: Cost(trial % 3), Penalty: Penalty(trial / 3 % 2), MinLength: 1 + trial/6%7}
		if o.Cost == PoissonCost && trial/7%2 == 0 {
			o.Exposure, o.Dispersion = exposure, 2.5
		}
		if trial%5 == 0 {
			o.PenaltyValue = 1.5
		}
		c, err := newCosts(y, o)
		if err != nil {
			t.Fatal(err)
		}
		p := pelt{costs: c, shortest: o.MinLength, penalty: o.penalty(n), modified: o.modified()}
		ends, cost := p.divide()
		all, least := whole(p)
		if math.Abs(cost-least) > 1e-9*max(1, math.Abs(least)) {
			t.Fatalf("%+v: cost %v, the least is %v", o, cost, least)
		}
		if !slices.Equal(ends, all) && o.segmentation(p, ends) != o.segmentation(p, all) {
			t.Fatalf("%+v: %v, not %v", o, ends, all)
		}
	}
}

// segmentation is the cost of a division, rounded: two divisions may tie.
func (o ChangeOptions) segmentation(p pelt, ends []int) float64 {
	total, at := -p.penalty, 0
	for _, end := range ends {
		total += p.segment(at, end) + p.penalty
		at = end
	}
	return math.Round(total*1e7) / 1e7
}

// A change from 12 to 6 a month after three years of six is found, where it was,
// in counts twice as variable as Poisson ones.
func TestPlantedChangeIsFound(t *testing.T) {
	const trials = 400
	found, held, ratio := 0, 0, 0.0
	for trial := range trials {
		r := stats.NewRand(6, uint64(trial))
		y := make([]float64, 72)
		for i := range y {
			m := 12.0
			if i >= 36 {
				m = 6
			}
			y[i] = r.NegBin(m, 12)
		}
		c := must(PELT(y, ChangeOptions{}))
		for _, ch := range c.Changes {
			if ch.At > 30 && ch.At < 42 && len(c.Changes) == 1 {
				found++
				ratio += ch.Ratio
				if ch.Low <= 36 && 36 <= ch.High {
					held++
				}
			}
		}
	}
	if found < trials*85/100 {
		t.Errorf("found in %d of %d", found, trials)
	}
	// Four Monte-Carlo standard errors below the nominal 95% at most.
	if share := float64(held) / float64(found); share < 0.95-4*math.Sqrt(0.05*0.95/trials) {
		t.Errorf("the interval holds the month in %v of those", share)
	}
	if ratio /= float64(found); math.Abs(ratio-0.5) > 0.03 {
		t.Errorf("ratio %v", ratio)
	}
}

func TestNoChangeIsRarelyFound(t *testing.T) {
	const trials = 300
	for _, m := range []float64{0.1, 1, 8, 50} {
		wrong := 0
		for trial := range trials {
			r := stats.NewRand(9, uint64(trial))
			y := make([]float64, 120)
			for i := range y {
				y[i] = r.NegBin(m, 5)
			}
			if c := must(PELT(y, ChangeOptions{})); len(c.Changes) > 0 {
				wrong++
			}
		}
		// One in twenty is what to expect at worst, and three standard errors.
		if float64(wrong) > 0.08*trials {
			t.Errorf("mean %v: a change is found in %d of %d series without one", m, wrong, trials)
		}
	}
}

// The p-value of a single change is uniform when there is none.
func TestSingleChangeKeepsItsLevel(t *testing.T) {
	const trials = 400
	days := make([]float64, 48)
	for i := range days {
		days[i] = []float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[i%12] / 30
	}
	for _, o := range []SingleOptions{
		{}, {ChangeOptions: ChangeOptions{Cost: PoissonCost, Exposure: days}}, {ChangeOptions: ChangeOptions{Cost: NormalCost}},
	} {
		below := 0
		for trial := range trials {
			r := stats.NewRand(12, uint64(trial))
			y := make([]float64, 48)
			for i := range y {
				if y[i] = r.Poisson(3 * days[i]); o.Cost == NegBinCost {
					y[i] = r.NegBin(3, 2)
				}
			}
			o.Seed, o.Replications = uint64(trial), 99
			if s, err := SingleChange(y, o); err != nil {
				t.Fatal(err)
			} else if s.P <= 0.1 {
				below++
			}
		}
		if share := float64(below) / trials; math.Abs(share-0.1) > 4*math.Sqrt(0.1*0.9/trials) {
			t.Errorf("cost %d: p is 0.1 or less in %v of series", o.Cost, share)
		}
	}
}

func TestChangesByHand(t *testing.T) {
	// Poisson, five months of 2 and five of 20: −2 log likelihood less a constant is
	// −2·10·ln 2 − 2·100·ln 20, and one change costs 2 ln 10.
	y := []float64{2, 2, 2, 2, 2, 20, 20, 20, 20, 20}
	c := must(PELT(y, ChangeOptions{Cost: PoissonCost, Penalty: BIC}))
	want := -20*math.Ln2 - 200*math.Log(20) + 2*math.Log(10)
	if len(c.Changes) != 1 || c.Changes[0].At != 5 || c.Changes[0].Ratio != 10 || math.Abs(c.Cost-want) > 1e-9 {
		t.Errorf("%+v, cost %v", c, want)
	}
	// Garwood's interval for 10 events, over five months.
	if i := c.Segments[0].Interval; math.Abs(i.Low*5-4.795389) > 1e-5 || math.Abs(i.High*5-18.390356) > 1e-5 {
		t.Errorf("%+v", i)
	}
	// Scaling exposure moves no change and scales rates back.
	half := make([]float64, 10)
	for i := range half {
		half[i] = 0.5
	}
	h := must(PELT(y, ChangeOptions{Cost: PoissonCost, Penalty: BIC, Exposure: half}))
	if h.Changes[0] != c.Changes[0] || h.Segments[1].Mean != 40 {
		t.Errorf("%+v", h)
	}
}

func TestChangesOfDegenerateSeries(t *testing.T) {
	zeros, sevens := make([]float64, 20), make([]float64, 20)
	for i := range sevens {
		sevens[i] = 7
	}
	for kind := NegBinCost; kind <= NormalCost; kind++ {
		for _, y := range [][]float64{zeros, sevens, {3}, {3, 4, 5}} {
			c, err := PELT(y, ChangeOptions{Cost: kind})
			if err != nil || len(c.Changes) != 0 || len(c.Segments) != 1 || c.Segments[0].Mean != mean(y) {
				t.Errorf("cost %d of %v: %+v %v", kind, y, c, err)
			}
		}
		if _, err := SingleChange(sevens, SingleOptions{ChangeOptions: ChangeOptions{Cost: kind}}); !errors.Is(err, stats.ErrConstant) {
			t.Error(err)
		}
	}
	nan := []float64{1, math.NaN()}
	for name, c := range map[string]struct{ err, want error }{
		"empty":      {second(PELT(nil, ChangeOptions{})), stats.ErrEmpty},
		"missing":    {second(PELT(nan, ChangeOptions{})), stats.ErrMissing},
		"negative":   {second(PELT([]float64{-1}, ChangeOptions{})), stats.ErrNegative},
		"cost":       {second(PELT(zeros, ChangeOptions{Cost: 9})), stats.ErrOption},
		"level":      {second(PELT(zeros, ChangeOptions{Level: 2})), stats.ErrOption},
		"exposure":   {second(PELT(zeros, ChangeOptions{Exposure: zeros})), stats.ErrOption},
		"nobody":     {second(PELT(zeros, ChangeOptions{Cost: PoissonCost, Exposure: zeros})), stats.ErrNoPopulation},
		"from none":  {second(PELT([]float64{1, 1}, ChangeOptions{Cost: PoissonCost, Exposure: []float64{0, 1}})), stats.ErrNoPopulation},
		"lengths":    {second(PELT(zeros, ChangeOptions{Cost: PoissonCost, Exposure: []float64{1}})), stats.ErrLength},
		"few":        {second(SingleChange([]float64{1, 2, 3}, SingleOptions{})), stats.ErrTooFew},
		"breaks":     {second(Breakpoints([]float64{1, 2}, 3, 0)), stats.ErrTooFew},
		"breaks opt": {second(Breakpoints([]float64{1, 2}, -3, 0)), stats.ErrOption},
		"breaks nan": {second(Breakpoints(nan, 0, 0)), stats.ErrMissing},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, not %v", name, c.err, c.want)
		}
	}
	// Months without exposure in front change nothing but the places.
	c := must(PELT([]float64{0, 0, 0, 5, 4, 6, 5}, ChangeOptions{Cost: PoissonCost, Exposure: []float64{0, 0, 0, 1, 1, 1, 1}}))
	if len(c.Changes) != 0 || c.Segments[0].Mean != 5 {
		t.Errorf("%+v", c)
	}
	if d := must(Breakpoints(sevens, 2, 1)); !math.IsInf(d[0].BIC, -1) {
		t.Errorf("%+v", d)
	}
}

func TestSingleChangeIsTheSameOnAnyNumberOfCores(t *testing.T) {
	y := boroughs(1, 120)[0]
	run := func() Single { return must(SingleChange(y, SingleOptions{Seed: 3})) }
	if a, b := cores(1, run), cores(4, run); a != b {
		t.Errorf("%+v and %+v", a, b)
	}
}

func FuzzPELT(f *testing.F) {
	f.Add([]byte{1, 2, 3, 40, 50, 60, 7}, 0, 1, 2.0)
	f.Fuzz(func(t *testing.T, raw []byte, cost, shortest int, penalty float64) {
		if len(raw) > 200 {
			return
		}
		y := make([]float64, len(raw))
		for i, b := range raw {
			y[i] = float64(b) / 2
		}
		c, err := PELT(y, ChangeOptions{Cost: Cost(cost), MinLength: shortest, PenaltyValue: penalty})
		if err != nil {
			return
		}
		at := 0
		for _, s := range c.Segments {
			if s.From != at || s.To <= s.From || stats.Finite([]float64{s.Mean, s.Interval.Low, s.Interval.High}) != nil {
				t.Errorf("%+v", c)
			}
			at = s.To
		}
		if at != len(y) {
			t.Errorf("%+v", c)
		}
	})
}

func BenchmarkPELT(b *testing.B) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := PELT(s, ChangeOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkBreakpoints(b *testing.B) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := Breakpoints(s, 0, 5); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkSingleChange(b *testing.B) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := SingleChange(s, SingleOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// Of 1 and 5 half the squared difference is 8, 5 more than their mean; the product is 5.
func TestSizeOfNeighboursByHand(t *testing.T) {
	near(t, "size", []float64{pairSize([]float64{1, 5}), pairSize([]float64{5, 1})}, []float64{1, 1}, 1e-15)
}
