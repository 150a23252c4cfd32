package density

import (
	"openvru/internal/stats"
)

// region answers how much of a kernel lies inside: the sum over the cells of the
// region of the kernel at the cell's centre times the area of a cell.
type region struct {
	Grid
	before []int32 // of row r, column c: the cells inside to the west, at r·(Columns+1) + c
}

func newRegion(g Grid) region {
	r := region{Grid: g}
	if g.Inside == nil {
		return r
	}
	r.before = make([]int32, g.Rows*(g.Columns+1))
	for row := range g.Rows {
		line := r.before[row*(g.Columns+1):]
		for c, in := range g.Inside[row*g.Columns : (row+1)*g.Columns] {
			if line[c+1] = line[c]; in {
				line[c+1]++
			}
		}
	}
	return r
}

// count is how many cells of a row are inside, of those from one column to
// another.
func (r region) count(row, from, to int) int {
	if r.before == nil {
		return to - from
	}
	line := r.before[row*(r.Columns+1):]
	return int(line[to] - line[from])
}

// shares returns for each point the share of a kernel around it that is inside.
func (r region) shares(k Kernel, points []source) []float64 {
	out := make([]float64, len(points))
	own := make([]tables, stats.Workers())
	const piece = 64
	stats.Parallel((len(points)+piece-1)/piece, func(worker, p int) {
		t := &own[worker]
		if t.column == nil {
			*t = newTables(r.Columns, r.Rows)
		}
		for i := p * piece; i < min((p+1)*piece, len(points)); i++ {
			out[i] = r.heights(k, points[i], t) * k.peak(points[i].bandwidth) * r.Cell * r.Cell
		}
	})
	return out
}

func newTables(columns, rows int) tables {
	return tables{make([]float64, columns), make([]float64, rows), make([]float64, columns+1), make([]float64, columns+1)}
}

// heights is the sum over the cells inside of a kernel's height, as a share of
// its peak.
func (r region) heights(k Kernel, s source, t *tables) float64 {
	if k == Gaussian {
		return r.gaussian(s, t)
	}
	return r.quartic(s, t)
}

// tables are room for what a kernel is made of along a row and along a column.
// second and fourth are running sums of the squares of distances and of their
// squares.
type tables struct{ column, row, second, fourth []float64 }

func (r region) gaussian(s source, t *tables) float64 {
	reach := Gaussian.reach(s.bandwidth)
	top, bottom := r.rows(s.y, reach, 0, r.Rows)
	from, to := r.columns(s.x, reach)
	column, row := t.column[:to-from], t.row[:bottom-top]
	bell(column, r.X+(float64(from)+0.5)*r.Cell-s.x, r.Cell, s.bandwidth)
	bell(row, r.Y+(float64(top)+0.5)*r.Cell-s.y, r.Cell, s.bandwidth)
	whole := 0.0
	for _, v := range column {
		whole += v
	}
	total := 0.0
	for k, height := range row {
		switch r.count(top+k, from, to) {
		case 0:
		case to - from:
			total += height * whole
		default:
			part := 0.0
			for i, in := range r.Inside[(top+k)*r.Columns+from : (top+k)*r.Columns+to] {
				if in {
					part += column[i]
				}
			}
			total += height * part
		}
	}
	return total
}

// quartic goes row by row. Where a row is all inside, the sum of (left − d²)²
// follows from the sums of d² and d⁴.
func (r region) quartic(s source, t *tables) (total float64) {
	h := s.bandwidth
	top, bottom := r.rows(s.y, h, 0, r.Rows)
	from, to := r.columns(s.x, h)
	column := t.column[:to-from]
	for i := range column {
		d := (r.X + (float64(from+i)+0.5)*r.Cell - s.x) / h
		column[i] = d * d
		t.second[i+1] = t.second[i] + d*d
		t.fourth[i+1] = t.fourth[i] + d*d*d*d
	}
	for row := top; row < bottom; row++ {
		d := (r.Y + (float64(row)+0.5)*r.Cell - s.y) / h
		left := 1 - d*d
		low, high := within(column, left)
		if n := high - low; r.count(row, from+low, from+high) == n {
			total += float64(n)*left*left - 2*left*(t.second[high]-t.second[low]) + t.fourth[high] - t.fourth[low]
			continue
		}
		for i, in := range r.Inside[row*r.Columns+from+low : row*r.Columns+from+high] {
			if v := left - column[low+i]; in {
				total += v * v
			}
		}
	}
	return total
}
