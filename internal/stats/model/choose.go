package model

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// choose picks the columns that those before them do not already say, at the
// weights of the first step, makes room for them and returns which they are.
func (p *problem) choose(columns [][]float64) []int {
	p.prepare(columns)
	p.sweep(nil)
	kept := make([]int, len(columns))
	for j := range kept {
		kept[j] = j
	}
	if p.reduce(); !p.sharp {
		return kept
	}
	kept = independent(&p.tri)
	if len(kept) < len(columns) {
		some := make([][]float64, len(kept))
		for j, at := range kept {
			some[j] = columns[at]
		}
		p.sharp = false
		p.prepare(some)
		p.sweep(nil)
	}
	return kept
}

// independent returns the columns of a triangle of which more than
// aliasTolerance of their length is left after those before them, in order. The
// lengths and angles of the triangle's columns are those of the design's.
func independent(t *triangle) []int {
	k := t.k
	column := func(j int) []float64 {
		out := make([]float64, k)
		for i := range j + 1 {
			out[i] = t.r[i*k+j]
		}
		return out
	}
	var kept []int
	var basis [][]float64
	for j := range k {
		v := column(j)
		for range 2 { // the second time takes out what rounding left
			for _, b := range basis {
				f := lin.Dot(b, v)
				for i := range v {
					v[i] -= f * b[i]
				}
			}
		}
		left := math.Sqrt(lin.Dot(v, v))
		if !(left > aliasTolerance*t.length[j]) {
			continue
		}
		for i := range v {
			v[i] /= left
		}
		basis = append(basis, v)
		kept = append(kept, j)
	}
	return kept
}

// null returns the deviance of the model with the intercept and the offset
// alone, of the offset alone without an intercept, NaN if there is none.
func (p *problem) null(intercept bool) float64 {
	if !intercept {
		return p.devianceAt(func(i int) float64 { return p.link.inverse(at(p.offset, i, 0)) })
	}
	if p.offset != nil && !(p.link == Log && p.family.poisson()) {
		return p.nullByFit()
	}
	sum, weight := 0.0, 0.0
	for i, y := range p.y {
		sum += p.weight[i] * y
		weight += p.weight[i] * p.exposure(i)
	}
	return p.devianceAt(func(i int) float64 { return sum / weight * p.exposure(i) })
}

func (f Family) poisson() bool { return f == Poisson || f == QuasiPoisson }

// exposure is what the offset of a row multiplies its mean by on the log link.
func (p *problem) exposure(i int) float64 {
	if p.offset == nil {
		return 1
	}
	return math.Exp(p.offset[i])
}

// nullByFit fits the intercept alone where it has no formula.
func (p *problem) nullByFit() float64 {
	n := len(p.y)
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	q := *p
	space := make([]float64, 4*n)
	q.eta, q.mu, q.working, q.score = space[:n], space[n:2*n], space[2*n:3*n], space[3*n:]
	q.sharp = false
	q.begin()
	q.prepare([][]float64{ones})
	q.sweep(nil)
	deviance, _, err := q.settle([]float64{0})
	if err != nil {
		return math.NaN()
	}
	return deviance
}

// devianceAt returns the deviance at given means, NaN if one is impossible.
func (p *problem) devianceAt(mean func(i int) float64) float64 {
	pieces := make([]float64, p.pieces())
	stats.Parallel(len(pieces), func(_, piece int) {
		low, high := p.piece(piece)
		for i := low; i < high; i++ {
			if p.weight[i] == 0 {
				continue
			}
			mu := mean(i)
			if !p.possible(mu) {
				pieces[piece] = math.NaN()
				return
			}
			pieces[piece] += p.weight[i] * p.unit(p.y[i], mu)
		}
	})
	sum := 0.0
	for _, v := range pieces {
		sum += v
	}
	return sum
}
