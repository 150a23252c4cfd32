package model

import (
	"errors"
	"math"
	"runtime"
	"strconv"
	"testing"

	"openvru/internal/stats"
)

// counts makes n rows of k columns and counts of a known model.
func counts(seed uint64, n, k int, theta float64) (*Design, []float64, []float64) {
	r := stats.NewRand(seed, 0)
	d := NewDesign(n).Intercept()
	truth := []float64{0.5}
	for j := 1; j < k; j++ {
		x := make([]float64, n)
		for i := range x {
			x[i] = r.Normal()
		}
		d.Add("x"+strconv.Itoa(j), x)
		truth = append(truth, 0.3*math.Cos(float64(j)))
	}
	y := make([]float64, n)
	for i := range y {
		eta := 0.0
		for j, x := range d.columns {
			eta += truth[j] * x[i]
		}
		y[i] = r.NegBin(math.Exp(eta), theta)
	}
	return d, y, truth
}

func mustFit(t testing.TB, d *Design, y []float64, o Options) *Fitted {
	t.Helper()
	f, err := Fit(d, y, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOneFactorGivesTheLogarithmsOfTheMeans(t *testing.T) {
	y := []float64{1, 3, 5, 10, 0, 2}
	d := NewDesign(6).Intercept().Factor("borough", []string{"a", "a", "b", "b", "c", "c"})
	for _, family := range []Family{Poisson, QuasiPoisson, NegativeBinomial} {
		f := mustFit(t, d, y, Options{Family: family})
		same(t, "coefficients", f.Coefficients, []float64{math.Log(2), math.Log(7.5 / 2), math.Log(1.0 / 2)}, 1e-9)
	}
	f := mustFit(t, d, y, Options{Family: Poisson})
	// The variance of a log mean is one over the count, by hand.
	same(t, "variances", []float64{f.Covariance().At(0, 0), f.Covariance().At(1, 1), f.Covariance().At(2, 2)},
		[]float64{1.0 / 4, 1.0/4 + 1.0/15, 1.0/4 + 1.0/2}, 1e-9)
	if got := f.Names[2]; got != "borough=c" {
		t.Errorf("the column is called %q", got)
	}
}

func TestScoresAddUpToZero(t *testing.T) {
	d, y, _ := counts(1, 500, 6, 2)
	for _, family := range []Family{Gaussian, Poisson, NegativeBinomial} {
		f := mustFit(t, d, y, Options{Family: family})
		for j, x := range d.columns {
			sum, size := 0.0, 0.0
			for i := range y {
				sum += x[i] * f.problem.score[i]
				size += math.Abs(x[i] * f.problem.score[i])
			}
			if math.Abs(sum) > 1e-9*size {
				t.Errorf("family %d, column %d: the scores add up to %v of %v", family, j, sum, size)
			}
		}
		rank := 0.0
		for _, h := range f.Leverages() {
			rank += h
		}
		same(t, "sum of leverages", []float64{rank}, []float64{6}, 1e-9)
	}
}

func TestAnOffsetShiftsTheIntercept(t *testing.T) {
	d, y, _ := counts(2, 300, 4, 3)
	offset := make([]float64, len(y))
	for i := range offset {
		offset[i] = math.Log(28)
	}
	for _, family := range []Family{Poisson, NegativeBinomial} {
		plain, moved := mustFit(t, d, y, Options{Family: family}), mustFit(t, d, y, Options{Family: family, Offset: offset})
		want := append([]float64(nil), plain.Coefficients...)
		want[0] -= math.Log(28)
		same(t, "coefficients", moved.Coefficients, want, 1e-9)
		same(t, "covariance", moved.Covariance().Data, plain.Covariance().Data, 1e-8)
		same(t, "deviances", []float64{moved.Deviance, moved.NullDeviance}, []float64{plain.Deviance, plain.NullDeviance}, 1e-9)
	}
}

// A row of weight three is three rows.
func TestWeightsAreReplication(t *testing.T) {
	d, y, _ := counts(3, 120, 3, 2)
	weights := make([]float64, len(y))
	var long []float64
	columns := make([][]float64, len(d.columns))
	for i := range y {
		weights[i] = float64(i % 4)
		for range i % 4 {
			long = append(long, y[i])
			for j, x := range d.columns {
				columns[j] = append(columns[j], x[i])
			}
		}
	}
	many := NewDesign(len(long))
	for j, x := range columns {
		many.Add(d.names[j], x)
	}
	many.intercept = true
	for _, family := range []Family{Poisson, NegativeBinomial, Gaussian} {
		a := mustFit(t, d, y, Options{Family: family, Weights: weights})
		b := mustFit(t, many, long, Options{Family: family})
		same(t, "coefficients", a.Coefficients, b.Coefficients, 1e-9)
		same(t, "unscaled", a.unscaled, b.unscaled, 1e-8)
		same(t, "deviances", []float64{a.Deviance, a.NullDeviance}, []float64{b.Deviance, b.NullDeviance}, 1e-9)
		if family != Gaussian { // there a weight is a variance's inverse, not a repetition
			same(t, "likelihood", []float64{a.LogLikelihood}, []float64{b.LogLikelihood}, 1e-9)
		}
		if family == NegativeBinomial {
			same(t, "theta", []float64{a.Theta, a.ThetaSE}, []float64{b.Theta, b.ThetaSE}, 1e-7)
		}
	}
}

// Thirty successes of a hundred trials are a hundred rows.
func TestTrialsAreRows(t *testing.T) {
	x, y, n := []float64{0, 1, 2, 3}, []float64{3, 5, 4, 9}, []float64{10, 10, 10, 10}
	grouped := mustFit(t, NewDesign(4).Intercept().Add("x", x), y, Options{Family: Binomial, Trials: n})
	var longX, longY []float64
	for i := range x {
		for k := range 10 {
			longX = append(longX, x[i])
			longY = append(longY, b2f(float64(k) < y[i]))
		}
	}
	single := mustFit(t, NewDesign(40).Intercept().Add("x", longX), longY, Options{Family: Binomial})
	same(t, "coefficients", grouped.Coefficients, single.Coefficients, 1e-9)
	same(t, "covariance", grouped.Covariance().Data, single.Covariance().Data, 1e-9)
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// The order and the scale of the columns and the order of the rows change
// nothing but their coefficients' places and scales.
func TestOrderAndScaleDoNotMatter(t *testing.T) {
	d, y, _ := counts(4, 5000, 4, 2)
	f := mustFit(t, d, y, Options{Family: NegativeBinomial})
	n := len(y)
	turned := NewDesign(n)
	back := make([]float64, n)
	for i := range y {
		back[n-1-i] = y[i]
	}
	for j := 3; j >= 0; j-- {
		x := make([]float64, n)
		for i, v := range d.columns[j] {
			x[n-1-i] = v * math.Pow(1000, float64(j))
		}
		turned.Add(strconv.Itoa(j), x)
	}
	g := mustFit(t, turned, back, Options{Family: NegativeBinomial})
	for j := range 4 {
		same(t, "coefficient", []float64{g.Coefficients[3-j] * math.Pow(1000, float64(j))}, f.Coefficients[j:j+1], 1e-8)
	}
	same(t, "theta", []float64{g.Theta}, []float64{f.Theta}, 1e-8)
}

func TestSameWhateverTheCores(t *testing.T) {
	d, y, _ := counts(5, 20_000, 5, 2)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := mustFit(t, d, y, Options{Family: NegativeBinomial})
	v1, _ := one.Robust(HC3)
	runtime.GOMAXPROCS(4)
	four := mustFit(t, d, y, Options{Family: NegativeBinomial})
	v4, _ := four.Robust(HC3)
	for j := range one.Coefficients {
		if one.Coefficients[j] != four.Coefficients[j] || one.Theta != four.Theta || one.LogLikelihood != four.LogLikelihood {
			t.Fatal("results depend on the number of cores")
		}
	}
	for i := range v1.Data {
		if v1.Data[i] != v4.Data[i] {
			t.Fatal("robust errors depend on the number of cores")
		}
	}
}

// Reflections and normal equations are two ways to one answer.
func TestBothReductionsAgree(t *testing.T) {
	d, y, _ := counts(6, 10_000, 6, 2)
	f := mustFit(t, d, y, Options{Family: Poisson})
	p := newProblem(y, Options{Family: Poisson})
	p.sharp = true
	p.begin()
	p.prepare(d.columns)
	p.sweep(nil)
	beta := make([]float64, 6)
	if _, _, err := p.settle(beta); err != nil {
		t.Fatal(err)
	}
	same(t, "coefficients", beta, f.Coefficients, 1e-11)
	same(t, "covariance", p.tri.inverse(), f.unscaled, 1e-11)
}

func TestWhatCannotBeFitted(t *testing.T) {
	x := []float64{1, 2, 3, 4}
	ok := func() *Design { return NewDesign(4).Intercept().Add("x", x) }
	nan := []float64{1, math.NaN(), 0, 0}
	for _, c := range []struct {
		name string
		d    *Design
		y    []float64
		o    Options
		want error
	}{
		{"no rows", NewDesign(0).Intercept(), nil, Options{}, stats.ErrEmpty},
		{"no columns", NewDesign(4), x, Options{}, stats.ErrEmpty},
		{"no outcome", ok(), nil, Options{}, stats.ErrLength},
		{"short outcome", ok(), x[:3], Options{}, stats.ErrLength},
		{"short offset", ok(), x, Options{Offset: x[:2]}, stats.ErrLength},
		{"short column", NewDesign(4).Add("x", x[:3]), x, Options{}, stats.ErrLength},
		{"column twice", ok().Add("x", x), x, Options{}, stats.ErrOption},
		{"missing outcome", ok(), nan, Options{}, stats.ErrMissing},
		{"missing column", ok().Add("z", nan), x, Options{}, stats.ErrMissing},
		{"infinite offset", ok(), x, Options{Offset: []float64{0, math.Inf(-1), 0, 0}}, stats.ErrMissing},
		{"negative count", ok(), []float64{1, -1, 0, 0}, Options{Family: Poisson}, stats.ErrNegative},
		{"negative weight", ok(), x, Options{Weights: []float64{1, -1, 1, 1}}, stats.ErrNegative},
		{"no weight", ok(), x, Options{Weights: make([]float64, 4)}, stats.ErrTooFew},
		{"more successes than trials", ok(), x, Options{Family: Binomial}, stats.ErrOption},
		{"trials of counts", ok(), x, Options{Family: Poisson, Trials: x}, stats.ErrOption},
		{"theta of Poisson", ok(), x, Options{Family: Poisson, Theta: 1}, stats.ErrOption},
		{"negative theta", ok(), x, Options{Family: NegativeBinomial, Theta: -1}, stats.ErrOption},
		{"logit of counts", ok(), x, Options{Family: Poisson, Link: Logit}, stats.ErrOption},
		{"no such family", ok(), x, Options{Family: 17}, stats.ErrOption},
		{"all zero", ok(), make([]float64, 4), Options{Family: Poisson}, stats.ErrNoFit},
		{"no successes", ok(), make([]float64, 4), Options{Family: Binomial}, stats.ErrNoFit},
		{"all successes", ok(), []float64{1, 1, 1, 1}, Options{Family: Binomial}, stats.ErrNoFit},
		{"separated", ok(), []float64{0, 0, 1, 1}, Options{Family: Binomial}, stats.ErrNoFit},
		{"an empty level", NewDesign(4).Intercept().Factor("f", []string{"a", "a", "b", "b"}), []float64{1, 2, 0, 0}, Options{Family: Poisson}, stats.ErrNoFit},
		{"an empty level, theta sought", NewDesign(4).Intercept().Factor("f", []string{"a", "a", "b", "b"}), []float64{1, 9, 0, 0}, Options{Family: NegativeBinomial}, stats.ErrNoFit},
		{"unknown level", ok().Factor("f", []string{"a", "b", "c", "d"}, "a", "b"), x, Options{}, stats.ErrOption},
		{"no knots", ok().Spline("s", x, nil), x, Options{}, stats.ErrOption},
		{"no period", ok().Harmonics("h", x, 0, 1), x, Options{}, stats.ErrOption},
	} {
		if _, err := Fit(c.d, c.y, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestWhatHasAnAnswerAllTheSame(t *testing.T) {
	seven := []float64{7, 7, 7, 7}
	x := []float64{1, 2, 3, 4}
	flat := mustFit(t, NewDesign(4).Intercept().Add("x", x), seven, Options{Family: NegativeBinomial})
	if !math.IsInf(flat.Theta, 1) || !math.IsNaN(flat.ThetaSE) || math.Abs(flat.Coefficients[0]-math.Log(7)) > 1e-9 {
		t.Errorf("constant counts: theta %v, %v", flat.Theta, flat.Coefficients)
	}
	line := mustFit(t, NewDesign(4).Intercept().Add("x", x), x, Options{})
	if line.Deviance > 1e-25 || math.Abs(line.Coefficients[1]-1) > 1e-12 {
		t.Errorf("a straight line: %v, deviance %v", line.Coefficients, line.Deviance)
	}
	one := mustFit(t, NewDesign(1).Intercept(), []float64{3}, Options{Family: QuasiPoisson})
	if one.DF != 0 || !math.IsNaN(one.Dispersion) || math.Abs(one.Coefficients[0]-math.Log(3)) > 1e-9 {
		t.Errorf("one row: %+v", one.Coefficients)
	}
	aliased := mustFit(t, NewDesign(4).Intercept().Add("zero", make([]float64, 4)).Add("x", x).Add("twice", []float64{2, 4, 6, 8}), []float64{1, 0, 2, 5}, Options{Family: Poisson})
	if aliased.Rank != 2 || !math.IsNaN(aliased.Coefficients[1]) || !math.IsNaN(aliased.Coefficients[3]) {
		t.Errorf("columns that say nothing new have coefficients %v", aliased.Coefficients)
	}
	if g := mustFit(t, NewDesign(4).Intercept(), seven, Options{Family: NegativeBinomial, Theta: math.Inf(1)}); g.AIC != 2-2*g.LogLikelihood {
		t.Error("an infinite theta is not Poisson")
	}
}

func FuzzFit(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 0.0, 5.0, byte(0))
	f.Add(1e300, 0.0, 1e-300, 7.0, 0.5, byte(13))
	f.Add(0.0, 0.0, 0.0, 1.0, 1.0, byte(5))
	f.Fuzz(func(t *testing.T, a, b, c, d, e float64, kind byte) {
		y := []float64{a, b, c, d, e, 1}
		x := []float64{e, c, a, b, d, 2}
		o := Options{Family: Family(kind % 6), Link: Link(kind / 6 % 4)}
		fit, err := Fit(NewDesign(6).Intercept().Add("x", x), y, o)
		if err != nil {
			return
		}
		for j, v := range fit.Coefficients {
			if math.IsInf(v, 0) || math.IsNaN(v) && fit.Rank == 2 {
				t.Errorf("%v on %v: coefficient %d of %v", y, x, j, fit.Coefficients)
			}
		}
		if stats.Finite(fit.Mean, fit.Linear) != nil || fit.Rank == 0 {
			t.Errorf("%v on %v: means %v", y, x, fit.Mean)
		}
	})
}
