package rate

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"openvru/internal/stats"
)

func TestTrendMarkersAreThoseOfR(t *testing.T) {
	rows, c := table(t, "testdata/trend.csv")
	for k := range rows {
		var y, counts, numbers []float64
		var intervals []Interval
		for i := 1; i <= 5; i++ {
			v, se := c[fmt.Sprint("y", i)][k], c[fmt.Sprint("se", i)][k]
			y, intervals = append(y, v), append(intervals, Interval{Low: v - 1.96*se, High: v + 1.96*se})
			counts, numbers = append(counts, c[fmt.Sprint("c", i)][k]), append(numbers, c[fmt.Sprint("n", i)][k])
		}
		got, err := TrendMarker(y, intervals)
		if err != nil || float64(got.Direction) != c["mark"][k] {
			t.Errorf("case %d: %+v %v, want %v", k+1, got, err, c["mark"][k])
		}
		near(t, "slope", got.Slope, c["slope"][k], 1e-11)
		near(t, "chi-squared", got.ChiSquared, c["chi"][k], 1e-11)
		got, err = TrendOfShares(counts, numbers)
		if err != nil || float64(got.Direction) != c["share_mark"][k] {
			t.Errorf("case %d, shares: %+v %v, want %v", k+1, got, err, c["share_mark"][k])
		}
		near(t, "slope of the log-odds", got.Slope, c["share_slope"][k], 1e-11)
		near(t, "chi-squared of shares", got.ChiSquared, c["share_chi"][k], 1e-11)
	}
}

// The two series that the tests of Fingertips' own code are fed with (diabetes, and
// people of 65 and over, in England 2020 to 2024), worked out in exact fractions.
func TestTrendMarkersOfFingertipsOwnSeries(t *testing.T) {
	for _, c := range []struct{ counts, numbers, want []float64 }{
		{
			[]float64{3455176, 3491868, 3625401, 3774801, 3938080}, []float64{48783947, 49122259, 49956777, 50649129, 51441896},
			[]float64{16494.755906619033, 0.02189182570328576},
		},
		{
			[]float64{10588957, 10547929, 10851467, 11034431, 11246440}, []float64{60458658, 60744002, 61625745, 62418295, 63227624},
			[]float64{3167.7987924481918, 0.005924711219061507},
		},
	} {
		got, err := TrendOfShares(c.counts, c.numbers)
		if err != nil || got.Direction != Increasing {
			t.Errorf("%+v %v", got, err)
		}
		near(t, "chi-squared", got.ChiSquared, c.want[0], 1e-12)
		near(t, "slope", got.Slope, c.want[1], 1e-12)
	}
	got, err := TrendMarker([]float64{7.0826, 7.1085, 7.2571, 7.4528, 7.6554}, []Interval{
		{Low: 7.0754, High: 7.094}, {Low: 7.1013, High: 7.1199}, {Low: 7.2499, High: 7.2684}, {Low: 7.4456, High: 7.4643}, {Low: 7.6481, High: 7.6669},
	})
	if err != nil || got.Direction != Increasing {
		t.Errorf("%+v %v", got, err)
	}
	near(t, "slope of the rate", got.Slope, 0.14879926342020153, 1e-11)
	near(t, "chi-squared of the rate", got.ChiSquared, 9740.102184854955, 1e-10)
}

func width(values []float64, half float64) []Interval {
	out := make([]Interval, len(values))
	for i, v := range values {
		out[i] = Interval{Low: v - half, High: v + half}
	}
	return out
}

