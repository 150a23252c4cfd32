package places

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Group is a group of people that a population counts: everybody, or those of
// a sex or an age band as the file names it: "persons", "persons/16-29",
// "females", "males/65+".
type Group string

// Everybody is persons of all ages.
const Everybody Group = "persons"

// People is a population as it was found: what a rate is divided by.
type People struct {
	Persons float64
	Asked   int    // the year asked for
	Year    int    // the year the figure is of: the nearest there is
	Source  string // who says so
	// Estimated says that the figure is not simply published for the place: it
	// is of another year, of places that only mostly lie in it, or shared out
	// between vintages, or projected.
	Estimated bool
	// Note says in words why it is estimated; "" when it is not.
	Note string
}

// tally is one published column: the persons of a group in a year, for every
// place of a level; NaN where the file has none.
type tally struct {
	level      ids.Level
	year       int
	group      Group
	source     string
	projection bool
	values     []float64
}

func (a *Atlas) addPopulations(all []Population) error {
	at := make(map[vectorKey]int)
	for _, p := range all {
		r, ok := a.Ref(p.Place)
		if !ok || math.IsNaN(p.Persons) || p.Persons < 0 {
			return errs.New(errs.Invalid, "there is a population for %s that cannot be used", p.Place)
		}
		key := vectorKey{p.Place.Level, p.Year, p.Group, p.Source}
		i, ok := at[key]
		if !ok {
			i = len(a.counts)
			at[key] = i
			a.counts = append(a.counts, tally{p.Place.Level, p.Year, p.Group, p.Source, p.Projection, blanks(a.Len(p.Place.Level))})
		}
		a.counts[i].values[r] = p.Persons
	}
	slices.SortFunc(a.counts, compareTallies)
	return nil
}

func compareTallies(x, y tally) int {
	return cmp.Or(CompareLevels(x.level, y.level), cmp.Compare(x.year, y.year),
		strings.Compare(string(x.group), string(y.group)), strings.Compare(x.source, y.source))
}

func blanks(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// Population returns the persons of all ages that live in a place, in the year
// or the nearest year there are figures for. PopulationOf says which, and how
// sure.
func (a *Atlas) Population(p ids.Place, year int) (float64, bool) {
	people, ok := a.PopulationOf(p, year, Everybody)
	return people.Persons, ok
}
