package density

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Grid is square cells in rows from the south, columns from the west, and which
// of them are in the region: Inside[row·Columns + column]. No Inside is all of
// them. A cell is in or out by its centre.
type Grid struct {
	X, Y          float64 // south-west corner, metres
	Cell          float64 // side of a cell, metres
	Columns, Rows int
	Inside        []bool
}

// Centre returns the middle of a cell.
func (g Grid) Centre(row, column int) (x, y float64) {
	return g.X + (float64(column)+0.5)*g.Cell, g.Y + (float64(row)+0.5)*g.Cell
}

// At returns the number of the cell that holds a point, and whether one does. A
// point on the eastern or northern border of the grid is in its last cell.
func (g Grid) At(x, y float64) (cell int, ok bool) {
	column, okX := along(x-g.X, g.Cell, g.Columns)
	row, okY := along(y-g.Y, g.Cell, g.Rows)
	return row*g.Columns + column, okX && okY
}

func along(from, side float64, n int) (int, bool) {
	k := from / side
	switch {
	case k >= 0 && k < float64(n):
		return int(k), true
	case k >= 0 && from <= side*float64(n):
		return n - 1, true
	}
	return 0, false
}

// Holds reports whether a point lies in a cell of the region.
func (g Grid) Holds(x, y float64) bool {
	cell, ok := g.At(x, y)
	return ok && g.inside(cell)
}

func (g Grid) inside(cell int) bool { return g.Inside == nil || g.Inside[cell] }

func (g Grid) check() error {
	if g.Columns < 1 || g.Rows < 1 || g.Columns > math.MaxInt32/g.Rows || !(g.Cell >= least) {
		return fmt.Errorf("a grid needs rows, columns and a side: %w", stats.ErrOption)
	}
	if g.Inside != nil && len(g.Inside) != g.Columns*g.Rows {
		return stats.ErrLength
	}
	if err := stats.Finite([]float64{g.X, g.Y, g.Cell * float64(g.Columns), g.Cell * float64(g.Rows)}); err != nil {
		return err
	}
	if err := onEarth([]float64{g.X, g.Y, g.Cell * float64(g.Columns), g.Cell * float64(g.Rows)}); err != nil {
		return err
	}
	for _, in := range g.Inside {
		if in {
			return nil
		}
	}
	if g.Inside != nil {
		return fmt.Errorf("no cell is in the region: %w", stats.ErrEmpty)
	}
	return nil
}

// columns is the range of columns whose centres are within reach of x.
func (g Grid) columns(x, reach float64) (from, to int) {
	return between((x-reach-g.X)/g.Cell, (x+reach-g.X)/g.Cell, 0, g.Columns)
}

// rows is the same of rows from least up to, not including, end.
func (g Grid) rows(y, reach float64, least, end int) (from, to int) {
	return between((y-reach-g.Y)/g.Cell, (y+reach-g.Y)/g.Cell, least, end)
}

// between is the whole numbers k from least to end with low ≤ k + ½ ≤ high.
func between(low, high float64, least, end int) (from, to int) {
	from, to = least, end
	if v := math.Ceil(low - 0.5); v > float64(least) {
		from = int(min(v, float64(end)))
	}
	if v := math.Floor(high-0.5) + 1; v < float64(end) {
		to = int(max(v, float64(least)))
	}
	return from, max(from, to)
}
