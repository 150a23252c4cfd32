package places

import (
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// derive works out links that no file gives, from surer sources to weaker.
// Every link between places that need not nest is marked estimated.
func (c *compiler) derive() {
	small, wards := c.vintages("lsoa"), c.vintages("ward")
	for _, l := range append(append([]ids.Level{}, wards...), small...) {
		c.inheritBoroughs(l)
	}
	for _, l := range small {
		c.boroughsByPartners(l)
		for _, w := range wards {
			c.wardsByCode(l, w, wards)
		}
	}
	for _, l := range small {
		for _, w := range wards {
			c.wardsByPartners(l, w, small)
			c.wardsByPosition(l, w)
		}
	}
	c.boroughsOfWards(small, wards)
	c.boroughsByWard(small, wards)
	c.boroughsByPosition(append(small, wards...))
	for _, l := range []ids.Level{CSP, PFA, BCU} {
		c.regionsByBoroughs(l)
	}
}

// inheritBoroughs takes over the borough of the same code in another vintage:
// a code names one boundary for good.
func (c *compiler) inheritBoroughs(l ids.Level) {
	c.each(l, func(p ids.Place) {
		if _, ok := c.parent(p, Borough); ok {
			return
		}
		for _, other := range c.vintages(l.Type()) {
			if b, ok := c.parent(ids.Place{Level: other, Code: p.Code}, Borough); ok {
				c.link(Link{Child: p, Parent: b}, origin{})
				return
			}
		}
	})
}

// boroughsByPartners takes over the borough of what an LSOA was split into or
// merged from, where all agree.
func (c *compiler) boroughsByPartners(l ids.Level) {
	c.each(l, func(p ids.Place) {
		if _, ok := c.parent(p, Borough); ok {
			return
		}
		if b, unanimous := c.commonest(c.partner[p], Borough); unanimous {
			c.link(Link{Child: p, Parent: b}, origin{})
		}
	})
}

// wardsByCode links an LSOA to the ward of set w whose code it is linked to in
// another set.
func (c *compiler) wardsByCode(l, w ids.Level, wards []ids.Level) {
	c.each(l, func(p ids.Place) {
		if _, ok := c.parent(p, w); ok {
			return
		}
		for _, other := range wards {
			ward, ok := c.parent(p, other)
			same := ids.Place{Level: w, Code: ward.Code}
			if ok && other != w && c.places[same] != nil {
				c.link(Link{p, same, true}, origin{})
				return
			}
		}
	})
}

// wardsByPartners links an LSOA to the ward that the same ground is linked to
// in another vintage of LSOA.
func (c *compiler) wardsByPartners(l, w ids.Level, small []ids.Level) {
	c.each(l, func(p ids.Place) {
		if _, ok := c.parent(p, w); ok {
			return
		}
		if ward, _ := c.commonest(c.sameGround(p, small), w); !ward.IsZero() {
			c.link(Link{p, ward, true}, origin{})
		}
	})
}

// sameGround returns the places of other vintages that share ground with p:
// its partners, or the same code.
func (c *compiler) sameGround(p ids.Place, vintages []ids.Level) []ids.Place {
	if partners := c.partner[p]; len(partners) > 0 {
		return partners
	}
	var out []ids.Place
	for _, l := range vintages {
		if q := (ids.Place{Level: l, Code: p.Code}); l != p.Level && c.places[q] != nil {
			out = append(out, q)
		}
	}
	return out
}

// commonest returns the place of a level that most of some places are linked
// to, the first among equals, and whether all of them are.
func (c *compiler) commonest(of []ids.Place, to ids.Level) (best ids.Place, unanimous bool) {
	votes := make(map[ids.Place]int)
	for _, p := range of {
		parent, ok := c.parent(p, to)
		if !ok {
			continue
		}
		votes[parent]++
		if n := votes[parent]; n > votes[best] || n == votes[best] && parent.Code < best.Code {
			best = parent
		}
	}
	return best, len(votes) == 1 && votes[best] == len(of)
}

// wardsByPosition links what is left to the ward that a point inside the LSOA
// lies in, where both have boundaries.
func (c *compiler) wardsByPosition(l, w ids.Level) { c.byPosition(l, w, true) }

// boroughsByPosition does the same for boroughs; small areas and wards nest in
// them, but a simplified boundary may still mislead.
func (c *compiler) boroughsByPosition(levels []ids.Level) {
	for _, l := range levels {
		c.byPosition(l, Borough, true)
	}
}

func (c *compiler) byPosition(l, to ids.Level, estimated bool) {
	var find func(geo.Point) (ids.Place, bool)
	c.each(l, func(p ids.Place) {
		shape := c.shapes[p]
		if _, linked := c.parent(p, to); linked || len(shape) == 0 {
			return
		}
		if find == nil {
			find = c.locator(to)
		}
		if parent, ok := find(insidePoint(shape)); ok {
			c.link(Link{p, parent, estimated}, origin{})
		}
	})
}

// locator finds places of a level by position.
func (c *compiler) locator(l ids.Level) func(geo.Point) (ids.Place, bool) {
	var shapes []geo.MultiPolygon
	var at []ids.Place
	c.each(l, func(p ids.Place) {
		if s := c.shapes[p]; len(s) > 0 {
			shapes, at = append(shapes, s), append(at, p)
		}
	})
	if len(shapes) == 0 {
		return func(geo.Point) (ids.Place, bool) { return ids.Place{}, false }
	}
	index := geo.NewIndex(shapes)
	return func(p geo.Point) (ids.Place, bool) {
		i := index.Locate(p)
		if i < 0 {
			return ids.Place{}, false
		}
		return at[i], true
	}
}

// boroughsOfWards puts a ward in the borough that the LSOAs linked to it are
// in: wards nest in boroughs, so where they all agree it is no estimate.
func (c *compiler) boroughsOfWards(small, wards []ids.Level) {
	for _, w := range wards {
		members := make(map[ids.Place][]ids.Place)
		for _, l := range small {
			c.each(l, func(p ids.Place) {
				if ward, ok := c.parent(p, w); ok {
					members[ward] = append(members[ward], p)
				}
			})
		}
		c.each(w, func(ward ids.Place) {
			if _, ok := c.parent(ward, Borough); ok {
				return
			}
			if b, unanimous := c.commonest(members[ward], Borough); !b.IsZero() {
				c.link(Link{ward, b, !unanimous}, origin{})
			}
		})
	}
}

// boroughsByWard puts an LSOA of unknown borough in its ward's.
func (c *compiler) boroughsByWard(small, wards []ids.Level) {
	for _, l := range small {
		c.each(l, func(p ids.Place) {
			for _, w := range wards {
				ward, ok := c.parent(p, w)
				b, known := c.parent(ward, Borough)
				if _, linked := c.parent(p, Borough); ok && known && !linked {
					c.link(Link{p, b, true}, origin{})
				}
			}
		})
	}
}

// regionsByBoroughs puts a place made of boroughs in the region that all of
// them are in.
func (c *compiler) regionsByBoroughs(l ids.Level) {
	members := make(map[ids.Place][]ids.Place)
	c.each(Borough, func(b ids.Place) {
		if p, ok := c.parent(b, l); ok {
			members[p] = append(members[p], b)
		}
	})
	c.each(l, func(p ids.Place) {
		_, linked := c.parent(p, Region)
		if r, unanimous := c.commonest(members[p], Region); unanimous && !linked {
			c.link(Link{Child: p, Parent: r}, origin{})
		}
	})
}
