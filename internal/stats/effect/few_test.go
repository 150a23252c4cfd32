package effect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// Two groups and two periods by hand: (9 − 4) − (8 − 5) = 2.
func TestTwoByTwoByHand(t *testing.T) {
	p := Panel{Outcome: [][]float64{{3, 8}, {5, 10}, {4, 7}, {6, 9}}}
	f, err := Linear(p, Treated([]int{1, 1, -1, -1}, 2))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect", f.Coefficients[0], 2, 1e-14)
	near(t, "fitted", f.Fitted[0][1], 8, 1e-14)
	if f.Clusters != 4 || f.Rows != 8 || f.Parameters != 6 {
		t.Errorf("%d clusters, %d rows, %d parameters", f.Clusters, f.Rows, f.Parameters)
	}
	// Means of several periods give the same as the difference of differences.
	long := Panel{Outcome: [][]float64{{1, 3, 9, 4, 5}, {2, 2, 2, 4, 0}, {7, 1, 1, 0, 3}}}
	g, err := Linear(long, Treated([]int{3, -1, -1}, 5))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect", g.Coefficients[0], (4.5-13.0/3)-((2+1.5)/2-(2+3)/2.0), 1e-13)
}

// For one treated unit and one treated period, Poisson's effect is the ratio of
// ratios, when the rest is fitted exactly.
func TestPoissonTwoByTwoByHand(t *testing.T) {
	p := Panel{Outcome: [][]float64{{10, 30}, {20, 40}}}
	// Two units cannot leave cells over; a third of the same course can.
	p.Outcome = append(p.Outcome, []float64{10, 20})
	f, err := Poisson(p, nil, Treated([]int{1, -1, -1}, 2))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", math.Exp(f.Coefficients[0]), (30.0/10)/2, 1e-12)
	// Exposure that doubles explains the controls' doubling.
	e, err := Poisson(p, [][]float64{{1, 2}, {1, 2}, {5, 10}}, Treated([]int{1, -1, -1}, 2))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", math.Exp(e.Coefficients[0]), 1.5, 1e-12)
}

