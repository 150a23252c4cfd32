package places

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Options say what a file does not say itself, or says wrongly.
type Options struct {
	// Level is the level of the places the file is about: needed where its
	// column has no year, as "WardCode".
	Level ids.Level
	// Year is the year of a population file whose columns and name have none.
	Year int
	// Today is the present year: figures of a file that goes past it are
	// projections. The service sets it.
	Today int
	// Source says who publishes the populations of a file.
	Source string
}

// tableFile is a table of codes being read: its sheet, its columns of codes from
// the smallest places to the largest, and what is found in it.
type tableFile struct {
	*sheet
	problems
	name    string // of the file
	options Options
	codes   []column
	names   []int // column of names for each of codes, or -1
	out     Content
	seen    map[ids.Place]bool
	linked  map[[2]ids.Place]bool
	within  map[step]ids.Place // the first place of a level that each is put in
	counted map[personsKey]bool
}

// readTable reads a look-up or a table of populations.
func readTable(name string, r io.Reader, o Options) (Content, []Problem, error) {
	s, err := openSheet(name, r)
	if err != nil {
		return Content{}, nil, err
	}
	t := &tableFile{sheet: s, name: name, options: o, seen: make(map[ids.Place]bool), linked: make(map[[2]ids.Place]bool), within: make(map[step]ids.Place), counted: make(map[personsKey]bool)}
	if err := t.declined(); err != nil {
		return Content{}, nil, err
	}
	t.codes = s.header.codes()
	if long, ok := t.longForm(); ok {
		err = t.readLong(long)
		return t.out, t.list, err
	}
	if err := t.arrange(); err != nil {
		return Content{}, nil, err
	}
	if groups := groupColumns(s.header); len(groups) > 0 {
		err = t.readWide(groups)
	} else {
		t.readLookup()
	}
	if err == nil && len(t.out.Named) == 0 && len(t.list) == 0 {
		err = errs.New(errs.Invalid, "%s has the names of its columns and nothing below them", name).WithHint("check that the download finished")
	}
	return t.out, t.list, err
}

// declined refuses, by name, files that are often beside these ones but are
// something else.
func (t *tableFile) declined() error {
	for _, c := range t.header {
		if strings.Contains(plainKey(c.name), "indexofmultipledeprivation") {
			return errs.New(errs.Invalid, "%s holds deprivation scores, which are not places", t.name).
				WithHint("vru places import takes boundaries, look-ups and populations; leave this file out")
		}
	}
	return nil
}

// arrange settles the level of every column of codes.
func (t *tableFile) arrange() error {
	if len(t.codes) == 0 {
		return t.unrecognised()
	}
	slices.SortStableFunc(t.codes, func(x, y column) int { return rankOf(ids.Level(x.kind)) - rankOf(ids.Level(y.kind)) })
	for i := range t.codes {
		c := &t.codes[i]
		if l := t.options.Level; l.Type() == c.kind && (c.year == "" || i == 0) && l.Vintage() != "" {
			c.year = l.Vintage()
		}
		if c.level() == "" {
			return errs.New(errs.Invalid, "%s does not say which year's set of %s its column %q is of", t.name, plural(c.kind), c.name).
				WithHint("say it with --level, for example --level %s-2018", c.kind)
		}
		name := -1
		if n, ok := t.header.nameOf(*c); ok {
			name = n.index
		}
		t.names = append(t.names, name)
	}
	t.out.Level = t.codes[0].level()
	return nil
}

func plural(kind string) string {
	t, _ := TypeOf(ids.Level(kind))
	return t.Plural
}

func (t *tableFile) unrecognised() error {
	if other := t.header.other(); other != "" {
		return errs.New(errs.Invalid, "%s is about %s, which are not supported", t.name, other).
			WithHint("%s", supported)
	}
	var names []string
	for _, c := range t.header[:min(8, len(t.header))] {
		names = append(names, c.name)
	}
	return errs.New(errs.Invalid, "%s has no column of codes of places; its columns are %s", t.name, strings.Join(names, ", ")).
		WithHint("%s", supported)
}

