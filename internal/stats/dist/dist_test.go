package dist

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

var one = map[string]func(a float64) float64{
	"NormalCDF": NormalCDF, "NormalTail": NormalTail, "NormalQuantile": NormalQuantile,
	"LogGamma": LogGamma, "Digamma": Digamma, "Trigamma": Trigamma,
}

var two = map[string]func(a, b float64) float64{
	"StudentTail": StudentTail, "StudentQuantile": StudentQuantile, "ChiSquaredTail": ChiSquaredTail,
	"PoissonPMF": PoissonPMF, "PoissonCDF": PoissonCDF, "PoissonTail": PoissonTail,
	"PoissonQuantile": PoissonQuantile, "PoissonTailQuantile": PoissonTailQuantile,
}

var three = map[string]func(a, b, c float64) float64{
	"GammaCDF": GammaCDF, "GammaTail": GammaTail, "GammaQuantile": GammaQuantile, "GammaTailQuantile": GammaTailQuantile,
	"FTail": FTail, "BetaCDF": BetaCDF, "BetaTail": BetaTail, "BetaQuantile": BetaQuantile,
	"NegBinPMF": NegBinPMF, "NegBinLogPMF": NegBinLogPMF, "NegBinCDF": NegBinCDF, "NegBinTail": NegBinTail,
	"NegBinQuantile": NegBinQuantile, "NegBinTailQuantile": NegBinTailQuantile,
	"BinomialPMF": BinomialPMF, "BinomialCDF": BinomialCDF, "BinomialQuantile": BinomialQuantile,
}

func call(name string, v []float64) float64 {
	if f := one[name]; f != nil {
		return f(v[0])
	}
	if f := two[name]; f != nil {
		return f(v[0], v[1])
	}
	return three[name](v[0], v[1], v[2])
}

func relative(x, y float64) float64 {
	if x == y {
		return 0
	}
	return math.Abs(x-y) / max(math.Abs(x), math.Abs(y))
}

// Every function at several hundred points, both tails, out to 1e-300, is
// what R gives to twelve digits.
func TestValuesAreRs(t *testing.T) {
	for _, name := range []string{"testdata/continuous.csv", "testdata/counts.csv"} {
		for _, row := range read(t, name) {
			var v [4]float64
			for i, cell := range row[1:] {
				if cell != "" {
					var err error
					if v[i], err = strconv.ParseFloat(cell, 64); err != nil {
						t.Fatal(err)
					}
				}
			}
			got := call(row[0], v[:])
			if off := relative(got, v[3]); !(off <= 1e-12) {
				t.Errorf("%s(%v) = %.17g, R gives %.17g: off by %.1e", row[0], row[1:4], got, v[3], off)
			}
		}
	}
}

func read(t *testing.T, name string) [][]string {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 1000 {
		t.Fatal(len(rows), err)
	}
	return rows
}

func TestQuantilesUndoProbabilities(t *testing.T) {
	for _, p := range []float64{1e-200, 1e-12, 0.003, 0.2, 0.5} {
		for _, a := range []float64{0.05, 0.7, 1, 3.3, 47, 2e4} {
			if x := GammaQuantile(p, a, 2); x > 1e-290 && relative(GammaCDF(x, a, 2), p) > 1e-10 {
				t.Errorf("gamma %v at %v: %v", a, p, GammaCDF(x, a, 2))
			}
			if x := GammaTailQuantile(p, a, 2); x > 1e-290 && relative(GammaTail(x, a, 2), p) > 1e-10 {
				t.Errorf("gamma %v above %v: %v", a, p, GammaTail(x, a, 2))
			}
			for _, b := range []float64{0.4, 2, 90} {
				if x := BetaQuantile(p, a, b); x > 1e-290 && x < 0.99 && relative(BetaCDF(x, a, b), p) > 1e-9 {
					t.Errorf("beta %v, %v at %v: %v", a, b, p, BetaCDF(x, a, b))
				}
				if x := FTailQuantile(p, a, b); x < 1e290 && x > 1e-290 && relative(FTail(x, a, b), p) > 1e-9 {
					t.Errorf("F %v, %v above %v: %v", a, b, p, FTail(x, a, b))
				}
			}
		}
	}
}

