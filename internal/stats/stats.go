// Package stats holds what the statistics under it share: the named errors,
// intervals, seeded randomness, work on several cores and the control of false
// discoveries. A method lives in a package of its own below this one.
//
// Everything here and below is pure: numbers in, numbers out, no clock, no
// files. Randomness comes from a seed that the caller gives, and a result is
// the same to the last bit whatever the number of cores.
package stats

import (
	"math"

	"openvru/internal/errs"
)

// The named errors of input that a method has no answer for. A method says in
// its comment which it returns; test with errors.Is. They are of kind Invalid.
var (
	// ErrEmpty is no data at all.
	ErrEmpty error = errs.New(errs.Invalid, "There are no values to work on.")
	// ErrLength is two series or columns that should be as long as each other.
	ErrLength error = errs.New(errs.Invalid, "The lists of values differ in length.")
	// ErrMissing is a value that is not a number where the method needs them all.
	ErrMissing error = errs.New(errs.Invalid, "A value is missing (NaN) or infinite.")
	// ErrNegative is a count, weight or population below zero.
	ErrNegative error = errs.New(errs.Invalid, "A count, weight or population is negative.")
	// ErrConstant is values that are all alike where the method needs them to vary.
	ErrConstant error = errs.New(errs.Invalid, "All values are the same, so there is nothing to compare.")
	// ErrTooFew is fewer values than the method can work on.
	ErrTooFew error = errs.New(errs.Invalid, "There are too few values for this method.")
	// ErrNoPopulation is a population, exposure or expected count of zero in total.
	ErrNoPopulation error = errs.New(errs.Invalid, "The population is zero, so there is no rate.")
	// ErrNoNeighbours is a map in which no place has a neighbour.
	ErrNoNeighbours error = errs.New(errs.Invalid, "No place has a neighbour.")
	// ErrSingular is columns of a model that say the same thing.
	ErrSingular error = errs.New(errs.Invalid, "The columns of the model cannot be told apart.")
	// ErrNoFit is an iteration that did not settle.
	ErrNoFit error = errs.New(errs.Invalid, "The model could not be fitted: the estimates did not settle.")
	// ErrRange is a value so large or small that its square leaves the numbers a
	// computer has.
	ErrRange error = errs.New(errs.Invalid, "A value is too large or too small to work with.")
	// ErrOption is an option outside its range.
	ErrOption error = errs.New(errs.Invalid, "An option is outside its range.")
)

// Interval is the range of values that a figure is consistent with.
type Interval struct{ Low, High float64 }

// Has reports whether v lies in the interval, its ends included.
func (i Interval) Has(v float64) bool { return i.Low <= v && v <= i.High }

// Times returns the interval with both ends multiplied by a factor that is not
// negative.
func (i Interval) Times(f float64) Interval { return Interval{Low: i.Low * f, High: i.High * f} }

// Finite returns ErrMissing if any value is NaN or infinite.
func Finite(values ...[]float64) error {
	for _, list := range values {
		for _, v := range list {
			if v-v != 0 { // NaN is what NaN and infinity less themselves are
				return ErrMissing
			}
		}
	}
	return nil
}

// Counts returns ErrMissing or ErrNegative if any value cannot be a count, a
// weight or a population. Counts need not be whole.
func Counts(values ...[]float64) error {
	for _, list := range values {
		for _, v := range list {
			if !(v >= 0 && v <= math.MaxFloat64) {
				return refused(values)
			}
		}
	}
	return nil
}

// Sized returns ErrRange if any value is over 1e60 in size, or not zero and under
// 1e-60: products of four then still are numbers. NaN passes.
func Sized(values ...[]float64) error {
	for _, list := range values {
		for _, v := range list {
			if size := math.Abs(v); size > 1e60 || size < 1e-60 && size > 0 {
				return ErrRange
			}
		}
	}
	return nil
}

// refused says what is wrong with counts: a missing value goes before a negative.
func refused(values [][]float64) error {
	if err := Finite(values...); err != nil {
		return err
	}
	return ErrNegative
}
