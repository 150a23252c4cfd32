package detect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// What is asked for is what is done, also where it is the default of another
// kind of series or chart.
func TestOptionsAskedForAreKept(t *testing.T) {
	weeks, err := FlexibleOptions{Period: 52, HalfWindow: None}.fill()
	if err != nil || weeks.HalfWindow != 0 {
		t.Errorf("weeks without a window: %d, %v", weeks.HalfWindow, err)
	}
	for period, want := range map[float64]int{25: 1, 26: 3} {
		if o, err := (FlexibleOptions{Period: period, Parts: 5}).fill(); err != nil || o.HalfWindow != want {
			t.Errorf("period %v: %d, %v", period, o.HalfWindow, err)
		}
	}
	years, err := FlexibleOptions{Period: 1, Parts: 1, HalfWindow: None}.fill()
	if err != nil || years.Gap != 0 || years.HalfWindow != 0 {
		t.Errorf("years: %+v, %v", years, err)
	}
	for _, c := range []struct {
		o    EARSOptions
		want float64
	}{{EARSOptions{}, 0.001}, {EARSOptions{Rule: C3}, 0.025}, {EARSOptions{Rule: C3, Alpha: 0.001}, 0.001}} {
		if o, err := c.o.fill(); err != nil || o.Alpha != c.want {
			t.Errorf("%+v: %v, %v", c.o, o.Alpha, err)
		}
	}
	for _, c := range []struct {
		o    CUSUMOptions
		want float64
	}{{CUSUMOptions{}, 5}, {CUSUMOptions{Deviation: Plain}, 2.26}, {CUSUMOptions{H: 2.26}, 2.26}} {
		if o, err := c.o.fill(); err != nil || o.H != c.want {
			t.Errorf("%+v: %v, %v", c.o, o.H, err)
		}
	}
}

// One figure a year: the window is the year itself.
func TestYearlyCounts(t *testing.T) {
	y := []float64{4, 6, 5, 5, 6, 4, 30}
	e, err := Flexible(y, FlexibleOptions{Period: 1, Parts: 1, HalfWindow: None, NoTrend: true, From: 6})
	if err != nil || math.Abs(e[0].Expected-26.0/5) > 1e-12 || e[0].Verdict != High {
		t.Errorf("%+v, %v", e, err)
	}
}

