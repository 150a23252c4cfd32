package trend

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The score's definition, from distribution functions computed elsewhere.
func TestCRPSOfCountsIsItsIntegral(t *testing.T) {
	for _, c := range []struct{ mean, size float64 }{
		{0.1, math.Inf(1)}, {0.1, 0.2}, {3, 2}, {50, 8}, {50, math.Inf(1)}, {2, 0.05}, {800, 30}, {20000, math.Inf(1)},
	} {
		for _, y := range []float64{0, 1, 7, 7.25, 60, 1000} {
			want, last := 0.0, 0.0
			for k := 0.0; k < max(y, c.mean)+5000*(1+c.mean/min(c.size, 1e3)); k++ {
				in := min(max(y-k, 0), 1)
				below, above := dist.NegBinCDF(k, c.mean, c.size), dist.NegBinTail(k, c.mean, c.size)
				want += in*below*below + (1-in)*above*above
				if k > max(y, c.mean) && want == last {
					break
				}
				last = want
			}
			got, err := CRPSNegBin(y, c.mean, c.size)
			if err != nil || math.Abs(got-want) > 1e-10*max(1, want) {
				t.Errorf("mean %v, size %v, y %v: %v, not %v (%v)", c.mean, c.size, y, got, want, err)
			}
		}
	}
}

// E|X − y| − E|X − X′|/2, the other definition, by sums over all pairs.
func TestCRPSIsExpectedDistanceLessHalfTheSpread(t *testing.T) {
	d := must(NegBin(4, 1.5))
	const y, most = 6, 400
	near, apart := 0.0, 0.0
	for a := range most {
		pa := dist.NegBinPMF(float64(a), 4, 1.5)
		near += pa * math.Abs(float64(a)-y)
		for b := range most {
			apart += pa * dist.NegBinPMF(float64(b), 4, 1.5) * math.Abs(float64(a-b))
		}
	}
	if want := near - apart/2; math.Abs(d.CRPS(y)-want) > 1e-10 {
		t.Errorf("%v, not %v", d.CRPS(y), want)
	}
}

// Wei and Held (2014) give the Poisson score in closed form, with Bessel functions.
func TestCRPSOfPoissonIsTheClosedForm(t *testing.T) {
	bessel := func(order int, x float64) float64 { // e^−x I(x), by the integral
		const steps = 4000
		s := 0.0
		for i := range steps {
			a := math.Pi * (float64(i) + 0.5) / steps
			s += math.Exp(x*(math.Cos(a)-1)) * math.Cos(float64(order)*a)
		}
		return s / steps
	}
	for _, m := range []float64{0.1, 1, 9.5, 50} {
		for _, y := range []float64{0, 1, 8, 70} {
			want := (y-m)*(2*dist.PoissonCDF(y, m)-1) + 2*m*dist.PoissonPMF(y, m) - m*(bessel(0, 2*m)+bessel(1, 2*m))
			if got := must(CRPSNegBin(y, m, math.Inf(1))); math.Abs(got-want) > 1e-10 {
				t.Errorf("mean %v, y %v: %v, not %v", m, y, got, want)
			}
		}
	}
}

func TestCRPSOfNormalIsItsIntegral(t *testing.T) {
	const step = 1e-3
	want := 0.0
	for x := -60.0; x < 60; x += step {
		f := dist.NormalCDF((x + step/2 - 2) / 3)
		if x+step/2 >= 5 {
			f--
		}
		want += f * f * step
	}
	if got := CRPSNormal(5, 2, 3); math.Abs(got-want) > 1e-6 {
		t.Errorf("%v, not %v", got, want)
	}
	// Published: at the mean it is sd (√2 − 1)/√π.
	if got := CRPSNormal(2, 2, 3); math.Abs(got-3*(math.Sqrt2-1)/math.Sqrt(math.Pi)) > 1e-14 {
		t.Error(got)
	}
	if CRPSNormal(5, 2, 0) != 3 {
		t.Error("a certain forecast scores its error")
	}
}

