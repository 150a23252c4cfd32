package rank

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// Two indicators that say the opposite: with weights drawn evenly each place is
// first half of the time; with weights of 3 to 1 and concentration 2 the first
// weight is Beta(1.5, 0.5), above a half with probability 1/2 + 1/π.
func TestTwoIndicatorsByHand(t *testing.T) {
	c := Composite{Indicators: [][]float64{{1, 0}, {0, 1}}}
	o := Options{Draws: 100_000, Seed: 1}
	five := 5 * math.Sqrt(0.25/float64(o.Draws))
	even, err := Top(c, []int{1}, o)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "even weights", even.In[0][0], 0.5, five)
	c.Weights, c.Concentration = []float64{30, 10}, 2
	uneven, err := Stability(c, []int{1, 2}, o)
	if err != nil {
		t.Fatal(err)
	}
	p := 0.5 + 1/math.Pi
	near(t, "three to one", uneven.Tops.In[0][0], p, five)
	near(t, "kept of the first", uneven.Kept[0], p, five)
	near(t, "kept of all", uneven.Kept[1], 1, 1e-9)
	near(t, "shift", uneven.Shift, 1-p, five)
	near(t, "tau", uneven.Tau, p-(1-p), 2*five)
	near(t, "rank given", uneven.Rank[0], 1, 0)
}

// When one place leads in everything, no weights can unseat it; a weight of zero
// counts for nothing; and from below it comes last.
func TestALeaderInEverythingStays(t *testing.T) {
	c := Composite{Indicators: [][]float64{{9, 1, 2}, {8, 2, 1}, {0, 7, 1}}, Weights: []float64{1, 1, 0}}
	for _, lowest := range []bool{false, true} {
		s, err := Stability(c, []int{1}, Options{Lowest: lowest})
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]float64{false: 1, true: 0}[lowest]
		near(t, "leader", s.Tops.In[0][0], want, 0)
	}
}

func TestStandardise(t *testing.T) {
	for i, want := range []float64{-1, 0, 1} {
		near(t, "standardised", Standardise([]float64{3, 5, 7})[i], want, 1e-15)
	}
	tenth := 0.1
	for _, alike := range [][]float64{{tenth + 2*tenth, 3 * tenth, 0.3}, nil, {4}, {4, 4}, {0, 0}, {0.1, 0.1, 0.1}, {1e300, 1e300, 1e300}} {
		for _, v := range Standardise(alike) {
			if v != 0 {
				t.Errorf("values all alike, %v, become %v", alike, Standardise(alike))
			}
		}
	}
	near(t, "huge", Standardise([]float64{-1e308, 1e308})[1], math.Sqrt(0.5), 1e-15)
	near(t, "tiny", Standardise([]float64{-1e-300, 1e-300})[1], math.Sqrt(0.5), 1e-15)
	if !math.IsNaN(Standardise([]float64{math.NaN(), 1, 2})[1]) {
		t.Error("a missing value is lost")
	}
}

// R: cor(x, y, method = "kendall") and "spearman", with ties.
func TestCorrelationsAreRs(t *testing.T) {
	x := []float64{44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1, 44.1, 50.7}
	y := []float64{2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8, 2.6, 5.2}
	tau, err := Kendall(x, y)
	if err != nil {
		t.Fatal(err)
	}
	rho, err := Spearman(x, y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Kendall", tau, 0.52830188679245271, 1e-14)
	near(t, "Spearman", rho, 0.69495412844036697, 1e-14)
	// Turned round they change sign; by their own ranks they do not change.
	back, _ := Kendall(negated(x), y)
	near(t, "Kendall of the opposite", back, -tau, 1e-15)
	ranks, _ := Spearman(Places(x, true), y)
	near(t, "Spearman of ranks", ranks, rho, 1e-14)
}

// Kendall's tau against counting every pair.
func TestKendallByPairs(t *testing.T) {
	r := stats.NewRand(6, 0)
	for range 50 {
		n := 5 + int(r.Below(40))
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(r.Below(8)), float64(r.Below(12))
		}
		same, inX, inY := 0.0, 0.0, 0.0
		for i := range x {
			for j := range i {
				a, b := x[i]-x[j], y[i]-y[j]
				if a != 0 {
					inX++
				}
				if b != 0 {
					inY++
				}
				if a*b > 0 {
					same++
				} else if a*b < 0 {
					same--
				}
			}
		}
		got, err := Kendall(x, y)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "tau", got, same/math.Sqrt(inX*inY), 1e-14)
	}
}

func FuzzRanks(f *testing.F) {
	f.Add(uint64(1), 1.0, -2.0, 1e300)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c float64) {
		r := stats.NewRand(seed, 0)
		n := int(r.Below(9))
		rows := make(Samples, r.Below(6))
		for d := range rows {
			rows[d] = make([]float64, n)
			for i := range rows[d] {
				rows[d][i] = []float64{a, b, c, -a, 0, a * b}[r.Below(6)]
			}
		}
		ranks, err := Of(rows, Options{Seed: seed})
		if err == nil {
			near(t, "sum of ranks", stats.Sum(ranks.Expected), float64(n*(n+1))/2, 1e-9)
		}
		if tops, err := Top(rows, []int{1 + int(r.Below(9))}, Options{}); err == nil {
			near(t, "sum of chances", stats.Sum(tops.In[0]), float64(min(n, tops.K[0])), 1e-6)
		}
	})
}
