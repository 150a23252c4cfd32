package model

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// covers counts how often the interval of the second coefficient holds the
// truth, in so many data sets of overdispersed counts.
func covers(t *testing.T, sets int, data func(r *stats.Rand) (*Design, []float64, float64), fit func(d *Design, y []float64) Term) float64 {
	t.Helper()
	held := make([]float64, sets)
	stats.Parallel(sets, func(_, i int) {
		r := stats.NewRand(20, uint64(i))
		d, y, truth := data(&r)
		if fit(d, y).Interval.Has(truth) {
			held[i] = 1
		}
	})
	sum := 0.0
	for _, v := range held {
		sum += v
	}
	return sum / float64(sets)
}

// Ten years of monthly counts of mean 0.3 to 20 with season, trend and
// overdispersion: intervals must hold the trend in 95% of sets, within four
// standard errors of 800 sets (0.0077 each) and two points for sets this small.
func TestIntervalsHoldTheTrend(t *testing.T) {
	for _, mean := range []float64{0.3, 3, 20} {
		data := func(r *stats.Rand) (*Design, []float64, float64) {
			const n, slope = 120, 0.4
			month, years := make([]float64, n), make([]float64, n)
			y := make([]float64, n)
			for i := range y {
				month[i], years[i] = float64(i), float64(i)/120
				y[i] = r.NegBin(mean*math.Exp(slope*years[i]+0.3*math.Sin(2*math.Pi*float64(i)/12)), 2)
			}
			return NewDesign(n).Intercept().Add("trend", years).Harmonics("season", month, 12, 1), y, slope
		}
		for _, c := range []struct {
			name   string
			family Family
			robust bool
		}{{"quasi-Poisson", QuasiPoisson, false}, {"negative binomial", NegativeBinomial, false}, {"Poisson with HC3", Poisson, true}} {
			got := covers(t, 800, data, func(d *Design, y []float64) Term {
				f, err := Fit(d, y, Options{Family: c.family})
				if err != nil {
					return Term{Interval: stats.Interval{Low: math.Inf(-1), High: math.Inf(1)}}
				}
				v := f.Covariance()
				if c.robust {
					if v, err = f.Robust(HC3); err != nil {
						t.Error(err)
					}
				}
				terms, err := f.Terms(v, 0.95)
				if err != nil {
					t.Error(err)
				}
				return terms[1]
			})
			if math.Abs(got-0.95) > 0.02+4*0.0077/2 {
				t.Errorf("%s, mean %v: the interval holds the truth in %v of sets", c.name, mean, got)
			}
		}
	}
}

// Counts that carry over from month to month (AR(1) on the log scale, 0.6):
// ordinary intervals are far too narrow, Newey and West's nearly right; and
// shared shocks within 60 clusters likewise.
func TestRobustErrorsHoldWhereOrdinaryOnesDoNot(t *testing.T) {
	serial := func(r *stats.Rand) (*Design, []float64, float64) {
		const n = 360
		x, y, shock := make([]float64, n), make([]float64, n), 0.0
		for i := range y {
			shock = 0.6*shock + 0.35*r.Normal()
			x[i] = float64(i) / n
			y[i] = r.Poisson(8 * math.Exp(0.3*x[i]+shock))
		}
		return NewDesign(n).Intercept().Add("trend", x), y, 0.3
	}
	groups := make([]int, 480)
	for i := range groups {
		groups[i] = i / 8
	}
	clustered := func(r *stats.Rand) (*Design, []float64, float64) {
		x, y := make([]float64, len(groups)), make([]float64, len(groups))
		shock, level := 0.0, 0.0
		for i := range y {
			if i%8 == 0 {
				shock, level = 0.5*r.Normal(), r.Normal()
			}
			x[i] = level
			y[i] = r.Poisson(4 * math.Exp(0.2*level+shock))
		}
		return NewDesign(len(y)).Intercept().Add("level", x), y, 0.2
	}
	term := func(f *Fitted, kind string) Term {
		v, err := f.Covariance(), error(nil)
		switch kind {
		case "serial":
			v, _, err = f.NeweyWest(HAC{Lag: 12, Adjust: true})
		case "clustered":
			v, err = f.Clustered(Clusters{Of: groups})
		}
		if err != nil {
			t.Error(err)
		}
		terms, err := f.Terms(v, 0.95)
		if err != nil {
			t.Error(err)
		}
		return terms[1]
	}
	for name, data := range map[string]func(r *stats.Rand) (*Design, []float64, float64){"serial": serial, "clustered": clustered} {
		rate := func(kind string) float64 {
			return covers(t, 500, data, func(d *Design, y []float64) Term { return term(mustFit(t, d, y, Options{Family: QuasiPoisson}), kind) })
		}
		// Of 500 sets each; the standard error of a share is 0.013 at 0.91, that of months.
		if plain, robust := rate("plain"), rate(name); plain > 0.85 || robust < 0.91-4*0.013 || robust > 0.99 || robust < plain+0.07 {
			t.Errorf("%s: ordinary intervals hold the truth in %v of sets, robust ones in %v", name, plain, robust)
		}
	}
}

// Theta and the coefficients come back from counts made with them.
func TestThetaIsRecovered(t *testing.T) {
	for _, theta := range []float64{0.4, 2, 10} {
		d, y, truth := counts(9, 4000, 4, theta)
		f := mustFit(t, d, y, Options{Family: NegativeBinomial})
		if math.Abs(f.Theta-theta) > 4*f.ThetaSE {
			t.Errorf("theta %v ± %v, made with %v", f.Theta, f.ThetaSE, theta)
		}
		for j, b := range truth {
			if se := math.Sqrt(f.Covariance().At(j, j)); math.Abs(f.Coefficients[j]-b) > 4*se {
				t.Errorf("coefficient %d is %v ± %v, made with %v", j, f.Coefficients[j], se, b)
			}
		}
	}
}
