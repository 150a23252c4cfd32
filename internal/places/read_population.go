package places

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// groupColumn is a column of a wide table of populations.
type groupColumn struct {
	column
	group Group
}

// The ways columns of people are named: Persons_All-Ages, Males_0-15, "All
// Ages", "F23", "90+", "Total".
var peopleColumn = regexp.MustCompile(`^(persons?|people|total|males?|females?|m|f)?(allages|\d{1,3}(to\d{1,3}|plus)?)?$`)

// groupColumns returns the columns that count people; none when the file is
// something else.
func groupColumns(h header) []groupColumn {
	var out []groupColumn
	for _, c := range h {
		if g, ok := groupOf(c.name); ok {
			out = append(out, groupColumn{c, g})
		}
	}
	return out
}

// groupOf tells which people a name of a column, or a pair of words for sex
// and age, stands for.
func groupOf(name string) (Group, bool) {
	key := strings.ToLower(strings.TrimSpace(name))
	key = strings.ReplaceAll(strings.ReplaceAll(key, "+", "plus"), "–", "-")
	if i := strings.LastIndex(key, "-"); i > 0 && key[i-1] >= '0' && key[i-1] <= '9' {
		key = key[:i] + "to" + key[i+1:]
	}
	m := peopleColumn.FindStringSubmatch(plainKey(key))
	if m == nil || m[1] == "" && m[2] == "" {
		return "", false
	}
	if (m[1] == "m" || m[1] == "f") && (m[2] == "" || m[2] == "allages") {
		return "", false
	}
	return makeGroup(m[1], m[2]), true
}

func makeGroup(sex, ages string) Group {
	group := map[string]string{"": "persons", "person": "persons", "persons": "persons", "people": "persons", "total": "persons",
		"male": "males", "males": "males", "m": "males", "female": "females", "females": "females", "f": "females"}[sex]
	if ages != "" && ages != "allages" {
		group += "/" + strings.ReplaceAll(strings.Replace(ages, "to", "-", 1), "plus", "+")
	}
	return Group(group)
}

// readWide reads a table with a column for each group of people.
func (t *tableFile) readWide(groups []groupColumn) error {
	year, err := t.year()
	if err != nil {
		return err
	}
	t.out.Kind = Populations
	for t.next(&t.problems) {
		row := t.places()
		t.link(row)
		if row[0].IsZero() {
			continue
		}
		for _, g := range groups {
			if n, ok := t.number(g.column); ok {
				t.count(row[0], year, g.group, n)
			}
		}
	}
	return nil
}

// count notes the people of a place; a table that gives them twice for one
// year is refused.
func (t *tableFile) count(p ids.Place, year int, g Group, n float64) {
	key := personsKey{place: p, year: year, group: g}
	if t.counted[key] {
		t.add("repeated-place", Refuse, Example{t.line, 1, p.Code}, "A place's population is given twice for one year.")
	}
	t.counted[key] = true
	t.out.People = append(t.out.People, Population{Place: p, Year: year, Group: g, Persons: n, Source: t.source()})
}

func (t *tableFile) source() string {
	if t.options.Source != "" {
		return t.options.Source
	}
	return t.name
}

