package lin

import (
	"math"

	"openvru/internal/stats"
)

// Cholesky is the factor L of a symmetric matrix A = L Lᵀ. The zero value is
// ready to Factor, and keeps its space from one matrix to the next.
type Cholesky struct {
	n    int
	data []float64 // L by rows, the diagonal as its reciprocal
}

// Factor factors a symmetric matrix that is positive definite, reading only
// its lower half. It returns ErrShape, ErrMissing if a number is NaN or
// infinite, or ErrSingular if the matrix is not positive definite to within
// rounding: a pivot is less than 4n × 2⁻⁵² of the diagonal it came from.
func (c *Cholesky) Factor(a Matrix) error {
	if a.Rows != a.Cols {
		return ErrShape
	}
	c.n = a.Rows
	if cap(c.data) < len(a.Data) {
		c.data = make([]float64, len(a.Data))
	}
	c.data = c.data[:len(a.Data)]
	least := 4 * float64(c.n) * 0x1p-52
	for i := range c.n {
		row := c.row(i)
		for j := range i {
			row[j] = (a.At(i, j) - Dot(row[:j], c.row(j)[:j])) * c.row(j)[j]
		}
		pivot := a.At(i, i) - Dot(row[:i], row[:i])
		if math.IsNaN(pivot) || math.IsInf(pivot, 0) {
			return stats.ErrMissing
		}
		if pivot <= least*a.At(i, i) || pivot <= 0 {
			return stats.ErrSingular
		}
		row[i] = 1 / math.Sqrt(pivot)
	}
	return nil
}

func (c *Cholesky) row(i int) []float64 { return c.data[i*c.n : (i+1)*c.n] }

// Solve replaces b by the x of A x = b.
func (c *Cholesky) Solve(b []float64) {
	c.forward(b)
	for i := c.n - 1; i >= 0; i-- {
		row := c.row(i)
		b[i] *= row[i]
		add(b[:i], -b[i], row[:i])
	}
}

// forward replaces b by the x of L x = b.
func (c *Cholesky) forward(b []float64) {
	for i := range c.n {
		row := c.row(i)
		b[i] = (b[i] - Dot(row[:i], b[:i])) * row[i]
	}
}

// Quadratic returns vᵀ A⁻¹ v, and overwrites v.
func (c *Cholesky) Quadratic(v []float64) float64 {
	c.forward(v)
	return Dot(v, v)
}

// LogDet returns the logarithm of the determinant of A.
func (c *Cholesky) LogDet() float64 {
	sum := 0.0
	for i := range c.n {
		sum -= math.Log(c.row(i)[i])
	}
	return 2 * sum
}

// Inverse sets out, of the size of A, to its inverse.
func (c *Cholesky) Inverse(out Matrix) {
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

// SolveSPD returns the x of A x = b for a symmetric positive definite A. Errors
// are those of Cholesky.Factor, and ErrShape if b has another length.
func SolveSPD(a Matrix, b []float64) ([]float64, error) {
	var c Cholesky
	if len(b) != a.Rows {
		return nil, ErrShape
	}
	if err := c.Factor(a); err != nil {
		return nil, err
	}
	x := append([]float64(nil), b...)
	c.Solve(x)
	return x, nil
}

// InverseSPD returns the inverse of a symmetric positive definite matrix.
// Errors are those of Cholesky.Factor.
func InverseSPD(a Matrix) (Matrix, error) {
	var c Cholesky
	if err := c.Factor(a); err != nil {
		return Matrix{}, err
	}
	out := New(a.Rows, a.Rows)
	c.Inverse(out)
	return out, nil
}
