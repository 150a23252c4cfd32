package cba

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

func TestRanksAreThoseOfCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 1e-320, math.MaxFloat64})), 1, 60).Draw(t, "values")
		for i, got := range ranks(values) {
			want := -0.5
			for _, v := range values {
				switch {
				case v < values[i]:
					want++
				case v == values[i]:
					want += 0.5
				}
			}
			if got != want {
				t.Fatalf("%v of %v: %v, want %v", values[i], values, got, want)
			}
		}
	})
}

func TestRanksAlikeShareTheirMean(t *testing.T) {
	if got := ranks([]float64{2, 1, 2, 7}); !slices.Equal(got, []float64{1.5, 0, 1.5, 3}) {
		t.Error(got)
	}
	// A figure that does not vary is nowhere over itself, and goes with nothing.
	s, err := Simulate([]Input{{Low: 1, Base: 1, High: 1}, {Low: 2, Base: 2, High: 2}}, sum, SimulationOptions{Draws: 100, Threshold: 5})
	if err != nil || s.Above != 0 || s.Median != 5 || s.Rank[0] != 0 {
		t.Errorf("%+v %v", s, err)
	}
}

// sum is a model whose answers are known: a + 2b.
func sum(v []float64) (float64, error) { return v[0] + 2*v[1], nil }

func TestTornadoByHand(t *testing.T) {
	base, bars, err := Tornado([]Input{{Low: 1, Base: 2, High: 4}, {Low: 0, Base: 5, High: 6}}, sum)
	if err != nil || base != 12 || !slices.Equal(bars, []Bar{{1, 2, 14}, {0, 11, 14}}) || bars[0].Swing() != 12 {
		t.Error(base, bars, err)
	}
	// Inputs that move it alike stay in their order.
	_, bars, _ = Tornado([]Input{{Low: 0, Base: 1, High: 2}, {Low: 0, Base: 0.5, High: 1}}, sum)
	if bars[0].Input != 0 {
		t.Error(bars)
	}
}

// Each shape has the mean and standard deviation that define it: with so many
// draws an error of five standard errors would come once in a million.
func TestShapes(t *testing.T) {
	const draws = 200_000
	width := 6.0 / 3.919927969080108
	log := math.Log(8) / 3.919927969080108
	median := 3 * math.Exp(log*log/2)
	for _, c := range []struct {
		in         Input
		mean, sd   float64
		low, high  float64
		lowest, up float64
	}{
		{in: Input{Low: 2, Base: 3, High: 8, Shape: Triangular}, mean: 13.0 / 3, sd: math.Sqrt((4 + 9 + 64 - 6 - 16 - 24) / 18.0), lowest: 2, up: 8},
		{in: Input{Low: 2, Base: 3, High: 8, Shape: Uniform}, mean: 5, sd: math.Sqrt(3), lowest: 2, up: 8},
		{in: Input{Low: 2, Base: 3, High: 8, Shape: PERT}, mean: 22.0 / 6, sd: math.Sqrt((22.0/6 - 2) * (8 - 22.0/6) / 7), lowest: 2, up: 8},
		{in: Input{Low: 2, Base: 5, High: 8, Shape: Normal}, mean: 5, sd: width, lowest: math.Inf(-1), up: math.Inf(1)},
		{in: Input{Low: 1, Base: 3, High: 8, Shape: LogNormal}, mean: median, sd: median * math.Sqrt(math.Expm1(log*log)), up: math.Inf(1)},
		{in: Input{Low: 2, Base: 2, High: 8, Shape: Triangular}, mean: 4, sd: math.Sqrt2, lowest: 2, up: 8},
		{in: Input{Low: 2, Base: 2, High: 2, Shape: PERT}, mean: 2, lowest: 2, up: 2},
	} {
		r := stats.NewRand(1, uint64(c.in.Shape))
		total, squares := 0.0, 0.0
		for range draws {
			v := c.in.draw(&r)
			if v < c.lowest || v > c.up {
				t.Fatalf("%+v: %v", c.in, v)
			}
			total, squares = total+v-c.mean, squares+(v-c.mean)*(v-c.mean)
		}
		if off := math.Abs(total / draws); off > 5*c.sd/math.Sqrt(draws) {
			t.Errorf("%+v: the mean is off by %v", c.in, off)
		}
		if sd := math.Sqrt(squares / draws); math.Abs(sd-c.sd) > 0.02*c.sd {
			t.Errorf("%+v: standard deviation %v, want %v", c.in, sd, c.sd)
		}
	}
}

