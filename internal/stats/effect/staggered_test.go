package effect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

func readStaggered(t testing.TB) (p Panel, start []int, x [][]float64) {
	for _, row := range records(t, "testdata/staggered.csv") {
		if row["period"] == "0" {
			p.Outcome = append(p.Outcome, nil)
			start = append(start, int(number(t, row["start"])))
			x = append(x, []float64{number(t, row["x"])})
		}
		i := len(start) - 1
		p.Outcome[i] = append(p.Outcome[i], number(t, row["y"]))
	}
	return p, start, x
}

// Effects and errors against the published formulas written out in R.
func TestStaggeredIsThePublishedFormula(t *testing.T) {
	p, start, x := readStaggered(t)
	found := map[string]StaggeredEffects{}
	for name, o := range map[string]StaggeredOptions{
		"never plain": {Controls: Never}, "never covariate": {Controls: Never, Covariates: x},
		"notyet plain": {}, "notyet covariate": {Covariates: x},
	} {
		s, err := Staggered(p, start, o)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = s
	}
	for _, row := range records(t, "testdata/staggered_effects.csv") {
		s := found[row["setting"]]
		at := int(number(t, row["at"]))
		of := func(f Family) Estimate {
			for k, v := range f.At {
				if v == at {
					return f.Estimates[k]
				}
			}
			return Estimate{}
		}
		var e Estimate
		switch row["what"] {
		case "group time":
			for _, f := range s.GroupTimes {
				if f.Group*100+f.Period == at {
					e = f.Estimate
				}
			}
		case "overall":
			e = s.Overall
		case "event":
			e = of(s.ByEvent)
		case "event average":
			e = s.ByEvent.Average
		case "group":
			e = of(s.ByGroup)
		case "group average":
			e = s.ByGroup.Average
		case "period":
			e = of(s.ByPeriod)
		case "period average":
			e = s.ByPeriod.Average
		}
		near(t, row["setting"]+" "+row["what"]+" "+row["at"], e.Value, number(t, row["value"]), 1e-9)
		near(t, row["setting"]+" error of "+row["what"]+" "+row["at"], e.StandardError, number(t, row["error"]), 1e-9)
		if e.Band.Low > e.Interval.Low || e.Band.High < e.Interval.High {
			t.Errorf("%v: the band %v is inside the interval %v", row, e.Band, e.Interval)
		}
	}
}

// Each comparison and its weight against regressions on subsamples in R; the
// weighted sum is the coefficient of Linear.
func TestDecompositionIsThatOfSubsamples(t *testing.T) {
	p, start, _ := readStaggered(t)
	d, err := Decompose(p, start)
	if err != nil {
		t.Fatal(err)
	}
	rows := records(t, "testdata/decompose.csv")
	if len(d.Comparisons) != len(rows)-1 {
		t.Errorf("%d comparisons, not %d", len(d.Comparisons), len(rows)-1)
	}
	for _, row := range rows {
		if row["treated"] == "-9" {
			near(t, "whole", d.Effect, number(t, row["effect"]), 1e-9)
			continue
		}
		found := false
		for _, c := range d.Comparisons {
			if c.Treated == int(number(t, row["treated"])) && c.Control == int(number(t, row["control"])) {
				found = true
				near(t, "weight", c.Weight, number(t, row["weight"]), 1e-9)
				near(t, "effect", c.Effect, number(t, row["effect"]), 1e-9)
				if c.Forbidden != (row["forbidden"] == "TRUE") {
					t.Errorf("%v: forbidden %v", row, c.Forbidden)
				}
			}
		}
		if !found {
			t.Errorf("%v is not among the comparisons", row)
		}
	}
}

// The identity holds for any panel, with units always treated too.
func TestDecompositionAddsUpToLinear(t *testing.T) {
	r := stats.NewRand(3, 0)
	for range 40 {
		units, periods := 4+int(r.Below(12)), 3+int(r.Below(9))
		p := Panel{Outcome: make([][]float64, units)}
		start := make([]int, units)
		for i := range p.Outcome {
			start[i] = int(r.Below(uint32(periods+2))) - 1
			if start[i] >= periods {
				start[i] = 0
			}
			for range periods {
				p.Outcome[i] = append(p.Outcome[i], r.Normal())
			}
		}
		start[0], start[1] = 1, -1
		d, err := Decompose(p, start)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Linear(p, Treated(start, periods))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "sum of comparisons", d.Effect, f.Coefficients[0], 1e-10)
	}
}

