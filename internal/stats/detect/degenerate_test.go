package detect

import (
	"errors"
	"math"
	"reflect"
	"runtime"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

func constant(n int, v float64) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = v
	}
	return y
}

var bounds = []Bound{Plugin, Delta, Muan, Predictive}

// A series without a case has an answer: none expected, and a first handful is an
// alarm, but a single case is not where few cases never are.
func TestAllZeros(t *testing.T) {
	for _, b := range bounds {
		y := constant(96, 0)
		e, err := Flexible(y, FlexibleOptions{Bound: b, MinCases: None, From: 90})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range e {
			if e.Verdict != Usual || e.Expected != 0 || e.P != 1 || e.Dispersion != 1 || math.IsNaN(e.Upper) || e.Trend {
				t.Errorf("bound %d: %+v", b, e)
			}
		}
		y[95] = 1
		if e, err = Flexible(y, FlexibleOptions{Bound: b, From: 95}); err != nil || e[0].Verdict != FewCases {
			t.Errorf("bound %d, one case: %+v, %v", b, e, err)
		}
		y[95] = 6
		if e, err = Flexible(y, FlexibleOptions{Bound: b, From: 95}); err != nil || e[0].Verdict != High || !(e[0].P < 1e-3) {
			t.Errorf("bound %d, six cases: %+v, %v", b, e, err)
		}
	}
	e, err := Classic(constant(96, 0), ClassicOptions{MinCases: None, From: 90})
	if err != nil || e[0].Verdict != Usual || e[0].Upper != 0 || e[0].P != 1 {
		t.Errorf("classic: %+v, %v", e, err)
	}
}

// By hand, without any case in 15 months of windows: half a case in 15 months, a
// negative binomial of size one half.
func TestPredictiveOfNoCaseIsByHand(t *testing.T) {
	y := constant(96, 0)
	y[95] = 2
	e, err := Flexible(y, FlexibleOptions{Bound: Predictive, Parts: 1, From: 95})
	if err != nil {
		t.Fatal(err)
	}
	p := 1.0 / 16 // chance of a case before a month passes: 1 / (1 + 15)
	none := math.Sqrt(1 - p)
	if want := 1 - none - 0.5*p*none; math.Abs(e[0].P-want) > 1e-14 {
		t.Errorf("p %v, want %v", e[0].P, want)
	}
	// Seven people each month, and fourteen now: as if over 7.5 months.
	o := FlexibleOptions{Bound: Predictive, Parts: 1, From: 95, Exposure: constant(96, 7)}
	o.Exposure[95] = 14
	if e, err = Flexible(y, o); err != nil {
		t.Fatal(err)
	}
	p = 1 / 8.5
	none = math.Sqrt(1 - p)
	if want := 1 - none - 0.5*p*none; math.Abs(e[0].P-want) > 1e-14 {
		t.Errorf("p %v, want %v", e[0].P, want)
	}
	// The exact limit of a Poisson mean of which nothing was seen for as long.
	o.Bound, o.Alpha = Muan, 0.01
	if e, err = Flexible(y, o); err != nil || e[0].Upper != dist.PoissonTailQuantile(0.01, -math.Log(0.01)/7.5) {
		t.Errorf("%+v, %v", e, err)
	}
}

// Counts all alike: that count is expected, and the bounds are those of Poisson.
func TestConstantSeries(t *testing.T) {
	for _, b := range bounds {
		e, err := Flexible(constant(96, 9), FlexibleOptions{Bound: b, Sides: Both, From: 90})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range e {
			if e.Verdict != Usual || math.Abs(e.Expected-9) > 1e-9 || e.Dispersion != 1 || e.Lower <= 0 || e.Upper >= 30 {
				t.Errorf("bound %d: %+v", b, e)
			}
		}
	}
}

