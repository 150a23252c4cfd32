package spatial

import "openvru/internal/stats"

// Label is what kind of place an area is on a map of clusters.
type Label uint8

// The labels. HighLow is a high value among low ones; an area at the mean
// counts as low. Gi and Gi* know only HotSpot and ColdSpot.
const (
	NotSignificant Label = iota
	HighHigh
	LowLow
	HighLow
	LowHigh
	HotSpot
	ColdSpot
	NoNeighbours
)

// String returns the label in words.
func (l Label) String() string {
	return [...]string{"not significant", "high-high", "low-low", "high-low", "low-high", "hot spot", "cold spot", "no neighbours"}[l]
}

// quadrant returns the label of a place by its deviation and its neighbours'.
func quadrant(own, lag float64) Label {
	switch {
	case own > 0 && lag > 0:
		return HighHigh
	case own > 0:
		return HighLow
	case lag > 0:
		return LowHigh
	}
	return LowLow
}

// Adjusted returns for each area its two-sided p, by permutation if there were
// any and else by theory, adjusted for the number of areas (Benjamini and
// Hochberg 1995). The least p that so many permutations can give is 2 over one
// more than their number; with many areas and few clusters that can be too much
// for any to be found.
func (l *Local) Adjusted() []float64 {
	if l.Permuted != nil {
		return stats.Adjust(l.Permuted.TwoSided)
	}
	return stats.Adjust(l.P)
}

// Clusters returns the labels of the areas of which, on average, no more than a
// share q is labelled by chance alone: the quadrant of those whose Adjusted is q
// or less, NotSignificant for others and NoNeighbours for islands.
func (l *Local) Clusters(q float64) []Label {
	out := make([]Label, len(l.Quadrant))
	for i, p := range l.Adjusted() { // NaN is not q or less
		if l.Quadrant[i] == NoNeighbours || p <= q {
			out[i] = l.Quadrant[i]
		}
	}
	return out
}
