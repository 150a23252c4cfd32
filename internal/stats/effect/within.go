package effect

import (
	"math"

	"openvru/internal/stats/lin"
)

// within takes the means of units and periods out of a column: what is left is
// what is left after a regression on an indicator of each unit and each period.
// Columns are flat, unit by unit.
//
// Where every cell is observed and weighs alike, means of units and then of
// periods do it. Otherwise the longer of the two sets of indicators is taken out
// by its means, and the equations that are left for the shorter one are solved.
type within struct {
	units, periods int
	weight         []float64 // of each cell; 0 is not observed
	unit, period   []float64 // total weight of each
	balanced       bool      // all weights alike

	long, short     []float64 // of unit and period, the longer and the shorter list
	longBy, shortBy int       // steps from cell to cell along each
	factor          lin.Matrix
	onShort         []float64 // scratch: sums, means or the solution
}

func newWithin(units, periods int, weight []float64) *within {
	w := &within{units: units, periods: periods, unit: make([]float64, units), period: make([]float64, periods)}
	w.long, w.short, w.longBy, w.shortBy = w.unit, w.period, periods, 1
	if periods > units {
		w.long, w.short, w.longBy, w.shortBy = w.period, w.unit, 1, periods
	}
	w.onShort = make([]float64, len(w.short))
	w.weigh(weight)
	return w
}

// weigh sets the weights of the cells.
func (w *within) weigh(weight []float64) {
	w.weight, w.balanced = weight, true
	clear(w.period)
	for i := range w.units {
		w.unit[i] = 0
		for t, v := range weight[i*w.periods : (i+1)*w.periods] {
			w.unit[i] += v
			w.period[t] += v
			w.balanced = w.balanced && v == weight[0]
		}
	}
	if !w.balanced {
		w.prepare()
	}
}

// prepare factors the equations for the shorter list: total weights less what
// the means of the longer one take out.
func (w *within) prepare() {
	m := len(w.short)
	if w.factor.Rows != m {
		w.factor = lin.New(m, m)
	}
	clear(w.factor.Data)
	row := make([]float64, m)
	for a, total := range w.long {
		if total == 0 {
			continue
		}
		for b := range row {
			row[b] = w.weight[a*w.longBy+b*w.shortBy]
		}
		for b, v := range row {
			if v == 0 {
				continue
			}
			f := v / total
			to := w.factor.Row(b)
			for c, u := range row[:b+1] {
				to[c] -= f * u
			}
		}
	}
	for b, total := range w.short {
		w.factor.Data[b*m+b] += total
	}
	w.decompose()
}

// decompose is Cholesky's, with a row of zeros for an equation that the others
// already say: one for each part of the panel that nothing links to the rest.
func (w *within) decompose() {
	for b, total := range w.short {
		row := w.factor.Row(b)
		for c := range b {
			other := w.factor.Row(c)
			row[c] -= lin.Dot(row[:c], other[:c])
			if other[c] > 0 {
				row[c] /= other[c]
			} else {
				row[c] = 0
			}
		}
		left := row[b] - lin.Dot(row[:b], row[:b])
		if row[b] = 0; left > 1e-11*total {
			row[b] = math.Sqrt(left)
		}
	}
}

// solve replaces the right side of the equations by their solution.
func (w *within) solve(v []float64) {
	for b := range v {
		row := w.factor.Row(b)
		if v[b] -= lin.Dot(row[:b], v[:b]); row[b] > 0 {
			v[b] /= row[b]
		} else {
			v[b] = 0
		}
	}
	for b := len(v) - 1; b >= 0; b-- {
		row := w.factor.Row(b)
		if row[b] == 0 {
			v[b] = 0
			continue
		}
		v[b] /= row[b]
		for c, u := range row[:b] {
			v[c] -= u * v[b]
		}
	}
}

// out takes the means out of x in place. Cells of no weight become zero.
func (w *within) out(x []float64) {
	for c, v := range w.weight {
		if v == 0 {
			x[c] = 0
		}
	}
	w.takeLong(x)
	if w.balanced {
		w.takeShort(x)
		return
	}
	for range 2 { // once more, for the digits that the first time lost
		clear(w.onShort)
		w.sumShort(x)
		w.solve(w.onShort)
		w.lessShort(x)
		w.takeLong(x)
	}
}

// takeLong takes out the means of the longer list.
func (w *within) takeLong(x []float64) {
	for a, total := range w.long {
		if total == 0 {
			continue
		}
		sum := 0.0
		for b, c := 0, a*w.longBy; b < len(w.short); b, c = b+1, c+w.shortBy {
			sum += w.weight[c] * x[c]
		}
		mean := sum / total
		for b, c := 0, a*w.longBy; b < len(w.short); b, c = b+1, c+w.shortBy {
			if w.weight[c] > 0 {
				x[c] -= mean
			}
		}
	}
}

// takeShort takes out the means of the shorter list.
func (w *within) takeShort(x []float64) {
	clear(w.onShort)
	w.sumShort(x)
	for b, total := range w.short {
		if total > 0 {
			w.onShort[b] /= total
		}
	}
	w.lessShort(x)
}

func (w *within) sumShort(x []float64) {
	for a := range w.long {
		for b, c := 0, a*w.longBy; b < len(w.short); b, c = b+1, c+w.shortBy {
			w.onShort[b] += w.weight[c] * x[c]
		}
	}
}

func (w *within) lessShort(x []float64) {
	for a := range w.long {
		for b, c := 0, a*w.longBy; b < len(w.short); b, c = b+1, c+w.shortBy {
			if w.weight[c] > 0 {
				x[c] -= w.onShort[b]
			}
		}
	}
}

// parameters is the rank of the indicators: units and periods observed, less one
// for each part of the panel that no unit and period links to the rest.
func (w *within) parameters() int {
	parent := make([]int, w.units+w.periods)
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for c, v := range w.weight {
		if v > 0 {
			parent[root(c/w.periods)] = root(w.units + c%w.periods)
		}
	}
	rank := 0
	for i := range parent {
		seen := i < w.units && w.unit[i] > 0 || i >= w.units && w.period[i-w.units] > 0
		if seen && parent[i] != i {
			rank++
		}
	}
	return rank
}
