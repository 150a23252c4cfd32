package spatial

import (
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// uniform reports p-values of k/steps that are not equally often in each tenth.
func uniform(t *testing.T, what string, p []float64) {
	t.Helper()
	var bins [10]float64
	for _, v := range p {
		bins[min(int(math.Ceil(v*10-1e-9))-1, 9)]++
	}
	chi, want := 0.0, float64(len(p))/10
	for _, c := range bins {
		chi += (c - want) * (c - want) / want
	}
	// Chi-squared with 9 degrees of freedom is above 33.7 once in ten thousand times.
	if chi > 33.7 {
		t.Errorf("%s: p-values are not uniform, chi-squared %.1f: %v", what, chi, bins)
	}
}

func TestPermutationPIsUniformWhenNothingIsThere(t *testing.T) {
	near := patchwork(36)
	w := weightsOf(t, near).RowStandardised()
	self := weightsOf(t, near).WithSelf()
	p := map[string][]float64{}
	r := stats.NewRand(1, 0)
	for trial := range 1000 {
		x, y := make([]float64, 36), make([]float64, 36)
		for i := range x {
			x[i], y[i] = r.Gamma(2), r.Normal()
		}
		o := Options{Permutations: 199, Seed: uint64(trial)}
		moran, geary := must(Moran(w, x, o)).Permuted, must(Geary(w, x, o)).Permuted
		both := must(BivariateMoran(w, x, y, o)).Permuted
		general := must(GeneralG(w, x, o)).Permuted
		p["Moran"] = append(p["Moran"], moran.P.Greater)
		p["Moran two-sided"] = append(p["Moran two-sided"], moran.P.TwoSided)
		p["Geary"] = append(p["Geary"], geary.P.Less)
		p["bivariate"] = append(p["bivariate"], both.P.TwoSided)
		p["General G"] = append(p["General G"], general.P.Greater)
		// One area a map: areas of one map depend on each other.
		i := trial % 36
		p["local Moran"] = append(p["local Moran"], must(LocalMoran(w, x, o)).Permuted.TwoSided[i])
		p["Gi*"] = append(p["Gi*"], must(LocalG(self, x, o)).Permuted.TwoSided[i])
		p["local bivariate"] = append(p["local bivariate"], must(LocalBivariate(w, x, y, o)).Permuted.TwoSided[i])
	}
	for what, list := range p {
		uniform(t, what, list)
	}
}

// Counts with many ties make p-values larger than they need be, never smaller.
func TestPermutationPHoldsWithTies(t *testing.T) {
	w := weightsOf(t, patchwork(64))
	r := stats.NewRand(2, 0)
	below, tests := 0, 0
	for trial := range 1000 {
		x := make([]float64, 64)
		for i := range x {
			x[i] = r.Poisson(0.5)
		}
		l := must(LocalMoran(w, x, Options{Permutations: 99, Seed: uint64(trial)}))
		if tests++; l.Permuted.TwoSided[trial%64] <= 0.1 {
			below++
		}
	}
	if limit := 0.1*float64(tests) + 4*math.Sqrt(0.09*float64(tests)); float64(below) > limit {
		t.Errorf("%d of %d maps without clusters have p of 0.1 or less", below, tests)
	}
}

// everything runs every statistic once.
func everything(w *Weights, x, y []float64, o Options) []any {
	return []any{
		must(Moran(w, x, o)), must(Geary(w, x, o)), must(GeneralG(w, x, o)), must(BivariateMoran(w, x, y, o)),
		must(LocalMoran(w, x, o)), must(LocalBivariate(w, x, y, o)), must(LocalG(w, x, o)), must(LocalG(w.WithSelf(), x, o)),
	}
}

func TestResultsDoNotDependOnTheNumberOfCores(t *testing.T) {
	w := weightsOf(t, patchwork(700))
	x := rates(w, 4)
	y := w.Lag(x)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var first []any
	for _, cores := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(cores)
		got := everything(w.RowStandardised(), x, y, Options{Permutations: 150, Seed: 8})
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Errorf("%d cores give other results than one", cores)
		}
	}
	if reflect.DeepEqual(everything(w.RowStandardised(), x, y, Options{Permutations: 150, Seed: 9}), first) {
		t.Error("another seed gives the same permutations")
	}
}

