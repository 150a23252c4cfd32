package model

import (
	"math"

	"openvru/internal/stats/lin"
)

// propose finds the estimates that minimise penalty and quadratic, writes them
// to trial, their step to step and curve·step to product, and returns step·product.
func (p *net) propose(lambda, settled float64) float64 {
	w := len(p.columns)
	k := w - 1
	corner := p.curve[w*w-1]
	edge := p.curve[k*w : k*w+k]
	// The constant is taken out: it follows from the others.
	q := p.product[:k]
	for i := range k {
		f := edge[i] / corner
		q[i] = p.slope[i] - f*p.slope[k]
		row, from := p.reduced[i*k:(i+1)*k], p.curve[i*w:i*w+k]
		for j, v := range from {
			row[j] = v - f*edge[j]
		}
	}
	copy(p.trial, p.beta)
	p.descend(lambda, 1e-6*settled, q)
	p.step[k] = -p.slope[k]
	for j := range k {
		p.step[j] = p.trial[j] - p.beta[j]
		p.step[k] -= edge[j] * p.step[j]
	}
	p.step[k] /= corner
	p.trial[k] = p.beta[k] + p.step[k]
	length := 0.0
	for i := range w {
		p.product[i] = lin.Dot(p.curve[i*w:(i+1)*w], p.step)
		length += p.product[i] * p.step[i]
	}
	return length
}

// descend finds the bottom of the quadratic with slope q and the reduced
// curvature, from the estimates in trial: straight down if no sign changes on
// the way and no column wants in; otherwise by coordinate descent, over all
// columns and a few times over those not zero, until the straight way is open.
func (p *net) descend(lambda, settled float64, q []float64) {
	p.takeNonzero()
	for range 1000 {
		if p.bottom(lambda, q) && p.still(lambda, q) {
			return
		}
		moved := 0.0
		for j := range q {
			moved = max(moved, p.coordinate(lambda, j, q))
		}
		if moved <= settled {
			return
		}
		p.takeNonzero()
		for range 4 {
			for _, j := range p.nonzero {
				p.coordinate(lambda, j, q)
			}
		}
	}
}

// takeNonzero lists the estimates that are not zero.
func (p *net) takeNonzero() {
	p.nonzero = p.nonzero[:0]
	for j := range p.of {
		if p.trial[j] != 0 {
			p.nonzero = append(p.nonzero, j)
		}
	}
}

// bottom solves for the estimates that are not zero, given their signs and that
// the others stay zero. It changes nothing and returns false if a sign would
// change.
func (p *net) bottom(lambda float64, q []float64) bool {
	k, a := len(q), len(p.nonzero)
	t := triangle{k: a, r: p.room.r[:a*a], c: p.room.c[:a], length: p.room.length[:a]}
	gram, rhs := p.gram[:a*a], p.after[:a]
	for i, j := range p.nonzero {
		row, s, b := p.reduced[j*k:(j+1)*k], p.size[j], p.trial[j]
		for l := i; l < a; l++ {
			gram[i*a+l] = row[p.nonzero[l]]
		}
		gram[i*a+i] += lambda * p.ridge * s * s
		rhs[i] = -(q[j] + math.Copysign(lambda*(1-p.ridge)*s, b) + lambda*p.ridge*s*s*b)
	}
	if !t.normal(gram, rhs) {
		return false
	}
	t.solve(rhs)
	for i, j := range p.nonzero {
		if !(p.trial[j]*(p.trial[j]+rhs[i]) > 0) {
			return false
		}
	}
	for i, j := range p.nonzero {
		p.trial[j] += rhs[i]
		for l, v := range p.reduced[j*k : (j+1)*k] {
			q[l] += rhs[i] * v
		}
	}
	return true
}

// still reports whether every column that is out is rightly so.
func (p *net) still(lambda float64, q []float64) bool {
	for j, v := range q {
		if p.trial[j] == 0 && math.Abs(v) > lambda*(1-p.ridge)*p.size[j] && p.size[j] > 0 {
			return false
		}
	}
	return true
}

// coordinate puts one estimate where the others have it and returns the square
// of its move, times the curvature.
func (p *net) coordinate(lambda float64, j int, q []float64) float64 {
	k, s := len(q), p.size[j]
	if s == 0 {
		return 0
	}
	row := p.reduced[j*k : (j+1)*k]
	h, b := row[j], p.trial[j]
	z, lasso := h*b-q[j], lambda*(1-p.ridge)*s
	next := 0.0
	if z > lasso {
		next = (z - lasso) / (h + lambda*p.ridge*s*s)
	} else if z < -lasso {
		next = (z + lasso) / (h + lambda*p.ridge*s*s)
	}
	d := next - b
	if d == 0 {
		return 0
	}
	p.trial[j] = next
	for l, v := range row {
		q[l] += d * v
	}
	return h * d * d
}
