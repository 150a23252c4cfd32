package rate

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Sample is the answers of a survey: one value for each person asked (1 and 0
// for yes and no), and how they came to be asked. The sample is taken as drawn
// with replacement at the first stage, as is usual when little of the population
// was asked.
type Sample struct {
	Values  []float64
	Weights []float64 // how many people each stands for, in any scale; nil is all alike
	Strata  []int     // the stratum each was drawn in; nil is one for all
	// Clusters is the primary sampling unit (a school, a postcode sector) that
	// each was drawn with, its numbers within its stratum; nil is each alone.
	Clusters []int
	// Domain limits the estimate to some, a class of people say, without
	// forgetting how all were drawn; nil is everyone.
	Domain []bool
	// CentreSingle lets a stratum with one cluster stand: its variance is then
	// around the mean of all clusters. Otherwise it is an error.
	CentreSingle bool
}

// Survey is an estimate from a sample.
type Survey struct {
	Value    float64 // the weighted mean, or share
	SE       float64 // its standard error, by linearisation
	Interval Interval
	// DesignEffect is the variance over that of a simple random sample of as
	// many, drawn with replacement. Kish is what the weights alone would make of
	// it: n Σw²/(Σw)².
	DesignEffect, Kish float64
	Effective          float64 // people of a simple random sample that would tell as much; +Inf where clusters do not vary
	Degrees            float64 // of freedom: clusters less strata
	N                  int     // people asked, in the domain
}

// SurveyMean returns the weighted mean of a sample with an interval of Student's
// t. The variance is linearised (Binder 1983; Lumley 2010): the influence of each
// person on the mean, added up by cluster, varies within strata. Errors: ErrEmpty,
// ErrLength, ErrMissing, ErrNegative for a weight, ErrNoPopulation if the weights
// of the domain add up to zero, ErrTooFew if a stratum has one cluster only (see
// CentreSingle) or none has more, ErrOption.
func SurveyMean(s Sample, confidence float64) (Survey, error) {
	e, err := s.estimate(confidence)
	if err != nil {
		return Survey{}, err
	}
	half := -dist.StudentQuantile((1-confidence)/2, e.Degrees) * e.SE
	e.Interval = Interval{Low: e.Value - half, High: e.Value + half}
	return e, nil
}

// SurveyShare is SurveyMean for values of 0 and 1 only, with an interval that
// stays within 0 and 1: the exact one (Clopper and Pearson) of as many answers
// as are effective, less what few degrees of freedom cost (Korn and Graubard
// 1998). Where all answer alike the design effect is taken as that of Kish. The
// error is ErrOption for another value.
func SurveyShare(s Sample, confidence float64) (Survey, error) {
	for _, v := range s.Values {
		if v != 0 && v != 1 && !math.IsNaN(v) {
			return Survey{}, errs.New(errs.Invalid, "A share is of answers 0 and 1: %w", stats.ErrOption)
		}
	}
	e, err := s.estimate(confidence)
	if err != nil {
		return Survey{}, err
	}
	n := e.Value * (1 - e.Value) / (e.SE * e.SE)
	if e.SE == 0 {
		n = float64(e.N) / e.Kish
	}
	half := (1 - confidence) / 2
	if e.N > 1 {
		lost := dist.StudentQuantile(half, float64(e.N-1)) / dist.StudentQuantile(half, e.Degrees)
		n *= lost * lost
	}
	e.Interval = ClopperPearson(n*e.Value, n, confidence)
	return e, nil
}

// estimate is all but the interval.
func (s Sample) estimate(confidence float64) (Survey, error) {
	if err := s.check(confidence); err != nil {
		return Survey{}, err
	}
	var sum, squares, mean, most float64
	e := Survey{}
	for i := range s.Values {
		most = max(most, s.weight(i))
	}
	for i, v := range s.Values {
		if w := s.weight(i) / most; w > 0 { // so that no square overflows
			e.N++
			sum += w
			squares += w * w
			mean += w * v
		}
	}
	if sum == 0 {
		return Survey{}, stats.ErrNoPopulation
	}
	e.Value = mean / sum
	spread := 0.0
	influence := make([]float64, len(s.Values))
	for i, v := range s.Values {
		w, d := s.weight(i)/most/sum, v-e.Value
		influence[i] = w * d
		spread += w * d * d
	}
	variance, degrees, err := s.linearised(influence)
	if err != nil {
		return Survey{}, err
	}
	n := float64(e.N)
	e.SE, e.Degrees, e.Kish = math.Sqrt(variance), degrees, n*squares/(sum*sum)
	e.DesignEffect = variance / (spread / (n - 1))
	e.Effective = n / e.DesignEffect
	if spread == 0 || e.N == 1 {
		e.DesignEffect, e.Effective = e.Kish, n/e.Kish
	}
	return e, held(e.Value, e.SE, e.Kish)
}

func (s Sample) check(confidence float64) error {
	n := len(s.Values)
	switch {
	case n == 0:
		return stats.ErrEmpty
	case s.Weights != nil && len(s.Weights) != n, s.Strata != nil && len(s.Strata) != n,
		s.Clusters != nil && len(s.Clusters) != n, s.Domain != nil && len(s.Domain) != n:
		return stats.ErrLength
	}
	if err := stats.Finite(s.Values); err != nil {
		return err
	}
	if err := stats.Counts(s.Weights); err != nil {
		return err
	}
	return options(1, confidence)
}

// weight is how many people person i stands for in the domain.
func (s Sample) weight(i int) float64 {
	switch {
	case s.Domain != nil && !s.Domain[i]:
		return 0
	case s.Weights == nil:
		return 1
	}
	return s.Weights[i]
}

// total is a cluster and the influence of its people on the mean.
type total struct {
	stratum, cluster int
	influence        float64
	counts           bool // some of its people are in the domain
}

// linearised returns the variance of the sum of the influences, and the degrees
// of freedom: clusters less strata, of those with anyone in the domain.
func (s Sample) linearised(influence []float64) (variance, degrees float64, err error) {
	all := s.totals(influence)
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].stratum == all[from].stratum {
			to++
		}
		v, free, err := s.within(all[from:to])
		if err != nil {
			return 0, 0, err
		}
		variance += v
		degrees += free
		from = to
	}
	if degrees <= 0 {
		return 0, 0, stats.ErrTooFew
	}
	return variance, degrees, nil
}