func TestLocalAddsUpToGlobal(t *testing.T) {
	w := weightsOf(t, patchwork(100))
	x := rates(w, 2)
	for _, w := range []*Weights{w, w.RowStandardised()} {
		sum, s := 0.0, w.Sums()
		for _, v := range must(LocalMoran(w, x, Options{})).Value {
			sum += v
		}
		near(t, "the sum of local Moran", sum/s.S0, must(Moran(w, x, Options{})).Value)
		sum = 0
		for _, v := range must(LocalBivariate(w, x, w.Lag(x), Options{})).Value {
			sum += v
		}
		near(t, "the sum of the bivariate", sum/s.S0, must(BivariateMoran(w, x, w.Lag(x), Options{})).Value)
	}
	near(t, "bivariate with itself", must(BivariateMoran(w, x, x, Options{})).Value, must(Moran(w, x, Options{})).Value)
}

func TestScaleAndOrderDoNotMatter(t *testing.T) {
	lists := patchwork(90)
	w := weightsOf(t, lists)
	x := rates(w, 3)
	o := Options{Permutations: 99, Seed: 1}
	scaled, backward := make([]float64, 90), make([]float64, 90)
	turned := make([][]int32, 90)
	for i, v := range x {
		scaled[i], backward[89-i] = 7-3e5*v, v
		for _, j := range lists[i] {
			turned[89-i] = append(turned[89-i], 89-j)
		}
	}
	rows, wt := w.RowStandardised(), weightsOf(t, turned).RowStandardised()
	l, ls, lb := must(LocalMoran(rows, x, o)), must(LocalMoran(rows, scaled, o)), must(LocalMoran(wt, backward, o))
	g, gs, gb := must(LocalG(rows, x, o)), must(LocalG(rows, scaled, o)), must(LocalG(wt, backward, o))
	for i := range x {
		near(t, "I of scaled values", ls.Value[i], l.Value[i])
		near(t, "z of scaled values", ls.Z[i], l.Z[i])
		near(t, "Gi of turned values", gs.Z[i], -g.Z[i])
		near(t, "I in another order", lb.Value[89-i], l.Value[i])
		near(t, "Gi in another order", gb.Z[89-i], g.Z[i])
		if ls.Permuted.Folded[i] != l.Permuted.Folded[i] || g.Permuted.Folded[i] != l.Permuted.Folded[i] {
			t.Errorf("area %d: the same permutations give p of %v, %v and %v", i,
				l.Permuted.Folded[i], ls.Permuted.Folded[i], g.Permuted.Folded[i])
		}
	}
	for _, of := range []func(*Weights, []float64, Options) (Global, error){Moran, Geary} {
		near(t, "scaled", must(of(rows, scaled, o)).Randomisation.Z, must(of(rows, x, o)).Randomisation.Z)
		near(t, "in another order", must(of(wt, backward, o)).Value, must(of(rows, x, o)).Value)
	}
	// So large or small that squares do not fit.
	for _, f := range []float64{1e-310, 1e300} {
		for i, v := range x {
			scaled[i] = f * v
		}
		for i, v := range must(LocalMoran(rows, scaled, o)).Value {
			if math.Abs(v-l.Value[i]) > 1e-9 && f > 1 {
				t.Errorf("times %v: I of %v, not %v", f, v, l.Value[i])
			}
		}
		everything(rows, scaled, x, o)
	}
}

// Maps of more areas than the fast loops take, and areas with more neighbours.
func TestLargeMapsAgainstTheory(t *testing.T) {
	n := fieldLen + 3000
	lists := make([][]int32, n)
	for i := range lists {
		for k := range i%12 + 1 {
			lists[i] = append(lists[i], int32((i+k*k*17+1)%n))
		}
	}
	w := weightsOf(t, lists)
	r := stats.NewRand(3, 0)
	x := make([]float64, n)
	for i := range x {
		x[i] = r.Normal()
	}
	const reps = 19
	l := must(LocalG(w, x, Options{Permutations: reps, Seed: 2}))
	sum, squares := 0.0, 0.0
	for i := range x {
		off := (l.Permuted.Mean[i] - l.Expected[i]) / math.Sqrt(l.Variance[i]/reps)
		sum, squares = sum+off, squares+off*off
	}
	if z := sum / math.Sqrt(float64(n)); math.Abs(z) > 4.5 {
		t.Errorf("permuted means are off by %.1f standard errors", z)
	}
	if z := (squares - float64(n)) / math.Sqrt(2*float64(n)); math.Abs(z) > 4.5 {
		t.Errorf("permuted means vary by %.1f standard errors too much", z)
	}
}

