package geo

import "math"

// grid cuts a box into cells, counted from the south-west by rows.
type grid struct {
	box            Box
	columns, rows  int
	scaleX, scaleY float64   // cells to a unit
	xs, ys         []float64 // the middles of columns and rows
}

// slack is how far, in cells, a boundary is taken to reach beyond itself, so
// that rounding of a cell number can never hide it. Rounding is below 1e-11.
const slack = 1e-9

// tiny is an extent too small to be divided: one over it could overflow.
const tiny = 1e-290

// newGrid returns a grid of about the number of cells over the box.
func newGrid(box Box, cells int) grid {
	g := grid{box: box, columns: 1, rows: 1}
	w, h := box.Width(), box.Height()
	if w > tiny && h > tiny {
		g.columns = clamp(int(math.Sqrt(float64(cells)*w/h)), 1, cells)
		g.rows = clamp(cells/g.columns, 1, cells)
	}
	g.scaleX, g.xs = axis(box.MinX, w, g.columns)
	g.scaleY, g.ys = axis(box.MinY, h, g.rows)
	return g
}

// axis returns how many cells make a unit, and their middles.
func axis(start, length float64, n int) (scale float64, middles []float64) {
	middles = make([]float64, n)
	for i := range middles {
		middles[i] = start + length*((float64(i)+0.5)/float64(n))
	}
	if length > tiny {
		scale = float64(n) / length
	}
	return scale, middles
}

// find returns the number of the cell that holds p, with its column and row,
// or -1 when p is off the grid or not a number.
func (g *grid) find(p Point) (at, column, row int) {
	if !g.box.Contains(p) {
		return -1, 0, 0
	}
	// A point on the far side would fall one cell beyond.
	column = min(int((p.X-g.box.MinX)*g.scaleX), g.columns-1)
	row = min(int((p.Y-g.box.MinY)*g.scaleY), g.rows-1)
	return row*g.columns + column, column, row
}

// touched calls fn with each cell that the segment enters or touches, and
// perhaps with one that it only comes very near.
func (g *grid) touched(s segment, fn func(at int)) {
	u0, v0 := (s.lo.X-g.box.MinX)*g.scaleX, (s.lo.Y-g.box.MinY)*g.scaleY
	u1, v1 := (s.hi.X-g.box.MinX)*g.scaleX, (s.hi.Y-g.box.MinY)*g.scaleY
	last := g.row(v1 + slack)
	for row := g.row(v0 - slack); row <= last; row++ {
		from := along(u0, v0, u1, v1, float64(row)-slack)
		to := along(u0, v0, u1, v1, float64(row+1)+slack)
		end := g.column(max(from, to) + slack)
		for column := g.column(min(from, to) - slack); column <= end; column++ {
			fn(row*g.columns + column)
		}
	}
}

// along returns the u at which the line from (u0,v0) up to (u1,v1) has the
// given v, or that of the nearer end.
func along(u0, v0, u1, v1, v float64) float64 {
	switch {
	case v <= v0:
		return u0
	case v >= v1:
		return u1
	}
	return u0 + (u1-u0)*((v-v0)/(v1-v0))
}

func (g *grid) column(u float64) int { return clamp(int(math.Floor(u)), 0, g.columns-1) }
func (g *grid) row(v float64) int    { return clamp(int(math.Floor(v)), 0, g.rows-1) }

// passed calls fn with, in each row whose middle line the segment crosses, the
// first cell whose middle is not west of it.
func (g *grid) passed(s segment, fn func(at int)) {
	first := g.row((s.lo.Y-g.box.MinY)*g.scaleY - 1)
	for row := first; row < g.rows && g.ys[row] < s.hi.Y; row++ {
		y := g.ys[row]
		if s.lo.Y > y {
			continue
		}
		x := s.lo.X + (s.hi.X-s.lo.X)*((y-s.lo.Y)/(s.hi.Y-s.lo.Y))
		column := g.column((x - g.box.MinX) * g.scaleX)
		for column > 0 && Orient(s.lo, s.hi, Point{g.xs[column-1], y}) <= 0 {
			column--
		}
		for column < g.columns && Orient(s.lo, s.hi, Point{g.xs[column], y}) > 0 {
			column++
		}
		if column < g.columns {
			fn(row*g.columns + column)
		}
	}
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