func TestCRPSOfDrawsByHand(t *testing.T) {
	// |1−3|, |2−3|, |5−3| average 5/3; pairs differ by 1, 4, 3, twice each of nine.
	got, err := CRPSSample(3, []float64{5, 1, 2})
	if err != nil || math.Abs(got-(5.0/3-8.0/9)) > 1e-15 {
		t.Error(got, err)
	}
	// Many draws come to the score of the distribution they are from.
	r := stats.NewRand(4, 0)
	draws := make([]float64, 200_000)
	for i := range draws {
		draws[i] = r.NegBin(6, 3)
	}
	// The score of a draw has a standard deviation of about 3 here.
	want := must(NegBin(6, 3)).CRPS(9)
	if got := must(CRPSSample(9, draws)); math.Abs(got-want) > 5*3/math.Sqrt(200_000) {
		t.Errorf("%v, not %v", got, want)
	}
}

// A proper score is least, on average, for the distribution the counts are from.
func TestScoresAreProper(t *testing.T) {
	right := must(NegBin(6, 3))
	expect := func(score func(y float64) float64) float64 {
		s := 0.0
		for y := range 300 {
			s += right.PMF(float64(y)) * score(float64(y))
		}
		return s
	}
	for _, other := range []Distribution{must(NegBin(6, 2)), must(NegBin(7, 3)), must(NegBin(6, math.Inf(1))), must(Rounded(6, 4))} {
		if expect(right.CRPS) >= expect(other.CRPS) || expect(right.LogScore) >= expect(other.LogScore) {
			t.Error("a wrong forecast scores better than the right one")
		}
		of := func(d Distribution) func(float64) float64 {
			return func(y float64) float64 { return IntervalScore(y, d.Interval(0.8), 0.8) }
		}
		if expect(of(right)) > expect(of(other))+1e-12 {
			t.Error("a wrong interval scores better than the right one")
		}
	}
}

func TestDistributionsAddUp(t *testing.T) {
	for name, d := range map[string]Distribution{
		"zero":     {},
		"one":      must(NegBin(3, 2)),
		"sparse":   must(NegBin(0.1, 0.1)),
		"Poisson":  must(NegBin(400, math.Inf(1))),
		"mixture":  must(Mixture([]float64{0, 1, 1, 1, 30}, 4)),
		"rounded":  must(Rounded(2.3, 4)),
		"certain":  must(Rounded(7, 0)),
		"negative": must(Rounded(-3, 0)),
		"pool":     must(Pool([]Distribution{{}, must(NegBin(20, 5)), must(Rounded(3, 1))}, []float64{1, 2, 1})),
	} {
		total, mean := 0.0, 0.0
		for k := range 3000 {
			x := float64(k)
			p := d.PMF(x)
			total, mean = total+p, mean+x*p
			if math.Abs(d.CDF(x)-total) > 1e-12 || math.Abs(d.CDF(x+0.5)-total) > 1e-12 {
				t.Fatalf("%s: CDF of %d is %v, not %v", name, k, d.CDF(x), total)
			}
		}
		if math.Abs(total-1) > 1e-12 || math.Abs(mean-d.Mean()) > 1e-9 {
			t.Errorf("%s: chances add to %v, mean %v is said to be %v", name, total, mean, d.Mean())
		}
		for _, p := range []float64{0.001, 0.1, 0.5, 0.9, 0.999} {
			if q := d.Quantile(p); d.CDF(q) < p || q > 0 && d.CDF(q-1) >= p {
				t.Errorf("%s: quantile %v is %v", name, p, q)
			}
		}
		if d.PMF(1.5) != 0 || d.CDF(-1) != 0 || !math.IsNaN(d.CDF(math.NaN())) {
			t.Errorf("%s: between counts", name)
		}
	}
	mix := must(Mixture([]float64{1, 5}, 2))
	pool := must(Pool([]Distribution{must(NegBin(1, 2)), must(NegBin(5, 2))}, nil))
	for k := range 20 {
		if math.Abs(mix.CDF(float64(k))-pool.CDF(float64(k))) > 1e-14 {
			t.Error("a pool of parts is not their mixture")
		}
	}
}