// within returns what one stratum adds to the variance and to the degrees of
// freedom.
func (s Sample) within(stratum []total) (variance, degrees float64, err error) {
	n := float64(len(stratum))
	mean, degrees := 0.0, 0.0
	for _, t := range stratum {
		mean += t.influence / n
		if t.counts {
			degrees++
		}
	}
	degrees = max(0, degrees-1)
	switch {
	case n == 1 && !s.CentreSingle:
		return 0, 0, errs.New(errs.Invalid, "Stratum %d has one cluster only: %w", stratum[0].stratum, stats.ErrTooFew)
	case n == 1:
		return mean * mean, degrees, nil // the mean of all is zero: so influences are made
	}
	for _, t := range stratum {
		d := t.influence - mean
		variance += d * d
	}
	return variance * n / (n - 1), degrees, nil
}

// totals adds the influences up by cluster, in the order of stratum and cluster.
func (s Sample) totals(influence []float64) []total {
	var out []total
	at := make(map[[2]int]int)
	for i, v := range influence {
		key := [2]int{0, i}
		if s.Strata != nil {
			key[0] = s.Strata[i]
		}
		if s.Clusters != nil {
			key[1] = s.Clusters[i]
		}
		k, known := at[key]
		if !known {
			k = len(out)
			at[key] = k
			out = append(out, total{stratum: key[0], cluster: key[1]})
		}
		out[k].influence += v
		out[k].counts = out[k].counts || s.weight(i) > 0
	}
	slices.SortFunc(out, func(a, b total) int {
		return cmp.Or(cmp.Compare(a.stratum, b.stratum), cmp.Compare(a.cluster, b.cluster))
	})
	return out
}
