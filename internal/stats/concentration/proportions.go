package concentration

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Test is how an area's two shares are compared.
type Test int

const (
	// Fisher is the exact test of a table of two by two, two-sided: the chance,
	// given its margins, of any table no likelier than the observed one.
	Fisher Test = iota
	// ChiSquared is Pearson's test with N − 1 in the place of N (Pearson 1947;
	// Campbell 2007), good where an area has five or more events in all.
	ChiSquared
)

// Proportions compares the events of two periods area by area with a test of two
// proportions, and controls the false discoveries among areas (Wheeler,
// Steenbeek and Andresen 2018): an area is alike unless its adjusted p-value is
// at or below alpha, such as 0.05. The two periods are interchangeable, and few
// events in an area do not make it seem different, as they can with draws. An
// area without events in either has P 1 and does not count in the adjustment.
// Errors are those of Andresen.
func Proportions(base, test []float64, by Test, alpha float64) (Stability, error) {
	if err := checkPair(base, test); err != nil {
		return Stability{}, err
	}
	if by != Fisher && by != ChiSquared || !(alpha > 0 && alpha < 1) {
		return Stability{}, fmt.Errorf("the test of an area: %w", stats.ErrOption)
	}
	n, m := stats.Sum(base), stats.Sum(test)
	s := Stability{Areas: make([]int, len(base)), P: make([]float64, len(base))}
	stats.Parallel((len(base)+63)/64, func(_, piece int) {
		for i := piece * 64; i < min(len(base), (piece+1)*64); i++ {
			switch {
			case base[i]+test[i] == 0:
				s.P[i] = math.NaN()
			case by == Fisher:
				s.P[i] = fisher(base[i], n, test[i], m)
			default:
				s.P[i] = chiSquared(base[i], n, test[i], m)
			}
		}
	})
	s.Adjusted = stats.Adjust(s.P)
	for i, q := range s.Adjusted {
		switch {
		case math.IsNaN(q):
			s.P[i], s.Adjusted[i] = 1, 1
		case q <= alpha && test[i]/m > base[i]/n:
			s.Areas[i] = 1
		case q <= alpha:
			s.Areas[i] = -1
		}
	}
	s.index(base, test)
	return s, nil
}

// fisher is the two-sided p-value of a of n against b of m. Each chance follows
// from the one beside it, beginning with the observed table as one.
func fisher(a, n, b, m float64) float64 {
	events := a + b
	low, high := max(0, events-m), min(events, n)
	const slack = 1 + 1e-7 // tables as likely but for rounding
	total, extreme := 1.0, 1.0
	add := func(v float64) {
		total += v
		if v <= slack {
			extreme += v
		}
	}
	for x, v := a, 1.0; x < high; x++ {
		step := (n - x) * (events - x) / ((x + 1) * (m - events + x + 1))
		if v *= step; step < 1 && v < 1e-20*extreme {
			break
		}
		add(v)
	}
	for x, v := a, 1.0; x > low; x-- {
		step := x * (m - events + x) / ((n - x + 1) * (events - x + 1))
		if v *= step; step < 1 && v < 1e-20*extreme {
			break
		}
		add(v)
	}
	if math.IsInf(total, 1) { // the observed table is less likely than any number says
		return 0
	}
	return min(1, extreme/total)
}

// chiSquared is the p-value of a of n against b of m; 1 where every event is in
// the area.
func chiSquared(a, n, b, m float64) float64 {
	c, d := n-a, m-b
	if c+d == 0 {
		return 1
	}
	cross := a/n - b/m
	share := (a + b) / (n + m)
	z2 := cross * cross / (share * (1 - share) * (1/n + 1/m)) * (n + m - 1) / (n + m)
	return dist.ChiSquaredTail(z2, 1)
}
