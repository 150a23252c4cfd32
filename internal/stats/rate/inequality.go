package rate

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Group is one group of people in the order of advantage, a fifth of all places
// by deprivation say.
type Group struct {
	Population float64
	Value      float64 // the rate or share in the group
	SE         float64 // its standard error
}

// Scale says how the value of a group varies by chance.
type Scale int

// Values vary as a normal number (Plain), or their logarithm does with standard
// error SE/Value (Log, for rates), or their log-odds do with SE/(Value(1−Value))
// (Logit, for shares from 0 to 1).
const (
	Plain Scale = iota
	Log
	Logit
)

// InequalityOptions are the options of Inequality. The zero value is 95%
// confidence, ten thousand simulations, values on the plain scale.
type InequalityOptions struct {
	Confidence  float64
	Simulations int
	Scale       Scale
	Seed        uint64
}

// Inequality is how a rate runs from the one end of advantage to the other.
type Inequality struct {
	// Slope is the slope index of inequality: the value the line has at the end
	// of the last group less that at the start of the first. Normal is its
	// interval from the standard errors of the groups, Simulated from drawing
	// their values again and again.
	Slope             float64
	Normal, Simulated Interval
	// Relative is the relative index of inequality: the one end over the other,
	// last over first. Where the line passes zero it says nothing; its ends are
	// then what the simulation gives.
	Relative         float64
	RelativeInterval Interval
	Intercept        float64 // the value of the line at the start of the first group
}

// SlopeIndex returns the slope and relative index of inequality (Mackenbach and
// Kunst 1997) of groups in the order of advantage: a line fitted to the values,
// weighted by population, over the middle of the share of the population that
// each group takes up from 0 to 1. The intervals are by simulation, as Public
// Health England's tools do, and for the slope also by its normal distribution,
// which is exact for values on the plain scale.
//
// Errors: ErrTooFew for fewer than three groups, ErrMissing, ErrNegative for a
// population or standard error, ErrNoPopulation for a group without people,
// ErrOption for options out of range, or a value that its scale cannot hold.
func SlopeIndex(groups []Group, o InequalityOptions) (Inequality, error) {
	o = o.defaults()
	if err := checkGroups(groups, o); err != nil {
		return Inequality{}, err
	}
	values := make([]float64, len(groups))
	for i, g := range groups {
		values[i] = g.Value
	}
	level, slope := ridit(groups)
	r := Inequality{Slope: weigh(slope, values), Intercept: weigh(level, values)}
	r.Relative = relativeIndex(r.Intercept, r.Slope)
	variance := 0.0
	for i, g := range groups {
		variance += slope[i] * slope[i] * g.SE * g.SE
	}
	half := deviate(o.Confidence) * math.Sqrt(variance)
	r.Normal = Interval{Low: r.Slope - half, High: r.Slope + half}
	r.Simulated, r.RelativeInterval = simulate(groups, level, slope, o)
	if math.IsNaN(r.RelativeInterval.Low) || math.IsNaN(r.RelativeInterval.High) {
		return r, held(math.NaN())
	}
	return r, held(r.Slope, half, r.Simulated.Low, r.Simulated.High)
}

func (o InequalityOptions) defaults() InequalityOptions {
	if o.Confidence == 0 {
		o.Confidence = Confidence95
	}
	if o.Simulations == 0 {
		o.Simulations = 10_000
	}
	return o
}

func checkGroups(groups []Group, o InequalityOptions) error {
	if len(groups) < 3 {
		return stats.ErrTooFew
	}
	if o.Simulations < 100 || o.Simulations > 10_000_000 || o.Scale < Plain || o.Scale > Logit {
		return stats.ErrOption
	}
	for i, g := range groups {
		if err := stats.Finite([]float64{g.Value}); err != nil {
			return err
		}
		if err := stats.Counts([]float64{g.Population, g.SE}); err != nil {
			return err
		}
		if g.Population == 0 {
			return errs.New(errs.Invalid, "Group %d has no population: %w", i+1, stats.ErrNoPopulation)
		}
		if o.Scale != Plain && g.Value <= 0 || o.Scale == Logit && g.Value >= 1 {
			return errs.New(errs.Invalid, "Group %d has a value that its scale cannot hold: %w", i+1, stats.ErrOption)
		}
	}
	return options(1, o.Confidence)
}

// ridit returns by what the values are to be multiplied and added up for the
// line at the start of the first group, and for its slope.
func ridit(groups []Group) (level, slope []float64) {
	people, before := 0.0, 0.0
	for _, g := range groups {
		people += g.Population
	}
	middle := make([]float64, len(groups))
	mean, spread := 0.0, 0.0
	for i, g := range groups {
		share := g.Population / people
		middle[i] = before + share/2
		before += share
		mean += share * middle[i]
	}
	for i, g := range groups {
		d := middle[i] - mean
		spread += g.Population / people * d * d
	}
	level, slope = make([]float64, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		share := g.Population / people
		slope[i] = share * (middle[i] - mean) / spread
		level[i] = share - slope[i]*mean
	}
	return level, slope
}

func weigh(by, values []float64) float64 {
	sum := 0.0
	for i, v := range values {
		sum += by[i] * v
	}
	return sum
}

// relativeIndex is one end of the line over the other: 1 for a level one, even
// at zero.
func relativeIndex(intercept, slope float64) float64 {
	if slope == 0 {
		return 1
	}
	return (intercept + slope) / intercept
}

// simulate draws the values of all groups again and again and returns the
// interval that holds the middle share of the slopes, and of the relative
// indices.
func simulate(groups []Group, level, slope []float64, o InequalityOptions) (slopes, relatives Interval) {
	const piece = 1000 // draws that share a stream
	s, r := make([]float64, o.Simulations), make([]float64, o.Simulations)
	stats.Parallel((o.Simulations+piece-1)/piece, func(_, p int) {
		rand := stats.NewRand(o.Seed, uint64(p))
		for k := p * piece; k < min(len(s), (p+1)*piece); k++ {
			at, rise := 0.0, 0.0
			for i, g := range groups {
				v := g.draw(o.Scale, rand.Normal())
				at += level[i] * v
				rise += slope[i] * v
			}
			s[k], r[k] = rise, relativeIndex(at, rise)
		}
	})
	stats.Parallel(2, func(_, which int) {
		if which == 0 {
			slopes = stats.Middle(s, o.Confidence)
		} else {
			relatives = stats.Middle(r, o.Confidence)
		}
	})
	return slopes, relatives
}

// draw is the value that so many standard errors from its own make.
func (g Group) draw(scale Scale, z float64) float64 {
	switch scale {
	case Log:
		return g.Value * math.Exp(z*g.SE/g.Value)
	case Logit:
		odds := g.Value / (1 - g.Value) * math.Exp(z*g.SE/(g.Value*(1-g.Value)))
		if math.IsInf(odds, 1) {
			return 1
		}
		return odds / (1 + odds)
	}
	return g.Value + z*g.SE
}

// StandardError returns the standard error that an interval of that confidence
// was made with, on the scale: half its width in normal deviates, turned back to
// the plain scale at the value.
func StandardError(value float64, i Interval, confidence float64, scale Scale) float64 {
	z := -dist.NormalQuantile((1 - confidence) / 2)
	switch scale {
	case Log:
		return value * math.Log(i.High/i.Low) / (2 * z)
	case Logit:
		return value * (1 - value) * math.Log(i.High/(1-i.High)/(i.Low/(1-i.Low))) / (2 * z)
	}
	return (i.High - i.Low) / (2 * z)
}
