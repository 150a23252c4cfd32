package concentration

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func float(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

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
	for _, row := range readCSV(t, "gini.csv") {
		for _, w := range strings.Fields(row[1]) {
			out[row[0]] = append(out[row[0]], float(t, w))
		}
	}
	return out
}

func TestGiniIsThatOfItsDefinition(t *testing.T) {
	all := sets(t)
	for _, row := range readCSV(t, "gini.csv") {
		c := of(t, all[row[0]])
		near(t, row[0]+" Gini", c.Gini, float(t, row[2]), 1e-13)
		near(t, row[0]+" unbiased", c.Unbiased, float(t, row[3]), 1e-13)
		near(t, row[0]+" generalised", c.Generalised, float(t, row[4]), 1e-13)
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

// What is left without a place is what is measured when it is taken away.
func TestWithoutOnePlace(t *testing.T) {
	r := stats.NewRand(12, 0)
	for round := range 60 {
		counts := make([]float64, 1+r.Below(30))
		for i := range counts {
			if counts[i] = r.NegBin(2, 0.5); round%2 == 0 {
				counts[i] *= r.Float64()
			}
		}
		counts[0]++
		share := r.Float64()
		all := count(counts)
		for i, got := range all.without(share, new(leftOut)) {
			if all.times[i] == 0 {
				continue
			}
			all.times[i]--
			want := measure(all.values, all.times, share)
			all.times[i]++
			near(t, "Gini", got.Gini, want.Gini, 1e-11)
			near(t, "unbiased", got.Unbiased, want.Unbiased, 1e-11)
			near(t, "generalised", got.Generalised, want.Generalised, 1e-9)
			if !math.IsNaN(want.Gini) { // something is left
				near(t, "holding", got.Holding, want.Holding, 1e-9)
			}
		}
	}
}

// Counts are negative binomial with known risks: the interval covers what the
// process has, that is, what very many such places would show. It is to cover it
// in 93.5% to 96.5% of sets; the test allows three standard errors more.
func TestBootstrapCovers(t *testing.T) {
	const trials, n = 1200, 250
	r := stats.NewRand(2, 0)
	times := make([]int32, 200) // a thousand million places, as the distribution has them
	for k := range times {
		times[k] = int32(math.Round(1e9 * dist.NegBinPMF(float64(k), 4, 1.5)))
	}
	truth := measure(upTo(nil, len(times)), times, 0.5)
	var covered four
	for k := range trials {
		counts := make([]float64, n)
		for i := range counts {
			counts[i] = r.NegBin(4, 1.5)
		}
		b, err := Bootstrap(counts, Options{Seed: uint64(k), Replications: 199})
		if err != nil {
			t.Fatal(err)
		}
		for m, in := range []bool{b.Gini.Has(truth.Gini), b.Unbiased.Has(truth.Gini), b.Generalised.Has(truth.Generalised), b.Holding.Has(truth.Holding)} {
			if in {
				covered[m] += 1.0 / trials
			}
		}
	}
	slack := 3 * math.Sqrt(0.95*0.05/trials)
	for m, c := range covered {
		if c < 0.935-slack || c > 0.965+slack {
			t.Errorf("measure %d: the interval covers in %v of sets", m, c)
		}
	}
}

// By hand: the ends follow from the draws, the
// standard errors of the draws and their quantiles.
func TestBootstrapByHand(t *testing.T) {
	counts := []float64{1, 2, 4, 9}
	b := resampled{confidence: 0.5, self: Measures{Gini: 0.5, Unbiased: 2.0 / 3}, deviation: four{0.1, 0.2}}
	for k := range 5 { // 0, 1, 2, 3, 4 standard errors above the truth
		b.draws = append(b.draws, Measures{Gini: 0.5 + 0.02*float64(k), Unbiased: 0.5 + 0.04*float64(k)})
		b.errors = append(b.errors, four{0.02, 0.04})
	}
	got := intervals(b.interval)
	near(t, "low", got.Gini.Low, 0.5-0.1*3, 1e-14)
	near(t, "high", got.Gini.High, 0.5-0.1*1, 1e-14)
	near(t, "low", got.Unbiased.Low, 2.0/3-0.2*3, 1e-14)
	near(t, "high", got.Unbiased.High, 2.0/3-0.2*1, 1e-14)
	b.deviation[0] = 0.4
	if got := b.interval(0); got.Low != 0 {
		t.Errorf("an end below 0: %v", got)
	}
	// The jackknife by its definition.
	var sum, square float64
	for i := range counts {
		rest := slices.Delete(slices.Clone(counts), i, i+1)
		g := of(t, rest).Gini
		sum, square = sum+g, square+g*g
	}
	cubes := 0.0
	for i := range counts {
		cubes += math.Pow(sum/4-of(t, slices.Delete(slices.Clone(counts), i, i+1)).Gini, 3)
	}
	d, skew := count(counts).jackknife(0.5, new(leftOut))
	near(t, "standard error", d[0], math.Sqrt((square-sum*sum/4)*3/4), 1e-12)
	near(t, "skewness", skew[0], cubes/6/math.Pow(square-sum*sum/4, 1.5), 1e-11)
	near(t, "the quantile to take", corrected(0.025, 0.1, 0.05), 0.0546100768983596, 1e-12)
}

// Where most draws have no standard error the quantiles of the draws serve.
func TestBootstrapOfOnePlaceWithEverything(t *testing.T) {
	b, err := Bootstrap([]float64{0, 0, 0, 0, 5}, Options{})
	if err != nil || !(b.Gini.Low < 0.8) || !(b.Gini.Low >= 0.3) || b.Gini.High != 0.8 {
		t.Errorf("%+v, %v", b, err)
	}
	few := resampled{confidence: 0.95, self: Measures{Gini: 0.4}, deviation: four{0.1}}
	for k := range 100 {
		few.draws, few.errors = append(few.draws, Measures{Gini: 0.01 * float64(k)}), append(few.errors, four{})
	}
	few.errors[3][0] = 0.1
	if got := few.interval(0); got != few.skewed(0) || !(got.Low < 0.4 && got.High > 0.4) {
		t.Errorf("%v", got)
	}
}

// Thrown by lot, P is uniform, and the interval holds what is seen.
func TestChanceIsChance(t *testing.T) {
	const trials = 300
	r := stats.NewRand(3, 0)
	low, within := 0.0, 0.0
	risk := make([]float64, 100)
	for i := range risk {
		risk[i] = r.Exponential()
	}
	thrower, err := newThrower(100, risk)
	if err != nil {
		t.Fatal(err)
	}
	for k := range trials {
		var room trial
		room.measure(thrower, 400, &r, 0.5)
		counts := make([]float64, 100)
		for i, c := range room.counts {
			counts[i] = float64(c)
		}
		c, err := ByChance(counts, risk, Options{Seed: uint64(k), Replications: 99})
		if err != nil {
			t.Fatal(err)
		}
		if c.P <= 0.2 {
			low++
		}
		if c.Interval.Gini.Has(of(t, counts).Gini) {
			within++
		}
	}
	if z := (low/trials - 0.2) / math.Sqrt(0.16/trials); math.Abs(z) > 4 {
		t.Errorf("P is at most 0.2 in %v of trials", low/trials)
	}
	if within/trials < 0.88 {
		t.Errorf("the interval holds the observed value in %v of trials", within/trials)
	}
}

// The mean Gini of m Poisson-like counts: by hand for two events at two places,
// together or apart with one chance each: 1/2 or 0.
func TestChanceByHand(t *testing.T) {
	c, err := ByChance([]float64{2, 0}, nil, Options{Replications: 20000, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean Gini", c.Mean.Gini, 0.25, 4*0.25/math.Sqrt(20000)/0.25)
	near(t, "P", c.P, 0.5, 4*0.5/math.Sqrt(20000))
	uneven, err := ByChance([]float64{3, 0, 1}, []float64{3, 0, 1}, Options{Replications: 20000, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	// All four at the first place with chance (3/4)⁴, at the third with (1/4)⁴.
	want := 0.0
	for k := 0.0; k <= 4; k++ {
		want += dist.BinomialPMF(k, 4, 0.75) * of(t, []float64{k, 0, 4 - k}).Gini
	}
	near(t, "mean Gini of uneven risks", uneven.Mean.Gini, want, 0.003)
}

// High counts at few places are sorted, not tallied: the measures are the same,
// and it takes no longer.
func TestManyEventsAtFewPlaces(t *testing.T) {
	counts := []float64{3e6, 1e6, 2e6, 4e6}
	c, err := ByChance(counts, counts, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean Gini", c.Mean.Gini, of(t, counts).Gini, 1e-3)
	room := trial{counts: []int32{2e6, 1, 5, 9}}
	if got, want := room.measureSorted(0.5), of(t, []float64{2e6, 1, 5, 9}).Measures; got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

// Singly or by place, a place has a binomial number of the events.
func TestThrowsAreBinomial(t *testing.T) {
	risks := []float64{0, 2, 5, 0, 3, 0}
	for name, risk := range map[string][]float64{"by risk": risks, "alike": nil} {
		for _, events := range []int{60, 6*oneByOne + 1} {
			thrower, err := newThrower(6, risk)
			if err != nil {
				t.Fatal(err)
			}
			const draws = 20000
			var sum, square [6]float64
			counts := make([]int32, 6)
			r := stats.NewRand(8, 0)
			for range draws {
				clear(counts)
				thrower.throw(events, counts, &r)
				all := int32(0)
				for i, c := range counts {
					all += c
					sum[i], square[i] = sum[i]+float64(c), square[i]+float64(c)*float64(c)
				}
				if int(all) != events {
					t.Fatalf("%d of %d events", all, events)
				}
			}
			for i := range 6 {
				p := 1.0 / 6
				if risk != nil {
					p = risk[i] / 10
				}
				mean, variance := float64(events)*p, float64(events)*p*(1-p)
				got := sum[i] / draws
				if math.Abs(got-mean) > 4.5*math.Sqrt(variance/draws) || math.Abs(square[i]/draws-got*got-variance) > 4.5*variance*math.Sqrt(2.2/draws) {
					t.Errorf("%s, %d events, place %d: mean %v, not %v", name, events, i, got, mean)
				}
			}
		}
	}
}

func TestPoissonGammaIsThatOfR(t *testing.T) {
	all := sets(t)
	for _, row := range readCSV(t, "gamma.csv") {
		m, err := FitPoissonGamma(all[row[0]], 0.5)
		if err != nil {
			t.Fatal(err)
		}
		near(t, row[0]+" size", m.Size, float(t, row[1]), 1e-9)
		sum := 0.0
		for _, x := range all[row[0]] {
			sum += dist.NegBinLogPMF(x, m.Mean, m.Size)
		}
		near(t, row[0]+" likelihood", sum, float(t, row[2]), 1e-11)
		near(t, row[0]+" Gini", m.Gini, float(t, row[3]), 1e-9)
		near(t, row[0]+" holding", m.Holding, float(t, row[4]), 1e-9)
	}
}

// From few events the model finds how unequal the risks are; the counts alone
// make them look far more so.
func TestPoissonGammaTakesChanceAway(t *testing.T) {
	r := stats.NewRand(6, 0)
	risks, counts := make([]float64, 4000), make([]float64, 4000)
	for i := range risks {
		risks[i] = r.Gamma(2)
		counts[i] = r.Poisson(0.3 * risks[i] / 2)
	}
	truth, naive := of(t, risks), of(t, counts)
	m, err := FitPoissonGamma(counts, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Gini-truth.Gini) > 0.06 || math.Abs(m.Holding-truth.Holding) > 0.04 || naive.Gini < truth.Gini+0.3 {
		t.Errorf("risks %+v, counts %+v, model %+v", truth.Measures, naive.Measures, m)
	}
	near(t, "Gini of a gamma distribution", gammaGini(1), 0.5, 1e-14)
	near(t, "at the joint", gammaGini(1000.0001)*math.Sqrt(1000.0001), gammaGini(999.9999)*math.Sqrt(999.9999), 1e-10)
	even, err := FitPoissonGamma([]float64{1, 1, 1, 1}, 0.25)
	if err != nil || !math.IsInf(even.Size, 1) || even.Gini != 0 || even.Holding != 0.25 {
		t.Errorf("%+v, %v", even, err)
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
