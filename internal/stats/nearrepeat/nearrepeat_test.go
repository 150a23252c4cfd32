package nearrepeat

import (
	"math"
	"reflect"
	"runtime"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/statstest"
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

func TestKnoxIsThatOfSurveillance(t *testing.T) {
	var e Events
	for _, row := range statstest.Rows(t, "testdata/knox_events.csv")[1:] {
		e.X, e.Y, e.Time = append(e.X, statstest.Number(t, row[0])), append(e.Y, statstest.Number(t, row[1])), append(e.Time, statstest.Number(t, row[2]))
	}
	for _, row := range statstest.Rows(t, "testdata/knox.csv")[1:] {
		b := Bands{Space: []float64{statstest.Number(t, row[1])}, Time: []float64{statstest.Number(t, row[2])}}
		if row[0] == "manhattan" {
			b.Metric = Manhattan
		}
		c := knox(t, e, b, Options{Replications: 9}).Cells[0][0]
		if c.Observed != statstest.Number(t, row[3]) {
			t.Errorf("%v: %v pairs", row, c.Observed)
		}
		near(t, "expected", c.Expected, statstest.Number(t, row[4]), 1e-12)
		// They give the chance of more pairs, we that of as many or more.
		near(t, "Poisson", dist.PoissonTail(c.Observed, c.Expected), statstest.Number(t, row[5]), 1e-12)
		if c.Poisson < statstest.Number(t, row[5]) {
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