func TestGapsAndShortHistory(t *testing.T) {
	nan := math.NaN()
	y := field(1, 96, 20, 10, 0, 5)[0]
	whole, err := Flexible(y, FlexibleOptions{From: 90})
	if err != nil {
		t.Fatal(err)
	}
	y[40], y[41], y[93] = nan, nan, nan
	gaps, err := Flexible(y, FlexibleOptions{From: 90})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range gaps {
		if e.At == 93 {
			if e.Verdict != NoCount || !math.IsNaN(e.P) || !math.IsNaN(e.Observed) {
				t.Errorf("the missing month: %+v", e)
			}
		} else if !e.Evaluated() || math.Abs(e.Expected/whole[i].Expected-1) > 0.3 {
			t.Errorf("at %d: %+v, without gaps %+v", e.At, e, whole[i])
		}
	}
	// No month like it in any year.
	for year := 1; year <= 5; year++ {
		for w := -1; w <= 1; w++ {
			y[92-12*year+w] = nan
		}
	}
	e, err := Flexible(y, FlexibleOptions{From: 92, To: 93})
	if err != nil || e[0].Verdict != NoHistory {
		t.Errorf("no month like it: %+v, %v", e, err)
	}
	// A whole past missing, and too short a one.
	past := constant(96, nan)
	past[95] = 3
	if e, err := Flexible(past, FlexibleOptions{From: 95}); err != nil || e[0].Verdict != NoHistory {
		t.Errorf("past missing: %+v, %v", e, err)
	}
	e, err = Flexible(y[:70], FlexibleOptions{From: 55})
	if err != nil || e[0].Verdict != NoHistory || e[5].At != 60 || e[5].Verdict != NoHistory || !e[6].Evaluated() {
		t.Errorf("too short: %+v, %v", e, err)
	}
	if _, err := Flexible(y[:61], FlexibleOptions{}); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("nothing to evaluate: %v", err)
	}
	if all, err := Flexible(y[:70], FlexibleOptions{}); err != nil || len(all) != 9 || all[0].At != 61 {
		t.Errorf("the default range: %d, %v", len(all), err)
	}
}

