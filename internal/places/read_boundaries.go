package places

import (
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo"
	"openvru/internal/geo/geofile"
	"openvru/internal/ids"
)

// drawing is a file of boundaries being read.
type drawing struct {
	problems
	name   string
	header header
	codes  []column // of codes, the smallest places first
	out    Content
	at     map[string]int // code or name → index into out.Shapes
}

// readBoundaries takes the places and links from the properties of features,
// and their shapes.
func readBoundaries(name string, features geofile.Features, o Options) (Content, []Problem, error) {
	if len(features.List) == 0 {
		return Content{}, nil, errs.New(errs.Invalid, "%s has no areas in it", name)
	}
	d := &drawing{name: name, at: make(map[string]int)}
	d.out.Kind = Boundaries
	d.header = propertyNames(features)
	if err := d.arrange(features, o); err != nil {
		return Content{}, nil, err
	}
	for i, f := range features.List {
		d.feature(i+1, f)
	}
	return d.out, d.list, nil
}

// propertyNames returns the names of the properties of all features, in the
// order they are met.
func propertyNames(features geofile.Features) header {
	var names []string
	seen := make(map[string]bool)
	for _, f := range features.List {
		for _, p := range f.Properties {
			if !seen[p.Name] {
				seen[p.Name] = true
				names = append(names, p.Name)
			}
		}
	}
	return newHeader(names)
}

// arrange settles which property has the code of the area itself and which
// those of the areas it lies in.
func (d *drawing) arrange(features geofile.Features, o Options) error {
	for _, c := range d.header.codes() {
		if l := o.Level; l.Type() == c.kind && c.year == "" {
			c.year = l.Vintage()
		}
		if c.level() == "" {
			return errs.New(errs.Invalid, "%s does not say which year's set of %s its property %q is of", d.name, plural(c.kind), c.name).
				WithHint("say it with --level, for example --level %s-2018", c.kind)
		}
		d.codes = append(d.codes, c)
	}
	slices.SortStableFunc(d.codes, func(x, y column) int { return rankOf(ids.Level(x.kind)) - rankOf(ids.Level(y.kind)) })
	if len(d.codes) > 0 {
		d.out.Level = d.codes[0].level()
		return d.mainCode()
	}
	return d.onlyNames(features, o)
}

// mainCode refuses a file about something the product does not hold which
// merely says what it lies in, such as constituencies with their region.
func (d *drawing) mainCode() error {
	if other := d.header.other(); other != "" && d.codes[0].index > d.otherIndex() {
		return d.unsupported(other)
	}
	return nil
}

func (d *drawing) otherIndex() int {
	return slices.IndexFunc(d.header, func(c column) bool { return c.unknown != "" })
}

func (d *drawing) unsupported(other string) error {
	return errs.New(errs.Invalid, "%s is about %s, which are not supported", d.name, other).WithHint("%s", supported)
}

// onlyNames takes a file whose areas have names and no codes: boroughs, if the
// names are London's, or what the options say.
func (d *drawing) onlyNames(features geofile.Features, o Options) error {
	if other := d.header.other(); other != "" {
		return d.unsupported(other)
	}
	name, ok := d.nameColumn()
	if !ok {
		return errs.New(errs.Invalid, "%s has neither codes nor names of its areas", d.name).WithHint("%s", supported)
	}
	d.out.Level = o.Level
	if d.out.Level == "" && d.areLondonBoroughs(name, features) {
		d.out.Level = Borough
	}
	if d.out.Level == "" {
		return errs.New(errs.Invalid, "%s has names and no codes, and does not say what kind of places they are", d.name).
			WithHint("say it with --level, for example --level borough")
	}
	return nil
}

func (d *drawing) nameColumn() (column, bool) {
	for _, c := range d.header {
		if c.kind != "" && !c.isCode {
			return c, true
		}
	}
	return d.header.find("name", "areaname", "label", "title")
}

func (d *drawing) areLondonBoroughs(name column, features geofile.Features) bool {
	known := make(map[string]bool)
	for _, n := range londonBoroughs {
		known[Fold(n)] = true
	}
	found := 0
	for _, f := range features.List {
		if known[Fold(f.Properties.Get(name.name))] {
			found++
		}
	}
	return 2*found > len(features.List)
}

// feature takes one area.
func (d *drawing) feature(n int, f geofile.Feature) {
	place, ok := d.mainPlace(n, f)
	if !ok {
		return
	}
	shape, ok := d.checked(n, place, f.Shape)
	if !ok {
		return
	}
	key := place.Code + "\n" + place.Name
	if place.Code != "" {
		key = place.Code
	}
	if i, again := d.at[key]; again {
		d.join(n, i, shape)
		return
	}
	d.at[key] = len(d.out.Shapes)
	d.out.Shapes = append(d.out.Shapes, Drawn{place, shape})
	if place.Code != "" {
		d.register(place, f)
	}
}

// join adds a part to an area that came before, if the two fit together.
func (d *drawing) join(n, i int, shape geo.MultiPolygon) {
	before := &d.out.Shapes[i]
	d.add("repeated-area", Note, Example{Column: n, Value: before.Place.Code + " " + before.Place.Name}, "An area comes in several features; they were put together.")
	if whole, ok := d.checked(n, before.Place, slices.Concat(before.Boundary, shape)); ok {
		before.Boundary = whole
	}
}

// mainPlace reads the code and name of the area.
func (d *drawing) mainPlace(n int, f geofile.Feature) (Place, bool) {
	name, hasName := d.nameColumn()
	p := Place{Place: ids.Place{Level: d.out.Level}}
	if len(d.codes) > 0 {
		p.Code = strings.ToUpper(text(f.Properties.Get(d.codes[0].name)))
		name, hasName = d.header.nameOf(d.codes[0])
	}
	if hasName {
		p.Name = text(f.Properties.Get(name.name))
	}
	switch {
	case len(d.codes) == 0 && p.Name == "":
		d.add("blank-name", Refuse, Example{Column: n}, "An area has no name.")
		return p, false
	case len(d.codes) == 0:
		return p, true
	case validCode(p.Code) && (p.Code[0] == 'S' || p.Code[0] == 'N'):
		d.add("other-country", Note, Example{Column: n, Value: p.Code}, "Places outside England and Wales were left out.")
		return p, false
	case !codeOf(p.Level, p.Code):
		d.add("bad-code", Refuse, Example{Column: n, Value: p.Code}, "Property %q should hold codes of %s, and holds something else.", d.codes[0].name, plural(d.codes[0].kind))
		return p, false
	}
	return p, true
}

// register notes the area, and the larger ones it says it lies in.
func (d *drawing) register(place Place, f geofile.Feature) {
	d.out.Named = append(d.out.Named, Named{place, d.codes[0].year})
	for _, c := range d.codes[1:] {
		parent := ids.Place{Level: c.level(), Code: strings.ToUpper(text(f.Properties.Get(c.name)))}
		if rankOf(parent.Level) == rankOf(place.Level) || !codeOf(parent.Level, parent.Code) {
			continue
		}
		name := ""
		if n, ok := d.header.nameOf(c); ok {
			name = text(f.Properties.Get(n.name))
		}
		link := Link{place.Place, parent, bestFit(place.Level, parent.Level)}
		d.out.Links = append(d.out.Links, Claim{Link: link, ParentName: name, Year: c.year})
	}
}
