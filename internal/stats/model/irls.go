package model

import (
	"math"

	"openvru/internal/stats"
)

// problem is a fit under way: iteratively reweighted least squares (Nelder and
// Wedderburn 1972), each step one pass over the rows.
type problem struct {
	columns []([]float64)
	family  Family
	link    Link
	theta   float64
	within  float64 // how little the last step may move, see settled
	scale   float64 // mean absolute outcome

	y, weight, offset []float64 // outcome (a share for binomial), weight, offset or nil
	eta, mu           []float64
	working, score    []float64 // weights of the step, and those times its residuals

	sums  []partial
	tri   triangle
	sharp bool // reduce by reflections
}

// partial is what one piece of a pass adds up.
type partial struct {
	gram, rhs   []float64
	deviance    float64
	shift, size float64 // largest change and size of the linear predictor
	possible    bool
}

// pass is the whole of one.
type pass struct {
	deviance, shift, size float64
	possible              bool
}

// prepare makes room for that many columns.
func (p *problem) prepare(columns [][]float64) {
	k := len(columns)
	p.columns = columns
	p.tri = triangle{k: k, r: make([]float64, k*k), c: make([]float64, k), length: make([]float64, k)}
	p.sums = make([]partial, p.pieces())
	space := make([]float64, len(p.sums)*(k*k+k))
	for i := range p.sums {
		p.sums[i].gram, space = space[:k*k], space[k*k:]
		p.sums[i].rhs, space = space[:k], space[k:]
	}
}

// begin puts the means at the outcomes.
func (p *problem) begin() {
	sum := 0.0
	for _, y := range p.y {
		sum += math.Abs(y)
	}
	p.scale = sum / float64(len(p.y))
	for i, y := range p.y {
		mu := p.start(y, p.weight[i])
		if !p.possible(mu) || p.link == Log && mu <= 0 {
			mu = max(p.scale, 1e-3)
		}
		if p.family.binomial() { // keep the identity and log links inside their range
			mu = min(max(mu, 1e-3), 1-1e-3)
		}
		p.eta[i] = p.link.of(mu)
	}
}

// sweep works out means, weights and sums at the coefficients; with none, at
// the linear predictor as it stands, for the first step.
func (p *problem) sweep(beta []float64) pass {
	stats.Parallel(len(p.sums), func(_, i int) { p.sweepPiece(i, beta) })
	whole := pass{possible: true}
	for i := range p.sums {
		s := &p.sums[i]
		whole.deviance += s.deviance
		whole.shift = max(whole.shift, s.shift)
		whole.size = max(whole.size, s.size)
		whole.possible = whole.possible && s.possible
		if i > 0 {
			add(p.sums[0].gram, s.gram)
			add(p.sums[0].rhs, s.rhs)
		}
	}
	whole.possible = whole.possible && !math.IsNaN(whole.deviance) && !math.IsInf(whole.deviance, 0)
	return whole
}

func add(sum, values []float64) {
	for i, v := range values {
		sum[i] += v
	}
}

func (p *problem) sweepPiece(piece int, beta []float64) {
	s := &p.sums[piece]
	clear(s.gram)
	clear(s.rhs)
	s.deviance, s.shift, s.size, s.possible = 0, 0, 0, true
	var slope [blockRows]float64
	low, end := p.piece(piece)
	for ; low < end; low += blockRows {
		high := min(low+blockRows, end)
		if beta != nil {
			p.predict(low, high, beta, s)
		}
		p.weigh(low, high, slope[:high-low], s)
		if beta == nil {
			p.first(low, high)
		}
		if !p.sharp {
			gram(p.columns, low, p.working[low:high], p.score[low:high], s.gram, s.rhs)
		}
	}
}

// predict works out the linear predictor and how far it has moved.
func (p *problem) predict(low, high int, beta []float64, s *partial) {
	var space [blockRows]float64
	eta := space[:high-low]
	if p.offset != nil {
		copy(eta, p.offset[low:high])
	}
	combine(p.columns, low, beta, eta)
	old := p.eta[low:high]
	for i, e := range eta {
		if p.weight[low+i] != 0 {
			s.shift = max(s.shift, math.Abs(e-old[i]))
			s.size = max(s.size, math.Abs(e))
		}
		old[i] = e
	}
}

// combine adds the rows from low on of the columns times the coefficients to
// the sums, four columns at a time so that each sum is loaded and kept less.
func combine(columns [][]float64, low int, beta, sum []float64) {
	n, j := len(sum), 0
	for ; j+4 <= len(columns); j += 4 {
		x0, x1, x2, x3 := columns[j][low:low+n], columns[j+1][low:low+n], columns[j+2][low:low+n], columns[j+3][low:low+n]
		b0, b1, b2, b3 := beta[j], beta[j+1], beta[j+2], beta[j+3]
		for i := range sum {
			sum[i] += b0*x0[i] + b1*x1[i] + (b2*x2[i] + b3*x3[i])
		}
	}
	for ; j < len(columns); j++ {
		b := beta[j]
		for i, v := range columns[j][low : low+n] {
			sum[i] += b * v
		}
	}
}

