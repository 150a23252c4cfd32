package period_test

import (
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/errs"
	"openvru/internal/period"
)

func TestParseMonth(t *testing.T) {
	for in, want := range map[string]string{
		"2020-03": "2020-03", "202003": "2020-03", "Jan 2003": "2003-01", "January 2003": "2003-01",
		"01/03/2020": "2020-03", "2020-03-31": "2020-03", " 2020-12 ": "2020-12", "Mar-20": "2020-03",
	} {
		got, err := period.ParseMonth(in)
		if err != nil || got.String() != want {
			t.Errorf("ParseMonth(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "2020", "2020-13", "2020-00", "Janember 2003", "203001x"} {
		if got, err := period.ParseMonth(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("ParseMonth(%q) = %v, %v; want a refusal", bad, got, err)
		}
	}
}

func TestParseRange(t *testing.T) {
	for in, want := range map[string]string{
		"2020": "2020", "2020-Q1": "2020-Q1", "2020-Q4": "2020-Q4", "2020-03": "2020-03",
		"2019-06..2019-12": "2019-06 to 2019-12", "2019-01..2019-12": "2019", "2019-04..2019-06": "2019-Q2",
	} {
		got, err := period.ParseRange(in)
		if err != nil || got.String() != want {
			t.Errorf("ParseRange(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "20", "2020-Q5", "2020-Q0", "2020-06..2020-01", "2020-01..", "..2020-01"} {
		if got, err := period.ParseRange(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("ParseRange(%q) = %v, %v; want a refusal", bad, got, err)
		}
	}
}

func TestMonthsCountOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y, m := rapid.IntRange(1900, 2100).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
		a := period.NewMonth(y, m)
		if a.Year() != y || a.Of() != m {
			t.Fatalf("%d-%d came back as %d-%d", y, m, a.Year(), a.Of())
		}
		back, err := period.ParseMonth(a.String())
		if err != nil || back != a {
			t.Fatalf("%s came back as %s, %v", a, back, err)
		}
		n := rapid.IntRange(0, 60).Draw(t, "n")
		r := period.Range{From: a, To: a + period.Month(n)}
		if len(r.Months()) != r.Len() || r.Len() != n+1 || !r.Has(a) || r.Has(a-1) || r.Has(r.To+1) {
			t.Fatalf("range %s is wrong", r)
		}
	})
}