// By hand: 1 to 5 with like intervals has the slope 1; half a width of 1.96 is a
// standard error of 1, and the slope's is 1/√10, so chi-squared is 10.
func TestTrendMarkerByHand(t *testing.T) {
	y := []float64{99, 1, 2, 3, 4, 5} // only the last five count
	got, err := TrendMarker(y, width(y, 1.96))
	if err != nil || got.Direction != Increasing || !got.Agree {
		t.Errorf("%+v %v", got, err)
	}
	near(t, "slope", got.Slope, 1, 1e-13)
	near(t, "chi-squared", got.ChiSquared, 10, 1e-12)
	wide, _ := TrendMarker(y, width(y, 1.96*math.Sqrt(10/9.54)))
	if wide.Direction != NoChange {
		t.Errorf("%+v", wide)
	}
	narrow, _ := TrendMarker(y, width(y, 1.96*math.Sqrt(10/9.5496)))
	if narrow.Direction != Increasing {
		t.Errorf("%+v", narrow)
	}
	// A slope of zero without one point counts as a rise, as it does in Fingertips.
	up, drop := []float64{0, 0, 0, 0, 9}, []float64{0, 0, 0, 0, -9}
	rise, _ := TrendMarker(up, width(up, 0.5))
	fall, _ := TrendMarker(drop, width(drop, 0.5))
	if rise.Direction != Increasing || fall.Direction != NoChange || fall.ChiSquared != rise.ChiSquared {
		t.Errorf("%+v and %+v", rise, fall)
	}
	down := []float64{5, 4, 3, 2, 1}
	if got, _ := TrendMarker(down, width(down, 1.9)); got.Direction != Decreasing {
		t.Errorf("%+v", got)
	}
	// One far point makes the slope: without it the others fall.
	one := []float64{4, 3, 2, 1, 90}
	got, _ = TrendMarker(one, width(one, 1))
	if got.Direction != NoChange || got.Agree || got.ChiSquared < trendLimit {
		t.Errorf("%+v", got)
	}
	flat := []float64{3, 3, 3, 3, 3}
	if got, _ := TrendMarker(flat, width(flat, 1)); got.Direction != NoChange || got.ChiSquared > 1e-20 {
		t.Errorf("%+v", got)
	}
}

func TestTrendMarkerPassesOver(t *testing.T) {
	y := []float64{1, 2, math.NaN(), 3, 4, 5, 70}
	i := width(y, 1.96)
	i[6].High = i[6].Low // an interval without width
	got, err := TrendMarker(y, i)
	if err != nil || got.Direction != Increasing || math.Abs(got.ChiSquared-10) > 1e-12 {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := TrendMarker(y[:5], i[:5]); err != nil || got.Direction != CannotBeCalculated {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := TrendMarker(y, i[:3]); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := TrendOfShares(y, y[:3]); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if got, err := TrendOfShares([]float64{1, 2, 3, 0, 5}, []float64{9, 9, 9, 9, 9}); err != nil || got.Direction != CannotBeCalculated {
		t.Errorf("%+v %v", got, err)
	}
	for d, want := range map[Direction]string{
		CannotBeCalculated: "cannot be calculated", Decreasing: "decreasing", NoChange: "no significant change", Increasing: "increasing",
	} {
		if d.String() != want {
			t.Error(d)
		}
	}
}

// Of flat series, one in five hundred at most is called a trend (99.8%).
func TestTrendMarkerFalseAlarms(t *testing.T) {
	const trials = 60_000
	r := stats.NewRand(8, 0)
	called, missed := 0, 0
	for range trials {
		y, rising := make([]float64, 5), make([]float64, 5)
		for i := range y {
			y[i] = 20 + r.Normal()
			rising[i] = y[i] + 3*float64(i)
		}
		if got, _ := TrendMarker(y, width(y, 1.96)); got.Direction != NoChange {
			called++
		}
		if got, _ := TrendMarker(rising, width(rising, 1.96)); got.Direction != Increasing {
			missed++
		}
	}
	t.Logf("%.3f%% of flat series called a trend, %.3f%% of steep ones not", 100*float64(called)/trials, 100*float64(missed)/trials)
	if share := float64(called) / trials; share > 0.0028 { // four standard errors over 0.2%
		t.Errorf("%v of flat series are called a trend", share)
	}
	if missed > trials/1000 {
		t.Errorf("%d steep series of %d are not called", missed, trials)
	}
}

func FuzzTrendMarker(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 1.0)
	f.Add(1e300, -1e300, 0.0, 1e-200)
	f.Fuzz(func(t *testing.T, a, b, c, half float64) {
		y := []float64{a, b, c, a, b, c}
		i := width(y, 1)
		i[1] = Interval{Low: b - half, High: b + half}
		got, err := TrendMarker(y, i)
		if err != nil || max(math.Abs(a), math.Abs(b), math.Abs(c)) < 1e100 && (math.IsNaN(got.Slope) || math.IsNaN(got.ChiSquared)) {
			t.Errorf("%v, %v: %+v %v", y, i, got, err)
		}
	})
}

func BenchmarkTrendMarker(b *testing.B) {
	y := []float64{5, 6, 5, 7, 8, 9, 12}
	i := width(y, 1)
	for b.Loop() {
		for range 4994 {
			if _, err := TrendMarker(y, i); err != nil {
				b.Fatal(err)
			}
		}
	}
}