func TestQuantilesAreTheDistributions(t *testing.T) {
	for _, m := range []float64{0.1, 2, 50, 3000} {
		for _, size := range []float64{0.3, 5, math.Inf(1)} {
			d := must(NegBin(m, size))
			for _, p := range []float64{0.025, 0.1, 0.5, 0.9, 0.975} {
				if got, want := d.Quantile(p), dist.NegBinQuantile(p, m, size); got != want {
					t.Errorf("mean %v size %v p %v: %v, not %v", m, size, p, got, want)
				}
			}
		}
	}
}

func TestPITOfARightForecastIsUniform(t *testing.T) {
	r := stats.NewRand(8, 0)
	d := must(NegBin(1.3, 0.8))
	cells := make([]float64, 10)
	const draws = 20_000
	for range draws {
		u := d.PIT(r.NegBin(1.3, 0.8), r.Float64())
		cells[min(int(u*10), 9)]++
	}
	chi := 0.0
	for _, c := range cells {
		chi += (c - draws/10) * (c - draws/10) / (draws / 10)
	}
	if dist.ChiSquaredTail(chi, 9) < 1e-4 {
		t.Errorf("chi-squared %v on 9 degrees of freedom: %v", chi, cells)
	}
}

func TestScoresByHand(t *testing.T) {
	i := stats.Interval{Low: 2, High: 6}
	for _, c := range []struct{ y, want float64 }{{4, 4}, {2, 4}, {1, 4 + 10}, {7.5, 4 + 15}} {
		if got := IntervalScore(c.y, i, 0.8); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("interval score of %v: %v, not %v", c.y, got, c.want)
		}
	}
	if got := must(Coverage([]float64{1, 2, 6, 9}, []stats.Interval{i, i, i, i})); got != 0.5 {
		t.Errorf("coverage %v", got)
	}
	// Changes of 1, 2, 1 average 4/3; errors of 1 and 3 average 2.
	if got := must(MASE([]float64{5, 9}, []float64{4, 6}, []float64{1, 2, 4, 3}, 1)); math.Abs(got-1.5) > 1e-15 {
		t.Errorf("MASE %v", got)
	}
	if Skill(1, 4) != 0.75 || Skill(0, 0) != 0 || !math.IsInf(Skill(1, 0), -1) {
		t.Error("skill")
	}
	// d = 1, −1, 2, 2: mean 1, variance 1.5, t = 1/√(1.5/4)·√(3/4).
	dm := must(DieboldMariano([]float64{2, 1, 3, 4}, []float64{1, 2, 1, 2}, 1))
	if math.Abs(dm.Statistic-math.Sqrt2) > 1e-14 || dm.DF != 3 || math.Abs(dm.P-2*dist.StudentTail(math.Sqrt2, 3)) > 1e-15 {
		t.Error(dm)
	}
	swapped := must(DieboldMariano([]float64{1, 2, 1, 2}, []float64{2, 1, 3, 4}, 1))
	if swapped.Statistic != -dm.Statistic || swapped.P != dm.P {
		t.Error(swapped)
	}
}

func TestScoresAreRs(t *testing.T) {
	var ref struct {
		A, B, Actual, Guess, History []float64
		Ahead                        []int
		DM                           [][]float64
		MASE                         float64
	}
	reference(t, "scores.json", &ref)
	for i, h := range ref.Ahead {
		got := must(DieboldMariano(ref.A, ref.B, h))
		for j, v := range []float64{got.Statistic, got.P} {
			if want := ref.DM[i][j]; relative(v, want) > 1e-10 {
				t.Errorf("%d ahead: %v, not %v", h, v, want)
			}
		}
	}
	if got := must(MASE(ref.Actual, ref.Guess, ref.History, 12)); relative(got, ref.MASE) > 1e-12 {
		t.Errorf("MASE %v, not %v", got, ref.MASE)
	}
}

