package cba

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*max(1, math.Abs(want)) || math.IsNaN(got) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// The discount factors at the Green Book's rates, to four decimals.
func TestFactorsAreTheGreenBooks(t *testing.T) {
	factors, err := GreenBook().Factors(126, StartOfYear)
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]float64{
		0: 1, 1: 0.9662, 2: 0.9335, 3: 0.9019, 4: 0.8714, 5: 0.8420, 10: 0.7089, 15: 0.5969, 20: 0.5026, 25: 0.4231,
		30: 0.3563, 31: 0.3459, 40: 0.2651, 50: 0.1973, 60: 0.1468, 75: 0.0942, 100: 0.0508, 125: 0.0274,
	} {
		if math.Abs(factors[year]-want) > 5.1e-5 {
			t.Errorf("year %d: %.5f, want %.4f", year, factors[year], want)
		}
	}
	health, _ := GreenBookHealth().Factors(126, StartOfYear)
	near(t, "health, year 30", health[30], math.Pow(1.015, -30), 1e-14)
	near(t, "health, year 75", health[75], math.Pow(1.015, -30)*math.Pow(1.0129, -45), 1e-14)
	near(t, "health, year 100", health[100], math.Pow(1.015, -30)*math.Pow(1.0129, -45)*math.Pow(1.0107, -25), 1e-14)
}

// The rate of each year, as the Green Book's table of long-term rates prints it
// at the first and last year of each.
func TestRatesAreTheGreenBooks(t *testing.T) {
	for _, row := range []struct {
		from, to         int
		standard, health float64
	}{
		{1, 30, 3.50, 1.50}, {31, 75, 3.00, 1.29}, {76, 125, 2.50, 1.07},
		{126, 200, 2.00, 0.86}, {201, 300, 1.50, 0.64}, {301, 999, 1.00, 0.43},
	} {
		for _, year := range []int{row.from, row.to} {
			for schedule, want := range map[*Schedule]float64{ptr(GreenBook()): row.standard, ptr(GreenBookHealth()): row.health} {
				f, err := schedule.Factors(year+1, StartOfYear)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "rate", 100*(f[year-1]/f[year]-1), want, 1e-12)
			}
		}
	}
}

func ptr(s Schedule) *Schedule { return &s }

func TestTimings(t *testing.T) {
	start, _ := Flat(0.1).Factors(3, StartOfYear)
	middle, _ := Flat(0.1).Factors(3, MidYear)
	end, _ := Flat(0.1).Factors(3, EndOfYear)
	for year := range start {
		near(t, "middle", middle[year], math.Pow(1.1, -float64(year)-0.5), 1e-14)
		near(t, "end", end[year], math.Pow(1.1, -float64(year)-1), 1e-14)
		near(t, "middle is between", middle[year]*middle[year], start[year]*end[year], 1e-14)
	}
	if none, _ := (Schedule{}).Factors(2, EndOfYear); none[1] != 1 {
		t.Error(none)
	}
}

// By hand: 100 now and 110 in a year at 10% are worth 200 today; 200 spread over
// two years of 1 and 1/1.1 is 104.7619 a year.
func TestPresentAndAnnual(t *testing.T) {
	present, err := Flat(0.1).Present([]float64{100, 110}, StartOfYear)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "present", present, 200, 1e-14)
	annual, _ := Flat(0.1).Annual(200, 2, StartOfYear)
	near(t, "annual", annual, 200/(1+1/1.1), 1e-14)
	if _, err := Flat(0.1).Annual(1, 0, StartOfYear); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := Flat(0.1).Present([]float64{math.NaN()}, StartOfYear); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	for _, s := range []Schedule{Flat(-1), Flat(math.NaN()), {{0, 0.1}, {0, 0.2}}} {
		if _, err := s.Factors(2, StartOfYear); !errors.Is(err, stats.ErrOption) {
			t.Error(s, err)
		}
	}
	if _, err := Flat(0).Factors(2, 9); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

func TestPrices(t *testing.T) {
	p := Prices{First: 2020, Index: []float64{80, 88, 100}}
	got, err := p.Convert(44, 2021, 2022)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "converted", got, 50, 1e-14)
	back, _ := p.Convert(got, 2022, 2021)
	near(t, "and back", back, 44, 1e-14)
	real, err := p.Real([]float64{80, 88, 100}, 2020, 2021)
	if err != nil || math.Abs(real[0]-88)+math.Abs(real[1]-88)+math.Abs(real[2]-88) > 1e-12 {
		t.Error(real, err)
	}
	if _, err := p.Convert(1, 2019, 2020); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := p.Convert(1, 2020, 2023); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := p.Real([]float64{1, 1}, 2022, 2020); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

