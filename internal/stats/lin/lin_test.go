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

// [4 2; 2 3] has the factor [2 0; 1 √2], determinant 8 and inverse
// [3 −2; −2 4]/8.
func TestCholeskyByHand(t *testing.T) {
	a, _ := FromRows([]float64{4, 99}, []float64{2, 3}) // the upper half is not read
	x, err := SolveSPD(a, []float64{8, 8})
	if err != nil || math.Abs(x[0]-1) > 1e-15 || math.Abs(x[1]-2) > 1e-15 {
		t.Error(x, err)
	}
	var c Cholesky
	if err := c.Factor(a); err != nil || math.Abs(c.LogDet()-math.Log(8)) > 1e-15 {
		t.Error(err, c.LogDet())
	}
	if q := c.Quadratic([]float64{1, 1}); math.Abs(q-3.0/8) > 1e-15 {
		t.Error(q)
	}
	inverse, _ := InverseSPD(a)
	if want, _ := FromRows([]float64{0.375, -0.25}, []float64{-0.25, 0.5}); apart(inverse, want) > 1e-15 {
		t.Error(inverse)
	}
}

func TestInverseTimesMatrixIsIdentity(t *testing.T) {
	r := stats.NewRand(1, 0)
	var c Cholesky
	for _, n := range []int{1, 2, 3, 7, 30, 5} {
		x := random(&r, n+4, n)
		a := New(n, n)
		x.Gram(a, nil)
		if err := c.Factor(a); err != nil {
			t.Fatal(err)
		}
		inverse := New(n, n)
		c.Inverse(inverse)
		if off := apart(mul(t, inverse, a), Identity(n)); off > 1e-10 {
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
	for _, a := range []Matrix{alike, negative, New(2, 2)} {
		if _, err := InverseSPD(a); !errors.Is(err, stats.ErrSingular) {
			t.Error(err)
		}
	}
	if _, err := SolveSPD(Identity(2), nil); !errors.Is(err, ErrShape) {
		t.Error(err)
	}
}

// The straight line through (1, 6), (2, 5), (3, 7), (4, 10) is 3.5 + 1.4 x with
// residuals 1.1, −1.3, −0.7, 0.9 and a sum of squares of 4.2.
func TestLineByHand(t *testing.T) {
	x, _ := FromColumns([]float64{1, 1, 1, 1}, []float64{1, 2, 3, 4})
	f, err := LeastSquares(x, []float64{6, 5, 7, 10}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{3.5, 1.4} {
		if math.Abs(f.Coefficients[i]-want) > 1e-14 {
			t.Error(f.Coefficients)
		}
	}
	for i, want := range []float64{1.1, -1.3, -0.7, 0.9} {
		if math.Abs(f.Residuals[i]-want) > 1e-14 {
			t.Error(f.Residuals)
		}
	}
	want, _ := FromRows([]float64{1.5, -0.5}, []float64{-0.5, 0.2})
	if math.Abs(f.RSS-4.2) > 1e-13 || math.Abs(f.Variance()-2.1) > 1e-13 || apart(f.Unscaled, want) > 1e-14 {
		t.Error(f)
	}
}

// A row counted twice is a row of weight two; the residuals of a fit are at
// right angles to every column; Q keeps lengths and QMul undoes QTMul.
func TestLeastSquaresIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stats.NewRand(rapid.Uint64().Draw(t, "seed"), 0)
		n, k := rapid.IntRange(3, 30).Draw(t, "rows"), rapid.IntRange(1, 8).Draw(t, "columns")
		x, w := random(&r, n, k), make([]float64, n)
		y := make([]float64, n)
		for i := range y {
			y[i], w[i] = r.Normal(), float64(r.Below(3))
		}
		f, err := LeastSquares(x, y, w)
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]float64
		var long []float64
		for i := range y {
			for range int(w[i]) {
				rows, long = append(rows, x.Row(i)), append(long, y[i])
			}
		}
		twice, _ := FromRows(rows...)
		g, err := LeastSquares(twice, long, nil)
		if len(rows) == 0 {
			if !errors.Is(err, stats.ErrEmpty) || f.Rank != 0 {
				t.Fatal(err, f.Rank)
			}
			return
		}
		if f.Rank != g.Rank || math.Abs(f.RSS-g.RSS) > 1e-9 {
			t.Fatalf("rank %d and %d, %g and %g", f.Rank, g.Rank, f.RSS, g.RSS)
		}
		for j := range k {
			dot := 0.0
			for i := range y {
				dot += w[i] * f.Residuals[i] * x.At(i, j)
			}
			if math.Abs(dot) > 1e-9 {
				t.Errorf("column %d: %g", j, dot)
			}
		}
		var q QR
		if err := q.Factor(x); err != nil {
			t.Fatal(err)
		}
		z := append([]float64(nil), y...)
		q.QTMul(z)
		if math.Abs(norm(z)-norm(y)) > 1e-12*norm(y) {
			t.Error("a turn changes the length")
		}
		q.QMul(z)
		for i := range y {
			if math.Abs(z[i]-y[i]) > 1e-12 {
				t.Error("a turn is not undone")
			}
		}
		hat, sum := make([]float64, n), 0.0
		q.Hat(hat)
		for _, h := range hat {
			sum += h
		}
		if math.Abs(sum-float64(q.Rank())) > 1e-10 {
			t.Errorf("leverages add up to %g, the rank is %d", sum, q.Rank())
		}
	})
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
	f, err := LeastSquares(x, y, nil)
	if err != nil || f.Rank != 3 || f.Unscaled.Rows != 3 {
		t.Fatal(f.Rank, err)
	}
	for j, want := range []float64{2, 0, math.NaN(), -1, math.NaN(), math.NaN()} {
		if f.Aliased[j] != math.IsNaN(want) || !f.Aliased[j] && math.Abs(f.Coefficients[j]-want) > 1e-12 {
			t.Errorf("column %d: %v", j, f.Coefficients[j])
		}
	}
}

