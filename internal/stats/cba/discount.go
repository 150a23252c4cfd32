// Package cba is cost-benefit analysis by the rules of the Treasury's Green
// Book and the guidance for local partnerships built on it: discounting, prices
// of one year, optimism bias, additionality, present values, return on
// investment both ways, payback, break-even and sensitivity. Money is in pounds,
// in the prices of one year; a flow is one number for each year, year 0 first.
package cba

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Step is a discount rate a year and the year from which it holds.
type Step struct {
	From int
	Rate float64 // 0.035 is 3.5%
}

// Schedule is discount rates in the order of the years from which they hold. The
// first holds from the start whatever its year; none is no discounting.
type Schedule []Step

// GreenBook returns the standard schedule of the Treasury's Green Book: 3.5% a
// year in real terms up to year 30, 3.0% from year 31, 2.5% from 76, 2.0% from
// 126, 1.5% from 201 and 1.0% from 301.
func GreenBook() Schedule {
	return Schedule{{0, 0.035}, {31, 0.03}, {76, 0.025}, {126, 0.02}, {201, 0.015}, {301, 0.01}}
}

// GreenBookHealth returns the schedule for effects on health and life that are
// valued as such, in which people growing richer has no part: 1.5% up to year 30,
// 1.29% from year 31, 1.07% from 76, 0.86% from 126, 0.64% from 201 and 0.43% from
// 301, as the Green Book prints them.
func GreenBookHealth() Schedule {
	return Schedule{{0, 0.015}, {31, 0.0129}, {76, 0.0107}, {126, 0.0086}, {201, 0.0064}, {301, 0.0043}}
}

// Flat returns one rate for all years.
func Flat(rate float64) Schedule { return Schedule{{0, rate}} }

// rate is the rate that holds during a year, the one that ends at its number.
func (s Schedule) rate(year int) float64 {
	rate := 0.0
	for i, step := range s {
		if i == 0 || year >= step.From {
			rate = step.Rate
		}
	}
	return rate
}

func (s Schedule) check() error {
	for i, step := range s {
		if math.IsNaN(step.Rate) || math.IsInf(step.Rate, 0) || step.Rate <= -1 || i > 0 && step.From <= s[i-1].From {
			return errs.New(errs.Invalid, "A discount rate is out of range or order: %w", stats.ErrOption)
		}
	}
	return nil
}

// Timing says when in a year its money moves.
type Timing int

// The money of year 0 moves today (StartOfYear, the Green Book's table), in the
// middle of the first year, or at its end; that of the years after it as much
// later.
const (
	StartOfYear Timing = iota
	MidYear
	EndOfYear
)

// Factors returns what a pound of each year from 0 to years−1 is worth today.
// ErrOption if years is negative or a rate is −100% or less.
func (s Schedule) Factors(years int, timing Timing) ([]float64, error) {
	if years < 0 || timing < StartOfYear || timing > EndOfYear {
		return nil, stats.ErrOption
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	factors := make([]float64, years)
	today := 1.0
	for year := range factors {
		next := 1 / (1 + s.rate(year+1))
		switch timing {
		case StartOfYear:
			factors[year] = today
		case MidYear:
			factors[year] = today * math.Sqrt(next)
		case EndOfYear:
			factors[year] = today * next
		}
		today *= next
	}
	return factors, nil
}

// Present returns what a flow is worth today. Errors: those of Factors, and
// ErrMissing if an amount is not a number.
func (s Schedule) Present(flow []float64, timing Timing) (float64, error) {
	if err := stats.Finite(flow); err != nil {
		return 0, err
	}
	factors, err := s.Factors(len(flow), timing)
	if err != nil {
		return 0, err
	}
	return finite(worth(flow, factors))
}

// finite returns an amount, and ErrMissing if it is not a number or infinite.
func finite(amount float64) (float64, error) { return amount, stats.Finite([]float64{amount}) }

func worth(flow, factors []float64) float64 {
	sum := 0.0
	for year, amount := range flow {
		sum += amount * factors[year]
	}
	return sum
}

// Annual returns the same amount in each of so many years that is worth as much
// today: the equivalent annual value of a present value. ErrOption if years is
// not more than zero, ErrMissing if the value is not a number.
func (s Schedule) Annual(present float64, years int, timing Timing) (float64, error) {
	if years <= 0 {
		return 0, stats.ErrOption
	}
	factors, err := s.Factors(years, timing)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, f := range factors {
		sum += f
	}
	return finite(present / sum)
}

// Prices is a price index (the GDP deflator, say) by calendar or financial year.
type Prices struct {
	First int       // the year of the first number
	Index []float64 // in any base
}

// Convert turns an amount in the prices of one year into those of another.
// ErrOption if the index has no number for one of the years, or one that is not
// more than zero, ErrMissing if the amount is not a number.
func (p Prices) Convert(amount float64, from, to int) (float64, error) {
	a, err := p.at(from)
	if err != nil {
		return 0, err
	}
	b, err := p.at(to)
	if err != nil {
		return 0, err
	}
	return finite(amount * (b / a))
}

// Real turns a flow in the money of each year, year 0 being the year given, into
// the prices of the base year. Errors are those of Convert.
func (p Prices) Real(flow []float64, year, base int) ([]float64, error) {
	out := make([]float64, len(flow))
	for i, amount := range flow {
		var err error
		if out[i], err = p.Convert(amount, year+i, base); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p Prices) at(year int) (float64, error) {
	if k := year - p.First; k >= 0 && k < len(p.Index) && p.Index[k] > 0 && !math.IsInf(p.Index[k], 1) {
		return p.Index[k], nil
	}
	return 0, errs.New(errs.Invalid, "The price index has no number for %d: %w", year, stats.ErrOption)
}
