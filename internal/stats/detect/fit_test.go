package detect

import (
	"fmt"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/model"
)

// One fit of the method is a quasi-Poisson regression: the general one, which
// knows nothing of parts of the year, must give the same.
func TestFitIsAQuasiPoissonRegression(t *testing.T) {
	for trial := range uint64(30) {
		r := stats.NewRand(12, trial)
		o, err := FlexibleOptions{Parts: 1 + int(trial%6), EqualWeights: true}.fill()
		if err != nil {
			t.Fatal(err)
		}
		y, exposure := make([]float64, 80), make([]float64, 80)
		for i := range y {
			exposure[i] = 1 + r.Float64()
			y[i] = r.NegBin(6*exposure[i], 4)
		}
		o.Exposure = exposure
		f, err := newFarrington(o)
		if err != nil {
			t.Fatal(err)
		}
		const at = 79
		w := f.worker()
		w.series.prepare(y, &w.FlexibleOptions)
		w.model.load(&w.series, &w.reference, at)
		for i := range w.model.rows {
			w.model.w[i] = 0.2 + r.Float64()
		}
		trend := trial%3 > 0
		if !w.model.fit(trend) {
			t.Fatalf("trial %d: no fit", trial)
		}
		compareFit(t, fmt.Sprintf("trial %d", trial), w, at, trend)
	}
}

func compareFit(t *testing.T, name string, w *worker, at int, trend bool) {
	t.Helper()
	m := &w.model
	n := m.rows
	counts, offset, weights, now := m.y[:n], make([]float64, n), m.w[:n], []float64{math.Log(w.series.exposure[at])}
	d, one := model.NewDesign(n), model.NewDesign(1)
	for g := range int32(m.groups) {
		column, here := make([]float64, n), []float64{0}
		for i := range n {
			offset[i] = math.Log(m.e[i])
			if m.group[i] == g {
				column[i] = 1
			}
		}
		if g == w.reference.window {
			here[0] = 1
		}
		d.Add(fmt.Sprint("part ", g), column)
		one.Add(fmt.Sprint("part ", g), here)
	}
	if trend {
		d.Add("trend", m.t[:n])
		one.Add("trend", []float64{-float64(w.reference.offset[0]+w.reference.offset[len(w.reference.offset)-1]) / 2})
	}
	fit, err := model.Fit(d, counts, model.Options{Family: model.QuasiPoisson, Offset: offset, Weights: weights})
	if err != nil {
		t.Fatal(err)
	}
	want, err := fit.Predict(one, model.PredictOptions{Offset: now})
	if err != nil {
		t.Fatal(err)
	}
	p := w.predict(at, trend)
	check := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			t.Errorf("%s: %s %.12g, want %.12g", name, what, got, want)
		}
	}
	check("expected", p.mean, want.Mean[0])
	check("dispersion", m.pearson/float64(m.df), fit.Dispersion)
	check("standard error", p.logSE*math.Sqrt(fit.Dispersion/p.dispersion), want.SE[0])
	if trend {
		check("slope", m.slope, fit.Coefficients[m.groups])
	}
}
