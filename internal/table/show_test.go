package table

import "testing"

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{222048, 0, "222,048"},
		{-1783, 0, "−1,783"},
		{-10.85, 1, "−10.9"},
		{1.005, 2, "1.01"},
		{0.04, 1, "0.0"},
		{-0.04, 1, "0.0"},
		{999.5, 0, "1,000"},
		{1234.5, 1, "1,234.5"},
	} {
		if got := Fixed(c.v, c.decimals); got != c.want {
			t.Errorf("Fixed(%v, %d) = %q, want %q", c.v, c.decimals, got, c.want)
		}
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct {
		col  Column
		cell Cell
		want string
	}{
		{Column{Type: Count}, N(27586), "27,586"},
		{Column{Type: Percent, Decimals: 1}, N(-30.91), "−30.9%"},
		{Column{Type: Percent, Decimals: 1, Signed: true}, N(5.93), "+5.9%"},
		{Column{Type: Percent, Decimals: 1, Signed: true}, N(0.04), "0.0%"},
		{Column{Type: Count, Signed: true}, N(-4021), "−4,021"},
		{Column{Type: Text}, T("March 2020"), "March 2020"},
		{Column{Type: Count}, Missing("withheld"), "withheld"},
	} {
		if got := c.col.Show(c.cell); got != c.want {
			t.Errorf("Show(%+v) = %q, want %q", c.cell, got, c.want)
		}
	}
}
