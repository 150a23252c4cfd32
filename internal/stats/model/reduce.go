package model

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

const (
	pieceRows = 4096 // rows that are one piece of parallel work
	blockRows = 256  // rows whose columns stay in the nearest cache
	// wellConditioned is the share of a column's length that must be left over
	// from the columns before it for the normal equations to be good to ten
	// digits. Below it the columns are reduced by rotations, at twice the work.
	wellConditioned = 1e-3
)

// triangle is what one pass leaves: R with RᵀR = XᵀWX, row by row, and
// c = R⁻ᵀXᵀWz, with the lengths of the weighted columns.
type triangle struct {
	k      int
	r, c   []float64
	length []float64
}

// least returns the smallest share of a column's length that the columns
// before it leave.
func (t *triangle) least() float64 {
	least := 1.0
	for j := range t.k {
		if !(t.length[j] > 0) {
			return 0
		}
		least = min(least, math.Abs(t.r[j*t.k+j])/t.length[j])
	}
	return least
}

// solve writes R⁻¹c to out.
func (t *triangle) solve(out []float64) {
	copy(out, t.c)
	backward(t.r, t.k, out)
}

// backward solves Rx = b in place.
func backward(r []float64, k int, x []float64) {
	for j := k - 1; j >= 0; j-- {
		v := x[j]
		for l := j + 1; l < k; l++ {
			v -= r[j*k+l] * x[l]
		}
		x[j] = v / r[j*k+j]
	}
}

// forward solves Rᵀx = b in place.
func forward(r []float64, k int, x []float64) {
	for j := range k {
		x[j] /= r[j*k+j]
		for l := j + 1; l < k; l++ {
			x[l] -= r[j*k+l] * x[j]
		}
	}
}

// inverse returns (RᵀR)⁻¹, k by k.
func (t *triangle) inverse() []float64 {
	k := t.k
	out := make([]float64, k*k)
	column := make([]float64, k)
	for j := range k {
		clear(column)
		column[j] = 1
		forward(t.r, k, column)
		backward(t.r, k, column)
		for l := range k {
			out[l*k+j] = column[l]
		}
	}
	for j := range k { // the two halves differ by rounding only
		for l := range j {
			out[l*k+j] = out[j*k+l]
		}
	}
	return out
}

// normal reduces the weighted columns by the normal equations: gram holds XᵀWX
// in its upper half and rhs XᵀWz. It returns false when a pivot is lost.
func (t *triangle) normal(gram, rhs []float64) bool {
	k := t.k
	for j := range k {
		t.length[j] = math.Sqrt(gram[j*k+j])
	}
	copy(t.r, gram)
	copy(t.c, rhs)
	for j := range k {
		row := t.r[j*k : (j+1)*k]
		if !(row[j] > 0) {
			return false
		}
		pivot := math.Sqrt(row[j])
		for l := j; l < k; l++ {
			row[l] /= pivot
		}
		t.c[j] /= pivot
		for m := j + 1; m < k; m++ {
			f := row[m]
			below := t.r[m*k : (m+1)*k]
			for l := m; l < k; l++ {
				below[l] -= f * row[l]
			}
			t.c[m] -= f * t.c[j]
		}
	}
	return true
}

// gram adds XᵀWX (upper half) and Xᵀs of some rows to the sums. The rows are
// those of the columns from low on, as many as there are weights.
func gram(columns [][]float64, low int, weight, score, sum, rhs []float64) {
	var space [blockRows]float64
	k, n := len(columns), len(weight)
	t := space[:n]
	for j := range k {
		x := columns[j][low : low+n]
		s := 0.0
		for i, v := range x {
			t[i] = v * weight[i]
			s += v * score[i]
		}
		rhs[j] += s
		row := sum[j*k : (j+1)*k]
		l := j
		for ; l+4 <= k; l += 4 {
			a, b, c, d := dot4(t, columns[l][low:low+n], columns[l+1][low:low+n], columns[l+2][low:low+n], columns[l+3][low:low+n])
			row[l] += a
			row[l+1] += b
			row[l+2] += c
			row[l+3] += d
		}
		for ; l < k; l++ {
			row[l] += lin.Dot(t, columns[l][low:low+n])
		}
	}
}

