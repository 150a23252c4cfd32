package model

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"testing"

	"openvru/internal/stats"
)

// netData is the data of the reference.
func netData(t testing.TB) (reference, *Design, []float64) {
	r := readReference(t, "net.tsv")
	c := r["data"]
	n := len(c["y"])
	d := NewDesign(n)
	for j := range int(c["cols"][0]) {
		d.Add("x"+strconv.Itoa(j+1), c["X"][j*n:(j+1)*n])
	}
	return r, d, c["y"]
}

func TestElasticNetIsGlmnets(t *testing.T) {
	r, d, y := netData(t)
	w, offset := r["data"]["weights"], r["data"]["offset"]
	for name, o := range map[string]NetOptions{
		"lasso": {}, "half": {Ridge: 0.5, Weights: w, Offset: offset}, "ridge": {Ridge: 1}, "raw": {Ridge: 0.2, Raw: true, Offset: offset},
	} {
		t.Run(name, func(t *testing.T) {
			want := r[name]
			own, err := ElasticNet(d, y, o)
			if err != nil {
				t.Fatal(err)
			}
			shared := min(len(own.Penalties), len(want["lambda"]))
			same(t, "penalties", own.Penalties[1:shared], want["lambda"][1:shared], 1e-9)
			o.Penalties = want["lambda"]
			net, err := ElasticNet(d, y, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, at := range want["at"] {
				k := int(at)
				same(t, fmt.Sprintf("coefficients at %d", k), append([]float64{net.Intercepts[k]}, net.Coefficients[k]...),
					append([]float64{want["intercept"][i]}, want["beta"][i*8:(i+1)*8]...), 1e-6)
				same(t, "explained", []float64{1 - net.Deviance[k]/net.NullDeviance + 1}, []float64{want["ratio"][i] + 1}, 1e-8)
			}
		})
	}
}

func TestCrossValidationIsGlmnets(t *testing.T) {
	r, d, y := netData(t)
	c := r["cv"]
	of := make([]int, len(y))
	for i, f := range c["fold"] {
		of[i] = int(f) - 1
	}
	v, err := CrossValidate(d, y, NetOptions{Weights: r["data"]["weights"], Offset: r["data"]["offset"], Penalties: c["lambda"]}, Folds{Of: of})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "loss", v.Loss, c["mean"], 1e-6)
	same(t, "its error", v.LossSE, c["error"], 1e-6)
	same(t, "penalties", []float64{v.Penalties[v.Best], v.Penalties[v.Simple]}, []float64{c["min"][0], c["one"][0]}, 1e-12)
}

// At the optimum the slope of the likelihood equals the penalty's for what is
// in and is smaller for what is out.
func TestNetMeetsTheConditionsOfTheOptimum(t *testing.T) {
	d, y := risk(3, 800, 20)
	for _, ridge := range []float64{0, 0.4} {
		net, err := ElasticNet(d, y, NetOptions{Ridge: ridge, Steps: 30})
		if err != nil {
			t.Fatal(err)
		}
		p, err := newNet(d, y, NetOptions{Ridge: ridge})
		if err != nil {
			t.Fatal(err)
		}
		slope := make([]float64, len(p.beta))
		for k, lambda := range net.Penalties {
			p.pass(append(append([]float64(nil), net.Coefficients[k]...), net.Intercepts[k]), slope)
			for j, b := range net.Coefficients[k] {
				s := p.size[j]
				g := slope[j]/s + lambda*ridge*s*b
				if b != 0 && math.Abs(g+math.Copysign(lambda*(1-ridge), b)) > 1e-7 || b == 0 && math.Abs(g) > lambda*(1-ridge)+1e-7 {
					t.Fatalf("ridge %v, penalty %d, column %d: slope %v beside %v, coefficient %v", ridge, k, j, g, lambda, b)
				}
			}
			if math.Abs(slope[len(slope)-1]) > 1e-8 {
				t.Errorf("the intercept's slope is %v", slope[len(slope)-1])
			}
		}
	}
}

// risk makes rows of correlated columns of which a few matter.
func risk(seed uint64, n, k int) (*Design, []float64) {
	r := stats.NewRand(seed, 0)
	columns := make([][]float64, k)
	for j := range columns {
		columns[j] = make([]float64, n)
	}
	y := make([]float64, n)
	for i := range y {
		shared, eta := 0.7*r.Normal(), -0.3
		for j := range columns {
			columns[j][i] = r.Normal() + shared
			if j < 14 {
				eta += 0.12 * columns[j][i] * (1 - 1.5*b2f(j >= 8))
			}
		}
		y[i] = r.Poisson(math.Exp(eta))
	}
	d := NewDesign(n)
	for j, x := range columns {
		d.Add("x"+strconv.Itoa(j), x)
	}
	return d, y
}

