package trend

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"runtime"
	"testing"

	"openvru/internal/stats"
)

// reference reads what another program computed; the script beside it says how.
func reference(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// near fails unless all values agree to the tolerance, relative to the largest.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, not %d", what, len(got), len(want))
		return
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Errorf("%s: value %d is %v, not %v", what, i+1, got[i], want[i])
			return
		}
	}
}

type decomposed struct {
	Series string
	Kind   string
	Period int

	Options         STLOptions
	Seasonal, Trend []float64
}

func TestDecompositionsAreRs(t *testing.T) {
	var ref struct {
		Series map[string][]float64
		Cases  []decomposed
	}
	reference(t, "decompose.json", &ref)
	for _, c := range ref.Cases {
		y := ref.Series[c.Series]
		c.Options.Period = c.Period
		var d Decomposition
		var err error
		switch c.Kind {
		case "additive":
			d, err = Classical(y, c.Period)
		case "multiplicative":
			d, err = ClassicalMultiplicative(y, c.Period)
		default:
			d, err = STL(y, c.Options)
		}
		if err != nil {
			t.Fatal(c.Series, c.Kind, err)
		}
		for i, v := range d.Trend {
			if math.IsNaN(v) && c.Trend[i] == -1e9 {
				d.Trend[i], c.Trend[i] = 0, 0
				continue
			}
			whole := d.Seasonal[i] + v + d.Remainder[i]
			if d.Multiplicative {
				whole = d.Seasonal[i] * v * d.Remainder[i]
			}
			if math.Abs(whole-y[i]) > 1e-12*max(1, y[i]) {
				t.Errorf("%s %s: the parts make %v of %v", c.Series, c.Kind, whole, y[i])
			}
		}
		near(t, c.Series+" "+c.Kind+" season", d.Seasonal, c.Seasonal, 1e-9)
		near(t, c.Series+" "+c.Kind+" trend", d.Trend, c.Trend, 1e-9)
	}
}

// A straight line and a pattern that repeats are what the methods are made for:
// both come back exactly.
func TestLineAndPatternComeBack(t *testing.T) {
	pattern := []float64{3, -1, -2, 0}
	y, line := make([]float64, 42), make([]float64, 42)
	for i := range y {
		line[i] = 10 + 0.5*float64(i)
		y[i] = line[i] + pattern[i%4]
	}
	d, err := STL(y, STLOptions{Period: 4})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "trend", d.Trend, line, 1e-3)
	d, err = Classical(y, 4)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "classical trend", d.Trend[2:40], line[2:40], 1e-14)
	near(t, "season", d.Seasonal[:4], pattern, 1e-13)
	adjusted, err := d.Adjusted(y)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "adjusted", adjusted, line, 1e-14)
}

