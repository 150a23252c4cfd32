package lin

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

func random(r *stats.Rand, rows, cols int) Matrix {
	m := New(rows, cols)
	for i := range m.Data {
		m.Data[i] = r.Normal()
	}
	return m
}

func mul(t *testing.T, a, b Matrix) Matrix {
	t.Helper()
	m, err := a.Mul(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func identity(n int) Matrix {
	m := New(n, n)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// fit is a least-squares fit by QR.
type fit struct {
	q            QR
	coefficients []float64 // NaN where aliased
	residuals    []float64
	rss          float64
}

func leastSquares(x Matrix, y []float64) (fit, error) {
	f := fit{coefficients: make([]float64, x.Cols), residuals: append([]float64(nil), y...)}
	if err := f.q.Factor(x); err != nil {
		return f, err
	}
	qty := append([]float64(nil), y...)
	f.q.QTMul(qty)
	f.q.Solve(f.coefficients, qty)
	f.rss = Dot(qty[f.q.Rank():], qty[f.q.Rank():])
	for i := range y {
		for j, b := range f.coefficients {
			if !math.IsNaN(b) {
				f.residuals[i] -= b * x.At(i, j)
			}
		}
	}
	return f, nil
}

func apart(a, b Matrix) float64 {
	most := 0.0
	for i, v := range a.Data {
		most = max(most, math.Abs(v-b.Data[i]))
	}
	return most
}

func TestProductByHand(t *testing.T) {
	a, _ := FromRows([]float64{1, 2, 3}, []float64{4, 5, 6})
	b, _ := FromColumns([]float64{7, 8, 9}, []float64{1, 0, -1})
	want, _ := FromRows([]float64{50, -2}, []float64{122, -2})
	if got := mul(t, a, b); apart(got, want) != 0 {
		t.Error(got)
	}
	v := make([]float64, 2)
	if a.MulVec(v, []float64{1, 1, 1}); v[0] != 6 || v[1] != 15 {
		t.Error(v)
	}
	gram := New(3, 3)
	a.Gram(gram, []float64{2, 1})
	want, _ = FromRows([]float64{18, 24, 30}, []float64{24, 33, 42}, []float64{30, 42, 54})
	if apart(gram, want) != 0 {
		t.Error(gram)
	}
	if _, err := a.Mul(a); !errors.Is(err, ErrShape) || !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := FromRows([]float64{1}, nil); !errors.Is(err, ErrShape) {
		t.Error(err)
	}
}

// [4 2; 2 3] has the factor [2 0; 1 √2] and the inverse
// [3 −2; −2 4]/8.
func TestCholeskyByHand(t *testing.T) {
	a, _ := FromRows([]float64{4, 99}, []float64{2, 3}) // the upper half is not read
	x, err := SolveSPD(a, []float64{8, 8})
	if err != nil || math.Abs(x[0]-1) > 1e-15 || math.Abs(x[1]-2) > 1e-15 {
		t.Error(x, err)
	}
	inverse, _ := InverseSPD(a)
	if want, _ := FromRows([]float64{0.375, -0.25}, []float64{-0.25, 0.5}); apart(inverse, want) > 1e-15 {
		t.Error(inverse)
	}
}

func TestInverseTimesMatrixIsIdentity(t *testing.T) {
	r := stats.NewRand(1, 0)
	for _, n := range []int{1, 2, 3, 7, 30, 5} {
		x := random(&r, n+4, n)
		a := New(n, n)
		x.Gram(a, nil)
		inverse, err := InverseSPD(a)
		if err != nil {
			t.Fatal(err)
		}
		if off := apart(mul(t, inverse, a), identity(n)); off > 1e-10 {
			t.Errorf("%d: off by %g", n, off)
		}
	}
}

func TestCholeskyRefuses(t *testing.T) {
	alike, _ := FromRows([]float64{1, 2}, []float64{2, 4})
	negative, _ := FromRows([]float64{1, 2}, []float64{2, 1})
	missing, _ := FromRows([]float64{1, 0}, []float64{math.NaN(), 1})
	for want, a := range map[error]Matrix{ErrShape: New(2, 3), stats.ErrMissing: missing} {
		if _, err := InverseSPD(a); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	rounding, _ := FromRows([]float64{1, 1}, []float64{1, 1 + 1e-15})
	for _, a := range []Matrix{alike, negative, New(2, 2), rounding} {
		if _, err := InverseSPD(a); !errors.Is(err, stats.ErrSingular) {
			t.Error(err)
		}
	}
	if _, err := SolveSPD(identity(2), nil); !errors.Is(err, ErrShape) {
		t.Error(err)
	}
}

// The straight line through (1, 6), (2, 5), (3, 7), (4, 10) is 3.5 + 1.4 x with
// residuals 1.1, −1.3, −0.7, 0.9 and a sum of squares of 4.2.
func TestLineByHand(t *testing.T) {
	x, _ := FromColumns([]float64{1, 1, 1, 1}, []float64{1, 2, 3, 4})
	f, err := leastSquares(x, []float64{6, 5, 7, 10})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{3.5, 1.4} {
		if math.Abs(f.coefficients[i]-want) > 1e-14 {
			t.Error(f.coefficients)
		}
	}
	want, _ := FromRows([]float64{1.5, -0.5}, []float64{-0.5, 0.2})
	if math.Abs(f.rss-4.2) > 1e-13 || apart(f.q.Unscaled(), want) > 1e-14 {
		t.Error(f.rss, f.q.Unscaled())
	}
}

// Residuals are at right angles to every column, lengths stay, and the inverse
// of the products is what Cholesky makes of them.
func TestLeastSquaresIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stats.NewRand(rapid.Uint64().Draw(t, "seed"), 0)
		n, k := rapid.IntRange(3, 30).Draw(t, "rows"), rapid.IntRange(1, 8).Draw(t, "columns")
		x, y := random(&r, n, k), make([]float64, n)
		for i := range y {
			y[i] = r.Normal()
		}
		f, err := leastSquares(x, y)
		if err != nil {
			t.Fatal(err)
		}
		if f.q.Rank() != min(n, k) || math.Abs(f.rss-Dot(f.residuals, f.residuals)) > 1e-9 {
			t.Fatalf("rank %d of %d by %d, %g and %g", f.q.Rank(), n, k, f.rss, Dot(f.residuals, f.residuals))
		}
		for j := range k {
			dot := 0.0
			for i := range y {
				dot += f.residuals[i] * x.At(i, j)
			}
			if math.Abs(dot) > 1e-9 {
				t.Errorf("column %d: %g", j, dot)
			}
		}
		z := append([]float64(nil), y...)
		if f.q.QTMul(z); math.Abs(norm(z)-norm(y)) > 1e-12*norm(y) {
			t.Error("a turn changes the length")
		}
		if n < k+4 {
			return
		}
		gram := New(k, k)
		x.Gram(gram, nil)
		inverse, err := InverseSPD(gram)
		if err != nil || apart(inverse, f.q.Unscaled()) > 1e-6*norm(inverse.Data) {
			t.Errorf("%v beside %v: %v", f.q.Unscaled(), inverse, err)
		}
	})
}

// The size of a column scales its coefficient, out to the ends of the range.
func TestColumnsOfAnySize(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6}
	y := []float64{2, 1, 4, 3, 6, 8}
	for _, size := range []float64{1e-300, 1e-160, 1, 1e160, 1e300} {
		scaled := make([]float64, 6)
		for i, v := range x {
			scaled[i] = v * size
		}
		m, _ := FromColumns([]float64{1, 1, 1, 1, 1, 1}, scaled)
		f, err := leastSquares(m, y)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.coefficients[1] * size; math.Abs(got-44.0/35) > 1e-12 || math.Abs(f.rss-222.0/35) > 1e-12 {
			t.Errorf("columns of %g: %v times the size, sum of squares %v", size, got, f.rss)
		}
	}
}

