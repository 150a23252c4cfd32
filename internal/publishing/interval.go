package publishing

import "math"

const intervalMethod = "95% interval of the ratio of two counts (docs/methods/change.md)"

func changeInterval(a, b float64) (low, high float64, ok bool) {
	if a <= 0 || b <= 0 {
		return 0, 0, false
	}
	se := math.Sqrt(1/a + 1/b)
	r := math.Log(b / a)
	return (math.Exp(r-1.96*se) - 1) * 100, (math.Exp(r+1.96*se) - 1) * 100, true
}
