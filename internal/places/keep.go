package places

import (
	"slices"

	"openvru/internal/ids"
)

// keep marks what belongs to the unit's own area. Look-ups are national: of
// them is kept what lies in boroughs that a file of boundaries, populations or
// a supplier names places in, and the larger places those boroughs are part
// of, with all their boroughs, so that no total is of a part unnoticed. While
// there are look-ups only, all is kept.
func (c *compiler) keep() {
	own, any := c.ownBoroughs()
	for p, e := range c.places {
		b, ok := c.boroughOf(p)
		e.kept = !any && e.filed || e.solid || ok && own[b]
	}
	for b := range own {
		c.keepAbove(b)
	}
	c.each(Borough, func(b ids.Place) {
		for _, l := range []ids.Level{CSP, BCU, PFA, Region} {
			if p, ok := c.parent(b, l); ok && c.places[p].kept {
				c.places[b].kept = true
			}
		}
	})
}

// foreign returns a function that tells which places below the borough are in
// a borough that is not the unit's own. While some place of the unit's own
// files is in no known borough yet, nobody can tell, and none is.
func (c *compiler) foreign() func(ids.Place) bool {
	own, any := c.ownBoroughs()
	for p, e := range c.places {
		if _, ok := c.boroughOf(p); e.solid && !ok && rankOf(p.Level) < rankOf(Borough) {
			any = false
		}
	}
	return func(p ids.Place) bool {
		b, ok := c.boroughOf(p)
		return any && ok && !own[b] && p.Level != Borough && !c.places[p].solid
	}
}

// ownBoroughs returns the boroughs of the unit's own area, and whether any
// file says what that is.
func (c *compiler) ownBoroughs() (map[ids.Place]bool, bool) {
	own := make(map[ids.Place]bool)
	any := false
	for p, e := range c.places {
		if !e.solid {
			continue
		}
		any = true
		if b, ok := c.boroughOf(p); ok {
			own[b] = true
		}
	}
	return own, any
}

func (c *compiler) boroughOf(p ids.Place) (ids.Place, bool) {
	if p.Level == Borough {
		return p, true
	}
	return c.parent(p, Borough)
}

func (c *compiler) keepAbove(b ids.Place) {
	for _, l := range c.levels {
		if p, ok := c.parent(b, l); ok && rankOf(l) > rankOf(Borough) {
			c.places[p].kept = true
		}
	}
}

// result is the map of what is kept, in a fixed order.
func (c *compiler) result() Map {
	m := Map{Years: make(map[ids.Place][]string)}
	for _, l := range c.levels {
		c.each(l, func(p ids.Place) {
			if c.kept(p) {
				m.Places = append(m.Places, Place{p, c.bestName(p)})
				slices.Sort(c.places[p].years)
				m.Years[p] = c.places[p].years
			}
		})
	}
	c.addLinks(&m)
	for _, p := range m.Places {
		if s := c.shapes[p.Place]; len(s) > 0 {
			m.Shapes = append(m.Shapes, Shape{p.Place, s})
		}
	}
	for key, p := range c.people {
		if c.kept(key.place) {
			m.Populations = append(m.Populations, p)
		}
	}
	for pair := range c.pairs {
		if c.kept(pair.From) && c.kept(pair.To) {
			m.Pairs = append(m.Pairs, pair)
		}
	}
	slices.SortFunc(m.Pairs, comparePairs)
	return m
}

func comparePairs(x, y Pair) int {
	if d := comparePlaces(x.From, y.From); d != 0 {
		return d
	}
	return comparePlaces(x.To, y.To)
}

func (c *compiler) kept(p ids.Place) bool {
	e := c.places[p]
	return e != nil && e.kept
}

func (c *compiler) addLinks(m *Map) {
	for _, p := range m.Places {
		for _, l := range c.levels {
			link, ok := c.up[step{p.Place, l}]
			if ok && c.kept(link.parent) {
				m.Links = append(m.Links, Link{p.Place, link.parent, link.estimated})
			}
		}
	}
}

// bestName is the name a file gives, or that of the same code in another
// vintage, or the code.
func (c *compiler) bestName(p ids.Place) string {
	if e := c.places[p]; e.name != "" {
		return e.name
	}
	for _, l := range c.vintages(p.Level.Type()) {
		if e := c.places[ids.Place{Level: l, Code: p.Code}]; e != nil && e.name != "" {
			return e.name
		}
	}
	return p.Code
}
