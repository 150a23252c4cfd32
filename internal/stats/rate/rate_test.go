package rate

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats/dist"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*max(1, math.Abs(want)) || math.IsNaN(got) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// The exact 95% limits of a Poisson count as printed in tables (Garwood 1936;
// Ulm 1990), to the digits printed.
func TestExactLimitsAreThoseOfTheTables(t *testing.T) {
	for _, c := range []struct{ count, low, high float64 }{
		{0, 0, 3.689}, {1, 0.0253, 5.572}, {2, 0.2422, 7.225}, {3, 0.6187, 8.767}, {5, 1.623, 11.668},
		{10, 4.795, 18.390}, {20, 12.217, 30.888}, {50, 37.111, 65.918}, {100, 81.364, 121.627},
	} {
		i := Exact(c.count, 0.95)
		near(t, fmt.Sprintf("low(%v)", c.count), i.Low, c.low, 5e-4)
		near(t, fmt.Sprintf("high(%v)", c.count), i.High, c.high, 5e-4)
	}
}

// Values that Public Health England's published test data give for rates:
// exact under ten, Byar's from ten on.
func TestRatesAreThoseOfThePublishedTestData(t *testing.T) {
	for _, c := range []struct{ count, persons, per, confidence, low, high float64 }{
		{1, 100, 100, 0.95, 0.025317807984289897, 5.571643390938898},
		{5, 100, 100, 0.95, 1.62348639011842, 11.668332079322669},
		{5, 100, 100, 0.998, 0.739371731917839, 16.454745203680105},
		{1, 100, 100, 0.998, 0.0010005003335835344, 9.2334134764515845},
		{20, 100, 100, 0.95, 12.211428834875937, 30.889880369197066},
		{65, 100, 100, 0.95, 50.163187710459454, 82.849138545939837},
		{65, 100, 100, 0.998, 42.880261471480203, 94.000290844318016},
		{9856, 12345, 100, 0.95, 78.269490589767571, 81.430016542721404},
		{7776456, 7564336677, 100000, 0.95, 102.73196005302074, 102.87648334092832},
		{2, 200, 100000, 0.95, 121.10463927198258, 3612.3438338619794},
		{15552912, 15128673354, 100000, 0.95, 102.7531168009107, 102.85530745877516},
	} {
		_, i := Of(c.count, c.persons, c.per, c.confidence)
		near(t, fmt.Sprintf("low of %v in %v", c.count, c.persons), i.Low, c.low, 1e-11)
		near(t, fmt.Sprintf("high of %v in %v", c.count, c.persons), i.High, c.high, 1e-11)
	}
}

// The worked examples of R's poisson.test, as its manual prints them.
func TestRatioIsThatOfRsManual(t *testing.T) {
	i := Exact(137, 0.95).Times(1 / 24.19893)
	near(t, "low of 137", i.Low, 4.753125, 2e-7)
	near(t, "high of 137", i.High, 6.692709, 2e-7)
	r := Ratio{11, 6 + 8 + 7, 800, 1083 + 1050 + 878}
	near(t, "ratio", r.Value(), 1.971488, 1e-6)
	near(t, "low of the ratio", r.Exact(0.95).Low, 0.8584264, 2e-7)
	near(t, "high of the ratio", r.Exact(0.95).High, 4.2772659, 2e-7)
}

// choose is the probability of fewer than x events of n, as a fraction with
// nothing rounded.
func fewer(x, n int64, p *big.Rat) *big.Rat {
	sum, q := new(big.Rat), new(big.Rat).Sub(big.NewRat(1, 1), p)
	for k := int64(0); k < x; k++ {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(n, k))
		for range k {
			term.Mul(term, p)
		}
		for range n - k {
			term.Mul(term, q)
		}
		sum.Add(sum, term)
	}
	return sum
}

func TestTailsAreThoseOfExactFractions(t *testing.T) {
	for _, c := range []struct{ x, n, top, bottom int64 }{{1, 2, 1, 2}, {3, 10, 1, 7}, {17, 40, 5, 11}, {39, 40, 9, 10}, {60, 120, 1, 3}} {
		exact, _ := new(big.Rat).Sub(big.NewRat(1, 1), fewer(c.x, c.n, big.NewRat(c.top, c.bottom))).Float64()
		got := dist.BetaCDF(float64(c.top)/float64(c.bottom), float64(c.x), float64(c.n-c.x+1))
		if math.Abs(got/exact-1) > 1e-13 {
			t.Errorf("%d or more of %d at %d/%d: %.17g, exactly %.17g", c.x, c.n, c.top, c.bottom, got, exact)
		}
	}
}

// The ends of each interval are where the tail is what it should be, worked
// out by adding up single probabilities.
func TestEndsLeaveHalfTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(1, 300).Draw(t, "now"), rapid.IntRange(1, 300).Draw(t, "before")
		r := Counts(float64(a), float64(b))
		share := rapid.SampledFrom([]float64{0.5, 1}).Draw(t, "share")
		i := r.interval(0.95, share)
		tail := func(odds float64, from, to int) float64 {
			p, sum := odds/(1+odds), 0.0
			for k := from; k <= to; k++ {
				w := 1.0
				if k == a {
					w = share
				}
				sum += w * dist.BinomialPMF(float64(k), float64(a+b), p)
			}
			return sum
		}
		if low, high := tail(i.Low, a, a+b), tail(i.High, 0, a); math.Abs(low-0.025) > 1e-12 || math.Abs(high-0.025) > 1e-12 {
			t.Errorf("%d against %d: the tails are %.15g and %.15g, want 0.025", a, b, low, high)
		}
	})
}

