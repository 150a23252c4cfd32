package detect

import (
	"math"
	"slices"
)

// The factors for which the likelihood ratios are added up beforehand: powers of
// 1.25, up to about 28.
const (
	gridSteps = 16
	gridTheta = 0.22314355131420976 // ln 1.25
)

// gridSums is the sums, from the first time point on, of the logarithms of the
// likelihood ratio at each factor of the grid, and of their derivatives.
type gridSums struct{ value, slope [gridSteps]float64 }

// glr finds the change, among all that can be, of largest likelihood ratio.
//
// For negative binomial counts each change needs its own iteration over the
// counts since. Most are spared it: the log-likelihood ratio is a concave
// function of the logarithm of the factor, so its value at two factors bounds
// its maximum between them from below, and where the tangents there meet, from
// above. The sums over any stretch are differences of two running sums. Only
// changes whose upper bound beats the best lower one are worked out in full.
type glr struct {
	GLROptions
	size     float64
	sign     float64 // −1 for falls: theta is then minus the steps of the grid
	n, start int     // time points so far, and the first since the last alarm
	y, mean  []float64
	sums     []gridSums
	high     []float64 // upper bound of each change
	bracket  []int
	exps     [gridSteps]float64
}

// begin makes room for so many time points.
func (g *glr) begin(n int, size float64) {
	g.size, g.n, g.start, g.sign = size, 0, 0, 1
	if g.Falls {
		g.sign = -1
	}
	g.y, g.mean = slices.Grow(g.y[:0], n)[:n], slices.Grow(g.mean[:0], n)[:n]
	g.high, g.bracket = slices.Grow(g.high[:0], n)[:n], slices.Grow(g.bracket[:0], n)[:n]
	g.sums = slices.Grow(g.sums[:0], n+1)[:n+1]
	g.sums[0] = gridSums{}
	for j := range g.exps {
		g.exps[j] = math.Exp(g.sign * gridTheta * float64(j))
	}
}

// add takes the next count; a mean of zero is a time point that does not count.
func (g *glr) add(y, mean float64) {
	i := g.n
	g.y[i], g.mean[i] = y, mean
	g.n++
	from, to := &g.sums[i], &g.sums[i+1]
	if math.IsInf(g.size, 1) { // then sums of counts and of means are all that it takes
		to.value[0], to.slope[0] = from.value[0]+y, from.slope[0]+mean
		return
	}
	if mean == 0 {
		*to = *from
		return
	}
	r := g.size
	for j, ratio := range g.exps {
		to.slope[j] = from.slope[j] + g.sign*r*(y-ratio*mean)/(r+ratio*mean)
		value := y * gridTheta * float64(j) * g.sign
		if j > 0 {
			value -= (y + r) * math.Log((r+ratio*mean)/(r+mean))
		}
		to.value[j] = from.value[j] + value
	}
}

// statistic returns the largest logarithm of the likelihood ratio at the latest
// time point, since when, and the logarithm of the factor.
func (g *glr) statistic() (value float64, since int, theta float64) {
	last := g.n - g.Shortest
	first := g.start
	if g.n-1-first > g.Longest {
		first = g.n - 1 - g.Longest
	}
	if math.IsInf(g.size, 1) {
		return g.poisson(first, last)
	}
	return g.negBin(first, last)
}

// poisson has the factor in closed form: cases over cases expected.
func (g *glr) poisson(first, last int) (value float64, since int, theta float64) {
	end := &g.sums[g.n]
	for k := first; k <= last; k++ {
		cases, expected := end.value[0]-g.sums[k].value[0], end.slope[0]-g.sums[k].slope[0]
		if g.sign*(cases-expected) <= 0 {
			continue
		}
		t, v := math.Inf(-1), expected
		if cases > 0 {
			t = math.Log(cases / expected)
			v = cases*t - (cases - expected)
		}
		if v > value {
			value, since, theta = v, k, t
		}
	}
	return value, since, theta
}

// negBin bounds the ratio of each change, and works out those that may be best.
func (g *glr) negBin(first, last int) (value float64, since int, theta float64) {
	low, j := 0.0, 0
	for k := first; k <= last; k++ {
		g.high[k] = 0
		if g.slope(k, 0) <= 0 {
			continue
		}
		for j > 0 && g.slope(k, j) <= 0 {
			j--
		}
		for j < gridSteps-1 && g.slope(k, j+1) > 0 {
			j++
		}
		g.bracket[k] = j
		low = max(low, g.value(k, j))
		if j == gridSteps-1 {
			g.high[k] = math.Inf(1)
			continue
		}
		low = max(low, g.value(k, j+1))
		g.high[k] = g.meeting(k, j)
	}
	for k := first; k <= last; k++ {
		if g.high[k] < low || g.high[k] <= 0 {
			continue
		}
		v, t := g.maximise(k, g.bracket[k])
		if v > value {
			value, since, theta = v, k, t
		}
		low = max(low, v*(1-1e-12))
	}
	return value, since, theta
}

// slope and value are the sums since time point k at step j of the grid; slope
// is that in the direction looked in.
func (g *glr) slope(k, j int) float64 { return g.sums[g.n].slope[j] - g.sums[k].slope[j] }

func (g *glr) value(k, j int) float64 { return g.sums[g.n].value[j] - g.sums[k].value[j] }

// meeting is the height at which the tangents at steps j and j+1 meet, with a
// little more for rounding.
func (g *glr) meeting(k, j int) float64 {
	a, b := g.value(k, j), g.value(k, j+1)
	up, down := g.slope(k, j), g.slope(k, j+1)
	x := (b - a - down*gridTheta) / (up - down)
	return (a + up*x) * (1 + 1e-9)
}

// maximise finds the factor for a change at k by Newton's method from step j of
// the grid on, halving the bracket where a step leaves it.
func (g *glr) maximise(k, j int) (value, theta float64) {
	low, high := gridTheta*float64(j), gridTheta*float64(j+1)
	if j == gridSteps-1 {
		high = 700
	}
	t := low
	if j < gridSteps-1 {
		up, down := g.slope(k, j), g.slope(k, j+1)
		t += gridTheta * up / (up - down)
	}
	for range 100 {
		slope, curvature := g.derivatives(k, g.sign*t)
		if slope*slope <= 1e-20*curvature { // what is left to gain
			break
		}
		if slope > 0 {
			low = t
		} else {
			high = t
		}
		next := t + slope/curvature
		if !(next > low && next < high) {
			next = (low + high) / 2
			if j == gridSteps-1 && high == 700 {
				next = min(low+2, 700) // no case at all: the ratio has no least factor
			}
		}
		if math.Abs(next-t) < 1e-10 {
			t = next
			break
		}
		t = next
	}
	for i := k; i < g.n; i++ {
		if g.mean[i] > 0 {
			v, _ := logRatio(g.y[i], g.mean[i], g.size, g.sign*t)
			value += v
		}
	}
	return value, g.sign * t
}

// derivatives are the first one in the direction looked in and minus the second,
// of the log-likelihood ratio since k.
func (g *glr) derivatives(k int, theta float64) (slope, curvature float64) {
	ratio, r := math.Exp(theta), g.size
	for i := k; i < g.n; i++ {
		m := ratio * g.mean[i]
		over := 1 / (r + m)
		slope += r * (g.y[i] - m) * over
		curvature += (g.y[i] + r) * r * m * over * over
	}
	return g.sign * slope, curvature
}
