package places

import (
	"slices"
	"strings"

	"openvru/internal/geo"
	"openvru/internal/ids"
)

// compile fits together what all files say. The order of the files matters
// only where two say different things of one place and are of the same year:
// then the later one is believed.
func compile(contents []Content) Map {
	var named, links, pairs, people int
	for _, content := range contents {
		named, links = named+len(content.Named), links+len(content.Links)
		pairs, people = pairs+len(content.Pairs), people+len(content.People)
	}
	c := &compiler{
		places: make(map[ids.Place]*entry, named),
		up:     make(map[step]claim, links),
		pairs:  make(map[Pair]bool, pairs),
		shapes: make(map[ids.Place]geo.MultiPolygon),
		people: make(map[personsKey]Population, people),
	}
	c.know()
	for i, content := range contents {
		c.take(i+1, content)
	}
	find := c.byName()
	for i, content := range contents {
		c.takeNamed(i+1, content, find)
	}
	c.index()
	c.derive()
	c.keep()
	return c.result()
}

// compiler is the state of a compile.
type compiler struct {
	places map[ids.Place]*entry
	up     map[step]claim
	pairs  map[Pair]bool
	shapes map[ids.Place]geo.MultiPolygon
	people map[personsKey]Population

	levels  []ids.Level               // with places, smaller first
	at      map[ids.Level][]string    // their codes, in order
	partner map[ids.Place][]ids.Place // what shares ground with it, by pairs
}

// entry is a place that some file names.
type entry struct {
	name  string
	from  origin
	years []string // of the columns that name it
	// solid says that a file of boundaries, populations or a supplier names the
	// place or one in it: it is of the unit's own area. Look-ups are national.
	solid bool
	filed bool // some file names it; otherwise the product merely knows it
	kept  bool
}

// seen notes a year that a column gives for the place.
func (e *entry) seen(year string) {
	if year != "" && !slices.Contains(e.years, year) {
		e.years = append(e.years, year)
	}
}

// origin orders what files say: newer years first, then later files.
type origin struct {
	year string
	file int
}

func (o origin) after(p origin) bool {
	return o.year > p.year || o.year == p.year && o.file >= p.file
}

// step is one way up from a place.
type step struct {
	child ids.Place
	to    ids.Level
}

type claim struct {
	parent    ids.Place
	estimated bool
	from      origin
}

type personsKey struct {
	place      ids.Place
	year       int
	group      Group
	projection bool
}

// know puts in what needs no file: London's boroughs and forces.
func (c *compiler) know() {
	c.name(London, "London", origin{})
	c.name(MetropolitanArea, "Metropolitan Police", origin{})
	c.name(CityOfLondonArea, "City of London", origin{})
	for i, name := range londonBoroughs {
		p := londonBorough(i)
		c.name(p, name, origin{})
		c.link(Link{Child: p, Parent: London}, origin{})
		area := MetropolitanArea
		if p == CityOfLondon {
			area = CityOfLondonArea
		}
		c.link(Link{Child: p, Parent: area}, origin{})
	}
}

// name notes a place; the newest name is kept.
func (c *compiler) name(p ids.Place, name string, from origin) *entry {
	e := c.places[p]
	if e == nil {
		e = &entry{}
		c.places[p] = e
	}
	e.filed = e.filed || from.file != 0
	if name != "" && (e.name == "" || from.after(e.from)) {
		e.name, e.from = name, from
	}
	return e
}

// link notes that a place lies in another. Where one file puts a place in two,
// the first stays, and the link is only estimated.
func (c *compiler) link(l Link, from origin) {
	key := step{l.Child, l.Parent.Level}
	have, ok := c.up[key]
	switch {
	case ok && have.parent == l.Parent:
		have.estimated = have.estimated && l.Estimated
		c.up[key] = have
	case ok && from.file != 0 && have.from == from:
		have.estimated = true
		c.up[key] = have
	case !ok || from.after(have.from):
		c.up[key] = claim{l.Parent, l.Estimated, from}
	}
}

