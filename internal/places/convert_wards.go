package places

import (
	"math"
	"slices"

	"openvru/internal/geo"
	"openvru/internal/ids"
)

// wardParts shares a ward that was redrawn among the wards of the other set by
// the people of the small areas in it.
func (a *Atlas) wardParts(from, to ids.Level) func(Ref) ([]Share, Basis) {
	overlaps := a.overlaps(from, to)
	return func(r Ref) ([]Share, Basis) {
		if shares, basis := overlaps.of(r); len(shares) > 0 {
			return shares, basis
		}
		if t := a.alike(from, r, to); t != None {
			return []Share{{t, 1}}, ByName
		}
		return nil, Nowhere
	}
}

// overlap is how much of each ward lies in each ward of another set, counted
// in small areas.
type overlap struct {
	basis Basis
	size  []map[Ref]float64
}

// overlaps goes over the small areas that are linked to both sets, of the
// vintage that has the most of them.
func (a *Atlas) overlaps(from, to ids.Level) overlap {
	var best overlap
	most := 0
	for _, l := range a.Vintages("lsoa") {
		if o, n := a.overlapsBy(l, from, to); n > most {
			best, most = o, n
		}
	}
	return best
}

func (a *Atlas) overlapsBy(small, from, to ids.Level) (overlap, int) {
	up, across := a.UpTable(small, from), a.UpTable(small, to)
	if up == nil || across == nil {
		return overlap{}, 0
	}
	weigh, basis := a.weights(small)
	o := overlap{basis, make([]map[Ref]float64, a.Len(from))}
	n := 0
	for i, f := range up {
		t := across[i]
		if f == None || t == None {
			continue
		}
		n++
		if a.ref(from, a.layers[to].codes[t]) != None {
			continue // that ward is the same in both sets: nothing else is in it
		}
		if o.size[f] == nil {
			o.size[f] = make(map[Ref]float64)
		}
		o.size[f][t] += weigh(Ref(i))
	}
	return o, n
}

// weights returns the people of each small area, or one for each where nobody
// knows.
func (a *Atlas) weights(small ids.Level) (func(Ref) float64, Basis) {
	years := a.PopulationYears()
	if len(years) > 0 {
		people := a.vector(small, years[len(years)-1], Everybody).of
		if !slices.ContainsFunc(people, func(p People) bool { return math.IsNaN(p.Persons) }) {
			return func(r Ref) float64 { return people[r].Persons }, ByPopulation
		}
	}
	return func(Ref) float64 { return 1 }, Equally
}

func (o overlap) of(r Ref) ([]Share, Basis) {
	if o.size == nil || len(o.size[r]) == 0 {
		return nil, Nowhere
	}
	total := 0.0
	shares := make([]Share, 0, len(o.size[r]))
	for t, n := range o.size[r] {
		shares = append(shares, Share{t, n})
	}
	slices.SortFunc(shares, func(x, y Share) int { return int(x.To - y.To) })
	for _, s := range shares {
		total += s.Weight
	}
	if total == 0 {
		return nil, Nowhere
	}
	for i := range shares {
		shares[i].Weight /= total
	}
	return shares, o.basis
}

// alike finds the ward of the same name in the same borough, or else the one
// at a point inside the ward.
func (a *Atlas) alike(from ids.Level, r Ref, to ids.Level) Ref {
	p := a.Place(from, r)
	borough, ok := a.Up(p.Place, Borough)
	if ok {
		for _, t := range a.DownRefs(borough, to) {
			if Fold(a.layers[to].names[t]) == Fold(p.Name) {
				return t
			}
		}
	}
	if shape, ok := a.Shape(p.Place); ok {
		return a.wardAt(to, insidePoint(shape))
	}
	return None
}

// wardAt returns the ward that a point lies in or, in a set without
// boundaries, the one that the point's small area belongs to.
func (a *Atlas) wardAt(l ids.Level, p geo.Point) Ref {
	if a.HasBoundaries(l) {
		return a.Locate(l, p.X, p.Y)
	}
	for _, small := range a.Vintages("lsoa") {
		if r := a.Locate(small, p.X, p.Y); r != None {
			if ward := a.UpRef(small, r, l); ward != None {
				return ward
			}
		}
	}
	return None
}