func TestAdjustments(t *testing.T) {
	want := []float64{0, 0, 0.05, 0.1, 0.15, 0.25, 0.4}
	for g, share := range want {
		if got, err := Grade(g).Correction(); err != nil || got != share {
			t.Errorf("grade %d: %v %v", g, got, err)
		}
	}
	for _, g := range []Grade{-1, 7} {
		if _, err := g.Correction(); !errors.Is(err, stats.ErrOption) {
			t.Error(g, err)
		}
	}
	if Worst(2, 5, 3) != 5 {
		t.Error("worst of 2, 5 and 3")
	}
	share, err := Additionality{Deadweight: 0.2, Displacement: 0.5}.Share()
	if err != nil || math.Abs(share-0.4) > 1e-15 {
		t.Error(share, err)
	}
	if _, err := (Additionality{Leakage: 1.1}).Share(); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	// 1,000 young people, a fifth at risk, half engaged, a tenth helped, 3 each
	// a year at £500: 10 people, 30 outcomes, £15,000.
	amount, err := Reach{People: 1000, Need: 0.2, Engaged: 0.5, Impact: 0.1, Outcomes: 3, Value: 500}.Amount()
	if err != nil || math.Abs(amount-15000) > 1e-9 {
		t.Error(amount, err)
	}
	if _, err := (Reach{People: 1, Need: 2}).Amount(); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := (Reach{People: -1}).Amount(); !errors.Is(err, stats.ErrNegative) {
		t.Error(err)
	}
	flow, err := Fade(100, 1, 4, 0.5)
	if err != nil || !slices.Equal(flow, []float64{0, 100, 50, 25}) {
		t.Error(flow, err)
	}
	if _, err := Fade(1, 0, 3, 2); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}

// A programme by hand. Costs: £1,000 now, grade 3, so £1,100. Benefits from year
// 1 to 2, no discount: fiscal £1,000 a year less 20% deadweight, grade 6: £480 a
// year; social £700 a year, grade 4: £595 a year.
func example() Appraisal {
	return Appraisal{
		Schedule: Flat(0),
		Costs:    []Line{{Name: "workers", Flow: []float64{1000}, Grade: 3}},
		Benefits: []Line{
			{Name: "custody", Flow: []float64{0, 1000, 1000}, Grade: 6, Additional: Additionality{Deadweight: 0.2}},
			{Name: "safety", Flow: []float64{0, 700, 700}, Grade: 4, Kind: Social},
		},
	}
}

func TestAppraisalByHand(t *testing.T) {
	r, err := Evaluate(example())
	if err != nil {
		t.Fatal(err)
	}
	near(t, "costs", r.Costs, 1100, 1e-14)
	near(t, "benefits", r.Public.Benefits, 2150, 1e-14)
	near(t, "fiscal benefits", r.Fiscal.Benefits, 960, 1e-14)
	near(t, "net present value", r.Public.Net, 1050, 1e-14)
	near(t, "net fiscal value", r.Fiscal.Net, -140, 1e-13)
	near(t, "pounds back for each", r.Public.Ratio, 2150.0/1100, 1e-14)
	near(t, "pounds gained for each", r.Public.Gain, 1050.0/1100, 1e-14)
	near(t, "fiscal gain", r.Fiscal.Gain, -140.0/1100, 1e-13)
	near(t, "break-even", r.Public.BreakEven, 1100.0/2150, 1e-14)
	near(t, "by kind", r.ByKind[Social], 1190, 1e-14)
	// 1,100 less 1,075 in year 1 leaves 25, which year 2 brings in 25/1,075 of it.
	near(t, "payback", r.Public.Payback, 2+25.0/1075, 1e-13)
	if !math.IsInf(r.Fiscal.Payback, 1) {
		t.Error(r.Fiscal.Payback)
	}
	// The cost could be 2,150/1,100 as high; without safety, 1,050 of custody's
	// 960 would have to go.
	near(t, "switching value of the cost", r.Switch(0, true), 2150.0/1100, 1e-14)
	near(t, "switching value of custody", r.Switch(0, false), 1-1050.0/960, 1e-13)
	near(t, "year 0", r.Yearly[0], -1100, 1e-14)
	ratio, err := r.RatioAt([]float64{2, 1, 0})
	near(t, "ratio at twice the cost and no safety", ratio, 960.0/2200, 1e-14)
	if _, short := r.NetAt(nil); err != nil || !errors.Is(short, stats.ErrLength) {
		t.Error(err, short)
	}
	for k, want := range []string{"fiscal", "economic", "social", "unknown"} {
		if Kind(k).String() != want {
			t.Error(k)
		}
	}
}

