package effect

import (
	"math"

	"openvru/internal/stats"
)

// counts draws a panel such as this field has: places of different size, a
// season, a common shock (a lockdown) and swings of their own that last, counts
// overdispersed. start is the first treated period of each unit, below zero or
// nil for never; the treatment multiplies the mean by exp(effect).
func counts(r *stats.Rand, units, periods int, start []int, effect float64) Panel {
	return countsOf(20, r, units, periods, start, effect)
}

// countsOf is counts of a given mean a unit and period.
func countsOf(mean float64, r *stats.Rand, units, periods int, start []int, effect float64) Panel {
	p := Panel{Outcome: make([][]float64, units)}
	common := make([]float64, periods)
	for t := range common {
		common[t] = 0.2*math.Sin(2*math.Pi*float64(t)/12) + 0.05*r.Normal()
		if t >= periods/2 && t < periods/2+3 {
			common[t] -= 0.6
		}
	}
	for i := range p.Outcome {
		size, swing := math.Log(mean)+0.4*r.Normal(), 0.0
		p.Outcome[i] = make([]float64, periods)
		for t := range p.Outcome[i] {
			swing = 0.7*swing + 0.08*r.Normal()
			level := size + common[t] + swing
			if start != nil && start[i] >= 0 && t >= start[i] {
				level += effect
			}
			p.Outcome[i][t] = r.NegBin(math.Exp(level), 15)
		}
	}
	return p
}
