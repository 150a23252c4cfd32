package scan

import "openvru/internal/stats"

// MeanPopulation returns the mean population of each period from one edge to
// the next, given counts at some times: the population is taken to change
// evenly between counts and to be level before the first and after the last, as
// SaTScan does. Times and edges are in one unit (years, say) and rising. Errors:
// stats.ErrEmpty without counts, ErrTooFew with fewer than two edges, ErrLength,
// ErrMissing, ErrNegative for counts, ErrOption for times that do not rise.
func MeanPopulation(times, counts, edges []float64) ([]float64, error) {
	if err := checkCounts(times, counts, edges); err != nil {
		return nil, err
	}
	out := make([]float64, len(edges)-1)
	for i := range out {
		from, to := edges[i], edges[i+1]
		out[i] = (area(times, counts, to) - area(times, counts, from)) / (to - from)
	}
	if err := stats.Finite(out); err != nil { // people times years may be more than a number can hold
		return nil, err
	}
	return out, nil
}

func checkCounts(times, counts, edges []float64) error {
	switch {
	case len(times) == 0:
		return stats.ErrEmpty
	case len(times) != len(counts):
		return stats.ErrLength
	case len(edges) < 2:
		return stats.ErrTooFew
	}
	if err := stats.Finite(times, edges); err != nil {
		return err
	}
	if err := stats.Counts(counts); err != nil {
		return err
	}
	if !rising(times) || !rising(edges) {
		return stats.ErrOption
	}
	return nil
}

func rising(v []float64) bool {
	for i := 1; i < len(v); i++ {
		if v[i] <= v[i-1] {
			return false
		}
	}
	return true
}

// area is the population summed over time from the first count to t; negative
// before it.
func area(times, counts []float64, t float64) float64 {
	if t <= times[0] {
		return (t - times[0]) * counts[0]
	}
	total := 0.0
	for i := 1; i < len(times); i++ {
		if step := times[i] - times[i-1]; t < times[i] {
			part := t - times[i-1]
			return total + part*(counts[i-1]+(counts[i]-counts[i-1])*part/step/2)
		}
		total += (times[i] - times[i-1]) * (counts[i] + counts[i-1]) / 2
	}
	last := len(times) - 1
	return total + (t-times[last])*counts[last]
}