// Adding a constant moves the trend alone; a factor multiplies every part.
func TestSTLFollowsShiftAndScale(t *testing.T) {
	r := stats.NewRand(1, 0)
	y, moved := make([]float64, 60), make([]float64, 60)
	for i := range y {
		y[i] = r.NegBin(6, 3)
		moved[i] = 4*y[i] + 100
	}
	for _, o := range []STLOptions{{}, {Season: 7}, {Season: 7, Robust: true}} {
		a, err := STL(y, o)
		if err != nil {
			t.Fatal(err)
		}
		b, err := STL(moved, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range y {
			a.Seasonal[i] *= 4
			a.Trend[i] = 4*a.Trend[i] + 100
		}
		near(t, "season", b.Seasonal, a.Seasonal, 1e-10)
		near(t, "trend", b.Trend, a.Trend, 1e-10)
	}
}

func TestRobustSTLSetsOutliersAside(t *testing.T) {
	y := make([]float64, 72)
	for i := range y {
		y[i] = 20 + 5*math.Sin(2*math.Pi*float64(i)/12) + 0.3*float64(i%5)
	}
	y[40] += 100
	d, err := STL(y, STLOptions{Robust: true})
	if err != nil {
		t.Fatal(err)
	}
	if d.Weights[40] != 0 || math.Abs(d.Remainder[40]-100) > 3 {
		t.Errorf("the outlier has weight %v and remainder %v", d.Weights[40], d.Remainder[40])
	}
}

func TestDecompositionOfDegenerateSeries(t *testing.T) {
	zeros, seven := make([]float64, 30), make([]float64, 30)
	for i := range seven {
		seven[i] = 7
	}
	for _, o := range []STLOptions{{}, {Season: 7, Robust: true}} {
		d, err := STL(zeros, o)
		if err != nil || !allZero(d.Trend) || !allZero(d.Seasonal) {
			t.Errorf("zeros: %v %v", d, err)
		}
		if d, err = STL(seven, o); err != nil {
			t.Fatal(err)
		}
		near(t, "constant", d.Trend, seven, 1e-12)
	}
	if _, err := ClassicalMultiplicative(zeros, 12); !errors.Is(err, stats.ErrNoFit) {
		t.Error(err)
	}
	if d, err := Classical(zeros, 12); err != nil || !allZero(d.Seasonal) {
		t.Error(d, err)
	}
	d, err := ClassicalMultiplicative([]float64{0, 4, 0, 4, 0, 4}, 2)
	if err != nil || d.Remainder[2] != 1 || d.Seasonal[0] != 0 || d.Seasonal[1] != 2 {
		t.Error(d, err)
	}
	if a, err := d.Adjusted([]float64{0, 4, 0, 4, 0, 4}); err != nil || a[0] != 0 || a[1] != 2 {
		t.Error(a, err)
	}
	for _, c := range []struct {
		y    []float64
		o    STLOptions
		want error
	}{
		{nil, STLOptions{}, stats.ErrEmpty},
		{zeros[:23], STLOptions{}, stats.ErrTooFew},
		{[]float64{1, math.NaN(), 2, 3}, STLOptions{Period: 2}, stats.ErrMissing},
		{zeros, STLOptions{Period: 1}, stats.ErrOption},
		{zeros, STLOptions{Season: -1}, stats.ErrOption},
		{zeros, STLOptions{SeasonDegree: 2}, stats.ErrOption},
	} {
		if _, err := STL(c.y, c.o); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, not %v", c.o, err, c.want)
		}
	}
	if _, err := STLAll(nil, STLOptions{}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := STLAll([][]float64{zeros, zeros[:29]}, STLOptions{}); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := d.Adjusted(zeros); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
}

// cores runs f with that many processors.
func cores[T any](n int, f func() T) T {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	return f()
}

// boroughs are made-up monthly counts: 33 places, seasonal, overdispersed, with
// a lockdown from month 74 to 78 that halves them.
func boroughs(places, months int) [][]float64 {
	out := make([][]float64, places)
	for p := range out {
		r := stats.NewRand(7, uint64(p))
		level := 2 + 48*float64(p)/float64(places)
		out[p] = make([]float64, months)
		for i := range out[p] {
			m := level * (1 + 0.25*math.Sin(2*math.Pi*float64(i)/12))
			if i >= 74 && i < 78 {
				m /= 2
			}
			out[p][i] = r.NegBin(m, 8)
		}
	}
	return out
}

func TestSTLIsTheSameOnAnyNumberOfCores(t *testing.T) {
	y := boroughs(9, 120)
	run := func() []Decomposition {
		d, err := STLAll(y, STLOptions{Season: 7, Robust: true})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if !reflect.DeepEqual(cores(1, run), cores(4, run)) {
		t.Error("one core and four differ")
	}
}

func FuzzSTL(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 3, true)
	f.Fuzz(func(t *testing.T, raw []byte, period, window int, robust bool) {
		if len(raw) > 300 {
			return
		}
		y := make([]float64, len(raw))
		for i, b := range raw {
			y[i] = float64(b)
		}
		d, err := STL(y, STLOptions{Period: period, Season: window, Robust: robust})
		if err != nil {
			return
		}
		if stats.Finite(d.Seasonal, d.Trend, d.Remainder) != nil {
			t.Errorf("not a number: %v", d)
		}
	})
}

func BenchmarkClassical(b *testing.B) {
	y := boroughs(33, 120)
	for b.Loop() {
		for _, s := range y {
			if _, err := Classical(s, 12); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func benchSTL(b *testing.B, o STLOptions) {
	y := boroughs(33, 120)
	for b.Loop() {
		if _, err := STLAll(y, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSTLPeriodic(b *testing.B) { benchSTL(b, STLOptions{}) }
func BenchmarkSTLWindow(b *testing.B)   { benchSTL(b, STLOptions{Season: 7}) }
func BenchmarkSTLRobust(b *testing.B)   { benchSTL(b, STLOptions{Season: 7, Robust: true}) }
