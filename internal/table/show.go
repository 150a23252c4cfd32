package table

import (
	"math"
	"strconv"
	"strings"
)

// Fixed writes a number with thousands separators and a fixed number of
// decimals, halves away from zero: Fixed(222048, 0) is "222,048" and
// Fixed(-10.85, 1) is "−10.9".
func Fixed(v float64, decimals int) string {
	scale := math.Pow(10, float64(decimals))
	// The nudge takes a decimal half that binary cannot hold (1.005) for the half it is.
	v = math.Round(v*scale*(1+1e-12)) / scale
	sign := ""
	if v < 0 {
		sign, v = "−", -v
	}
	whole, rest, found := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return sign + whole // past what a whole number holds: better long than wrong
	}
	if !found {
		return sign + Thousands(n)
	}
	return sign + Thousands(n) + "." + rest
}

// Show is a cell as people read it: the one home of how numbers look in a
// table. A blank shows the reason for it, never a bare gap.
func (c Column) Show(cell Cell) string {
	switch {
	case cell.Blank != "":
		return cell.Blank
	case !cell.IsNum:
		return cell.Text
	}
	out := Fixed(cell.Num, c.Decimals)
	if c.Signed && cell.Num > 0 && strings.ContainsAny(out, "123456789") {
		out = "+" + out
	}
	if c.Type == Percent {
		out += "%"
	}
	return out
}

// IsNumeric reports whether the column's cells are numbers, which pages set to
// the right.
func (c Column) IsNumeric() bool { return c.Type != Text }
