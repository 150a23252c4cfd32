package analysis

import (
	"fmt"
	"math"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/stats/rate"
	"openvru/internal/table"
)

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Rate is a count for the people who live in the place.
type Rate struct {
	Value    float64
	Interval rate.Interval // 95%
	Per      float64       // 1,000 or 100,000
	People   float64       // the mean population of the months counted
	Months   int           // how many months the count is of: twelve make a yearly rate
	Note     string        // why the population is estimated; "" when it is not
	Figure   ids.Figure
}

// Unit says what the rate is per: "per 1,000 people".
func (r *Rate) Unit() string { return "per " + table.Thousands(int64(r.Per)) + " people" }

// Text writes the rate with its interval: "4.3 per 1,000 people (4.2 to 4.4)".
func (r *Rate) Text() string {
	d := r.Decimals()
	return fmt.Sprintf("%s %s (95%% interval %s to %s)", table.Fixed(r.Value, d), r.Unit(), table.Fixed(r.Interval.Low, d), table.Fixed(r.Interval.High, d))
}

// Decimals is how many decimals people see: two under ten, so that the ends of
// an interval do not read alike.
func (r *Rate) Decimals() int {
	if r.Value < 10 {
		return 2
	}
	return 1
}

// addRates finds the populations of both sides. There is a rate only when both
// have one, since they are there to be compared.
func (c *Comparison) addRates(atlas *places.Atlas) {
	now, ok1 := population(atlas, c.Place.Place, c.Now.Months)
	before, ok2 := population(atlas, c.Place.Place, c.Before.Months)
	if ok1 && ok2 {
		c.Now.Rate, c.Before.Rate = now, before
	}
}

// population returns a rate that lacks only its count.
func population(atlas *places.Atlas, p ids.Place, months []period.Month) (*Rate, bool) {
	if len(months) == 0 {
		return nil, false
	}
	r := &Rate{Months: len(months)}
	for i, m := range months {
		if i > 0 && m.Year() == months[i-1].Year() {
			continue
		}
		people, ok := atlas.PopulationOf(p, m.Year(), places.Everybody)
		if !ok || people.Persons <= 0 {
			return nil, false
		}
		r.People += people.Persons * float64(monthsOfYear(months, m.Year()))
		if people.Estimated {
			r.Note = people.Note
		}
	}
	r.People /= float64(len(months))
	return r, true
}

func monthsOfYear(months []period.Month, year int) int {
	n := 0
	for _, m := range months {
		if m.Year() == year {
			n++
		}
	}
	return n
}

// rare is the rate for 1,000 people under which it is given for 100,000.
const rare = 0.5

// work computes the rate of a count.
func (r *Rate) work(count float64) {
	r.Per = 1000
	if count/r.People*1000 < rare {
		r.Per = 100_000
	}
	r.Value, r.Interval = rate.Of(count, r.People, r.Per, rate.Confidence95)
}

// populations says which populations went in, for the run's mark.
func (c *Comparison) populations() []string {
	var out []string
	for _, s := range []*Side{&c.Before, &c.Now} {
		if s.Rate != nil {
			out = append(out, fmt.Sprintf("population of %s over %s: %s", c.Place.Place, rangeName(s.Months), table.Fixed(s.Rate.People, 1)))
		}
	}
	return out
}

// addRate enters a side's rate and the ends of its interval.
func (c *Comparison) addRate(s *Side) {
	name := rangeName(s.Months)
	add := func(what, title string, v float64) ids.Figure {
		return c.Run.add(Figure{Name: FigureName(c.Series.ID, c.Place.Place, name+"."+what),
			Title: c.Series.Title + ", " + placeTitle(c.Place) + ", " + monthList(s.Months) + ": " + title, Unit: s.Rate.Unit(), Value: v,
			How: "count by population (docs/methods/rates.md)", From: []ids.Figure{s.Figure}, Line: -1})
	}
	s.Rate.Figure = add("rate", "rate", s.Rate.Value)
	add("rate-low", "lower end of the interval of the rate", s.Rate.Interval.Low)
	add("rate-high", "upper end of the interval of the rate", s.Rate.Interval.High)
}
