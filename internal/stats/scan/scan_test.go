package scan

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// settings are scans of every kind.
func settings() []Options {
	var out []Options
	for _, rates := range []Rates{High, Low, Both} {
		for _, o := range []Options{
			{},
			{MaxShare: 0.2, MinCases: 1},
			{MaxRadius: 1_500, Overlap: CentresApart},
			{MaxShare: 1, MaxPeriods: 1},
			{Prospective: true, MaxPeriods: 3},
			{Prospective: true, EarlierAnalyses: 2, MinPeriods: 2},
			{WholeTime: true},
			{WholeTime: true, Prospective: true, MaxPeriods: 2},
		} {
			o.Rates, o.Seed, o.Replications = rates, uint64(len(out)), 20
			out = append(out, o)
		}
	}
	return out
}

// each calls a test for every kind of scan of some maps, with the options
// completed.
func each(t *testing.T, test func(t *testing.T, d Data, o Options, permute bool)) {
	for _, periods := range []int{1, 7} {
		for i, o := range settings() {
			o, err := o.complete(periods)
			if err != nil {
				continue // not with one period
			}
			for _, permute := range []bool{false, true} {
				if permute && periods == 1 {
					continue
				}
				name := fmt.Sprintf("%d/%d/%v", periods, i, permute)
				t.Run(name, func(t *testing.T) { test(t, small(periods, 150, uint64(i)), o, permute) })
			}
		}
	}
}

func scanOf(permute bool) func(Data, Options) (Result, error) {
	if permute {
		return Permutation
	}
	return Poisson
}

func near(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

func TestClustersAreThoseOfAllSets(t *testing.T) {
	each(t, func(t *testing.T, d Data, o Options, permute bool) {
		got, err := scanOf(permute)(d, o)
		if err != nil {
			t.Fatal(err)
		}
		all := brute(d, o, permute, d.Cases, bruteWindows(d.Periods, o, 0))
		if len(got.Clusters) == 0 || got.Clusters[0].LLR < got.Clusters[len(got.Clusters)-1].LLR {
			t.Fatal("not the most likely first")
		}
		for i, c := range got.Clusters {
			checkListed(t, d, all, c)
			if want := greatestApart(all, got.Clusters[:i], o); !near(c.LLR, want, 1e-9) {
				t.Fatalf("cluster %d: %v, not %v", i, c.LLR, want)
			}
		}
		if left := greatestApart(all, got.Clusters, o); left > 1e-9 && len(got.Clusters) < o.MaxClusters {
			t.Fatalf("one of %v is left", left)
		}
	})
}

// checkListed wants a cluster to be one of all, with the figures it has there.
func checkListed(t *testing.T, d Data, all []bruteCluster, c Cluster) {
	t.Helper()
	set := slices.Sorted(slices.Values(c.Places))
	for _, b := range all {
		if b.centre != c.Centre || b.first != c.First || b.last != c.Last || len(set) != len(b.places) ||
			!slices.Equal(set, slices.Sorted(slices.Values(b.places))) {
			continue
		}
		n := stats.Sum(d.Cases)
		risk := c.Cases / c.Expected / ((n - c.Cases) / (n - c.Expected))
		if b.c != c.Cases || !near(b.e, c.Expected, 1e-9) || !near(b.radius, c.Radius, 1e-9) ||
			!near(c.Ratio, c.Cases/c.Expected, 1e-15) ||
			!math.IsNaN(c.RelativeRisk) && !near(c.RelativeRisk, risk, 1e-12) {
			t.Fatalf("%+v is not %+v", c, b)
		}
		return
	}
	t.Fatalf("no such circle: %+v", c)
}

func TestReplicationsAreScannedAsTheCasesAre(t *testing.T) {
	each(t, func(t *testing.T, d Data, o Options, permute bool) {
		got, err := scanOf(permute)(d, o)
		if err != nil {
			t.Fatal(err)
		}
		for r := range 20 {
			want, err := bruteReplication(d, o, permute, r)
			if err != nil {
				t.Fatal(err)
			}
			if !near(got.Maxima[r], want, 1e-9) {
				t.Fatalf("replication %d: %v, not %v", r, got.Maxima[r], want)
			}
		}
	})
}

// A replication's windows are those of the data, or, where earlier analyses
// count, also those that were alive at them.
func TestReplicationsHaveTheWindowsOfTheirAnalyses(t *testing.T) {
	each(t, func(t *testing.T, d Data, o Options, permute bool) {
		p, err := newProblem(d, o, permute)
		if err != nil {
			t.Fatal(err)
		}
		var got []window
		for _, w := range p.newSweep().windows {
			got = append(got, w.window)
		}
		want := bruteWindows(d.Periods, o, o.EarlierAnalyses)
		slices.SortFunc(got, func(a, b window) int { return cmp.Or(a.first-b.first, a.end-b.end) })
		if !slices.Equal(got, want) {
			t.Errorf("%v, not %v", got, want)
		}
	})
}

// A place of few cases amid many is a cluster of low rates, and only then.
func TestLowRates(t *testing.T) {
	d := Data{X: []float64{0, 1, 2, 3}, Y: make([]float64, 4), Cases: []float64{2, 40, 45, 43}, Expected: []float64{1, 1, 1, 1}}
	for rates, want := range map[Rates]bool{High: false, Low: true, Both: true} {
		got, err := Poisson(d, Options{Rates: rates})
		if err != nil {
			t.Fatal(err)
		}
		c := got.Clusters[0]
		if low := slices.Equal(c.Places, []int{0}) && c.Ratio < 1; low != want {
			t.Errorf("%v: %+v", rates, c)
		}
	}
}

// Wide lanes, for many cases, give what narrow ones do: with counts and
// expected numbers alike times a factor the same circle is found, and each
// replication has the value of its own sum.
func TestManyCases(t *testing.T) {
	for _, factor := range []int{1, 300, 20_000} {
		d := small(4, 130, 8)
		for i := range d.Cases {
			d.Cases[i] *= float64(factor)
		}
		o, err := Options{Replications: 12, Prospective: true}.complete(4)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Poisson(d, o)
		if err != nil {
			t.Fatal(err)
		}
		for r := range 12 {
			want, err := bruteReplication(d, o, false, r)
			if err != nil {
				t.Fatal(err)
			}
			if !near(got.Maxima[r], want, 1e-8) {
				t.Errorf("times %d: %v, not %v", factor, got.Maxima[r], want)
			}
		}
		all := brute(d, o, false, d.Cases, bruteWindows(4, o, 0))
		if !near(got.Clusters[0].LLR, greatest(all), 1e-9) {
			t.Errorf("times %d: %v", factor, got.Clusters[0])
		}
	}
}

func TestResultsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	d := town(120, 6, 1_000, 2)
	for _, permute := range []bool{false, true} {
		var first Result
		for _, cores := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(cores)
			got, err := scanOf(permute)(d, Options{Replications: 100, Rates: Both})
			if err != nil {
				t.Fatal(err)
			}
			if cores == 1 {
				first = got
			}
			if !same(first, got) {
				t.Errorf("%d cores differ from one", cores)
			}
		}
	}
}