// weigh works out means, working weights and scores of some rows.
func (p *problem) weigh(low, high int, slope []float64, s *partial) {
	mu := p.mu[low:high]
	p.link.means(p.eta[low:high], mu, slope)
	canonical := p.link == p.family.canonical()
	for i, m := range mu {
		if p.weight[low+i] == 0 { // it has a mean, be it beyond all bounds, but no say
			mu[i] = min(m, math.MaxFloat64)
			p.working[low+i], p.score[low+i] = 0, 0
			continue
		}
		if !p.possible(m) {
			s.possible = false
			return
		}
		w, y, d := p.weight[low+i], p.y[low+i], slope[i]
		f := w
		if !canonical {
			f *= d / p.variance(m)
		}
		off := y - m
		if p.link == Logit { // d/m is 1−μ, also where μ rounds to one
			off = y*(d/m) - (1-y)*m
		}
		p.working[low+i] = f * d
		p.score[low+i] = f * off
		s.deviance += w * p.unit(y, m)
	}
}

// first turns the scores of the first step, which starts from no coefficients,
// into those of the whole linear predictor.
func (p *problem) first(low, high int) {
	for i := low; i < high; i++ {
		p.score[i] += p.working[i] * (p.eta[i] - at(p.offset, i, 0))
	}
}

// reduce turns the last pass into a triangle.
func (p *problem) reduce() {
	if !p.sharp {
		if p.tri.normal(p.sums[0].gram, p.sums[0].rhs) && p.tri.least() >= wellConditioned {
			return
		}
		p.sharp = true
	}
	p.orthogonal(&p.tri)
}

// settle takes steps, the first from the sums of the means that begin put at
// the outcomes, until the coefficients hold still, and leaves them, the means
// and the triangle at the end. It returns the deviance and the number of steps.
func (p *problem) settle(beta []float64) (deviance float64, steps int, err error) {
	old := pass{deviance: math.Inf(1)}
	last, step := make([]float64, len(beta)), make([]float64, len(beta))
	p.nullStart(last)
	clear(beta)
	for steps = 1; steps <= mostSteps; steps++ {
		p.reduce()
		if !p.step(step) {
			break
		}
		if steps > 1 {
			copy(last, beta)
		}
		add(beta, step)
		now, ok := p.guarded(beta, last, old.deviance)
		if !ok {
			break
		}
		if p.still(now, old, steps) {
			p.reduce()
			return now.deviance, steps, nil
		}
		old = now
	}
	return 0, steps, stats.ErrNoFit
}

// step writes the next change of the coefficients; false if there is none.
func (p *problem) step(out []float64) bool {
	for j := range p.tri.k {
		if p.tri.r[j*p.tri.k+j] == 0 {
			return false
		}
	}
	p.tri.solve(out)
	return stats.Finite(out) == nil
}

// guarded moves to the coefficients, halving the step while it leads to
// impossible means or a larger deviance.
func (p *problem) guarded(beta, last []float64, old float64) (pass, bool) {
	moved := 0.0
	for range 40 {
		now := p.sweep(beta)
		moved = max(moved, now.shift)
		if now.possible && !(now.deviance > old+1e-8*(math.Abs(old)+0.1)) {
			now.shift = moved
			return now, true
		}
		for j := range beta {
			beta[j] = (beta[j] + last[j]) / 2
		}
	}
	return pass{}, false
}

// still reports whether the last step changed nothing that matters, or no more
// than rounding does when columns nearly say the same. On the log and logit
// links the size of a change has a meaning of its own; on the identity it has
// only beside the outcome's.
func (p *problem) still(now, old pass, steps int) bool {
	size := now.size
	if p.link != Identity {
		size++
	}
	if steps == 1 || math.Abs(now.deviance-old.deviance) > max(1e-8, p.within*p.within)*(math.Abs(now.deviance)+0.1) {
		return false
	}
	return now.shift <= p.within*size || now.shift <= 1e3*p.within*size && now.shift >= 0.9*old.shift
}

// nullStart writes the coefficients that a first step too far is drawn back to:
// the mean of all in the intercept, if the model has one.
func (p *problem) nullStart(beta []float64) {
	clear(beta)
	for j, x := range p.columns {
		if constant(x) && x[0] == 1 {
			sum, weight := 0.0, 0.0
			for i, y := range p.y {
				sum += p.weight[i] * y
				weight += p.weight[i] * math.Exp(at(p.offset, i, 0)*logs(p.link))
			}
			beta[j] = p.link.of(sum / weight)
			return
		}
	}
}

// logs is one for the log link and zero for others.
func logs(l Link) float64 {
	if l == Log {
		return 1
	}
	return 0
}

func constant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return len(x) > 0
}