func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := float64(rapid.IntRange(0, 1_000_000).Draw(t, "a"))
		b := float64(rapid.IntRange(0, 1_000_000).Draw(t, "b"))
		r, back := Counts(a, b), Counts(b, a)
		i, j := r.MidP(0.95), back.MidP(0.95)
		if a+b > 0 && (relative(i.Low, 1/j.High) > 1e-9 || relative(i.High, 1/j.Low) > 1e-9) {
			t.Errorf("turned about, %v becomes %v", i, j)
		}
		exact := r.Exact(0.95)
		if exact.Low > i.Low*(1+1e-12) || exact.High < i.High*(1-1e-12) {
			t.Errorf("the exact interval %v does not hold the mid-P one %v", exact, i)
		}
		if a > 0 && b > 0 && !i.Has(r.Value()) {
			t.Errorf("%v is not in %v", r.Value(), i)
		}
		// the chance is under 5% just when the interval leaves out no change
		if c := r.Chance(); math.Abs(c-0.05) > 1e-6 && (c < 0.05) == i.Has(1) {
			t.Errorf("%v against %v: chance %v but interval %v", a, b, c, i)
		}
		if wide := r.MidP(0.998); wide.Low > i.Low || wide.High < i.High {
			t.Errorf("more confidence gives the narrower %v, not %v", wide, i)
		}
	})
}

func relative(x, y float64) float64 {
	if x == y {
		return 0
	}
	return math.Abs(x-y) / max(math.Abs(x), math.Abs(y))
}

func TestExposureOnlyScales(t *testing.T) {
	like, other := Counts(40, 60).MidP(0.95), Ratio{40, 60, 2, 8}.MidP(0.95)
	near(t, "low", other.Low, like.Low*4, 1e-12)
	near(t, "high", other.High, like.High*4, 1e-12)
}

// By hand: one of four is 1/16 and half of 4/16 at the one side; none of five half
// of 1/32.
func TestChanceByHand(t *testing.T) {
	near(t, "1 against 3", Counts(1, 3).Chance(), 0.375, 1e-14)
	near(t, "3 against 1", Counts(3, 1).Chance(), 0.375, 1e-14)
	near(t, "0 against 5", Counts(0, 5).Chance(), 1.0/32, 1e-14)
	near(t, "in half the time", Ratio{0, 2, 1, 2}.Chance(), 4.0/9, 1e-14)
}

