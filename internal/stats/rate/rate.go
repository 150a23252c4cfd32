// Package rate is counts, rates and the change between two counts, each with
// an interval that says how sure it is. Functions are pure: numbers in,
// numbers out.
//
// A count is taken as Poisson: events that happen one by one, each whether or
// not the others did. Crime is not quite so (one evening can bring several
// robberies by the same people), so real counts vary more than these intervals
// say; docs/methods/count-comparison.md says what to make of that.
//
// A function that returns no error gives an interval of NaN to NaN where a count
// is negative, infinite or not a number, or a confidence is not between 0 and 1.
package rate

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Interval is the range of values that a figure is consistent with.
type Interval = stats.Interval

// unknown is the interval of what is not a count.
var unknown = Interval{Low: math.NaN(), High: math.NaN()}

// sound reports whether a number can be a count, and another a confidence.
func sound(count, confidence float64) bool {
	return count >= 0 && count <= math.MaxFloat64 && confidence > 0 && confidence < 1
}

// held returns an error unless all results are numbers: nothing else is left of
// input whose sizes are so far apart that a sum, product or quotient overflows.
func held(results ...float64) error {
	if stats.Finite(results) != nil {
		return errs.New(errs.Invalid, "The sizes of the numbers are too far apart to reckon with: %w", stats.ErrMissing)
	}
	return nil
}

// Usual levels of confidence: the first is for reading, the second is the
// stricter one that public health uses to call something an outlier.
const (
	Confidence95  = 0.95
	Confidence998 = 0.998
)

// Of returns a rate: count per so many persons, times per (1,000 or 100,000),
// with its interval. Persons must be more than zero. The interval is that of
// the count: exact under ten, Byar's from ten on.
func Of(count, persons, per, confidence float64) (float64, Interval) {
	f := per / persons
	return count * f, Poisson(count, confidence).Times(f)
}

// PercentChange returns by how many percent now differs from before: −31 for a
// fall of 31%. It is NaN when before is zero.
func PercentChange(now, before float64) float64 {
	if before == 0 {
		return math.NaN()
	}
	return 100 * (now - before) / before
}

// PercentOf turns an interval of a ratio into one of a percentage change.
func PercentOf(ratio Interval) Interval {
	return Interval{Low: 100 * (ratio.Low - 1), High: 100 * (ratio.High - 1)}
}
