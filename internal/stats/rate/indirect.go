package rate

import (
	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Reference is one class of people in the place and in the population it is
// compared with.
type Reference struct {
	Population          float64 // people of the class in the place
	ReferenceCount      float64 // events in the class elsewhere
	ReferencePopulation float64 // people of the class elsewhere
}

// Expected returns how many events the place would have if each class had the
// reference's rate. Errors: ErrEmpty, ErrMissing, ErrNegative, and
// ErrNoPopulation if a class that has people here has none in the reference.
func Expected(classes []Reference) (float64, error) {
	if len(classes) == 0 {
		return 0, stats.ErrEmpty
	}
	sum := 0.0
	for i, c := range classes {
		if err := stats.Counts([]float64{c.Population, c.ReferenceCount, c.ReferencePopulation}); err != nil {
			return 0, err
		}
		if c.Population == 0 {
			continue
		}
		if c.ReferencePopulation == 0 {
			return 0, errs.New(errs.Invalid, "Class %d has no reference population: %w", i+1, stats.ErrNoPopulation)
		}
		sum += c.Population * c.ReferenceCount / c.ReferencePopulation
	}
	return sum, nil
}

// Indirect is an indirectly standardised ratio and rate: events observed over
// events expected, and that times the reference's own rate.
type Indirect struct {
	Observed, Expected float64
	Ratio              float64
	RatioInterval      Interval
	ReferenceRate      float64 // crude, per so many people
	Rate               float64
	RateInterval       Interval
}

// Indirectly returns the indirectly standardised ratio of so many observed
// events and, per so many people, the rate. The interval is that of the count:
// exact under ten, Byar's from ten on (Poisson). Errors are those of Expected,
// ErrNoPopulation if nothing is expected or the reference has no population,
// and ErrOption.
func Indirectly(observed float64, classes []Reference, per, confidence float64) (Indirect, error) {
	expected, err := Expected(classes)
	if err != nil {
		return Indirect{}, err
	}
	if err := stats.Counts([]float64{observed}); err != nil {
		return Indirect{}, err
	}
	if err := options(per, confidence); err != nil {
		return Indirect{}, err
	}
	events, people := 0.0, 0.0
	for _, c := range classes {
		events += c.ReferenceCount
		people += c.ReferencePopulation
	}
	if expected == 0 || people == 0 {
		return Indirect{}, stats.ErrNoPopulation
	}
	r := Indirect{Observed: observed, Expected: expected, Ratio: observed / expected, ReferenceRate: per * events / people}
	r.RatioInterval = Poisson(observed, confidence).Times(1 / expected)
	r.Rate, r.RateInterval = r.Ratio*r.ReferenceRate, r.RatioInterval.Times(r.ReferenceRate)
	return r, held(r.Expected, r.Rate, r.RateInterval.High, r.RatioInterval.Low, r.RatioInterval.High)
}
