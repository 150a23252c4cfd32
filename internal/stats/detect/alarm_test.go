package detect

import (
	"math"
	"testing"

	"openvru/internal/stats/dist"
)

// The bound, the p-value, the score and the verdict say the same: a count is an
// alarm exactly when its p-value is at most the rate asked for.
func TestBoundsAndPValuesAgree(t *testing.T) {
	y := field(1, 96, 30, 5, 0, 77)[0]
	for _, b := range bounds {
		for _, side := range []Side{Above, Below, Both} {
			o := FlexibleOptions{Bound: b, Sides: side, Alpha: 0.04, MinCases: None, From: 95}
			at := func(count float64) Evaluation {
				try := append(append([]float64(nil), y[:95]...), count)
				e, err := Flexible(try, o)
				if err != nil {
					t.Fatal(err)
				}
				return e[0]
			}
			e := at(30)
			if e.Dispersion < 1.5 {
				t.Fatalf("a dispersion of %v tests little", e.Dispersion)
			}
			check := func(count float64, verdict Verdict) {
				e := at(count)
				if e.Verdict != verdict || (e.P <= o.Alpha) != e.Alarm() || side != Both && (e.Score > 1) != e.Alarm() {
					t.Errorf("bound %d, side %d, count %v: %+v", b, side, count, e)
				}
			}
			if side == Below {
				if !math.IsInf(e.Upper, 1) {
					t.Errorf("bound %d: an upper bound of %v", b, e.Upper)
				}
			} else {
				check(math.Floor(e.Upper), Usual)
				check(math.Floor(e.Upper)+1, High)
			}
			if side == Above {
				if e.Lower != 0 {
					t.Errorf("bound %d: a lower bound of %v", b, e.Lower)
				}
			} else if e.Lower >= 1 {
				check(math.Ceil(e.Lower), Usual)
				check(math.Ceil(e.Lower)-1, Low)
			}
		}
	}
}

// Without a case, and only low counts looked for, nothing is unusual.
func TestNoCaseIsNotLow(t *testing.T) {
	for _, b := range bounds {
		e, err := Flexible(constant(96, 0), FlexibleOptions{Bound: b, Sides: Below, MinCases: None, From: 95})
		if err != nil || e[0].Verdict != Usual || e[0].P < 0.95 || !math.IsInf(e[0].Upper, 1) || e[0].Lower != 0 {
			t.Errorf("bound %d: %+v, %v", b, e, err)
		}
	}
}

// The error of the share reported adds its square, in units of the share, to the
// variance of the logarithm of the expected count: by the bound of Delta,
// ((U/μ)^⅔ − 1)² = 4/9 z² (φ/μ + τ²).
func TestErrorOfTheShareWidensTheBounds(t *testing.T) {
	y := field(1, 96, 30, 8, 0, 5)[0]
	o := FlexibleOptions{Bound: Delta, From: 95, Reported: constant(96, 1), ReportedSE: constant(96, 0)}
	o.Reported[95] = 0.8
	z := -dist.NormalQuantile(0.005)
	square := func() float64 {
		e, err := Flexible(y, o)
		if err != nil {
			t.Fatal(err)
		}
		d := math.Pow(e[0].Upper/e[0].Expected, 2.0/3) - 1
		return d * d / (4.0 / 9 * z * z)
	}
	before := square()
	o.ReportedSE[95] = 0.1
	if got, want := square()-before, 0.1*0.1/0.64; math.Abs(got-want) > 1e-12 {
		t.Errorf("adds %v, want %v", got, want)
	}
}

// Time points at which nobody was there are left out, and not evaluated.
func TestNobodyThere(t *testing.T) {
	y := field(1, 96, 10, 5, 0, 3)[0]
	o := FlexibleOptions{From: 95, Exposure: constant(96, 1)}
	o.Exposure[95] = 0
	if e, err := Flexible(y, o); err != nil || e[0].Verdict != NoHistory {
		t.Errorf("now: %+v, %v", e, err)
	}
	o.Exposure[95], o.Exposure[70] = 1, 0
	left, err := Flexible(y, o)
	if err != nil {
		t.Fatal(err)
	}
	y[70] = math.NaN()
	if e, err := Flexible(y, FlexibleOptions{From: 95}); err != nil || e[0] != left[0] {
		t.Errorf("then: %+v, as missing %+v, %v", left, e, err)
	}
}
