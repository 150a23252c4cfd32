package scan

import (
	"math"

	"openvru/internal/stats"
)

// reaches reports whether a replication is at least as extreme as the observed
// value; what differs only by the order of additions is as extreme.
func reaches(value, observed float64) bool { return value >= observed-1e-9*max(1, observed) }

// judge sets the p-values.
func judge(r *Result, o Options) {
	location, scale := gumbel(r.Maxima)
	for i := range r.Clusters {
		c := &r.Clusters[i]
		c.P, c.PGumbel, c.Recurrence = math.NaN(), math.NaN(), math.NaN()
		if len(r.Maxima) == 0 {
			continue
		}
		c.P = monteCarlo(r.Maxima, c.LLR, o.StopAfter)
		if scale > 0 {
			c.PGumbel = -math.Expm1(-math.Exp(-(c.LLR - location) / scale))
		}
		if o.Prospective {
			c.Recurrence = 1 / c.P
		}
	}
}

// monteCarlo is the p-value by rank. Where the replications were ended once
// stop of them had reached the most likely cluster it is, without bias, stop
// over their number (Besag and Clifford 1991).
func monteCarlo(maxima []float64, observed float64, stop int) float64 {
	reached := 0
	for _, v := range maxima {
		if reaches(v, observed) {
			reached++
		}
	}
	if stop > 0 && reached >= stop {
		return float64(reached) / float64(len(maxima))
	}
	return stats.MonteCarlo(reached, len(maxima))
}

// gumbel fits the distribution of greatest values to the replications by their
// mean and standard deviation. The scale is zero if they do not vary.
func gumbel(maxima []float64) (location, scale float64) {
	if len(maxima) < 2 {
		return 0, 0
	}
	n := float64(len(maxima))
	mean, squares := stats.Sum(maxima)/n, 0.0
	for _, v := range maxima {
		squares += square(v - mean)
	}
	const euler = 0.57721566490153286061
	scale = math.Sqrt(6*squares/(n-1)) / math.Pi
	return mean - euler*scale, scale
}
