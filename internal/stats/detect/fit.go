package detect

import "math"

// regression is scratch space for one quasi-Poisson regression with logarithmic link,
//
//	log E(y) = log e + a(part of the year) + s·t,
//
// fitted over and over without allocating. Given the slope s, the maximum
// likelihood has each level a in closed form, so that only s needs iterations:
// the likelihood left is concave in s, and each step of Newton takes one pass
// over the rows with additions and multiplications alone.
type regression struct {
	// The rows.
	y, y23, e, t, w, mu, growth []float64
	group                       []int32
	rows                        int
	// Sums over the rows of each part of the year: of w·y, of w·e·growth times
	// one, t and t²; rows; and the level exp(a).
	events, sum0, sum1, sum2, level []float64
	used                            []int
	groups                          int
	span                            float64 // largest |t|
	// The fit.
	slope, spread    float64 // spread is Σ w μ (t − mean of its part)²
	pearson, working float64 // sums of squares: of Pearson residuals and of working ones
	df               int
}

// size makes room for so many rows and parts.
func (m *regression) size(rows, groups int) {
	for _, s := range []*[]float64{&m.y, &m.y23, &m.e, &m.t, &m.w, &m.mu, &m.growth} {
		*s = make([]float64, rows)
	}
	m.group = make([]int32, rows)
	for _, s := range []*[]float64{&m.events, &m.sum0, &m.sum1, &m.sum2, &m.level} {
		*s = make([]float64, groups)
	}
	m.used, m.groups = make([]int, groups), groups
}

// load takes the rows of the baseline before a time point, those that have a
// count, with equal weights.
func (m *regression) load(s *prepared, r *reference, at int) {
	m.rows = 0
	clear(m.used)
	middle := float64(r.offset[0]+r.offset[len(r.offset)-1]) / 2
	for k, offset := range r.offset {
		i := at + offset
		if !s.good[i] {
			continue
		}
		n := m.rows
		m.y[n], m.y23[n], m.e[n], m.w[n] = s.y[i], s.y23[i], s.exposure[i], 1
		m.t[n], m.group[n] = float64(offset)-middle, r.group[k]
		m.used[r.group[k]]++
		m.rows++
	}
	m.span = math.Abs(float64(r.offset[0]) - middle)
}

// rank is how many parameters the rows can tell apart.
func (m *regression) rank(trend bool) int {
	n := 0
	for _, rows := range m.used {
		if rows > 0 {
			n++
		}
	}
	if trend {
		n++
	}
	return n
}

// fit estimates the model under the weights as they stand. It returns false if
// a trend was wanted and has no estimate.
func (m *regression) fit(trend bool) bool {
	clear(m.events)
	moment := 0.0
	for i := range m.rows {
		events := m.w[i] * m.y[i]
		m.events[m.group[i]] += events
		moment += events * m.t[i]
	}
	m.slope = 0
	if trend && !m.climb(moment) {
		return false
	}
	m.pass()
	m.finish(trend)
	return true
}

// climb finds the slope of largest likelihood. It gives up on one that runs
// off: there is none when all cases lie at one end of the baseline.
func (m *regression) climb(moment float64) bool {
	const steps, longest, steepest, close = 60, 3, 30, 1e-9
	for range steps {
		m.pass()
		gradient, curvature, total := moment, 0.0, 0.0
		for g, events := range m.events {
			if total += events; events > 0 {
				mean := m.sum1[g] / m.sum0[g]
				gradient -= events * mean
				curvature += events * (m.sum2[g]/m.sum0[g] - mean*mean)
			}
		}
		if curvature <= 1e-12*total*m.span*m.span {
			return false
		}
		step := gradient / curvature
		step = max(-longest/m.span, min(longest/m.span, step))
		m.slope += step
		if math.Abs(m.slope)*m.span > steepest {
			return false
		}
		if math.Abs(step)*m.span < close {
			return true
		}
	}
	return false
}

// pass works out the growth of each row since the middle of the baseline and
// the sums over each part.
func (m *regression) pass() {
	clear(m.sum0)
	clear(m.sum1)
	clear(m.sum2)
	at, growth, each := math.Inf(-1), 1.0, math.Exp(m.slope)
	for i := range m.rows {
		t := m.t[i]
		if t == at+1 {
			growth *= each
		} else {
			growth = math.Exp(m.slope * t)
		}
		at = t
		m.growth[i] = growth
		v, g := m.w[i]*m.e[i]*growth, m.group[i]
		m.sum0[g] += v
		m.sum1[g] += v * t
		m.sum2[g] += v * t * t
	}
}

// finish works out levels, fitted values and sums of squares.
func (m *regression) finish(trend bool) {
	m.spread = 0
	for g, events := range m.events {
		m.level[g] = 0
		if events > 0 {
			m.level[g] = events / m.sum0[g]
			mean := m.sum1[g] / m.sum0[g]
			m.spread += events * (m.sum2[g]/m.sum0[g] - mean*mean)
		}
	}
	m.pearson, m.working = 0, 0
	for i := range m.rows {
		mu := m.e[i] * m.level[m.group[i]] * m.growth[i]
		m.mu[i] = mu
		if mu == 0 { // a part without a case: its fit is exact, and as a limit its working residuals are −1
			m.working += m.w[i]
			continue
		}
		residual := m.y[i] - mu
		m.pearson += m.w[i] * residual * residual / mu
		m.working += m.w[i] * residual * residual / (mu * mu)
	}
	m.df = m.rows - m.rank(trend)
}

// dispersion is the variance over the mean, never below one.
func (m *regression) dispersion() float64 { return max(1, m.pearson/float64(m.df)) }

// downweight lowers the weights of rows whose standardised Anscombe residual is
// above a threshold, to the inverse of its square; the weights add up to the
// number of rows (Farrington et al. 1996, section 3.6). It reports whether any
// was lowered.
func (m *regression) downweight(dispersion, threshold float64, trend bool) bool {
	total, any, root := 0.0, false, math.Sqrt(dispersion)
	for i := range m.rows {
		s := m.anscombe(i, root, trend)
		m.w[i] = 1
		if s > threshold {
			m.w[i], any = 1/(s*s), true
		}
		total += m.w[i]
	}
	if !any {
		return false
	}
	for i := range m.rows {
		m.w[i] *= float64(m.rows) / total
	}
	return true
}

// anscombe is the standardised Anscombe residual of a row under equal weights.
// A row that its own parameter fits exactly has none.
func (m *regression) anscombe(i int, rootDispersion float64, trend bool) float64 {
	mu := m.mu[i]
	if mu == 0 || m.y[i] <= mu { // only the high ones matter
		return 0
	}
	g := m.group[i]
	leverage := 1 / m.events[g]
	if trend {
		d := m.t[i] - m.sum1[g]/m.sum0[g]
		leverage += d * d / m.spread
	}
	rest := 1 - mu*leverage
	if rest < 1e-10 {
		return 0
	}
	sixth := math.Cbrt(math.Sqrt(mu))
	square := sixth * sixth
	return 1.5 * (m.y23[i] - square*square) / (rootDispersion * sixth * math.Sqrt(rest))
}

// predict returns the expected count of exposure one in a part of the year at
// time t, and the variance of its logarithm for a dispersion of one.
func (m *regression) predict(g int32, t float64, trend bool) (mean, variance float64) {
	mean = m.level[g] * math.Exp(m.slope*t)
	variance = 1 / m.events[g]
	if trend {
		d := t - m.sum1[g]/m.sum0[g]
		variance += d * d / m.spread
	}
	return mean, variance
}
