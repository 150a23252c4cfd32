package rate

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Standing says where a place stands in a funnel: the two outer ones are beyond
// the limits of 99.8%, the next beyond those of 95%.
type Standing int

// From far below what chance allows to far above.
const (
	FarBelow Standing = iota - 2
	Below
	Within
	Above
	FarAbove
)

// String returns the words for the standing.
func (s Standing) String() string {
	switch s {
	case FarBelow:
		return "far below"
	case Below:
		return "below"
	case Above:
		return "above"
	case FarAbove:
		return "far above"
	}
	return "within"
}

// standing turns the chances of as few as this and of as many as this.
func standing(few, many float64) Standing {
	switch {
	case few < (1-Confidence998)/2:
		return FarBelow
	case few < (1-Confidence95)/2:
		return Below
	case many < (1-Confidence998)/2:
		return FarAbove
	case many < (1-Confidence95)/2:
		return Above
	}
	return Within
}

// Stand returns where a count stands when so many are expected: whether chance
// alone (Poisson) would bring as few, or as many, less than 2.5% or 0.1% of the
// time. It is the same as to ask whether the exact interval of the count leaves
// out what is expected. A count of none where none is expected is within. A count that is
// not whole counts as the whole number below it.
func Stand(count, expected float64) Standing {
	count = math.Floor(count)
	// Within one and a half standard deviations neither side is ever under 3%.
	if off := count - expected; off*off <= 2.25*expected {
		return Within
	}
	return standing(dist.PoissonSides(count, expected))
}

// FunnelLimits returns between which counts a place stays within the funnel
// when so many are expected: the counts, not whole, whose exact interval just
// ends at what is expected. At the counts that are whole these are the limits
// that Public Health England's tools draw.
func FunnelLimits(expected, confidence float64) Interval {
	if !sound(expected, confidence) {
		return unknown
	}
	if expected == 0 {
		return Interval{Low: 0, High: 0}
	}
	half := (1 - confidence) / 2
	far := expected + 10 + 8*math.Sqrt(expected+1)*deviate(confidence)
	i := Interval{Low: 0}
	if math.Exp(-expected) < half { // none would be too few
		i.Low = root(func(n float64) float64 { return dist.GammaTail(expected, n+1, 1) - half }, 0, far)
	}
	i.High = root(func(n float64) float64 { return half - dist.GammaCDF(expected, n, 1) }, 0, far)
	return i
}

// Funnel is the line in the middle of a funnel and what is read off it.
type Funnel struct {
	Baseline float64 // the rate or share of all places together, per person
	// Dispersion is how many times as much as chance alone the places vary, by
	// DispersionOf; the limits are moved away from the middle by its root. Zero, or
	// anything up to 1, is chance alone.
	Dispersion float64
}

// widen is by what the limits are moved away from the middle.
func (f Funnel) widen() float64 { return math.Sqrt(max(1, f.Dispersion)) }

// NewFunnel returns the funnel of counts over exposures (populations, expected
// counts, or trials): its middle is the sum of the ones over that of the others.
// For directly standardised rates the exposures are those that Derived gives.
// Errors: ErrEmpty, ErrLength, ErrMissing, ErrNegative, and ErrNoPopulation if
// any place has no exposure.
func NewFunnel(counts, exposures []float64) (Funnel, error) {
	switch {
	case len(counts) == 0:
		return Funnel{}, stats.ErrEmpty
	case len(counts) != len(exposures):
		return Funnel{}, stats.ErrLength
	}
	if err := stats.Counts(counts, exposures); err != nil {
		return Funnel{}, err
	}
	events, people := 0.0, 0.0
	for i, n := range exposures {
		if n == 0 {
			return Funnel{}, errs.New(errs.Invalid, "Place %d has no population: %w", i+1, stats.ErrNoPopulation)
		}
		events += counts[i]
		people += n
	}
	return Funnel{Baseline: events / people}, held(events / people)
}

// Rate returns between which rates, per one of exposure, a place of that
// exposure stays within the funnel (Poisson).
func (f Funnel) Rate(exposure, confidence float64) Interval {
	limits, expected, widen := FunnelLimits(f.Baseline*exposure, confidence), f.Baseline*exposure, f.widen()
	return Interval{
		Low:  max(0, expected+widen*(limits.Low-expected)) / exposure,
		High: (expected + widen*(limits.High-expected)) / exposure,
	}
}

// StandRate returns where a place stands with that count in that exposure.
func (f Funnel) StandRate(count, exposure float64) Standing {
	expected, widen := f.Baseline*exposure, f.widen()
	if widen == 1 {
		return Stand(count, expected)
	}
	// The count as far from the middle as it would be by chance alone, against the
	// limits of chance alone.
	like := max(0, expected+(count-expected)/widen)
	return standing(dist.GammaTail(expected, like+1, 1), dist.GammaCDF(expected, like, 1))
}

// Share returns between which shares a place of n trials stays within the
// funnel: so many standard errors from the middle, cut at 0 and 1. The share is
// outside exactly when Wilson's interval of it leaves out the middle.
func (f Funnel) Share(n, confidence float64) Interval {
	half := deviate(confidence) * f.widen() * math.Sqrt(f.Baseline*(1-f.Baseline)/n)
	return Interval{Low: max(0, f.Baseline-half), High: min(1, f.Baseline+half)}
}

// StandShare returns where a place stands with that count out of n.
func (f Funnel) StandShare(count, n float64) Standing {
	share := count / n
	wide, narrow := f.Share(n, Confidence998), f.Share(n, Confidence95)
	switch {
	case share < wide.Low:
		return FarBelow
	case share < narrow.Low:
		return Below
	case share > wide.High:
		return FarAbove
	case share > narrow.High:
		return Above
	}
	return Within
}

// Derived returns the exposure with which a count has that rate, per so many:
// the population that a directly standardised rate behaves as if it had. NaN
// when the rate is zero, for then nothing says what it is.
func Derived(count, rate, per float64) float64 {
	if rate == 0 {
		return math.NaN()
	}
	return per * count / rate
}
