package places

import (
	"slices"
	"strings"

	"openvru/internal/ids"
)

// The levels whose codes name one boundary for good, so carry no vintage.
const (
	Borough ids.Level = "borough"
	CSP     ids.Level = "csp"
	BCU     ids.Level = "bcu"
	PFA     ids.Level = "pfa"
	Region  ids.Level = "region"
)

// Type is a kind of place: what the part of a level before its vintage means.
type Type struct {
	ID       string   // "lsoa"
	Title    string   // "LSOA"
	Plural   string   // "LSOAs"
	Meaning  string   // a sentence for people who do not know the word
	Vintaged bool     // codes are redrawn, so a level needs the year of its set
	Prefixes []string // what the codes begin with
	rank     int      // smaller places first
}

// Types returns every kind of place the product knows, smallest first.
func Types() []Type { return slices.Clone(types) }

// TypeOf returns the kind of place a level is of.
func TypeOf(l ids.Level) (Type, bool) {
	i := slices.IndexFunc(types, func(t Type) bool { return t.ID == l.Type() })
	if i < 0 {
		return Type{}, false
	}
	return types[i], true
}

var types = []Type{
	{"lsoa", "LSOA", "LSOAs", "A lower layer super output area: a census area of about 1,700 people.", true, []string{"E01", "W01"}, 1},
	{"msoa", "MSOA", "MSOAs", "A middle layer super output area: a census area of about 8,000 people.", true, []string{"E02", "W02"}, 2},
	{"ward", "ward", "wards", "An electoral ward or division.", true, []string{"E05", "W05"}, 3},
	{"borough", "borough", "boroughs", "A local authority district; in London, a borough or the City.", false, []string{"E06", "E07", "E08", "E09", "W06"}, 4},
	{"bcu", "BCU", "BCUs", "A basic command unit: the boroughs one police command looks after.", false, nil, 5},
	{"csp", "CSP", "CSPs", "A community safety partnership.", false, []string{"E22", "W14"}, 6},
	{"pfa", "police force area", "police force areas", "The area one territorial police force polices.", false, []string{"E23", "W15"}, 7},
	{"region", "region", "regions", "A region of England, or Wales.", false, []string{"E12", "W92"}, 8},
}

// rankOf returns how large places of a level are, for sorting; unknown kinds
// come last.
func rankOf(l ids.Level) int {
	if rank, ok := ranks[l.Type()]; ok {
		return rank
	}
	return len(types) + 1
}

var ranks = func() map[string]int {
	out := make(map[string]int)
	for _, t := range types {
		out[t.ID] = t.rank
	}
	return out
}()

// Title returns a level as people read it: "LSOA (2021)", "borough".
func Title(l ids.Level) string {
	t, ok := TypeOf(l)
	if !ok {
		return string(l)
	}
	if l.Vintage() == "" {
		return t.Title
	}
	return t.Title + " (" + l.Vintage() + ")"
}

// CompareLevels orders levels: smaller places first, newer vintages first
// among the same kind.
func CompareLevels(a, b ids.Level) int {
	if d := rankOf(a) - rankOf(b); d != 0 {
		return d
	}
	if d := strings.Compare(a.Type(), b.Type()); d != 0 {
		return d
	}
	return strings.Compare(b.Vintage(), a.Vintage())
}
