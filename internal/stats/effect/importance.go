package effect

import (
	"math"

	"openvru/internal/stats"
)

// importance returns how much each predictor matters, summing to one.
func (s synthesis) importance(rows [][]float64) ([]float64, error) {
	k := len(rows[0])
	out := make([]float64, k)
	for j := range out {
		out[j] = 1 / float64(k)
	}
	switch {
	case s.o.Importance != nil:
		sum := stats.Sum(s.o.Importance)
		for j, v := range s.o.Importance {
			out[j] = v / sum
		}
	case s.o.Predictors != nil && k > 1:
		return s.choose(rows)
	}
	return out, nil
}

// choose finds the importance under which the outcome before the start is met
// best, from the importance of all alike and from each predictor alone, by the
// simplex search of Nelder and Mead (1965) over logs.
func (s synthesis) choose(rows [][]float64) ([]float64, error) {
	k := len(rows[0])
	shares := func(logs []float64) []float64 {
		top := 0.0
		for _, v := range logs {
			top = max(top, v)
		}
		out := make([]float64, k)
		for j := range out {
			out[j] = math.Exp(-top)
			if j > 0 {
				out[j] = math.Exp(logs[j-1] - top)
			}
		}
		sum := stats.Sum(out)
		for j := range out {
			out[j] /= sum
		}
		return out
	}
	misses := func(logs []float64) float64 {
		weights, err := s.weigh(rows, shares(logs))
		if err != nil {
			return math.Inf(1)
		}
		return s.miss(weights)
	}
	var best []float64
	least := math.Inf(1)
	for from := -1; from < k; from++ {
		start := make([]float64, k-1)
		for j := range start {
			switch {
			case from == 0:
				start[j] = -5
			case from == j+1:
				start[j] = 5
			}
		}
		if at, value := search(misses, start); value < least {
			best, least = at, value
		}
	}
	if best == nil {
		return nil, stats.ErrNoFit
	}
	return shares(best), nil
}

// miss is the sum of squared gaps before the start.
func (s synthesis) miss(weights []float64) float64 {
	sum := 0.0
	for t := range s.start {
		gap := s.outcome[s.treated][t]
		for k, d := range s.donors {
			gap -= weights[k] * s.outcome[d][t]
		}
		sum += gap * gap
	}
	return sum
}
