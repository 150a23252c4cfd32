package bng

import (
	"testing"

	"openvru/internal/errs"
	"openvru/internal/geo"

	"pgregory.net/rapid"
)

func TestGridRef(t *testing.T) {
	for _, test := range []struct {
		p      geo.Point
		digits int
		want   string
	}{
		{geo.Point{X: 530_034, Y: 180_381}, 3, "TQ 300 803"},
		{geo.Point{X: 530_034.9, Y: 180_381.9}, 5, "TQ 30034 80381"},
		{geo.Point{X: 530_034, Y: 180_381}, 0, "TQ"},
		{geo.Point{X: 0, Y: 0}, 5, "SV 00000 00000"},
		{geo.Point{X: 651_409.804, Y: 313_177.450}, 4, "TG 5140 1317"},
		{geo.Point{X: 216_600, Y: 771_200}, 3, "NN 166 712"},
		{geo.Point{X: 395_999, Y: 1_138_728}, 2, "HT 95 38"},
	} {
		got, err := FormatGridRef(test.p, test.digits)
		if err != nil || got != test.want {
			t.Errorf("FormatGridRef(%v, %d) is %q, %v; want %q", test.p, test.digits, got, err, test.want)
		}
	}
}

func TestGridRefRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := geo.Point{
			X: float64(rapid.IntRange(0, maxEasting-1).Draw(t, "e")),
			Y: float64(rapid.IntRange(0, maxNorthing-1).Draw(t, "n")),
		}
		ref, err := FormatGridRef(p, 5)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseGridRef(ref); err != nil || got != p {
			t.Fatalf("%v is %q, which reads as %v, %v", p, ref, got, err)
		}
	})
}

func TestBadGridRefs(t *testing.T) {
	for _, ref := range []string{"", "T", "TQ 3 80", "TI 30 80", "TQ 3a 80", "TQ 300345 803815", "AA 1 1", "T£ 1 1"} {
		if p, err := ParseGridRef(ref); !errs.Is(err, errs.Invalid) || errs.HintOf(err) == "" {
			t.Errorf("ParseGridRef(%q) is %v, %v; want a refusal with a hint", ref, p, err)
		}
	}
	if _, err := FormatGridRef(geo.Point{X: -1}, 3); err == nil {
		t.Error("a position off the grid has no reference")
	}
	if _, err := FormatGridRef(geo.Point{}, 6); err == nil {
		t.Error("six digits are refused")
	}
}

func FuzzParseGridRef(f *testing.F) {
	f.Add("TQ 300 803")
	f.Add("SV")
	f.Fuzz(func(t *testing.T, ref string) {
		if p, err := ParseGridRef(ref); err == nil && !Contains(p) {
			t.Errorf("%q is off the grid at %v", ref, p)
		}
	})
}
