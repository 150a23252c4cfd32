package model

import (
	"errors"
	"math"
	"runtime"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
	"openvru/internal/stats/spatial"
)

// columbus is the map of the reference.
func columbus(t testing.TB) (map[string][]float64, *spatial.Weights, *Design) {
	t.Helper()
	c := readReference(t, "moran.tsv")["data"]
	lists := make([][]int32, len(c["card"]))
	at := 0
	for i, n := range c["card"] {
		for range int(n) {
			lists[i] = append(lists[i], int32(c["nb"][at])-1)
			at++
		}
	}
	w, err := spatial.NewWeights(lists)
	if err != nil {
		t.Fatal(err)
	}
	return c, w, NewDesign(len(lists)).Intercept().Add("income", c["inc"]).Add("value", c["hoval"])
}

func TestResidualMoranIsSpdeps(t *testing.T) {
	r := readReference(t, "moran.tsv")
	c, binary, d := columbus(t)
	for _, k := range []struct {
		name string
		d    *Design
		y    []float64
		o    Options
	}{
		{"lm", d, c["crime"], Options{}}, {"weighted", d, c["crime"], Options{Weights: c["weights"]}},
		{"mean", NewDesign(49).Intercept(), c["crime"], Options{}}, {"glmweighted", d, c["count"], Options{Family: Poisson}},
	} {
		f := mustFit(t, k.d, k.y, k.o)
		for style, w := range map[string]*spatial.Weights{"B": binary, "W": binary.RowStandardised()} {
			want := r[k.name+style]
			m, err := f.Moran(w, MoranOptions{})
			if err != nil {
				t.Fatal(err)
			}
			same(t, k.name+style, []float64{m.I, m.Expected, m.Variance}, want["estimate"], 1e-9)
			same(t, k.name+style+" p", []float64{m.Greater}, want["p"], 1e-9)
			same(t, k.name+style+" z", []float64{m.Z}, want["z"], 1e-9)
			if math.Abs(m.P-2*m.Greater) > 1e-15 || !math.IsNaN(m.PermutationGreater) {
				t.Errorf("%s: two-sided %v of %v, by permutation %v", k.name, m.P, m.Greater, m.PermutationGreater)
			}
		}
	}
}

// The errors drawn again and again: mean and variance of I must be those of the
// formula, also where some places have no neighbours (spdep 1.2-7 takes those out
// of the degrees of freedom as well, and misses).
func TestMomentsOfResidualMoranInSimulation(t *testing.T) {
	c, binary, d := columbus(t)
	lists := make([][]int32, binary.Len())
	for i := range lists {
		to, _ := binary.Row(i)
		for _, j := range to {
			if i%8 != 0 && j%8 != 0 {
				lists[i] = append(lists[i], j)
			}
		}
	}
	islands, err := spatial.NewWeights(lists)
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]*spatial.Weights{"whole": binary.RowStandardised(), "with islands": islands.RowStandardised()} {
		f := mustFit(t, d, c["crime"], Options{})
		m, err := f.Moran(w, MoranOptions{})
		if err != nil {
			t.Fatal(err)
		}
		const draws = 20_000
		r, y := stats.NewRand(4, 0), make([]float64, 49)
		sum, square := 0.0, 0.0
		for range draws {
			for i := range y {
				y[i] = r.Normal()
			}
			e := residualsOf(f, y)
			v := float64(49-len(w.Islands())) / w.Sums().S0 * lagProduct(w, e) / lin.Dot(e, e)
			sum, square = sum+v, square+v*v
		}
		mean := sum / draws
		variance := square/draws - mean*mean
		if z := (mean - m.Expected) / math.Sqrt(m.Variance/draws); math.Abs(z) > 4.5 {
			t.Errorf("%s: mean %v in simulation, %v by formula", name, mean, m.Expected)
		}
		if math.Abs(variance/m.Variance-1) > 4.5*math.Sqrt(2.0/draws)*1.5 {
			t.Errorf("%s: variance %v in simulation, %v by formula", name, variance, m.Variance)
		}
	}
}