// How many replications and centres are worked on together is a matter of
// memory alone.
func TestResultsAreTheSameInAnyPortions(t *testing.T) {
	o, err := Options{Replications: 200, Rates: Both}.complete(6)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProblem(town(120, 6, 1_000, 2), o, false)
	if err != nil {
		t.Fatal(err)
	}
	want := p.newSweep().run(0, 200)
	for _, block := range []int{1, 7} {
		s, got := p.newSweep(), []float64{}
		s.block = block
		for n := 30; len(got) < 200; {
			got = append(got, s.run(len(got), min(n, 200-len(got)))...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d centres and 30 replications at a time differ", block)
		}
	}
}

// same compares all figures to the last bit.
func same(a, b Result) bool { return fmt.Sprintf("%v", a) == fmt.Sprintf("%v", b) }

// Relabelling the places relabels the result and changes nothing else; nor does
// another unit of population, or a map that is moved and turned by a quarter.
func TestInvariances(t *testing.T) {
	d := town(80, 5, 600, 3)
	o := Options{Replications: 99}
	want, err := Poisson(d, o)
	if err != nil {
		t.Fatal(err)
	}
	r, order := stats.NewRand(7, 7), make([]float64, 80)
	for i := range order {
		order[i] = float64(i)
	}
	r.Shuffle(order)
	m := Data{Periods: 5}
	for _, f := range order {
		i := int(f)
		m.X, m.Y = append(m.X, d.X[i]), append(m.Y, d.Y[i])
		m.Cases = append(m.Cases, d.Cases[i*5:i*5+5]...)
		m.Expected = append(m.Expected, d.Expected[i*5:i*5+5]...)
	}
	got, err := Poisson(m, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Clusters {
		c := &got.Clusters[i]
		c.Centre = int(order[c.Centre])
		for k, p := range c.Places {
			c.Places[k] = int(order[p])
		}
	}
	if !same(want, got) {
		t.Errorf("relabelled:\n%+v\n%+v", want.Clusters[0], got.Clusters[0])
	}
	for i := range d.Expected {
		d.Expected[i] *= 8
	}
	if got, err = Poisson(d, o); err != nil || !same(want, got) {
		t.Error("the unit of population matters", err)
	}
	d.X, d.Y = d.Y, d.X
	for i := range d.X {
		d.X[i] = 1e6 - d.X[i]
	}
	if got, err = Poisson(d, Options{Replications: -1}); err != nil || !near(got.Clusters[0].LLR, want.Clusters[0].LLR, 1e-9) {
		t.Error("a turned map differs", err)
	}
}

// The replications stop with the one in which enough have reached the cluster.
func TestStopAfter(t *testing.T) {
	d := town(60, 1, 400, 5)
	full, err := Poisson(d, Options{Replications: 999})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Poisson(d, Options{Replications: 999, StopAfter: 10})
	if err != nil {
		t.Fatal(err)
	}
	n, reached := len(got.Maxima), 0
	for i, v := range got.Maxima {
		if v != full.Maxima[i] {
			t.Fatal("replications differ")
		}
		if v >= full.Clusters[0].LLR {
			reached++
		}
	}
	if n == 999 || reached != 10 || got.Maxima[n-1] < full.Clusters[0].LLR {
		t.Errorf("%d of %d", reached, n)
	}
	if p := 10 / float64(n); got.Clusters[0].P != p || math.Abs(p-full.Clusters[0].P) > 0.2 {
		t.Errorf("p %v, of all %v", got.Clusters[0].P, full.Clusters[0].P)
	}
}

// Earlier analyses make p larger, never smaller.
func TestEarlierAnalysesAreAllowedFor(t *testing.T) {
	d := town(60, 12, 500, 5)
	alone, err := Poisson(d, Options{Prospective: true, MaxPeriods: 3})
	if err != nil {
		t.Fatal(err)
	}
	series, err := Poisson(d, Options{Prospective: true, MaxPeriods: 3, EarlierAnalyses: 8})
	if err != nil {
		t.Fatal(err)
	}
	a, s := alone.Clusters[0], series.Clusters[0]
	if a.LLR != s.LLR || s.P < a.P || stats.Sum(series.Maxima) < stats.Sum(alone.Maxima)+500 {
		t.Errorf("p %v alone, %v in the series", a.P, s.P)
	}
}

// A case by hand: three of four cases in one place of four alike.
// 3 ln 3 + 1 ln(1/3) = 2 ln 3, relative risk 3 / (1/3) = 9.
func TestByHand(t *testing.T) {
	d := Data{X: []float64{0, 10, 20, 30}, Y: make([]float64, 4), Cases: []float64{3, 0, 1, 0}, Expected: []float64{5, 5, 5, 5}}
	got, err := Poisson(d, Options{})
	if err != nil || len(got.Clusters) != 1 {
		t.Fatal(err, got.Clusters)
	}
	c := got.Clusters[0]
	if !near(c.LLR, 2*math.Log(3), 1e-14) || !near(c.RelativeRisk, 9, 1e-14) || c.Ratio != 3 || c.Radius != 0 || c.Centre != 0 {
		t.Errorf("%+v", c)
	}
	// Of the 256 ways to place four cases 4 have all in one place, 48 three, and
	// 12 two each in the two at one end, which is 4 ln 2: 64 reach it.
	if math.Abs(c.P-0.25) > 4*math.Sqrt(0.25*0.75/999) {
		t.Errorf("p %v", c.P)
	}
}

// Of circles alike in likelihood the one of fewer places is named, then the
// narrower: place 3, without people, is left out, and of the three circles that
// hold places 0 to 2 it is the one about 1.
func TestOfCirclesAlikeTheSmallestIsNamed(t *testing.T) {
	d := Data{
		X: []float64{0, 10, 21, 33, 90, 95, 99}, Y: make([]float64, 7),
		Cases: []float64{9, 9, 9, 0, 2, 3, 1}, Expected: []float64{1, 1, 1, 0, 2, 2, 2},
	}
	got, err := Poisson(d, Options{Replications: 9})
	if err != nil || len(got.Clusters) == 0 {
		t.Fatal(err, got.Clusters)
	}
	if c := got.Clusters[0]; c.Centre != 1 || c.Radius != 11 || !slices.Equal(c.Places, []int{1, 0, 2}) {
		t.Errorf("%+v", c)
	}
}

func TestMeanPopulation(t *testing.T) {
	got, err := MeanPopulation([]float64{1973, 1982, 1991}, []float64{100, 190, 100}, []float64{1970, 1973, 1974, 1981, 1983, 1991, 1992})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{100, 105, 145, 185, 140, 100} {
		if !near(got[i], want, 1e-12) {
			t.Errorf("period %d: %v, not %v", i, got[i], want)
		}
	}
	nan := math.NaN()
	for _, c := range []struct {
		times, counts, edges []float64
		want                 error
	}{
		{nil, nil, []float64{0, 1}, stats.ErrEmpty},
		{[]float64{1}, nil, []float64{0, 1}, stats.ErrLength},
		{[]float64{1}, []float64{1}, []float64{0}, stats.ErrTooFew},
		{[]float64{1}, []float64{nan}, []float64{0, 1}, stats.ErrMissing},
		{[]float64{nan}, []float64{1}, []float64{0, 1}, stats.ErrMissing},
		{[]float64{1}, []float64{-1}, []float64{0, 1}, stats.ErrNegative},
		{[]float64{1, 1}, []float64{1, 2}, []float64{0, 1}, stats.ErrOption},
		{[]float64{1}, []float64{1}, []float64{1, 0}, stats.ErrOption},
		{[]float64{1, 9}, []float64{1e308, 1e308}, []float64{1, 9}, stats.ErrMissing},
	} {
		if _, err := MeanPopulation(c.times, c.counts, c.edges); !errors.Is(err, c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
