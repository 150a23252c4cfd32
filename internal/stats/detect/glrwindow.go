package detect

import "math"

// The logarithms of the factors about which the log-likelihood ratio is
// expanded are whole steps from zero to about ln 20. Half a step from the nearest
// of them ten terms are right to 1e-13 of the cases: the series converges to a
// distance of π.
const (
	gridStep  = 0.3
	gridSteps = 11
	terms     = 10
)

// expansion is the coefficients, of power 0 to 9 of the distance, of a sum of
// log-likelihood ratios about one step of the grid.
type expansion [terms]float64

// glr finds the change, among all that can be, of largest likelihood ratio.
//
// For negative binomial counts the factor of a change has no closed form and its
// likelihood is a sum over all counts since. But the coefficients of its
// expansion are sums too, and those of any stretch are the difference of two
// running sums, so that each change costs the same however long it lasts. Most
// are spared even that: the log-likelihood ratio is concave, so where its
// tangents at two neighbouring steps meet is above its maximum, and only changes
// for which that beats the best so far are worked out.
type glr struct {
	GLROptions
	size     float64
	sign     float64 // −1 for falls: theta is then minus the steps of the grid
	n, start int     // time points held, and the first of them since the last alarm
	gone     int     // time points before those, too long ago for a change
	best     int     // the change that was the best a time point ago
	y, mean  []float64
	sums     [][gridSteps]expansion
	ratio    [gridSteps]float64
}

// begin makes ready for a run of up to so many time points.
func (g *glr) begin(n int, size float64) {
	g.size, g.n, g.start, g.best, g.gone, g.sign = size, 0, 0, 0, 0, 1
	if g.Falls {
		g.sign = -1
	}
	g.room(max(1, min(n, 1000)))
	if len(g.sums) > 0 {
		g.sums[0] = [gridSteps]expansion{}
	}
	for j := range g.ratio {
		g.ratio[j] = math.Exp(g.theta(j))
	}
}

// room sees to room for so many time points. Sums are for negative binomial
// counts alone: of Poisson ones the counts and means are all that it takes.
func (g *glr) room(n int) {
	n = max(n, len(g.y))
	g.y, g.mean = longer(g.y, n), longer(g.mean, n)
	if !math.IsInf(g.size, 1) {
		g.sums = longer(g.sums, n+1)
	}
}

// longer returns the list with a length of n or more, what was in it first.
func longer[T any](list []T, n int) []T {
	if len(list) >= n {
		return list
	}
	return append(list, make([]T, n-len(list))...)
}

// full makes room for the next time point: by forgetting those that no change
// can have begun at any more, if they are half of all or more.
func (g *glr) full() {
	first := max(g.start, g.n-min(g.n, g.Longest))
	if first < g.n/2 || first == 0 {
		g.room(2 * g.n)
		return
	}
	copy(g.y, g.y[first:g.n])
	copy(g.mean, g.mean[first:g.n])
	if !math.IsInf(g.size, 1) {
		copy(g.sums, g.sums[first:g.n+1])
	}
	g.n, g.start, g.best, g.gone = g.n-first, g.start-min(g.start, first), g.best-first, g.gone+first
}

// theta is the logarithm of the factor at a step of the grid.
func (g *glr) theta(j int) float64 { return g.sign * gridStep * float64(j) }

// add takes the next count; a mean of zero is a time point that does not count.
func (g *glr) add(y, mean float64) {
	if g.n == len(g.y) {
		g.full()
	}
	i := g.n
	g.y[i], g.mean[i] = y, mean
	g.n++
	if math.IsInf(g.size, 1) {
		return
	}
	from, to := &g.sums[i], &g.sums[i+1]
	*to = *from
	if mean == 0 {
		return
	}
	for j := range to {
		value := 0.0
		if j > 0 {
			value = y*g.theta(j) - (y+g.size)*math.Log((g.size+g.ratio[j]*mean)/(g.size+mean))
		}
		to[j].expand(value, y, g.size, g.ratio[j]*mean)
	}
}