// A planted cluster is found, and maps without one have clusters no more often
// than asked for.
func TestClusters(t *testing.T) {
	w := weightsOf(t, patchwork(100)).RowStandardised()
	r := stats.NewRand(6, 0)
	found, alarms := 0, 0
	const trials = 40
	for trial := range trials {
		x := make([]float64, 100)
		for i := range x {
			x[i] = r.Normal()
		}
		o := Options{Permutations: 1999, Seed: uint64(trial)}
		if slices.ContainsFunc(must(LocalMoran(w, x, o)).Clusters(0.1), func(l Label) bool { return l != NotSignificant }) {
			alarms++
		}
		hub := 55
		near, _ := w.Row(hub)
		x[hub] += 5
		for _, j := range near {
			x[j] += 5
		}
		if must(LocalMoran(w, x, o)).Clusters(0.1)[hub] == HighHigh && must(LocalG(w, x, o)).Clusters(0.1)[hub] == HotSpot {
			found++
		}
	}
	// With no effects anywhere the chance of any discovery is at most 0.1: of 40
	// maps more than 11 happens once in a thousand times.
	if alarms > 11 || found < trials {
		t.Errorf("the cluster was found in %d maps of %d, clusters without one in %d", found, trials, alarms)
	}
}

func TestLabels(t *testing.T) {
	w := weightsOf(t, [][]int32{{1}, {0, 2}, {1, 3}, {2}, {}})
	l := must(LocalMoran(w, []float64{9, 8, 1, 1, 5}, Options{}))
	want := []Label{HighHigh, HighLow, LowHigh, LowLow, NoNeighbours}
	want[1] = quadrant(1, (9-4.8)+(1-4.8))
	want[2] = quadrant(-1, (8-4.8)+(1-4.8))
	if !slices.Equal(l.Quadrant, want) {
		t.Errorf("quadrants %v", l.Quadrant)
	}
	for i, label := range l.Clusters(0.0000001) {
		if (label == NoNeighbours) != (i == 4) || i < 4 && label != NotSignificant {
			t.Errorf("area %d is %v", i, label)
		}
	}
	if got := l.Clusters(1); got[0] != HighHigh || got[4] != NoNeighbours {
		t.Errorf("clusters %v", got)
	}
	for label := NotSignificant; label <= NoNeighbours; label++ {
		if label.String() == "" {
			t.Errorf("label %d has no words", label)
		}
	}
}

