// Package lin is small dense linear algebra for the statistics: matrices held
// by rows, symmetric positive definite ones solved and inverted by Cholesky's
// factor, and least squares by Householder's QR with the rule that drops columns
// which say what others say.
package lin

import (
	"openvru/internal/errs"
	"openvru/internal/stats"
)

// ErrShape is matrices whose sizes do not go together.
var ErrShape error = errs.New(errs.Invalid, "The sizes of the matrices do not go together: %w", stats.ErrLength)

// Matrix is numbers in rows and columns: row i, column j is Data[i·Cols+j]. The
// zero value is a matrix of no rows and no columns. A copy of a Matrix shares
// its numbers.
type Matrix struct {
	Rows, Cols int
	Data       []float64
}

// New returns a matrix of zeros.
func New(rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
}

// FromRows returns a matrix of the rows given, or ErrShape if they differ in
// length.
func FromRows(rows ...[]float64) (Matrix, error) {
	if len(rows) == 0 {
		return Matrix{}, nil
	}
	m := New(len(rows), len(rows[0]))
	for i, row := range rows {
		if len(row) != m.Cols {
			return Matrix{}, ErrShape
		}
		copy(m.Row(i), row)
	}
	return m, nil
}

// FromColumns returns a matrix of the columns given, or ErrShape if they differ
// in length.
func FromColumns(columns ...[]float64) (Matrix, error) {
	m, err := FromRows(columns...)
	return m.T(), err
}

// At returns the number in row i, column j.
func (m Matrix) At(i, j int) float64 { return m.Data[i*m.Cols+j] }

// Set changes the number in row i, column j.
func (m Matrix) Set(i, j int, v float64) { m.Data[i*m.Cols+j] = v }

// Row returns row i: a part of the matrix, not a copy.
func (m Matrix) Row(i int) []float64 { return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols] }

// T returns the transpose, with numbers of its own.
func (m Matrix) T() Matrix {
	t := New(m.Cols, m.Rows)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Data[j*m.Rows+i] = v
		}
	}
	return t
}

// Mul returns the product m·b, or ErrShape.
func (m Matrix) Mul(b Matrix) (Matrix, error) {
	if m.Cols != b.Rows {
		return Matrix{}, ErrShape
	}
	out := New(m.Rows, b.Cols)
	for i := range m.Rows {
		row := out.Row(i)
		for k, v := range m.Row(i) {
			if v != 0 {
				add(row, v, b.Row(k))
			}
		}
	}
	return out, nil
}

// MulVec sets out to m·v. It panics if the lengths are not Rows and Cols.
func (m Matrix) MulVec(out, v []float64) {
	for i := range out[:m.Rows] {
		out[i] = Dot(m.Row(i), v)
	}
}

// Gram sets out, Cols by Cols, to mᵀ W m with W the diagonal of weights; no
// weights are ones. It panics if the sizes do not go together.
func (m Matrix) Gram(out Matrix, weights []float64) {
	clear(out.Data)
	for i := range m.Rows {
		w, row := 1.0, m.Row(i)
		if weights != nil {
			w = weights[i]
		}
		for j, v := range row {
			if v != 0 {
				add(out.Row(j)[:j+1], w*v, row[:j+1])
			}
		}
	}
	for i := range out.Rows {
		for j := range i {
			out.Set(j, i, out.At(i, j))
		}
	}
}

// Dot returns the sum of the products of two lists of one length.
func Dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64 // four sums, for a processor adds several at once
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// add adds f times b to a.
func add(a []float64, f float64, b []float64) {
	b = b[:len(a)]
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		a[0] += f * b[0]
		a[1] += f * b[1]
		a[2] += f * b[2]
		a[3] += f * b[3]
	}
	for i := range a {
		a[i] += f * b[i]
	}
}
