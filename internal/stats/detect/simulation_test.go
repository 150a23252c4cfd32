package detect

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// field is counts as this field has them: seasonal, perhaps overdispersed and
// with a trend.
func field(series, length int, mean, size, growth float64, seed uint64) [][]float64 {
	out := make([][]float64, series)
	for s := range out {
		r := stats.NewRand(seed, uint64(s))
		out[s] = make([]float64, length)
		for t := range out[s] {
			m := mean * math.Exp(0.3*math.Sin(2*math.Pi*float64(t)/12)+growth*float64(t))
			out[s][t] = r.NegBin(m, size)
		}
	}
	return out
}

// rate is the share of evaluations that are alarms.
func rate(all [][]Evaluation) (alarms, n float64) {
	for _, series := range all {
		for _, e := range series {
			if e.Evaluated() {
				n++
				if e.Alarm() {
					alarms++
				}
			}
		}
	}
	return alarms, n
}

// False alarms of Predictive at 2.5% stay below 4% whatever the mean and the
// overdispersion: 1,800 evaluations each have a Monte-Carlo standard error of
// 0.4 percentage points. Where counts are Poisson they stay at 2.5%.
func TestFalseAlarmsOfPredictive(t *testing.T) {
	for _, mean := range []float64{0.1, 0.5, 2, 10, 50} {
		for _, size := range []float64{3, 10, math.Inf(1)} {
			y := field(150, 96, mean, size, 0, uint64(mean*10))
			all, err := FlexibleAll(y, FlexibleOptions{Alpha: 0.025, Bound: Predictive, MinCases: None, From: 84})
			if err != nil {
				t.Fatal(err)
			}
			limit := 0.04
			if math.IsInf(size, 1) {
				limit = 0.025
			}
			alarms, n := rate(all)
			if got := alarms / n; n != 1800 || got > limit+3*math.Sqrt(limit/n) {
				t.Errorf("mean %v, size %v: %.4f of %v are false alarms", mean, size, got, n)
			}
		}
	}
}

// The published settings with their rule of five cases: 0.5% asked for, and at
// most four times as many had, as Noufaily et al. found too.
func TestFalseAlarmsOfThePublishedSettings(t *testing.T) {
	for _, mean := range []float64{0.1, 2, 50} {
		y := field(200, 96, mean, 5, 0.002, 3)
		all, err := FlexibleAll(y, FlexibleOptions{From: 84})
		if err != nil {
			t.Fatal(err)
		}
		alarms, n := rate(all)
		if got := alarms / n; got > 0.02+3*math.Sqrt(0.02/n) {
			t.Errorf("mean %v: %.4f of %v are false alarms", mean, got, n)
		}
	}
}

// Months of a lockdown in the baseline, at a third of the usual counts, must not
// make usual counts after it alarming, nor hide low ones before.
func TestALockdownInTheBaseline(t *testing.T) {
	y := field(200, 108, 30, 40, 0, 9)
	for s := range y {
		for at := 75; at < 79; at++ {
			y[s][at] = math.Round(y[s][at] / 3)
		}
	}
	all, err := FlexibleAll(y, FlexibleOptions{Alpha: 0.025, Bound: Predictive, From: 96})
	if err != nil {
		t.Fatal(err)
	}
	alarms, n := rate(all)
	if got := alarms / n; got > 0.04+3*math.Sqrt(0.04/n) {
		t.Errorf("%.4f of %v are false alarms", got, n)
	}
	low, err := FlexibleAll(y, FlexibleOptions{Alpha: 0.025, Bound: Predictive, Sides: Below, From: 75, To: 79})
	if err != nil {
		t.Fatal(err)
	}
	if found, n := rate(low); found/n < 0.6 {
		t.Errorf("%.3f of the lockdown's months are low", found/n)
	}
}

// Planted outbreaks: a month at three times its mean is found nearly always when
// the mean is ten, a trebling of half a case a month hardly ever.
func TestPlantedOutbreaksAreFound(t *testing.T) {
	for _, c := range []struct{ mean, least, most float64 }{{10, 0.85, 1}, {50, 0.95, 1}, {0.5, 0, 0.3}} {
		y := field(200, 96, c.mean, 20, 0, 4)
		for s := range y {
			r := stats.NewRand(8, uint64(s))
			y[s][90] += r.Poisson(2 * c.mean)
		}
		all, err := FlexibleAll(y, FlexibleOptions{From: 90, To: 91})
		if err != nil {
			t.Fatal(err)
		}
		found, n := rate(all)
		if share := found / n; share < c.least || share > c.most {
			t.Errorf("mean %v: %v found", c.mean, share)
		}
	}
}

// A past outbreak hides the next one unless it is weighted down.
func TestWeightsKeepThePastFromHiding(t *testing.T) {
	y := field(200, 96, 10, math.Inf(1), 0, 6)
	for s := range y {
		y[s][66], y[s][78] = y[s][66]+30, y[s][78]+30 // the same month of two years
		y[s][90] += 15
	}
	found := func(equal bool) float64 {
		all, err := FlexibleAll(y, FlexibleOptions{From: 90, To: 91, EqualWeights: equal, WeightAbove: 1.5})
		if err != nil {
			t.Fatal(err)
		}
		n, _ := rate(all)
		return n
	}
	if with, without := found(false), found(true); with < without+20 {
		t.Errorf("%v found with weights, %v without", with, without)
	}
}

// Normal counts with Student's t have the nominal rate exactly; with the normal
// quantile of EARS they have 3.6 times as many at 1%: the tail of t beyond z/√(1 + 1/7).
func TestFalseAlarmsOfEARS(t *testing.T) {
	y := make([][]float64, 400)
	for s := range y {
		r := stats.NewRand(2, uint64(s))
		y[s] = make([]float64, 120)
		for i := range y[s] {
			y[s][i] = 1000 + 10*r.Normal()
		}
	}
	for _, c := range []struct {
		student bool
		want    float64
	}{{true, 0.01}, {false, 0.03622}} {
		all, err := EARSAll(y, EARSOptions{Alpha: 0.01, Student: c.student})
		if err != nil {
			t.Fatal(err)
		}
		alarms, n := rate(all)
		// Neighbouring evaluations share their baseline: allow for five times the
		// variance of independent ones.
		if got := alarms / n; math.Abs(got-c.want) > 4*math.Sqrt(5*c.want/n) {
			t.Errorf("Student %v: %.4f, want %v", c.student, got, c.want)
		}
	}
}

// Of all discoveries at 10% at most 10% are false (with room for the error of
// 60 rounds), and most planted outbreaks are among them.
func TestDiscoveriesKeepTheirRate(t *testing.T) {
	const rounds, series, planted = 60, 150, 15
	share, found := 0.0, 0.0
	for round := range rounds {
		y := field(series, 73, 8, 10, 0, uint64(100+round))
		for s := range planted {
			y[s][72] = 3*y[s][72] + 20
		}
		all, err := FlexibleAll(y, FlexibleOptions{Bound: Predictive, From: 72})
		if err != nil {
			t.Fatal(err)
		}
		list, err := Discover(all, 72, DiscoverOptions{Rate: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		wrong := 0.0
		for _, d := range list {
			if d.Series < planted {
				found++
			} else {
				wrong++
			}
		}
		share += wrong / max(1, float64(len(list))) / rounds
	}
	if share > 0.1+0.03 {
		t.Errorf("%.3f of the discoveries are false", share)
	}
	if found < 0.8*rounds*planted {
		t.Errorf("%v of %v planted are found", found, rounds*planted)
	}
}