// Two groups by hand: group 1 starts in period 1, group 2 in period 2, one unit
// never. Outcomes without treatment rise by one a period; the effect is 3, and
// 5 in the second period of group 1.
func TestStaggeredByHand(t *testing.T) {
	p := Panel{Outcome: [][]float64{{1, 2, 3}, {10, 14, 17}, {20, 21, 25}}}
	s, err := Staggered(p, []int{-1, 1, 2}, StaggeredOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []struct {
		group, period int
		value         float64
		controls      int
	}{{1, 1, 3, 2}, {1, 2, 5, 1}, {2, 1, 0, 1}, {2, 2, 3, 1}} {
		f := s.GroupTimes[k]
		if f.Group != want.group || f.Period != want.period || f.Controls != want.controls || f.Units != 1 {
			t.Errorf("found %+v, not %+v", f, want)
		}
		near(t, "effect", f.Value, want.value, 1e-12)
	}
	near(t, "overall", s.Overall.Value, 11.0/3, 1e-12)
	near(t, "at the start", s.ByEvent.Estimates[1].Value, 3, 1e-12)
	near(t, "one later", s.ByEvent.Estimates[2].Value, 5, 1e-12)
	near(t, "group 1", s.ByGroup.Estimates[0].Value, 4, 1e-12)
	near(t, "period 2", s.ByPeriod.Estimates[1].Value, 4, 1e-12)
}

// Known truth: effects that grow with time. Linear mixes in forbidden
// comparisons and falls well short; Staggered does not, and its intervals cover.
func TestGrowingEffectsAreRecovered(t *testing.T) {
	const units, periods, trials = 33, 24, 200
	start := make([]int, units)
	for i := range start {
		start[i] = []int{-1, 6, 11, 16}[i%4]
		if i < 5 {
			start[i] = -1
		}
	}
	sum, cells := 0.0, 0.0
	for _, s := range start {
		for k := s; s >= 0 && k < periods; k++ {
			sum, cells = sum-0.5*float64(k-s+1), cells+1
		}
	}
	truth := sum / cells
	linear, staggered, covered, banded, checks := 0.0, 0.0, 0.0, 0.0, 0.0
	for trial := range trials {
		r := stats.NewRand(17, uint64(trial))
		p := counts(&r, units, periods, nil, 0)
		for i, s := range start {
			for t := range p.Outcome[i] {
				if s >= 0 && t >= s {
					p.Outcome[i][t] -= 0.5 * float64(t-s+1)
				}
			}
		}
		f, err := Linear(p, Treated(start, periods))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Staggered(p, start, StaggeredOptions{Draws: 199, Seed: uint64(trial)})
		if err != nil {
			t.Fatal(err)
		}
		linear += f.Coefficients[0] / trials
		staggered += s.Overall.Value / trials
		if s.Overall.Interval.Has(truth) {
			covered++
		}
		whole := true
		for k, e := range s.ByEvent.At {
			want := 0.0
			if e >= 0 {
				want = -0.5 * float64(e+1)
			}
			whole = whole && s.ByEvent.Estimates[k].Band.Has(want)
		}
		if whole {
			banded++
		}
		if s.BeforeP <= 0.05 {
			checks++
		}
	}
	t.Logf("truth %.2f, linear %.2f, staggered %.2f; intervals %.3f, bands %.3f, checks reject %.3f",
		truth, linear, staggered, covered/trials, banded/trials, checks/trials)
	if linear < truth*0.75 {
		t.Errorf("linear %.2f is not far from the truth %.2f: the case shows nothing", linear, truth)
	}
	near(t, "staggered", staggered, truth, 0.06)
	if share := covered / trials; share < 0.89 {
		t.Errorf("intervals cover %.3f", share)
	}
}

func TestStaggeredDegenerate(t *testing.T) {
	p := Panel{Outcome: [][]float64{{1, 2, 3}, {2, 2, 5}, {0, 0, 0}}}
	// Treated from the first period: left out, and named.
	s, err := Staggered(p, []int{0, 1, -1}, StaggeredOptions{})
	if err != nil || len(s.Left) != 1 || s.Left[0] != 0 || s.BeforeP != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	nan := math.NaN()
	for _, c := range []struct{ err, want error }{
		{second(Staggered(Panel{}, nil, StaggeredOptions{})), stats.ErrEmpty},
		{second(Staggered(p, []int{1}, StaggeredOptions{})), stats.ErrLength},
		{second(Staggered(p, []int{1, 1, 3}, StaggeredOptions{})), stats.ErrOption},
		{second(Staggered(p, []int{1, 1, 1}, StaggeredOptions{})), stats.ErrTooFew},
		{second(Staggered(p, []int{0, 0, -1}, StaggeredOptions{})), stats.ErrTooFew},
		{second(Staggered(p, []int{-1, -1, -1}, StaggeredOptions{})), stats.ErrTooFew},
		{second(Staggered(p, []int{1, -1, -1}, StaggeredOptions{Level: 2})), stats.ErrOption},
		{second(Staggered(p, []int{1, -1, -1}, StaggeredOptions{Covariates: [][]float64{{1}}})), stats.ErrLength},
		{second(Staggered(p, []int{1, -1, -1}, StaggeredOptions{Covariates: [][]float64{{1}, {nan}, {2}}})), stats.ErrMissing},
		{second(Staggered(p, []int{1, -1, -1}, StaggeredOptions{Covariates: [][]float64{{1}, {2}, {2}}})), stats.ErrSingular},
		{second(Staggered(Panel{Outcome: [][]float64{{1, nan}, {1, 2}}}, []int{1, -1}, StaggeredOptions{})), stats.ErrMissing},
		{second(Decompose(p, []int{1, 1, 1})), stats.ErrSingular},
		{second(Decompose(p, []int{1, 1})), stats.ErrLength},
		{second(Decompose(Panel{}, nil)), stats.ErrEmpty},
		{second(Decompose(p, []int{1, 1, 7})), stats.ErrOption},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%v, not %v", c.err, c.want)
		}
	}
}