// The quantile of the probability of a count is that count, and of a little
// more the next.
func TestCountQuantilesUndoProbabilities(t *testing.T) {
	for _, mean := range []float64{0.02, 1, 7.5, 60, 4000} {
		for k := math.Floor(mean / 3); k <= 3*mean+8; k += math.Floor(1 + mean/40) {
			for _, size := range []float64{0.5, 4, 1e3, math.Inf(1)} {
				p, q := NegBinCDF(k, mean, size), NegBinTail(k, mean, size)
				if p > 1e-250 && p < 0.999 && NegBinQuantile(p, mean, size) != k {
					t.Errorf("mean %v, size %v, count %v: %v", mean, size, k, NegBinQuantile(p, mean, size))
				}
				if q > 1e-250 && q < 0.999 && NegBinTailQuantile(q, mean, size) != k {
					t.Errorf("mean %v, size %v, above count %v: %v", mean, size, k, NegBinTailQuantile(q, mean, size))
				}
				if p > 1e-250 && p < 0.999 && NegBinQuantile(p*1.0000001, mean, size) != k+1 {
					t.Errorf("mean %v, size %v: just past %v is %v", mean, size, k, NegBinQuantile(p*1.0000001, mean, size))
				}
			}
		}
	}
}

func FuzzDistributions(f *testing.F) {
	f.Add(0.3, 2.0, 5.0)
	f.Add(1e-300, 0.01, 1e9)
	f.Add(0.999, 1e-8, 3.0)
	f.Fuzz(func(t *testing.T, p, a, b float64) {
		if !(p >= 0 && p <= 1 && a > 1e-6 && a < 1e300 && b > 1e-6 && b < 1e300) {
			t.Skip()
		}
		for name, v := range map[string]float64{
			"gamma": GammaQuantile(p, a, b), "gamma tail": GammaTailQuantile(p, a, b), "beta": BetaQuantile(p, a, b),
			"F": FQuantile(p, a, b), "t": StudentQuantile(p, a), "Poisson": PoissonQuantile(p, a),
			"negative binomial": NegBinQuantile(p, a, b), "binomial": BinomialQuantile(p, math.Floor(b), share(a)),
		} {
			if math.IsNaN(v) || v < 0 && name != "t" {
				t.Errorf("%s quantile of %v (%v, %v) is %v", name, p, a, b, v)
			}
		}
		for name, v := range map[string]float64{
			"beta": BetaCDF(p, a, b), "gamma": GammaTail(b, a, 1), "t": StudentTail(b, a), "F": FTail(p, a, b),
			"negative binomial": NegBinTail(a, b, 1+p), "binomial": BinomialCDF(a, b, p),
		} {
			if !(v >= 0 && v <= 1) {
				t.Errorf("%s probability at %v (%v, %v) is %v", name, p, a, b, v)
			}
		}
	})
}

func TestPoissonSides(t *testing.T) {
	for _, mean := range []float64{0, 1e-9, 0.3, 7, 300} {
		for _, k := range []float64{-1, 0, 1, 2.7, 8, 290, 900} {
			few, many := PoissonSides(k, mean)
			if relative(few, PoissonCDF(k, mean)) > 1e-13 || relative(many, PoissonTail(math.Floor(k)-1, mean)) > 1e-12 {
				t.Errorf("%v of %v: %v and %v, want %v and %v", k, mean, few, many, PoissonCDF(k, mean), PoissonTail(math.Floor(k)-1, mean))
			}
		}
	}
}

// Past the largest shapes that are summed the expansion takes over: just before,
// both give the same.
func TestHugeShapes(t *testing.T) {
	for _, z := range []float64{-30, -8, -2, -0.3, 0.01, 1, 5, 20, 36} {
		a := 0.999 * huge
		x := a + z*math.Sqrt(a)
		below, above := gammaTails(a, x)
		b, c := gammaHuge(a, x)
		if relative(below, b) > 1e-11 || relative(above, c) > 1e-11 {
			t.Errorf("gamma at %v: %v and %v, expansion %v and %v", z, below, above, b, c)
		}
		for _, other := range []float64{a, 3 * a, 1e3 * a} {
			for _, pair := range [][2]float64{{a, other}, {other, a}} {
				n := pair[0] + pair[1]
				off := z * math.Sqrt(pair[0]*pair[1]/n) / n
				x, y := pair[0]/n+off, pair[1]/n-off
				below, above := betaTails(pair[0], pair[1], x, y)
				b, c := betaHuge(pair[0], pair[1], x, y)
				// sixteen digits of x say no more than this of so narrow a spread
				if relative(below, b) > 1e-9 || relative(above, c) > 1e-9 {
					t.Errorf("beta (%v) at %v: %v and %v, expansion %v and %v", pair, z, below, above, b, c)
				}
			}
		}
	}
	for _, a := range []float64{1e13, 1e18, 1e40, 1e290} {
		if m := GammaQuantile(0.5, a, 1); relative(m, a) > 1e-6 {
			t.Errorf("median of shape %v: %v", a, m)
		}
		if p := BetaCDF(0.5, a, a); math.Abs(p-0.5) > 1e-6 {
			t.Errorf("half of two shapes of %v: %v", a, p)
		}
		if k := PoissonQuantile(0.5, a); relative(k, a) > 1e-6 {
			t.Errorf("median count of %v: %v", a, k)
		}
	}
}

