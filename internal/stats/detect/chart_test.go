package detect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// chartSeries is the series of testdata/chartseries.csv.
func chartSeries(t testing.TB) (map[string][]float64, map[string]InControl) {
	t.Helper()
	y, in := map[string][]float64{}, map[string]InControl{}
	for _, r := range readTable(t, "testdata/chartseries.csv") {
		name := r["series"]
		y[name] = append(y[name], r.num(t, "y"))
		c := in[name]
		c.Mean = append(c.Mean, r.num(t, "mean"))
		if alpha := r.num(t, "alpha"); alpha > 0 {
			c.Size = 1 / alpha
		}
		in[name] = c
	}
	return y, in
}

// chart runs the chart of a row of testdata/chartcases.csv.
func chart(t *testing.T, c row, y []float64, in InControl) []ChartPoint {
	t.Helper()
	to := c.int(t, "to")
	var got []ChartPoint
	var err error
	ratio := c.num(t, "ratio")
	switch {
	case c["kind"] == "cusum":
		kind := map[string]Deviation{"standard": Standard, "rossi": Rossi, "none": Plain, "pearsonNegBin": Standard}[c["trans"]]
		got, err = CUSUM(y, in, CUSUMOptions{Deviation: kind, K: c.num(t, "k"), H: c.num(t, "h"), Carry: true, To: to})
	case !math.IsNaN(ratio):
		got, err = CUSUM(y, in, CUSUMOptions{Ratio: ratio, H: c.num(t, "h"), To: to})
	default:
		got, err = GLR(y, in, GLROptions{
			Falls: c["dir"] == "dec", H: c.num(t, "h"), Longest: max(0, c.int(t, "longest")),
			Shortest: c.int(t, "shortest"), Needed: c["ret"] == "cases", To: to,
		})
	}
	if err != nil {
		t.Fatalf("case %s: %v", c["id"], err)
	}
	return got
}

// The peer's chart of rises and falls, except where it misses the maximum of the
// likelihood ratio: there ours must be higher and what a search finds.
func TestChartsAreSurveillances(t *testing.T) {
	y, in := chartSeries(t)
	want := results(t, "testdata/charts.csv")
	compared, missed := 0, 0
	for _, c := range readTable(t, "testdata/chartcases.csv") {
		name := c["series"]
		start := 0
		for i, p := range chart(t, c, y[name], in[name]) {
			w := want[c["id"]][i]
			value := p.Statistic
			if c["ret"] == "cases" {
				value = p.Needed
			}
			compared++
			if same := closeTo(value, w.num(t, "value"), 1e-6); !same && c["kind"] == "glr" && c["ret"] == "value" {
				missed++
				found := search(y[name][start:i+1], in[name].Mean[start:i+1], in[name].size(), c["dir"] == "dec")
				if value < w.num(t, "value") || !closeTo(value, found, 1e-9) {
					t.Errorf("case %s, t %s: %.9g, the peer %s, a search %.9g", c["id"], w["t"], value, w["value"], found)
				}
			} else if !same && w.num(t, "value") < 1e99 { // 1e99 is its word for "not found"
				t.Errorf("case %s, t %s: %.9g, want %s", c["id"], w["t"], value, w["value"])
			}
			if p.Alarm != (w.num(t, "alarm") == 1) {
				t.Errorf("case %s, t %s: alarm %v", c["id"], w["t"], p.Alarm)
			}
			if p.Alarm {
				start = i + 1
			}
		}
	}
	if compared < 2000 || missed > 10 {
		t.Errorf("%d compared, of which the peer missed %d", compared, missed)
	}
}

