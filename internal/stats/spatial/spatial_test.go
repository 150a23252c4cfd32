package spatial

import (
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
		if ls.Permuted.Directed[i] != l.Permuted.Directed[i] || g.Permuted.Directed[i] != l.Permuted.Directed[i] {
			t.Errorf("area %d: the same permutations give p of %v, %v and %v", i,
				l.Permuted.Directed[i], ls.Permuted.Directed[i], g.Permuted.Directed[i])
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

// Ties are told by the size that a statistic can have, not by 1: a great weight
// of an area whose x is the mean makes the bivariate I small and nothing else.
func TestSmallStatisticsDoNotTie(t *testing.T) {
	lists := [][]int32{{1}, {0, 2}, {1, 3}, {2, 4}, {3}}
	x, y := []float64{3, 1, 5, 2, 4}, []float64{1, 7, 2, 9, 4}
	var p []Tails
	for _, weight := range []float64{1, 1e30} {
		w := must(NewWeightsOf(lists, [][]float64{{weight}, {1, 1}, {1, 1}, {1, 1}, {1}}))
		p = append(p, must(BivariateMoran(w, x, y, Options{Permutations: 99, Seed: 1})).Permuted.P)
	}
	if p[0] != p[1] || p[0].TwoSided == 1 {
		t.Errorf("p of %+v and %+v", p[0], p[1])
	}
}

// Areas that neighbour most others have values taken out of an order of them, or
// what they leave taken out.
func TestDenseMapsAgainstTheory(t *testing.T) {
	const n, reps = 120, 499
	r := stats.NewRand(15, 0)
	x, lists, weights := make([]float64, n), make([][]int32, n), make([][]float64, n)
	for i := range x {
		x[i] = r.Normal()
		for j := range n {
			if j != i && (j+i)%5 > 0 {
				lists[i], weights[i] = append(lists[i], int32(j)), append(weights[i], 0.5+r.Float64())
			}
		}
	}
	for name, w := range map[string]*Weights{"equal": weightsOf(t, lists), "own": must(NewWeightsOf(lists, weights))} {
		l := must(LocalG(w, x, Options{Permutations: reps, Seed: 3}))
		sum, squares, spread := 0.0, 0.0, 0.0
		for i := range x {
			off := (l.Permuted.Mean[i] - l.Expected[i]) / math.Sqrt(l.Variance[i]/reps)
			sum, squares = sum+off, squares+off*off
			spread += l.Permuted.SD[i] * l.Permuted.SD[i] / l.Variance[i] / n
		}
		// The mean square of n × reps draws of a statistic near normal has a relative
		// error of √(2/(n·reps)).
		if math.Abs(sum/math.Sqrt(n)) > 4.5 || math.Abs(squares-n) > 4.5*math.Sqrt(2*n) || math.Abs(spread-1) > 4.5*math.Sqrt(2.0/n/reps) {
			t.Errorf("%s: means off by %.1f errors, squares %.1f of %d, variance %.4f of theory's", name, sum/math.Sqrt(n), squares, n, spread)
		}
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
