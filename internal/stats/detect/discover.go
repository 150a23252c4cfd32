package detect

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// DiscoverOptions sets the control of false discoveries.
type DiscoverOptions struct {
	// Rate is the share of false alarms among all that is put up with; default 0.05.
	Rate float64
	// AnyDependence holds the rate however the series depend on each other, at
	// the price of fewer discoveries. The default holds it for series that are
	// independent or go up and down together.
	AnyDependence bool
}

// Discovery is an unusual count among those of many series.
type Discovery struct {
	Series int     // index of the series
	Q      float64 // the least rate of false discoveries at which it is one
	Evaluation
}

// Discover lists which series are unusual at one time point, when all are looked
// at together (docs/methods/false-discovery.md), the surest first. all is what
// FlexibleAll, ClassicAll or EARSAll returned. Every series evaluated then counts
// as a comparison; one with the verdict FewCases is never a discovery. It returns
// stats.ErrOption for a rate that is not between 0 and 1; no discovery is no
// error.
func Discover(all [][]Evaluation, at int, o DiscoverOptions) ([]Discovery, error) {
	standard(&o.Rate, 0.05)
	if !(o.Rate > 0 && o.Rate < 1) {
		return nil, fmt.Errorf("the rate of false discoveries is between 0 and 1: %w", stats.ErrOption)
	}
	then := make([]Evaluation, len(all))
	p := make([]float64, len(all))
	for s, series := range all {
		p[s] = math.NaN()
		for _, e := range series {
			if e.At == at && e.Evaluated() {
				then[s], p[s] = e, e.P
			}
		}
	}
	adjusted := stats.Adjust(p)
	if o.AnyDependence {
		adjusted = stats.AdjustAny(p)
	}
	var out []Discovery
	for s, q := range adjusted {
		if q <= o.Rate && then[s].Verdict != FewCases {
			out = append(out, Discovery{Series: s, Q: q, Evaluation: then[s]})
		}
	}
	slices.SortStableFunc(out, func(a, b Discovery) int {
		return cmp.Or(cmp.Compare(a.Q, b.Q), cmp.Compare(a.P, b.P))
	})
	return out, nil
}