func TestWhatHasNoAnswer(t *testing.T) {
	w, x := weightsOf(t, chain(6)), []float64{1, 2, 3, 4, 5, 7}
	few, lone := weightsOf(t, chain(2)), weightsOf(t, make([][]int32, 6))
	type all = func(w *Weights, x []float64, o Options) error
	bivariate := func(w *Weights, x []float64, o Options) error { _, err := BivariateMoran(w, x, x, o); return err }
	other := func(w *Weights, x []float64, o Options) error {
		_, err := BivariateMoran(weightsOf(t, chain(6)), []float64{1, 2, 3, 4, 5, 7}, x, o)
		return err
	}
	for name, c := range map[string]struct {
		w    *Weights
		x    []float64
		o    Options
		want error
	}{
		"no weights":    {nil, x, Options{}, stats.ErrEmpty},
		"no values":     {w, nil, Options{}, stats.ErrEmpty},
		"length":        {w, x[:5], Options{}, stats.ErrLength},
		"missing":       {w, []float64{1, 2, 3, math.NaN(), 5, 6}, Options{}, stats.ErrMissing},
		"infinite":      {w, []float64{1, 2, 3, math.Inf(-1), 5, 6}, Options{}, stats.ErrMissing},
		"constant":      {w, []float64{2, 2, 2, 2, 2, 2}, Options{}, stats.ErrConstant},
		"zeros":         {w, make([]float64, 6), Options{Permutations: 9}, stats.ErrConstant},
		"few":           {few, x[:2], Options{}, stats.ErrTooFew},
		"one":           {weightsOf(t, [][]int32{{}}), x[:1], Options{}, stats.ErrTooFew},
		"only islands":  {lone, x, Options{}, stats.ErrNoNeighbours},
		"only self":     {lone.WithSelf(), x, Options{}, stats.ErrNoNeighbours},
		"permutations":  {w, x, Options{Permutations: -1}, stats.ErrOption},
		"self (global)": {w.WithSelf(), x, Options{}, stats.ErrOption},
	} {
		for kind, run := range map[string]all{
			"Moran":           func(w *Weights, x []float64, o Options) error { _, err := Moran(w, x, o); return err },
			"Geary":           func(w *Weights, x []float64, o Options) error { _, err := Geary(w, x, o); return err },
			"General G":       func(w *Weights, x []float64, o Options) error { _, err := GeneralG(w, x, o); return err },
			"bivariate":       bivariate,
			"local Moran":     func(w *Weights, x []float64, o Options) error { _, err := LocalMoran(w, x, o); return err },
			"local bivariate": func(w *Weights, x []float64, o Options) error { _, err := LocalBivariate(w, x, x, o); return err },
			"Gi":              func(w *Weights, x []float64, o Options) error { _, err := LocalG(w, x, o); return err },
		} {
			if kind == "Gi" && name == "self (global)" {
				continue // that is Gi*
			}
			if err := run(c.w, c.x, c.o); !errors.Is(err, c.want) {
				t.Errorf("%s, %s: %v", kind, name, err)
			}
		}
		if c.w == w && name != "permutations" {
			if err := other(c.w, c.x, c.o); !errors.Is(err, c.want) {
				t.Errorf("the other values, %s: %v", name, err)
			}
		}
	}
	// Weights that are all zero are as good as none.
	far := must(weightsOf(t, chain(6)).InverseDistance([]float64{0, 1e200, 2e200, 3e200, 4e200, 5e200}, make([]float64, 6), 2))
	if _, err := Moran(far, x, Options{}); !errors.Is(err, stats.ErrNoNeighbours) {
		t.Error(err)
	}
	if _, err := GeneralG(w, []float64{0, 0, 3, 0, 0, 0}, Options{}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := GeneralG(w, []float64{1, 2, 3, -4, 5, 6}, Options{}); !errors.Is(err, stats.ErrNegative) {
		t.Error(err)
	}
}

func TestRatesThatHaveNoAnswer(t *testing.T) {
	w := weightsOf(t, chain(4))
	four := []float64{1, 2, 3, 5}
	for name, c := range map[string]struct {
		events, population []float64
		want               error
	}{
		"empty":         {nil, nil, stats.ErrEmpty},
		"length":        {four, four[:3], stats.ErrLength},
		"missing":       {[]float64{1, math.NaN(), 1, 1}, four, stats.ErrMissing},
		"negative":      {[]float64{1, -1, 1, 1}, four, stats.ErrNegative},
		"no population": {four, []float64{1, 0, 1, 1}, stats.ErrNoPopulation},
		"no events":     {make([]float64, 4), four, stats.ErrConstant},
		"one rate":      {four, four, stats.ErrConstant},
	} {
		if _, err := MoranRates(w, c.events, c.population, Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What cannot vary has no z: a map in which all are neighbours of all, an area
// whose neighbours are all others, an area at the mean.
func TestWhatCannotVary(t *testing.T) {
	lists := make([][]int32, 6)
	for i := range lists {
		for j := range lists {
			if j != i {
				lists[i] = append(lists[i], int32(j))
			}
		}
	}
	w, x := weightsOf(t, lists).RowStandardised(), []float64{1, 2.5, 3, 4, 8, 6.3}
	o := Options{Permutations: 99}
	g := must(Moran(w, x, o))
	if g.Randomisation.Variance != 0 || !math.IsNaN(g.Randomisation.Z+g.Randomisation.P.TwoSided+g.Permuted.Z) || g.Permuted.P.TwoSided != 1 {
		t.Errorf("global: %+v %+v", g.Randomisation, g.Permuted)
	}
	near(t, "I where all are neighbours", g.Value, -1.0/5)
	l := must(LocalMoran(w, x, o))
	for i := range x {
		if l.Variance[i] != 0 || !math.IsNaN(l.Z[i]+l.P[i]+l.Permuted.Z[i]) || l.Permuted.Folded[i] != 1 || l.Permuted.SD[i] != 0 {
			t.Errorf("area %d: %v %v %v", i, l.Variance[i], l.Z[i], l.Permuted.Folded[i])
		}
	}
	l = must(LocalMoran(weightsOf(t, chain(5)), []float64{1, 3, 2, 5, 4}, o))
	if l.Value[1] != 0 || !math.IsNaN(l.Z[1]+l.Permuted.Z[1]) || l.Permuted.Folded[1] != 1 || l.Permuted.TwoSided[1] != 1 {
		t.Errorf("at the mean: %v, %v, p %v", l.Value[1], l.Z[1], l.Permuted.Folded[1])
	}
	// One permutation has no spread.
	if one := must(LocalMoran(weightsOf(t, chain(5)), []float64{1, 3, 2, 5, 4}, Options{Permutations: 1})).Permuted; !math.IsNaN(one.Z[0]) || one.Folded[0] > 1 {
		t.Errorf("one permutation: %+v", one)
	}
	// Where the sum is not above zero, Gi has no share but still a z and a p.
	g1, g2 := must(LocalG(weightsOf(t, chain(5)), []float64{-1, -3, -2, -5, -4}, o)), must(LocalG(weightsOf(t, chain(5)), []float64{9, 7, 8, 5, 6}, o))
	for i := range 4 {
		if !math.IsNaN(g1.Value[i]+g1.Permuted.Mean[i]) || g1.Permuted.Folded[i] != g2.Permuted.Folded[i] {
			t.Errorf("Gi of negative values: %v, p %v and %v", g1.Value[i], g1.Permuted.Folded[i], g2.Permuted.Folded[i])
		}
		near(t, "Gi of negative values", g1.Z[i], g2.Z[i])
		near(t, "permuted Z of negative values", g1.Permuted.Z[i], g2.Permuted.Z[i])
	}
}

// Whatever numbers come, there is an error or an answer without infinities in
// its p-values.
func FuzzStatistics(f *testing.F) {
	f.Add(uint64(1), 1.0, 2.0, 3.0, 1e9, uint8(9))
	f.Add(uint64(2), 0.0, 0.0, 0.1, -0.1, uint8(5))
	f.Add(uint64(3), 1e308, -1e308, 5e-324, 0.0, uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, d float64, size uint8) {
		n := int(size % 40)
		r := stats.NewRand(seed, 0)
		x, lists := make([]float64, n), make([][]int32, n)
		for i := range x {
			x[i] = [...]float64{a, b, c, d, a + b, c * d}[r.Below(6)]
			for j := range n {
				if j != i && r.Below(6) == 0 {
					lists[i] = append(lists[i], int32(j))
				}
			}
		}
		w, err := NewWeights(lists)
		if err != nil {
			return
		}
		o := Options{Permutations: 9, Seed: seed}
		for _, l := range []*Local{first(LocalMoran(w, x, o)), first(LocalG(w.WithSelf().RowStandardised(), x, o))} {
			for i := range x {
				if l != nil && !w.island(i) && !(l.Permuted.Folded[i] > 0 && l.Permuted.Folded[i] <= 1 && !(l.P[i] < 0 || l.P[i] > 1)) {
					t.Errorf("area %d: p %v and %v", i, l.Permuted.Folded[i], l.P[i])
				}
			}
		}
		if g, err := Moran(w, x, o); err == nil && (math.IsNaN(g.Value) || !(g.Permuted.P.TwoSided > 0)) {
			t.Errorf("Moran %+v", g)
		}
		_, _ = Geary(w, x, o)
		_, _ = GeneralG(w, x, o)
		_, _ = BivariateMoran(w, x, w.Lag(x), o)
	})
}

func first(l *Local, _ error) *Local { return l }
