package effect

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

func readSynthetic(t testing.TB) Panel {
	p := Panel{Outcome: make([][]float64, 9)}
	for _, row := range records(t, "testdata/synthetic.csv") {
		i := int(number(t, row["unit"]))
		p.Outcome[i] = append(p.Outcome[i], number(t, row["y"]))
	}
	return p
}

// R's quadprog, and for the augmented weights the published formula in R.
func TestWeightsAreQuadprogs(t *testing.T) {
	p := readSynthetic(t)
	rising := make([]float64, 15)
	for k := range rising {
		rising[k] = float64(k + 1)
	}
	third := []float64{12, 7, 2, 6, 4, 3, 9, 1, 5}
	predictors := make([][]float64, 9)
	for i, row := range p.Outcome {
		predictors[i] = []float64{stats.Sum(row[:15]) / 15, stats.Sum(row[12:15]) / 3, third[i]}
	}
	rows := records(t, "testdata/synthetic_weights.csv")
	for column, o := range map[string]SyntheticOptions{
		"plain":      {},
		"importance": {Importance: rising},
		"ridge":      {Augment: true, Ridge: 7},
		"chosen":     {Augment: true},
		"predictors": {Predictors: predictors, Importance: []float64{3, 2, 1}},
	} {
		c, err := Synthetic(p, 0, 15, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			near(t, column+" weight of "+row["unit"], c.Weights[int(number(t, row["unit"]))], number(t, row[column]), 1e-9)
		}
		if column == "chosen" {
			near(t, "penalty", c.Ridge, number(t, rows[0]["lambda"]), 1e-12)
		}
		near(t, "sum of weights", stats.Sum(c.Weights), 1, 1e-12)
	}
}

// The conditions that the nearest point of a polytope meets, and no other: no
// point lies further towards the origin than those with weight (Karush, Kuhn and
// Tucker), for more points than dimensions and fewer, and with points twice.
func TestNearestPointMeetsItsConditions(t *testing.T) {
	r := stats.NewRand(1, 0)
	for trial := range 200 {
		dimensions, points := 1+int(r.Below(30)), 1+int(r.Below(60))
		n := nearest{points: make([][]float64, points)}
		shift := 3 * r.Float64()
		for j := range n.points {
			n.points[j] = make([]float64, dimensions)
			for d := range n.points[j] {
				n.points[j][d] = shift + r.Normal()
			}
			if trial%4 == 0 && j > 0 && j%3 == 0 {
				copy(n.points[j], n.points[j-1])
			}
		}
		weights, err := n.solve()
		if err != nil {
			t.Fatal(err)
		}
		at := make([]float64, dimensions)
		for j, w := range weights {
			if w < 0 {
				t.Fatalf("trial %d: weight %v", trial, w)
			}
			for d, v := range n.points[j] {
				at[d] += w * v
			}
		}
		near(t, "sum of weights", stats.Sum(weights), 1, 1e-13)
		square := lin.Dot(at, at)
		for j, p := range n.points {
			slack := (lin.Dot(p, at) - square) / n.size
			if slack < -1e-10 || weights[j] > 1e-9 && slack > 1e-10 {
				t.Errorf("trial %d: point %d of weight %v is off by %v", trial, j, weights[j], slack)
			}
		}
	}
}