func TestScoresOfWhatCannotBeScored(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct{ err, want error }{
		"mean":         {second(NegBin(-1, 2)), stats.ErrOption},
		"size":         {second(NegBin(1, 0)), stats.ErrOption},
		"NaN":          {second(NegBin(nan, 1)), stats.ErrOption},
		"infinite":     {second(NegBin(math.Inf(1), 1)), stats.ErrOption},
		"huge":         {second(NegBin(1e12, 1)), stats.ErrOption},
		"sd":           {second(Rounded(1, -1)), stats.ErrOption},
		"no mixture":   {second(Mixture(nil, 1)), stats.ErrEmpty},
		"no pool":      {second(Pool(nil, nil)), stats.ErrEmpty},
		"weights":      {second(Pool(make([]Distribution, 2), []float64{1})), stats.ErrLength},
		"negative":     {second(Pool(make([]Distribution, 1), []float64{-1})), stats.ErrNegative},
		"weightless":   {second(Pool(make([]Distribution, 1), []float64{0})), stats.ErrOption},
		"no draws":     {second(CRPSSample(1, nil)), stats.ErrEmpty},
		"missing y":    {second(CRPSSample(nan, []float64{1})), stats.ErrMissing},
		"coverage":     {second(Coverage([]float64{1}, nil)), stats.ErrLength},
		"MASE length":  {second(MASE([]float64{1}, nil, []float64{1, 2}, 1)), stats.ErrLength},
		"MASE scale":   {second(MASE([]float64{1}, []float64{1}, []float64{2, 2, 2}, 1)), stats.ErrConstant},
		"MASE history": {second(MASE([]float64{1}, []float64{1}, []float64{2, 2, 2}, 3)), stats.ErrTooFew},
		"MASE period":  {second(MASE([]float64{1}, []float64{1}, []float64{2, 3}, 0)), stats.ErrOption},
		"DM equal":     {second(DieboldMariano([]float64{1, 2}, []float64{1, 2}, 1)), stats.ErrConstant},
		"DM length":    {second(DieboldMariano([]float64{1, 2}, []float64{1}, 1)), stats.ErrLength},
		"DM few":       {second(DieboldMariano([]float64{1, 2}, []float64{1, 3}, 2)), stats.ErrTooFew},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, not %v", name, c.err, c.want)
		}
	}
	if d := must(NegBin(0, 2)); d.CRPS(3) != 3 || d.PMF(0) != 1 || !math.IsInf(d.LogScore(1), 1) || d.Interval(0.9).High != 0 {
		t.Error("a mean of zero is certainty of none")
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzDistribution(f *testing.F) {
	f.Add(3.0, 2.0, 4.0)
	f.Add(1e5, 0.1, 0.0)
	f.Fuzz(func(t *testing.T, mean, size, y float64) {
		d, err := NegBin(mean, size)
		if err != nil || math.IsNaN(y) || math.IsInf(y, 0) {
			return
		}
		if c := d.CRPS(y); !(c >= 0) {
			t.Errorf("CRPS %v", c)
		}
		if i := d.Interval(0.9); !(i.Low <= i.High) || d.CDF(i.High)-d.CDF(i.Low-1) < 0.9-1e-9 {
			t.Errorf("interval %v", i)
		}
	})
}

func BenchmarkCRPS(b *testing.B) { // 33 boroughs × 120 months
	for b.Loop() {
		for i := range 33 * 120 {
			if _, err := CRPSNegBin(float64(i%70), 1+float64(i%50), 8); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkCRPSSample(b *testing.B) { // a thousand draws
	r := stats.NewRand(1, 0)
	draws := make([]float64, 1000)
	for i := range draws {
		draws[i] = r.NegBin(20, 8)
	}
	for b.Loop() {
		if _, err := CRPSSample(18, draws); err != nil {
			b.Fatal(err)
		}
	}
}
