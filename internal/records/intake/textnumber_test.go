package intake

import (
	"testing"

	"openvru/internal/period"
)

func TestParseCount(t *testing.T) {
	for _, c := range []struct {
		cell string
		n    int32
		kind countKind
	}{
		{"0", 0, countOK}, {"12", 12, countOK}, {"0012", 12, countOK}, {"2147483647", 2147483647, countOK},
		{"1,234", 1234, countOK}, {"12,345,678", 12345678, countOK}, {"12.0", 12, countOK}, {"12.", 12, countOK}, {"+4", 4, countOK}, {"-0", 0, countOK},
		{"", 0, countBlank}, {"NA", 0, countBlank}, {"n/a", 0, countBlank}, {"NULL", 0, countBlank}, {"NaN", 0, countBlank},
		{"-3", 0, countNegative}, {"(3)", 0, countNegative}, {"−3", 0, countNegative}, {"-1,234", 0, countNegative},
		{"4.5", 0, countBad}, {"<5", 0, countBad}, {"*", 0, countBad}, {"..", 0, countBad}, {"-", 0, countBad}, {"1,23", 0, countBad},
		{",123", 0, countBad}, {"1234,567", 0, countBad}, {"2147483648", 0, countBad}, {"99999999999999999999", 0, countBad},
		{"1e3", 0, countBad}, {"0x10", 0, countBad}, {"many", 0, countBad}, {"1 234", 0, countBad}, {"--3", 0, countBad},
	} {
		if n, kind := parseCount([]byte(c.cell)); kind != c.kind || kind == countOK && n != c.n {
			t.Errorf("parseCount(%q) = %d, %d; want %d, %d", c.cell, n, kind, c.n, c.kind)
		}
	}
}

func TestParseMonthForms(t *testing.T) {
	june := period.NewMonth(2021, 6)
	for _, s := range []string{
		"202106", "2021-06", "X202106", "2021_06", "2021/06", "Jun 2021", "June 2021", "Jun-21", "Jun-2021", "June-2021", "2021 Jun",
		"01/06/2021", "1/6/2021", "01.06.21", "01-06-2021", "06/01/2021", "6/1/2021", "15/06/2021", "2021-06-01", "2021-06-01 00:00:00", "2021-06-01T00:00:00Z", " 202106 ", "01/06/2021 00:00",
	} {
		if m, ok := parseMonth(s); !ok || m != june {
			t.Errorf("parseMonth(%q) = %v, %v; want June 2021", s, m, ok)
		}
	}
	for _, s := range []string{"", "202113", "202100", "2021", "32/02/2021", "1/13/2021/4", "00/00/2021", "Total", "fy21-22", "21-22_03", "000001", "999912", "01/06/1", "sometime 2021"} {
		if m, ok := parseMonth(s); ok {
			t.Errorf("parseMonth(%q) = %v, want none", s, m)
		}
	}
}

func TestParseDay(t *testing.T) {
	for s, want := range map[string]int32{
		"05/07/2024": 20240705, "05.06.25": 20250605, "2024-07-05": 20240705, "2024-07-05 08:00:00": 20240705, "06/25/2024": 20240625, "5/7/2024 08:00": 20240705,
	} {
		if d, ok := parseDay(s); !ok || d != want {
			t.Errorf("parseDay(%q) = %d, %v; want %d", s, d, ok, want)
		}
	}
	for _, s := range []string{"", "the fifth", "31/02/2024", "2024-13-01", "5/7", "20240705"} {
		if d, ok := parseDay(s); ok {
			t.Errorf("parseDay(%q) = %d, want none", s, d)
		}
	}
}
