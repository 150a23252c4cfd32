package nearrepeat

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// scattered are events at random over a square and some days.
func scattered(seed uint64, n int, side, days float64) Events {
	r := stats.NewRand(seed, 0)
	e := Events{make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		e.X[i], e.Y[i], e.Time[i] = side*r.Float64(), side*r.Float64(), math.Floor(days*r.Float64())
	}
	return e
}

func knox(t *testing.T, e Events, b Bands, o Options) Table {
	t.Helper()
	table, err := Knox(e, b, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Four events: a repeat on the same day, one 3 m and 4 m away the day after,
// one far off.
func TestPairsByHand(t *testing.T) {
	e := Events{X: []float64{0, 0, 3, 900}, Y: []float64{0, 0, 4, 0}, Time: []float64{10, 10, 11, 20}}
	for _, c := range []struct {
		metric Metric
		want   [3][3]float64
	}{
		{Euclidean, [3][3]float64{{1, 0, 0}, {0, 2, 0}, {0, 0, 3}}},
		{Manhattan, [3][3]float64{{1, 0, 0}, {0, 0, 0}, {0, 2, 3}}},
	} {
		table := knox(t, e, Bands{Space: []float64{0, 5}, Time: []float64{0, 1}, Metric: c.metric}, Options{Replications: 9})
		for s := range 3 {
			for k := range 3 {
				if got := table.Cells[s][k].Observed; got != c.want[s][k] {
					t.Errorf("metric %v, cell %d,%d: %v pairs, not %v", c.metric, s, k, got, c.want[s][k])
				}
			}
		}
	}
}

// The index must find what looking at all pairs finds, whatever the limits.
func TestPairsAreThoseOfAllPairs(t *testing.T) {
	sets := map[string]Events{
		"scattered": scattered(1, 300, 1000, 90), "few": scattered(2, 3, 1, 5), "two": scattered(3, 2, 1, 5),
		"one place": {make([]float64, 40), make([]float64, 40), scattered(4, 40, 1, 20).Time},
		"a line":    {scattered(5, 50, 1000, 9).X, make([]float64, 50), scattered(5, 50, 1000, 9).Time},
		"lattice":   {make([]float64, 100), make([]float64, 100), scattered(6, 100, 1, 30).Time},
		"hours":     {scattered(7, 200, 500, 9).X, scattered(8, 200, 500, 9).Y, scattered(9, 200, 15, 9).X},
		"far apart": {[]float64{-1e308, 1e308, 0, 0}, []float64{0, 0, 1, 1}, []float64{1, 2, 3, 4}},
	}
	for i := range 100 {
		sets["lattice"].X[i], sets["lattice"].Y[i] = float64(i%10*50), float64(i/10*50)
	}
	for name, e := range sets {
		for _, limits := range [][]float64{{0}, {0, 50}, {50, 100, 200}, {1e-9}, {0, 5000}} {
			for _, metric := range []Metric{Euclidean, Manhattan} {
				b := Bands{Space: limits, Time: []float64{0, 2.7, 3, 10}, Metric: metric}
				table := knox(t, e, b, Options{Replications: 1})
				want := allPairs(e, b)
				for s, row := range table.Cells {
					for k, c := range row {
						if c.Observed != want[s][k] {
							t.Fatalf("%s, limits %v, metric %v, cell %d,%d: %v pairs, not %v", name, limits, metric, s, k, c.Observed, want[s][k])
						}
					}
				}
			}
		}
	}
}

func allPairs(e Events, b Bands) [][]float64 {
	out := make([][]float64, len(b.Space)+1)
	for s := range out {
		out[s] = make([]float64, len(b.Time)+1)
	}
	for i := range e.X {
		for j := range i {
			d := b.Metric.distance(e.X[i]-e.X[j], e.Y[i]-e.Y[j])
			out[band(b.Space, d)][band(b.Time, math.Abs(e.Time[i]-e.Time[j]))]++
		}
	}
	return out
}

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

func TestKnoxIsThatOfSurveillance(t *testing.T) {
	var e Events
	for _, row := range readCSV(t, "knox_events.csv") {
		e.X, e.Y, e.Time = append(e.X, float(t, row[0])), append(e.Y, float(t, row[1])), append(e.Time, float(t, row[2]))
	}
	for _, row := range readCSV(t, "knox.csv") {
		b := Bands{Space: []float64{float(t, row[1])}, Time: []float64{float(t, row[2])}}
		if row[0] == "manhattan" {
			b.Metric = Manhattan
		}
		c := knox(t, e, b, Options{Replications: 9}).Cells[0][0]
		if c.Observed != float(t, row[3]) {
			t.Errorf("%v: %v pairs", row, c.Observed)
		}
		near(t, "expected", c.Expected, float(t, row[4]), 1e-12)
		// They give the chance of more pairs, we that of as many or more.
		near(t, "Poisson", dist.PoissonTail(c.Observed, c.Expected), float(t, row[5]), 1e-12)
		if c.Poisson < float(t, row[5]) {
			t.Errorf("%v: as many or more is less likely than more", row)
		}
	}
}

// The mean and variance are those over every one of the n! permutations.
func TestMomentsAreThoseOfAllPermutations(t *testing.T) {
	for n := 2; n <= 7; n++ {
		e := scattered(uint64(n), n, 10, 6)
		e.X[1], e.Y[1] = e.X[0], e.Y[0]
		b := Bands{Space: []float64{0, 3, 6}, Time: []float64{0, 2}}
		if n%2 == 1 { // hours of the day, and blocks of streets
			b.Metric, b.Time = Manhattan, []float64{0.25, 1.75}
			for i := range e.Time {
				e.Time[i] *= 0.375
			}
		}
		table := knox(t, e, b, Options{Replications: 1})
		sum, square := [4][3]float64{}, [4][3]float64{}
		ways := 0.0
		permute(e.Time, 0, func() {
			ways++
			for s, row := range allPairs(e, b) {
				for k, v := range row {
					sum[s][k] += v
					square[s][k] += v * v
				}
			}
		})
		for s, row := range table.Cells {
			for k, c := range row {
				mean := sum[s][k] / ways
				near(t, "mean", c.Expected, mean, 1e-12)
				near(t, "variance", c.Variance, square[s][k]/ways-mean*mean, 1e-10)
			}
		}
	}
}

// P is, but for its Monte-Carlo error, the share of all permutations that have as
// many pairs or more.
func TestPIsTheShareOfAllPermutations(t *testing.T) {
	e := scattered(21, 8, 10, 6)
	b := Bands{Space: []float64{3, 6}, Time: []float64{0, 2}}
	const replications = 9999
	table := knox(t, e, b, Options{Replications: replications, Seed: 2})
	atLeast, ways := [3][3]float64{}, 0.0
	permute(e.Time, 0, func() {
		ways++
		for s, row := range allPairs(e, b) {
			for k, v := range row {
				if v >= table.Cells[s][k].Observed {
					atLeast[s][k]++
				}
			}
		}
	})
	for s, row := range table.Cells {
		for k, c := range row {
			p := atLeast[s][k] / ways
			if math.Abs(c.P-p) > 4*math.Sqrt(p*(1-p)/replications)+1.0/replications {
				t.Errorf("cell %d,%d: P is %v, of all permutations %v", s, k, c.P, p)
			}
		}
	}
}

// permute calls visit with the values in every order.
func permute(v []float64, from int, visit func()) {
	if from == len(v) {
		visit()
		return
	}
	for i := from; i < len(v); i++ {
		v[from], v[i] = v[i], v[from]
		permute(v, from+1, visit)
		v[from], v[i] = v[i], v[from]
	}
}

// What the permutations find must agree with the exact moments.
func TestPermutationsHaveTheExactMean(t *testing.T) {
	e := scattered(8, 400, 2000, 60)
	const replications = 4000
	table := knox(t, e, Bands{Space: []float64{100, 300}, Time: []float64{3, 7}}, Options{Replications: replications, Seed: 3})
	for s, row := range table.Cells {
		for k, c := range row {
			if z := (c.Mean - c.Expected) / math.Sqrt(c.Variance/replications); math.Abs(z) > 4.5 {
				t.Errorf("cell %d,%d: the mean of permutations lies %.1f standard errors off", s, k, z)
			}
			if d := math.Abs(c.Median - c.Expected); d > math.Sqrt(c.Variance) {
				t.Errorf("cell %d,%d: median %v, mean %v", s, k, c.Median, c.Expected)
			}
		}
	}
}

// Whole days go a faster way than other times; the answer is the same.
func TestBothWaysOfCountingAgree(t *testing.T) {
	e := scattered(9, 500, 1000, 400)
	half := Events{e.X, e.Y, make([]float64, 500)}
	for i := range half.Time {
		half.Time[i] = e.Time[i] + 0.5
	}
	for _, limits := range [][]float64{{0}, {7}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 21, 28, 35, 42, 49, 400}} {
		b := Bands{Space: []float64{0, 100, 1000}, Time: limits}
		fast := knox(t, e, b, Options{Replications: 21, Seed: 5})
		slow := knox(t, half, b, Options{Replications: 21, Seed: 5})
		if !same(fast, slow) {
			t.Errorf("limits %v: the two ways differ", limits)
		}
	}
	if _, whole := wholeDays([]float64{0, 32767}); !whole {
		t.Error("32,767 days are not too long")
	}
	if _, whole := wholeDays([]float64{0, 32768}); whole {
		t.Error("32,768 days are too long for a quarter of a word")
	}
	if _, whole := wholeDays([]float64{0, 1.5}); whole {
		t.Error("a day and a half is whole")
	}
}

// same compares tables; NaN is NaN.
func same(a, b Table) bool {
	for s := range a.Cells {
		for k := range a.Cells[s] {
			va, vb := reflect.ValueOf(a.Cells[s][k]), reflect.ValueOf(b.Cells[s][k])
			for f := range va.NumField() {
				if math.Float64bits(va.Field(f).Float()) != math.Float64bits(vb.Field(f).Float()) {
					return false
				}
			}
		}
	}
	return true
}

func TestAnyNumberOfCoresGivesTheSame(t *testing.T) {
	b := Bands{Space: []float64{0, 50, 200}, Time: []float64{0, 7, 14}}
	for _, e := range []Events{scattered(10, 600, 2000, 365), {scattered(10, 600, 2000, 365).X, scattered(11, 600, 2000, 9).Y, scattered(12, 600, 365, 9).X}} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		one := knox(t, e, b, Options{Replications: 50, Seed: 7})
		runtime.GOMAXPROCS(4)
		if !same(one, knox(t, e, b, Options{Replications: 50, Seed: 7})) {
			t.Error("the number of cores changes the answer")
		}
		if same(one, knox(t, e, b, Options{Replications: 50, Seed: 8})) {
			t.Error("the seed changes nothing")
		}
	}
}

