package density

import (
	"math"

	"openvru/internal/stats"
)

// smooth spreads what each cell holds by a Gaussian around its centre, sampled
// at the centres of the others. Along rows first, then along columns.
func (g Grid) smooth(values []float64, h float64) []float64 {
	weights := g.bellWeights(h)
	turned := blur(values, g.Rows, g.Columns, weights)
	return blur(turned, g.Columns, g.Rows, weights)
}

// bellWeights are the heights, per metre, of a Gaussian so many cells from its
// middle.
func (g Grid) bellWeights(h float64) []float64 {
	half := int(min(Gaussian.reach(h)/g.Cell, float64(max(g.Columns, g.Rows)-1)))
	weights := make([]float64, half+1)
	for d := range weights {
		u := float64(d) * g.Cell / h
		weights[d] = math.Exp(-u*u/2) / (h * math.Sqrt(2*math.Pi))
	}
	return weights
}

// wholeShares is what smoothing a region without gaps gives: the product of the
// shares along the row and along the column.
func (g Grid) wholeShares(h float64) []float64 {
	weights := g.bellWeights(h)
	along := func(n int) []float64 {
		ones := make([]float64, n)
		for i := range ones {
			ones[i] = g.Cell
		}
		return blur(ones, 1, n, weights)
	}
	column, row := along(g.Columns), along(g.Rows)
	out := make([]float64, 0, g.Columns*g.Rows)
	for _, r := range row {
		for _, c := range column {
			out = append(out, r*c)
		}
	}
	return out
}

// blur smooths each of the lines, so many values long, and returns them turned:
// value k of line l at k·lines + l.
func blur(values []float64, lines, long int, weights []float64) []float64 {
	out := make([]float64, len(values))
	half := len(weights) - 1
	own := make([][]float64, stats.Workers())
	const piece = 8
	stats.Parallel((lines+piece-1)/piece, func(worker, p int) {
		if own[worker] == nil { // a line with nothing at either end, and to a multiple of four
			own[worker] = make([]float64, long+2*half+4)
		}
		padded := own[worker]
		for l := p * piece; l < min((p+1)*piece, lines); l++ {
			line := values[l*long : (l+1)*long]
			if empty(line) {
				continue
			}
			copy(padded[half:], line)
			for k := 0; k < long; k += 4 {
				four := blurFour(padded[k:k+2*half+4], weights)
				for i := range min(4, long-k) {
					out[(k+i)*lines+l] = four[i]
				}
			}
		}
	})
	return out
}

func empty(line []float64) bool {
	for _, v := range line {
		if v != 0 {
			return false
		}
	}
	return true
}

// blurFour returns the weighted sums around four values next to each other; the
// window begins as many places before the first as there are weights less one.
func blurFour(window, weights []float64) [4]float64 {
	half := len(weights) - 1
	centre, w := window[half:half+4], weights[0]
	a, b, c, d := w*centre[0], w*centre[1], w*centre[2], w*centre[3]
	for k := 1; k <= half; k++ {
		w, low, high := weights[k], window[half-k:half-k+4], window[half+k:half+k+4]
		a += w * (low[0] + high[0])
		b += w * (low[1] + high[1])
		c += w * (low[2] + high[2])
		d += w * (low[3] + high[3])
	}
	return [4]float64{a, b, c, d}
}
