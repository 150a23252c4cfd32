package lin

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// alike is the share of its length below which what is left of a column, once
// the columns before it are taken out, counts as nothing: the column says what
// they say. It is the limit that R's lm uses.
const alike = 1e-7

// QR is a matrix X as an orthogonal Q times an upper triangular R, by
// Householder reflections. Columns are taken in order, and one that says what
// those before it say is left out: it is aliased. The zero value is
// ready to Factor, and keeps its space from one matrix to the next.
type QR struct {
	rows, cols int
	rank       int
	data       []float64 // by columns: R above, the reflections from the diagonal down
	diagonal   []float64 // of R
	kept       []int     // the number in X of each column kept, in order
	aliased    []bool
}

// Factor factors a matrix. It returns ErrEmpty if there are no rows or columns
// and ErrMissing if a number is NaN or infinite.
func (q *QR) Factor(x Matrix) error {
	if x.Rows == 0 || x.Cols == 0 {
		return stats.ErrEmpty
	}
	if err := stats.Finite(x.Data); err != nil {
		return err
	}
	q.take(x)
	for j := range q.cols {
		q.reflect(j)
	}
	return nil
}

// take copies the matrix by columns.
func (q *QR) take(x Matrix) {
	q.rows, q.cols, q.rank = x.Rows, x.Cols, 0
	q.data = slices.Grow(q.data[:0], len(x.Data))[:len(x.Data)]
	q.aliased = slices.Grow(q.aliased[:0], x.Cols)[:x.Cols]
	q.diagonal, q.kept = q.diagonal[:0], q.kept[:0]
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			q.data[j*x.Rows+i] = v
		}
	}
}

func (q *QR) column(j int) []float64 { return q.data[j*q.rows : (j+1)*q.rows] }

// reflect takes the columns kept so far out of column j and, if enough is left,
// makes it the next one kept.
func (q *QR) reflect(j int) {
	column := q.column(j)
	length := norm(column)
	for k, number := range q.kept {
		turn(q.column(number)[k:], column[k:])
	}
	k := q.rank
	q.aliased[j] = true
	if k == q.rows {
		return
	}
	rest := column[k:]
	left := norm(rest)
	if left <= alike*length || left == 0 {
		return
	}
	// The reflection that turns the rest of the column on to its first axis, as
	// a vector v scaled so that vᵀv is 2.
	if rest[0] > 0 {
		left = -left
	}
	rest[0] -= left
	scale := math.Sqrt(math.Abs(left)) * math.Sqrt(math.Abs(rest[0])) // apart: the product may be beyond the range
	for i := range rest {
		rest[i] /= scale
	}
	q.aliased[j] = false
	q.diagonal = append(q.diagonal, left)
	q.kept = append(q.kept, j)
	q.rank++
}

// turn applies the reflection of v to y.
func turn(v, y []float64) { add(y, -Dot(v, y), v) }

// norm is the length of a vector, whatever the size of its numbers.
func norm(v []float64) float64 {
	if square := Dot(v, v); square > 1e-280 && square < 1e280 {
		return math.Sqrt(square)
	}
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	if most == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range v {
		sum += (x / most) * (x / most)
	}
	return most * math.Sqrt(sum)
}

// Rank returns how many columns were kept.
func (q *QR) Rank() int { return q.rank }

// Aliased returns for each column of X whether it was left out. It is the
// QR's own until the next Factor.
func (q *QR) Aliased() []bool { return q.aliased }

// QTMul replaces y by Qᵀy: its first Rank numbers are the part of y that the
// columns account for, and the sum of the squares of the others the residual
// sum of squares. It panics if y is not as long as X has rows.
func (q *QR) QTMul(y []float64) {
	y = y[:q.rows]
	for k, number := range q.kept {
		turn(q.column(number)[k:], y[k:])
	}
}

// Solve sets coefficients to those of least squares, from Qᵀy as QTMul leaves
// it; that of an aliased column is NaN.
func (q *QR) Solve(coefficients, qty []float64) {
	for j, aliased := range q.aliased {
		if aliased {
			coefficients[j] = math.NaN()
		}
	}
	for k := q.rank - 1; k >= 0; k-- {
		sum := qty[k]
		for l := k + 1; l < q.rank; l++ {
			number := q.kept[l]
			sum -= q.column(number)[k] * coefficients[number]
		}
		coefficients[q.kept[k]] = sum / q.diagonal[k]
	}
}

// Unscaled returns (XᵀX)⁻¹ over the columns kept, Rank by Rank: times the
// residual variance it is the covariance of their coefficients.
func (q *QR) Unscaled() Matrix {
	inverse := New(q.rank, q.rank) // R⁻¹ by columns, each a row
	for j := range q.rank {
		row := inverse.Row(j)
		row[j] = 1 / q.diagonal[j]
		for i := j - 1; i >= 0; i-- {
			sum := 0.0
			for l := i + 1; l <= j; l++ {
				sum += q.upper(i, l) * row[l]
			}
			row[i] = -sum / q.diagonal[i]
		}
	}
	out := New(q.rank, q.rank)
	for l := range q.rank {
		row := inverse.Row(l)
		for i := range l + 1 {
			add(out.Row(i)[:l+1], row[i], row[:l+1])
		}
	}
	return out
}

// upper is R at row i, column j of those kept.
func (q *QR) upper(i, j int) float64 {
	if i == j {
		return q.diagonal[i]
	}
	return q.column(q.kept[j])[i]
}