var yearInName = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(?:\D|$)`)

// year is the year of a wide table, which its columns do not say.
func (t *tableFile) year() (int, error) {
	if t.options.Year != 0 {
		return t.options.Year, nil
	}
	found := yearInName.FindAllStringSubmatch(filepath.Base(t.name), -1)
	if len(found) == 1 {
		return strconv.Atoi(found[0][1])
	}
	return 0, errs.New(errs.Invalid, "%s does not say which year its populations are of", t.name).
		WithHint("say it with --year, for example --year 2020")
}

// number reads a count of people. Blanks and the marks for missing values
// leave the value out.
func (t *tableFile) number(c column) (float64, bool) {
	raw := strings.ReplaceAll(t.get(c), ",", "")
	switch raw {
	case "", "-", "..", ":", "x", "X", "n/a", "NA":
		t.add("no-population", Warn, t.at(c), "A population is missing; that value was left out.")
		return 0, false
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(n >= 0 && n <= 1e9) { // nor NaN, which is neither
		t.add("bad-population", Refuse, t.at(c), "A population is not a number of people.")
		return 0, false
	}
	return n, true
}

// longColumns are the columns of a table with a row for each place and year.
type longColumns struct {
	code, year, people       column
	name, borough, sex, ages column
	hasName, hasBorough      bool
	hasSex, hasAges          bool
}

func (t *tableFile) longForm() (longColumns, bool) {
	var l longColumns
	var ok1, ok2, ok3 bool
	if len(t.codes) > 0 {
		l.code, ok1 = t.codes[0], true
	} else {
		l.code, ok1 = t.header.find("code", "gsscode", "areacode")
	}
	l.year, ok2 = t.header.find("year")
	l.people, ok3 = t.header.find("population", "persons", "people")
	l.name, l.hasName = t.header.find("wardname", "name", "areaname", "lsoaname")
	l.borough, l.hasBorough = t.header.find("borough", "boroughname", "ladname", "localauthority")
	l.sex, l.hasSex = t.header.find("sex", "gender")
	l.ages, l.hasAges = t.header.find("age", "ageband", "agegroup")
	return l, ok1 && ok2 && ok3
}

// readLong reads a table with a row for each place and year. Where a level's
// year is not given, the places are taken to be the set of the file's first
// year.
func (t *tableFile) readLong(l longColumns) error {
	t.out.Kind = Populations
	first, last := 9999, 0
	for t.next(&t.problems) {
		kind, p, ok := t.longPlace(l)
		if !ok {
			continue
		}
		year, err := strconv.Atoi(t.get(l.year))
		if err != nil || year < 1801 || year > 2200 {
			t.add("bad-year", Refuse, t.at(l.year), "A year is not a year.")
			continue
		}
		first, last = min(first, year), max(last, year)
		n, ok := t.number(l.people)
		if !ok {
			continue
		}
		t.namePlace(l, p, kind)
		t.count(p, year, t.longGroup(l), n)
	}
	t.settle(first, last)
	return t.longLevel()
}

func (t *tableFile) longGroup(l longColumns) Group {
	var words []string
	if l.hasSex {
		words = append(words, t.get(l.sex))
	}
	if l.hasAges {
		words = append(words, t.get(l.ages))
	}
	if len(words) == 0 {
		return Everybody
	}
	g, ok := groupOf(strings.Join(words, " "))
	if !ok {
		t.add("bad-group", Refuse, Example{Line: t.line, Value: strings.Join(words, " ")}, "A row's sex and age cannot be told.")
	}
	return g
}

// longPlace reads the code of a row. Its level may still lack the year.
func (t *tableFile) longPlace(l longColumns) (Type, ids.Place, bool) {
	code := strings.ToUpper(t.get(l.code))
	kind, ok := kindOfCode(code)
	if !ok {
		t.add("other-place", Warn, t.at(l.code), "A row's code is not of a supported kind of place; the row was left out.")
		return kind, ids.Place{}, false
	}
	level := ids.Level(kind.ID)
	switch {
	case t.options.Level.Type() == kind.ID:
		level = t.options.Level
	case l.code.kind == kind.ID && l.code.level() != "":
		level = l.code.level()
	}
	return kind, ids.Place{Level: level, Code: code}, true
}

func (t *tableFile) namePlace(l longColumns, p ids.Place, kind Type) {
	if t.seen[p] {
		return
	}
	t.seen[p] = true
	name := ""
	if l.hasName {
		name = t.get(l.name)
	}
	t.out.Named = append(t.out.Named, Named{Place: Place{p, name}})
	if borough := l.borough; l.hasBorough && kind.rank < rankOf(Borough) {
		link := Link{Child: p, Parent: ids.Place{Level: Borough}}
		t.out.Links = append(t.out.Links, Claim{Link: link, ParentName: t.get(borough)})
	}
}

// settle gives the places whose level lacks a year the set of the file's first
// year, and marks the figures of a file that goes past the present year as
// projections: those of past years come from the same model.
func (t *tableFile) settle(first, last int) {
	level := func(p *ids.Place) {
		if kind, ok := TypeOf(p.Level); ok && kind.Vintaged && p.Level.Vintage() == "" {
			p.Level = ids.Level(kind.ID + "-" + strconv.Itoa(first))
		}
	}
	for i := range t.out.Named {
		level(&t.out.Named[i].Place.Place)
	}
	for i := range t.out.Links {
		level(&t.out.Links[i].Child)
	}
	for i := range t.out.People {
		level(&t.out.People[i].Place)
		t.out.People[i].Projection = t.options.Today != 0 && last > t.options.Today
	}
}

// longLevel says which places the file is about: the smallest. It refuses
// small areas of which nobody says the census.
func (t *tableFile) longLevel() error {
	if len(t.out.People) == 0 {
		return errs.New(errs.Invalid, "%s has no populations of places that are supported", t.name).WithHint("%s", supported)
	}
	levels := make([]ids.Level, 0, len(t.out.Named))
	for _, n := range t.out.Named {
		levels = append(levels, n.Level)
	}
	t.out.Level = slices.MinFunc(levels, CompareLevels)
	if k := t.out.Level.Type(); (k == "lsoa" || k == "msoa") && t.codes == nil && t.options.Level == "" {
		return errs.New(errs.Invalid, "%s does not say which census its %s are of", t.name, plural(k)).
			WithHint("say it with --level, for example --level %s-2021", k)
	}
	return nil
}
