// Package shrink steadies rates of small places by what other places say: a
// rate that rests on few events is drawn towards the mean of all places, or of
// the neighbours, the more the fewer people it rests on.
//
// Global and Local are the moment estimates of Marshall (1991), FitGamma is the
// Poisson–gamma model of Clayton and Kaldor (1987) with intervals and
// probabilities, Map the probability map of Choynowski (1959). Throughout,
// counts are events, exposure is what they are divided by (persons,
// person-months, or expected counts), one of each a place, and a rate is events
// per unit of exposure; with expected counts it is a relative risk.
//
// docs/methods/empirical-bayes.md and poisson-gamma.md hold the formulas and
// say when not to use them.
package shrink

import (
	"fmt"

	"openvru/internal/stats"
)

// check returns the totals of places, or a named error for what no method here
// can use: ErrEmpty, ErrLength, ErrMissing, ErrNegative, and ErrNoPopulation
// when nobody lives anywhere or events happened where nobody lives, and ErrRange
// for values beyond 1e±60.
func check(counts, exposure []float64) (events, persons float64, err error) {
	if len(counts) == 0 {
		return 0, 0, stats.ErrEmpty
	}
	if len(counts) != len(exposure) {
		return 0, 0, stats.ErrLength
	}
	if err := stats.Counts(counts, exposure); err != nil {
		return 0, 0, err
	}
	if err := stats.Sized(counts, exposure); err != nil {
		return 0, 0, err
	}
	for i, y := range counts {
		if y > 0 && exposure[i] == 0 {
			return 0, 0, fmt.Errorf("place %d has events and nobody to happen to: %w", i, stats.ErrNoPopulation)
		}
		events += y
		persons += exposure[i]
	}
	if persons == 0 {
		return 0, 0, stats.ErrNoPopulation
	}
	return events, persons, nil
}
