package concentration

import (
	"errors"
	"math"
	"slices"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/statstest"
)

func counts(r *stats.Rand, areas int, mean float64) []float64 {
	out := make([]float64, areas)
	for i := range out {
		out[i] = r.Poisson(mean)
	}
	return out
}

// Four areas: one that keeps its share, one that loses all, one that gains all,
// one that never has any.
func TestAndresenByHand(t *testing.T) {
	base, test := []float64{50, 50, 0, 0}, []float64{100, 0, 100, 0}
	s, err := Andresen(base, test, Resampling{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, -1, 1, 0} {
		if s.Areas[i] != want {
			t.Errorf("area %d is %d, not %d", i, s.Areas[i], want)
		}
	}
	near(t, "S", s.S, 0.5, 0)
	near(t, "robust S", s.Robust, 1.0/3, 1e-15)
	if i := s.Interval[0]; !(i.Low > 0.45 && i.Low < 0.5 && i.High > 0.5 && i.High < 0.55) {
		t.Errorf("interval %v", i)
	}
	same, err := Andresen(base, []float64{100, 100, 0, 0}, Resampling{Seed: 1})
	if err != nil || same.S != 1 || same.Robust != 1 {
		t.Errorf("%+v, %v", same, err)
	}
}

// Drawing m of n events without putting any back gives an area with k of them a
// hypergeometric count: the range over very many draws is that of its quantiles.
func TestDrawsAreHypergeometric(t *testing.T) {
	r, _ := Resampling{Repeats: 20000, Seed: 2}.orDefault()
	drawn, size := draws([]float64{7, 13}, r)
	if size != 17 {
		t.Fatalf("85%% of 20 events are %v", size)
	}
	seen := map[int32]float64{}
	for _, d := range drawn {
		if d[0]+d[1] != 17 || d[0] > 7 || d[1] > 13 {
			t.Fatalf("a draw of %v", d)
		}
		seen[d[0]] += 1.0 / 20000
	}
	choose := func(n, k float64) float64 {
		out := 1.0
		for i := range int(k) {
			out *= (n - float64(i)) / (k - float64(i))
		}
		return out
	}
	for k := 4.0; k <= 7; k++ {
		p := choose(7, k) * choose(13, 17-k) / choose(20, 17)
		if z := (seen[int32(k)] - p) / math.Sqrt(p*(1-p)/20000); math.Abs(z) > 4 {
			t.Errorf("%v of the seven in %v of draws, not %v", k, seen[int32(k)], p)
		}
	}
}

// Two periods of one pattern: with draws too many areas differ (an interval of
// 85% of the events is far narrower than chance is wide); by proportions hardly
// any do.
func TestOnePatternTwice(t *testing.T) {
	r := stats.NewRand(3, 0)
	base, test := counts(&r, 500, 20), counts(&r, 500, 20)
	draws, err := Andresen(base, test, Resampling{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Andresen(base, test, Resampling{Seed: 1, Again: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []Test{Fisher, ChiSquared} {
		s, err := Proportions(base, test, by, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		if s.S < 0.99 || s.S < again.S || again.S < draws.S {
			t.Errorf("S %v by draws, %v by drawing again, %v by proportions", draws.S, again.S, s.S)
		}
		swapped, err := Proportions(test, base, by, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.P {
			near(t, "p the other way about", swapped.P[i], s.P[i], 1e-9)
		}
	}
	if draws.S > 0.6 {
		t.Errorf("S %v by draws", draws.S)
	}
}

func TestPlantedChangeIsFound(t *testing.T) {
	r := stats.NewRand(4, 0)
	base, test := counts(&r, 300, 30), counts(&r, 300, 30)
	for i := range 10 {
		base[i], test[i] = 10, 80
		base[10+i], test[10+i] = 80, 10
	}
	s, err := Proportions(base, test, Fisher, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for i, a := range s.Areas {
		switch {
		case i < 10 && a != 1 || i >= 10 && i < 20 && a != -1:
			t.Errorf("area %d is %d", i, a)
		case i >= 20 && a != 0:
			others++
		}
	}
	if others > 3 {
		t.Errorf("%d other areas differ", others)
	}
}

func TestProportionsAreThoseOfR(t *testing.T) {
	for _, row := range statstest.Rows(t, "testdata/proportions.csv")[1:] {
		a, n, b, m := statstest.Number(t, row[0]), statstest.Number(t, row[1]), statstest.Number(t, row[2]), statstest.Number(t, row[3])
		for by, want := range map[Test]float64{Fisher: statstest.Number(t, row[4]), ChiSquared: statstest.Number(t, row[5])} {
			s, err := Proportions([]float64{a, n - a}, []float64{b, m - b}, by, 0.05)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(s.P[0]-want) > 1e-9*want {
				t.Errorf("%v: %.15g, not %.15g", row, s.P[0], want)
			}
		}
	}
	s, err := Proportions([]float64{5, 0}, []float64{9, 0}, ChiSquared, 0.05)
	if err != nil || s.P[0] != 1 || s.P[1] != 1 || s.S != 1 {
		t.Errorf("one area with everything: %+v, %v", s, err)
	}
	// Areas without events do not make the others' p-values larger.
	few, err := Proportions([]float64{9, 1, 5}, []float64{1, 9, 5}, Fisher, 0.05)
	many, err2 := Proportions([]float64{9, 1, 5, 0, 0, 0}, []float64{1, 9, 5, 0, 0, 0}, Fisher, 0.05)
	if err != nil || err2 != nil || !slices.Equal(few.Adjusted, many.Adjusted[:3]) || many.Adjusted[5] != 1 || many.P[5] != 1 {
		t.Errorf("%v, with empty areas %v", few.Adjusted, many.Adjusted)
	}
	far, err := Proportions([]float64{1e6, 0}, []float64{0, 1e6}, Fisher, 0.05)
	if err != nil || far.P[0] != 0 || far.S != 0 {
		t.Errorf("%+v, %v", far, err)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	good := []float64{1, 2}
	for _, c := range []struct {
		base, test []float64
		r          Resampling
		want       error
	}{
		{nil, nil, Resampling{}, stats.ErrEmpty}, {good, []float64{0, 0}, Resampling{}, stats.ErrEmpty},
		{good, []float64{1}, Resampling{}, stats.ErrLength}, {good, []float64{1, 0.5}, Resampling{}, stats.ErrOption},
		{good, []float64{1, math.NaN()}, Resampling{}, stats.ErrMissing}, {good, []float64{1, -1}, Resampling{}, stats.ErrNegative},
		{good, []float64{1, 1e10}, Resampling{}, stats.ErrOption}, {good, good, Resampling{Fraction: 2}, stats.ErrOption},
		{good, good, Resampling{Repeats: -1}, stats.ErrOption}, {good, good, Resampling{Confidence: 1}, stats.ErrOption},
	} {
		if _, err := Andresen(c.base, c.test, c.r); !errors.Is(err, c.want) {
			t.Errorf("%v, %v, %+v: %v", c.base, c.test, c.r, err)
		}
	}
	if _, err := Proportions(good, good, 7, 0.05); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := Proportions(good, good, Fisher, 0); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	one, err := Andresen([]float64{1}, []float64{1}, Resampling{Repeats: 1})
	if err != nil || one.S != 1 {
		t.Errorf("%+v, %v", one, err)
	}
}

// By the definition of Chainey, Tompson and Uhlig a quarter of the crimes in half
// of the area is 0.5; in a tenth, 2.5. And one with every part.
func TestAccuracyByHand(t *testing.T) {
	for _, c := range []struct{ hot, pai float64 }{{50, 0.5}, {10, 2.5}} {
		a, err := Forecast{Hot: []bool{true, false}, Area: []float64{c.hot, 100 - c.hot}, After: []float64{25, 75}}.Accuracy()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "PAI", a.PAI, c.pai, 1e-14)
	}
	a, err := Forecast{
		Hot: []bool{true, false, true, false}, Area: []float64{1, 2, 1, 6},
		After: []float64{6, 10, 2, 2}, Before: []float64{10, 4, 6, 20},
	}.Accuracy()
	if err != nil {
		t.Fatal(err)
	}
	// Two of ten units of area; in the best two there are 6, and 5 of the 10.
	want := Accuracy{Hits: 8, Events: 20, HitRate: 0.4, AreaRate: 0.2, PAI: 2, Best: 11.0 / 20 / 0.2, PEI: 2 / 2.75, RRI: 1}
	for _, p := range [][2]float64{
		{a.Hits, want.Hits}, {a.Events, want.Events}, {a.HitRate, want.HitRate}, {a.AreaRate, want.AreaRate},
		{a.PAI, want.PAI}, {a.Best, want.Best}, {a.PEI, want.PEI}, {a.RRI, want.RRI},
	} {
		near(t, "accuracy", p[0], p[1], 1e-14)
	}
}

// A tenth is a tenth, however it is rounded.
func TestAShareIsTaken(t *testing.T) {
	score, area := make([]float64, 30), make([]float64, 30)
	for i := range score {
		score[i], area[i] = float64(i), 0.1
	}
	for k := range 31 {
		hot, err := Hottest(score, area, float64(k)/30)
		if err != nil {
			t.Fatal(err)
		}
		for i, is := range hot {
			if is != (i >= 30-k) {
				t.Fatalf("%d of 30: place %d hot is %v", k, i, is)
			}
		}
	}
}

func TestHottestAndTheCurve(t *testing.T) {
	score, area := []float64{3, 9, 1, 9, 5}, []float64{2, 1, 4, 1, 2}
	hot, err := Hottest(score, area, 0.4)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true, false, true, true} {
		if hot[i] != want {
			t.Errorf("place %d hot: %v", i, hot[i])
		}
	}
	after := []float64{1, 4, 0, 3, 2}
	curve, err := HitCurve(score, area, after)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range [][2]float64{{0, 0}, {0.1, 0.4}, {0.2, 0.7}, {0.4, 0.9}, {0.6, 1}, {1, 1}} {
		near(t, "area", curve.Places[k], want[0], 1e-14)
		near(t, "hits", curve.Share[k], want[1], 1e-14)
	}
	a, err := Forecast{Hot: hot, Area: area, After: after}.Accuracy()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "PAI from the curve", a.PAI, curve.Share[3]/curve.Places[3], 1e-14)
	if a.PEI != 1 || !math.IsNaN(a.RRI) {
		t.Errorf("%+v", a)
	}
	// All places are as good as chance, and none is nothing.
	all, _ := Hottest(score, area, 1)
	if a, err := (Forecast{Hot: all, Area: area, After: after}).Accuracy(); err != nil || a.PAI != 1 || a.PEI != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	none, err := Hottest(score, area, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Forecast{Hot: none, Area: area, After: after}).Accuracy(); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
}

// A map that knows the risks does better than one drawn by lot, whose index is
// one on average.
func TestAccuracyOfALottery(t *testing.T) {
	r := stats.NewRand(5, 0)
	sum, square := 0.0, 0.0
	const trials = 500
	risk, area, lots := make([]float64, 200), make([]float64, 200), make([]float64, 200)
	for k := range trials {
		after := make([]float64, 200)
		for i := range risk {
			risk[i], area[i], lots[i] = r.Gamma(0.5), 1, r.Float64()
			after[i] = r.Poisson(3 * risk[i])
		}
		byLot, _ := Hottest(lots, area, 0.1)
		byRisk, _ := Hottest(risk, area, 0.1)
		lot, err := Forecast{Hot: byLot, Area: area, After: after}.Accuracy()
		if err != nil {
			t.Fatal(err)
		}
		known, err := Forecast{Hot: byRisk, Area: area, After: after}.Accuracy()
		if err != nil {
			t.Fatal(err)
		}
		if known.PAI < lot.PAI || known.PEI > 1 || known.PAI > known.Best {
			t.Errorf("trial %d: by risk %+v, by lot %+v", k, known, lot)
		}
		sum, square = sum+lot.PAI, square+lot.PAI*lot.PAI
	}
	mean := sum / trials
	if z := (mean - 1) / math.Sqrt((square/trials-mean*mean)/trials); math.Abs(z) > 4 {
		t.Errorf("a lottery has an index of %v", mean)
	}
}

func TestWhatCannotBeScored(t *testing.T) {
	nan, yes := math.NaN(), []bool{true}
	for _, c := range []struct {
		f    Forecast
		want error
	}{
		{Forecast{}, stats.ErrEmpty}, {Forecast{Hot: yes}, stats.ErrLength},
		{Forecast{Hot: yes, Area: []float64{1}, After: []float64{1}, Before: []float64{}}, stats.ErrLength},
		{Forecast{Hot: yes, Area: []float64{1}, After: []float64{0}}, stats.ErrEmpty},
		{Forecast{Hot: yes, Area: []float64{0}, After: []float64{1}}, stats.ErrNoPopulation},
		{Forecast{Hot: yes, Area: []float64{nan}, After: []float64{1}}, stats.ErrMissing},
		{Forecast{Hot: []bool{true, false}, Area: []float64{5e-324, 1e300}, After: []float64{1, 1}}, stats.ErrNoPopulation},
		{Forecast{Hot: []bool{true, false}, Area: []float64{1, 5e-324}, After: []float64{1, 1e-300}}, nil},
		{Forecast{Hot: []bool{true, true}, Area: []float64{1e-320, 1}, After: []float64{0, 5e-324}}, nil},
		{Forecast{Hot: []bool{true, false}, Area: []float64{5e-324, 1}, After: []float64{7, 1}}, stats.ErrOption},
		{Forecast{Hot: []bool{true, false}, Area: []float64{1, math.Copysign(0, -1)}, After: []float64{0, 7}}, nil},
		{Forecast{Hot: []bool{true, false}, Area: []float64{1e308, 1e308}, After: []float64{1, 1}}, stats.ErrOption},
		{Forecast{Hot: []bool{true, false}, Area: []float64{1, 1}, After: []float64{1, 1}, Before: []float64{1e308, 1e308}}, stats.ErrOption},
		{Forecast{Hot: yes, Area: []float64{1}, After: []float64{-1}}, stats.ErrNegative},
	} {
		if _, err := c.f.Accuracy(); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.f, err)
		}
	}
	for _, c := range []struct {
		score, area []float64
		share       float64
		want        error
	}{
		{nil, nil, 0.1, stats.ErrEmpty}, {[]float64{1}, nil, 0.1, stats.ErrLength}, {[]float64{nan}, []float64{1}, 0.1, stats.ErrMissing},
		{[]float64{1}, []float64{0}, 0.1, stats.ErrNoPopulation}, {[]float64{1}, []float64{1}, 2, stats.ErrOption},
		{[]float64{1}, []float64{-1}, 0.5, stats.ErrNegative},
	} {
		if _, err := Hottest(c.score, c.area, c.share); !errors.Is(err, c.want) {
			t.Errorf("%v, %v: %v", c.score, c.area, err)
		}
	}
	if _, err := HitCurve([]float64{1}, []float64{1}, []float64{0}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := HitCurve([]float64{1}, []float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	a, err := Forecast{Hot: []bool{true, false}, Area: []float64{1, 0}, After: []float64{1, 5}}.Accuracy()
	if err != nil || !(a.PEI <= 1) {
		t.Errorf("events without area: %+v, %v", a, err)
	}
}