// Beside a count so large that it is as good as known, the ratio's interval is that
// of the small one, to as many digits whichever way about they are.
func TestSmallBesideLarge(t *testing.T) {
	const large = 1e12
	few, one := Exact(3, 0.95), Counts(3, large).Exact(0.95)
	other := Counts(large, 3).Exact(0.95)
	for what, pair := range map[string][2]float64{
		"low": {one.Low * large, few.Low}, "high": {one.High * large, few.High},
		"low, turned about": {other.Low, large / few.High}, "high, turned about": {other.High, large / few.Low},
	} {
		if relative(pair[0], pair[1]) > 1e-9 {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
}

func TestNothingAgainstSomething(t *testing.T) {
	if i := Counts(0, 12).MidP(0.95); i.Low != 0 || i.High >= 1 {
		t.Errorf("none against twelve: %v", i)
	}
	if i := Counts(12, 0).MidP(0.95); i.Low <= 1 || !math.IsInf(i.High, 1) {
		t.Errorf("twelve against none: %v", i)
	}
	if i := Counts(0, 0).MidP(0.95); i.Low != 0 || !math.IsInf(i.High, 1) || Counts(0, 0).Chance() != 1 {
		t.Errorf("none against none: %v", i)
	}
	// By hand: none of n by mid-P leaves ½(1−p)ⁿ = 0.025, so p = 1 − 0.05^(1/n).
	p := 1 - math.Pow(0.05, 1.0/12)
	near(t, "high of none against twelve", Counts(0, 12).MidP(0.95).High, p/(1-p), 1e-12)
}

func TestExactUpperOfNoneIsByHand(t *testing.T) {
	near(t, "upper of none", Exact(0, 0.95).High, -math.Log(0.025), 1e-13)
	near(t, "upper of none, 99.8%", Exact(0, 0.998).High, -math.Log(0.001), 1e-13)
}

// London's robberies of 2019 and 2020 as printed, far from any rounding.
func TestALargeComparison(t *testing.T) {
	i := PercentOf(Counts(27586, 39928).MidP(0.95))
	// ln ratio ± 1.96 √(1/a + 1/b), which is good to four digits at this size
	se := math.Sqrt(1.0/27586 + 1.0/39928)
	near(t, "low", i.Low, 100*(27586.0/39928*math.Exp(-1.959964*se)-1), 1e-4)
	near(t, "high", i.High, 100*(27586.0/39928*math.Exp(1.959964*se)-1), 1e-4)
	near(t, "change", PercentChange(27586, 39928), -30.9106391, 1e-7)
	if !math.IsNaN(PercentChange(4, 0)) {
		t.Error("a change from none has a percentage")
	}
}

func TestDifference(t *testing.T) {
	d, i := Difference(27586, 39928, 0.95)
	half := 1.959964 * math.Sqrt(27586+39928)
	near(t, "difference", d, -12342, 0)
	near(t, "low", i.Low, d-half, 2e-4)
	near(t, "high", i.High, d+half, 2e-4)
	if _, i := Difference(0, 0, 0.95); i.Low >= 0 || i.High <= 0 {
		t.Errorf("none less none: %v", i)
	}
	_, one := Difference(9, 4, 0.95)
	_, other := Difference(4, 9, 0.95)
	near(t, "turned about", one.Low, -other.High, 1e-12)
}

// In five thousand pairs of counts made with a known ratio, the interval must
// hold the ratio about as often as it claims: mid-P close to 95%, exact never
// clearly less.
func TestCoverage(t *testing.T) {
	for _, mean := range []float64{4, 15, 80} {
		for _, ratio := range []float64{0.6, 1, 1.5} {
			rng := rand.New(rand.NewPCG(7, uint64(mean*10+ratio)))
			mid, exact := 0, 0
			known := map[Ratio][2]Interval{} // small counts come up again and again
			const trials = 5_000
			for range trials {
				r := Counts(draw(rng, mean*ratio), draw(rng, mean))
				if _, ok := known[r]; !ok {
					known[r] = [2]Interval{r.MidP(0.95), r.Exact(0.95)}
				}
				if known[r][0].Has(ratio) {
					mid++
				}
				if known[r][1].Has(ratio) {
					exact++
				}
			}
			if m := float64(mid) / trials; m < 0.940 || m > 0.985 {
				t.Errorf("mean %v, ratio %v: mid-P holds it in %v of trials", mean, ratio, m)
			}
			if e := float64(exact) / trials; e < 0.943 {
				t.Errorf("mean %v, ratio %v: exact holds it in %v of trials", mean, ratio, e)
			}
		}
	}
}

// draw makes a Poisson count by adding up waits.
func draw(rng *rand.Rand, mean float64) float64 {
	n := -1.0
	for sum := 0.0; sum < mean; n++ {
		sum += rng.ExpFloat64()
	}
	return n
}

func BenchmarkMidPOfLargeCounts(b *testing.B) {
	for b.Loop() {
		Counts(220265, 222048).MidP(0.95)
	}
}

func FuzzIntervals(f *testing.F) {
	f.Add(0.0, 0.0)
	f.Add(27586.0, 39928.0)
	f.Add(1.0, 1e7)
	f.Fuzz(func(t *testing.T, a, b float64) {
		if !(a >= 0 && a <= 1e9 && b >= 0 && b <= 1e9) {
			t.Skip()
		}
		a, b = math.Floor(a), math.Floor(b)
		i := Counts(a, b).MidP(0.95)
		if math.IsNaN(i.Low) || math.IsNaN(i.High) || i.Low > i.High {
			t.Errorf("%v against %v: %v", a, b, i)
		}
	})
}

// What is not a count, or not a confidence, has no interval; what is one has one,
// of whatever size.
func TestWhatHasAnInterval(t *testing.T) {
	numbers := []float64{0, 1e-300, 0.3, 1, 40, 1e6, 1e12, 1e300, -1, math.NaN(), math.Inf(1)}
	for _, level := range []float64{0.5, Confidence95, Confidence998, 0, 1, -1, math.NaN()} {
		for _, x := range numbers {
			fine := level > 0 && level < 1 && x >= 0 && x <= 1e300
			hold := func(what string, fine bool, i Interval) {
				if fine != (i.Low <= i.High) || fine == math.IsNaN(i.Low) || fine == math.IsNaN(i.High) {
					t.Errorf("%s of %v at %v: %v", what, x, level, i)
				}
			}
			hold("exact", fine, Exact(x, level))
			hold("shown", fine, Poisson(x, level))
			hold("Byar's", fine, Byar(x, level))
			hold("limits", fine, FunnelLimits(x, level))
			for _, y := range numbers {
				both := fine && y >= 0 && y <= 1e300
				hold("Wilson's", both && x <= y, Wilson(x, y, level))
				hold("Clopper and Pearson's", both && x <= y, ClopperPearson(x, y, level))
				hold("mid-P", both, Counts(x, y).MidP(level))
				hold("exact ratio", both, Counts(x, y).Exact(level))
				if p := Counts(x, y).Chance(); level == 0.5 && both != (p >= 0 && p <= 1) {
					t.Errorf("chance of %v and %v: %v", x, y, p)
				}
			}
		}
	}
	if i := (Ratio{1, 1, 0, 1}).MidP(0.95); !math.IsNaN(i.Low) {
		t.Error(i)
	}
}