// search finds the largest logarithm of the likelihood ratio over all starts of
// a change by golden section on the logarithm of the factor.
func search(y, mean []float64, size float64, falls bool) float64 {
	best, sign := 0.0, 1.0
	if falls {
		sign = -1
	}
	for k := range y {
		at := func(theta float64) float64 {
			sum := 0.0
			for i := k; i < len(y); i++ {
				if !math.IsNaN(y[i]) {
					sum += logRatio(y[i], mean[i], size, sign*theta)
				}
			}
			return sum
		}
		low, high := 0.0, 40.0
		golden := (math.Sqrt(5) - 1) / 2
		for high-low > 1e-9 {
			a, b := high-golden*(high-low), low+golden*(high-low)
			if at(a) > at(b) {
				high = b
			} else {
				low = a
			}
		}
		best = max(best, at((low+high)/2))
	}
	return best
}

func TestGLRIsTheLargestRatio(t *testing.T) {
	for trial := range uint64(60) {
		r := stats.NewRand(17, trial)
		n := 1 + int(r.Below(40))
		y, c := make([]float64, n), InControl{Mean: make([]float64, n)}
		if trial%4 > 0 {
			c.Size = 0.3 + 5*r.Float64()
		}
		for i := range y {
			c.Mean[i] = 0.1 + 6*r.Float64()
			y[i] = r.NegBin(c.Mean[i]*(0.4+1.5*r.Float64()), c.size())
			if r.Below(15) == 0 {
				y[i] = math.NaN()
			}
		}
		for _, falls := range []bool{false, true} {
			got, err := GLR(y, c, GLROptions{Falls: falls, H: 1e9})
			if err != nil {
				t.Fatal(err)
			}
			last := got[n-1]
			if want := search(y, c.Mean, c.size(), falls); !closeTo(last.Statistic, want, 1e-9) {
				t.Errorf("trial %d, falls %v: %.12g, a search finds %.12g", trial, falls, last.Statistic, want)
			}
			if last.Statistic > 1e-6 && (last.Ratio < 1) != falls {
				t.Errorf("trial %d, falls %v: ratio %v", trial, falls, last.Ratio)
			}
		}
	}
}

// The count needed is the one that just raises an alarm.
func TestNeededIsTheCountThatAlarms(t *testing.T) {
	y, in := chartSeries(t)
	for name := range y {
		for _, falls := range []bool{false, true} {
			o := GLROptions{Falls: falls, H: 2.5, Needed: true, To: 40}
			points, err := GLR(y[name], in[name], o)
			if err != nil {
				t.Fatal(err)
			}
			o.Needed = false
			for _, i := range []int{0, 7, 20, 39} {
				need := points[i].Needed
				for _, more := range []float64{0, 1} {
					try := append([]float64(nil), y[name]...)
					try[i] = need - more
					if falls {
						try[i] = need + more
					}
					if try[i] < 0 {
						continue
					}
					again, err := GLR(try, in[name], o)
					if err != nil || again[i].Alarm != (more == 0) {
						t.Errorf("%s at %d, falls %v: %v cases, alarm %v, %v", name, i, falls, try[i], again[i].Alarm, err)
					}
				}
			}
		}
		for _, d := range []Deviation{LikelihoodRatio, Standard, Rossi, Plain} {
			o := CUSUMOptions{Deviation: d, H: 3, K: 0.5}
			points, err := CUSUM(y[name], in[name], o)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range []int{0, 30, 77} {
				for _, by := range []float64{-1e-6, 1e-6} {
					try := append([]float64(nil), y[name]...)
					if try[i] = points[i].Needed + by; try[i] < 0 {
						continue
					}
					again, err := CUSUM(try, in[name], o)
					if err != nil || again[i].Alarm != (by > 0) {
						t.Errorf("%s at %d, deviation %d: %v cases, alarm %v, %v", name, i, d, try[i], again[i].Alarm, err)
					}
				}
			}
		}
	}
}