// Figures and options far outside what the methods are for have a named error:
// without a limit they would run for ever or out of memory.
func TestLimits(t *testing.T) {
	y := constant(96, 3)
	with := func(v float64) []float64 { return append(constant(95, 3), v) }
	in := InControl{Mean: constant(96, 3), Size: 5}
	mean := func(m, size float64) InControl { return InControl{Mean: with(m), Size: size} }
	long := Simulation{InControl: in, Longest: 10_001}
	for name, c := range map[string]func() error{
		"huge count": func() error { _, err := Flexible(with(1.1e15), FlexibleOptions{}); return err },
		"tiny count": func() error { _, err := EARS(with(1e-31), EARSOptions{}); return err },
		"exposure":   func() error { _, err := Flexible(y, FlexibleOptions{Exposure: with(1e31)}); return err },
		"exposed":    func() error { _, err := Flexible(y, FlexibleOptions{Exposure: with(1e-31)}); return err },
		"share error": func() error {
			_, err := Flexible(y, FlexibleOptions{Reported: constant(96, 1), ReportedSE: with(1.1)})
			return err
		},
		"years":       func() error { _, err := Flexible(y, FlexibleOptions{Years: math.MaxInt}); return err },
		"period":      func() error { _, err := Flexible(y, FlexibleOptions{Period: 1e5, Years: 2}); return err },
		"window":      func() error { _, err := Flexible(y, FlexibleOptions{HalfWindow: math.MaxInt}); return err },
		"parts":       func() error { _, err := Flexible(y, FlexibleOptions{Parts: math.MaxInt}); return err },
		"baseline":    func() error { _, err := EARS(y, EARSOptions{Baseline: math.MaxInt}); return err },
		"sigma":       func() error { _, err := EARS(y, EARSOptions{MinSigma: math.Inf(1)}); return err },
		"EARS alpha":  func() error { _, err := EARS(y, EARSOptions{Alpha: 0.51}); return err },
		"huge mean":   func() error { _, err := GLR(y, mean(1.1e15, 5), GLROptions{}); return err },
		"tiny mean":   func() error { _, err := GLR(y, mean(1e-31, 5), GLROptions{}); return err },
		"tiny size":   func() error { _, err := CUSUM(y, mean(3, 1e-31), CUSUMOptions{}); return err },
		"nan size":    func() error { _, err := CUSUM(y, mean(3, math.NaN()), CUSUMOptions{}); return err },
		"huge ratio":  func() error { _, err := CUSUM(y, in, CUSUMOptions{Ratio: 2e6}); return err },
		"no ratio":    func() error { _, err := CUSUM(y, in, CUSUMOptions{Ratio: 1 + 1e-7}); return err },
		"long run":    func() error { _, err := GLROptions{}.RunLength(long); return err },
		"wanted":      func() error { _, err := GLROptions{}.Threshold(long, 1700); return err },
		"wanted more": func() error { _, err := CUSUMOptions{}.Threshold(long, 1.1e5); return err },
		"runs":        func() error { _, err := CUSUMOptions{}.RunLength(Simulation{InControl: in, Runs: 1e7}); return err },
		"change":      func() error { _, err := CUSUMOptions{}.RunLength(Simulation{InControl: in, Change: 1e7}); return err },
		"triangle":    func() error { _, err := Completeness([][]float64{{1e16}}, NowcastOptions{}); return err },
		"draws":       func() error { _, err := Completeness([][]float64{{1}}, NowcastOptions{Draws: 1e7}); return err },
		"waves":       func() error { _, err := FitInControl(y, 96, SeasonOptions{Waves: math.MaxInt}); return err },
	} {
		if err := c(); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
	short := Simulation{InControl: in, Longest: 20_000, Runs: 2}
	if _, err := (GLROptions{Longest: 12, H: 1}).RunLength(short); err != nil {
		t.Errorf("a long run with a limit: %v", err)
	}
}

// A chart that forgets what lies too far back is the same as one begun there.
func TestGLRForgetsWhatIsTooLongAgo(t *testing.T) {
	const n, longest = 2600, 30
	y, in := make([][]float64, 2), make([]InControl, 2)
	for s := range y {
		r := stats.NewRand(41, uint64(s))
		y[s], in[s] = make([]float64, n), InControl{Mean: constant(n, 4), Size: 3 * float64(s)}
		for i := range y[s] {
			y[s][i] = r.NegBin(4, in[s].size())
		}
		y[s][500] = 4000 // an early alarm, after which the chart starts anew
	}
	// One worker, so that both series share its space: the longer first.
	y[0], in[0].Mean = y[0][:n/2], in[0].Mean[:n/2]
	for _, falls := range []bool{false, true} {
		o := GLROptions{Falls: falls, H: 200, Longest: longest}
		all, err := GLRAll([][]float64{y[1], y[0], y[1]}, []InControl{in[1], in[0], in[1]}, o)
		if err != nil {
			t.Fatal(err)
		}
		for k, s := range []int{1, 0, 1} {
			if all[k][500].Alarm == falls {
				t.Errorf("series %d: %+v", s, all[k][500])
			}
			for at := 997; at < len(y[s]); at += 97 {
				o.From, o.To = at-longest, at+1
				alone, err := GLR(y[s], in[s], o)
				if err != nil {
					t.Fatal(err)
				}
				got, want := all[k][at], alone[longest]
				if !closeTo(got.Statistic, want.Statistic, 1e-9) || got.Since != want.Since {
					t.Errorf("series %d at %d: %+v, begun late %+v", s, at, got, want)
				}
			}
		}
	}
}

// Time points without a case, and delays at which none ever comes, say nothing of
// how much counts vary.
func TestDispersionOfATriangleWithZeros(t *testing.T) {
	full := [][]float64{{6, 3, 1}, {2, 8, 3}, {9, 1, 0}, {4, 4, 4}, {1, 7, 2}}
	var gaps [][]float64
	for _, row := range full {
		gaps = append(gaps, []float64{0, 0, 0, 0}, []float64{row[0], row[1], 0, row[2]})
	}
	// Complete rows first, so that the newest cells of neither are cut off.
	gaps = append(gaps, constant(4, 0), constant(4, 0), constant(4, 0))
	full = append(full, constant(3, 0), constant(3, 0))
	want, err := Completeness(full, NowcastOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Completeness(gaps, NowcastOptions{})
	if err != nil || want.Dispersion < 1.2 || math.Abs(got.Dispersion-want.Dispersion) > 1e-12 {
		t.Errorf("dispersion %v, without the zeros %v, %v", got.Dispersion, want.Dispersion, err)
	}
	// By hand: expected counts are those of independent rows and columns.
	chi, sums := 0.0, [3]float64{22, 23, 10}
	for _, row := range full[:5] {
		total := row[0] + row[1] + row[2]
		for d, v := range row {
			e := total * sums[d] / 55
			chi += (v - e) * (v - e) / e
		}
	}
	if math.Abs(want.Dispersion-chi/8) > 1e-12 {
		t.Errorf("dispersion %v, by hand %v", want.Dispersion, chi/8)
	}
	if len(got.Reported(-1)) != 0 || len(got.ReportedSE(0)) != 0 {
		t.Error("a series without time points has no shares")
	}
}
