package concentration

import (
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/statstest"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func of(t *testing.T, counts []float64) Concentration {
	t.Helper()
	c, err := Of(counts, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sets are the counts of testdata/concentration.R.
func sets(t *testing.T) map[string][]float64 {
	out := map[string][]float64{}
	for _, row := range statstest.Rows(t, "testdata/gini.csv")[1:] {
		for _, w := range strings.Fields(row[1]) {
			out[row[0]] = append(out[row[0]], statstest.Number(t, w))
		}
	}
	return out
}

func TestGiniIsThatOfItsDefinition(t *testing.T) {
	all := sets(t)
	for _, row := range statstest.Rows(t, "testdata/gini.csv")[1:] {
		c := of(t, all[row[0]])
		near(t, row[0]+" Gini", c.Gini, statstest.Number(t, row[2]), 1e-13)
		near(t, row[0]+" unbiased", c.Unbiased, statstest.Number(t, row[3]), 1e-13)
		near(t, row[0]+" generalised", c.Generalised, statstest.Number(t, row[4]), 1e-13)
	}
}

// The example of Bernasco and Steenbeek: ten robberies in ten areas, one each,
// and five in five of them are as even as can be.
func TestFewerEventsThanPlaces(t *testing.T) {
	all := of(t, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1})
	half := of(t, []float64{1, 0, 1, 0, 1, 0, 1, 0, 1, 0})
	if all.Gini != 0 || all.Generalised != 0 || half.Generalised != 0 {
		t.Errorf("%+v, %+v", all, half)
	}
	near(t, "Gini of five in ten", half.Gini, 0.5, 1e-15)
	if c := of(t, []float64{3, 1, 1, 0, 0, 0, 0, 0, 0, 0}); c.Active != 3 || c.Holders != 1 || c.Total != 5 || c.Places != 10 {
		t.Errorf("%+v", c)
	}
}

func TestHoldingByHand(t *testing.T) {
	counts := []float64{1, 2, 10, 3, 4} // of 20, half is at one of five places
	c := of(t, counts)
	near(t, "holding half", c.Holding, 0.2, 1e-15)
	if c.Holders != 1 {
		t.Errorf("%d places hold half", c.Holders)
	}
	c, _ = Of(counts, 0.6) // 10 and half of the 4
	near(t, "holding 60%", c.Holding, 1.5/5, 1e-15)
	if c.Holders != 2 {
		t.Errorf("%d places hold 60%%", c.Holders)
	}
	for share, want := range map[float64]float64{0: 0, 1: 1} {
		c, _ = Of(counts, share)
		near(t, "holding", c.Holding, want, 1e-15)
	}
	curve, err := Lorenz(counts)
	if err != nil {
		t.Fatal(err)
	}
	want := Curve{[]float64{0, 0.2, 0.4, 0.6, 0.8, 1}, []float64{0, 0.5, 0.7, 0.85, 0.95, 1}}
	if !reflect.DeepEqual(curve, want) {
		t.Errorf("%v", curve)
	}
}

// Rounding does not make one place more of them.
func TestAsManyAsHold(t *testing.T) {
	for n := 1; n <= 60; n++ {
		alike := make([]float64, n)
		for i := range alike {
			alike[i] = 0.7
		}
		for k := range n + 1 {
			if c, err := Of(alike, float64(k)/float64(n)); err != nil || c.Holders != k {
				t.Fatalf("%d places of %d alike hold %d of them: %v", c.Holders, n, k, err)
			}
		}
	}
}

func TestDescendingIsStableAndDescends(t *testing.T) {
	r := stats.NewRand(9, 0)
	for _, n := range []int{0, 1, 2, 1000} {
		values := make([]float64, n)
		for i := range values {
			switch r.Below(4) {
			case 0:
				values[i] = math.Copysign(0, float64(r.Below(2))-0.5)
			case 1:
				values[i] = float64(r.Below(5)) - 2
			case 2:
				values[i] = r.Normal() * math.Exp(100*r.Normal())
			default:
				values[i] = math.Inf(int(r.Below(2))*2 - 1)
			}
		}
		order := descending(values)
		seen := map[int32]bool{}
		for k, i := range order {
			seen[i] = true
			if k == 0 {
				continue
			}
			if before := order[k-1]; values[before] < values[i] || values[before] == values[i] && before > i {
				t.Fatalf("%v (%d) before %v (%d)", values[before], before, values[i], i)
			}
		}
		if len(seen) != n {
			t.Errorf("%d of %d values", len(seen), n)
		}
	}
}

// Twice the area between the curve and the diagonal is the Gini coefficient.
func TestGiniIsTheAreaUnderTheCurve(t *testing.T) {
	r := stats.NewRand(1, 0)
	for range 50 {
		counts := make([]float64, 1+r.Below(60))
		for i := range counts {
			counts[i] = r.NegBin(3, 0.5) * r.Float64()
		}
		counts[0]++
		curve, err := Lorenz(counts)
		if err != nil {
			t.Fatal(err)
		}
		area := 0.0
		for k := 1; k < len(curve.Places); k++ {
			area += (curve.Places[k] - curve.Places[k-1]) * (curve.Share[k] + curve.Share[k-1]) / 2
		}
		c := of(t, counts)
		near(t, "area", 2*area-1, c.Gini, 1e-12)
		// Order and unit change nothing.
		slices.Reverse(counts)
		for i := range counts {
			counts[i] *= 1024
		}
		if d := of(t, counts); d.Gini != c.Gini || d.Holding != c.Holding {
			t.Errorf("%+v, %+v", c, d)
		}
	}
}

func TestPoissonGammaIsThatOfR(t *testing.T) {
	all := sets(t)
	for _, row := range statstest.Rows(t, "testdata/gamma.csv")[1:] {
		m, err := FitPoissonGamma(all[row[0]], 0.5)
		if err != nil {
			t.Fatal(err)
		}
		near(t, row[0]+" size", m.Size, statstest.Number(t, row[1]), 1e-9)
		sum := 0.0
		for _, x := range all[row[0]] {
			sum += dist.NegBinLogPMF(x, m.Mean, m.Size)
		}
		near(t, row[0]+" likelihood", sum, statstest.Number(t, row[2]), 1e-11)
		near(t, row[0]+" Gini", m.Gini, statstest.Number(t, row[3]), 1e-9)
		near(t, row[0]+" holding", m.Holding, statstest.Number(t, row[4]), 1e-9)
	}
}

func TestAnyNumberOfCoresGivesTheSame(t *testing.T) {
	r := stats.NewRand(7, 0)
	counts, later := make([]float64, 300), make([]float64, 300)
	for i := range counts {
		counts[i], later[i] = r.NegBin(2, 0.5), r.NegBin(2, 0.5)
	}
	ask := func() []any {
		b, err1 := Bootstrap(counts, Options{Seed: 1})
		c, err2 := ByChance(counts, later, Options{Seed: 1})
		s, err3 := Andresen(counts, later, Resampling{Seed: 1})
		p, err4 := Proportions(counts, later, Fisher, 0.05)
		a, err5 := Andresen(counts, later, Resampling{Seed: 1, Again: true})
		return []any{b, c, s, p, a, err1, err2, err3, err4, err5}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := ask()
	runtime.GOMAXPROCS(4)
	if !reflect.DeepEqual(one, ask()) {
		t.Error("the number of cores changes the answer")
	}
}

func TestWhatHasNoConcentration(t *testing.T) {
	for _, c := range []struct {
		counts []float64
		share  float64
		want   error
	}{
		{nil, 0.5, stats.ErrEmpty}, {[]float64{0, 0}, 0.5, stats.ErrEmpty}, {[]float64{1, math.NaN()}, 0.5, stats.ErrMissing},
		{[]float64{1, -1}, 0.5, stats.ErrNegative}, {[]float64{1}, 1.5, stats.ErrOption}, {[]float64{1}, math.NaN(), stats.ErrOption},
		{[]float64{1e308, 1e308}, 0.5, stats.ErrOption},
	} {
		if _, err := Of(c.counts, c.share); !errors.Is(err, c.want) {
			t.Errorf("%v: %v", c.counts, err)
		}
		if _, err := FitPoissonGamma(c.counts, c.share); !errors.Is(err, c.want) {
			t.Errorf("model of %v: %v", c.counts, err)
		}
		if c.share == 0.5 {
			if _, err := Bootstrap(c.counts, Options{}); !errors.Is(err, c.want) {
				t.Errorf("bootstrap of %v: %v", c.counts, err)
			}
			if _, err := ByChance(c.counts, nil, Options{}); !errors.Is(err, c.want) {
				t.Errorf("chance of %v: %v", c.counts, err)
			}
			if _, err := Lorenz(c.counts); !errors.Is(err, c.want) {
				t.Errorf("curve of %v: %v", c.counts, err)
			}
		}
	}
	one := of(t, []float64{7})
	if one.Gini != 0 || !math.IsNaN(one.Unbiased) || one.Generalised != 0 || one.Holding != 0.5 {
		t.Errorf("one place: %+v", one)
	}
	point := func(v float64) stats.Interval { return stats.Interval{Low: v, High: v} }
	b, err := Bootstrap([]float64{7}, Options{})
	if err != nil || b.Gini != point(0) || b.Holding != point(0.5) || !math.IsNaN(b.Unbiased.Low) {
		t.Errorf("one place: %+v, %v", b, err)
	}
	c, err := ByChance([]float64{7}, nil, Options{})
	if err != nil || c.P != 1 || c.Interval.Gini != point(0) {
		t.Errorf("one place: %+v, %v", c, err)
	}
	alike, err := Bootstrap([]float64{3, 3, 3}, Options{})
	if err != nil || alike.Gini != point(0) || math.Abs(alike.Holding.Low-0.5) > 1e-15 || math.Abs(alike.Holding.High-0.5) > 1e-15 {
		t.Errorf("places alike: %+v, %v", alike, err)
	}
	if _, err := FitPoissonGamma([]float64{7}, 0.5); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	half := []float64{0.5, 2}
	if _, err := FitPoissonGamma(half, 0.5); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := FitPoissonGamma([]float64{2e6, 0}, 0.5); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := ByChance(half, nil, Options{}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := ByChance([]float64{1, 2}, []float64{1}, Options{}); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := ByChance([]float64{1, 2}, []float64{0, 0}, Options{}); !errors.Is(err, stats.ErrNoPopulation) {
		t.Error(err)
	}
	if _, err := ByChance([]float64{1, 2}, []float64{-1, 2}, Options{}); !errors.Is(err, stats.ErrNegative) {
		t.Error(err)
	}
	for _, o := range []Options{{Confidence: 2}, {Replications: -1}, {Share: -1}} {
		if _, err := Bootstrap([]float64{1, 2}, o); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if b, err := Bootstrap([]float64{0, 0, 0, 0, 5}, Options{Replications: 1}); err != nil || math.IsNaN(b.Gini.Low) {
		t.Errorf("%+v, %v", b, err)
	}
}

// Any numbers at all: measures between 0 and 1, or a named error.
func FuzzOf(f *testing.F) {
	f.Add(1.0, 2.0, 0.0, 0.5)
	f.Add(1e308, 5e-324, 1.0, 1.0)
	f.Fuzz(func(t *testing.T, a, b, c, share float64) {
		counts := []float64{a, b, c, a}
		got, err := Of(counts, share)
		if err != nil {
			return
		}
		for _, v := range []float64{got.Gini, got.Unbiased, got.Generalised, got.Holding} {
			if !(v >= 0 && v <= 1+1e-9) {
				t.Fatalf("%v, %v: %+v", counts, share, got)
			}
		}
		if _, err := FitPoissonGamma(counts, share); err != nil && !errors.Is(err, stats.ErrOption) {
			t.Fatal(err)
		}
	})
}