const supported = "columns of LSOAs, MSOAs, wards, boroughs (local authority districts), community safety partnerships, " +
	"police force areas and regions are recognised, named as in LSOA21CD, WD25CD, ltla24_code or \"LSOA code (2011)\""

// readLookup reads which place lies in which.
func (t *tableFile) readLookup() {
	t.out.Kind = Lookup
	change, hasChange := t.header.find("changecode", "chgind")
	for t.next(&t.problems) {
		row := t.places()
		t.link(row)
		t.pair(row)
		if hasChange {
			t.checkChange(change)
		}
	}
}

// places reads the codes of a row and names their places; a missing code gives
// the zero place.
func (t *tableFile) places() []ids.Place {
	row := make([]ids.Place, len(t.codes))
	for i, c := range t.codes {
		code := strings.ToUpper(t.get(c))
		switch {
		case code == "":
			t.add("blank-code", Warn, t.at(c), "A row has no code in a column of codes; that part of it was left out.")
		case !codeOf(c.level(), code):
			t.badCode(c, code)
		default:
			row[i] = ids.Place{Level: c.level(), Code: code}
			t.register(row[i], i)
		}
	}
	return row
}

// badCode tells a code of Scotland, Northern Ireland or the old kind, which
// national files carry, from rubbish.
func (t *tableFile) badCode(c column, code string) {
	if validCode(code) && (code[0] == 'S' || code[0] == 'N') {
		t.add("other-country", Note, t.at(c), "Places outside England and Wales were left out.")
		return
	}
	t.add("bad-code", Refuse, t.at(c), "Column %q should hold codes of %s, and holds something else.", c.name, plural(c.kind))
}

func (t *tableFile) register(p ids.Place, i int) {
	if t.seen[p] {
		return
	}
	t.seen[p] = true
	name := ""
	if t.names[i] >= 0 {
		name = text(t.row[t.names[i]])
	}
	t.out.Named = append(t.out.Named, Named{Place{p, name}, t.codes[i].year})
}

// link says that each place of the row lies in each larger one. A ward is
// larger than a small area, but small areas only fit it best: that link is
// estimated.
func (t *tableFile) link(row []ids.Place) {
	for i, child := range row {
		for j, parent := range row[i+1:] {
			if child.IsZero() || parent.IsZero() || rankOf(child.Level) == rankOf(parent.Level) {
				continue
			}
			key := [2]ids.Place{child, parent}
			if t.linked[key] {
				continue
			}
			t.linked[key] = true
			t.oneOnly(child, parent, t.codes[i+1+j])
			t.out.Links = append(t.out.Links, Claim{Link: Link{child, parent, bestFit(child.Level, parent.Level)}, Year: t.codes[i+1+j].year})
		}
	}
}

// oneOnly tells of a place that the file puts in two places of one level: the
// compiler keeps the first.
func (t *tableFile) oneOnly(child, parent ids.Place, c column) {
	key := step{child, parent.Level}
	first, ok := t.within[key]
	if !ok {
		t.within[key] = parent
		return
	}
	at := t.at(c)
	at.Value = fmt.Sprintf("%s lies in %s and in %s", child.Code, first.Code, parent.Code)
	t.add("two-parents", Warn, at, "A place is put in two places of one kind; the first counts, and that it lies there is marked as estimated.")
}

// bestFit reports whether places of one level do not nest in those of another.
func bestFit(child, parent ids.Level) bool {
	return parent.Type() == "ward" && rankOf(child) < rankOf(parent)
}

// pair keeps two vintages of one kind on a row as sharing ground.
func (t *tableFile) pair(row []ids.Place) {
	for i, p := range row[:len(row)-1] {
		q := row[i+1]
		if p.IsZero() || q.IsZero() || p.Level.Type() != q.Level.Type() || p.Level == q.Level {
			continue
		}
		if p.Level.Vintage() > q.Level.Vintage() {
			p, q = q, p
		}
		t.out.Pairs = append(t.out.Pairs, Pair{p, q})
	}
}

func (t *tableFile) checkChange(c column) {
	switch v := strings.ToUpper(t.get(c)); v {
	case "U", "S", "M", "X":
	default:
		t.add("change-code", Warn, t.at(c), "A change code is none of U (unchanged), S (split), M (merged) and X (irregular).")
	}
}