// expand adds the expansion of one count about a mean m: with q = m/(r+m), the
// derivatives are y − (y+r)q and −(y+r) times those of q, the logistic function.
func (e *expansion) expand(value, y, r, m float64) {
	q := m / (r + m)
	v, s, w := q*(1-q), 1-2*q, y+r
	e[0] += value
	e[1] += y - w*q
	w *= v
	e[2] -= w / 2
	e[3] -= w * s / 6
	e[4] -= w * (1 - 6*v) / 24
	e[5] -= w * s * (1 - 12*v) / 120
	e[6] -= w * (1 + v*(-30+120*v)) / 720
	e[7] -= w * s * (1 + v*(-60+360*v)) / 5040
	e[8] -= w * (1 + v*(-126+v*(1680-5040*v))) / 40320
	e[9] -= w * s * (1 + v*(-252+v*(5040-20160*v))) / 362880
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

// poisson has the factor in closed form: cases over cases expected. As ln x is
// at most x − 1, Pearson's chi-squared is never below the log-likelihood ratio,
// and spares most logarithms.
func (g *glr) poisson(first, last int) (value float64, since int, theta float64) {
	cases, expected := 0.0, 0.0
	for k := g.n - 1; k >= first; k-- {
		cases, expected = cases+g.y[k], expected+g.mean[k]
		excess := g.sign * (cases - expected)
		if k > last || excess <= 0 || excess*excess <= value*expected {
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

// negBin looks at the change that was best before, for a high bar, and then at
// all others.
func (g *glr) negBin(first, last int) (value float64, since int, theta float64) {
	j := 0
	try := func(k int) {
		if g.slope(k, 0) <= 0 {
			return
		}
		for j > 0 && g.slope(k, j) <= 0 {
			j--
		}
		for j < gridSteps-1 && g.slope(k, j+1) > 0 {
			j++
		}
		if v, t := g.maximum(k, j, value); v > value {
			value, since, theta = v, k, t
		}
	}
	if g.best >= first && g.best <= last {
		try(g.best)
	}
	for k := last; k >= first; k-- {
		try(k)
	}
	g.best = since
	return value, since, theta
}

// slope is the derivative, in the direction looked in, of the log-likelihood
// ratio of a change at time point k, at step j of the grid.
func (g *glr) slope(k, j int) float64 { return g.sign * (g.sums[g.n][j][1] - g.sums[k][j][1]) }

// maximum finds the maximum between steps j and j+1 for a change at k, or zero
// if it cannot beat the bar.
func (g *glr) maximum(k, j int, bar float64) (value, theta float64) {
	if j == gridSteps-1 {
		return g.beyond(k)
	}
	low := g.sums[g.n][j][0] - g.sums[k][j][0]
	high := g.sums[g.n][j+1][0] - g.sums[k][j+1][0]
	up, down := g.slope(k, j), g.slope(k, j+1)
	meet := (high - low - down*gridStep) / (up - down)
	if low+up*meet <= bar {
		return 0, 0
	}
	d := gridStep * up / (up - down)
	if d > gridStep/2 {
		j, d = j+1, d-gridStep
	}
	d *= g.sign
	var e expansion
	a, b := &g.sums[g.n][j], &g.sums[k][j]
	for i := range e {
		e[i] = a[i] - b[i]
	}
	for range 20 {
		step := e.newton(d)
		d += step
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return e.at(d), g.theta(j) + d
}

func (e *expansion) at(d float64) float64 {
	v := e[terms-1]
	for i := terms - 2; i >= 0; i-- {
		v = v*d + e[i]
	}
	return v
}

// newton is the step towards where the slope is zero.
func (e *expansion) newton(d float64) float64 {
	slope, curvature := 0.0, 0.0
	for i := terms - 1; i >= 1; i-- {
		curvature = curvature*d + slope
		slope = slope*d + float64(i)*e[i]
	}
	return -slope / curvature
}

// beyond finds the maximum past the end of the grid, by Newton's method on the
// counts themselves. Where there is no case at all the factor has no least
// value; the ratio has a limit.
func (g *glr) beyond(k int) (value, theta float64) {
	const far = 700
	t := gridStep * float64(gridSteps-1)
	for range 60 {
		slope, curvature := g.derivatives(k, g.sign*t)
		if slope*slope <= 1e-20*curvature { // what is left to gain
			break
		}
		t = min(far, t+min(2, max(-gridStep, slope/curvature)))
	}
	for i := k; i < g.n; i++ {
		if g.mean[i] > 0 {
			value += logRatio(g.y[i], g.mean[i], g.size, g.sign*t)
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
