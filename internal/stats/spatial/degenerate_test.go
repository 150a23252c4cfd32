package spatial

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

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
		"too many":      {w, x, Options{Permutations: mostPermutations + 1}, stats.ErrOption},
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
		if c.w == w && !errors.Is(c.want, stats.ErrOption) {
			if err := other(c.w, c.x, c.o); !errors.Is(err, c.want) {
				t.Errorf("the other values, %s: %v", name, err)
			}
		}
	}
	if _, err := GeneralG(w, []float64{0, 0, 3, 0, 0, 0}, Options{}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := GeneralG(w, []float64{1, 2, 3e5, 3, 2, 1}, Options{}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := GeneralG(w, []float64{1, 2, 1e5, 3, 2, 1}, Options{}); err != nil {
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
		if l.Variance[i] != 0 || !math.IsNaN(l.Z[i]+l.P[i]+l.Permuted.Z[i]) || l.Permuted.Directed[i] != 1 || l.Permuted.SD[i] != 0 {
			t.Errorf("area %d: %v %v %v", i, l.Variance[i], l.Z[i], l.Permuted.Directed[i])
		}
	}
	l = must(LocalMoran(weightsOf(t, chain(5)), []float64{1, 3, 2, 5, 4}, o))
	if l.Value[1] != 0 || !math.IsNaN(l.Z[1]+l.Permuted.Z[1]) || l.Permuted.Directed[1] != 1 || l.Permuted.TwoSided[1] != 1 {
		t.Errorf("at the mean: %v, %v, p %v", l.Value[1], l.Z[1], l.Permuted.Directed[1])
	}
	// One permutation has no spread.
	if one := must(LocalMoran(weightsOf(t, chain(5)), []float64{1, 3, 2, 5, 4}, Options{Permutations: 1})).Permuted; !math.IsNaN(one.Z[0]) || one.Directed[0] > 1 {
		t.Errorf("one permutation: %+v", one)
	}
	// Where the sum is not above zero, Gi has no share but still a z and a p.
	g1, g2 := must(LocalG(weightsOf(t, chain(5)), []float64{-1, -3, -2, -5, -4}, o)), must(LocalG(weightsOf(t, chain(5)), []float64{9, 7, 8, 5, 6}, o))
	for i := range 4 {
		if !math.IsNaN(g1.Value[i]+g1.Permuted.Mean[i]) || g1.Permuted.Directed[i] != g2.Permuted.Directed[i] {
			t.Errorf("Gi of negative values: %v, p %v and %v", g1.Value[i], g1.Permuted.Directed[i], g2.Permuted.Directed[i])
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
				if l != nil && !w.island(i) && !(l.Permuted.Directed[i] > 0 && l.Permuted.Directed[i] <= 1 && !(l.P[i] < 0 || l.P[i] > 1)) {
					t.Errorf("area %d: p %v and %v", i, l.Permuted.Directed[i], l.P[i])
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

// extreme draws values, one way after the other, that lie at the ends of what a
// float64 can be, or hardly apart.
var extreme = []func(r *stats.Rand) float64{
	func(r *stats.Rand) float64 { return math.Pow(10, 600*r.Float64()-300) },
	func(r *stats.Rand) float64 { return 1e-300 * r.Float64() },
	func(r *stats.Rand) float64 { return 1e300 * r.Normal() },
	func(r *stats.Rand) float64 { return 1.0/3 + float64(r.Below(2))*1e-16 },
	func(r *stats.Rand) float64 { return 1 + 1e-16*r.Normal() },
	func(r *stats.Rand) float64 { return 1e15 + float64(r.Below(4)) },
	func(r *stats.Rand) float64 { return float64(r.Below(2)) * 5e-324 },
	func(r *stats.Rand) float64 { return (float64(r.Below(3)) - 1) * math.MaxFloat64 },
}

// mesh is lists of neighbours, and weights of any size for them: of all others,
// of all but the next, of some, of few.
func mesh(r *stats.Rand, n, kind int) (lists [][]int32, weights [][]float64) {
	lists, weights = make([][]int32, n), make([][]float64, n)
	for i := range n {
		for j := range n {
			if j != i && (kind == 0 || kind == 1 && j != (i+1)%n || kind == 2 && r.Below(2) == 0 || kind == 3 && r.Below(5) == 0) {
				lists[i] = append(lists[i], int32(j))
				weights[i] = append(weights[i], math.Pow(10, 100*r.Float64()-50))
			}
		}
	}
	return lists, weights
}

// Whatever the values and weights, there is an error or an answer in numbers:
// only z and p may be NaN, and only where nothing can vary.
func TestExtremesHaveAnswers(t *testing.T) {
	r := stats.NewRand(77, 0)
	answers := 0
	for _, n := range []int{2, 3, 4, 5, 9, 20} {
		for kind := range 4 {
			lists, weights := mesh(&r, n, kind)
			plain, own := weightsOf(t, lists), must(NewWeightsOf(lists, weights))
			for _, draw := range extreme {
				x, y := make([]float64, n), make([]float64, n)
				for i := range x {
					x[i], y[i] = draw(&r), draw(&r)
				}
				for _, w := range []*Weights{plain, plain.RowStandardised(), own, own.RowStandardised(), own.As(VarianceStabilising), own.As(UnitScaled)} {
					answers += inNumbers(t, w, x, y)
				}
			}
		}
	}
	if answers < 2000 {
		t.Errorf("only %d answers", answers)
	}
}

// inNumbers reports what is not a number in the statistics of a map, and counts
// its answers.
func inNumbers(t *testing.T, w *Weights, x, y []float64) (answers int) {
	o := Options{Permutations: 19, Seed: 1}
	both := func(of func(*Weights, []float64, []float64, Options) (Global, error)) (Global, error) {
		return of(w, x, y, o)
	}
	for k, of := range []func() (Global, error){
		func() (Global, error) { return Moran(w, x, o) }, func() (Global, error) { return Geary(w, x, o) },
		func() (Global, error) { return GeneralG(w, x, o) }, func() (Global, error) { return both(BivariateMoran) },
	} {
		g, err := of()
		if err != nil {
			continue
		}
		answers++
		test, p := g.Randomisation, g.Permuted
		if sum := g.Value + test.Expected + test.Variance + p.P.Greater + p.P.Less + p.P.TwoSided + p.Mean + p.SD; math.IsNaN(sum) || math.IsInf(sum, 0) {
			t.Errorf("global %d of %v: %+v %+v", k, x, g, p)
		}
		if (test.Variance > 0) == math.IsNaN(test.Z+test.P.TwoSided) {
			t.Errorf("global %d of %v: variance %v, SD %v, Z %v", k, x, test.Variance, p.SD, test.Z)
		}
	}
	for k, of := range []func() (*Local, error){
		func() (*Local, error) { return LocalMoran(w, x, o) }, func() (*Local, error) { return LocalBivariate(w, x, y, o) },
		func() (*Local, error) { return LocalG(w.WithSelf(), x, o) },
	} {
		l, err := of()
		if err != nil {
			continue
		}
		answers++
		for i := range x {
			p := l.Permuted
			sum := p.Directed[i] + p.TwoSided[i]
			if k < 2 {
				sum += l.Value[i] + l.Expected[i] + l.Variance[i] + p.Mean[i] + p.SD[i]
			}
			if !w.island(i) && (math.IsNaN(sum) || math.IsInf(sum, 0) || l.Variance[i] > 0 && math.IsNaN(l.Z[i]+l.P[i])) {
				t.Errorf("local %d of %v, area %d: %v %v", k, x, i, l.Value[i], l.Z[i])
			}
		}
	}
	return answers
}