// Cases at one end of the baseline only: no trend can be estimated, and none is.
func TestTrendThatRunsOff(t *testing.T) {
	y := constant(96, 0)
	y[88] = 9
	e, err := Flexible(y, FlexibleOptions{From: 95, Parts: 1, Gap: 1})
	if err != nil || e[0].Trend || !e[0].Evaluated() {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestFlexibleRefuses(t *testing.T) {
	y := constant(96, 1)
	for name, c := range map[string]struct {
		y    []float64
		o    FlexibleOptions
		want error
	}{
		"empty":      {nil, FlexibleOptions{}, stats.ErrEmpty},
		"negative":   {[]float64{-1}, FlexibleOptions{}, stats.ErrNegative},
		"infinite":   {[]float64{math.Inf(1)}, FlexibleOptions{}, stats.ErrMissing},
		"alpha":      {y, FlexibleOptions{Alpha: 0.7}, stats.ErrOption},
		"period":     {y, FlexibleOptions{Period: math.NaN()}, stats.ErrOption},
		"years":      {y, FlexibleOptions{Years: -2}, stats.ErrOption},
		"parts":      {y, FlexibleOptions{Parts: 12}, stats.ErrOption},
		"window":     {y, FlexibleOptions{HalfWindow: 7}, stats.ErrOption},
		"gap":        {y, FlexibleOptions{Gap: 1000}, stats.ErrOption},
		"bound":      {y, FlexibleOptions{Bound: 9}, stats.ErrOption},
		"range":      {y, FlexibleOptions{From: 90, To: 80}, stats.ErrOption},
		"reported":   {y, FlexibleOptions{MinReported: 2}, stats.ErrOption},
		"errors":     {y, FlexibleOptions{ReportedSE: y}, stats.ErrOption},
		"exposure":   {y, FlexibleOptions{Exposure: y[:5]}, stats.ErrLength},
		"exposures":  {y, FlexibleOptions{Exposure: constant(96, -1)}, stats.ErrNegative},
		"exposure 0": {y, FlexibleOptions{Exposure: constant(96, math.NaN())}, stats.ErrMissing},
	} {
		if _, err := Flexible(c.y, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Classic(y, ClassicOptions{Alpha: 2}); !errors.Is(err, stats.ErrOption) {
		t.Errorf("classic: %v", err)
	}
	if _, err := Discover(nil, 0, DiscoverOptions{Rate: 2}); !errors.Is(err, stats.ErrOption) {
		t.Errorf("discover: %v", err)
	}
	none, err := Flexible(y, FlexibleOptions{From: 95, Exposure: constant(96, 0)})
	if err != nil || none[0].Verdict != NoHistory {
		t.Errorf("nobody there: %+v, %v", none, err)
	}
	if all, err := FlexibleAll(nil, FlexibleOptions{}); err != nil || len(all) != 0 {
		t.Errorf("no series: %v, %v", all, err)
	}
}

// What must not change anything: the unit of the exposure, the order of the
// series, the number of cores.
func TestInvariances(t *testing.T) {
	y := field(20, 96, 10, 5, 0.003, 2)
	exposure := make([]float64, 96)
	for i := range exposure {
		exposure[i] = 800 + 3*float64(i)
	}
	run := func(y [][]float64, factor float64) [][]Evaluation {
		o := FlexibleOptions{From: 84, Bound: Predictive, Exposure: make([]float64, 96)}
		for i := range exposure {
			o.Exposure[i] = factor * exposure[i]
		}
		all, err := FlexibleAll(y, o)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	one, thousand := run(y, 1), run(y, 1024)
	for s := range one {
		for i := range one[s] {
			if a, b := one[s][i], thousand[s][i]; math.Abs(a.P-b.P) > 1e-9 || a.Upper != b.Upper {
				t.Errorf("another unit: %+v, %+v", a, b)
			}
		}
	}
	turned := make([][]float64, len(y))
	for s := range y {
		turned[len(y)-1-s] = y[s]
	}
	back := run(turned, 1)
	for s := range one {
		if !reflect.DeepEqual(one[s], back[len(y)-1-s]) {
			t.Errorf("series %d differs in another order", s)
		}
	}
}

func TestResultsDoNotDependOnTheCores(t *testing.T) {
	y := field(30, 96, 6, 5, 0, 7)
	in := make([]InControl, len(y))
	for i := range in {
		in[i] = InControl{Mean: constant(96, 6), Size: 5}
	}
	r := stats.NewRand(3, 3)
	triangle, _ := report(&r, 40, 30, 5, math.Inf(1))
	all := func() []any {
		flexible, err1 := FlexibleAll(y, FlexibleOptions{From: 84})
		ears, err2 := EARSAll(y, EARSOptions{Rule: C3, MinSigma: 0.5})
		glr, err3 := GLRAll(y, in, GLROptions{})
		h, err4 := CUSUMOptions{}.Threshold(Simulation{InControl: in[0], Runs: 100, Seed: 5}, 40)
		cast, err5 := Completeness(triangle, NowcastOptions{Seed: 9, Draws: 200})
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		for _, series := range glr { // NaN differs from itself
			for i := range series {
				series[i].Needed, series[i].Ratio = 0, max(0, series[i].Statistic)
			}
		}
		return []any{flexible, ears, glr, h, cast}
	}
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	one := all()
	runtime.GOMAXPROCS(4)
	if four := all(); !reflect.DeepEqual(one, four) {
		t.Error("one core and four give different results")
	}
}

func TestDiscoverLists(t *testing.T) {
	e := func(p float64, v Verdict) []Evaluation { return []Evaluation{{At: 3, P: 0}, {At: 7, P: p, Verdict: v}} }
	all := [][]Evaluation{e(0.2, Usual), e(0.001, High), e(1e-9, FewCases), e(math.NaN(), NoHistory), e(1e-6, High), e(0.9, Usual)}
	list, err := Discover(all, 7, DiscoverOptions{})
	if err != nil || len(list) != 2 || list[0].Series != 4 || list[1].Series != 1 || list[0].At != 7 {
		t.Fatalf("%+v, %v", list, err)
	}
	// Five comparisons: the third smallest of them is 0.001.
	if want := 0.001 * 5 / 3; math.Abs(list[1].Q-want) > 1e-15 {
		t.Errorf("q %v, want %v", list[1].Q, want)
	}
	strict, err := Discover(all, 7, DiscoverOptions{Rate: 0.003, AnyDependence: true})
	if err != nil || len(strict) != 1 || strict[0].Series != 4 {
		t.Errorf("strict: %+v, %v", strict, err)
	}
	// Both have the adjusted value of the larger; the smaller comes first.
	tied := [][]Evaluation{e(0.011, High), e(0.01, High)}
	if list, err := Discover(tied, 7, DiscoverOptions{}); err != nil || len(list) != 2 || list[0].Series != 1 || list[0].Q != 0.011 {
		t.Errorf("tied: %+v, %v", list, err)
	}
	if none, err := Discover(all, 99, DiscoverOptions{}); err != nil || none != nil {
		t.Errorf("another time: %+v, %v", none, err)
	}
}

func TestVerdictsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for v := Usual; v <= TooFresh; v++ {
		seen[v.String()] = true
	}
	if len(seen) != 7 || Verdict(99).String() != "unknown" {
		t.Errorf("%v", seen)
	}
}

// Whatever the counts, there is an error with a name or an answer without NaN.
func FuzzDetect(f *testing.F) {
	f.Add([]byte{1, 2, 3, 0, 255, 7, 9}, uint8(0), 12.0, 0.01)
	f.Add([]byte{0, 0, 0, 0}, uint8(7), 52.0, 0.005)
	f.Add([]byte{200, 3, 254, 253}, uint8(30), 4.0, 0.4)
	f.Fuzz(func(t *testing.T, data []byte, mix uint8, period, alpha float64) {
		if len(data) == 0 || len(data) > 60 || period > 60 {
			t.Skip()
		}
		y := make([]float64, 150)
		for i := range y {
			switch b := data[i%len(data)]; b {
			case 255:
				y[i] = math.NaN()
			case 254:
				y[i] = 1e15
			default:
				y[i] = float64(b) * float64(1+(i/len(data))%3)
			}
		}
		o := FlexibleOptions{
			Period: period, Years: 3, HalfWindow: 1, Parts: 1 + int(mix%4), Bound: bounds[mix/4%4], Sides: Side(mix / 16 % 3),
			Alpha: alpha, NoTrend: mix/64%2 == 1, Gap: 1, From: 140,
		}
		if e, err := Flexible(y, o); err == nil {
			for _, e := range e {
				if e.Evaluated() && (math.IsNaN(e.Expected+e.P+e.Dispersion+e.Slope) || math.IsNaN(e.Upper) || e.P < 0 || e.P > 1) {
					t.Errorf("%+v: %+v", o, e)
				}
			}
		}
		if e, err := EARS(y, EARSOptions{Rule: Rule(mix % 3), Alpha: alpha}); err == nil {
			for _, e := range e {
				if e.Evaluated() && (math.IsNaN(e.P) || math.IsNaN(e.Upper)) {
					t.Errorf("EARS: %+v", e)
				}
			}
		}
		in := InControl{Mean: constant(150, 1+float64(data[0])), Size: float64(mix % 8)}
		if p, err := GLR(y, in, GLROptions{Falls: mix%2 == 1, To: 40}); err == nil {
			for _, p := range p {
				if math.IsNaN(p.Statistic) || p.Statistic < 0 {
					t.Errorf("GLR: %+v", p)
				}
			}
		}
		if p, err := CUSUM(y, in, CUSUMOptions{Deviation: Deviation(mix % 4), Ratio: alpha, Carry: mix%8 > 3}); err == nil {
			for _, p := range p {
				if math.IsNaN(p.Statistic) || math.IsNaN(p.Needed) || p.Statistic < 0 {
					t.Errorf("CUSUM: %+v", p)
				}
			}
		}
		triangle := [][]float64{y[0:3], y[3:6], y[6:9], y[9:12], y[12:15]}
		if n, err := Completeness(triangle, NowcastOptions{Draws: 20, Recent: int(mix % 3)}); err == nil {
			for _, p := range n.Points {
				if math.IsNaN(p.Share+p.ShareSE+p.Median+p.Interval.High) || p.Interval.Low > p.Interval.High {
					t.Errorf("Completeness: %+v", p)
				}
			}
		}
	})
}
