package effect

import (
	"math"

	"openvru/internal/stats"
)

// within takes the means of units and periods out of a column: what is left is
// what is left after a regression on an indicator of each unit and each period.
// Columns are flat, unit by unit.
type within struct {
	units, periods int
	weight         []float64 // of each cell; 0 is not observed
	unit, period   []float64 // total weight of each
	byUnit         []float64 // scratch: means
	byPeriod       []float64
	balanced       bool // all weights alike: one round is exact
}

func newWithin(units, periods int, weight []float64) *within {
	w := &within{
		units: units, periods: periods,
		unit: make([]float64, units), period: make([]float64, periods),
		byUnit: make([]float64, units), byPeriod: make([]float64, periods),
	}
	w.weigh(weight)
	return w
}

// weigh sets the weights of the cells.
func (w *within) weigh(weight []float64) {
	w.weight, w.balanced = weight, true
	clear(w.unit)
	clear(w.period)
	for c, v := range weight {
		w.unit[c/w.periods] += v
		w.period[c%w.periods] += v
		w.balanced = w.balanced && v == weight[0]
	}
}

// Rounds of taking out means, and how small the last change must be, as a share
// of the largest value.
const (
	mostRounds   = 20_000
	leastChanged = 1e-15
)

// out takes the means out of x in place, by turns (Gauss and Seidel's sweeps;
// von Neumann's alternating projections). Cells of no weight become zero. It
// returns ErrNoFit if the sweeps do not settle.
func (w *within) out(x []float64) error {
	size := 0.0
	for c, v := range x {
		if w.weight[c] == 0 {
			x[c] = 0
			continue
		}
		size = max(size, math.Abs(v))
	}
	for range mostRounds {
		changed := max(w.takeUnits(x), w.takePeriods(x))
		if w.balanced || changed <= leastChanged*size {
			return nil
		}
	}
	return stats.ErrNoFit
}

func (w *within) takeUnits(x []float64) float64 {
	changed := 0.0
	for i := range w.units {
		row, weight := x[i*w.periods:(i+1)*w.periods], w.weight[i*w.periods:(i+1)*w.periods]
		sum := 0.0
		for t, v := range row {
			sum += v * weight[t]
		}
		if w.unit[i] == 0 {
			continue
		}
		mean := sum / w.unit[i]
		changed = max(changed, math.Abs(mean))
		for t := range row {
			if weight[t] > 0 {
				row[t] -= mean
			}
		}
	}
	return changed
}

func (w *within) takePeriods(x []float64) float64 {
	clear(w.byPeriod)
	for i := range w.units {
		row, weight := x[i*w.periods:(i+1)*w.periods], w.weight[i*w.periods:(i+1)*w.periods]
		for t, v := range row {
			w.byPeriod[t] += v * weight[t]
		}
	}
	changed := 0.0
	for t, total := range w.period {
		if total > 0 {
			w.byPeriod[t] /= total
			changed = max(changed, math.Abs(w.byPeriod[t]))
		}
	}
	for i := range w.units {
		row, weight := x[i*w.periods:(i+1)*w.periods], w.weight[i*w.periods:(i+1)*w.periods]
		for t := range row {
			if weight[t] > 0 {
				row[t] -= w.byPeriod[t]
			}
		}
	}
	return changed
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
