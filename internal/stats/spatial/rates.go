package spatial

import (
	"math"

	"openvru/internal/stats"
)

// MoranRates returns Moran's I of rates (Assunção and Reis 1999): of events over
// population, freed of what small populations make of them as RateDeviates
// says. Permutations deal out the deviates. It returns the errors of Moran and
// RateDeviates.
func MoranRates(w *Weights, events, population []float64, o Options) (Global, error) {
	deviates, err := RateDeviates(events, population)
	if err != nil {
		return Global{}, err
	}
	return Moran(w, deviates, o)
}

// RateDeviates returns how far each place's rate lies from that of all, in its
// own standard deviations: those that empirical Bayes estimates of the variance
// between places and of chance in a place of that population (Assunção and Reis
// 1999). Rates of small populations vary more by chance alone, which feigns or
// hides clusters; the deviates do not. They serve for LocalMoran, too. It
// returns ErrEmpty, ErrLength, ErrMissing, ErrNegative, ErrNoPopulation if any
// place has no population, and ErrConstant without any event.
func RateDeviates(events, population []float64) ([]float64, error) {
	if len(events) != len(population) {
		return nil, stats.ErrLength
	}
	if len(events) == 0 {
		return nil, stats.ErrEmpty
	}
	if err := stats.Counts(events, population); err != nil {
		return nil, err
	}
	for _, n := range population {
		if n == 0 {
			return nil, stats.ErrNoPopulation
		}
	}
	all, people := stats.Sum(events), stats.Sum(population)
	if all == 0 {
		return nil, stats.ErrConstant
	}
	rate, spread := all/people, 0.0
	for i, n := range population {
		d := events[i]/n - rate
		spread += n / people * d * d
	}
	between := spread - rate*float64(len(events))/people
	out := make([]float64, len(events))
	for i, n := range population {
		variance := between + rate/n
		if variance <= 0 { // places vary less than chance would have it
			variance = rate / n
		}
		out[i] = (events[i]/n - rate) / math.Sqrt(variance)
	}
	return out, nil
}
