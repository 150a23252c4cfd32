package density

import (
	"math"

	"openvru/internal/stats"
)

// RelativeRisk returns the natural logarithm of the ratio of two surfaces on one
// grid, each taken as a share of its own total (Kelsall and Diggle 1995): above
// zero where there is more of the first than the second lets expect. Use one
// bandwidth for both. Where the second has no density it is NaN, where only the
// first has none −Inf. Surfaces on different grids are ErrLength, one without
// any weight ErrEmpty.
func RelativeRisk(of, against Surface) (Surface, error) {
	a, b := of.Grid, against.Grid
	if a.X != b.X || a.Y != b.Y || a.Cell != b.Cell || a.Columns != b.Columns || a.Rows != b.Rows ||
		len(of.Values) != len(against.Values) {
		return Surface{}, stats.ErrLength
	}
	total, base := of.Total(), against.Total()
	if !(total > 0 && base > 0) {
		return Surface{}, stats.ErrEmpty
	}
	out := Surface{Grid: a, Values: make([]float64, len(of.Values)), Used: of.Used, Weight: of.Weight}
	for i, v := range of.Values {
		if out.Values[i] = math.NaN(); against.Values[i] > 0 {
			out.Values[i] = math.Log(v/total) - math.Log(against.Values[i]/base)
		}
	}
	return out, nil
}
