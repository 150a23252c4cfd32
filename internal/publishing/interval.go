package publishing

import (
	"math"

	"openvru/internal/stats/rate"
)

// intervalMethod is how the interval of a change is computed, for lineages.
const intervalMethod = "95% mid-P interval of the ratio of two counts (docs/methods/count-comparison.md)"

// changeInterval is the 95% interval of the percentage change from a to b;
// false when it has no bounds to print, because a is nought.
func changeInterval(a, b float64) (low, high float64, bounded bool) {
	i := rate.PercentOf(rate.Counts(b, a).MidP(rate.Confidence95))
	return i.Low, i.High, !math.IsInf(i.High, 0) && !math.IsNaN(i.Low)
}