func TestDefaultsAndOwnSchedules(t *testing.T) {
	flow := make([]float64, 31)
	flow[30] = 10000
	a := Appraisal{
		Costs:    []Line{{Flow: []float64{1000}}},
		Benefits: []Line{{Flow: flow}, {Flow: flow, Kind: Social, Schedule: GreenBookHealth()}, {Flow: flow, Correction: 0.5}},
	}
	r, err := Evaluate(a)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "at 3.5%", r.BenefitLines[0], 3562.784, 1e-6)
	near(t, "at 1.5%", r.BenefitLines[1], 10000*math.Pow(1.015, -30), 1e-14)
	near(t, "own correction", r.BenefitLines[2], r.BenefitLines[0]/2, 1e-14)
}

func TestAppraisalInvariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stats.NewRand(rapid.Uint64().Draw(t, "seed"), 0)
		some := func(lines int) (out []Line) {
			for range lines {
				line := Line{Grade: Grade(r.Below(7)), Kind: Kind(r.Below(3)), Additional: Additionality{Deadweight: r.Float64()}}
				for range 1 + r.Below(8) {
					line.Flow = append(line.Flow, 1000*r.Float64())
				}
				out = append(out, line)
			}
			return out
		}
		a := Appraisal{Costs: some(3), Benefits: some(4), Timing: Timing(r.Below(3))}
		x, err := Evaluate(a)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(a.Benefits)
		y, _ := Evaluate(a)
		tens := []float64{10, 10, 10, 10, 10, 10, 10}
		scaled, err := a.Scale(tens)
		if err != nil {
			t.Fatal(err)
		}
		z, _ := Evaluate(scaled)
		if math.Abs(x.Public.Net-y.Public.Net) > 1e-8 || math.Abs(x.Public.Ratio-z.Public.Ratio) > 1e-9 ||
			math.Abs(10*x.Public.Net-z.Public.Net) > 1e-6 || math.Abs(x.Public.Payback-z.Public.Payback) > 1e-9 {
			t.Errorf("%+v\n%+v\n%+v", x, y, z)
		}
		sum := 0.0
		for _, v := range x.Yearly {
			sum += v
		}
		if math.Abs(sum-x.Public.Net) > 1e-8 || x.Fiscal.Benefits > x.Public.Benefits+1e-9 {
			t.Errorf("%+v", x)
		}
		// at its switching value a line brings the net present value to zero
		factors := []float64{1, 1, 1, 1, 1, 1, 1}
		k := int(r.Below(4))
		factors[3+k] = y.Switch(k, false)
		if v, err := y.NetAt(factors); y.BenefitLines[k] > 1e-3 && (err != nil || math.Abs(v) > 1e-6) {
			t.Errorf("at the switching value: %v %v", v, err)
		}
		if at, err := a.Scale(factors); err == nil && y.BenefitLines[k] > 1e-3 {
			if s, _ := Evaluate(at); math.Abs(s.Public.Net) > 1e-6 {
				t.Errorf("at the switching value %v: %v", factors[3+k], s.Public.Net)
			}
		}
	})
}

