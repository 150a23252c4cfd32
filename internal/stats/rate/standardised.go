package rate

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Stratum is one class of people, an age band say, of the place that a rate is
// standardised for.
type Stratum struct {
	Count      float64 // events
	Population float64 // people who could have them
	Standard   float64 // people of the class in the standard population
	Variance   float64 // of Count; zero means as many as Count: each event by itself
}

// Repeats returns the count and variance of events of which several can befall
// one person: people[k] is how many people had k+1 events. Events of one person
// are not independent of each other, so the variance is Σ (k+1)² people[k].
func Repeats(people ...float64) (count, variance float64) {
	for k, n := range people {
		times := float64(k + 1)
		count += times * n
		variance += times * times * n
	}
	return count, variance
}

// Standardised is a directly standardised rate: the rate that the standard
// population would have with the place's rates in each class.
type Standardised struct {
	Value             float64
	Interval          Interval
	Variance          float64 // of Value
	Count, Population float64 // in the place, over all classes
}

// Direct returns the directly standardised rate, per so many people, with
// Dobson's interval (Dobson, Kuulasmaa, Eberle and Scherer 1991): the interval
// of the count (Poisson), stretched by the standard deviation of the rate over
// that of a Poisson count, and cut at zero. Without any events the rate is zero and its interval
// reaches up to that of a count of none, all of it in the class that weighs most
// (Fay and Feuer 1997). Events in a class that the standard population has nobody of
// count for Count alone. The confidence is between 0 and 1.
//
// Errors: ErrEmpty, ErrMissing, ErrNegative; ErrNoPopulation if a class of the
// standard population has no people in the place, or the standard population is
// zero; ErrOption.
func Direct(strata []Stratum, per, confidence float64) (Standardised, error) {
	standard, err := standardOf(strata)
	if err == nil {
		err = options(per, confidence)
	}
	if err != nil {
		return Standardised{}, err
	}
	var count, people, events, value, variance, most float64
	scale := per / standard
	for i := range strata {
		c := &strata[i]
		count += c.Count
		people += c.Population
		if c.Standard == 0 {
			continue
		}
		weight := scale * c.Standard / c.Population
		events += c.Count
		value += weight * c.Count
		variance += weight * weight * c.variance()
		if weight > most {
			most = weight
		}
	}
	s := Standardised{Value: value, Variance: variance, Count: count, Population: people}
	if events == 0 {
		s.Interval = Poisson(0, confidence).Times(most)
		return s, held(s.Interval.High)
	}
	i, stretch := Poisson(events, confidence), math.Sqrt(s.Variance/events)
	s.Interval = Interval{Low: max(0, s.Value+stretch*(i.Low-events)), High: s.Value + stretch*(i.High-events)}
	return s, held(s.Value, s.Interval.Low, s.Interval.High)
}

func (c *Stratum) variance() float64 {
	if c.Variance == 0 {
		return c.Count
	}
	return c.Variance
}

// fine reports whether all numbers can be counts; a sum that overflows is looked
// at again by who asks.
func (c *Stratum) fine() bool {
	return c.Count >= 0 && c.Population >= 0 && c.Standard >= 0 && c.Variance >= 0 &&
		c.Count+c.Population+c.Standard+c.Variance <= math.MaxFloat64
}

// standardOf checks the classes and returns the people of the standard population.
func standardOf(strata []Stratum) (float64, error) {
	if len(strata) == 0 {
		return 0, stats.ErrEmpty
	}
	sum := 0.0
	for i := range strata {
		c := &strata[i]
		if !c.fine() {
			if err := stats.Counts([]float64{c.Count, c.Population, c.Standard, c.Variance}); err != nil {
				return 0, err
			}
		}
		if c.Population == 0 && c.Standard > 0 {
			return 0, errs.New(errs.Invalid, "Class %d has no population: %w", i+1, stats.ErrNoPopulation)
		}
		sum += c.Standard
	}
	if sum == 0 {
		return 0, stats.ErrNoPopulation
	}
	return sum, nil
}

// options returns ErrOption unless per is more than zero and the confidence
// between 0 and 1.
func options(per, confidence float64) error {
	if !(per > 0) || math.IsInf(per, 1) || !(confidence > 0 && confidence < 1) {
		return stats.ErrOption
	}
	return nil
}

// Compare returns the ratio and the difference of two standardised rates, now
// over and less before, with intervals from those of the two by the method of
// variance estimates recovery (Zou and Donner 2008), the ratio's on the scale of
// logarithms. Both must be standardised to the same population and have
// intervals of the same confidence. The ratio is NaN when both rates are zero and
// +Inf when only before is; its interval then reaches from 0 or to +Inf.
func (now Standardised) Compare(before Standardised) (ratio, difference Estimate) {
	difference = recoverDifference(now.Value, before.Value, now.Interval, before.Interval)
	return recoverRatio(now.Value, before.Value, now.Interval, before.Interval), difference
}

// Estimate is a figure and its interval.
type Estimate struct {
	Value    float64
	Interval Interval
}

func recoverDifference(x, y float64, i, j Interval) Estimate {
	d := x - y
	return Estimate{d, Interval{
		Low:  d - math.Hypot(x-i.Low, j.High-y),
		High: d + math.Hypot(i.High-x, y-j.Low),
	}}
}

func recoverRatio(x, y float64, i, j Interval) Estimate {
	e := Estimate{x / y, Interval{Low: 0, High: math.Inf(1)}}
	log := math.Log(x / y)
	if x > 0 && i.Low > 0 {
		e.Interval.Low = math.Exp(log - math.Hypot(math.Log(x/i.Low), math.Log(j.High/y)))
	}
	if y > 0 && j.Low > 0 && x > 0 {
		e.Interval.High = math.Exp(log + math.Hypot(math.Log(i.High/x), math.Log(y/j.Low)))
	}
	if y == 0 {
		e.Interval.Low = 0
	}
	return e
}
