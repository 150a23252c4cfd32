package cba

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// maxYears is the longest appraisal: longer ones are a slip of the keyboard.
const maxYears = 1000

// Kind says whom a benefit comes to.
type Kind int

// Fiscal benefits come to public budgets, economic ones to the income of people
// and businesses, social ones to well-being and safety.
const (
	Fiscal Kind = iota
	Economic
	Social
	kinds
)

// String returns the word for the kind.
func (k Kind) String() string {
	switch k {
	case Fiscal:
		return "fiscal"
	case Economic:
		return "economic"
	case Social:
		return "social"
	}
	return "unknown"
}

// Line is one cost or benefit.
type Line struct {
	Name string
	Flow []float64 // pounds by year, before correction, gross
	// Grade corrects for optimism bias; Correction, where it is not zero, is used
	// instead of the grade's (the Green Book's own figures for building, say).
	Grade      Grade
	Correction float64
	Additional Additionality // of benefits only
	Kind       Kind          // of benefits only
	// Schedule discounts this line otherwise than the appraisal (health effects);
	// nil is as the appraisal.
	Schedule Schedule
}

// Appraisal is a programme's costs and benefits compared with doing without it.
type Appraisal struct {
	Costs, Benefits []Line
	Schedule        Schedule // nil is GreenBook
	Timing          Timing
}

// Return is what a view of the benefits gives for the costs. Ratios are +Inf
// where there are benefits and no cost, NaN where there are neither.
type Return struct {
	Benefits float64 // present value
	Net      float64 // net present value: benefits less costs
	Ratio    float64 // return on investment as pounds back for each pound spent; the benefit-cost ratio
	Gain     float64 // return on investment as pounds gained for each pound spent: Ratio − 1
	// Payback is how many years pass until the present value of benefits has
	// caught up with that of costs for good, within a year in proportion; +Inf if
	// it never does.
	Payback float64
	// BreakEven is the share of the benefits that would do for them to equal the
	// costs; over 1 where they fall short.
	BreakEven float64
}

// Result is an appraisal worked out. All is in present values.
type Result struct {
	Costs  float64
	Public Return // all benefits: fiscal, economic and social
	Fiscal Return // benefits to public budgets only
	ByKind [kinds]float64
	// CostLines and BenefitLines are the present value of each line, corrected.
	CostLines, BenefitLines []float64
	// Yearly is the present value of benefits less costs of each year.
	Yearly []float64
}

// Evaluate works an appraisal out. Benefits count net of what is not additional,
// and both sides corrected for optimism bias. Errors: ErrEmpty without any line,
// ErrMissing for an amount that is not a number, ErrOption for a grade, rate,
// share, timing or kind out of range or more than 1,000 years.
func Evaluate(a Appraisal) (Result, error) {
	years, err := a.years()
	if err != nil {
		return Result{}, err
	}
	if a.Schedule == nil {
		a.Schedule = GreenBook()
	}
	var r Result
	costs, benefits, fiscal := make([]float64, years), make([]float64, years), make([]float64, years)
	for i, line := range a.Costs {
		total, err := a.add(costs, line, 1)
		if err != nil {
			return Result{}, errs.New(errs.Invalid, "Cost %d, %q: %w", i+1, line.Name, err)
		}
		r.CostLines = append(r.CostLines, total)
		r.Costs += total
	}
	for i, line := range a.Benefits {
		total, err := a.add(benefits, line, -1)
		if err == nil && line.Kind == Fiscal {
			_, err = a.add(fiscal, line, -1)
		}
		if err != nil {
			return Result{}, errs.New(errs.Invalid, "Benefit %d, %q: %w", i+1, line.Name, err)
		}
		r.BenefitLines = append(r.BenefitLines, total)
		r.ByKind[line.Kind] += total
	}
	r.Public, r.Fiscal = weigh(costs, benefits), weigh(costs, fiscal)
	for year := range costs {
		r.Yearly = append(r.Yearly, benefits[year]-costs[year])
	}
	return r, nil
}

func (a Appraisal) years() (int, error) {
	years := 0
	for _, lines := range [][]Line{a.Costs, a.Benefits} {
		for _, line := range lines {
			years = max(years, len(line.Flow))
		}
	}
	switch {
	case len(a.Costs)+len(a.Benefits) == 0 || years == 0:
		return 0, stats.ErrEmpty
	case years > maxYears:
		return 0, errs.New(errs.Invalid, "An appraisal of more than %d years: %w", maxYears, stats.ErrOption)
	}
	return years, nil
}

