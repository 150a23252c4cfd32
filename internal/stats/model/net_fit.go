package model

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

const (
	// netSettled is the squared length of a last step, in units of the deviance it
	// changes beside the null model's.
	netSettled = 1e-15
	// foldSettled is that of the fits of folds, of which only the loss is used.
	foldSettled = 1e-12
	netRounds   = 200
	// netRefresh is after how many passes at one penalty the curvature is worked
	// out afresh.
	netRefresh = 6
)

// net is an elastic net under way: a proximal Newton method (Lee, Sun and
// Saunders 2014). Each round minimises, by coordinate descent, the penalty plus
// a quadratic with the exact slope and a curvature that is worked out once and
// then corrected by what each pass shows of it (the BFGS formula), which costs
// far less than working it out again.
type net struct {
	columns            [][]float64 // those that vary, then the ones
	of                 []int       // their place in the design
	y, offset, weight  []float64   // weights add up to one
	ridge              float64
	raw                bool
	size               []float64 // standard deviations, or ones
	settled            float64
	total              float64 // weight before it was made one
	nullDeviance, full float64 // full is what the log-likelihood lacks of a deviance

	beta, slope    []float64 // estimates, the constant's last; −∂ log-likelihood
	trial, after   []float64
	step, product  []float64
	curve, reduced []float64 // (p+1)² and p²
	value          float64   // −log-likelihood at beta, without constants
	sums           []partial
	nonzero        []int
	room           triangle // for solving, and the matrix to be solved
	gram           []float64
	some           [][]float64 // the columns of nonzero
	given          []float64   // and their coefficients
}

// begin fits the null model and works out slope and curvature there.
func (p *net) begin() error {
	sum, exposure := 0.0, 0.0
	for i, w := range p.weight {
		p.total += w
		sum += w * p.y[i]
		exposure += w * math.Exp(at(p.offset, i, 0))
	}
	if p.total == 0 {
		return stats.ErrTooFew
	}
	if sum == 0 || math.IsInf(exposure, 1) || exposure == 0 {
		return stats.ErrNoFit
	}
	for i := range p.weight {
		p.weight[i] /= p.total
		p.full += p.weight[i] * (yLog(p.y[i], 1) - p.y[i])
	}
	p.spread()
	w := len(p.columns)
	space := make([]float64, 6*w)
	for _, list := range []*[]float64{&p.beta, &p.slope, &p.trial, &p.after, &p.step, &p.product} {
		*list, space = space[:w:w], space[w:]
	}
	square := make([]float64, 4*w*w)
	p.curve, p.reduced, p.gram = square[:w*w], square[w*w:2*w*w], square[2*w*w:3*w*w]
	p.room = triangle{r: square[3*w*w:], c: make([]float64, w), length: make([]float64, w)}
	p.sums = make([]partial, pieces(len(p.y)))
	for i := range p.sums {
		p.sums[i].rhs = make([]float64, w)
	}
	p.beta[w-1] = math.Log(sum / exposure)
	p.value = p.pass(p.beta, p.slope)
	p.nullDeviance = p.deviance()
	p.bend()
	return nil
}

// spread works out what a coefficient's penalty is multiplied by: the
// standard deviation of its column over the rows that count.
func (p *net) spread() {
	p.size = make([]float64, len(p.of))
	for j := range p.of {
		x, mean, square := p.columns[j], 0.0, 0.0
		for i, w := range p.weight {
			mean += w * x[i]
		}
		for i, w := range p.weight {
			square += w * (x[i] - mean) * (x[i] - mean)
		}
		if p.size[j] = math.Sqrt(square); p.size[j] <= 1e-12*math.Abs(mean) {
			p.size[j] = 0 // constant over these rows: its coefficient stays zero
		} else if p.raw {
			p.size[j] = 1
		}
	}
}

// deviance returns that at the estimates, in the weights that were given.
func (p *net) deviance() float64 { return max(0, 2*p.total*(p.full+p.value)) }

// pass writes the slope at some estimates and returns −log-likelihood there.
func (p *net) pass(beta, slope []float64) float64 {
	p.some, p.given = p.some[:0], p.given[:0]
	for j, b := range beta {
		if b != 0 {
			p.some, p.given = append(p.some, p.columns[j]), append(p.given, b)
		}
	}
	stats.Parallel(len(p.sums), func(_, i int) { p.passPiece(i) })
	clear(slope)
	value := 0.0
	for i := range p.sums {
		value += p.sums[i].deviance
		add(slope, p.sums[i].rhs)
	}
	return value
}

