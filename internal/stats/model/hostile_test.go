package model

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
	"openvru/internal/stats/spatial"
)

var (
	sixX = []float64{1, 2, 3, 4, 5, 6}
	sixY = []float64{2, 1, 4, 3, 6, 8}
)

func six(x []float64) *Design { return NewDesign(len(x)).Intercept().Add("x", x) }

// A row of weight zero may lie where its own mean is beyond all numbers.
func TestARowOfNoWeightMayLieAnywhere(t *testing.T) {
	y := []float64{1, 30, 2, 50, 3, 80, 200, 4}
	x := []float64{1, 2, 3, 4, 5, 6, 7, 1e5}
	for _, o := range []Options{{Family: Poisson}, {Family: QuasiPoisson}, {Family: NegativeBinomial}, {Family: Poisson, Link: Identity}} {
		if o.Link == Identity {
			x = []float64{1, 2, 3, 4, 5, 6, 7, -1e5}
		}
		b, err := Fit(six(x[:7]), y[:7], o)
		if o.Weights = []float64{1, 1, 1, 1, 1, 1, 1, 0}; err != nil {
			t.Fatal(err)
		}
		a := mustFit(t, six(x), y, o)
		same(t, "coefficients", a.Coefficients, b.Coefficients, 1e-9)
		same(t, "deviances", []float64{a.Deviance, a.NullDeviance, a.LogLikelihood}, []float64{b.Deviance, b.NullDeviance, b.LogLikelihood}, 1e-9)
		for kind := Response; kind <= Working; kind++ {
			e, err := a.Residuals(kind)
			if err != nil || stats.Finite(e, a.Mean) != nil || e[7] != 0 && (kind == Pearson || kind == Deviance || kind == Anscombe) {
				t.Errorf("kind %d: %v, %v", kind, e, err)
			}
		}
	}
}