// add adds the present values of a line to those of its side, by year, raised
// (sign 1) or lowered (sign −1) for optimism, and returns their sum.
func (a Appraisal) add(into []float64, line Line, sign float64) (float64, error) {
	factor, err := line.factor(sign)
	if err != nil {
		return 0, err
	}
	schedule := line.Schedule
	if schedule == nil {
		schedule = a.Schedule
	}
	factors, err := schedule.Factors(len(line.Flow), a.Timing)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for year, amount := range line.Flow {
		v := amount * factor * factors[year]
		into[year] += v
		sum += v
	}
	return sum, nil
}

// factor is by what the amounts of a line are multiplied.
func (l Line) factor(sign float64) (float64, error) {
	if err := stats.Finite(l.Flow); err != nil {
		return 0, err
	}
	correction, err := l.Grade.Correction()
	if err != nil {
		return 0, err
	}
	if l.Correction != 0 {
		correction = l.Correction
	}
	if !(correction >= -1 && correction <= 10) || sign < 0 && correction > 1 {
		return 0, errs.New(errs.Invalid, "The correction for optimism is out of range: %w", stats.ErrOption)
	}
	if sign > 0 {
		return 1 + correction, nil
	}
	if l.Kind < Fiscal || l.Kind >= kinds {
		return 0, stats.ErrOption
	}
	share, err := l.Additional.Share()
	return share * (1 - correction), err
}

// weigh sets benefits against costs, both as present values by year.
func weigh(costs, benefits []float64) Return {
	var r Return
	cost := 0.0
	for year := range costs {
		cost += costs[year]
		r.Benefits += benefits[year]
	}
	r.Net = r.Benefits - cost
	r.Ratio, r.BreakEven = ratio(r.Benefits, cost), ratio(cost, r.Benefits)
	r.Gain = r.Ratio - 1
	r.Payback = payback(costs, benefits)
	return r
}

func ratio(top, bottom float64) float64 {
	if bottom == 0 && top != 0 {
		return math.Inf(1)
	}
	return top / bottom
}

// payback is how many years pass until the sum of what comes in is and stays no
// less than that of what goes out.
func payback(costs, benefits []float64) float64 {
	sum, size, at := 0.0, 0.0, 0.0
	behind := false
	for year := range costs {
		before := sum
		sum += benefits[year] - costs[year]
		size += math.Abs(benefits[year]) + math.Abs(costs[year])
		// A sum of zero but for rounding is caught up.
		short := sum < -1e-12*size
		switch {
		case short:
			behind = true
		case behind || before < 0:
			at = float64(year) + before/(before-sum)
			behind = false
		}
	}
	if behind {
		return math.Inf(1)
	}
	return at
}

// Switch returns by what a line would have to be multiplied for the net present
// value to be zero, all else alike: its switching value. The line is the number
// of a benefit, or of a cost. NaN when the line is worth nothing, or there is no
// such line.
func (r Result) Switch(line int, cost bool) float64 {
	worths, sign := r.BenefitLines, -1.0
	if cost {
		worths, sign = r.CostLines, 1
	}
	if line < 0 || line >= len(worths) || worths[line] == 0 {
		return math.NaN()
	}
	return 1 + sign*r.Public.Net/worths[line]
}

// NetAt is the net present value with each cost and then each benefit multiplied
// by a factor; ErrLength if there are not as many. It is a Model, and far quicker
// than to evaluate again.
func (r Result) NetAt(factors []float64) (float64, error) {
	costs, benefits, err := r.at(factors)
	return benefits - costs, err
}

// RatioAt is the benefit-cost ratio likewise.
func (r Result) RatioAt(factors []float64) (float64, error) {
	costs, benefits, err := r.at(factors)
	return ratio(benefits, costs), err
}

func (r Result) at(factors []float64) (costs, benefits float64, err error) {
	if len(factors) != len(r.CostLines)+len(r.BenefitLines) {
		return 0, 0, stats.ErrLength
	}
	for i, v := range r.CostLines {
		costs += v * factors[i]
	}
	for i, v := range r.BenefitLines {
		benefits += v * factors[len(r.CostLines)+i]
	}
	return costs, benefits, nil
}

// Scale returns the appraisal with each cost and then each benefit multiplied by
// a factor; ErrLength if there are not as many.
func (a Appraisal) Scale(factors []float64) (Appraisal, error) {
	if len(factors) != len(a.Costs)+len(a.Benefits) {
		return Appraisal{}, stats.ErrLength
	}
	scaled := a
	scaled.Costs, scaled.Benefits = nil, nil
	for i, line := range a.Costs {
		scaled.Costs = append(scaled.Costs, line.times(factors[i]))
	}
	for i, line := range a.Benefits {
		scaled.Benefits = append(scaled.Benefits, line.times(factors[len(a.Costs)+i]))
	}
	return scaled, nil
}

func (l Line) times(factor float64) Line {
	flow := make([]float64, len(l.Flow))
	for i, amount := range l.Flow {
		flow[i] = amount * factor
	}
	l.Flow = flow
	return l
}
