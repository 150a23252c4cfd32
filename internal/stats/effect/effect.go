// Package effect estimates what an intervention did from places that had it and
// places that had not, over periods before and after: difference-in-differences
// with errors fit for few clusters (Linear, Poisson, Wild, Randomise,
// EventStudy), synthetic control (Synthetic) and adoption at different times
// (Staggered, Decompose).
//
// docs/methods/difference-in-differences.md, synthetic-control.md and
// staggered-adoption.md hold the formulas, the assumptions and when not to use
// each.
//
// Outcomes, columns and predictors beyond 1e±60 are ErrRange everywhere.
package effect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Panel is outcomes of units (places) over periods (months).
type Panel struct {
	// Outcome is one row a unit, one column a period; NaN is not observed, where
	// a method allows it.
	Outcome [][]float64
	// Cluster says for each unit which cluster it belongs to: units within one
	// may depend on each other in any way. nil makes each unit its own. Periods of
	// a unit always belong together.
	Cluster []int
}

// size checks the shape and returns the numbers of units and periods.
func (p Panel) size() (units, periods int, err error) {
	if len(p.Outcome) == 0 || len(p.Outcome[0]) == 0 {
		return 0, 0, stats.ErrEmpty
	}
	if err := shaped(p.Outcome, len(p.Outcome), len(p.Outcome[0])); err != nil {
		return 0, 0, err
	}
	if p.Cluster != nil && len(p.Cluster) != len(p.Outcome) {
		return 0, 0, stats.ErrLength
	}
	for _, row := range p.Outcome {
		for _, v := range row {
			if math.IsInf(v, 0) {
				return 0, 0, stats.ErrMissing
			}
		}
		if err := stats.Sized(row); err != nil {
			return 0, 0, err
		}
	}
	return len(p.Outcome), len(p.Outcome[0]), nil
}

// shaped returns ErrLength unless the table has so many rows and columns.
func shaped(table [][]float64, rows, columns int) error {
	if len(table) != rows {
		return stats.ErrLength
	}
	for _, row := range table {
		if len(row) != columns {
			return stats.ErrLength
		}
	}
	return nil
}

// clusters numbers the clusters from 0 in order of first use.
func (p Panel) clusters() (of []int, count int) {
	of = make([]int, len(p.Outcome))
	if p.Cluster == nil {
		for i := range of {
			of[i] = i
		}
		return of, len(of)
	}
	number := map[int]int{}
	for i, c := range p.Cluster {
		k, ok := number[c]
		if !ok {
			k = len(number)
			number[c] = k
		}
		of[i] = k
	}
	return of, len(number)
}

// Treated returns the column of a treatment that each unit has from its start
// period on: 1 then, 0 before. A start below zero is never.
func Treated(start []int, periods int) [][]float64 {
	out := make([][]float64, len(start))
	for i, s := range start {
		out[i] = make([]float64, periods)
		for t := range out[i] {
			if s >= 0 && t >= s {
				out[i][t] = 1
			}
		}
	}
	return out
}

// starts checks start periods against the panel: ErrLength, or ErrOption for
// one past the last period.
func starts(start []int, units, periods int) error {
	if len(start) != units {
		return stats.ErrLength
	}
	for i, s := range start {
		if s >= periods {
			return fmt.Errorf("unit %d starts in period %d of %d: %w", i, s, periods, stats.ErrOption)
		}
	}
	return nil
}
