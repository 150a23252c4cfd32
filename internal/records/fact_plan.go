package records

import (
	"fmt"
	"maps"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// planLine chooses the source of a line: the one asked for, or the series'
// first that has every month, or else the one with the most months. Sources
// are never mixed in one line.
func (a *asking) planLine(s *Series, place places.Place) linePlan {
	best, most := linePlan{series: s, place: place}, 0
	for _, feed := range s.Feeds {
		if a.q.Source != "" && feed.Source != a.q.Source {
			continue
		}
		line := a.planFrom(s, place, feed.Source)
		n := line.monthsKnown(len(a.months))
		if n > most {
			best, most = line, n
		}
		if n == len(a.months) {
			break
		}
	}
	return best
}

// monthsKnown counts the months that every part of the line tells.
func (l *linePlan) monthsKnown(n int) int {
	known := 0
	for m := range n {
		if l.known(m) {
			known++
		}
	}
	return known
}

func (l *linePlan) known(m int) bool {
	for i := range l.parts {
		if l.parts[i].by[m] < 0 {
			return false
		}
	}
	return len(l.parts) > 0
}

// planFrom puts a line together from one source.
func (a *asking) planFrom(s *Series, place places.Place, source ids.Source) linePlan {
	line := linePlan{series: s, place: place, source: source}
	a.target(&line, s)
	t := a.told(s, source, line.level)
	home := a.homeForces(place)
	line.parts = a.homeParts(&line, t, home)
	if len(line.parts) > 0 && place.Level != LevelForce && place.Level != LevelRegion {
		a.addVisitors(&line, t, home)
	}
	return line
}

// target finds the places whose facts make up the line.
func (a *asking) target(line *linePlan, s *Series) {
	p := line.place
	switch p.Level {
	case LevelRegion:
		line.level, line.blocks = LevelForce, []string{AllPlaces}
		for _, f := range a.homeForces(p) {
			line.codes = append(line.codes, weighted{f, 1})
		}
		return
	case places.CSP, places.BCU:
		line.level, line.blocks = LevelBorough, []string{AllPlaces}
		for _, b := range a.atlas.Down(p.Place, LevelBorough) {
			line.codes = append(line.codes, weighted{b.Code, 1})
		}
		return
	}
	line.level, line.codes = p.Level, []weighted{{p.Code, 1}}
	if other, ok := a.otherVintage(s, line.source, p.Level); ok {
		a.convert(line, other)
	}
	line.blocks = a.blocksFor(line.level, line.codes)
}

// otherVintage returns the vintage that a level's figures must be worked out
// from, when there are none of its own.
func (a *asking) otherVintage(s *Series, source ids.Source, level ids.Level) (ids.Level, bool) {
	if level.Vintage() == "" || a.has(s, source, level) {
		return "", false
	}
	for _, other := range a.atlas.Vintages(level.Type()) {
		if other != level && a.has(s, source, other) {
			return other, true
		}
	}
	return "", false
}

func (a *asking) has(s *Series, source ids.Source, level ids.Level) bool {
	return len(a.told(s, source, level)) > 0
}

// convert makes the line an estimate from places of another vintage.
func (a *asking) convert(line *linePlan, from ids.Level) {
	c, err := a.atlas.Conversion(from, line.level)
	if err != nil {
		return // kinds or levels without a way between them: the line has no values
	}
	to, _ := a.atlas.Ref(line.place.Place)
	var codes []weighted
	exact := true
	for r := range a.atlas.Len(from) {
		for _, share := range c.Shares(places.Ref(r)) {
			if share.To == to {
				codes = append(codes, weighted{a.atlas.Place(from, places.Ref(r)).Code, share.Weight})
				exact = exact && c.Basis(places.Ref(r)) == places.Same
			}
		}
	}
	line.level, line.codes = from, codes
	if !exact {
		line.estimated = fmt.Sprintf("The figures for this place are estimated from those of the places of %s that share its ground.", places.Title(from))
	}
}

// blocksFor returns the blocks that hold the places.
func (a *asking) blocksFor(level ids.Level, codes []weighted) []string {
	if !cutUp(level) {
		return []string{AllPlaces}
	}
	out := []string{NoBlock}
	for _, c := range codes {
		if ref, ok := a.atlas.Ref(ids.Place{Level: level, Code: c.code}); ok {
			out = append(out, blockName(a.atlas, level, ref))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// homeForces returns the codes of the police areas a place lies in.
func (a *asking) homeForces(p places.Place) []string {
	var out []string
	switch p.Level {
	case LevelForce:
		return []string{p.Code}
	case LevelRegion, places.CSP, places.BCU:
		for _, f := range a.atlas.Down(p.Place, LevelForce) {
			out = append(out, f.Code)
		}
		for _, b := range a.atlas.Down(p.Place, LevelBorough) {
			if f, ok := a.atlas.Up(b, LevelForce); ok {
				out = append(out, f.Code)
			}
		}
	default:
		if f, ok := a.atlas.Up(p.Place, LevelForce); ok {
			out = append(out, f.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// homeParts takes every force of the place that tells half the months or more;
// when none does, the one that tells the most. Those left out are named. A
// place whose forces nobody knows takes every force that tells anything.
func (a *asking) homeParts(line *linePlan, t told, home []string) []partPlan {
	if len(home) == 0 {
		home = slices.Sorted(maps.Keys(t))
	}
	enough := min((len(a.months)+1)/2, max(1, mostMonths(t, home)))
	for _, f := range home {
		by := t[f]
		if n := monthsTold(by); n < enough {
			line.lacks = append(line.lacks, a.lack(line, f, n))
			continue
		}
		line.parts = append(line.parts, partPlan{force: f, by: by})
	}
	return line.parts
}

func mostMonths(t told, forces []string) int {
	most := 0
	for _, f := range forces {
		most = max(most, monthsTold(t[f]))
	}
	return most
}

func monthsTold(by []int16) int {
	n := 0
	for _, e := range by {
		if e >= 0 {
			n++
		}
	}
	return n
}

func (a *asking) lack(line *linePlan, force string, months int) Lack {
	f := a.force(force)
	if months == 0 {
		return Lack{f, fmt.Sprintf("No figures from %s (%s) are kept for these months.", f.Name, line.source)}
	}
	return Lack{f, fmt.Sprintf("%s (%s) has figures for only %d of the %d months, so its counts are left out.",
		f.Name, line.source, months, len(a.months))}
}

// force names the force of a police area by the area's code: as police files
// name it where we know, or else as the area is named.
func (a *asking) force(code string) places.Place {
	id := ids.Place{Level: LevelForce, Code: code}
	for _, f := range places.Forces() {
		if f.Area == id {
			return places.Place{Place: id, Name: f.Name}
		}
	}
	if p, ok := a.atlas.Get(id); ok {
		return p
	}
	return places.Place{Place: id, Name: code}
}

// addVisitors adds what other forces recorded in the place, when they tell of
// every month the home force does: a force whose account is not whole would
// make a step in the line.
func (a *asking) addVisitors(line *linePlan, t told, home []string) {
	n := len(line.parts)
	for _, force := range slices.Sorted(maps.Keys(t)) {
		if slices.Contains(home, force) || hasPart(line.parts[:n], force) {
			continue
		}
		by := t[force]
		if tellsAll(by, line, n) {
			line.parts = append(line.parts, partPlan{force: force, by: by})
			continue
		}
		line.lacks = append(line.lacks, a.lack(line, force, monthsTold(by)))
	}
}

func hasPart(parts []partPlan, force string) bool {
	return slices.ContainsFunc(parts, func(p partPlan) bool { return p.force == force })
}

// tellsAll reports whether a force tells every month that the first n parts
// all tell.
func tellsAll(by []int16, line *linePlan, n int) bool {
	for m := range by {
		all := true
		for _, p := range line.parts[:n] {
			all = all && p.by[m] >= 0
		}
		if all && by[m] < 0 {
			return false
		}
	}
	return true
}

// yearsOf returns the first and last year of some months.
func yearsOf(months []period.Month) (from, to int) {
	return months[0].Year(), months[len(months)-1].Year()
}
