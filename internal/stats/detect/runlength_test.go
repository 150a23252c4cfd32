package detect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// Average run lengths by the Markov chain of Brook and Evans (1972), from R's
// surveillance: LRCUSUM.runlength with 800 states (testdata/runlength.R).
func TestRunLengthsAreThoseOfTheMarkovChain(t *testing.T) {
	for _, c := range []struct {
		in          InControl
		ratio, h    float64
		change, arl float64
	}{
		{InControl{Mean: []float64{10}, Size: 2}, 2, 2, 1, 54.85471},
		{InControl{Mean: []float64{10}, Size: 2}, 2, 3, 1, 172.3684},
		{InControl{Mean: []float64{4}}, 1.5, 2, 1, 41.09242},
		{InControl{Mean: []float64{4}}, 1.5, 3, 1.5, 7.421698},
	} {
		got, err := CUSUMOptions{Ratio: c.ratio, H: c.h}.RunLength(Simulation{InControl: c.in, Change: c.change, Seed: 4})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Mean-c.arl) > 4*got.SE || got.SE > 0.05*got.Mean || got.Cut > 0 {
			t.Errorf("%+v: %+v, want %v", c, got, c.arl)
		}
	}
}

// The threshold found has the run length wanted, by simulation with another seed.
func TestThresholdsHaveTheirRunLength(t *testing.T) {
	in := InControl{Size: 4}
	for m := range 12 {
		in.Mean = append(in.Mean, 3+2*math.Sin(float64(m)*math.Pi/6))
	}
	s := Simulation{InControl: in, Seed: 1, Runs: 600}
	other := Simulation{InControl: in, Seed: 2, Runs: 600}
	const wanted = 60
	for _, o := range []CUSUMOptions{{Ratio: 2}, {Ratio: 0.5}, {Deviation: Standard, K: 0.5}} {
		got, err := o.Threshold(s, wanted)
		if err != nil {
			t.Fatal(err)
		}
		o.H = got.H
		check, err := o.RunLength(other)
		if err != nil || math.Abs(check.Mean-wanted) > 5*check.SE || got.RunLength.Mean < wanted {
			t.Errorf("%+v: %+v, again %+v, %v", o, got, check, err)
		}
	}
	for _, falls := range []bool{false, true} {
		o := GLROptions{Falls: falls, Longest: 24}
		got, err := o.Threshold(s, wanted)
		if err != nil {
			t.Fatal(err)
		}
		o.H = got.H
		check, err := o.RunLength(other)
		if err != nil || math.Abs(check.Mean-wanted) > 5*check.SE {
			t.Errorf("GLR: %+v, again %+v, %v", got, check, err)
		}
		// A chart that lasts 60 months in control finds a trebling or a third soon.
		other.Change = 3
		if falls {
			other.Change = 1.0 / 3
		}
		if soon, err := o.RunLength(other); err != nil || soon.Mean > 8 {
			t.Errorf("GLR, changed: %+v, %v", soon, err)
		}
		other.Change = 1
	}
}

// Runs start at each of the means in turn: of two, one without cases, every other
// run waits one time point.
func TestRunsStartAtEachMean(t *testing.T) {
	s := Simulation{InControl: InControl{Mean: []float64{1e-9, 100}}, Change: 10, Runs: 50}
	l, err := CUSUMOptions{}.RunLength(s)
	if err != nil || l.Mean != 1.5 || math.Abs(l.SE-0.5/7) > 1e-12 {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestRunLengthsRefuse(t *testing.T) {
	good := Simulation{InControl: InControl{Mean: []float64{1}}}
	for name, c := range map[string]struct {
		s    Simulation
		want error
	}{
		"empty":  {Simulation{}, stats.ErrEmpty},
		"runs":   {Simulation{InControl: good.InControl, Runs: 1}, stats.ErrOption},
		"change": {Simulation{InControl: good.InControl, Change: -1}, stats.ErrOption},
		"mean":   {Simulation{InControl: InControl{Mean: []float64{0}}}, stats.ErrOption},
	} {
		if _, err := (CUSUMOptions{}).RunLength(c.s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := (GLROptions{}).Threshold(c.s, 10); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (CUSUMOptions{}).Threshold(good, 0.5); !errors.Is(err, stats.ErrOption) {
		t.Errorf("wanted: %v", err)
	}
	if _, err := (CUSUMOptions{H: -1}).RunLength(good); !errors.Is(err, stats.ErrOption) {
		t.Errorf("threshold: %v", err)
	}
	// A run without end is cut short and says so.
	none := good
	none.Change, none.Runs, none.Longest = 1e-9, 5, 50
	if l, err := (CUSUMOptions{}).RunLength(none); err != nil || l.Cut != 5 || l.Mean != 50 {
		t.Errorf("cut: %+v, %v", l, err)
	}
}

// Season and size as R's MASS::glm.nb estimates them (testdata/incontrol.R).
func TestInControlIsGlmNbs(t *testing.T) {
	series, period := referenceSeries(t)
	for _, w := range readTable(t, "testdata/incontrol.csv") {
		y := series[w["series"]]
		got, err := FitInControl(y[:w.int(t, "training")], len(y), SeasonOptions{
			Period: period[w["series"]], Waves: w.int(t, "waves"), Trend: w["trend"] == "TRUE",
		})
		if err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, m := range got.Mean {
			total += m
		}
		for _, f := range []figure{
			{"size", got.Size}, {"first", got.Mean[0]}, {"last", got.Mean[len(y)-1]}, {"total", total},
		} {
			if !closeTo(f.got, w.num(t, f.column), 1e-6) {
				t.Errorf("%s %s %s: %s %.10g, want %s", w["series"], w["waves"], w["trend"], f.column, f.got, w[f.column])
			}
		}
	}
}

func TestInControlWithoutData(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		y    []float64
		o    SeasonOptions
		want error
	}{
		"zeros":    {make([]float64, 30), SeasonOptions{}, stats.ErrNoFit},
		"few":      {[]float64{1, 2, 3}, SeasonOptions{}, stats.ErrTooFew},
		"negative": {[]float64{-1}, SeasonOptions{}, stats.ErrNegative},
		"empty":    {nil, SeasonOptions{}, stats.ErrEmpty},
		"missing":  {[]float64{nan, nan, nan}, SeasonOptions{}, stats.ErrEmpty},
		"period":   {[]float64{1, 2, 3}, SeasonOptions{Period: -1}, stats.ErrOption},
	} {
		if _, err := FitInControl(c.y, 40, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Counts alike, with one missing, have that mean and no overdispersion.
	got, err := FitInControl([]float64{4, 4, nan, 4, 4, 4, 4, 4}, 10, SeasonOptions{Waves: None})
	if err != nil || math.Abs(got.Mean[9]-4) > 1e-9 || !math.IsInf(got.Size, 1) {
		t.Errorf("constant: %+v, %v", got, err)
	}
}

// As many waves as months can have: then each month of the year has its own mean.
func TestInControlOfFreeMonths(t *testing.T) {
	y := []float64{3, 8, 5, 2, 9, 12, 7, 4, 6, 1, 10, 11}
	y = append(y, y...)
	got, err := FitInControl(y, 36, SeasonOptions{Waves: 6, Size: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	for at, m := range got.Mean {
		if !closeTo(m, y[at%12], 1e-6) {
			t.Errorf("at %d: %v, want %v", at, m, y[at%12])
		}
	}
}
