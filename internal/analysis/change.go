package analysis

import (
	"math"

	"openvru/internal/records"
	"openvru/internal/stats/rate"
)

// Sureness says how far a change can be told from chance.
type Sureness int

// The degrees of sureness.
const (
	// TooFew is counts so small that nothing can be said.
	TooFew Sureness = iota
	// Unclear is a difference that chance alone could well make.
	Unclear
	// Likely is one that chance alone would make less than once in twenty.
	Likely
	// Sure is one that chance alone would make less than once in five hundred.
	Sure
)

// String returns the degree in a word or two.
func (s Sureness) String() string {
	return [...]string{"too few to say", "no clear change", "likely", "sure"}[s]
}

// fewest is the sum of two counts under which nothing is said of their
// difference: even a quarter against three quarters of ten could be chance.
const fewest = 10

// Change is how a count now differs from one before.
type Change struct {
	Now, Before         float64
	NowDays, BeforeDays float64 // what each was counted in; 1 and 1 when totals are compared
	Difference          float64
	Percent             float64       // NaN when there were none before
	Interval            rate.Interval // 95%, of Percent; High is +Inf when there were none before
	Chance              float64       // how often chance alone would differ as much (two-sided mid-P)
	Sure                Sureness
}

// NewChange compares two counts of like exposure.
func NewChange(now, before float64) Change { return newChange(now, before, 1, 1) }

// newChange compares two counts, each by its exposure in days.
func newChange(now, before, nowDays, beforeDays float64) Change {
	r := rate.Ratio{Now: now, Before: before, NowExposure: nowDays, BeforeExposure: beforeDays}
	c := Change{Now: now, Before: before, NowDays: nowDays, BeforeDays: beforeDays, Difference: now - before,
		Percent: math.NaN(), Interval: rate.PercentOf(r.MidP(rate.Confidence95)), Chance: r.Chance()}
	if before > 0 {
		c.Percent = rate.PercentChange(now/nowDays, before/beforeDays)
	}
	c.Sure = c.sureness()
	return c
}

func (c Change) sureness() Sureness {
	switch {
	case c.Now+c.Before < fewest:
		return TooFew
	case c.Chance < 1-rate.Confidence998:
		return Sure
	case c.Chance < 1-rate.Confidence95:
		return Likely
	}
	return Unclear
}

// DifferenceInterval is the 95% interval of Difference.
func (c Change) DifferenceInterval() rate.Interval {
	_, i := rate.Difference(c.Now, c.Before, rate.Confidence95)
	return i
}

// lower reports whether now is below before, by exposure.
func (c Change) lower() bool { return c.Now/c.NowDays < c.Before/c.BeforeDays }

func (c Change) same() bool { return c.Now/c.NowDays == c.Before/c.BeforeDays }

// Verdict is what a change means where one way is better: "better", "worse",
// or "" when it cannot be told from chance or neither way is better.
func (c Change) Verdict(p Polarity) string {
	if c.Sure < Likely || p == records.Neutral || c.same() {
		return ""
	}
	if c.lower() == (p == records.LowerIsBetter) {
		return "better"
	}
	return "worse"
}