// A unit that is a third of one donor and two thirds of another, then falls by
// five: the weights and the effect must be those, and nothing before.
func TestExactMixIsFound(t *testing.T) {
	r := stats.NewRand(2, 0)
	p := Panel{Outcome: make([][]float64, 5)}
	for i := range p.Outcome {
		p.Outcome[i] = make([]float64, 24)
		for c := range p.Outcome[i] {
			p.Outcome[i][c] = 10 + 3*r.Normal()
		}
	}
	for c := range p.Outcome[0] {
		p.Outcome[0][c] = p.Outcome[2][c]/3 + p.Outcome[4][c]*2/3
		if c >= 18 {
			p.Outcome[0][c] -= 5
		}
	}
	for _, o := range []SyntheticOptions{{}, {Augment: true}, {Donors: []int{4, 3, 2}}} {
		c, err := Synthetic(p, 0, 18, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{0, 0, 1.0 / 3, 0, 2.0 / 3} {
			near(t, "weight", c.Weights[i], want, 1e-10)
		}
		near(t, "before", c.Before, 0, 1e-10)
		near(t, "after", c.After, 5, 1e-10)
		near(t, "effect", c.Effect, -5, 1e-10)
		near(t, "gap", c.Gap[20], -5, 1e-10)
	}
	space, err := PlacebosInSpace(p, 0, 18, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p", space.P, 1.0/5, 1e-15)
	near(t, "p among those that match as well", space.Within(2), 1, 1e-15)
	time, err := PlaceboInTime(p, 0, 18, 12, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect of no treatment", time.Effect, 0, 1e-10)
	without, err := LeaveOneOut(p, 0, 18, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(without) != 2 || without[0].Donor != 2 || without[1].Donor != 4 || without[0].Weights[2] != 0 || without[0].Before < 0.1 {
		t.Errorf("left out one at a time: %+v", without)
	}
}

// With one predictor that tells and one that misleads, all importance must go to
// the first: it alone can meet the outcome before the start.
func TestImportanceIsChosenByFit(t *testing.T) {
	p := Panel{Outcome: [][]float64{{4, 5, 4, 5}, {4, 5, 4, 5}, {6, 8, 6, 8}, {4, 4, 4, 4}}}
	predictors := [][]float64{{2, 9}, {2, 1}, {4, 9}, {5, 8}}
	c, err := Synthetic(p, 0, 3, SyntheticOptions{Predictors: predictors})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sum", stats.Sum(c.Importance), 1, 1e-12)
	equal, err := Synthetic(p, 0, 3, SyntheticOptions{Predictors: predictors, Importance: []float64{1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if !(c.Before < 1e-3 && equal.Before > 0.3) {
		t.Errorf("gap before %v with importance %v, %v with equal importance", c.Before, c.Importance, equal.Before)
	}
}

func TestUnitsInAnotherOrderAndScale(t *testing.T) {
	p := readSynthetic(t)
	a, err := PlacebosInSpace(p, 0, 15, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	turned := Panel{Outcome: make([][]float64, 9)}
	for i, row := range p.Outcome {
		turned.Outcome[8-i] = make([]float64, len(row))
		for c, v := range row {
			turned.Outcome[8-i][c] = 100 + 10*v
		}
	}
	b, err := PlacebosInSpace(turned, 8, 15, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect times ten", b.Treated.Effect, 10*a.Treated.Effect, 1e-9)
	near(t, "p", b.P, a.P, 0)
	for i := range 9 {
		near(t, "weight", b.Treated.Weights[8-i], a.Treated.Weights[i], 1e-9)
	}
}

// Without an effect the placebo p-value is uniform on its steps: with 16 units,
// at most a tenth is expected to be 1/16 (6 %), and so on.
func TestPlacebosRejectAsOftenAsTheySay(t *testing.T) {
	const units, periods, start, trials = 16, 36, 24, 300
	at1, at4 := 0.0, 0.0
	for trial := range trials {
		r := stats.NewRand(7, uint64(trial))
		p := counts(&r, units, periods, nil, 0)
		s, err := PlacebosInSpace(p, int(r.Below(units)), start, SyntheticOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if s.P <= 1.0/units+1e-9 {
			at1++
		}
		if s.P <= 4.0/units+1e-9 {
			at4++
		}
	}
	t.Logf("p ≤ 1/16: %.3f, p ≤ 4/16: %.3f", at1/trials, at4/trials)
	near(t, "share at 1/16", at1/trials, 1.0/16, 4*math.Sqrt(0.0625*0.94/trials))
	near(t, "share at 4/16", at4/trials, 0.25, 4*math.Sqrt(0.25*0.75/trials))
}

func TestSyntheticErrors(t *testing.T) {
	p := Panel{Outcome: [][]float64{{1, 2, 3}, {2, 3, 4}, {1, 1, 1}}}
	nan := math.NaN()
	for _, c := range []struct{ err, want error }{
		{second(Synthetic(Panel{}, 0, 1, SyntheticOptions{})), stats.ErrEmpty},
		{second(Synthetic(Panel{Outcome: [][]float64{{1, 2}, {1}}}, 0, 1, SyntheticOptions{})), stats.ErrLength},
		{second(Synthetic(Panel{Outcome: [][]float64{{1, 2}, {1, nan}}}, 0, 1, SyntheticOptions{})), stats.ErrMissing},
		{second(Synthetic(Panel{Outcome: [][]float64{{1, 2}}}, 0, 1, SyntheticOptions{})), stats.ErrTooFew},
		{second(Synthetic(p, 3, 1, SyntheticOptions{})), stats.ErrOption},
		{second(Synthetic(p, 0, 0, SyntheticOptions{})), stats.ErrOption},
		{second(Synthetic(p, 0, 3, SyntheticOptions{})), stats.ErrOption},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Donors: []int{0}})), stats.ErrOption},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Donors: []int{1, 2, 1}})), stats.ErrOption},
		{second(Synthetic(p, 0, 2, SyntheticOptions{Importance: []float64{1e308, 1e308}})), stats.ErrRange},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Predictors: [][]float64{{1}, {1e99}, {1}}})), stats.ErrRange},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Importance: []float64{1, 2}})), stats.ErrLength},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Importance: []float64{0}})), stats.ErrOption},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Importance: []float64{-1}})), stats.ErrNegative},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Predictors: [][]float64{{1}}})), stats.ErrLength},
		{second(Synthetic(p, 0, 1, SyntheticOptions{Predictors: [][]float64{{1}, {nan}, {1}}})), stats.ErrMissing},
		{second(Synthetic(p, 0, 2, SyntheticOptions{Augment: true})), stats.ErrTooFew},
		{second(Synthetic(p, 0, 2, SyntheticOptions{Ridge: -1})), stats.ErrOption},
		{second(PlaceboInTime(p, 0, 2, 2, SyntheticOptions{})), stats.ErrOption},
		{second(PlacebosInSpace(p, 0, 2, SyntheticOptions{Donors: []int{1}})), stats.ErrTooFew},
		{second(LeaveOneOut(p, 0, 2, SyntheticOptions{Donors: []int{1}})), stats.ErrTooFew},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%v, not %v", c.err, c.want)
		}
	}
	// A series of zeros among zeros: no gap, no ratio, every unit as extreme.
	zeros := Panel{Outcome: [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}}
	s, err := PlacebosInSpace(zeros, 0, 1, SyntheticOptions{})
	if err != nil || s.P != 1 || s.Treated.Ratio != 0 || s.Treated.Effect != 0 {
		t.Errorf("all zeros: %+v, %v", s, err)
	}
}