// With next to no penalty the net is the regression.
func TestNoPenaltyIsTheRegression(t *testing.T) {
	d, y := risk(4, 600, 8)
	net, err := ElasticNet(d, y, NetOptions{Penalties: []float64{0.1, 0.01, 0}})
	if err != nil {
		t.Fatal(err)
	}
	full := NewDesign(len(y)).Intercept()
	for j, x := range d.columns {
		full.Add(d.names[j], x)
	}
	f := mustFit(t, full, y, Options{Family: Poisson})
	same(t, "coefficients", append([]float64{net.Intercepts[2]}, net.Coefficients[2]...), f.Coefficients, 1e-6)
	same(t, "deviance", []float64{net.Deviance[2], net.NullDeviance}, []float64{f.Deviance, f.NullDeviance}, 1e-9)
}

func TestScaleOfAColumnScalesItsCoefficient(t *testing.T) {
	d, y := risk(5, 400, 6)
	scaled := NewDesign(len(y)).Intercept()
	for j, x := range d.columns {
		scaled.Add(d.names[j], apply(x, func(v float64) float64 { return v*1000 + 7 }))
	}
	a, err1 := ElasticNet(d, y, NetOptions{})
	b, err2 := ElasticNet(scaled, y, NetOptions{Penalties: a.Penalties})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for k := range a.Penalties {
		same(t, "coefficients", apply(b.Coefficients[k][1:], func(v float64) float64 { return v*1000 + 1 }), apply(a.Coefficients[k], func(v float64) float64 { return v + 1 }), 1e-6)
	}
}

func TestNetIsTheSameWhateverTheCores(t *testing.T) {
	d, y := risk(6, 9000, 10)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err1 := CrossValidate(d, y, NetOptions{Steps: 20}, Folds{Number: 4, Seed: 9})
	runtime.GOMAXPROCS(4)
	four, err2 := CrossValidate(d, y, NetOptions{Steps: 20}, Folds{Number: 4, Seed: 9})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for k := range one.Loss {
		if one.Loss[k] != four.Loss[k] || one.Intercepts[k] != four.Intercepts[k] {
			t.Fatal("results depend on the number of cores")
		}
	}
	// A planted model is found again: the fourteen columns that matter are all in.
	if chosen := one.Chosen(one.Best); len(chosen) != 10 {
		t.Errorf("chosen %v", chosen)
	}
}

func TestNetRefuses(t *testing.T) {
	d, y := risk(7, 50, 3)
	flat := NewDesign(50).Intercept()
	for _, c := range []struct {
		name string
		d    *Design
		y    []float64
		o    NetOptions
		want error
	}{
		{"all zero", d, make([]float64, 50), NetOptions{}, stats.ErrNoFit},
		{"constant columns", flat, y, NetOptions{}, stats.ErrConstant},
		{"ridge above one", d, y, NetOptions{Ridge: 1.5}, stats.ErrOption},
		{"rising penalties", d, y, NetOptions{Penalties: []float64{1, 2}}, stats.ErrOption},
		{"no weight", d, y, NetOptions{Weights: make([]float64, 50)}, stats.ErrTooFew},
		{"short", d, y[:4], NetOptions{}, stats.ErrLength},
	} {
		if _, err := ElasticNet(c.d, c.y, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, f := range map[string]struct {
		folds Folds
		want  error
	}{
		"one fold": {Folds{Number: 1}, stats.ErrOption}, "more folds than rows": {Folds{Number: 51}, stats.ErrTooFew},
		"short folds": {Folds{Of: []int{0, 1}}, stats.ErrLength}, "an empty fold": {Folds{Of: append(make([]int, 49), 2)}, stats.ErrOption},
		"all in one": {Folds{Of: make([]int, 50)}, stats.ErrTooFew},
	} {
		if _, err := CrossValidate(d, y, NetOptions{}, f.folds); !errors.Is(err, f.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Straight to the last penalty is where the whole path ends, even where counts
// run from none to thousands and a first step goes too far.
func TestAJumpEndsWhereThePathDoes(t *testing.T) {
	r := stats.NewRand(21, 0)
	const n = 300
	x, z, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range y {
		x[i], z[i] = math.Pow(r.Normal(), 3), r.Normal()
		y[i] = r.Poisson(math.Exp(min(1+0.5*x[i]+z[i], 9)))
	}
	d := NewDesign(n).Add("x", x).Add("z", z)
	for _, ridge := range []float64{0, 0.5} {
		whole, err := ElasticNet(d, y, NetOptions{Ridge: ridge, Steps: 40, Least: 1e-3})
		if err != nil {
			t.Fatal(err)
		}
		last := len(whole.Penalties) - 1
		jump, err := ElasticNet(d, y, NetOptions{Ridge: ridge, Penalties: whole.Penalties[last:]})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "coefficients", append([]float64{jump.Intercepts[0]}, jump.Coefficients[0]...),
			append([]float64{whole.Intercepts[last]}, whole.Coefficients[last]...), 1e-7)
	}
}
