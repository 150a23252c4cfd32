package places

import (
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// Map is what an Atlas is made of, as plain values in any order: what an
// import works out, or what a test puts together by hand.
type Map struct {
	Places      []Place
	Links       []Link
	Shapes      []Shape
	Populations []Population
	Pairs       []Pair
	// Years says for which years files name a place as of: "2011", "2024". It
	// is optional.
	Years map[ids.Place][]string
}

// Shape is a place's boundary in longitude and latitude.
type Shape struct {
	Place    ids.Place
	Boundary geo.MultiPolygon
}

// Population is how many people of a group live in a place in a year.
type Population struct {
	Place   ids.Place
	Year    int
	Group   Group
	Persons float64
	Source  string // who says so: "ONS mid-year estimates"
	// Projection says that the figure was projected, not estimated after the
	// year was over.
	Projection bool
}

// Pair says that two places of different vintages share ground: one line of an
// exact-fit look-up between them.
type Pair struct{ From, To ids.Place }

// NewAtlas makes an atlas. Errors: Invalid for a map that contradicts itself:
// a place named twice, or a link, shape or population of a place not in it.
func NewAtlas(m Map) (*Atlas, error) {
	a := &Atlas{layers: make(map[ids.Level]*layer), pairs: slices.Clone(m.Pairs)}
	if err := a.addPlaces(m.Places); err != nil {
		return nil, err
	}
	a.addYears(m.Years)
	if err := a.addLinks(m.Links); err != nil {
		return nil, err
	}
	if err := a.addShapes(m.Shapes); err != nil {
		return nil, err
	}
	if err := a.addPopulations(m.Populations); err != nil {
		return nil, err
	}
	a.climb()
	return a, nil
}

func (a *Atlas) addPlaces(all []Place) error {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(x, y Place) int { return strings.Compare(x.Code, y.Code) })
	for _, p := range sorted {
		if p.Code == "" || p.Level == "" {
			return errs.New(errs.Invalid, "a place needs a level and a code: %q", p.Place.String())
		}
		y := a.layer(p.Level)
		if n := len(y.codes); n > 0 && y.codes[n-1] == p.Code {
			return errs.New(errs.Invalid, "%s is there twice", p.Place)
		}
		y.refs[p.Code] = Ref(len(y.codes))
		y.codes, y.names = append(y.codes, p.Code), append(y.names, p.Name)
	}
	slices.SortFunc(a.order, CompareLevels)
	return nil
}

// addYears notes for each place the years of the files that name it.
func (a *Atlas) addYears(years map[ids.Place][]string) {
	for _, y := range a.layers {
		y.years = make([]string, len(y.codes))
		for r, code := range y.codes {
			y.years[r] = strings.Join(years[ids.Place{Level: y.level, Code: code}], " ")
		}
	}
}

// layer returns the layer of a level, making it when it is new.
func (a *Atlas) layer(l ids.Level) *layer {
	y := a.layers[l]
	if y == nil {
		y = &layer{level: l, refs: make(map[string]Ref), direct: make(map[ids.Level]parents)}
		a.layers[l] = y
		a.order = append(a.order, l)
	}
	return y
}

func (a *Atlas) addLinks(links []Link) error {
	for _, link := range links {
		child, ok1 := a.Ref(link.Child)
		parent, ok2 := a.Ref(link.Parent)
		if !ok1 || !ok2 || link.Child.Level == link.Parent.Level {
			return errs.New(errs.Invalid, "nothing can link %s to %s", link.Child, link.Parent)
		}
		y := a.layers[link.Child.Level]
		p, ok := y.direct[link.Parent.Level]
		if !ok {
			p = noParents(len(y.codes))
			y.direct[link.Parent.Level] = p
		}
		p.refs[child], p.estimated[child] = parent, link.Estimated
	}
	return nil
}

func noParents(n int) parents {
	p := parents{make([]Ref, n), make([]bool, n)}
	for i := range p.refs {
		p.refs[i] = None
	}
	return p
}