// Which columns go is R's rule: the later of those that say the same.
func TestAliasedColumnsGo(t *testing.T) {
	r := stats.NewRand(5, 0)
	x := random(&r, 20, 6)
	for i := range 20 {
		row := x.Row(i)
		row[2] = row[0] - 3*row[1]
		row[4] = 0
		row[5] = row[3] * (1 + 1e-12)
	}
	y := make([]float64, 20)
	for i := range y {
		y[i] = 2*x.At(i, 0) - x.At(i, 3)
	}
	f, err := leastSquares(x, y)
	if err != nil || f.q.Rank() != 3 || f.q.Unscaled().Rows != 3 {
		t.Fatal(f.q.Rank(), err)
	}
	for j, want := range []float64{2, 0, math.NaN(), -1, math.NaN(), math.NaN()} {
		if f.q.Aliased()[j] != math.IsNaN(want) || !f.q.Aliased()[j] && math.Abs(f.coefficients[j]-want) > 1e-12 {
			t.Errorf("column %d: %v", j, f.coefficients[j])
		}
	}
}

// What is left of a column counts from a ten-millionth of its length on.
func TestHowAlikeIsAliased(t *testing.T) {
	r := stats.NewRand(6, 0)
	for off, rank := range map[float64]int{1e-5: 2, 1e-6: 2, 1e-8: 1, 1e-12: 1} {
		x := random(&r, 50, 2)
		for i := range 50 {
			x.Set(i, 1, x.At(i, 0)+off*x.At(i, 1))
		}
		var q QR
		if err := q.Factor(x); err != nil || q.Rank() != rank {
			t.Errorf("%g apart: rank %d, %v", off, q.Rank(), err)
		}
	}
}

func TestMoreColumnsThanRows(t *testing.T) {
	x, _ := FromRows([]float64{1, 2, 3}, []float64{1, 5, 9})
	f, err := leastSquares(x, []float64{1, 4})
	if err != nil || f.q.Rank() != 2 || !f.q.Aliased()[2] || f.rss != 0 {
		t.Error(f, err)
	}
}

func TestQRRefuses(t *testing.T) {
	var q QR
	if err := q.Factor(Matrix{}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if err := q.Factor(Matrix{1, 1, []float64{math.NaN()}}); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
}

func FuzzSolvers(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0)
	f.Add(1e300, 1e-300, 0.0, -1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d float64) {
		m := Matrix{2, 2, []float64{a, b, c, d}}
		if x, err := SolveSPD(m, []float64{1, 1}); err == nil && (math.IsNaN(x[0]) || math.IsNaN(x[1])) &&
			!math.IsInf(a*d, 0) && math.Abs(a*d) > 1e-200 {
			t.Errorf("%v: %v", m, x)
		}
		if _, err := leastSquares(m, []float64{1, 2}); err != nil && !errors.Is(err, stats.ErrMissing) {
			t.Error(err)
		}
	})
}

func BenchmarkLeastSquares5000x20(b *testing.B) {
	r := stats.NewRand(1, 0)
	x, y := random(&r, 5000, 20), make([]float64, 5000)
	for b.Loop() {
		if _, err := leastSquares(x, y); err != nil {
			b.Fatal(err)
		}
	}
}
