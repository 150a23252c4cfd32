package model

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
	"openvru/internal/stats/spatial"
)

// MoranOptions say how the residuals are tested.
type MoranOptions struct {
	// Permutations is how many times the residuals are dealt out anew among the
	// places; 0 leaves the permutation test out. Seed is that of the draws.
	Permutations int
	Seed         uint64
}

// ResidualMoran is Moran's I of what a model leaves over.
type ResidualMoran struct {
	// I is (n/S0) Σ wᵢⱼ eᵢeⱼ / Σ eᵢ², with e the Pearson residuals and n the number
	// of places that have neighbours.
	I float64
	// Expected and Variance are its moments if the residuals are independent; the
	// model having been fitted to the same outcomes is allowed for. They are exact
	// for Gaussian models with normal errors and approximate for others.
	Expected, Variance float64
	// Z is (I − Expected) / √Variance; P is two-sided and Greater the chance of a
	// larger I: of places that resemble their neighbours more than the model says.
	// They are NaN where the variance is zero: with one degree of freedom, or with
	// everyone a neighbour of everyone, I is the same whatever the residuals.
	Z, P, Greater float64
	// PermutationGreater is the chance of so large an I when the residuals are
	// dealt out at random: (as large + 1) / (permutations + 1). NaN without
	// permutations. It takes the residuals as exchangeable, which is close to right
	// when the columns explain little of each other's places, and a little
	// conservative otherwise.
	PermutationGreater float64
}

// Moran tests whether the residuals of the model are alike in neighbouring
// places (Cliff and Ord 1981, section 8.3), the rows of the design being the
// places of w in order. For a model that is not Gaussian the moments are those
// of the weighted least squares of the last step (Lin and Zhang 2007 use the
// same residuals). A place without neighbours has a residual like any other, so
// it counts among the degrees of freedom, but not in the n of the statistic.
//
// Errors: ErrLength, ErrNoNeighbours, ErrOption for a row of weight zero or
// fewer than no permutations, ErrConstant when the model leaves nothing over,
// ErrTooFew without degrees of freedom.
func (f *Fitted) Moran(w *spatial.Weights, o MoranOptions) (ResidualMoran, error) {
	e, err := f.moranResiduals(w, o)
	if err != nil {
		return ResidualMoran{}, err
	}
	sums := w.Sums()
	scale := float64(len(e)-len(w.Islands())) / sums.S0
	m := ResidualMoran{I: scale * lin.Dot(e, w.Lag(e)) / lin.Dot(e, e), PermutationGreater: math.NaN()}
	m.Expected, m.Variance = f.moranMoments(w, sums)
	m.Expected, m.Variance = scale*m.Expected, scale*scale*m.Variance
	m.Z = math.NaN()
	if m.Variance > 0 {
		m.Z = (m.I - m.Expected) / math.Sqrt(m.Variance)
	}
	m.P, m.Greater = 2*dist.NormalTail(math.Abs(m.Z)), dist.NormalTail(m.Z)
	if o.Permutations > 0 {
		m.PermutationGreater = permuted(w, e, o)
	}
	return m, nil
}

// moranResiduals checks the input and returns the Pearson residuals.
func (f *Fitted) moranResiduals(w *spatial.Weights, o MoranOptions) ([]float64, error) {
	switch {
	case w.Len() != len(f.Mean):
		return nil, stats.ErrLength
	case w.Links() == 0:
		return nil, stats.ErrNoNeighbours
	case o.Permutations < 0:
		return nil, stats.ErrOption
	case f.DF < 1:
		return nil, stats.ErrTooFew
	}
	for _, v := range f.problem.weight {
		if v == 0 {
			return nil, fmt.Errorf("a place has no weight: %w", stats.ErrOption)
		}
	}
	e, err := f.Residuals(Pearson)
	if err != nil {
		return nil, err
	}
	size := 0.0
	for i, y := range f.problem.y {
		size += f.problem.weight[i] * y * y
	}
	if lin.Dot(e, e) <= 1e-20*size {
		return nil, stats.ErrConstant
	}
	return e, nil
}