// Under no pattern P is at most p with chance p or less, whatever p; and close
// to p where many counts are possible.
func TestPIsUniformUnderChance(t *testing.T) {
	const sets = 600
	atMost := map[float64]float64{0.01: 0, 0.05: 0, 0.2: 0, 0.5: 0}
	for k := range sets {
		e := scattered(uint64(1000+k), 150, 1000, 100)
		c := knox(t, e, Bands{Space: []float64{150}, Time: []float64{14}}, Options{Replications: 99, Seed: uint64(k)}).Cells[0][0]
		for p := range atMost {
			if c.P <= p+1e-12 {
				atMost[p]++
			}
		}
	}
	for p, times := range atMost {
		z := (times/sets - p) / math.Sqrt(p*(1-p)/sets)
		if z > 4 || z < -4-3*p { // ties make P a little too large
			t.Errorf("P is at most %v in %v of %v sets", p, times, sets)
		}
	}
}

// After a tenth of the events another one follows within 100 m and a week.
func TestPlantedNearRepeatsAreFound(t *testing.T) {
	e := scattered(13, 1000, 10000, 365)
	r := stats.NewRand(14, 0)
	for i := range 100 {
		e.X[900+i] = e.X[i] + 60*(r.Float64()-0.5)
		e.Y[900+i] = e.Y[i] + 60*(r.Float64()-0.5)
		e.Time[900+i] = e.Time[i] + 1 + math.Floor(6*r.Float64())
	}
	table := knox(t, e, Bands{Space: []float64{0, 100, 200}, Time: []float64{7, 14, 21}}, Options{Seed: 1})
	c := table.Cells[1][0]
	if excess := c.Observed - c.Expected; math.Abs(excess-100) > 5 || c.P != 0.001 {
		t.Errorf("%v pairs more than expected, not about 100; P %v", excess, c.P)
	}
	p := table.Pattern(Rule{})
	if p.Bands[1] != 1 || p.Bands[0] != 0 || p.Bands[2] != 0 || p.Space != 1 || p.Time != 0 {
		t.Errorf("pattern %+v", p)
	}
}