// residualsOf are those of least squares on the fit's columns.
func residualsOf(f *Fitted, y []float64) []float64 {
	k := f.Rank
	moment := make([]float64, k)
	for j, x := range f.problem.columns {
		moment[j] = lin.Dot(x, y)
	}
	out := append([]float64(nil), y...)
	for j, x := range f.problem.columns {
		b := lin.Dot(f.unscaled[j*k:(j+1)*k], moment)
		for i, v := range x {
			out[i] -= b * v
		}
	}
	return out
}

// Counts without dependence: the permutation p is uniform, whatever the model;
// with a shared shock among neighbours it is small.
func TestPermutationPIsUniformUnderTheNull(t *testing.T) {
	_, binary, d := columbus(t)
	w := binary.RowStandardised()
	const sets = 400
	p, analytic := make([]float64, sets), make([]float64, sets)
	power := make([]float64, sets)
	stats.Parallel(sets, func(_, i int) {
		r := stats.NewRand(8, uint64(i))
		plain, shared, shock := make([]float64, 49), make([]float64, 49), make([]float64, 49)
		for j := range shock {
			shock[j] = r.Normal()
		}
		shock = w.Lag(w.Lag(shock)) // smooth, of standard deviation about 0.4
		for j := range plain {
			mean := 6 * math.Exp(0.02*(d.Column("income")[j]-14))
			plain[j] = r.NegBin(mean, 3)
			shared[j] = r.Poisson(mean * math.Exp(1.5*shock[j]))
		}
		for k, y := range [][]float64{plain, shared} {
			f := mustFit(t, d, y, Options{Family: QuasiPoisson})
			m, err := f.Moran(w, MoranOptions{Permutations: 199, Seed: uint64(i)})
			if err != nil {
				t.Error(err)
			}
			if k == 0 {
				p[i], analytic[i] = m.PermutationGreater, m.Greater
			} else {
				power[i] = m.PermutationGreater
			}
		}
	})
	for _, level := range []float64{0.05, 0.5} {
		slack := 4 * math.Sqrt(level*(1-level)/sets)
		if got := below(p, level); math.Abs(got-level) > slack+0.03 {
			t.Errorf("permutation: %v of sets below %v", got, level)
		}
		if got := below(analytic, level); math.Abs(got-level) > slack+0.03 {
			t.Errorf("analytic: %v of sets below %v", got, level)
		}
	}
	if got := below(power, 0.05); got < 0.6 {
		t.Errorf("shared shocks are found in %v of sets", got)
	}
}

func below(p []float64, level float64) float64 {
	n := 0.0
	for _, v := range p {
		if v <= level {
			n++
		}
	}
	return n / float64(len(p))
}

func TestResidualMoranRefusesAndRepeats(t *testing.T) {
	c, w, d := columbus(t)
	f := mustFit(t, d, c["crime"], Options{})
	none, err := spatial.NewWeights(make([][]int32, 49))
	if err != nil {
		t.Fatal(err)
	}
	few, err := spatial.NewWeights([][]int32{{1}, {0}})
	if err != nil {
		t.Fatal(err)
	}
	zero := append([]float64{0}, c["weights"][1:]...)
	exact := mustFit(t, d, c["inc"], Options{})
	for name, k := range map[string]struct {
		f    *Fitted
		w    *spatial.Weights
		o    MoranOptions
		want error
	}{
		"no neighbours": {f, none, MoranOptions{}, stats.ErrNoNeighbours}, "another map": {f, few, MoranOptions{}, stats.ErrLength},
		"fewer than none": {f, w, MoranOptions{Permutations: -1}, stats.ErrOption},
		"no weight":       {mustFit(t, d, c["crime"], Options{Weights: zero}), w, MoranOptions{}, stats.ErrOption},
		"nothing over":    {exact, w, MoranOptions{}, stats.ErrConstant},
	} {
		if _, err := k.f.Moran(k.w, k.o); !errors.Is(err, k.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _ := f.Moran(w, MoranOptions{Permutations: 999, Seed: 3})
	runtime.GOMAXPROCS(4)
	four, _ := f.Moran(w, MoranOptions{Permutations: 999, Seed: 3})
	if one != four {
		t.Error("results depend on the number of cores")
	}
	if math.Abs(one.PermutationGreater-one.Greater) > 0.01 {
		t.Errorf("by permutation %v, by formula %v", one.PermutationGreater, one.Greater)
	}
}
