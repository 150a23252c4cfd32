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
			*t = tables{make([]float64, r.Columns), make([]float64, r.Columns+1), make([]float64, r.Rows)}
		}
		for i := p * piece; i < min((p+1)*piece, len(points)); i++ {
			out[i] = r.heights(k, points[i], t) * k.peak(points[i].bandwidth) * r.Cell * r.Cell
		}
	})
	return out
}

// heights is the sum over the cells inside of a kernel's height, as a share of
// its peak.
func (r region) heights(k Kernel, s source, t *tables) float64 {
	if k == Gaussian {
		return r.gaussian(s, t)
	}
	return r.quartic(s)
}

// tables are room for the heights of a kernel along a row, their running sums,
// and the heights along a column.
type tables struct{ column, sum, row []float64 }

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

func (r region) quartic(s source) (total float64) {
	top, bottom := r.rows(s.y, s.bandwidth, 0, r.Rows)
	from, to := r.columns(s.x, s.bandwidth)
	for row := top; row < bottom; row++ {
		if r.count(row, from, to) == 0 {
			continue
		}
		for c := from; c < to; c++ {
			if r.inside(row*r.Columns + c) {
				x, y := r.Centre(row, c)
				dx, dy := (x-s.x)/s.bandwidth, (y-s.y)/s.bandwidth
				total += Quartic.at(dx*dx + dy*dy)
			}
		}
	}
	return total
}
