package places

import (
	"openvru/internal/ids"
)

// Packed is an atlas as it is kept: everything but the boundaries in one text
// of bytes, and the boundaries of each level in another, so that an import of
// populations does not write boundaries again.
type Packed struct {
	Core   []byte
	Shapes map[ids.Level][]byte
}

// pack writes an atlas to be kept.
func (a *Atlas) pack() Packed {
	p := newPacker(atlasVersion)
	out := Packed{Shapes: make(map[ids.Level][]byte)}
	p.int(len(a.order))
	for _, l := range a.order {
		p.layer(a.layers[l])
	}
	for _, l := range a.order {
		p.direct(a.layers[l])
		if shapes := a.layers[l].shapes; shapes != nil {
			out.Shapes[l] = packShapes(shapes)
		}
	}
	p.tallies(a.counts)
	p.int(len(a.pairs))
	for _, pair := range a.pairs {
		p.place(pair.From)
		p.place(pair.To)
	}
	out.Core = p.buf
	return out
}

func (p *packer) layer(y *layer) {
	p.text(string(y.level))
	p.int(len(y.codes))
	for r, code := range y.codes {
		p.text(code)
		p.text(y.names[r])
		p.text(y.years[r])
	}
}

func (p *packer) direct(y *layer) {
	p.int(len(y.direct))
	for _, to := range sortedLevels(y.direct) {
		p.text(string(to))
		up := y.direct[to]
		for i, r := range up.refs {
			n := 2 * int(r)
			if up.estimated[i] {
				n++
			}
			p.int(n)
		}
	}
}

func (p *packer) tallies(all []tally) {
	p.int(len(all))
	for _, t := range all {
		p.text(string(t.level))
		p.int(t.year)
		p.text(string(t.group))
		p.text(t.source)
		p.bool(t.projection)
		for _, v := range t.values {
			p.number(v)
		}
	}
}

// unpackAtlas reads what pack wrote.
func unpackAtlas(kept Packed) (*Atlas, error) {
	u := newUnpacker(kept.Core, atlasVersion)
	a := &Atlas{layers: make(map[ids.Level]*layer)}
	for range u.count() {
		u.layer(a)
	}
	for _, l := range a.order {
		u.direct(a, a.layers[l])
	}
	u.tallies(a)
	a.pairs = make([]Pair, u.count())
	for i := range a.pairs {
		a.pairs[i] = Pair{u.place(), u.place()}
	}
	if u.err != nil {
		return nil, u.err
	}
	if err := a.hangShapes(kept.Shapes); err != nil {
		return nil, err
	}
	a.climb()
	return a, nil
}

func (u *unpacker) layer(a *Atlas) {
	l, n := ids.Level(u.text()), u.count()
	if a.layers[l] != nil {
		u.fail()
		return
	}
	y := a.layer(l)
	y.codes, y.names, y.years = make([]string, n), make([]string, n), make([]string, n)
	y.refs = make(map[string]Ref, n)
	for r := range n {
		y.codes[r], y.names[r], y.years[r] = u.text(), u.text(), u.text()
		y.refs[y.codes[r]] = Ref(r)
	}
}

func (u *unpacker) direct(a *Atlas, y *layer) {
	for range u.count() {
		to := ids.Level(u.text())
		limit := a.Len(to)
		up := noParents(len(y.codes))
		for i := range up.refs {
			n := u.int()
			up.refs[i], up.estimated[i] = Ref(n>>1), n&1 == 1
			if n>>1 < -1 || n>>1 >= limit {
				u.fail()
				return
			}
		}
		if to == y.level || limit == 0 {
			u.fail()
			return
		}
		y.direct[to] = up
	}
}

func (u *unpacker) tallies(a *Atlas) {
	a.counts = make([]tally, u.count())
	for i := range a.counts {
		t := tally{level: ids.Level(u.text()), year: u.int(), group: Group(u.text()), source: u.text(), projection: u.bool()}
		t.values = make([]float64, a.Len(t.level))
		for r := range t.values {
			t.values[r] = u.number()
		}
		a.counts[i] = t
	}
}

func (a *Atlas) hangShapes(kept map[ids.Level][]byte) error {
	for l, b := range kept {
		shapes, err := unpackShapes(b)
		if err != nil {
			return err
		}
		if len(shapes) != a.Len(l) || len(shapes) == 0 {
			return errPacked
		}
		a.layers[l].shapes = shapes
	}
	for _, y := range a.layers {
		y.measureShapes()
	}
	return nil
}
