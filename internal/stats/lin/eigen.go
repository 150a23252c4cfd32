package lin

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// SymEigen returns the eigenvalues of a symmetric matrix, largest first, and
// the matrix whose columns are the eigenvectors, each of length one and with
// its largest number positive, by Jacobi's rotations. Only the lower half of a
// is read. It returns ErrShape, ErrEmpty or ErrMissing.
func SymEigen(a Matrix) ([]float64, Matrix, error) {
	switch {
	case a.Rows != a.Cols:
		return nil, Matrix{}, ErrShape
	case a.Rows == 0:
		return nil, Matrix{}, stats.ErrEmpty
	}
	n := a.Rows
	work, turns := New(n, n), Identity(n) // turns holds the vectors as rows
	for i := range n {
		for j := range i + 1 {
			work.Set(i, j, a.At(i, j))
			work.Set(j, i, a.At(i, j))
		}
	}
	if err := stats.Finite(work.Data); err != nil {
		return nil, Matrix{}, err
	}
	for sweep(work, turns) {
	}
	return ordered(work, turns)
}

// sweep turns each pair of axes so that the number where they cross becomes
// zero, and reports whether any was not already.
func sweep(a, turns Matrix) bool {
	turned := false
	for p := range a.Rows {
		for q := p + 1; q < a.Rows; q++ {
			cross := a.At(p, q)
			if small(cross, a.At(p, p), a.At(q, q)) {
				a.Set(p, q, 0)
				a.Set(q, p, 0)
				continue
			}
			turned = true
			rotate(a, turns, p, q)
		}
	}
	return turned
}

// small reports whether a number off the diagonal changes neither of the two on
// it by more than rounding does. Turning it any further would go on for ever.
func small(cross, p, q float64) bool {
	return math.Abs(cross) <= 0x1p-54*math.Sqrt(math.Abs(p))*math.Sqrt(math.Abs(q)) || math.Abs(cross) < 1e-300 ||
		math.Abs(cross) <= 0x1p-60*max(math.Abs(p), math.Abs(q))
}

func rotate(a, turns Matrix, p, q int) {
	theta := (a.At(q, q) - a.At(p, p)) / (2 * a.At(p, q))
	t := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	cross := a.At(p, q)
	pp, qq := a.At(p, p)-t*cross, a.At(q, q)+t*cross
	turnRows(a.Row(p), a.Row(q), c, s)
	for k := range a.Rows {
		a.Set(k, p, a.At(p, k))
		a.Set(k, q, a.At(q, k))
	}
	a.Set(p, p, pp)
	a.Set(q, q, qq)
	a.Set(p, q, 0)
	a.Set(q, p, 0)
	turnRows(turns.Row(p), turns.Row(q), c, s)
}

func turnRows(p, q []float64, c, s float64) {
	for k, x := range p {
		y := q[k]
		p[k], q[k] = c*x-s*y, s*x+c*y
	}
}

func ordered(a, turns Matrix) ([]float64, Matrix, error) {
	n := a.Rows
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case a.At(i, i) > a.At(j, j):
			return -1
		case a.At(i, i) < a.At(j, j):
			return 1
		}
		return 0
	})
	values, vectors := make([]float64, n), New(n, n)
	for k, i := range order {
		values[k] = a.At(i, i)
		row := turns.Row(i)
		sign := 1.0
		if most := slices.Max(row); most < -slices.Min(row) {
			sign = -1
		}
		for j, v := range row {
			vectors.Set(j, k, sign*v)
		}
	}
	return values, vectors, nil
}
