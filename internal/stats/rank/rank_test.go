package rank

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/shrink"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g within %.2g", what, got, want, tolerance)
	}
}

// Two normal places: the chance that one is above the other is known, and so are
// the expected rank and the chance to be first.
func TestTwoPlacesAreAsCalculated(t *testing.T) {
	s := Normals{Mean: []float64{0, 1}, Deviation: []float64{1, 2}}
	const draws = 200_000
	p := dist.NormalCDF(-1 / math.Sqrt(5)) // place 0 above place 1
	tops, err := Top(s, []int{1, 2, 5}, Options{Draws: draws, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	five := 5 * math.Sqrt(p*(1-p)/draws)
	near(t, "place 0 is first", tops.In[0][0], p, five)
	near(t, "place 1 is first", tops.In[0][1], 1-p, five)
	near(t, "place 0 is among two", tops.In[1][0], 1, 0)
	near(t, "place 1 is among five", tops.In[2][1], 1, 0)
	ranks, err := Of(s, Options{Draws: draws, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "expected rank", ranks.Expected[0], 2-p, five)
	low, err := Of(s, Options{Draws: draws, Seed: 5, Lowest: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "expected rank from below", low.Expected[0], 3-ranks.Expected[0], 1e-12)
	if !slices.Equal(ranks.Order, []int{1, 0}) || !slices.Equal(low.Order, []int{0, 1}) {
		t.Errorf("order %v, from below %v", ranks.Order, low.Order)
	}
}

// Gamma places of equal rate and whole shapes: the first of two independent
// gammas is larger with a binomial tail probability.
func TestGammaPlacesAreAsCalculated(t *testing.T) {
	s := Gammas{Shape: []float64{3, 5}, Rate: []float64{2, 2}}
	const draws = 200_000
	// Of the events of two merged Poisson streams, place 1's fifth comes before
	// place 0's third: fewer than three of the first seven are place 0's.
	p := dist.BinomialCDF(2, 7, 0.5)
	tops, err := Top(s, []int{1}, Options{Draws: draws})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "place 0 is first", tops.In[0][0], p, 5*math.Sqrt(p*(1-p)/draws))
}

// Four draws of three places by hand, one of them with a tie.
func TestSamplesByHand(t *testing.T) {
	s := Samples{{3, 2, 1}, {1, 2, 3}, {3, 1, 2}, {2, 2, 1}}
	ranks, err := Of(s, Options{Level: 0.5, Draws: 99})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{(1 + 3 + 1 + 1.5) / 4, (2 + 2 + 3 + 1.5) / 4, (3 + 1 + 2 + 3) / 4.0} {
		near(t, "expected rank", ranks.Expected[i], want, 1e-15)
	}
	if ranks.Draws != 4 || !slices.Equal(ranks.Order, []int{0, 1, 2}) {
		t.Errorf("draws %d, order %v", ranks.Draws, ranks.Order)
	}
	// Half level leaves out one draw at either end: 1 1 1.5 3 gives 1 to 1.5.
	if ranks.Interval[0] != (stats.Interval{Low: 1, High: 1.5}) {
		t.Errorf("interval %v", ranks.Interval[0])
	}
	tops, err := Top(s, []int{1, 2}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2.5 / 4, 0.5 / 4, 1.0 / 4} {
		near(t, "first", tops.In[0][i], want, 1e-15)
	}
	for i, want := range []float64{3.0 / 4, 3.0 / 4, 2.0 / 4} {
		near(t, "among two", tops.In[1][i], want, 1e-15)
	}
}

func posterior(n int, seed uint64, mean, shape float64) (truth []float64, g shrink.Gamma, err error) {
	r := stats.NewRand(seed, 99)
	counts, exposure := make([]float64, n), make([]float64, n)
	truth = make([]float64, n)
	for i := range counts {
		exposure[i] = 0.5 + r.Float64()
		truth[i] = mean * r.Gamma(shape) / shape
		counts[i] = r.Poisson(truth[i] * exposure[i])
	}
	g, err = shrink.FitGamma(counts, exposure, shrink.Integrated)
	return truth, g, err
}

// Known truth: rates are drawn, counts are Poisson, the model is fitted. The
// true rank must be in its 95 % interval at least 95 % of the time (ranks are
// whole, so rather more), and of places given a chance of 60 to 80 % to be in
// the top, that share must be.
func TestRankIntervalsCoverAndChancesHold(t *testing.T) {
	for _, c := range []struct {
		places      int
		mean, shape float64
	}{{33, 20, 8}, {33, 2, 4}, {200, 5, 3}} {
		inside, all, stated, true60, said60 := 0.0, 0.0, 0.0, 0.0, 0.0
		trials := 4000 / c.places
		for trial := range trials {
			truth, g, err := posterior(c.places, uint64(trial), c.mean, c.shape)
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Draws: 400, Seed: uint64(trial)}
			ranks, err := Of(g, o)
			if err != nil {
				t.Fatal(err)
			}
			k := c.places / 5
			tops, err := Top(g, []int{k}, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, place := range Places(truth, false) {
				all++
				if ranks.Interval[i].Has(place) {
					inside++
				}
				if p := tops.In[0][i]; p >= 0.6 && p < 0.8 {
					said60++
					stated += p
					if place <= float64(k) {
						true60++
					}
				}
			}
		}
		t.Logf("%+v: coverage %.4f; said %.3f true %.3f of %v", c, inside/all, stated/said60, true60/said60, said60)
		if share := inside / all; share < 0.94 || share > 0.99 {
			t.Errorf("%+v: coverage %.4f", c, share)
		}
		near(t, "chance that holds", true60/said60, stated/said60, 4*math.Sqrt(0.21/said60))
	}
}

func TestChancesAddUpAndOrderDoesNotMatter(t *testing.T) {
	_, g, err := posterior(50, 1, 5, 3)
	if err != nil {
		t.Fatal(err)
	}
	tops, err := Top(g, []int{1, 7, 50}, Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	for j, k := range tops.K {
		near(t, "sum of chances", stats.Sum(tops.In[j]), float64(k), 1e-6)
	}
	ranks, err := Of(g, Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sum of ranks", stats.Sum(ranks.Expected), 50*51/2, 1e-9)
	for i := range ranks.Expected {
		if !ranks.Interval[i].Has(math.Round(ranks.Expected[i])) {
			t.Errorf("place %d: %v outside %v", i, ranks.Expected[i], ranks.Interval[i])
		}
	}
	// Turning the columns about turns the answers about; doubling changes nothing.
	rows, turned := make(Samples, 500), make(Samples, 500)
	r := stats.NewRand(8, 0)
	for d := range rows {
		rows[d] = make([]float64, 50)
		g.Draw(&r, rows[d])
		turned[d] = slices.Clone(rows[d])
		slices.Reverse(turned[d])
		for i := range turned[d] {
			turned[d][i] *= 2
		}
	}
	a, _ := Of(rows, Options{})
	b, _ := Of(turned, Options{})
	for i := range a.Expected {
		if a.Expected[i] != b.Expected[49-i] || a.Interval[i] != b.Interval[49-i] {
			t.Errorf("place %d is ranked otherwise when turned about", i)
		}
	}
}

// The fast sorter and selection against the plain ones, with ties, outliers,
// infinities and equal values.
func TestSortingIsSorting(t *testing.T) {
	r := stats.NewRand(2, 0)
	for trial := range 300 {
		n := 1 + int(r.Below(400))
		values := make([]float64, n)
		for i := range values {
			switch trial % 5 {
			case 0:
				values[i] = r.Normal()
			case 1:
				values[i] = float64(r.Below(10))
			case 2:
				values[i] = math.Exp(20 * r.Normal())
			case 3:
				values[i] = 1
			case 4:
				values[i] = 1 / float64(r.Below(50))
			}
		}
		want := slices.Clone(values)
		slices.Sort(want)
		slices.Reverse(want)
		got := Places(values, false)
		for i, v := range values {
			first := slices.Index(want, v) + 1
			last := first
			for last < n && want[last] == v {
				last++
			}
			if got[i] != float64(first+last)/2 {
				t.Fatalf("trial %d: rank of %v is %v, not %v", trial, v, got[i], float64(first+last)/2)
			}
		}
		k := 1 + int(r.Below(uint32(n)))
		if v := kth(slices.Clone(values), k); v != want[k-1] {
			t.Fatalf("trial %d: %dth of %d is %v, not %v", trial, k, n, v, want[k-1])
		}
	}
}

func TestCoresDoNotMatter(t *testing.T) {
	_, g, err := posterior(70, 1, 5, 3)
	if err != nil {
		t.Fatal(err)
	}
	c := Composite{Indicators: [][]float64{{1, 5, 2, 2, 9}, {4, 1, 1, 0, 3}, {0, 2, 7, 1, 1}}}
	compute := func() (Ranks, Tops, Stable) {
		ranks, _ := Of(g, Options{Seed: 3})
		tops, _ := Top(g, []int{3, 10}, Options{Seed: 3})
		stable, _ := Stability(c, []int{2}, Options{Seed: 3})
		return ranks, tops, stable
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	r1, t1, s1 := compute()
	runtime.GOMAXPROCS(4)
	r4, t4, s4 := compute()
	if !slices.Equal(r1.Expected, r4.Expected) || !slices.Equal(r1.Interval, r4.Interval) || !slices.Equal(t1.In[1], t4.In[1]) {
		t.Error("ranks differ with the number of cores")
	}
	if s1.Shift != s4.Shift || s1.Tau != s4.Tau || !slices.Equal(s1.Kept, s4.Kept) {
		t.Error("stability differs with the number of cores")
	}
}

func TestDegenerateRankings(t *testing.T) {
	one, err := Of(Normals{[]float64{5}, []float64{1}}, Options{})
	if err != nil || one.Expected[0] != 1 || one.Interval[0] != (stats.Interval{Low: 1, High: 1}) {
		t.Errorf("one place: %+v, %v", one, err)
	}
	// Places that are known to be alike share the ranks and the top.
	alike := Normals{[]float64{2, 2, 2, 2}, make([]float64, 4)}
	ranks, err := Of(alike, Options{})
	if err != nil || ranks.Expected[3] != 2.5 {
		t.Errorf("all alike: %+v, %v", ranks, err)
	}
	tops, err := Top(alike, []int{1}, Options{})
	if err != nil || tops.In[0][0] != 0.25 {
		t.Errorf("all alike: %+v, %v", tops, err)
	}
	nan := math.NaN()
	for _, c := range []struct{ err, want error }{
		{second(Of(Normals{}, Options{})), stats.ErrEmpty},
		{second(Of(Samples{}, Options{})), stats.ErrEmpty},
		{second(Of(Normals{[]float64{1}, nil}, Options{})), stats.ErrLength},
		{second(Of(Normals{[]float64{1}, []float64{-1}}, Options{})), stats.ErrNegative},
		{second(Of(Normals{[]float64{nan}, []float64{1}}, Options{})), stats.ErrMissing},
		{second(Of(Gammas{[]float64{0}, []float64{1}}, Options{})), stats.ErrNegative},
		{second(Of(Gammas{[]float64{1}, nil}, Options{})), stats.ErrLength},
		{second(Of(Samples{{1, 2}, {1}}, Options{})), stats.ErrLength},
		{second(Of(Samples{{1, nan}}, Options{})), stats.ErrMissing},
		{second(Top(Samples{{1, nan}}, []int{1}, Options{})), stats.ErrMissing},
		{second(Top(Samples{{1, 2}}, []int{0}, Options{})), stats.ErrOption},
		{second(Of(alike, Options{Draws: -1})), stats.ErrOption},
		{second(Of(alike, Options{Level: 1})), stats.ErrOption},
		{second(Of(Composite{}, Options{})), stats.ErrEmpty},
		{second(Of(Composite{Indicators: [][]float64{{1}, {1, 2}}}, Options{})), stats.ErrLength},
		{second(Of(Composite{Indicators: [][]float64{{1}}, Weights: []float64{0}}, Options{})), stats.ErrNoPopulation},
		{second(Of(Composite{Indicators: [][]float64{{1}}, Weights: []float64{-1}}, Options{})), stats.ErrNegative},
		{second(Of(Composite{Indicators: [][]float64{{1}}, Concentration: -1}, Options{})), stats.ErrOption},
		{second(Kendall([]float64{1}, []float64{1})), stats.ErrTooFew},
		{second(Kendall([]float64{1, 2}, []float64{1})), stats.ErrLength},
		{second(Spearman([]float64{1, 2}, []float64{1, 1})), stats.ErrConstant},
		{second(Spearman([]float64{1, 2}, []float64{1, nan})), stats.ErrMissing},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%v, not %v", c.err, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// The quick count of the first k against ranks, draw by draw: values whose level
// jumps about between draws, ties and infinities among them.
func TestFirstKAreThoseOfTheRanks(t *testing.T) {
	r := stats.NewRand(12, 0)
	const n = 300
	ks := []int{5, 60, 1, 300, 60}
	s := newSelector(ks, n)
	want := make([]float64, n*len(ks))
	for draw := range 200 {
		values := make([]float64, n)
		shift := 5 * r.Normal()
		for i := range values {
			if values[i] = shift + r.Normal(); draw%3 == 0 {
				values[i] = math.Floor(values[i])
			}
			if draw%7 == 0 && i%50 == 0 {
				values[i] = math.Inf(int(r.Below(2)) - 1)
			}
		}
		s.add(values)
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		for j, k := range ks {
			least := sorted[n-k]
			above, equal := 0.0, 0.0
			for _, v := range values {
				if v > least {
					above++
				} else if v == least {
					equal++
				}
			}
			for i, v := range values {
				if v > least {
					want[j*n+i]++
				} else if v == least {
					want[j*n+i] += (float64(k) - above) / equal
				}
			}
		}
	}
	for c, v := range s.sums {
		near(t, "times among the first", float64(v)/share, want[c], 1e-5)
	}
}

func TestSamplingError(t *testing.T) {
	near(t, "half of 100", SamplingError(0.5, 100), 0.05, 1e-12)
	if e := SamplingError(0, 2000); e <= 0 || e > 0.001 {
		t.Errorf("none of 2,000 draws has a sampling error of %v", e)
	}
}
