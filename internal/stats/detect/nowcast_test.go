package detect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// By hand: three time points complete to delay 2, then one to delay 1 and one to
// delay 0.
func TestCompletenessByHand(t *testing.T) {
	nan := math.NaN()
	n, err := Completeness([][]float64{{50, 30, 20}, {40, 40, 10}, {60, 20, 30}, {45, 35, nan}, {30, nan, nan}}, NowcastOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	// Known up to delay 2: 300, of which 60 came then. Up to delay 1: 240 and 80
	// are 320, of which 125 came then.
	two, one := 1-60.0/300, 1-125.0/320
	for d, want := range []float64{one * two, two, 1} {
		if math.Abs(n.ByDelay[d]-want) > 1e-15 {
			t.Errorf("delay %d: %v, want %v", d, n.ByDelay[d], want)
		}
	}
	last, older, oldest := n.Points[4], n.Points[3], n.Points[0]
	if math.Abs(last.Estimate-30/(one*two)) > 1e-12 || math.Abs(older.Estimate-80/two) > 1e-12 {
		t.Errorf("estimates %v and %v", last.Estimate, older.Estimate)
	}
	if oldest.Estimate != 100 || oldest.Interval != (stats.Interval{Low: 100, High: 100}) || oldest.Share != 1 || oldest.ShareSE != 0 {
		t.Errorf("a complete time point: %+v", oldest)
	}
	if !last.Interval.Has(last.Median) || !last.Interval.Has(last.Estimate) || last.Interval.Low < 30 || last.ShareSE <= 0 {
		t.Errorf("the newest: %+v", last)
	}
	want := []float64{1, 1, 1, 1, 1, two, one * two}
	se := n.ReportedSE(7)
	for i, v := range n.Reported(7) {
		if math.Abs(v-want[i]) > 1e-15 || (want[i] == 1) != (se[i] == 0) {
			t.Errorf("reported %d: %v ± %v", i, v, se[i])
		}
	}
	if short := n.Reported(2); len(short) != 2 || short[1] != n.ByDelay[0] {
		t.Errorf("of a short series: %v", short)
	}
}

// report draws a triangle and the true totals: delays multinomial, with shares
// that vary from month to month if spread is finite.
func report(r *stats.Rand, rows int, mean, size, spread float64) (triangle [][]float64, totals []float64) {
	delays := []float64{0.5, 0.25, 0.15, 0.1}
	for t := range rows {
		total := r.NegBin(mean, size)
		row, left, sum := make([]float64, 4), int(total), 0.0
		shares := make([]float64, 4)
		for d, p := range delays {
			if shares[d] = p; !math.IsInf(spread, 1) {
				shares[d] = r.Gamma(spread * p)
			}
			sum += shares[d]
		}
		for d := range row {
			k := left
			if d < 3 {
				k = r.Binomial(left, min(1, shares[d]/sum))
			}
			sum -= shares[d]
			left -= k
			if row[d] = float64(k); t+d >= rows {
				row[d] = math.NaN()
			}
		}
		triangle, totals = append(triangle, row), append(totals, total)
	}
	return triangle, totals
}

// The 90% interval holds the total in at least 90% of 300 triangles (less the
// Monte-Carlo error: counts are whole, so it may hold more), for few and many
// cases, and still does nearly as often when delays vary from month to month.
func TestNowcastsCover(t *testing.T) {
	for _, c := range []struct{ mean, size, spread, least, most float64 }{
		{3, 2, math.Inf(1), 0.90, 1}, {20, 5, math.Inf(1), 0.90, 0.98}, {200, 10, math.Inf(1), 0.90, 0.97},
		{200, 10, 60, 0.87, 0.98},
	} {
		inside, rounds, above := 0.0, 300, 0.0
		for round := range rounds {
			r := stats.NewRand(21, uint64(round))
			triangle, totals := report(&r, 30, c.mean, c.size, c.spread)
			n, err := Completeness(triangle, NowcastOptions{Confidence: 0.9, Draws: 300, Seed: uint64(round)})
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range []int{27, 28, 29} {
				if n.Points[at].Interval.Has(totals[at]) {
					inside++
				}
				switch median := n.Points[at].Median; {
				case median > totals[at]:
					above++
				case median == totals[at]:
					above += 0.5
				}
			}
		}
		share := inside / float64(3*rounds)
		if error := 3 * math.Sqrt(0.09/float64(3*rounds)); share < c.least-error || share > c.most+error {
			t.Errorf("%+v: %.3f inside", c, share)
		}
		if half := above / float64(3*rounds); half < 0.4 || half > 0.6 {
			t.Errorf("%+v: the median is too high in %.3f", c, half)
		}
	}
}

// The newest month, half reported: without the correction an outbreak in it is
// missed and usual counts look low; with it neither. Of 200 series the Monte-Carlo
// standard error is three percentage points at most; 74% are found on average.
func TestTheNewestMonthDoesNotHideItsAlarm(t *testing.T) {
	const series = 200
	rate := func(outbreak float64, side Side, corrected bool) float64 {
		alarms := 0.0
		for s := range series {
			r := stats.NewRand(31, uint64(s))
			triangle, totals := report(&r, 96, 30, 20, math.Inf(1))
			y := append([]float64(nil), totals...)
			for at := range y { // what is known by now
				y[at] = 0
				for d := 0; d < 4 && at+d < 96; d++ {
					y[at] += triangle[at][d]
				}
			}
			extra := float64(r.Binomial(int(outbreak), 0.5))
			y[95] += extra
			triangle[95][0] += extra
			o := FlexibleOptions{Alpha: 0.01, Bound: Predictive, From: 95, Sides: side}
			if corrected {
				n, err := Completeness(triangle, NowcastOptions{Draws: 100})
				if err != nil {
					t.Fatal(err)
				}
				o.Reported, o.ReportedSE = n.Reported(96), n.ReportedSE(96)
			}
			e, err := Flexible(y, o)
			if err != nil {
				t.Fatal(err)
			}
			if e[0].Alarm() {
				alarms++
			}
		}
		return alarms / series
	}
	if with, without := rate(40, Above, true), rate(40, Above, false); with < 0.64 || without > 0.05 {
		t.Errorf("an outbreak is found in %v with the correction, in %v without", with, without)
	}
	if with, without := rate(0, Below, true), rate(0, Below, false); with > 0.035 || without < 0.2 {
		t.Errorf("usual counts are low in %v with the correction, in %v without", with, without)
	}
	if with := rate(0, Above, true); with > 0.035 {
		t.Errorf("usual counts are high in %v", with)
	}
}

func TestTooFreshIsMarked(t *testing.T) {
	y := field(1, 96, 20, 10, 0, 1)[0]
	o := FlexibleOptions{From: 94, Reported: make([]float64, 96)}
	for i := range o.Reported {
		o.Reported[i] = 1
	}
	o.Reported[94], o.Reported[95] = 0.31, 0.29
	e, err := Flexible(y, o)
	if err != nil || !e[0].Evaluated() || e[1].Verdict != TooFresh || !math.IsNaN(e[1].P) {
		t.Errorf("%+v, %v", e, err)
	}
	o.Reported[95] = 1.2
	if _, err := Flexible(y, o); !errors.Is(err, stats.ErrOption) {
		t.Errorf("a share over one: %v", err)
	}
	o.Reported = o.Reported[:90]
	if _, err := Flexible(y, o); !errors.Is(err, stats.ErrLength) {
		t.Errorf("shares too few: %v", err)
	}
}

func TestCompletenessOfLittle(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		triangle [][]float64
		o        NowcastOptions
		want     error
	}{
		"empty":      {nil, NowcastOptions{}, stats.ErrEmpty},
		"no delays":  {[][]float64{{}}, NowcastOptions{}, stats.ErrEmpty},
		"ragged":     {[][]float64{{1, 2}, {1}}, NowcastOptions{}, stats.ErrLength},
		"too few":    {[][]float64{{1, 2, 3}}, NowcastOptions{}, stats.ErrTooFew},
		"no case":    {[][]float64{{0, 0}, {0, 0}}, NowcastOptions{}, stats.ErrTooFew},
		"missing":    {[][]float64{{1, nan}, {0, 0}}, NowcastOptions{}, stats.ErrMissing},
		"negative":   {[][]float64{{1, -1}, {0, 0}}, NowcastOptions{}, stats.ErrNegative},
		"confidence": {[][]float64{{1, 1}, {1, 0}}, NowcastOptions{Confidence: 1}, stats.ErrOption},
		"draws":      {[][]float64{{1, 1}, {1, 0}}, NowcastOptions{Draws: 5}, stats.ErrOption},
	} {
		if _, err := Completeness(c.triangle, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Nothing reported yet of the newest time point: none by proportion, but the
	// interval knows better.
	n, err := Completeness([][]float64{{2, 8}, {3, 9}, {2, 7}, {0, nan}}, NowcastOptions{})
	if last := n.Points[3]; err != nil || last.Estimate != 0 || last.Interval.High < 1 {
		t.Errorf("none yet: %+v, %v", last, err)
	}
	// Nothing is ever reported at once: then there is nothing to go by.
	n, err = Completeness([][]float64{{0, 8}, {0, 9}, {0, 7}, {0, nan}}, NowcastOptions{})
	if last := n.Points[3]; err != nil || last.Share != 0 || !math.IsNaN(last.Estimate) || math.IsNaN(last.Interval.High) {
		t.Errorf("never at once: %+v, %v", last, err)
	}
	// Recent time points only: reporting became faster.
	slow := [][]float64{{10, 90}, {10, 90}, {10, 90}, {50, 50}, {50, 50}, {50, nan}}
	n, err = Completeness(slow, NowcastOptions{Recent: 2})
	if err != nil || math.Abs(n.ByDelay[0]-0.5) > 1e-12 {
		t.Errorf("recent: %v, %v", n.ByDelay, err)
	}
	n, err = Completeness(slow, NowcastOptions{Recent: 3})
	if err != nil || math.Abs(n.ByDelay[0]-110.0/300) > 1e-12 {
		t.Errorf("recent three: %v, %v", n.ByDelay, err)
	}
}

func BenchmarkCompleteness(b *testing.B) {
	r := stats.NewRand(1, 1)
	triangle, _ := report(&r, 120, 50, 5, math.Inf(1))
	for b.Loop() {
		if _, err := Completeness(triangle, NowcastOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
