package density

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Rules are bandwidths, in metres and for the Gaussian kernel, that would suit
// events scattered as one normal cloud. Crime has several centres, so they
// smooth too much: they are where to begin, or the upper end of a search.
type Rules struct {
	// X and Y are the rule of Scott (1992) along each axis: the standard
	// deviation times n to the power −1/6, which in two dimensions is
	// Silverman's normal reference too.
	X, Y float64
	// Scott is one bandwidth for both: the geometric mean of X and Y.
	Scott float64
	// Robust puts the smaller of the standard deviation and the quartile range
	// over 1.349 in its place along each axis (Silverman 1986), so that a few
	// far events widen it less.
	Robust float64
}

// NormalReference returns the bandwidths of the rules. With weights, n is what
// they are worth in equal ones: (Σw)²/Σw². Fewer than two such are ErrTooFew,
// events all on one line along an axis ErrConstant.
func NormalReference(e Events) (Rules, error) {
	if err := e.check(); err != nil {
		return Rules{}, err
	}
	total, squares := 0.0, 0.0
	for i := range e.X {
		w := e.weight(i)
		total += w
		squares += w * w
	}
	if len(e.X) < 2 || total == 0 {
		return Rules{}, stats.ErrTooFew
	}
	n := total * total / squares
	if !(n > 1+1e-9) { // one event weighs all there is
		return Rules{}, stats.ErrTooFew
	}
	sx, sy := e.deviation(e.X, total), e.deviation(e.Y, total)
	if !(sx > 0 && sy > 0) {
		return Rules{}, stats.ErrConstant
	}
	shrink := math.Pow(n, -1.0/6)
	robust := func(v []float64, sd float64) float64 {
		if q := e.quartileRange(v, total) / 1.349; q > 0 && q < sd {
			return q
		}
		return sd
	}
	return Rules{
		X: sx * shrink, Y: sy * shrink, Scott: math.Sqrt(sx*sy) * shrink,
		Robust: math.Sqrt(robust(e.X, sx)*robust(e.Y, sy)) * shrink,
	}, nil
}

// QuarticOf returns the quartic bandwidth that smooths as a Gaussian one does
// (the canonical bandwidths of Marron and Nolan 1988, for two dimensions):
// 460.8 to the power 1/6, 2.779 times as wide.
func QuarticOf(gaussian float64) float64 { return gaussian * math.Pow(460.8, 1.0/6) }

// deviation is the weighted standard deviation, with n−1 for n equal weights.
func (e Events) deviation(v []float64, total float64) float64 {
	mean, squares, sum := 0.0, 0.0, 0.0
	for i, x := range v {
		mean += e.weight(i) / total * x
		squares += e.weight(i) * e.weight(i)
	}
	for i, x := range v {
		sum += e.weight(i) * (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / (total - squares/total))
}

// quartileRange is how far the upper quartile lies above the lower one, with
// weights; a quartile is the first value that a quarter of the weight does not
// exceed.
func (e Events) quartileRange(v []float64, total float64) float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	quartile := func(share float64) float64 {
		sum := 0.0
		for _, i := range order {
			if sum += e.weight(i); sum >= share*total {
				return v[i]
			}
		}
		return v[order[len(order)-1]]
	}
	return quartile(0.75) - quartile(0.25)
}
