package trend

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"openvru/internal/stats"
)

// simulated is counts of a known truth: seasonal, overdispersed, with a lasting
// surprise, a lockdown of four months that halves them and a programme from start
// that takes a quarter away. The events it averted come back too.
func simulated(r *stats.Rand, months, start int, s scenario) (y []float64, averted float64) {
	y = make([]float64, months)
	lasting := r.Normal() * s.sd
	for i := range y {
		m := s.mean * (1 + 0.3*math.Sin(2*math.Pi*float64(i)/12)) * math.Exp(0.03*float64(i)/12)
		if i >= start+12 && i < start+16 {
			m /= 2
		}
		if i >= start {
			averted += m / 4
			m *= 0.75
		}
		lasting = s.rho*lasting + math.Sqrt(1-s.rho*s.rho)*s.sd*r.Normal()
		y[i] = r.NegBin(m*math.Exp(lasting-s.sd*s.sd/2), s.size)
	}
	return y, averted
}

type scenario struct{ mean, size, rho, sd float64 }

// Intervals hold the truth about as often as they say, for rare and frequent counts,
// Poisson and overdispersed, independent and autocorrelated; and the planted quarter
// comes back.
func TestIntervalsOfAnEffectCover(t *testing.T) {
	const trials = 200
	none := math.Inf(1)
	for _, s := range []scenario{{0.5, 5, 0, 0}, {2, none, 0, 0}, {10, 8, 0, 0}, {50, 10, 0, 0}, {10, none, 0.4, 0.15}, {50, 20, 0.5, 0.15}} {
		level, averted, bias, fitted := 0.0, 0.0, 0.0, 0.0
		for trial := range trials {
			r := stats.NewRand(21, uint64(trial))
			y, truth := simulated(&r, 96, 57, s)
			got, err := Interrupt(y, InterruptedOptions{Model: Model{Season: Season{Harmonics: 1}}, Interventions: []Intervention{
				{Name: "programme", Start: 57, Effect: LevelOnly}, {Name: "lockdown", Start: 69, End: 73, Effect: LevelOnly}}})
			if errors.Is(err, stats.ErrNoFit) { // no event in the lockdown
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			e := got.Effects[0]
			fitted++
			bias += e.LevelTerm.Estimate - math.Log(0.75)
			if e.LevelTerm.Interval.Has(math.Log(0.75)) {
				level++
			}
			if e.Averted.Events.Interval.Has(truth) {
				averted++
			}
		}
		// Three and a half Monte-Carlo standard errors about 0.92 to 0.97.
		margin := 3.5 * math.Sqrt(0.05*0.95/fitted)
		for _, share := range []float64{level / fitted, averted / fitted} {
			if share < 0.92-margin || share > 0.97+margin {
				t.Errorf("%+v: 95%% intervals of the step hold %v, of events averted %v", s, level/fitted, averted/fitted)
			}
		}
		if bias /= fitted; math.Abs(bias) > 0.05+0.1/s.mean {
			t.Errorf("%+v: bias %v", s, bias)
		}
	}
}

// Simulated intervals are near those of the delta method where that is exact enough.
func TestSimulatedIntervals(t *testing.T) {
	r := stats.NewRand(3, 0)
	y, _ := simulated(&r, 96, 57, scenario{mean: 50, size: 50})
	o := InterruptedOptions{
		Model:         Model{Season: Season{Harmonics: 2}},
		Interventions: []Intervention{{Name: "programme", Start: 57, Effect: LevelOnly}, {Name: "lockdown", Start: 69, End: 73}},
	}
	delta := must(Interrupt(y, o))
	o.Draws, o.Seed = 8_000, 5
	run := func() Interrupted { return must(Interrupt(y, o)) }
	drawn := cores(1, run)
	compare := func(what string, a, b stats.Interval) {
		if w := b.High - b.Low; math.Abs(a.Low-b.Low) > 0.1*w || math.Abs(a.High-b.High) > 0.1*w {
			t.Errorf("%s: %v by simulation, %v by the delta method", what, a, b)
		}
	}
	compare("averted", drawn.Averted.Events.Interval, delta.Averted.Events.Interval)
	compare("share", drawn.Effects[0].Averted.Share.Interval, delta.Effects[0].Averted.Share.Interval)
	compare("one of two", drawn.Effects[1].Averted.Events.Interval, delta.Effects[1].Averted.Events.Interval)
	compare("difference", drawn.Months[3].Difference.Interval, delta.Months[3].Difference.Interval)
	if again := cores(4, run); !reflect.DeepEqual(again.Months, drawn.Months) || !reflect.DeepEqual(again.Effects[0].Averted, drawn.Effects[0].Averted) {
		t.Error("one core and four differ")
	}
}

// A place that is its own control has no effect of its own, and that for certain: what
// both share is no error. Of a control that shares nothing the errors add up.
func TestControlLikeTheSeriesItself(t *testing.T) {
	y := boroughs(2, 72)
	o := InterruptedOptions{Model: Model{Season: Season{Harmonics: 1}}, Interventions: []Intervention{{Name: "it", Start: 40, Effect: LevelOnly}}}
	for kind := Lasting; kind < ModelBased; kind++ {
		o.Errors, o.Control = Errors{Kind: kind, Lag: 3}, nil
		alone := must(Interrupt(y[0], o)).Effects[0].LevelTerm.SE
		o.Control = &Control{Counts: y[0]}
		if e := must(Interrupt(y[0], o)).Effects[0].LevelTerm; e.Estimate != 0 || e.SE > 1e-6*alone {
			t.Errorf("kind %d: %v ± %v, alone ± %v", kind, e.Estimate, e.SE, alone)
		}
	}
	o.Errors = Errors{Kind: ModelBased}
	beyond := must(Interrupt(y[0], InterruptedOptions{Model: o.Model, Interventions: o.Interventions, Control: &Control{Counts: y[1]}}))
	squares := 0.0
	for _, f := range []Fit{beyond.Fit, *beyond.ControlFit} {
		se := f.Terms[len(f.Terms)-1].SE
		squares += se * se
	}
	// Of the lags chosen for each the longer holds for both.
	lags := InterruptedOptions{Model: o.Model, Interventions: o.Interventions, Control: &Control{Counts: boroughs(9, 72)[8]}}
	lags.Errors = Errors{Kind: RobustAuto}
	chosen := must(Interrupt(y[0], lags))
	if lags.Errors = (Errors{Kind: RobustLag, Lag: max(chosen.Lag, chosen.ControlFit.Lag)}); chosen.Lag == chosen.ControlFit.Lag {
		t.Error("the lags are alike: the case shows nothing")
	}
	given := must(Interrupt(y[0], lags))
	near(t, "lag", []float64{chosen.Effects[0].LevelTerm.SE}, []float64{given.Effects[0].LevelTerm.SE}, 1e-12)
	near(t, "independent", []float64{beyond.Effects[0].LevelTerm.SE}, []float64{math.Sqrt(squares)}, 1e-9)
}

// A shock that hits a place and its control alike is not the programme's.
func TestControlTakesOutWhatBothShare(t *testing.T) {
	const trials = 200
	held, alone := 0.0, 0.0
	for trial := range trials {
		r := stats.NewRand(33, uint64(trial))
		y, control := make([]float64, 72), make([]float64, 72)
		for i := range y {
			shock := math.Exp(0.15 * r.Normal())
			if i >= 40 {
				shock *= 0.7 // what happened everywhere
			}
			effect := 1.0
			if i >= 40 {
				effect = 0.8
			}
			y[i], control[i] = r.NegBin(30*shock*effect, 40), r.NegBin(60*shock, 40)
		}
		o := InterruptedOptions{Model: Model{Season: Season{Harmonics: NoSeason}}, Interventions: []Intervention{{Name: "it", Start: 40, Effect: LevelOnly}}}
		if must(Interrupt(y, o)).Effects[0].LevelTerm.Interval.Has(math.Log(0.8)) {
			alone++
		}
		o.Control = &Control{Counts: control}
		if must(Interrupt(y, o)).Effects[0].LevelTerm.Interval.Has(math.Log(0.8)) {
			held++
		}
	}
	if share := held / trials; math.Abs(share-0.95) > 3.5*math.Sqrt(0.05*0.95/trials) {
		t.Errorf("with the control %v of intervals hold the effect", share)
	}
	if alone/trials > 0.6 {
		t.Errorf("without the control %v still hold it: the trial shows nothing", alone/trials)
	}
}

// Counts of one every ten months: the lockdown has next to none and is left out by an
// exposure of zero, and the intervals are simulated, as no sum of so few is normal.
func TestIntervalsOfRareCountsCover(t *testing.T) {
	const trials = 150
	days := make([]float64, 240)
	for i := range days {
		if days[i] = 1; i >= 156 && i < 160 {
			days[i] = 0
		}
	}
	level, averted, fitted := 0.0, 0.0, 0.0
	for trial := range trials {
		r := stats.NewRand(22, uint64(trial))
		y, truth := make([]float64, 240), 0.0
		for i := range y {
			m := 0.1 * (1 + 0.3*math.Sin(2*math.Pi*float64(i)/12)) * days[i]
			if i >= 144 {
				truth += m / 4
				m *= 0.75
			}
			y[i] = r.NegBin(m, 2)
		}
		got, err := Interrupt(y, InterruptedOptions{
			Model:         Model{Season: Season{Harmonics: 1}, Exposure: days},
			Interventions: []Intervention{{Name: "programme", Start: 144, Effect: LevelOnly}}, Draws: 200, Seed: uint64(trial),
		})
		if errors.Is(err, stats.ErrNoFit) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fitted++
		if e := got.Effects[0]; e.LevelTerm.Interval.Has(math.Log(0.75)) {
			level++
		}
		if got.Averted.Events.Interval.Has(truth) {
			averted++
		}
	}
	margin := 3.5 * math.Sqrt(0.05*0.95/fitted)
	for _, share := range []float64{level / fitted, averted / fitted} {
		if fitted < 0.95*trials || share < 0.93-margin || share > 0.98+margin {
			t.Errorf("of %v fits intervals of the step hold %v, of events averted %v", fitted, level/fitted, averted/fitted)
		}
	}
}
