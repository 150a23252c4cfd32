package cba

import (
	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Grade says how good the evidence for an amount is, from 1, the best, to 6; 0 is
// not graded and not corrected.
type Grade int

// corrections are the optimism bias corrections of the grades in the cost benefit
// analysis guidance for local partnerships (HM Treasury, Public Service
// Transformation Network and New Economy 2014): costs are raised, and benefits
// lowered, by this share. They have not been compared with its text: docs/methods
// says so, and Line.Correction overrides them.
var corrections = [...]float64{0, 0, 0.05, 0.10, 0.15, 0.25, 0.40}

// Correction returns the share by which a cost of that grade is raised or a
// benefit lowered: 0, 5, 10, 15, 25 and 40% for grades 1 to 6. ErrOption for
// another grade.
func (g Grade) Correction() (float64, error) {
	if g < 0 || int(g) >= len(corrections) {
		return 0, errs.New(errs.Invalid, "Grades of confidence are 1 to 6, or 0 for none: %w", stats.ErrOption)
	}
	return corrections[g], nil
}

// Worst returns the worst of several grades: an amount is as sure as the least
// sure thing it rests on.
func Worst(grades ...Grade) Grade {
	worst := Grade(0)
	for _, g := range grades {
		worst = max(worst, g)
	}
	return worst
}

// Additionality says how much of a gross benefit is the programme's doing. Each
// is a share from 0 to 1.
type Additionality struct {
	Deadweight   float64 // would have happened anyway
	Leakage      float64 // goes to people outside those meant
	Displacement float64 // only moved from elsewhere
	Substitution float64 // done instead of something like it
	Attribution  float64 // the doing of other programmes
}

// Share returns the share of a gross benefit that is additional: what is left
// when each is taken off in turn (Homes and Communities Agency, Additionality
// Guide, 4th edition, 2014). ErrOption if one is not from 0 to 1.
func (a Additionality) Share() (float64, error) {
	share := 1.0
	for _, off := range []float64{a.Deadweight, a.Leakage, a.Displacement, a.Substitution, a.Attribution} {
		if !(off >= 0 && off <= 1) {
			return 0, errs.New(errs.Invalid, "Shares that are not additional are 0 to 1: %w", stats.ErrOption)
		}
		share *= 1 - off
	}
	return share, nil
}

// Reach is a benefit from the people up, as the guidance for local partnerships
// works it out for each outcome.
type Reach struct {
	People   float64 // who could be helped, in a year
	Need     float64 // the share of them that the outcome is a risk for
	Engaged  float64 // the share of those who take part and stay
	Impact   float64 // the share of those for whom the outcome is prevented
	Outcomes float64 // how many each would have had in a year; zero means one
	Value    float64 // pounds for each outcome prevented
}

// Amount returns the gross benefit of a year in pounds. ErrOption if a share is
// not from 0 to 1; ErrNegative or ErrMissing for the other numbers.
func (r Reach) Amount() (float64, error) {
	if err := stats.Counts([]float64{r.People, r.Outcomes, r.Value}); err != nil {
		return 0, err
	}
	for _, share := range []float64{r.Need, r.Engaged, r.Impact} {
		if !(share >= 0 && share <= 1) {
			return 0, errs.New(errs.Invalid, "Need, engagement and impact are shares from 0 to 1: %w", stats.ErrOption)
		}
	}
	outcomes := r.Outcomes
	if outcomes == 0 {
		outcomes = 1
	}
	return finite(r.People * r.Need * r.Engaged * r.Impact * outcomes * r.Value)
}

// Fade returns a flow of so many years that starts at an amount in the year
// given and falls by the drop-off, a share, each year after. ErrOption if a
// number is out of range, ErrMissing if the amount is not a number.
func Fade(amount float64, start, years int, dropOff float64) ([]float64, error) {
	if start < 0 || years < 0 || years > maxYears || !(dropOff >= 0 && dropOff <= 1) {
		return nil, stats.ErrOption
	}
	if _, err := finite(amount); err != nil {
		return nil, err
	}
	flow := make([]float64, years)
	for year := start; year < years; year++ {
		flow[year] = amount
		amount *= 1 - dropOff
	}
	return flow, nil
}
