package lin

import (
	"math"

	"openvru/internal/stats"
)

// cholesky is the factor L of a symmetric matrix A = L Lᵀ.
type cholesky struct {
	n    int
	data []float64 // L by rows, the diagonal as its reciprocal
}

// factor factors a symmetric matrix that is positive definite, reading only
// its lower half. It returns ErrShape, ErrMissing if a number is NaN or
// infinite, or ErrSingular if the matrix is not positive definite to within
// rounding: a pivot is less than 4n × 2⁻⁵² of the diagonal it came from.
func factor(a Matrix) (*cholesky, error) {
	if a.Rows != a.Cols {
		return nil, ErrShape
	}
	c := &cholesky{n: a.Rows, data: make([]float64, len(a.Data))}
	least := 4 * float64(c.n) * 0x1p-52
	for i := range c.n {
		row := c.row(i)
		for j := range i {
			row[j] = (a.At(i, j) - Dot(row[:j], c.row(j)[:j])) * c.row(j)[j]
		}
		pivot := a.At(i, i) - Dot(row[:i], row[:i])
		if math.IsNaN(pivot) || math.IsInf(pivot, 0) {
			return nil, stats.ErrMissing
		}
		if pivot <= least*a.At(i, i) || pivot <= 0 {
			return nil, stats.ErrSingular
		}
		row[i] = 1 / math.Sqrt(pivot)
	}
	return c, nil
}

func (c *cholesky) row(i int) []float64 { return c.data[i*c.n : (i+1)*c.n] }

// solve replaces b by the x of A x = b.
func (c *cholesky) solve(b []float64) {
	for i := range c.n {
		row := c.row(i)
		b[i] = (b[i] - Dot(row[:i], b[:i])) * row[i]
	}
	for i := c.n - 1; i >= 0; i-- {
		row := c.row(i)
		b[i] *= row[i]
		add(b[:i], -b[i], row[:i])
	}
}

// inverse sets out, of the size of A, to its inverse.
func (c *cholesky) inverse(out Matrix) {
	// The inverse of L by columns, each a row of out, then L⁻ᵀ L⁻¹.
	clear(out.Data)
	for j := range c.n {
		column := out.Row(j)
		column[j] = c.row(j)[j]
		for i := j + 1; i < c.n; i++ {
			row := c.row(i)
			column[i] = -Dot(row[j:i], column[j:i]) * row[i]
		}
	}
	for i := range c.n {
		for j := i; j < c.n; j++ {
			out.Set(i, j, Dot(out.Row(i)[j:], out.Row(j)[j:]))
		}
	}
	for i := range c.n {
		for j := range i {
			out.Set(i, j, out.At(j, i))
		}
	}
}

// SolveSPD returns the x of A x = b for a symmetric positive definite A, of
// which only the lower half is read. It returns ErrShape, ErrMissing if a number
// of A is NaN or infinite, or ErrSingular if A is not positive definite to within
// rounding.
func SolveSPD(a Matrix, b []float64) ([]float64, error) {
	if len(b) != a.Rows {
		return nil, ErrShape
	}
	c, err := factor(a)
	if err != nil {
		return nil, err
	}
	x := append([]float64(nil), b...)
	c.solve(x)
	return x, nil
}

// InverseSPD returns the inverse of a symmetric positive definite matrix.
// Errors are those of SolveSPD.
func InverseSPD(a Matrix) (Matrix, error) {
	c, err := factor(a)
	if err != nil {
		return Matrix{}, err
	}
	out := New(a.Rows, a.Rows)
	c.inverse(out)
	return out, nil
}
