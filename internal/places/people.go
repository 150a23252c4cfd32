package places

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"openvru/internal/ids"
)

// projectionYears is how many years away an estimate may be and still be
// preferred to a projection for the very year: so that a comparison of two
// years does not go from one source to another for the sake of a year.
const projectionYears = 3

type vectorKey struct {
	level  ids.Level
	year   int
	group  Group
	source string
}

// vector is a population worked out for every place of a level.
type vector struct{ of []People }

// PopulationOf returns the people of a group who live in a place. Where no
// figure is published for the place they are summed from the smaller places in
// it, never from only some of them; see docs/methods/populations.md.
func (a *Atlas) PopulationOf(p ids.Place, year int, group Group) (People, bool) {
	r, ok := a.Ref(p)
	if !ok || !a.counted(group) {
		return People{Persons: math.NaN(), Asked: year}, false
	}
	people := a.vector(p.Level, a.within(year), group).of[r]
	people.Asked = year
	return people, !math.IsNaN(people.Persons)
}

func (a *Atlas) counted(group Group) bool {
	return slices.ContainsFunc(a.counts, func(t tally) bool { return t.group == group })
}

// within moves a year far from all figures nearer: the answer is the same, and
// nobody can fill the memory by asking for a million years.
func (a *Atlas) within(year int) int {
	const far = 20
	first, last := a.counts[0].year, a.counts[0].year
	for _, t := range a.counts {
		first, last = min(first, t.year), max(last, t.year)
	}
	return min(max(year, first-far), last+far)
}

// PopulationYears returns the years for which a population is published, at
// any level, in order.
func (a *Atlas) PopulationYears() []int {
	var out []int
	for _, t := range a.counts {
		out = append(out, t.year)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Groups returns the groups of people that populations are published for.
func (a *Atlas) Groups() []Group {
	var out []Group
	for _, t := range a.counts {
		out = append(out, t.group)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// vector returns the population of every place of a level, worked out once.
func (a *Atlas) vector(l ids.Level, year int, group Group) *vector {
	key := vectorKey{level: l, year: year, group: group}
	if v, ok := a.vectors.Load(key); ok {
		return v.(*vector)
	}
	v, _ := a.vectors.LoadOrStore(key, a.workOut(l, year, group))
	return v.(*vector)
}

func (a *Atlas) workOut(l ids.Level, year int, group Group) *vector {
	v := &vector{make([]People, a.Len(l))}
	for i := range v.of {
		v.of[i] = People{Persons: math.NaN(), Asked: year}
	}
	for _, c := range a.candidates(l, year, group) {
		c.fill(a, v, l)
	}
	return v
}

// candidate is a published column from which a level's can be had.
type candidate struct {
	tally
	distance int
	step     int // 0 published for the level, 1 same code in another vintage, 2 summed, 3 converted
}

// candidates returns the columns a level's population can be had from, the
// best first.
func (a *Atlas) candidates(l ids.Level, year int, group Group) []candidate {
	var out []candidate
	for _, t := range a.counts {
		if t.group != group {
			continue
		}
		c := candidate{t, max(t.year-year, year-t.year), a.stepTo(l, t.level)}
		if t.projection {
			c.distance += projectionYears
		}
		if c.step >= 0 {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(x.distance, y.distance), cmp.Compare(x.step, y.step),
			cmp.Compare(y.year, x.year), strings.Compare(x.source, y.source))
	})
	return out
}

// stepTo says how a column of one level can serve another; -1 when it cannot.
func (a *Atlas) stepTo(l, from ids.Level) int {
	switch {
	case from == l:
		return 0
	case from.Type() == l.Type() && l.Type() == "lsoa":
		return 3
	case from.Type() == l.Type():
		return 1
	case rankOf(l) > rankOf(Borough) && from != Borough && a.UpTable(Borough, l) != nil:
		return a.stepTo(Borough, from)
	case rankOf(from) < rankOf(l) && a.UpTable(from, l) != nil:
		return 2
	}
	return -1
}

// fill gives the places that have no figure yet what this column has for them.
func (c candidate) fill(a *Atlas, v *vector, l ids.Level) {
	values, estimated := c.spread(a, l)
	for i, n := range values {
		if math.IsNaN(n) || !math.IsNaN(v.of[i].Persons) {
			continue
		}
		people := &v.of[i]
		people.Persons, people.Year, people.Source = n, c.year, c.source
		people.Note = c.note(l, people.Asked, estimated[i])
		people.Estimated = people.Note != ""
	}
}

func (c candidate) note(l ids.Level, asked int, shared bool) string {
	var why []string
	if c.year != asked {
		why = append(why, fmt.Sprintf("the nearest year with a figure is %d", c.year))
	}
	if c.projection {
		why = append(why, "it is a projection")
	}
	if shared && l.Type() == c.level.Type() {
		why = append(why, "it is shared out from "+Title(c.level)+" areas that were split")
	} else if shared {
		why = append(why, "small areas that cross its boundary count where most of their people live")
	}
	return strings.Join(why, "; ")
}

// spread returns the column for the places of another level, NaN where it has
// nothing or not all of a place, and which of them are estimated. Places above
// the borough are the sum of their boroughs, so that none is left out unseen.
func (c candidate) spread(a *Atlas, l ids.Level) ([]float64, []bool) {
	switch {
	case c.level == l:
		return c.values, make([]bool, len(c.values))
	case c.level.Type() == "lsoa" && l.Type() == "lsoa":
		return c.converted(a, l)
	case c.level.Type() == l.Type():
		return c.byCode(a, l)
	case rankOf(l) > rankOf(Borough) && c.level != Borough:
		values, estimated := c.spread(a, Borough)
		return a.sum(Borough, l, values, estimated)
	}
	return a.sum(c.level, l, c.values, make([]bool, len(c.values)))
}

// byCode takes over the figures of places that have the same code in another
// vintage, and so the same boundary.
func (c candidate) byCode(a *Atlas, l ids.Level) ([]float64, []bool) {
	out := blanks(a.Len(l))
	for r, code := range a.layers[l].codes {
		if from := a.ref(c.level, code); from != None {
			out[r] = c.values[from]
		}
	}
	return out, make([]bool, len(out))
}

// sum adds up the places that lie in each place of a larger level; one missing
// makes the sum missing.
func (a *Atlas) sum(from, to ids.Level, values []float64, estimated []bool) ([]float64, []bool) {
	out, some := blanks(a.Len(to)), make([]bool, a.Len(to))
	begun := make([]bool, a.Len(to))
	up := a.layers[from].up[to]
	for i, r := range up.refs {
		if r == None {
			continue
		}
		if !begun[r] {
			out[r], begun[r] = 0, true
		}
		out[r] += values[i] // NaN stays NaN
		some[r] = some[r] || up.estimated[i] || estimated[i]
	}
	return out, some
}

// converted shares the figures of small areas of one vintage among those of
// another.
func (c candidate) converted(a *Atlas, l ids.Level) ([]float64, []bool) {
	conversion, err := a.Conversion(c.level, l)
	if err != nil {
		return blanks(a.Len(l)), make([]bool, a.Len(l))
	}
	whole := conversion.Values(c.values) // a missing part makes the whole missing
	for i, reached := range conversion.reached() {
		if !reached {
			whole.Values[i] = math.NaN()
		}
	}
	return whole.Values, whole.Estimated
}
