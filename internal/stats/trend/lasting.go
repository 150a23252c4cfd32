package trend

import (
	"math"
	"slices"
)

// The fading looked for: what fades faster is hardly told from nothing, and what
// fades slower not from the trend, in series of some years.
const fastest, slowest = 0.3, 0.98

// lasting is what a fit says of its residuals: their variance is the dispersion
// times the family's, and a share of it lasts into the months after, of which so much
// as fading is left a month later; the rest is each month's own. This is how the
// counts of a lognormal process behave about their mean (Zeger 1988).
type lasting struct {
	share, fading, dispersion float64
	// pull is √weight times the columns, n by k: residuals times this are the scores.
	pull []float64
}

// lasting estimates share and fading by restricted maximum likelihood (Patterson and
// Thompson 1971), as if the residuals were normal: a fit follows the data, so its
// residuals are less correlated, and smaller, than what they stand for, and this
// likelihood is of what the fit cannot follow. A dispersion below one is taken as one:
// errors are never smaller than those of independent Poisson counts.
func (f *Fit) lasting() lasting {
	n, k := len(f.Fitted), len(f.estimates)
	l := lasting{dispersion: 1, pull: make([]float64, n*k)}
	for i, m := range f.Fitted {
		w := math.Sqrt(m / (1 + m/f.Size))
		for j, x := range f.columns.values {
			l.pull[i*k+j] = w * x[i]
		}
	}
	if dot(f.pearson, f.pearson) == 0 {
		return l
	}
	r := newRestricted(l.pull, f.pearson, k)
	at := func(x []float64) lasting { return lasting{share: x[0], fading: fastest + (slowest-fastest)*x[1]} }
	best := at(minimise(func(x []float64) float64 {
		deviance, _ := r.deviance(at(x), f.DF)
		return deviance
	}, 2, []float64{0.1, 0.4, 0.8}, 1e-3))
	if _, dispersion := r.deviance(best, f.DF); dispersion > 1 {
		l.dispersion = dispersion
	}
	l.share, l.fading = best.share, best.fading
	return l
}

// restricted is the space to work a restricted likelihood out in.
type restricted struct {
	m           int
	rows        []float64 // the weighted columns and, last, the residual of each month
	there       []bool    // a month of weight zero is not
	gram        []float64 // of the whitened rows
	carried, by []float64 // what lasts into the month, and what is new in it
}

func newRestricted(pull, residuals []float64, k int) *restricted {
	m := k + 1
	r := &restricted{m: m, gram: make([]float64, m*m), carried: make([]float64, m), by: make([]float64, m)}
	for i, e := range residuals {
		row := pull[i*k : (i+1)*k]
		r.rows = append(append(r.rows, row...), e)
		r.there = append(r.there, slices.Max(row) > 0) // the intercept
	}
	return r
}

// deviance is −2 log restricted likelihood, up to a constant, and the dispersion that
// is likeliest with that share and fading.
func (r *restricted) deviance(l lasting, df int) (deviance, dispersion float64) {
	deviance = r.whiten(l)
	root := cholesky(r.gram, r.m)
	for j := range r.m - 1 {
		deviance += 2 * math.Log(root[j*r.m+j])
	}
	last := root[len(root)-1] // its square is what no coefficients can fit
	dispersion = last * last / float64(df)
	return deviance + float64(df)*math.Log(dispersion), dispersion
}

// whiten makes the rows independent, month by month (the Kalman filter of a process
// that fades, seen with noise), adds up their products and returns the logarithm of
// the correlations' determinant.
func (r *restricted) whiten(l lasting) float64 {
	m, logs := r.m, 0.0
	clear(r.gram)
	clear(r.carried)
	unknown := l.share // the variance of what lasts
	for i, there := range r.there {
		if there {
			variance := unknown + 1 - l.share
			logs += math.Log(variance)
			gain := unknown / variance
			for j, x := range r.rows[i*m : (i+1)*m] {
				r.by[j] = x - r.carried[j]
				r.carried[j] += gain * r.by[j]
			}
			add(r.gram, r.by, 1/variance)
			unknown -= unknown * gain
		}
		for j := range r.carried {
			r.carried[j] *= l.fading
		}
		unknown = l.fading*l.fading*unknown + l.share*(1-l.fading*l.fading)
	}
	return logs
}

// add adds a row's products with itself to the lower half of a square, times a weight;
// two rows of it at once, as each product then costs one load less.
func add(gram, row []float64, weight float64) {
	m := len(row)
	a := 0
	for ; a+1 < m; a += 2 {
		v, w := row[a]*weight, row[a+1]*weight
		to, next := gram[a*m:a*m+a+1], gram[(a+1)*m:(a+1)*m+a+2]
		from := row[:len(to)]
		for b, x := range from {
			to[b] += v * x
			next[b] += w * x
		}
		next[a+1] += w * row[a+1]
	}
	if a < m {
		v := row[a] * weight
		to := gram[a*m : a*m+a+1]
		for b, x := range row[:len(to)] {
			to[b] += v * x
		}
	}
}

// between is Σ over all pairs of months of a's pull, their correlation and b's pull: k
// by k.
func (l lasting) between(a, b []float64, n, k int) []float64 {
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
			earlierA[j], earlierB[j] = earlierA[j]*l.fading, earlierB[j]*l.fading
			with[j] = y[j] + l.share*earlierB[j]
		}
		add(x, with)
		for j := range with {
			with[j] = l.share * earlierA[j]
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
	out := l.between(l.pull, l.pull, n, k)
	for i := range out {
		out[i] *= l.dispersion
	}
	return out
}

// joined is the covariance of the scores of two fits of the same months, 2k by 2k.
// Both are given the means of their shares and fadings, and as much correlation within
// a month as their residuals have.
func joined(a, b *Fit) []float64 {
	n, k := len(a.Fitted), len(a.estimates)
	l := lasting{share: (a.lasts.share + b.lasts.share) / 2, fading: (a.lasts.fading + b.lasts.fading) / 2}
	out := make([]float64, 4*k*k)
	together := 0.0
	if size := math.Sqrt(dot(a.pearson, a.pearson) * dot(b.pearson, b.pearson)); size > 0 {
		together = dot(a.pearson, b.pearson) / size
	}
	put := func(top, left int, x, y lasting, correlation float64) {
		f := correlation * math.Sqrt(x.dispersion*y.dispersion)
		m := l.between(x.pull, y.pull, n, k)
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