// By hand: Poisson, mean 2, twice as many: each count adds y ln 2 − 2.
func TestCUSUMByHand(t *testing.T) {
	y := []float64{2, 6, math.NaN(), 5, 0, 9}
	in := InControl{Mean: []float64{2, 2, 2, 2, 2, 2}}
	got, err := CUSUM(y, in, CUSUMOptions{Ratio: 2, H: 3.5})
	if err != nil {
		t.Fatal(err)
	}
	one := 6*math.Ln2 - 2
	two := one + 5*math.Ln2 - 2
	want := []float64{0, one, one, two, 0, 9*math.Ln2 - 2}
	alarm := []bool{false, false, false, true, false, true}
	for i, p := range got {
		if math.Abs(p.Statistic-want[i]) > 1e-12 || p.Alarm != alarm[i] {
			t.Errorf("at %d: %+v, want %v", i, p, want[i])
		}
	}
	if got[3].Since != 1 || got[0].Since != -1 || got[2].Since != 1 {
		t.Errorf("since %d and %d", got[3].Since, got[0].Since)
	}
	carried, err := CUSUM(y, in, CUSUMOptions{Ratio: 2, H: 3.5, Carry: true})
	if err != nil || math.Abs(carried[4].Statistic-(two-2)) > 1e-12 || carried[4].Alarm {
		t.Errorf("carried on: %+v, %v", carried[4], err)
	}
}

// A sum that is carried on far above its threshold alarms whatever the next
// count, and a missing count raises no alarm.
func TestNothingNeededAndNothingCounted(t *testing.T) {
	in := InControl{Mean: []float64{2, 2, 2}}
	far, err := CUSUM([]float64{90, 0, 0}, in, CUSUMOptions{Deviation: Rossi, Carry: true})
	if err != nil || far[1].Needed != 0 || !far[1].Alarm {
		t.Errorf("%+v, %v", far, err)
	}
	missing, err := GLR([]float64{30, math.NaN(), 2}, in, GLROptions{Shortest: 2})
	if err != nil || missing[0].Alarm || missing[1].Alarm || !missing[2].Alarm {
		t.Errorf("%+v, %v", missing, err)
	}
}

func TestChartsRefuse(t *testing.T) {
	y, good := []float64{1, 2}, InControl{Mean: []float64{1, 1}}
	for name, c := range map[string]struct {
		y    []float64
		in   InControl
		o    CUSUMOptions
		want error
	}{
		"length":   {y, InControl{Mean: []float64{1}}, CUSUMOptions{}, stats.ErrLength},
		"zero":     {y, InControl{Mean: []float64{1, 0}}, CUSUMOptions{}, stats.ErrOption},
		"nan mean": {y, InControl{Mean: []float64{1, math.NaN()}}, CUSUMOptions{}, stats.ErrMissing},
		"size":     {y, InControl{Mean: []float64{1, 1}, Size: -1}, CUSUMOptions{}, stats.ErrOption},
		"ratio":    {y, good, CUSUMOptions{Ratio: 1}, stats.ErrOption},
		"h":        {y, good, CUSUMOptions{H: -1}, stats.ErrOption},
		"kind":     {y, good, CUSUMOptions{Deviation: 9}, stats.ErrOption},
		"range":    {y, good, CUSUMOptions{To: 3}, stats.ErrOption},
		"empty":    {nil, InControl{}, CUSUMOptions{}, stats.ErrEmpty},
		"negative": {[]float64{-1, 1}, good, CUSUMOptions{}, stats.ErrNegative},
	} {
		if _, err := CUSUM(c.y, c.in, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if name != "ratio" && name != "kind" {
			if _, err := GLR(c.y, c.in, GLROptions{H: c.o.H, To: c.o.To}); !errors.Is(err, c.want) {
				t.Errorf("GLR, %s: %v", name, err)
			}
		}
	}
	if _, err := GLR(y, good, GLROptions{Longest: 1, Shortest: 5}); !errors.Is(err, stats.ErrOption) {
		t.Errorf("windows: %v", err)
	}
	if _, err := GLRAll([][]float64{y}, nil, GLROptions{}); !errors.Is(err, stats.ErrLength) {
		t.Errorf("lists: %v", err)
	}
}