// Callaway and Sant'Anna's equations 2.9 and 2.10 by plain loops over units: means
// of the long difference since the last period that anticipation leaves clean,
// over those who start at g and over those not treated by then, on random panels
// with groups of one unit, without any unit never treated, and with anticipation.
// With controls of one kind the error is that of a difference of two means.
func TestGroupTimesByPlainLoops(t *testing.T) {
	r := stats.NewRand(31, 0)
	for trial := range 60 {
		units, periods, wait := 5+int(r.Below(12)), 6+int(r.Below(5)), trial%3
		p, start := Panel{Outcome: make([][]float64, units)}, make([]int, units)
		for i := range start {
			start[i] = 1 + int(r.Below(uint32(periods-1)))
			if trial%2 == 0 && i%3 == 0 {
				start[i] = -1
			}
			for range periods {
				p.Outcome[i] = append(p.Outcome[i], 3*r.Normal())
			}
		}
		for _, controls := range []Controls{NotYet, Never} {
			s, err := Staggered(p, start, StaggeredOptions{Controls: controls, Anticipation: wait, Draws: 9})
			if errors.Is(err, stats.ErrTooFew) && (controls == Never && trial%2 == 1 || wait > 0) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			found := map[[2]int]GroupTime{}
			for _, f := range s.GroupTimes {
				found[[2]int{f.Group, f.Period}] = f
			}
			for g := 1 + wait; g < periods; g++ {
				for period := 1; period < periods; period++ {
					base := min(g-1-wait, period-1)
					var treated, others []float64
					for i, own := range start {
						change := p.Outcome[i][period] - p.Outcome[i][base]
						switch {
						case own == g:
							treated = append(treated, change)
						case own < 0, controls == NotYet && own-wait > max(period, base):
							others = append(others, change)
						}
					}
					f, ok := found[[2]int{g, period}]
					if ok != (len(treated) > 0 && len(others) > 0) {
						t.Fatalf("group %d, period %d: %v of %d treated and %d others", g, period, ok, len(treated), len(others))
					}
					if !ok {
						continue
					}
					m, n := float64(len(treated)), float64(len(others))
					near(t, "effect", f.Value, stats.Sum(treated)/m-stats.Sum(others)/n, 1e-12)
					if controls == Never && m > 1 && n > 1 {
						near(t, "error", f.StandardError, math.Sqrt(variance(treated)/m+variance(others)/n), 1e-12)
						u, v := variance(treated)/m, variance(others)/n
						welch := (u + v) * (u + v) / (u*u/(m-1) + v*v/(n-1))
						near(t, "degrees of freedom", f.Freedom, max(1, min(welch, float64(units-len(s.Left)-1))), 1e-9)
					}
					if m == 1 && n == 1 && (f.StandardError != 0 || !math.IsInf(f.Interval.Low, -1) || !math.IsInf(f.Band.High, 1)) {
						t.Errorf("one unit against one: %+v", f)
					}
				}
			}
		}
	}
}

func variance(values []float64) float64 {
	mean, squares := stats.Sum(values)/float64(len(values)), 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return squares / float64(len(values)-1)
}

// Four places that start one after the other: nothing says how sure the checks
// are, so no p-value calls them off.
func TestChecksOfSingleUnitsProveNothing(t *testing.T) {
	p := Panel{Outcome: [][]float64{{1, 2, 4, 3, 5, 6}, {2, 3, 3, 5, 1, 4}, {0, 1, 1, 2, 2, 7}, {3, 3, 1, 4, 4, 2}}}
	s, err := Staggered(p, []int{2, 3, 4, 5}, StaggeredOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.BeforeP < 0.05 {
		t.Errorf("checks of single units have p %v", s.BeforeP)
	}
}

// What happens in the periods of anticipation is no check that fails: places that
// all jump the month before they start are told apart only without it.
func TestAnticipationIsNoFailedCheck(t *testing.T) {
	r := stats.NewRand(5, 0)
	p, start := Panel{Outcome: make([][]float64, 24)}, make([]int, 24)
	for i := range start {
		start[i] = []int{-1, 5, 7}[i%3]
		for c := range 10 {
			p.Outcome[i] = append(p.Outcome[i], r.Normal())
			if start[i] > 0 && c >= start[i]-1 {
				p.Outcome[i][c] += 8
			}
		}
	}
	for wait, most := range []float64{0.01, 1} {
		s, err := Staggered(p, start, StaggeredOptions{Anticipation: wait})
		if err != nil {
			t.Fatal(err)
		}
		if s.BeforeP > most || wait == 1 && s.BeforeP < 0.01 {
			t.Errorf("anticipation %d: checks have p %v", wait, s.BeforeP)
		}
	}
}