// Numbers whose squares are beyond a float are refused, not taken for columns
// that say nothing.
func TestNumbersBeyondTheRangeAreRefused(t *testing.T) {
	for _, size := range []float64{1e-300, 1e-160, 1e160, 1e300} {
		scaled := apply(sixX, func(v float64) float64 { return v * size })
		for name, fit := range map[string]func() error{
			"column":  func() error { _, err := Fit(six(scaled), sixY, Options{Family: Poisson}); return err },
			"measure": func() error { _, err := Fit(six(sixX), scaled, Options{}); return err },
			"weights": func() error { _, err := Fit(six(sixX), sixY, Options{Weights: scaled}); return err },
			"net":     func() error { _, err := ElasticNet(six(scaled), sixY, NetOptions{}); return err },
		} {
			if err := fit(); !errors.Is(err, stats.ErrOption) {
				t.Errorf("%s of %g: %v", name, size, err)
			}
		}
	}
	for _, size := range []float64{1e-90, 1e90} {
		scaled := apply(sixX, func(v float64) float64 { return v * size })
		f := mustFit(t, six(scaled), sixY, Options{Family: Poisson})
		g := mustFit(t, six(sixX), sixY, Options{Family: Poisson})
		same(t, "coefficient", []float64{f.Coefficients[1] * size}, g.Coefficients[1:], 1e-9)
	}
	if _, err := Fit(six(sixX), []float64{1, 2, 3, 4, 5, 2e12}, Options{Family: Poisson}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

// However large theta is, it is nearly Poisson; the deviance keeps its digits.
func TestAHugeThetaIsPoisson(t *testing.T) {
	want := mustFit(t, six(sixX), sixY, Options{Family: Poisson})
	for _, theta := range []float64{1e10, 1e14} {
		f := mustFit(t, six(sixX), sixY, Options{Family: NegativeBinomial, Theta: theta})
		same(t, "as Poisson", append(f.Coefficients, f.Deviance, f.LogLikelihood), append(want.Coefficients, want.Deviance, want.LogLikelihood), 1e-8)
	}
}

func TestFactorsByHand(t *testing.T) {
	one := NewDesign(3).Intercept().Factor("f", []string{"a", "a", "a"})
	if one.Err() != nil || len(one.Names()) != 1 {
		t.Errorf("one level: %v, %v", one.Names(), one.Err())
	}
	if err := NewDesign(3).Factor("f", []string{"a", "a"}).Err(); !errors.Is(err, stats.ErrLength) {
		t.Errorf("a short factor of one level: %v", err)
	}
	if err := NewDesign(3).Factor("f", []string{"a", "b", "a"}, "a", "b", "a").Err(); !errors.Is(err, stats.ErrOption) {
		t.Errorf("a level named twice: %v", err)
	}
}

// At half the period the sine is nothing and the cosine turns from month to month.
func TestTheShortestWaveHasACosineOnly(t *testing.T) {
	time, y := make([]float64, 36), make([]float64, 36)
	for i := range y {
		time[i], y[i] = float64(i), 1+float64(i*7%5)
	}
	f := mustFit(t, NewDesign(36).Intercept().Harmonics("season", time, 12, 6), y, Options{Family: Poisson})
	if !math.IsNaN(f.Coefficients[11]) || math.IsNaN(f.Coefficients[12]) || f.Rank != 12 {
		t.Errorf("sine %v, cosine %v of the shortest wave", f.Coefficients[11], f.Coefficients[12])
	}
}

// A row with a column to itself has leverage 1: without HC2 and HC3 there is an
// answer, with them an error, whatever rounding leaves of its residual.
func TestARowWithAColumnToItself(t *testing.T) {
	for _, y := range [][]float64{sixY, {2, 1, 4, 3, 6, 4}, {1, 2, 3, 4, 5, 3}, {3, 3, 3, 3, 3, 3}} {
		for _, family := range []Family{Gaussian, Poisson, NegativeBinomial} {
			f := mustFit(t, six([]float64{0, 0, 0, 0, 0, 1}), y, Options{Family: family})
			for kind, want := range map[HC]error{HC0: nil, HC1: nil, HC2: stats.ErrTooFew, HC3: stats.ErrTooFew} {
				if v, err := f.Robust(kind); !errors.Is(err, want) || want == nil && stats.Finite(v.Data) != nil {
					t.Errorf("%v, family %d, HC%d: %v", y, family, kind, err)
				}
			}
			if e, err := f.Standardised(Pearson); err != nil || !math.IsNaN(e[5]) {
				t.Errorf("standardised %v, %v", e, err)
			}
		}
	}
}

// Where a millionth of a millionth is left of one, rounding would be the answer.
func TestARowWithNextToAColumnToItself(t *testing.T) {
	for share, want := range map[float64]error{1e-4: nil, 1e-6: stats.ErrTooFew} {
		f := mustFit(t, six([]float64{share, 2 * share, -share, 0, 0, 1}), sixY, Options{})
		if _, err := f.Robust(HC3); !errors.Is(err, want) {
			t.Errorf("all but %g squared: %v", share, err)
		}
	}
}

// Clusters of one row each are rows: CR1 is HC1, CR0 HC0. Two clusters cannot
// test two coefficients.
func TestClustersOfOneAreRows(t *testing.T) {
	f := mustFit(t, six(sixX), sixY, Options{Family: Poisson})
	for plain, kind := range map[bool]HC{true: HC0, false: HC1} {
		a, err1 := f.Clustered(Clusters{Of: []int{7, -1, 2, 3, 4, 5}, Plain: plain})
		b, err2 := f.Robust(kind)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		same(t, "clusters of one", a.Data, b.Data, 1e-12)
	}
	two, err := f.Clustered(Clusters{Of: []int{0, 0, 0, 1, 1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Wald(two, "intercept", "x"); !errors.Is(err, stats.ErrSingular) {
		t.Errorf("two clusters, two coefficients: %v", err)
	}
	if _, err := f.Clustered(Clusters{Of: make([]int, 6), Plain: true}); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("one cluster: %v", err)
	}
}

// A month that is missing, as a row of weight zero, takes nothing from n.
func TestAdjustCountsRowsOfWeight(t *testing.T) {
	whole := mustFit(t, six(sixX), sixY, Options{Family: QuasiPoisson})
	padded := mustFit(t, six(append([]float64{9, 9}, sixX...)), append([]float64{0, 0}, sixY...), Options{Family: QuasiPoisson, Weights: []float64{0, 0, 1, 1, 1, 1, 1, 1}})
	a, _, err1 := whole.NeweyWest(HAC{Lag: 1, Adjust: true})
	b, _, err2 := padded.NeweyWest(HAC{Lag: 1, Adjust: true})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	same(t, "with gaps", b.Data, a.Data, 1e-9)
}

func TestModelsOfOtherDataAreNotCompared(t *testing.T) {
	flat := NewDesign(6).Intercept()
	large := mustFit(t, six(sixX), sixY, Options{Family: NegativeBinomial, Theta: 2})
	for name, small := range map[string]*Fitted{
		"theta":    mustFit(t, flat, sixY, Options{Family: NegativeBinomial, Theta: 1}),
		"outcomes": mustFit(t, flat, sixX, Options{Family: NegativeBinomial, Theta: 2}),
		"weights":  mustFit(t, flat, sixY, Options{Family: NegativeBinomial, Theta: 2, Weights: sixX}),
		"link":     mustFit(t, flat, sixY, Options{Family: NegativeBinomial, Theta: 2, Link: Identity}),
		"family":   mustFit(t, flat, sixY, Options{Family: Poisson}),
	} {
		if _, err := LikelihoodRatio(small, large); !errors.Is(err, stats.ErrOption) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := LikelihoodRatio(mustFit(t, flat, sixY, Options{Family: NegativeBinomial, Theta: 2}), large); err != nil {
		t.Error(err)
	}
}

// Where everyone is everyone's neighbour I is −1/(n−1) whatever the residuals,
// and with one degree of freedom it is what the columns make it.
func TestResidualMoranThatCannotVary(t *testing.T) {
	all := make([][]int32, 6)
	for i := range all {
		for j := range all {
			if i != j {
				all[i] = append(all[i], int32(j))
			}
		}
	}
	complete, err1 := spatial.NewWeights(all)
	chain, err2 := spatial.NewWeights([][]int32{{1}, {0, 2}, {1}})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		f *Fitted
		w *spatial.Weights
	}{
		"all neighbours":        {mustFit(t, NewDesign(6).Intercept(), sixY, Options{}), complete},
		"one degree of freedom": {mustFit(t, six(sixX[:3]), sixY[:3], Options{}), chain},
	} {
		m, err := c.f.Moran(c.w, MoranOptions{})
		if err != nil || m.Variance != 0 || !math.IsNaN(m.Z) || !math.IsNaN(m.P) || math.Abs(m.I-m.Expected) > 1e-12 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// A fold that lies far outside the others is badly predicted, no more.
func TestAFoldFarOffHasALargeLoss(t *testing.T) {
	x, y, of := make([]float64, 20), make([]float64, 20), make([]int, 20)
	for i := range x {
		x[i], y[i], of[i] = float64(i%5), float64(i%5+i%3), i%2
	}
	x[19], of[19] = 1e4, 2
	v, err := CrossValidate(NewDesign(20).Add("x", x), y, NetOptions{Steps: 30}, Folds{Of: of})
	if err != nil || stats.Finite(v.Loss, v.LossSE) != nil || v.Loss[len(v.Loss)-1] < 1e6 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestNetsWithNothingToChooseFrom(t *testing.T) {
	d := NewDesign(6).Add("x", []float64{1, 1, 1, 1, 1, 2})
	if _, err := ElasticNet(d, sixY, NetOptions{Weights: []float64{1, 1, 1, 1, 1, 0}}); !errors.Is(err, stats.ErrConstant) {
		t.Errorf("constant where there is weight: %v", err)
	}
	alike, err := ElasticNet(six(sixX), []float64{3, 3, 3, 3, 3, 3}, NetOptions{Steps: 5})
	if err != nil || alike.NullDeviance < 0 || math.Abs(alike.Coefficients[4][1]) > 1e-12 || math.Abs(alike.Intercepts[4]-math.Log(3)) > 1e-12 {
		t.Errorf("counts all alike: %+v, %v", alike, err)
	}
	if n, err := ElasticNet(six(sixX), sixY, NetOptions{Penalties: []float64{}, Steps: 4}); err != nil || len(n.Penalties) != 4 {
		t.Errorf("a list of no penalties: %+v, %v", n, err)
	}
}

// The share of lasso can be said from next to nothing to all.
func TestTerrainLasso(t *testing.T) {
	x, y, kinds := town(5, 20, 30)
	d, list, err := Influences(x, y, []RiskFactor{{"a", kinds[0], []float64{100, 200, 300, 400}, nil}, {"b", kinds[1], []float64{100, 200}, nil}})
	if err != nil {
		t.Fatal(err)
	}
	r := stats.NewRand(5, 0)
	harm := make([]float64, len(x))
	for i := range harm {
		harm[i] = r.Poisson(0.5 * (1 + 2*d.columns[1][i]))
	}
	screened := map[float64]int{}
	for _, lasso := range []float64{0.01, 0, 0.5, 1} {
		m, err := RiskTerrain(d, list, harm, TerrainOptions{Lasso: lasso, Folds: Folds{Number: 4}})
		if err != nil {
			t.Fatal(err)
		}
		net, err := CrossValidate(d, harm, NetOptions{Ridge: map[float64]float64{0.01: 0.99, 0: 0.5, 0.5: 0.5, 1: 0}[lasso]}, Folds{Number: 4})
		if err != nil {
			t.Fatal(err)
		}
		up := 0
		for _, b := range net.Coefficients[net.Best] {
			if b > 0 {
				up++
			}
		}
		if screened[lasso] = len(m.Screened); screened[lasso] != up {
			t.Errorf("lasso %v: %d screened, %d by the net", lasso, screened[lasso], up)
		}
	}
	if screened[0] != screened[0.5] || screened[1] >= screened[0.01] {
		t.Errorf("screened by share of lasso: %v", screened)
	}
	for _, lasso := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := RiskTerrain(d, list, harm, TerrainOptions{Lasso: lasso}); !errors.Is(err, stats.ErrOption) {
			t.Errorf("lasso %v: %v", lasso, err)
		}
	}
}

func TestPointsBeyondTheMap(t *testing.T) {
	p, err := NewPoints([]float64{0, 1}, []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Nearest([]float64{1e12}, []float64{0}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := p.Density([]float64{0}, []float64{0}, 1e-200); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

// Two coefficients of which a covariance says the same but for rounding.
func TestWaldRefusesWhatRoundingLeaves(t *testing.T) {
	f := mustFit(t, NewDesign(6).Intercept().Add("x", sixX).Add("z", []float64{1, 0, 0, 1, 1, 2}), sixY, Options{Family: Poisson})
	v := lin.New(3, 3)
	score := []float64{0.1, 0.7, 1.3}
	for i := range 3 {
		for j := range 3 {
			v.Set(i, j, score[i]*score[j])
		}
	}
	v.Set(2, 2, v.At(2, 2)*(1+1e-15))
	for _, names := range [][]string{{"x", "z"}, {"intercept", "x"}, {"intercept", "x", "z"}, {"x", "x"}} {
		if got, err := f.Wald(v, names...); !errors.Is(err, stats.ErrSingular) {
			t.Errorf("%v: %+v, %v", names, got, err)
		}
	}
}

// ⌊4 (n/100)^(2/9)⌋ by hand: 4, 4.16…, 5.3…, 3.4…, 2.1… and 11.1….
func TestTheRuleOfTheLag(t *testing.T) {
	for n, want := range map[int]int{100: 4, 120: 4, 360: 5, 50: 3, 6: 2, 10_000: 11} {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i % 7)
		}
		f := mustFit(t, six(x), apply(x, func(v float64) float64 { return 1 + math.Mod(3*v, 5) }), Options{})
		if _, lag, err := f.NeweyWest(HAC{Lag: RuleLag}); err != nil || lag != want {
			t.Errorf("%d rows: lag %d, want %d: %v", n, lag, want, err)
		}
	}
}

// Of four places in a row all 24 orders can be looked at; many tie, and those
// count as being as large.
func TestPermutationCountsTies(t *testing.T) {
	w, err := spatial.NewWeights([][]int32{{1}, {0, 2}, {1, 3}, {2}})
	if err != nil {
		t.Fatal(err)
	}
	f := mustFit(t, NewDesign(4).Intercept(), []float64{1, 2, 7, 3}, Options{})
	e, err := f.Residuals(Pearson)
	if err != nil {
		t.Fatal(err)
	}
	observed, large := lagProduct(w, e), 0.0
	var deal func(order, rest []float64)
	deal = func(order, rest []float64) {
		if len(rest) == 0 {
			large += b2f(lagProduct(w, order) >= observed-1e-9)
		}
		for i, v := range rest {
			left := append(append([]float64(nil), rest[:i]...), rest[i+1:]...)
			deal(append(append([]float64(nil), order...), v), left)
		}
	}
	deal(nil, e)
	share := large / 24
	m, err := f.Moran(w, MoranOptions{Permutations: 9999, Seed: 2})
	if err != nil || math.Abs(m.PermutationGreater-share) > 4*math.Sqrt(share*(1-share)/9999) {
		t.Errorf("%v by permutation, %v of all orders: %v", m.PermutationGreater, share, err)
	}
}

// A path ends at the first penalty that explains next to no more, or that
// leaves a thousandth of the deviance, and not before.
func TestAPathEndsByItsRule(t *testing.T) {
	d, y := risk(8, 400, 12)
	exact := apply(d.columns[0], func(v float64) float64 { return 5 * math.Exp(0.4*v) })
	for name, counts := range map[string][]float64{"chance": y, "next to none": exact} {
		n, err := ElasticNet(d, counts, NetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		last, nearly := len(n.Penalties)-1, false
		for k := range n.Penalties {
			left := n.Deviance[k] < 0.001*n.NullDeviance
			small := k >= 5 && n.Deviance[k-1]-n.Deviance[k] < 1e-5*(n.NullDeviance-n.Deviance[k])
			if (left || small) != (k == last) {
				t.Errorf("%s: penalty %d of %d, deviance %v after %v", name, k, last, n.Deviance[k], n.Deviance[max(k-1, 0)])
			}
			nearly = left
		}
		if nearly != (name == "next to none") || last >= 99 {
			t.Errorf("%s: ends at %d", name, last)
		}
	}
}

// A hundred penalties end at a ten-thousandth of the first, with fewer rows than
// columns at a hundredth.
func TestHowFarAPathGoes(t *testing.T) {
	for columns, end := range map[int]float64{5: 1e-4, 40: 1e-2} {
		d, y := risk(9, 30, columns)
		n, err := ElasticNet(d, y, NetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "one step", []float64{n.Penalties[1] / n.Penalties[0]}, []float64{math.Pow(end, 1.0/99)}, 1e-12)
	}
}
