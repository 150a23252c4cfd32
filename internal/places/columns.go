package places

import (
	"regexp"
	"strings"

	"openvru/internal/ids"
)

// column is what a file's column holds, told from its name.
type column struct {
	name    string // as the file has it
	kind    string // "lsoa", …; "" when it is no place
	year    string // "2021", from "LSOA21CD"; "" when the name has none
	isCode  bool   // otherwise a name
	index   int
	unknown string // what an unsupported geography is called, for a refusal
}

// level is the level the column's codes are of; "" for one whose codes are
// redrawn and whose year nobody says.
func (c column) level() ids.Level {
	t, ok := TypeOf(ids.Level(c.kind))
	switch {
	case !ok || t.Vintaged && c.year == "":
		return ""
	case t.Vintaged:
		return ids.Level(c.kind + "-" + c.year)
	}
	return ids.Level(c.kind)
}

// The ways the ONS, the London Datastore and the census tables spell columns
// of places: LSOA21CD, lsoa21_code, "LSOA code (2011)", LADCD_ACTIVE. Spaces
// and marks are taken out first.
var placeColumn = regexp.MustCompile(
	`^(lsoa|lowerlayersuperoutputareas?|msoa|middlelayersuperoutputareas?|wd|wards?|lad|ltla|localauthoritydistricts?|borough|csp|pfa|policeforcearea|rgn|regions?|bcu)` +
		`(\d{2}|20\d{2})?(cd|code|nm|name)(\d{2}|20\d{2})?(active)?$`)

var kindOf = map[string]string{
	"lsoa": "lsoa", "lowerlayersuperoutputarea": "lsoa", "lowerlayersuperoutputareas": "lsoa",
	"msoa": "msoa", "middlelayersuperoutputarea": "msoa", "middlelayersuperoutputareas": "msoa",
	"wd": "ward", "ward": "ward", "wards": "ward",
	"lad": "borough", "ltla": "borough", "borough": "borough",
	"localauthoritydistrict": "borough", "localauthoritydistricts": "borough",
	"csp": "csp", "pfa": "pfa", "policeforcearea": "pfa",
	"rgn": "region", "region": "region", "regions": "region", "bcu": "bcu",
}

// otherColumn are codes of geographies the product has no use for; a file that
// is about one of them gets a refusal that says so.
var otherColumn = regexp.MustCompile(`^(oa|pcon|utla|cty|ctry|cauth|ccg|icb|sicbl|lep|nuts\d?|itl\d?|bua|par|ced|lpa|ttwa|senc|npark|fra)(\d{2}|20\d{2})?(cd|code)(\d{2}|20\d{2})?$`)

var otherGeographies = map[string]string{
	"oa": "census output areas", "pcon": "parliamentary constituencies", "utla": "upper-tier authorities",
	"cty": "counties", "ctry": "countries", "cauth": "combined authorities", "ccg": "clinical commissioning groups",
	"icb": "integrated care boards", "sicbl": "sub integrated care boards", "lep": "local enterprise partnerships",
	"bua": "built-up areas", "par": "parishes", "ced": "county electoral divisions", "lpa": "local planning authorities",
	"ttwa": "travel-to-work areas", "npark": "national parks", "fra": "fire and rescue authorities",
}

// parseColumn tells what a column holds from its name.
func parseColumn(i int, name string) column {
	c := column{name: name, index: i}
	key := plainKey(name)
	if m := placeColumn.FindStringSubmatch(key); m != nil {
		c.kind, c.isCode = kindOf[m[1]], m[3] == "cd" || m[3] == "code"
		c.year = fullYear(m[2] + m[4])
		return c
	}
	if m := otherColumn.FindStringSubmatch(key); m != nil {
		c.unknown = otherGeographies[m[1]]
		if c.unknown == "" {
			c.unknown = strings.ToUpper(m[1]) + " areas"
		}
	}
	return c
}

// plainKey is a column's name in lower case, letters and digits only.
func plainKey(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// fullYear turns "21" into "2021"; the census of 1991 and before is not
// published with such names.
func fullYear(s string) string {
	if len(s) == 2 {
		return "20" + s
	}
	return s
}

// header is the columns of a table, or the properties of a boundary file.
type header []column

func newHeader(names []string) header {
	h := make(header, len(names))
	for i, name := range names {
		h[i] = parseColumn(i, name)
	}
	return h
}

// codes returns the columns of codes of supported places.
func (h header) codes() []column {
	var out []column
	for _, c := range h {
		if c.kind != "" && c.isCode {
			out = append(out, c)
		}
	}
	return out
}

// nameOf returns the column that names the places of a code column: of the
// same kind and year or, where a file has only one, of the kind.
func (h header) nameOf(code column) (column, bool) {
	var found []column
	for _, c := range h {
		if c.kind == code.kind && !c.isCode {
			if c.year == code.year {
				return c, true
			}
			found = append(found, c)
		}
	}
	if len(found) == 1 && (found[0].year == "" || code.year == "") {
		return found[0], true
	}
	return column{}, false
}

// find returns the column of a name, whatever its capitals and marks.
func (h header) find(names ...string) (column, bool) {
	for _, c := range h {
		for _, name := range names {
			if plainKey(c.name) == name {
				return c, true
			}
		}
	}
	return column{}, false
}

// other returns a geography in the header that the product does not hold.
func (h header) other() string {
	for _, c := range h {
		if c.unknown != "" {
			return c.unknown
		}
	}
	return ""
}
