package effect

import (
	"slices"

	"openvru/internal/stats"
)

// Comparison is one of those that make up a two-way fixed effects estimate.
type Comparison struct {
	// Treated is the first treated period of the group whose change counts as the
	// effect, and Control that of the group it is held against; −1 is never.
	Treated, Control int
	// Forbidden is set when the control is itself treated already, so that what
	// its own effect does later is taken for a course without treatment.
	Forbidden bool
	Weight    float64 // all weights sum to one
	Effect    float64 // difference of differences in means
}

// Decomposition is the result of Decompose.
type Decomposition struct {
	Effect      float64 // that of Linear: the weighted sum of all comparisons
	Comparisons []Comparison
	Forbidden   float64 // weight of all forbidden ones
	// Allowed is the weighted mean of the comparisons that are not forbidden; 0
	// when there are none.
	Allowed float64
}

// Decompose shows what a treatment's coefficient in Linear is made of when units
// start at different times: comparisons of two groups at a time (Goodman-Bacon
// 2021, Journal of Econometrics 225:254–277). When effects grow, forbidden ones
// pull the estimate below them, even past zero; see Staggered.
//
// start is the first treated period of each unit, 0 for always, below zero for
// never. Errors: ErrEmpty, ErrLength, ErrMissing (all cells must be observed),
// ErrOption, ErrSingular when all units have one start.
func Decompose(p Panel, start []int) (Decomposition, error) {
	units, periods, err := p.size()
	if err != nil {
		return Decomposition{}, err
	}
	if err := starts(start, units, periods); err != nil {
		return Decomposition{}, err
	}
	if err := stats.Finite(p.Outcome...); err != nil {
		return Decomposition{}, err
	}
	groups := newGroups(p.Outcome, start, periods)
	if len(groups) < 2 {
		return Decomposition{}, stats.ErrSingular
	}
	var out Decomposition
	sum := 0.0
	for k, early := range groups {
		for _, late := range groups[k+1:] {
			for _, c := range pairOf(early, late, periods) {
				out.Comparisons = append(out.Comparisons, c)
				sum += c.Weight
			}
		}
	}
	allowed := 0.0
	for k := range out.Comparisons {
		c := &out.Comparisons[k]
		c.Weight /= sum
		out.Effect += c.Weight * c.Effect
		if c.Forbidden {
			out.Forbidden += c.Weight
			continue
		}
		allowed += c.Weight
		out.Allowed += c.Weight * c.Effect
	}
	if allowed > 0 {
		out.Allowed /= allowed
	}
	return out, nil
}

// startGroup is the units that start together.
type startGroup struct {
	start int // the number of periods for never
	label int
	share float64   // of all units
	mean  []float64 // outcome by period
}

func newGroups(outcome [][]float64, start []int, periods int) []startGroup {
	var groups []startGroup
	for i, s := range start {
		label := s
		if s < 0 {
			s, label = periods, -1
		}
		k := slices.IndexFunc(groups, func(g startGroup) bool { return g.start == s })
		if k < 0 {
			k = len(groups)
			groups = append(groups, startGroup{start: s, label: label, mean: make([]float64, periods)})
		}
		groups[k].share += 1 / float64(len(start))
		for t, v := range outcome[i] {
			groups[k].mean[t] += v
		}
	}
	for _, g := range groups {
		for t := range g.mean {
			g.mean[t] /= g.share * float64(len(start))
		}
	}
	slices.SortFunc(groups, func(a, b startGroup) int { return a.start - b.start })
	return groups
}

// over is the mean over some periods.
func (g startGroup) over(from, to int) float64 { return stats.Sum(g.mean[from:to]) / float64(to-from) }

// pairOf returns the comparisons of an earlier and a later group that weigh
// anything: the earlier against the later before that is treated, and the later
// against the earlier once that is.
func pairOf(early, late startGroup, periods int) []Comparison {
	all := float64(periods)
	e, l := 1-float64(early.start)/all, 1-float64(late.start)/all // shares of time treated
	both := early.share + late.share
	split := early.share / both * late.share / both
	var out []Comparison
	if early.start > 0 {
		out = append(out, Comparison{
			Treated: early.label, Control: late.label,
			Weight: both * both * split * (e - l) * (1 - e),
			Effect: early.over(early.start, late.start) - early.over(0, early.start) -
				late.over(early.start, late.start) + late.over(0, early.start),
		})
	}
	if late.start < periods {
		out = append(out, Comparison{
			Treated: late.label, Control: early.label, Forbidden: true,
			Weight: both * both * split * l * (e - l),
			Effect: late.over(late.start, periods) - late.over(early.start, late.start) -
				early.over(late.start, periods) + early.over(early.start, late.start),
		})
	}
	return out
}
