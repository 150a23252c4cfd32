package concentration

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Forecast is a map of hot spots and what came after: which places are hot, how
// large each is, and how many events each had after the map was made. Before is
// what each had in the period that the map was made from; nil leaves out the
// recapture rate.
type Forecast struct {
	Hot    []bool
	Area   []float64 // in any unit
	After  []float64
	Before []float64
}

// Accuracy says how well a map of hot spots did.
type Accuracy struct {
	Hits     float64 // events that came in hot places
	Events   float64 // all that came
	HitRate  float64 // Hits / Events
	AreaRate float64 // the share of the area that is hot
	// PAI is the predictive accuracy index, HitRate / AreaRate (Chainey, Tompson
	// and Uhlig 2008): 1 is no better than a map drawn by lot. Small hot areas
	// reach higher values, so compare maps of one AreaRate.
	PAI float64
	// Best is the PAI that the same area would have had, had one known what came,
	// and PEI the predictive efficiency index, PAI / Best (Hunt 2016): 1 is as
	// good as could be. Best counts part of the last place where places differ in
	// area.
	Best, PEI float64
	// RRI is the recapture rate index (Levine 2008): how the events of hot places
	// grew over how all events did. Below 1 is the usual fall back to the mean.
	// NaN without Before, or where hot places had none.
	RRI float64
}

// Accuracy scores the map. Lists of unlike length are ErrLength; no places, no
// events after, or no hot place are ErrEmpty; hot places without area
// ErrNoPopulation; negative values ErrNegative, NaN ErrMissing, sums or ratios
// beyond any number ErrOption.
func (f Forecast) Accuracy() (Accuracy, error) {
	if err := f.check(); err != nil {
		return Accuracy{}, err
	}
	var a Accuracy
	hot, area, before, all := 0.0, 0.0, 0.0, 0.0
	for i, is := range f.Hot {
		area += f.Area[i]
		a.Events += f.After[i]
		if f.Before != nil {
			all += f.Before[i]
		}
		if is {
			hot += f.Area[i]
			a.Hits += f.After[i]
			if f.Before != nil {
				before += f.Before[i]
			}
		}
	}
	if a.Events == 0 || !slices.Contains(f.Hot, true) {
		return Accuracy{}, fmt.Errorf("no events came, or no place is hot: %w", stats.ErrEmpty)
	}
	if math.IsInf(area, 1) || math.IsInf(a.Events, 1) || math.IsInf(all, 1) {
		return Accuracy{}, fmt.Errorf("areas or events are too large to add: %w", stats.ErrOption)
	}
	a.HitRate, a.AreaRate = a.Hits/a.Events, hot/area
	if !(a.AreaRate > 0) {
		return Accuracy{}, stats.ErrNoPopulation
	}
	a.PAI = a.HitRate / a.AreaRate
	a.Best = f.most(hot) / a.Events / a.AreaRate
	a.PEI = a.PAI / a.Best
	if math.IsInf(a.PAI, 1) || !(a.Best > 0) || math.IsInf(a.Best, 1) {
		return Accuracy{}, fmt.Errorf("areas or events are too small or too unlike: %w", stats.ErrOption)
	}
	if a.RRI = math.NaN(); before > 0 {
		a.RRI = a.Hits / before / (a.Events / all)
	}
	return a, nil
}

func (f Forecast) check() error {
	n := len(f.Hot)
	if n == 0 {
		return stats.ErrEmpty
	}
	if len(f.Area) != n || len(f.After) != n || f.Before != nil && len(f.Before) != n {
		return stats.ErrLength
	}
	return stats.Counts(f.Area, f.After, f.Before)
}

// most is how many events could have been caught in so much area.
func (f Forecast) most(area float64) (hits float64) {
	for _, i := range byRate(f.After, f.Area) {
		if f.Area[i] > area {
			return hits + f.After[i]*area/f.Area[i]
		}
		hits += f.After[i]
		area -= f.Area[i]
	}
	return hits
}

// byRate is the places in the order of value per area, the highest first.
func byRate(value, area []float64) []int32 {
	rate := make([]float64, len(value))
	for i, v := range value {
		if v > 0 { // infinite for a place without area
			rate[i] = v / math.Abs(area[i]) // −0 is 0
		}
	}
	return descending(rate)
}

// Hottest picks the places with the highest score whose area comes to no more
// than the given share of all, best first until the next would be too much: the
// map that a score makes. A score is a density, a rate or a rank; places alike
// are picked in their order. No places are ErrEmpty, lists of unlike length
// ErrLength, NaN ErrMissing, a share outside 0 to 1 ErrOption, no area
// ErrNoPopulation.
func Hottest(score, area []float64, share float64) ([]bool, error) {
	order, total, err := ranked(score, area)
	if err != nil {
		return nil, err
	}
	if !(share >= 0 && share <= 1) {
		return nil, fmt.Errorf("the share of the area: %w", stats.ErrOption)
	}
	hot := make([]bool, len(score))
	left := share * total * (1 + 1e-12) // tenths add up to one but for rounding
	for _, i := range order {
		if left -= area[i]; left < 0 {
			break
		}
		hot[i] = true
	}
	return hot, nil
}

// ranked is the places by score, the highest first.
func ranked(score, area []float64) (order []int32, total float64, err error) {
	if len(score) == 0 {
		return nil, 0, stats.ErrEmpty
	}
	if len(area) != len(score) {
		return nil, 0, stats.ErrLength
	}
	if err := stats.Finite(score); err != nil {
		return nil, 0, err
	}
	if err := stats.Counts(area); err != nil {
		return nil, 0, err
	}
	if total = stats.Sum(area); !(total > 0) || math.IsInf(total, 1) {
		return nil, 0, stats.ErrNoPopulation
	}
	return descending(score), total, nil
}

// HitCurve returns, for places added in the order of their score, the share of
// the area so far (Places) and the share of later events that came there
// (Share): the PAI for every size of map. Errors are those of Hottest; no later
// events are ErrEmpty.
func HitCurve(score, area, after []float64) (Curve, error) {
	order, total, err := ranked(score, area)
	if err != nil {
		return Curve{}, err
	}
	if len(after) != len(score) {
		return Curve{}, stats.ErrLength
	}
	if err := check(after, 1); err != nil {
		return Curve{}, err
	}
	c := Curve{Places: []float64{0}, Share: []float64{0}}
	events, covered, hits := stats.Sum(after), 0.0, 0.0
	for _, i := range order {
		covered += area[i]
		hits += after[i]
		c.Places, c.Share = append(c.Places, min(1, covered/total)), append(c.Share, min(1, hits/events))
	}
	return c, nil
}
