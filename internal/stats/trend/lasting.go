package trend

import "math"

// Of what a month's surprise lasts, this much is left a month later.
const decay = 0.7

// nearby is over how many months residuals are compared to see how much lasts.
const nearby = 4

// lasting is what a fit says of its residuals: their variance is the dispersion
// times the family's, and a share of it lasts into the months after, fading by the
// decay; the rest is each month's own.
type lasting struct {
	share, dispersion float64
	// pull is √weight times the columns, n by k: residuals times this are the scores.
	pull []float64
}

// lasting estimates share and dispersion from the residuals. Residuals are less
// correlated, and smaller, than what they stand for, as the fit has followed both;
// so these are the values whose expectations, for residuals of this very design, are
// what is seen. A share below zero is taken as none, and a dispersion below one as
// one: either would make errors smaller than those of independent Poisson counts.
func (f *Fit) lasting() lasting {
	n, k := f.scores.n, f.scores.k
	l := lasting{dispersion: 1, pull: make([]float64, n*k)}
	for i, m := range f.Fitted {
		w := math.Sqrt(m / (1 + m/f.Size))
		for j, x := range f.columns.values {
			l.pull[i*k+j] = w * x[i]
		}
	}
	r := f.pearson
	squares := dot(r, r)
	if squares == 0 {
		return l
	}
	seen := 0.0
	for d := 1; d <= min(nearby, n-1); d++ {
		seen += dot(r[d:], r[:n-d]) / squares
	}
	e := expect(l.pull, f.bread, n, k)
	squaresFade, productsFade := faded(e.squares), faded(e.products)
	if below := productsFade - seen*squaresFade; below > 0 {
		l.share = min(max((seen*e.squares[0]-e.products[0])/below, 0), 1)
	}
	l.dispersion = max(squares/(e.squares[0]+l.share*squaresFade), 1)
	return l
}

// expected holds, by the distance in months, how much a correlation at that distance
// adds to what is expected of the residuals' sum of squares, and of the sum of
// products of those near each other.
type expected struct{ squares, products []float64 }

// expect works these out. With H = QQᵀ the projection on the design, L half of each
// neighbour up to the distance nearby, and R the correlations, the residuals (I − H)e
// have the expected sums tr((I − H)R) and tr((I − H)L(I − H)R). The traces are sums
// of products of columns; no matrix of months by months is formed.
func expect(pull, bread []float64, n, k int) expected {
	there := make([]float64, n) // 1 for the months that are there: those of weight zero are not
	for i := range there {
		if pull[i*k] != 0 { // the intercept
			there[i] = 1
		}
	}
	q := orthogonal(pull, bread, n, k)
	p := make([][]float64, k) // LQ
	for j, v := range q {
		p[j] = halves(v, there)
	}
	s := make([][]float64, k) // Q(QᵀLQ)/2 − LQ: half of what (I − H)L(I − H) is beyond L
	for j := range s {
		s[j] = make([]float64, n)
		for _, v := range q {
			g := dot(v, p[j]) / 2
			for i, u := range v {
				s[j][i] += g * u
			}
		}
		for i, v := range p[j] {
			s[j][i] -= v
		}
	}
	e := expected{squares: make([]float64, n), products: make([]float64, n)}
	for d := range n {
		both := 2.0 // a correlation stands on either side of the diagonal
		switch {
		case d == 0:
			both, e.squares[0] = 1, sum(there)
		case d <= nearby:
			e.products[d] = dot(there[d:], there[:n-d])
		}
		for j, v := range q {
			e.squares[d] -= both * dot(v[d:], v[:n-d])
			e.products[d] += both * (dot(s[j][d:], v[:n-d]) + dot(v[d:], s[j][:n-d]))
		}
	}
	return e
}

// orthogonal returns the columns of Q.
func orthogonal(pull, bread []float64, n, k int) [][]float64 {
	root := cholesky(bread, k)
	q := make([][]float64, k)
	for j := range q {
		q[j] = make([]float64, n)
		for i := range n {
			for a := j; a < k; a++ {
				q[j][i] += pull[i*k+a] * root[a*k+j]
			}
		}
	}
	return q
}

// halves is L times a column, in the months that are there.
func halves(v, there []float64) []float64 {
	out := make([]float64, len(v))
	for d := 1; d <= min(nearby, len(v)-1); d++ {
		for i := d; i < len(v); i++ {
			out[i] += v[i-d] / 2 * there[i]
			out[i-d] += v[i] / 2 * there[i-d]
		}
	}
	return out
}

// faded adds what each distance has, by how much of a surprise is left there.
func faded(c []float64) float64 {
	total, left := 0.0, decay
	for _, v := range c[1:] {
		total += v * left
		left *= decay
	}
	return total
}

// between is Σ over all pairs of months of a's pull, their correlation and b's pull: k
// by k.
func between(a, b []float64, n, k int, share float64) []float64 {
	out := make([]float64, k*k)
	earlierA, earlierB := make([]float64, k), make([]float64, k)
	with := make([]float64, k)
	add := func(x, y []float64) {
		for i, v := range x {
			row := out[i*k : (i+1)*k]
			for j, u := range y {
				row[j] += v * u
			}
		}
	}
	for t := range n {
		x, y := a[t*k:(t+1)*k], b[t*k:(t+1)*k]
		for j := range with {
			earlierA[j], earlierB[j] = earlierA[j]*decay, earlierB[j]*decay
			with[j] = y[j] + share*earlierB[j]
		}
		add(x, with)
		for j := range with {
			with[j] = share * earlierA[j]
		}
		add(with, y)
		for j := range with {
			earlierA[j] += x[j]
			earlierB[j] += y[j]
		}
	}
	return out
}

// middle is the covariance of the sum of the scores.
func (l lasting) middle(n, k int) []float64 {
	out := between(l.pull, l.pull, n, k, l.share)
	for i := range out {
		out[i] *= l.dispersion
	}
	return out
}

// joined is the covariance of the scores of two fits of the same months, 2k by 2k.
// Both are given the mean of their shares, and as much correlation within a month as
// their residuals have.
func joined(a, b *Fit) []float64 {
	n, k := a.scores.n, a.scores.k
	share := (a.lasts.share + b.lasts.share) / 2
	out := make([]float64, 4*k*k)
	together := 0.0
	if size := math.Sqrt(dot(a.pearson, a.pearson) * dot(b.pearson, b.pearson)); size > 0 {
		together = dot(a.pearson, b.pearson) / size
	}
	put := func(top, left int, x, y lasting, correlation float64) {
		f := correlation * math.Sqrt(x.dispersion*y.dispersion)
		m := between(x.pull, y.pull, n, k, share)
		for i := range k {
			for j := range k {
				out[(top+i)*2*k+left+j] = f * m[i*k+j]
			}
		}
	}
	put(0, 0, a.lasts, a.lasts, 1)
	put(k, k, b.lasts, b.lasts, 1)
	put(0, k, a.lasts, b.lasts, together)
	put(k, 0, b.lasts, a.lasts, together)
	return out
}
