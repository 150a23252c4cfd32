package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/model"
)

// Season says how the time of year enters a regression.
type Season struct {
	// Period is the number of steps in a year; 0 is 12. Slopes are per year. It is at
	// most 10,000, which hours are within.
	Period int
	// Harmonics is how many pairs of waves make the season; 0 gives each time of
	// year an effect of its own, NoSeason leaves the season out. A time of year
	// without any event can only be fitted by harmonics.
	Harmonics int
	// First is the time of year of the first step, from 0; it numbers the effects.
	First int
}

// NoSeason leaves the season out.
const NoSeason = -1

// Shape is the form of a trend, on the scale of the logarithm.
type Shape int

// The shapes.
const (
	// Linear is the same percentage change every year.
	Linear Shape = iota
	// Flat is no trend.
	Flat
	// Quadratic is a change that itself changes steadily.
	Quadratic
	// Curve is a natural cubic spline.
	Curve
)

// Family is the distribution of counts about their mean.
type Family int

// The families.
const (
	// QuasiPoisson has a variance in proportion to the mean.
	QuasiPoisson Family = iota
	// NegativeBinomial has the variance mean + mean²/size.
	NegativeBinomial
	// Poisson has the mean as variance.
	Poisson
)

func (f Family) model() (model.Family, error) {
	switch f {
	case QuasiPoisson:
		return model.QuasiPoisson, nil
	case NegativeBinomial:
		return model.NegativeBinomial, nil
	case Poisson:
		return model.Poisson, nil
	}
	return 0, stats.ErrOption
}

// Model describes a regression of counts on time. The zero value is quasi-Poisson
// with an effect for each month of the year and a linear trend, and errors that
// allow for autocorrelation.
type Model struct {
	Family Family
	Season Season
	Trend  Shape
	// Bends is the number of columns of a Curve; 0 is 3.
	Bends int
	// Exposure is what each count is out of: days, people; nil is 1 each. A month of
	// exposure zero is left out, and must have no events.
	Exposure []float64
	Errors   Errors
	// Level is the confidence of intervals; 0 is 0.95.
	Level float64
}

// columns are those of a design, by name, with rows beyond the series for
// forecasts.
type columns struct {
	names  []string
	values [][]float64
	season []int // the columns of the season
	trend  []int
}

func (c *columns) add(name string, f func(i int) float64, rows int) {
	v := make([]float64, rows)
	for i := range v {
		v[i] = f(i)
	}
	c.names, c.values = append(c.names, name), append(c.values, v)
}

// columns lays out intercept, trend and season for n months and those after. A
// damped trend goes each month on by damping times the step before it; 1 is as ever.
func (m Model) columns(n, rows int, damping float64) (*columns, error) {
	s := m.Season
	fill(&s.Period, 12)
	if s.Period < 1 || s.Period > 10_000 || s.Harmonics < NoSeason || 2*s.Harmonics > s.Period || s.Period == 1 && s.Harmonics != NoSeason {
		return nil, fmt.Errorf("season %+v: %w", m.Season, stats.ErrOption)
	}
	if s.First < 0 || s.First >= s.Period {
		return nil, fmt.Errorf("the first time of year is %d: %w", s.First, stats.ErrOption)
	}
	if n == 0 {
		return nil, stats.ErrEmpty
	}
	c := &columns{}
	c.add("intercept", func(int) float64 { return 1 }, rows)
	if err := m.addTrend(c, n, years(n, rows, float64(s.Period), damping)); err != nil {
		return nil, err
	}
	before := len(c.names)
	s.add(c, rows)
	for j := before; j < len(c.names); j++ {
		c.season = append(c.season, j)
	}
	return c, nil
}

// years is the time of each row, from the first month.
func years(n, rows int, period, damping float64) []float64 {
	out := make([]float64, rows)
	step := 1 / period
	for i := range out {
		if out[i] = float64(i) / period; i >= n {
			step *= damping
			out[i] = out[i-1] + step
		}
	}
	return out
}

func (m Model) addTrend(c *columns, n int, at []float64) error {
	rows := len(at)
	switch m.Trend {
	case Flat:
	case Linear:
		c.add("trend", func(i int) float64 { return at[i] }, rows)
	case Quadratic:
		middle := at[n-1] / 2
		c.add("trend", func(i int) float64 { return at[i] }, rows)
		c.add("trend²", func(i int) float64 { return (at[i] - middle) * (at[i] - middle) }, rows)
	case Curve:
		if err := m.addCurve(c, n, at); err != nil {
			return err
		}
	default:
		return stats.ErrOption
	}
	for j := 1; j < len(c.names); j++ {
		c.trend = append(c.trend, j)
	}
	return nil
}

// addCurve puts the knots at equal distances over the series; beyond it the curve
// goes straight on.
func (m Model) addCurve(c *columns, n int, at []float64) error {
	bends := m.Bends
	fill(&bends, 3)
	if bends < 1 || bends >= n {
		return stats.ErrOption
	}
	knots := make([]float64, bends+1)
	for k := range knots {
		knots[k] = at[n-1] * float64(k) / float64(bends)
	}
	d := model.NewDesign(len(at)).Spline("trend", at, knots)
	if err := d.Err(); err != nil {
		return err
	}
	for _, name := range d.Names() {
		values := d.Column(name)
		c.add(name, func(i int) float64 { return values[i] }, len(at))
	}
	return nil
}

// add adds the columns of the season.
func (s Season) add(c *columns, rows int) {
	for h := 1; h <= s.Harmonics; h++ {
		wave := 2 * math.Pi * float64(h) / float64(s.Period)
		if 2*h < s.Period { // the sine of the shortest wave is zero at every step
			c.add(fmt.Sprintf("sin %d", h), func(i int) float64 { return math.Sin(wave * float64(i+s.First)) }, rows)
		}
		c.add(fmt.Sprintf("cos %d", h), func(i int) float64 { return math.Cos(wave * float64(i+s.First)) }, rows)
	}
	if s.Harmonics != 0 {
		return
	}
	for t := 1; t < s.Period; t++ {
		c.add(fmt.Sprintf("season %d", t+1), func(i int) float64 {
			if (i+s.First)%s.Period == t {
				return 1
			}
			return 0
		}, rows)
	}
}

// design hands the first n rows to the fit.
func (c *columns) design(n int) *model.Design {
	d := model.NewDesign(n)
	for j, name := range c.names {
		if name == "intercept" {
			d.Intercept()
			continue
		}
		d.Add(name, c.values[j][:n])
	}
	return d
}
