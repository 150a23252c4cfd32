package trend

import (
	"math"

	"openvru/internal/stats"
)

// loess smooths a series of known length by local regression (Cleveland 1979).
// The steps are equal, so the weights of a window depend only on where in it the
// point lies: they are worked out once, and smoothing is a row of dot products.
type loess struct {
	n, window, degree, jump int
	points                  []local // where the curve is worked out, in order
}

// local is the curve at one point: the weights of the values from left on.
type local struct {
	at, left int
	tricube  []float64 // by distance alone
	weights  []float64 // with the slope taken into account: the curve is Σ weights·y
}

// newLoess prepares smoothing of n values over a window, at every jump-th value.
// Where the published description and the program of its authors differ (windows
// wider than the series, points all but at the window's edge), this follows the
// program, as every other implementation does.
func newLoess(n, window, degree, jump int) *loess {
	l := &loess{n: n, window: window, degree: degree, jump: min(jump, n-1)}
	shared := map[int]local{}
	for at := 0; at < n; at += l.jump {
		l.points = append(l.points, l.local(at, shared))
	}
	if l.points[len(l.points)-1].at != n-1 {
		// The program keeps the window of the last point it came by.
		last := l.points[len(l.points)-1]
		l.points = append(l.points, l.weigh(n-1, last.left))
	}
	return l
}

// local places the window: centred where it fits, else at the end of the series.
func (l *loess) local(at int, shared map[int]local) local {
	width := min(l.window, l.n)
	left := min(max(at-(l.window-1)/2, 0), l.n-width)
	if same, known := shared[at-left]; known {
		same.at, same.left = at, left
		return same
	}
	p := l.weigh(at, left)
	shared[at-left] = p
	return p
}

// weigh works out the weights for the curve at a point, which may lie one step
// outside the series.
func (l *loess) weigh(at, left int) local {
	width := min(l.window, l.n)
	p := local{at: at, left: left, tricube: make([]float64, width), weights: make([]float64, width)}
	h := float64(max(at-left, left+width-1-at))
	if l.window > l.n {
		h += float64((l.window - l.n) / 2)
	}
	for j := range p.tricube {
		p.tricube[j] = tricube(math.Abs(float64(left+j-at)), h)
	}
	l.regress(p)
	return p
}

func tricube(distance, h float64) float64 {
	switch {
	case distance <= 0.001*h:
		return 1
	case distance <= 0.999*h:
		r := distance / h
		r = 1 - r*r*r
		return r * r * r
	}
	return 0
}

// regress turns weights by distance into those of the fitted constant or line at
// the point.
func (l *loess) regress(p local) {
	out, total := p.weights, stats.Sum(p.tricube)
	for j, w := range p.tricube {
		out[j] = w / total
	}
	if l.degree == 0 {
		return
	}
	centre := 0.0
	for j, w := range out {
		centre += w * float64(j)
	}
	spread := 0.0
	for j, w := range out {
		d := float64(j) - centre
		spread += w * d * d
	}
	if math.Sqrt(spread) > 0.001*float64(l.n-1) {
		slope := (float64(p.at-p.left) - centre) / spread
		for j := range out {
			out[j] *= slope*(float64(j)-centre) + 1
		}
	}
}

// value is the curve at a point; robust holds the weights of the values, or nil. It
// is not known when no value near has any weight. With robust weights the constant or
// line comes from sums over the window, distances being from the point.
func (l *loess) value(p *local, y, robust []float64) (v float64, known bool) {
	near := y[p.left : p.left+len(p.tricube)]
	if robust == nil {
		return dot(p.weights, near), true
	}
	robust = robust[p.left : p.left+len(near)]
	var w0, w1, w2, y0, y1 float64
	d := float64(p.left - p.at)
	for j, w := range p.tricube {
		w *= robust[j]
		wd, wy := w*d, w*near[j]
		w0 += w
		w1 += wd
		w2 += wd * d
		y0 += wy
		y1 += wy * d
		d++
	}
	if w0 <= 0 {
		return 0, false
	}
	v = y0 / w0
	if l.degree == 0 {
		return v, true
	}
	centre := w1 / w0
	spread := w2/w0 - centre*centre
	if spread > 0 && math.Sqrt(spread) > 0.001*float64(l.n-1) {
		v -= centre * (y1/w0 - centre*v) / spread
	}
	return v, true
}

// smooth writes the curve to out: worked out at the points, straight between.
func (l *loess) smooth(y, robust, out []float64) {
	for k := range l.points {
		p := &l.points[k]
		v, known := l.value(p, y, robust)
		if !known {
			v = y[p.at]
		}
		out[p.at] = v
		if k > 0 {
			straight(out, l.points[k-1].at, p.at)
		}
	}
}

// straight draws a line between two values that are known.
func straight(out []float64, from, to int) {
	step := (out[to] - out[from]) / float64(to-from)
	for j := from + 1; j < to; j++ {
		out[j] = out[from] + step*float64(j-from)
	}
}