func (p *net) passPiece(number int) {
	s := &p.sums[number]
	clear(s.rhs)
	s.deviance = 0
	var space, rest [blockRows]float64
	low, end := piece(len(p.y), number)
	for ; low < end; low += blockRows {
		n := min(blockRows, end-low)
		eta, r := space[:n], rest[:n]
		clear(eta)
		if p.offset != nil {
			copy(eta, p.offset[low:])
		}
		combine(p.some, low, p.given, eta)
		y, weight := p.y[low:low+n], p.weight[low:low+n]
		for i, e := range eta {
			mu := min(math.Exp(e), math.MaxFloat64) // of weight zero, infinity would be none
			r[i] = weight[i] * (mu - y[i])
			s.deviance += weight[i] * (mu - y[i]*e)
		}
		products(p.columns, low, r, s.rhs)
	}
}

// products adds the products of the columns, from row low on, with r to sum.
func products(columns [][]float64, low int, r, sum []float64) {
	n, j := len(r), 0
	for ; j+4 <= len(columns); j += 4 {
		a, b, c, d := dot4(r, columns[j][low:low+n], columns[j+1][low:low+n], columns[j+2][low:low+n], columns[j+3][low:low+n])
		sum[j] += a
		sum[j+1] += b
		sum[j+2] += c
		sum[j+3] += d
	}
	for ; j < len(columns); j++ {
		sum[j] += lin.Dot(r, columns[j][low:low+n])
	}
}

// bend works out the curvature at the estimates.
func (p *net) bend() {
	w := len(p.columns)
	parts := make([]float64, len(p.sums)*w*w)
	stats.Parallel(len(p.sums), func(_, number int) {
		var space [blockRows]float64
		spare := make([]float64, w)
		low, end := piece(len(p.y), number)
		for ; low < end; low += blockRows {
			eta := space[:min(blockRows, end-low)]
			clear(eta)
			if p.offset != nil {
				copy(eta, p.offset[low:])
			}
			combine(p.some, low, p.given, eta)
			for i, e := range eta {
				eta[i] = p.weight[low+i] * min(math.Exp(e), math.MaxFloat64)
			}
			gram(p.columns, low, eta, eta, parts[number*w*w:(number+1)*w*w], spare)
		}
	})
	clear(p.curve)
	for at := 0; at < len(parts); at += w * w {
		add(p.curve, parts[at:at+w*w])
	}
	mirror(p.curve, w)
}

// fit moves the estimates to the best at a penalty.
func (p *net) fit(lambda float64) error {
	scale := p.nullDeviance/p.total + 1e-3
	for round := range netRounds {
		if round > 0 && round%netRefresh == 0 {
			p.value = p.pass(p.beta, p.slope)
			p.bend()
		}
		length := p.propose(lambda, p.settled*scale)
		if length <= p.settled*scale {
			p.accept()
			return nil
		}
		if !p.advance(lambda) {
			return stats.ErrNoFit
		}
	}
	return stats.ErrNoFit
}

// accept takes a last, tiny step without another pass.
func (p *net) accept() {
	for j, d := range p.step {
		p.value += d * (p.slope[j] + p.product[j]/2)
		p.slope[j] += p.product[j]
	}
	copy(p.beta, p.trial)
}

// advance takes the proposed step, or as much of it as lowers the objective,
// and corrects the curvature.
func (p *net) advance(lambda float64) bool {
	before := p.value + p.penalty(lambda, p.beta)
	for range 40 {
		value := p.pass(p.trial, p.after)
		if now := value + p.penalty(lambda, p.trial); now <= before+1e-13*math.Abs(before) {
			p.correct()
			p.value = value
			copy(p.slope, p.after)
			copy(p.beta, p.trial)
			return true
		}
		for j, b := range p.beta {
			p.trial[j] = (p.trial[j] + b) / 2
			p.step[j] /= 2
			p.product[j] /= 2
		}
	}
	return false
}

// penalty returns that of some estimates.
func (p *net) penalty(lambda float64, beta []float64) float64 {
	sum := 0.0
	for j, s := range p.size {
		b := math.Abs(beta[j]) * s
		sum += b * ((1 - p.ridge) + p.ridge*b/2)
	}
	return lambda * sum
}

// correct brings the curvature into line with the change of slope over the step
// (Broyden, Fletcher, Goldfarb, Shanno): afterwards curve·step is that change.
func (p *net) correct() {
	w := len(p.step)
	change, seen, guessed := p.after, 0.0, 0.0
	for j, d := range p.step {
		seen += d * (change[j] - p.slope[j])
		guessed += d * p.product[j]
	}
	if !(seen > 1e-3*guessed) || !(guessed > 0) {
		return
	}
	for i := range w {
		row := p.curve[i*w : (i+1)*w]
		a, b := (change[i]-p.slope[i])/seen, p.product[i]/guessed
		for j := range row {
			row[j] += a*(change[j]-p.slope[j]) - b*p.product[j]
		}
	}
}