func TestDegenerateAppraisals(t *testing.T) {
	free, err := Evaluate(Appraisal{Benefits: []Line{{Flow: []float64{5}}}})
	if err != nil || !math.IsInf(free.Public.Ratio, 1) || free.Public.BreakEven != 0 || free.Public.Payback != 0 {
		t.Errorf("%+v %v", free, err)
	}
	nothing, err := Evaluate(Appraisal{Costs: []Line{{Flow: []float64{0}}}})
	if err != nil || !math.IsNaN(nothing.Public.Ratio) || nothing.Public.Net != 0 {
		t.Errorf("%+v %v", nothing, err)
	}
	lost, err := Evaluate(Appraisal{Costs: []Line{{Flow: []float64{5}}}})
	if err != nil || lost.Public.Ratio != 0 || !math.IsInf(lost.Public.BreakEven, 1) || !math.IsInf(lost.Public.Payback, 1) {
		t.Errorf("%+v %v", lost, err)
	}
	again, _ := Evaluate(Appraisal{Schedule: Flat(0), Costs: []Line{{Flow: []float64{1, 0, 0, 9}}}, Benefits: []Line{{Flow: []float64{0, 5, 0, 0, 10}}}})
	near(t, "payback after a later cost", again.Public.Payback, 4.5, 1e-14)
	for want, a := range map[error]Appraisal{
		stats.ErrEmpty:   {Costs: []Line{{}}},
		stats.ErrMissing: {Costs: []Line{{Flow: []float64{math.Inf(1)}}}},
	} {
		if _, err := Evaluate(a); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	one := []float64{1}
	for _, a := range []Appraisal{
		{Costs: []Line{{Flow: one, Grade: 9}}}, {Benefits: []Line{{Flow: one, Kind: 7}}}, {Benefits: []Line{{Flow: one, Correction: 1.2}}},
		{Costs: []Line{{Flow: one, Schedule: Flat(-2)}}}, {Costs: []Line{{Flow: make([]float64, 1001)}}},
		{Benefits: []Line{{Flow: one, Additional: Additionality{Deadweight: -1}}}}, {Costs: []Line{{Flow: one}}, Timing: 5},
	} {
		if _, err := Evaluate(a); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if _, err := example().Scale(one); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
}

func TestAmountsThatAreNotNumbers(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		_, fade := Fade(v, 0, 3, 0.1)
		_, convert := Prices{First: 2020, Index: []float64{1, 2}}.Convert(v, 2020, 2021)
		_, annual := Flat(0.1).Annual(v, 2, StartOfYear)
		_, present := Flat(0.1).Present([]float64{1, v}, StartOfYear)
		_, reach := Reach{People: v}.Amount()
		for k, err := range []error{fade, convert, annual, present, reach} {
			if !errors.Is(err, stats.ErrMissing) {
				t.Errorf("%v, %d: %v", v, k, err)
			}
		}
	}
	r, err := Evaluate(Appraisal{Costs: []Line{{Flow: []float64{1}}, {Flow: []float64{0}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []int{-1, 1, 2} {
		if v := r.Switch(line, true); !math.IsNaN(v) {
			t.Errorf("line %d: %v", line, v)
		}
	}
	if v := r.Switch(0, false); !math.IsNaN(v) {
		t.Error(v)
	}
}

// A correction below zero turns the other way, an outcome that is not counted is
// one, and sums that fail to cancel by a rounding are paid back.
func TestSmallRulesOfAppraisals(t *testing.T) {
	flow := []float64{100}
	r, err := Evaluate(Appraisal{Costs: []Line{{Flow: flow, Grade: 6, Correction: -0.1}}, Benefits: []Line{{Flow: flow, Correction: -0.2}}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "cost", r.Costs, 90, 1e-14)
	near(t, "benefit", r.Public.Benefits, 120, 1e-14)
	one, err := Reach{People: 10, Need: 1, Engaged: 0.5, Impact: 0.2, Value: 7}.Amount()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "one outcome each", one, 7, 1e-14)
	even, err := Evaluate(Appraisal{Schedule: Flat(0), Costs: []Line{{Flow: []float64{0.3}}}, Benefits: []Line{{Flow: []float64{0, 0.1, 0.1, 0.1}}}})
	if err != nil || math.Abs(even.Public.Payback-4) > 1e-9 {
		t.Error(even.Public.Payback, err)
	}
}

func FuzzEvaluate(f *testing.F) {
	f.Add(100.0, 20.0, 0.1, 0.5, 2)
	f.Fuzz(func(t *testing.T, cost, benefit, rate, share float64, grade int) {
		a := Appraisal{
			Costs:    []Line{{Flow: []float64{cost, cost}, Grade: Grade(grade)}},
			Benefits: []Line{{Flow: []float64{0, benefit, benefit}, Additional: Additionality{Deadweight: share}, Kind: Economic}},
			Schedule: Flat(rate),
		}
		r, err := Evaluate(a)
		if err == nil && math.Abs(cost) < 1e100 && math.Abs(benefit) < 1e100 && rate > -0.99 && rate < 1e50 &&
			(math.IsNaN(r.Public.Net) || math.IsNaN(r.Public.Payback)) {
			t.Errorf("%+v: %+v", a, r)
		}
	})
}
