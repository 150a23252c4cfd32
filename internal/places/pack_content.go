package places

import (
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// pack writes a content to be kept.
func (c *Content) pack() []byte {
	p := newPacker(contentVersion)
	p.text(string(c.Kind))
	p.text(string(c.Level))
	p.int(len(c.Named))
	for _, n := range c.Named {
		p.place(n.Place.Place)
		p.text(n.Name)
		p.text(n.Year)
	}
	p.int(len(c.Links))
	for _, l := range c.Links {
		p.place(l.Child)
		p.place(l.Parent)
		p.bool(l.Estimated)
		p.text(l.ParentName)
		p.text(l.Year)
	}
	p.int(len(c.Pairs))
	for _, pair := range c.Pairs {
		p.place(pair.From)
		p.place(pair.To)
	}
	p.int(len(c.People))
	for _, q := range c.People {
		p.population(q)
	}
	p.drawn(c.Shapes)
	return p.buf
}

func (p *packer) place(at ids.Place) {
	p.text(string(at.Level))
	p.text(at.Code)
}

func (p *packer) population(q Population) {
	p.place(q.Place)
	p.int(q.Year)
	p.text(string(q.Group))
	p.number(q.Persons)
	p.text(q.Source)
	p.bool(q.Projection)
}

// drawn writes whose the boundaries are, and then the boundaries, which run to
// the end.
func (p *packer) drawn(all []Drawn) {
	p.int(len(all))
	shapes := make([]geo.MultiPolygon, len(all))
	for i, s := range all {
		p.place(s.Place.Place)
		p.text(s.Place.Name)
		shapes[i] = s.Boundary
	}
	p.buf = append(p.buf, packShapes(shapes)...)
}

// unpackContent reads what pack wrote.
func unpackContent(b []byte) (Content, error) {
	u := newUnpacker(b, contentVersion)
	c := Content{Kind: Kind(u.text()), Level: ids.Level(u.text())}
	c.Named = make([]Named, u.count())
	for i := range c.Named {
		c.Named[i] = Named{Place{u.place(), u.text()}, u.text()}
	}
	c.Links = make([]Claim, u.count())
	for i := range c.Links {
		c.Links[i] = Claim{Link{u.place(), u.place(), u.bool()}, u.text(), u.text()}
	}
	c.Pairs = make([]Pair, u.count())
	for i := range c.Pairs {
		c.Pairs[i] = Pair{u.place(), u.place()}
	}
	c.People = make([]Population, u.count())
	for i := range c.People {
		c.People[i] = u.population()
	}
	c.Shapes = make([]Drawn, u.count())
	for i := range c.Shapes {
		c.Shapes[i].Place = Place{u.place(), u.text()}
	}
	if u.err != nil {
		return Content{}, u.err
	}
	shapes, err := unpackShapes(u.buf)
	if err != nil || len(shapes) != len(c.Shapes) {
		return Content{}, errPacked
	}
	for i := range c.Shapes {
		c.Shapes[i].Boundary = shapes[i]
	}
	return c, nil
}

func (u *unpacker) place() ids.Place {
	return ids.Place{Level: ids.Level(u.text()), Code: u.text()}
}

func (u *unpacker) population() Population {
	return Population{u.place(), u.int(), Group(u.text()), u.number(), u.text(), u.bool()}
}