func TestACellByHand(t *testing.T) {
	c := newCell(6, 3, 4, []float64{9, 1, 6, 2})
	want := Cell{Observed: 6, Expected: 3, Variance: 4, Ratio: 2, Z: 1.5, P: 3.0 / 5, Mean: 4.5, Median: 4, MedianRatio: 1.5}
	near(t, "Poisson", c.Poisson, 1-math.Exp(-3)*(1+3+4.5+4.5+3.375+2.025), 1e-13)
	if c.Poisson = 0; c != want {
		t.Errorf("%+v, not %+v", c, want)
	}
}

// A rule asks for both, and days are counted up to the first gap.
func TestPatternByHand(t *testing.T) {
	over, rare, more := Cell{Ratio: 1.2, P: 0.05}, Cell{Ratio: 1.19, P: 0.001}, Cell{Ratio: 3, P: 0.051}
	top := Cell{Ratio: 2, P: 0.01}
	table := Table{
		Bands: Bands{Space: []float64{0, 100, 200}, Time: []float64{0, 1, 2}},
		Cells: [][]Cell{{over, over, rare, top}, {more, top, over, top}, {over, rare, over, top}, {top, top, top, top}},
	}
	want := Pattern{Bands: []int{2, 0, 1}, Space: 1, Time: 1}
	if p := table.Pattern(Rule{}); !reflect.DeepEqual(p, want) {
		t.Errorf("%+v", p)
	}
	if p := table.Pattern(Rule{Ratio: 2.5, P: 0.1}); !reflect.DeepEqual(p, Pattern{Bands: []int{0, 1, 0}, Space: 1, Time: 0}) {
		t.Errorf("by another rule %+v", p)
	}
}

