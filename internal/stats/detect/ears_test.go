package detect

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

func TestEARSIsSurveillances(t *testing.T) {
	series, _ := referenceSeries(t)
	rules := map[string]Rule{"C1": C1, "C2": C2, "C3": C3}
	compared := 0
	for _, w := range readTable(t, "testdata/ears.csv") {
		at := w.int(t, "t") - 1
		got, err := EARS(series[w["series"]], EARSOptions{
			Rule: rules[w["rule"]], Baseline: w.int(t, "baseline"), MinSigma: w.num(t, "sigma"), Alpha: w.num(t, "alpha"),
			From: at, To: at + 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		e, upper := got[0], w.num(t, "upper")
		if math.IsNaN(upper) {
			continue // a baseline without spread, or a missing count: see the tests of those
		}
		compared++
		ours, alarm := e.Upper, e.Alarm()
		if w["rule"] == "C3" { // the peer starts from the count itself where the rule says mean and one deviation
			if ours == 0 || e.Expected == 0 {
				continue
			}
			ours = max(0, ours-e.Expected-math.Sqrt(e.Dispersion*e.Expected)+e.Observed)
			alarm = e.Observed > ours
		}
		if math.Abs(ours-upper) > 1e-11*max(1, upper) {
			t.Errorf("case %s, t %s: upper %v, want %v", w["id"], w["t"], ours, upper)
		}
		if e.Verdict != NoCount && alarm != (w.num(t, "alarm") == 1) {
			t.Errorf("case %s, t %s: %v", w["id"], w["t"], e.Verdict)
		}
	}
	if compared < 500 {
		t.Errorf("only %d compared", compared)
	}
}

// By hand: seven counts of mean 4 and squares 28 about it.
func TestEARSByHand(t *testing.T) {
	y := []float64{1, 2, 3, 4, 5, 6, 7, 11, 9, 20}
	mean, sigma := 4.0, math.Sqrt(28.0/6)
	got, err := EARS(y, EARSOptions{From: 7, To: 8})
	if err != nil {
		t.Fatal(err)
	}
	const z = 3.090232306167813
	if e := got[0]; math.Abs(e.Upper-(mean+z*sigma)) > 1e-13 || e.Verdict != High ||
		math.Abs(e.Score-(11-mean)/(z*sigma)) > 1e-13 || math.Abs(e.P-0.5*math.Erfc(7/sigma/math.Sqrt2)) > 1e-15 {
		t.Errorf("C1: %+v", e)
	}
	got, err = EARS(y, EARSOptions{Rule: C2})
	if err != nil || len(got) != 1 || got[0].At != 9 || math.Abs(got[0].Upper-(mean+z*sigma)) > 1e-13 {
		t.Errorf("C2: %+v, %v", got, err)
	}
	got, err = EARS(y, EARSOptions{From: 7, To: 8, Student: true, Alpha: 0.01})
	// The 99% quantile of Student's t with 6 degrees of freedom is 3.142668403.
	if err != nil || math.Abs(got[0].Upper-(mean+3.142668403291*sigma*math.Sqrt(8.0/7))) > 1e-10 {
		t.Errorf("Student: %+v, %v", got, err)
	}
}

// C3 as its authors define it: the sum of what C2 has above one, at the time
// point and the two before.
func TestC3IsTheSumOfThreeExcesses(t *testing.T) {
	series, _ := referenceSeries(t)
	two, err := EARS(series["campy"], EARSOptions{Rule: C2, From: 300, To: 520})
	if err != nil {
		t.Fatal(err)
	}
	three, err := EARS(series["campy"], EARSOptions{Rule: C3, From: 302, To: 520})
	if err != nil {
		t.Fatal(err)
	}
	const z95, z999 = 1.959963984540054, 3.090232306167813
	alarms := 0
	for i, e := range three {
		sum := 0.0
		for _, c := range two[i : i+3] { // Score is C2 over the quantile
			sum += max(0, c.Score*z999-1)
		}
		if e.Upper > 0 && e.Alarm() != (sum > z95) {
			t.Errorf("at %d: C3 is %v, %v", e.At, sum, e.Verdict)
		}
		if math.Abs(e.P-0.5*math.Erfc(sum/math.Sqrt2)) > 1e-12 {
			t.Errorf("at %d: p %v for C3 %v", e.At, e.P, sum)
		}
		if e.Alarm() {
			alarms++
		}
	}
	if alarms < 5 {
		t.Errorf("only %d alarms, which tests little", alarms)
	}
}

// A baseline of equal counts: the peer's C3 has no answer, ours does.
func TestEARSWithoutSpread(t *testing.T) {
	y := []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0}
	for _, rule := range []Rule{C1, C2, C3} {
		got, err := EARS(y, EARSOptions{Rule: rule})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			if want := e.At == 12; e.Alarm() != want || math.IsNaN(e.P) || math.IsNaN(e.Upper) {
				t.Errorf("%v at %d: %+v", rule, e.At, e)
			}
		}
	}
	same, err := EARS([]float64{3, 3, 3, 3, 3, 3, 3, 3, 3}, EARSOptions{})
	if err != nil || same[0].Alarm() || same[0].Upper != 3 || same[0].P != 0.5 {
		t.Errorf("a constant series: %+v, %v", same, err)
	}
}