// A beta variable of a shape without end, times that shape, is a gamma one; the
// fraction that serves smaller shapes agrees. None of these may take for ever.
func TestShapesWithoutEnd(t *testing.T) {
	for _, a := range []float64{0.3, 1, 40, 1e6} {
		for _, p := range []float64{1e-250, 0.025, 0.5, 0.999} {
			x := GammaQuantile(p, a, 1)
			for _, b := range []float64{0.9 * endless, 1.1 * endless, 1e300} {
				if got, other := BetaCDF(x/b, a, b), 1-BetaTail(x/b, a, b); x/b > 1e-300 && (relative(got, p) > 1e-9 || p > 0.01 && relative(other, p) > 1e-9) {
					t.Errorf("%v and %v: %v and %v, want %v", a, b, got, other, p)
				}
				if got := BetaQuantile(p, a, b); relative(got*b, x) > 1e-9 && x/b > 1e-300 {
					t.Errorf("%v and %v: the quantile of %v is %v, want %v", a, b, p, got, x/b)
				}
				if got := BetaTail(1-x/b, b, a); p > 0.01 && x/b > 1e-10 && relative(got, p) > 1e-6 {
					t.Errorf("turned about, %v and %v: %v, want %v", a, b, got, p)
				}
			}
		}
	}
	for _, a := range []float64{1e-300, 1, 1e160, 1e307} {
		for _, b := range []float64{1e-300, 1, 1e160, 1e307} {
			if got := BetaQuantile(0.4, a, b); !(got >= 0 && got <= 1) {
				t.Errorf("%v and %v: %v", a, b, got)
			}
			if got := BetaCDF(0.3, a, b); !(got >= 0 && got <= 1) {
				t.Errorf("%v and %v: %v", a, b, got)
			}
		}
	}
	if got := BinomialPMF(1, math.Inf(1), 0.5); !math.IsNaN(got) {
		t.Error(got)
	}
}

// Degrees of freedom without end are the chi-squared limits, and what is as many as
// there are is not exceeded.
func TestLimits(t *testing.T) {
	endless, many := math.Inf(1), 1e13
	for _, x := range []float64{0.2, 1, 3} {
		for _, d := range []float64{1, 7} {
			for what, pair := range map[string][2]float64{
				"tail, first": {FTail(x, endless, d), FTail(x, many, d)}, "tail, second": {FTail(x, d, endless), FTail(x, d, many)},
				"CDF": {FCDF(x, endless, d), FCDF(x, many, d)}, "t": {StudentTail(x, endless), StudentTail(x, many)},
			} {
				if relative(pair[0], pair[1]) > 1e-9 {
					t.Errorf("%s at %v, %v: %v, but %v with many", what, x, d, pair[0], pair[1])
				}
			}
		}
	}
	for _, d := range []float64{1, 7} {
		if q := FQuantile(0.2, endless, d); relative(FCDF(q, endless, d), 0.2) > 1e-12 {
			t.Errorf("quantile, first: %v", q)
		}
		if q := FTailQuantile(0.2, d, endless); relative(FTail(q, d, endless), 0.2) > 1e-12 {
			t.Errorf("quantile, second: %v", q)
		}
		if q := ChiSquaredTailQuantile(0.2, d); relative(ChiSquaredTail(q, d), 0.2) > 1e-12 || relative(ChiSquaredCDF(ChiSquaredQuantile(0.2, d), d), 0.2) > 1e-12 {
			t.Errorf("chi-squared: %v", q)
		}
	}
	for k := -1.0; k <= 5; k++ {
		if sum := BinomialCDF(k, 4, 0.3) + BinomialTail(k, 4, 0.3); math.Abs(sum-1) > 1e-15 {
			t.Errorf("%v of 4: %v", k, sum)
		}
		if k >= 0 && k < 4 && BinomialTailQuantile(BinomialTail(k, 4, 0.3), 4, 0.3) != k {
			t.Errorf("above %v of 4", k)
		}
	}
	if BinomialTail(4, 4, 0.3) != 0 || BinomialTail(-1, 4, 0.3) != 1 {
		t.Error("all and none")
	}
	if l := PoissonLogPMF(3, 2); math.Abs(l-math.Log(PoissonPMF(3, 2))) > 1e-14 || math.Abs(BinomialLogPMF(3, 9, 0.2)-math.Log(BinomialPMF(3, 9, 0.2))) > 1e-14 {
		t.Error("logarithms")
	}
}