func TestAddingUnitsPeriodsAndScaleChangesNothing(t *testing.T) {
	r := readReference(t)
	f, err := Linear(Panel{Outcome: r.gaps}, r.treated, r.x)
	if err != nil {
		t.Fatal(err)
	}
	w, err := Wild(Panel{Outcome: r.gaps}, r.treated, [][][]float64{r.x}, WildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	moved := Panel{Outcome: make([][]float64, 9)}
	treated, x := make([][]float64, 9), make([][]float64, 9)
	for i := range 9 {
		treated[8-i], x[8-i] = r.treated[i], r.x[i]
		moved.Outcome[8-i] = make([]float64, 10)
		for c, v := range r.gaps[i] {
			moved.Outcome[8-i][c] = 3*v + 7*float64(i) - 2*float64(c*c)
		}
	}
	g, err := Linear(moved, treated, x)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect", g.Coefficients[0], 3*f.Coefficients[0], 1e-9)
	near(t, "error", g.StandardError(0), 3*f.StandardError(0), 1e-9)
	v, err := Wild(moved, treated, [][][]float64{x}, WildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p", v.P, w.P, 1e-12)
	near(t, "low", v.Interval.Low, 3*w.Interval.Low, 1e-7)
	near(t, "high", v.Interval.High, 3*w.Interval.High, 1e-7)
}

// The ends of an interval are where the test itself turns.
func TestWildIntervalIsTheTestTurnedAbout(t *testing.T) {
	r := readReference(t)
	for _, weights := range []Weights{Rademacher, Webb} {
		o := WildOptions{Weights: weights, Draws: 1999, Seed: 3}
		w, err := Wild(r.Panel, r.treated, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		if !w.Interval.Has(w.Effect) || w.TreatedClusters != 3 || w.Clusters != 9 {
			t.Errorf("%+v", w)
		}
		for _, end := range []struct{ at, out float64 }{{w.Interval.Low, -1e-6}, {w.Interval.High, 1e-6}} {
			o.Null = end.at + end.out
			outside, _ := Wild(r.Panel, r.treated, nil, o)
			o.Null = end.at - end.out
			inside, _ := Wild(r.Panel, r.treated, nil, o)
			if !(outside.P <= 0.05 && inside.P > 0.05) {
				t.Errorf("about %v: p %v outside, %v inside", end.at, outside.P, inside.P)
			}
		}
	}
	// Four clusters allow no p under 1/8: no effect can be ruled out at 95 %.
	four := Panel{Outcome: r.whole, Cluster: []int{0, 0, 1, 1, 2, 2, 2, 3, 3}}
	w, err := Wild(four, r.treated, nil, WildOptions{Weights: Rademacher})
	if err != nil || !math.IsInf(w.Interval.Low, -1) || !math.IsInf(w.Interval.High, 1) || w.P < 0.125 {
		t.Errorf("four clusters: %+v, %v", w, err)
	}
	near(t, "standard error is Linear's", func() float64 { f, _ := Linear(four, r.treated); return f.StandardError(0) }(), w.StandardError, 1e-12)
}

// Three of five units treated: ten assignments, the true one giving the largest
// difference, with its opposite not among them: p = 1/10.
func TestRandomiseByHand(t *testing.T) {
	p := Panel{Outcome: [][]float64{{0, 10}, {0, 11}, {0, 12}, {0, 1}, {0, 2}}}
	a, err := Randomise(p, []int{1, 1, 1, -1, -1}, RandomiseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect", a.Effect, 11-1.5, 1e-13)
	near(t, "p", a.P, 0.1, 1e-15)
	if len(a.Effects) != 10 || !a.Complete {
		t.Errorf("%d assignments", len(a.Effects))
	}
	// The same by draws: within five standard errors, and with starts that differ.
	b, err := Randomise(p, []int{1, 1, 1, -1, -1}, RandomiseOptions{Most: 1, Draws: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p by draws", b.P, 0.1, 5*math.Sqrt(0.09/20_000))
	// Each assignment's effect is that of Linear under it.
	three := Panel{Outcome: [][]float64{{1, 5, 2}, {3, 1, 1}, {0, 2, 9}}}
	c, err := Randomise(three, []int{1, 2, -1}, RandomiseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]bool{}
	for _, start := range [][]int{{1, 2, -1}, {2, 1, -1}, {1, -1, 2}, {2, -1, 1}, {-1, 1, 2}, {-1, 2, 1}} {
		x := Treated(start, 3)
		r, err := newRegression(three, [][][]float64{x})
		if err != nil {
			t.Fatal(err)
		}
		b := r.coefficients(r.y)[0]
		for k, v := range c.Effects {
			if math.Abs(v-b) < 1e-12 {
				want[k] = true
			}
		}
	}
	if len(c.Effects) != 6 || len(want) != 6 {
		t.Errorf("effects %v: %d found", c.Effects, len(want))
	}
}

// False alarms with 6 to 12 clusters and counts of this field. With a third or
// half of them treated all tests hold about; with two the ordinary one rejects
// three times as often as it says, and the wild bootstrap hardly ever.
func TestFalseAlarmsWithFewClusters(t *testing.T) {
	const trials = 300
	for _, c := range []struct {
		units, treated int
		mean, most     float64 // count a month; of the wild bootstrap at 5 %
	}{{6, 3, 20, 0.12}, {8, 3, 20, 0.1}, {12, 2, 20, 0.1}, {12, 4, 20, 0.1}, {12, 6, 20, 0.1}, {12, 4, 0.5, 0.1}} {
		var ps [trials][3]float64
		stats.Parallel(trials, func(_, trial int) {
			r := stats.NewRand(uint64(c.units*100+c.treated), uint64(trial))
			p := countsOf(c.mean, &r, c.units, 24, nil, 0)
			start := make([]int, c.units)
			for i := range start {
				if start[i] = -1; i < c.treated {
					start[i] = 14
				}
			}
			x := Treated(start, 24)
			f, err := Linear(p, x)
			if err != nil {
				t.Error(err)
			}
			w, err := Wild(p, x, nil, WildOptions{Draws: 399, Seed: uint64(trial)})
			if err != nil {
				t.Error(err)
			}
			a, err := Randomise(p, start, RandomiseOptions{Most: 1000})
			if err != nil {
				t.Error(err)
			}
			ps[trial] = [3]float64{f.P(0), w.P, a.P}
		})
		var share [3]float64
		for _, row := range ps {
			for k, p := range row {
				if p <= 0.05 {
					share[k] += 1.0 / trials
				}
			}
		}
		ordinary, wild, random := share[0], share[1], share[2]
		t.Logf("%d units, %d treated, mean %v: ordinary %.3f, wild %.3f, randomisation %.3f", c.units, c.treated, c.mean, ordinary, wild, random)
		if wild > c.most || wild > 0.3 {
			t.Errorf("%d units, %d treated: the wild bootstrap rejects %.3f at 0.05", c.units, c.treated, wild)
		}
		if random > 0.05+4*math.Sqrt(0.05*0.95/trials) {
			t.Errorf("%d units, %d treated: randomisation rejects %.3f at 0.05", c.units, c.treated, random)
		}
	}
}

// A planted fall of 30 % is found, and the interval of the wild bootstrap holds
// it as often as it says, with 12 boroughs of which half are treated.
func TestPlantedEffectIsFound(t *testing.T) {
	const trials = 200
	start := make([]int, 12)
	for i := range start {
		start[i] = []int{-1, 20}[i%2]
	}
	truth := math.Log(0.7)
	sum, found, covered := 0.0, 0.0, 0.0
	for trial := range trials {
		r := stats.NewRand(40, uint64(trial))
		p := counts(&r, 12, 36, start, truth)
		f, err := Poisson(p, nil, Treated(start, 36))
		if err != nil {
			t.Fatal(err)
		}
		sum += f.Coefficients[0] / trials
		if f.P(0) <= 0.05 {
			found += 1.0 / trials
		}
		logs := Panel{Outcome: make([][]float64, 12)}
		for i, row := range p.Outcome {
			for _, v := range row {
				logs.Outcome[i] = append(logs.Outcome[i], math.Log(v+0.5))
			}
		}
		w, err := Wild(logs, Treated(start, 36), nil, WildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if w.Interval.Has(truth) {
			covered += 1.0 / trials
		}
	}
	t.Logf("mean %.3f of %.3f, found %.3f, covered %.3f", sum, truth, found, covered)
	near(t, "mean effect", sum, truth, 0.02)
	if found < 0.9 {
		t.Errorf("found in %.3f", found)
	}
	near(t, "coverage", covered, 0.95, 4*math.Sqrt(0.95*0.05/trials))
}

// An event study of a unit that falls by 4 from its start on.
func TestEventStudyByHand(t *testing.T) {
	p := Panel{Outcome: [][]float64{{5, 6, 3, 5, 4}, {1, 2, 3, 5, 4}, {2, 3, 4, 6, 5}}}
	e, err := EventStudy(p, []int{2, -1, -1}, EventOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []struct {
		time  int
		value float64
	}{{-2, 0}, {0, -4}, {1, -4}, {2, -4}} {
		if e.Time[k] != want.time {
			t.Errorf("time %d, not %d", e.Time[k], want.time)
		}
		near(t, "coefficient", e.Coefficients[k], want.value, 1e-12)
	}
}

func TestPanelErrors(t *testing.T) {
	nan := math.NaN()
	good := Panel{Outcome: [][]float64{{1, 2, 4}, {2, 3, 3}, {0, 1, 1}}}
	x := Treated([]int{1, -1, -1}, 3)
	for _, c := range []struct{ err, want error }{
		{second(Linear(Panel{}, x)), stats.ErrEmpty},
		{second(Linear(Panel{Outcome: [][]float64{{}}}, x)), stats.ErrEmpty},
		{second(Linear(Panel{Outcome: [][]float64{{1, 2}, {1}}}, x)), stats.ErrLength},
		{second(Linear(good, x[:2])), stats.ErrLength},
		{second(Linear(Panel{Outcome: [][]float64{{1, 1e61, 2}, {1, 2, 3}}}, x[:2])), stats.ErrRange},
		{second(Linear(good, [][]float64{{0, 1e-61, 0}, {0, 0, 0}, {0, 0, 0}})), stats.ErrRange},
		{second(Linear(Panel{Outcome: good.Outcome, Cluster: []int{1}}, x)), stats.ErrLength},
		{second(Linear(Panel{Outcome: [][]float64{{1, math.Inf(1), 2}, {1, 2, 3}}}, x[:2])), stats.ErrMissing},
		{second(Linear(good, [][]float64{{0, nan, 0}, {0, 0, 0}, {0, 0, 0}})), stats.ErrMissing},
		{second(Linear(good, Treated([]int{1, 1, 1}, 3))), stats.ErrSingular},
		{second(Linear(good, x, x)), stats.ErrSingular},
		{second(Linear(Panel{Outcome: good.Outcome[:1]}, x[:1])), stats.ErrTooFew},
		{second(Linear(Panel{Outcome: good.Outcome, Cluster: []int{4, 4, 4}}, x)), stats.ErrTooFew},
		{second(Linear(Panel{Outcome: [][]float64{{1, nan, nan}, {1, 2, nan}}}, x[:2])), stats.ErrTooFew},
		{second(Poisson(Panel{Outcome: [][]float64{{1, -2, 3}, {1, 2, 3}}}, nil, x[:2])), stats.ErrNegative},
		{second(Poisson(good, [][]float64{{0, 1, 1}, {1, 1, 1}, {1, 1, 1}}, x)), stats.ErrNoPopulation},
		{second(Poisson(good, [][]float64{{-1, 1, 1}, {1, 1, 1}, {1, 1, 1}}, x)), stats.ErrNegative},
		{second(Poisson(good, [][]float64{{nan, 1, 1}, {1, 1, 1}, {1, 1, 1}}, x)), stats.ErrMissing},
		{second(Poisson(good, [][]float64{{1}}, x)), stats.ErrLength},
		{second(Poisson(Panel{Outcome: [][]float64{{0, 0, 0}, {0, 0, 0}}}, nil, x[:2])), stats.ErrTooFew},
		{second(Poisson(Panel{Outcome: [][]float64{{4, 0, 0}, {2, 3, 3}, {4, 1, 1}}}, nil, x)), stats.ErrNoFit},
		{second(Wild(good, x, nil, WildOptions{Level: 1})), stats.ErrOption},
		{second(Wild(good, x, nil, WildOptions{Null: nan})), stats.ErrOption},
		{second(Wild(good, x, nil, WildOptions{Weights: 5})), stats.ErrOption},
		{second(Wild(Panel{Outcome: [][]float64{{1, 5, 5}, {1, 1, 1}, {2, 2, 2}}}, x, nil, WildOptions{})), stats.ErrConstant},
		{second(Randomise(good, []int{1}, RandomiseOptions{})), stats.ErrLength},
		{second(Randomise(good, []int{1, -1, 9}, RandomiseOptions{})), stats.ErrOption},
		{second(Randomise(good, []int{1, 1, 1}, RandomiseOptions{})), stats.ErrSingular},
		{second(Randomise(good, []int{1, -1, -1}, RandomiseOptions{Draws: -1})), stats.ErrOption},
		{second(Randomise(Panel{Outcome: [][]float64{{1, nan}, {2, 3}, {3, 4}}}, []int{1, -1, -1}, RandomiseOptions{})), stats.ErrMissing},
		{second(Randomise(Panel{}, nil, RandomiseOptions{})), stats.ErrEmpty},
		{second(EventStudy(good, []int{1}, EventOptions{})), stats.ErrLength},
		{second(EventStudy(good, []int{-1, -1, -1}, EventOptions{})), stats.ErrOption},
		{second(EventStudy(good, []int{1, -1, -1}, EventOptions{Before: -1})), stats.ErrOption},
		{second(EventStudy(Panel{}, nil, EventOptions{})), stats.ErrEmpty},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%v, not %v", c.err, c.want)
		}
	}
	// Nothing but zeros: no effect, known without error; every assignment as extreme.
	zeros := Panel{Outcome: [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}}
	f, err := Linear(zeros, x)
	if err != nil || f.Coefficients[0] != 0 || f.StandardError(0) != 0 || f.P(0) != 1 {
		t.Errorf("zeros: %+v, %v", f, err)
	}
	if _, err := Wild(zeros, x, nil, WildOptions{}); !errors.Is(err, stats.ErrConstant) {
		t.Error(err)
	}
	if a, err := Randomise(zeros, []int{1, -1, -1}, RandomiseOptions{}); err != nil || a.P != 1 || a.Effect != 0 {
		t.Errorf("zeros: %+v, %v", a, err)
	}
	if s, err := Staggered(zeros, []int{1, -1, -1}, StaggeredOptions{}); err != nil || s.Overall.Value != 0 || s.Overall.StandardError != 0 {
		t.Errorf("zeros: %+v, %v", s, err)
	}
	if d, err := Decompose(zeros, []int{1, -1, -1}); err != nil || d.Effect != 0 {
		t.Errorf("zeros: %+v, %v", d, err)
	}
	if f, err = Linear(good, x); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Wald(); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, _, err := f.Wald(1); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

func FuzzPanels(f *testing.F) {
	f.Add(uint64(3), 1.0, 7.0, -2.0)
	f.Add(uint64(9), math.NaN(), 1e200, 0.0)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c float64) {
		r := stats.NewRand(seed, 0)
		units, periods := int(r.Below(6)), int(r.Below(6))
		p := Panel{Outcome: make([][]float64, units)}
		start := make([]int, units)
		for i := range p.Outcome {
			start[i] = int(r.Below(uint32(periods+2))) - 1
			for range periods {
				p.Outcome[i] = append(p.Outcome[i], []float64{a, b, c, 0, 1, 5}[r.Below(6)])
			}
		}
		x := Treated(start, periods)
		o := WildOptions{Draws: 20}
		if fit, err := Linear(p, x); err == nil && !extreme(a, b, c) && stats.Finite(fit.Coefficients, fit.Covariance.Data) != nil {
			t.Errorf("Linear(%v, %v): %v", p, start, fit)
		}
		if w, err := Wild(p, x, nil, o); err == nil && !extreme(a, b, c) && !(w.P > 0 && w.P <= 1) {
			t.Errorf("Wild(%v, %v): %v", p, start, w)
		}
		if fit, err := Poisson(p, nil, x); err == nil && !extreme(a, b, c) && stats.Finite(fit.Coefficients, fit.Covariance.Data) != nil {
			t.Errorf("Poisson(%v, %v): %v", p, start, fit)
		}
		if s, err := Staggered(p, start, StaggeredOptions{Draws: 20}); err == nil && !extreme(a, b, c) && stats.Finite([]float64{s.Overall.Value, s.Overall.StandardError}) != nil {
			t.Errorf("Staggered(%v, %v): %v", p, start, s)
		}
		if s, err := Synthetic(p, int(r.Below(6)), int(r.Below(6)), SyntheticOptions{Augment: seed%2 == 0}); err == nil && !extreme(a, b, c) && stats.Finite(s.Weights, s.Gap) != nil {
			t.Errorf("Synthetic(%v): %v", p, s)
		}
		Randomise(p, start, RandomiseOptions{Draws: 20, Most: 20})
		EventStudy(p, start, EventOptions{})
		Decompose(p, start)
	})
}

// extreme values may overflow or lose all digits; they must only not panic.
func extreme(values ...float64) bool {
	for _, v := range values {
		if v != 0 && !(math.Abs(v) < 1e9 && math.Abs(v) > 1e-6) {
			return true
		}
	}
	return false
}
