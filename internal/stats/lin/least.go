package lin

import (
	"math"

	"openvru/internal/stats"
)

// Fit is a linear model fitted by least squares.
type Fit struct {
	Coefficients []float64 // NaN for an aliased column
	Aliased      []bool    // columns that say what those before them say
	Rank         int
	Residuals    []float64 // y − fitted, not weighted
	RSS          float64   // the residual sum of squares, weighted
	Unscaled     Matrix    // (XᵀWX)⁻¹ over the columns that are not aliased
}

// Variance returns the residual variance, RSS over the degrees of freedom that
// are left; NaN if none are.
func (f Fit) Variance() float64 {
	free := len(f.Residuals) - f.Rank
	if free <= 0 {
		return math.NaN()
	}
	return f.RSS / float64(free)
}

// LeastSquares fits y = X β by least squares, weighted if weights are not nil.
// It returns ErrEmpty, ErrLength, ErrMissing, or ErrNegative for a weight below
// zero. A row of weight zero has no say, but counts among the rows.
func LeastSquares(x Matrix, y, weights []float64) (Fit, error) {
	if len(y) != x.Rows || weights != nil && len(weights) != len(y) {
		return Fit{}, stats.ErrLength
	}
	if err := stats.Finite(y); err != nil {
		return Fit{}, err
	}
	if err := stats.Counts(weights); err != nil {
		return Fit{}, err
	}
	scaled, qty := x, append([]float64(nil), y...)
	if weights != nil {
		scaled = x.Clone()
		for i, w := range weights {
			root := math.Sqrt(w)
			qty[i] *= root
			for j := range scaled.Row(i) {
				scaled.Row(i)[j] *= root
			}
		}
	}
	var q QR
	if err := q.Factor(scaled); err != nil {
		return Fit{}, err
	}
	q.QTMul(qty)
	f := Fit{Coefficients: make([]float64, x.Cols), Aliased: q.aliased, Rank: q.rank, Unscaled: q.Unscaled()}
	q.Solve(f.Coefficients, qty)
	f.RSS = Dot(qty[q.rank:], qty[q.rank:])
	f.Residuals = residuals(x, y, f.Coefficients)
	return f, nil
}

func residuals(x Matrix, y, coefficients []float64) []float64 {
	kept := make([]float64, len(coefficients)) // an aliased column has no say
	for j, c := range coefficients {
		if !math.IsNaN(c) {
			kept[j] = c
		}
	}
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = v - Dot(x.Row(i), kept)
	}
	return out
}