// moranMoments returns the mean and variance of eᵀWe/eᵀe over independent normal
// errors, residuals being those of the regression on the columns weighted as
// in the last step. With M the matrix that makes residuals of outcomes and
// Q = (XᵀX)⁻¹ the traces of MW, MWMW and MWMWᵀ need only k by k matrices.
func (f *Fitted) moranMoments(w *spatial.Weights, sums spatial.Sums) (mean, variance float64) {
	k, n := f.Rank, len(f.Mean)
	x, lag, back := make([][]float64, k), make([][]float64, k), make([][]float64, k)
	stats.Parallel(k, func(_, j int) {
		x[j] = make([]float64, n)
		for i, v := range f.problem.columns[j] {
			x[j][i] = v * math.Sqrt(f.problem.working[i])
		}
		lag[j], back[j] = w.Lag(x[j]), lagBack(w, x[j])
	})
	q := f.unscaled
	b := crossed(x, lag) // XᵀWX
	a := product(q, b, k)
	trace, own := -traceOf(a, k), 0.0
	for i := range n {
		to, weight := w.Row(i)
		for l, j := range to {
			if int(j) == i {
				own += weight[l]
			}
		}
	}
	trace += own
	// tr MWMW + tr MWMWᵀ, the traces of WW and WWᵀ being S1 together.
	both := sums.S1
	both -= 2 * traceOf(product(q, crossed(back, lag), k), k)
	both -= traceOf(product(q, crossed(back, back), k), k) + traceOf(product(q, crossed(lag, lag), k), k)
	both += traceOf(product(a, a, k), k) + traceOf(product(a, product(q, crossed(lag, x), k), k), k)
	free := float64(f.DF)
	mean = trace / free
	square := (both + trace*trace) / (free * (free + 2))
	if variance = square - mean*mean; variance < 1e-13*square { // no more than rounding
		variance = 0
	}
	return mean, variance
}

// lagBack is Wᵀx.
func lagBack(w *spatial.Weights, x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		to, weight := w.Row(i)
		for l, j := range to {
			out[j] += weight[l] * v
		}
	}
	return out
}

// crossed is AᵀB of two lists of columns.
func crossed(a, b [][]float64) []float64 {
	k := len(a)
	out := make([]float64, k*k)
	for i := range k {
		for j := range k {
			out[i*k+j] = lin.Dot(a[i], b[j])
		}
	}
	return out
}

func traceOf(m []float64, k int) float64 {
	sum := 0.0
	for i := range k {
		sum += m[i*k+i]
	}
	return sum
}

// permuted is the share of permutations whose I is as large as the observed.
// The sum of squares does not change, so the products alone are compared.
func permuted(w *spatial.Weights, e []float64, o MoranOptions) float64 {
	observed := lin.Dot(e, w.Lag(e))
	// What rounding alone could make differ counts as equal.
	observed -= 1e-12 * math.Abs(observed)
	const batch = 16
	pieces := (o.Permutations + batch - 1) / batch
	large := make([]int, pieces)
	stats.Parallel(pieces, func(_, piece int) {
		dealt := append([]float64(nil), e...)
		for i := piece * batch; i < min((piece+1)*batch, o.Permutations); i++ {
			r := stats.NewRand(o.Seed, uint64(i))
			copy(dealt, e)
			r.Shuffle(dealt)
			if products := lagProduct(w, dealt); products >= observed {
				large[piece]++
			}
		}
	})
	sum := 0
	for _, v := range large {
		sum += v
	}
	return stats.MonteCarlo(sum, o.Permutations)
}

// lagProduct is eᵀWe.
func lagProduct(w *spatial.Weights, e []float64) float64 {
	sum := 0.0
	for i, v := range e {
		to, weight := w.Row(i)
		part := 0.0
		for l, j := range to {
			part += weight[l] * e[j]
		}
		sum += v * part
	}
	return sum
}