// take notes what a file says of places it gives codes of.
func (c *compiler) take(file int, content Content) {
	solid := content.Kind != Lookup
	for _, n := range content.Named {
		e := c.name(n.Place.Place, n.Name, origin{n.Year, file})
		e.seen(n.Year)
		e.solid = e.solid || solid
	}
	for _, l := range content.Links {
		if l.Parent.Code != "" {
			c.name(l.Parent, l.ParentName, origin{l.Year, file}).seen(l.Year)
			c.link(l.Link, origin{l.Year, file})
		}
	}
	for _, p := range content.Pairs {
		c.pairs[p] = true
	}
	for _, p := range content.People {
		c.people[personsKey{p.Place, p.Year, p.Group, p.Projection}] = p
	}
}

// takeNamed notes what a file says of places it only has names of, once all
// codes are known.
func (c *compiler) takeNamed(file int, content Content, find func(ids.Level, string) (ids.Place, bool)) {
	for _, l := range content.Links {
		if p, ok := find(l.Parent.Level, l.ParentName); ok && l.Parent.Code == "" {
			l.Parent = p
			c.link(l.Link, origin{l.Year, file})
		}
	}
	for _, s := range content.Shapes {
		p := s.Place.Place
		if p.Code == "" {
			var ok bool
			if p, ok = find(p.Level, s.Place.Name); !ok {
				continue
			}
		}
		c.name(p, "", origin{"", file}).solid = true
		c.shapes[p] = s.Boundary
	}
}

// byName returns a function that finds places of levels larger than wards by
// name. Smaller ones share names too often.
func (c *compiler) byName() func(ids.Level, string) (ids.Place, bool) {
	type key struct {
		level ids.Level
		name  string
	}
	found := make(map[key]ids.Place)
	for p, e := range c.places {
		if rankOf(p.Level) < rankOf(Borough) {
			continue
		}
		k := key{p.Level, Fold(e.name)}
		if have, ok := found[k]; !ok || p.Code < have.Code {
			found[k] = p
		}
	}
	return func(l ids.Level, name string) (ids.Place, bool) {
		p, ok := found[key{l, Fold(name)}]
		return p, ok
	}
}

// index sorts what is known so far, for the derivations to go through. Places
// that are plainly in another part of the country are left out: national
// look-ups are mostly those.
func (c *compiler) index() {
	c.at = make(map[ids.Level][]string)
	foreign := c.foreign()
	for p := range c.places {
		if !foreign(p) {
			c.at[p.Level] = append(c.at[p.Level], p.Code)
		}
	}
	c.levels = c.levels[:0]
	for l, codes := range c.at {
		slices.Sort(codes)
		c.levels = append(c.levels, l)
	}
	slices.SortFunc(c.levels, CompareLevels)
	c.partner = make(map[ids.Place][]ids.Place)
	for p := range c.pairs {
		c.partner[p.From] = append(c.partner[p.From], p.To)
		c.partner[p.To] = append(c.partner[p.To], p.From)
	}
	for _, partners := range c.partner {
		slices.SortFunc(partners, comparePlaces)
	}
}

func comparePlaces(x, y ids.Place) int {
	if d := CompareLevels(x.Level, y.Level); d != 0 {
		return d
	}
	return strings.Compare(x.Code, y.Code)
}

// parent returns the place of a level that p is linked to.
func (c *compiler) parent(p ids.Place, to ids.Level) (ids.Place, bool) {
	l, ok := c.up[step{p, to}]
	return l.parent, ok
}

// vintages returns the levels of one kind, newest first.
func (c *compiler) vintages(kind string) []ids.Level {
	var out []ids.Level
	for _, l := range c.levels {
		if l.Type() == kind {
			out = append(out, l)
		}
	}
	return out
}

// each calls fn with every place of a level, in order of code.
func (c *compiler) each(l ids.Level, fn func(ids.Place)) {
	for _, code := range c.at[l] {
		fn(ids.Place{Level: l, Code: code})
	}
}