// With one limit each, one count tells the other three, so all four vary alike,
// however many pairs they hold.
func TestFourCellsVaryAlike(t *testing.T) {
	table := knox(t, scattered(18, 3000, 10000, 365), Bands{Space: []float64{20}, Time: []float64{1}}, Options{Replications: 1})
	for _, row := range table.Cells {
		for _, c := range row {
			near(t, "variance", c.Variance, table.Cells[0][0].Variance, 1e-12)
		}
	}
}

func TestMovingAndScalingChangesNothing(t *testing.T) {
	e := scattered(15, 200, 1024, 64)
	b := Bands{Space: []float64{0, 64, 128}, Time: []float64{1, 8}}
	was := knox(t, e, b, Options{Replications: 19})
	moved := Events{make([]float64, 200), make([]float64, 200), make([]float64, 200)}
	for i := range moved.X { // powers of two lose no digit
		moved.X[i], moved.Y[i], moved.Time[i] = 4*e.X[i], 4*e.Y[i], e.Time[i]-1024
	}
	b.Space = []float64{0, 256, 512}
	if !same(was, knox(t, moved, b, Options{Replications: 19})) {
		t.Error("another unit of length and another first day change the answer")
	}
}

func TestWhatCannotBeTested(t *testing.T) {
	nan, good := math.NaN(), Bands{Space: []float64{100}, Time: []float64{7}}
	two := Events{[]float64{0, 1}, []float64{0, 1}, []float64{0, 1}}
	for _, c := range []struct {
		name string
		e    Events
		b    Bands
		o    Options
		want error
	}{
		{"none", Events{}, good, Options{}, stats.ErrEmpty},
		{"one", Events{[]float64{0}, []float64{0}, []float64{0}}, good, Options{}, stats.ErrTooFew},
		{"lengths", Events{[]float64{0, 1}, []float64{0}, []float64{0, 1}}, good, Options{}, stats.ErrLength},
		{"NaN place", Events{[]float64{0, nan}, two.Y, two.Time}, good, Options{}, stats.ErrMissing},
		{"NaN time", Events{two.X, two.Y, []float64{0, nan}}, good, Options{}, stats.ErrMissing},
		{"infinite time", Events{two.X, two.Y, []float64{0, math.Inf(1)}}, good, Options{}, stats.ErrMissing},
		{"no limits", two, Bands{Time: good.Time}, Options{}, stats.ErrOption},
		{"not ascending", two, Bands{Space: []float64{5, 5}, Time: good.Time}, Options{}, stats.ErrOption},
		{"negative limit", two, Bands{Space: []float64{-1}, Time: good.Time}, Options{}, stats.ErrOption},
		{"NaN limit", two, Bands{Space: []float64{nan}, Time: good.Time}, Options{}, stats.ErrOption},
		{"infinite limit", two, Bands{Space: good.Space, Time: []float64{math.Inf(1)}}, Options{}, stats.ErrOption},
		{"metric", two, Bands{good.Space, good.Time, 7}, Options{}, stats.ErrOption},
		{"replications", two, good, Options{Replications: -1}, stats.ErrOption},
	} {
		if _, err := Knox(c.e, c.b, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestTooManyPairsAreRefused(t *testing.T) {
	e := scattered(17, 100, 10, 10)
	ix := newIndex(e, 100)
	b := Bands{Space: []float64{5, 100}, Time: []float64{1}}
	if _, err := ix.near(b, 4949); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if near, err := ix.near(b, 4950); err != nil || len(near[0])+len(near[1]) != 4950 {
		t.Error(err)
	}
}

func TestNothingThatCouldVary(t *testing.T) {
	zeros := make([]float64, 5)
	b := Bands{Space: []float64{10}, Time: []float64{3}}
	for name, e := range map[string]Events{
		"one place":     {zeros, zeros, []float64{1, 2, 30, 40, 50}},
		"one time":      {[]float64{1, 2, 300, 400, 500}, zeros, zeros},
		"no near pairs": {[]float64{0, 100, 200, 300, 400}, zeros, []float64{1, 2, 3, 4, 5}},
		"one of each":   {zeros, zeros, zeros},
	} {
		for _, row := range knox(t, e, b, Options{Replications: 19}).Cells {
			for _, c := range row {
				if c.P != 1 || !math.IsNaN(c.Z) || c.Variance != 0 || c.Observed != c.Expected {
					t.Errorf("%s: %+v", name, c)
				}
				if c.Observed == 0 && !math.IsNaN(c.Ratio) || c.Observed > 0 && c.Ratio != 1 || c.Over(Rule{}) {
					t.Errorf("%s: ratio %v", name, c.Ratio)
				}
			}
		}
	}
}

func TestLinksByHand(t *testing.T) {
	// 0 → 1 → 2 in a row, 3 and 4 on one day at one place, 5 near in space only.
	e := Events{
		X:    []float64{0, 50, 100, 5000, 5000, 5000},
		Y:    []float64{0, 0, 0, 0, 0, 10},
		Time: []float64{1, 3, 6, 40, 40, 90},
	}
	l, err := Link(e, Zone{Space: 60, Time: 3})
	if err != nil {
		t.Fatal(err)
	}
	want := Links{
		Before: []int{0, 1, 1, 0, 0, 0}, Same: []int{0, 0, 0, 1, 1, 0}, After: []int{1, 1, 0, 0, 0, 0},
		Chain: []int{0, 0, 0, 1, 1, -1}, Sizes: []int{3, 2},
	}
	if !reflect.DeepEqual(l, want) {
		t.Errorf("%+v", l)
	}
	if _, err := Link(Events{}, Zone{}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := Link(e, Zone{Space: math.NaN()}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	one, err := Link(Events{[]float64{1}, []float64{1}, []float64{1}}, Zone{Space: 1, Time: 1})
	if err != nil || one.Chain[0] != -1 || len(one.Sizes) != 0 {
		t.Error(one, err)
	}
}

// Every link is a pair of the table, and chains hold those who are linked.
func TestLinksAreThePairsOfTheTable(t *testing.T) {
	e := scattered(16, 500, 3000, 200)
	l, err := Link(e, Zone{Space: 150, Time: 14, Metric: Manhattan})
	if err != nil {
		t.Fatal(err)
	}
	c := knox(t, e, Bands{Space: []float64{150}, Time: []float64{14}, Metric: Manhattan}, Options{Replications: 1}).Cells[0][0]
	before, after, sameTime, chained, sizes := 0, 0, 0, 0, 0
	for i := range e.X {
		before, after, sameTime = before+l.Before[i], after+l.After[i], sameTime+l.Same[i]
		if l.Chain[i] >= 0 {
			chained++
		}
	}
	for _, s := range l.Sizes {
		if sizes += s; s < 2 {
			t.Errorf("a chain of %d", s)
		}
	}
	if before != after || float64(before+sameTime/2) != c.Observed || chained != sizes {
		t.Errorf("%d before, %d after, %d at the same time, %v pairs; %d in chains of %d", before, after, sameTime, c.Observed, chained, sizes)
	}
	for i := range e.X {
		for j := range i {
			d := Manhattan.distance(e.X[i]-e.X[j], e.Y[i]-e.Y[j])
			if d <= 150 && math.Abs(e.Time[i]-e.Time[j]) <= 14 && l.Chain[i] != l.Chain[j] {
				t.Fatalf("%d and %d are linked and in different chains", i, j)
			}
		}
	}
}

// Any numbers at all: an answer without panic, or a named error.
func FuzzKnox(f *testing.F) {
	f.Add(0.0, 0.0, 1.0, 1.0, 2.0, 100.0, 7.0)
	f.Add(1e308, -1e308, 5e-324, -1e9, 1e17, 1e300, 0.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, space, time float64) {
		events := Events{X: []float64{a, b, a, c}, Y: []float64{b, c, b, d}, Time: []float64{c, d, e, a}}
		table, err := Knox(events, Bands{Space: []float64{space}, Time: []float64{time}}, Options{Replications: 5})
		if err != nil {
			if !errors.Is(err, stats.ErrOption) && !errors.Is(err, stats.ErrMissing) {
				t.Fatal(err)
			}
			return
		}
		total := 0.0
		for _, row := range table.Cells {
			for _, c := range row {
				total += c.Observed
				if !(c.P > 0 && c.P <= 1) || c.Observed < 0 {
					t.Fatalf("%+v", c)
				}
			}
		}
		if total != 6 {
			t.Fatalf("%v pairs of 4 events", total)
		}
	})
}