// a + 2b of two normal numbers is normal with variance 1 + 4.
func TestSimulationOfASum(t *testing.T) {
	z := 1.959963984540054
	in := []Input{{Low: 10 - z, Base: 10, High: 10 + z, Shape: Normal}, {Low: -z, Base: 0, High: z, Shape: Normal}}
	o := SimulationOptions{Draws: 100_000, Seed: 3, Threshold: 10}
	s, err := Simulate(in, sum, o)
	if err != nil {
		t.Fatal(err)
	}
	sd := math.Sqrt(5)
	near(t, "mean", s.Mean, 10, 5*sd/316/10)
	near(t, "median", s.Median, 10, 6.5*sd/316/10)
	near(t, "low", s.Interval.Low, 10-z*sd, 0.012)
	near(t, "high", s.Interval.High, 10+z*sd, 0.012)
	near(t, "above", s.Above, 0.5, 0.008)
	// Spearman's of normal numbers: (6/π) asin(ρ/2), with ρ of 1/√5 and 2/√5.
	near(t, "rank of the first", s.Rank[0], 6/math.Pi*math.Asin(0.5/sd), 0.012)
	near(t, "rank of the second", s.Rank[1], 6/math.Pi*math.Asin(1/sd), 0.012)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _ := Simulate(in, sum, o)
	runtime.GOMAXPROCS(4)
	four, _ := Simulate(in, sum, o)
	if one.Mean != four.Mean || one.Interval != four.Interval || !slices.Equal(one.Rank, four.Rank) || one.Mean != s.Mean {
		t.Errorf("%+v and %+v", one, four)
	}
}

func TestSimulationOfAnAppraisal(t *testing.T) {
	in := []Input{
		{Name: "cost", Low: 0.9, Base: 1, High: 1.6}, {Name: "custody", Low: 0.3, Base: 1, High: 1.2, Shape: PERT},
		{Name: "safety", Low: 1, Base: 1, High: 1},
	}
	net := func(factors []float64) (float64, error) {
		a, err := example().Scale(factors)
		if err != nil {
			return 0, err
		}
		r, err := Evaluate(a)
		return r.Public.Net, err
	}
	s, err := Simulate(in, net, SimulationOptions{})
	if err != nil || s.Rank[2] != 0 || s.Rank[0] >= 0 || s.Rank[1] <= 0 || s.Above < 0.99 {
		t.Errorf("%+v %v", s, err)
	}
	// The mean of the net present value is that at the means of the factors.
	near(t, "mean", s.Mean, 2150-960*(1-(0.3+4+1.2)/6)-1100*(3.5/3), 0.01)
}

func TestSensitivityRefuses(t *testing.T) {
	good := Input{Low: 0, Base: 1, High: 2}
	bad := errors.New("the model's own")
	fails := func([]float64) (float64, error) { return 0, bad }
	if _, _, err := Tornado(nil, sum); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, _, err := Tornado([]Input{good}, fails); !errors.Is(err, bad) {
		t.Error(err)
	}
	if _, err := Simulate([]Input{good}, fails, SimulationOptions{}); !errors.Is(err, bad) {
		t.Error(err)
	}
	nan := func([]float64) (float64, error) { return math.NaN(), nil }
	if _, err := Simulate([]Input{good}, nan, SimulationOptions{}); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	if _, err := Simulate([]Input{{Low: math.NaN()}}, sum, SimulationOptions{}); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	for _, in := range []Input{{Low: 1}, {High: -1}, {Shape: 9}, {Shape: LogNormal}} {
		if _, err := Simulate([]Input{in}, sum, SimulationOptions{}); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", in, err)
		}
	}
	for _, o := range []SimulationOptions{{Draws: 5}, {Confidence: 2}, {Threshold: math.NaN()}} {
		if _, err := Simulate([]Input{good, good}, sum, o); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func BenchmarkSimulateAppraisal(b *testing.B) {
	flow := make([]float64, 10)
	for i := range flow {
		flow[i] = 1000
	}
	a := Appraisal{}
	var in []Input
	for k := range 12 {
		line := Line{Flow: flow, Grade: 3, Additional: Additionality{Deadweight: 0.2}}
		if k < 4 {
			a.Costs = append(a.Costs, line)
		} else {
			a.Benefits = append(a.Benefits, line)
		}
		in = append(in, Input{Low: 0.7, Base: 1, High: 1.5})
	}
	r, err := Evaluate(a)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Simulate(in, r.NetAt, SimulationOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