func TestEARSWithGaps(t *testing.T) {
	nan := math.NaN()
	y := []float64{1, 2, 3, 1, 2, 3, 1, 2, nan, 1, 2, 3, 1, 2, 3, 1, 2, 3, 9}
	for _, c := range []struct {
		rule       Rule
		no, usable int // first without history and first with it again
	}{{C1, 9, 16}, {C2, 11, 18}, {C3, 9, 18}} {
		got, err := EARS(y, EARSOptions{Rule: c.rule, From: 7})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			if e.At >= c.no && e.At < c.usable && e.Verdict != NoHistory {
				t.Errorf("rule %d at %d: %v", c.rule, e.At, e.Verdict)
			}
			if c.rule == C1 && e.At == 8 && e.Verdict != NoCount {
				t.Errorf("the gap itself: %v", e.Verdict)
			}
			if c.rule != C3 && e.At >= c.usable && !e.Evaluated() {
				t.Errorf("rule %d at %d: %v", c.rule, e.At, e.Verdict)
			}
		}
	}
}

// C3 after a gap is there again as soon as all three of its C2 are.
func TestC3AfterAGap(t *testing.T) {
	y := constant(26, 2)
	y[8], y[19] = math.NaN(), 9
	got, err := EARS(y, EARSOptions{Rule: C3, MinSigma: 1, From: 18})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range got {
		if e.Evaluated() != (e.At >= 20) {
			t.Errorf("at %d: %v", e.At, e.Verdict)
		}
	}
	// The 9 of two counts before, seven deviations up, is an excess of six.
	if want := dist.NormalTail(6); math.Abs(got[2].P-want) > 1e-20 || got[2].Verdict != High {
		t.Errorf("the first: %+v, want p %v", got[2], want)
	}
}

func TestEARSRefuses(t *testing.T) {
	y := make([]float64, 20)
	for name, c := range map[string]struct {
		y    []float64
		o    EARSOptions
		want error
	}{
		"rule":     {y, EARSOptions{Rule: 3}, stats.ErrOption},
		"baseline": {y, EARSOptions{Baseline: 1}, stats.ErrOption},
		"alpha":    {y, EARSOptions{Alpha: 1}, stats.ErrOption},
		"student":  {y, EARSOptions{Rule: C3, Student: true}, stats.ErrOption},
		"range":    {y, EARSOptions{From: 10, To: 30}, stats.ErrOption},
		"short":    {y[:7], EARSOptions{}, stats.ErrTooFew},
		"empty":    {nil, EARSOptions{}, stats.ErrEmpty},
		"negative": {[]float64{1, -1}, EARSOptions{}, stats.ErrNegative},
		"infinite": {[]float64{1, math.Inf(1)}, EARSOptions{}, stats.ErrMissing},
	} {
		if _, err := EARS(c.y, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