func TestMoreColumnsThanRows(t *testing.T) {
	x, _ := FromRows([]float64{1, 2, 3}, []float64{1, 5, 9})
	f, err := LeastSquares(x, []float64{1, 4}, nil)
	if err != nil || f.Rank != 2 || !f.Aliased[2] || !math.IsNaN(f.Variance()) {
		t.Error(f, err)
	}
}

func TestQRRefuses(t *testing.T) {
	if _, err := LeastSquares(Matrix{}, nil, nil); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := LeastSquares(New(2, 1), []float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := LeastSquares(New(1, 1), []float64{math.NaN()}, nil); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	if _, err := LeastSquares(New(1, 1), []float64{1}, []float64{-1}); !errors.Is(err, stats.ErrNegative) {
		t.Error(err)
	}
}

// [2 1; 1 2] has the eigenvalues 3 and 1 along (1, 1) and (1, −1).
func TestEigenByHand(t *testing.T) {
	a, _ := FromRows([]float64{2, 99}, []float64{1, 2})
	values, vectors, err := SymEigen(a)
	h := math.Sqrt(0.5)
	if err != nil || math.Abs(values[0]-3) > 1e-15 || math.Abs(values[1]-1) > 1e-15 ||
		math.Abs(vectors.At(0, 0)-h) > 1e-15 || math.Abs(vectors.At(1, 0)-h) > 1e-15 {
		t.Error(values, vectors, err)
	}
	if _, _, err := SymEigen(New(1, 2)); !errors.Is(err, ErrShape) {
		t.Error(err)
	}
	if _, _, err := SymEigen(Matrix{}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
}

func TestEigenvectorsMakeTheMatrix(t *testing.T) {
	r := stats.NewRand(9, 0)
	for _, n := range []int{1, 3, 12, 40} {
		x := random(&r, n, n)
		a := New(n, n)
		for i := range n {
			for j := range n {
				a.Set(i, j, x.At(i, j)+x.At(j, i))
			}
		}
		values, vectors, err := SymEigen(a)
		if err != nil {
			t.Fatal(err)
		}
		scaled := vectors.Clone()
		for i := range n {
			for j := range n {
				scaled.Row(i)[j] *= values[j]
			}
		}
		if off := apart(mul(t, scaled, vectors.T()), a); off > 1e-12*float64(n) {
			t.Errorf("%d: V D Vᵀ is off by %g", n, off)
		}
		if off := apart(mul(t, vectors.T(), vectors), Identity(n)); off > 1e-13*float64(n) {
			t.Errorf("%d: VᵀV is off by %g", n, off)
		}
		for j := 1; j < n; j++ {
			if values[j] > values[j-1] {
				t.Error("the values are not in order")
			}
		}
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
		if values, _, err := SymEigen(m); err == nil && math.Abs(a) < 1e150 && math.Abs(c) < 1e150 && math.Abs(d) < 1e150 &&
			(math.IsNaN(values[0]) || math.IsNaN(values[1])) {
			t.Errorf("%v: %v", m, values)
		}
		if _, err := LeastSquares(m, []float64{1, 2}, nil); err != nil && !errors.Is(err, stats.ErrMissing) {
			t.Error(err)
		}
	})
}

func BenchmarkLeastSquares5000x20(b *testing.B) {
	r := stats.NewRand(1, 0)
	x, y := random(&r, 5000, 20), make([]float64, 5000)
	for b.Loop() {
		if _, err := LeastSquares(x, y, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSymEigen33(b *testing.B) {
	r := stats.NewRand(1, 0)
	x, a := random(&r, 40, 33), New(33, 33)
	x.Gram(a, nil)
	for b.Loop() {
		if _, _, err := SymEigen(a); err != nil {
			b.Fatal(err)
		}
	}
}