// dot4 returns the products of one column with four others: each value of the
// one is loaded once.
func dot4(t, x0, x1, x2, x3 []float64) (a, b, c, d float64) {
	x0, x1, x2, x3 = x0[:len(t)], x1[:len(t)], x2[:len(t)], x3[:len(t)]
	for i, v := range t {
		a += v * x0[i]
		b += v * x1[i]
		c += v * x2[i]
		d += v * x3[i]
	}
	return a, b, c, d
}

// rotate reduces a block of rows (columns of the model, then the right-hand
// side) into a triangle of one more row and column, by Householder reflections
// that leave the zeros of the triangle alone. The block is spent.
func rotate(r []float64, k int, block [][]float64) {
	w := k + 1
	for j := range w {
		b := block[j]
		rest := lin.Dot(b, b)
		if rest == 0 {
			continue
		}
		top := r[j*w+j]
		norm := math.Copysign(math.Sqrt(top*top+rest), top)
		head := top + norm
		scale := 2 / (head*head + rest)
		r[j*w+j] = -norm
		for l := j + 1; l < w; l++ {
			f := scale * (head*r[j*w+l] + lin.Dot(b, block[l]))
			r[j*w+l] -= f * head
			for i, v := range b {
				block[l][i] -= f * v
			}
		}
	}
}

// orthogonal reduces all rows by reflections, piece by piece and then the
// pieces' triangles in their order.
func (p *problem) orthogonal(t *triangle) {
	k := t.k
	w := k + 1
	pieces := p.pieces()
	part := make([]float64, pieces*w*w)
	stats.Parallel(pieces, func(_, piece int) {
		p.reflect(part[piece*w*w:(piece+1)*w*w], piece)
	})
	whole, block := part[:w*w], make([][]float64, w)
	for piece := 1; piece < pieces; piece++ {
		next := part[piece*w*w : (piece+1)*w*w]
		for j := range block {
			block[j] = make([]float64, w)
			for i := range w {
				block[j][i] = next[i*w+j]
			}
		}
		rotate(whole, k, block)
	}
	for j := range k {
		copy(t.r[j*k:(j+1)*k], whole[j*w:])
		t.c[j] = whole[j*w+k]
		sum := 0.0
		for i := 0; i <= j; i++ {
			sum += whole[i*w+j] * whole[i*w+j]
		}
		t.length[j] = math.Sqrt(sum)
	}
}

// reflect reduces the rows of one piece.
func (p *problem) reflect(r []float64, piece int) {
	k := len(p.columns)
	space := make([]float64, (k+1)*blockRows)
	block := make([][]float64, k+1)
	low, high := p.piece(piece)
	for ; low < high; low += blockRows {
		n := min(blockRows, high-low)
		for j := range block {
			block[j] = space[j*blockRows : j*blockRows+n]
		}
		for i := range n {
			root := math.Sqrt(p.working[low+i])
			for j, x := range p.columns {
				block[j][i] = root * x[low+i]
			}
			block[k][i] = 0
			if root > 0 {
				block[k][i] = p.score[low+i] / root
			}
		}
		rotate(r, k, block)
	}
}

// pieces is into how many pieces of nearly equal size so many rows are divided,
// and piece the rows of one.
func pieces(rows int) int { return (rows + pieceRows - 1) / pieceRows }

func piece(rows, i int) (low, high int) {
	n := pieces(rows)
	return rows * i / n, rows * (i + 1) / n
}

func (p *problem) pieces() int                 { return pieces(len(p.y)) }
func (p *problem) piece(i int) (low, high int) { return piece(len(p.y), i) }