// A place above all donors gets the nearest mix, and p says that it was met no
// better than they were; donors alike share as the method finds them, with one
// synthetic outcome; predictors that do not vary say nothing.
func TestPlacesThatNoMixMeets(t *testing.T) {
	donors := [][]float64{{2, 3, 3, 5, 1, 4}, {0, 1, 1, 2, 2, 7}, {3, 3, 1, 4, 4, 2}}
	high := Panel{Outcome: append([][]float64{{100, 120, 110, 105, 90, 95}}, donors...)}
	s, err := PlacebosInSpace(high, 0, 3, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "gap before", s.Treated.Before, math.Sqrt((98*98+117*117+107*107)/3.0), 1e-12)
	near(t, "weight of the highest donor", s.Treated.Weights[1], 1, 1e-12)
	near(t, "p", s.P, 1, 1e-12)

	one := []float64{1, 2, 4, 3, 5, 6}
	twice, err := Synthetic(Panel{Outcome: [][]float64{one, donors[0], donors[0], donors[1]}}, 0, 3, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	once, err := Synthetic(Panel{Outcome: [][]float64{one, donors[0], donors[1]}}, 0, 3, SyntheticOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weight of two donors alike", twice.Weights[1]+twice.Weights[2], once.Weights[1], 1e-12)
	near(t, "effect", twice.Effect, once.Effect, 1e-12)

	p := Panel{Outcome: append([][]float64{one}, donors...)}
	telling, err := Synthetic(p, 0, 3, SyntheticOptions{Predictors: [][]float64{{7}, {6}, {8}, {9}}})
	if err != nil {
		t.Fatal(err)
	}
	constant, err := Synthetic(p, 0, 3, SyntheticOptions{Predictors: [][]float64{{5, 7}, {5, 6}, {5, 8}, {5, 9}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range telling.Weights {
		near(t, "weight beside a predictor that does not vary", constant.Weights[i], w, 1e-12)
	}
}

func second[T any](_ T, err error) error { return err }

func TestCoresDoNotMatter(t *testing.T) {
	p, r := readSynthetic(t), readReference(t)
	many := counts(&stats.Rand{}, 40, 8, nil, 0)
	start := make([]int, 40)
	for i := range start {
		start[i] = i%4*2 - 1
	}
	compute := func() (float64, float64, []float64) {
		s, _ := PlacebosInSpace(p, 0, 15, SyntheticOptions{})
		w, _ := Wild(r.Panel, r.treated, nil, WildOptions{Weights: Webb, Draws: 999, Seed: 5})
		a, _ := Randomise(r.Panel, r.start, RandomiseOptions{Most: 1, Draws: 999, Seed: 5})
		g, _ := Staggered(many, start, StaggeredOptions{Seed: 5})
		few, _ := Staggered(Panel{Outcome: many.Outcome[:9]}, start[:9], StaggeredOptions{Seed: 5})
		return s.P + s.Treated.Effect, w.P + w.Interval.Low, append(a.Effects, g.BeforeP, g.ByEvent.Estimates[0].Band.Low, few.BeforeP)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	a1, b1, c1 := compute()
	runtime.GOMAXPROCS(4)
	a4, b4, c4 := compute()
	if a1 != a4 || b1 != b4 || !slices.Equal(c1, c4) {
		t.Error("results differ with the number of cores")
	}
}
