package intake

import (
	"fmt"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// metPlaces finds the boroughs and wards that the Metropolitan Police name,
// and remembers which were met.
type metPlaces struct {
	*sheet
	atlas    *places.Atlas
	out      *records.Sink
	byName   map[string]placed
	byCode   map[string]placed
	boroughs map[string]bool   // codes of boroughs met
	inLevel  map[ids.Level]int // wards met, by the set they are in
	wards    int               // wards met
	strange  int               // of those, wards that no set has
}

// placed is the answer for one name or code.
type placed struct {
	number uint32 // from the sink
	rule   string // rule to tell of, "" when the place is known
}

func newMetPlaces(s *sheet, atlas *places.Atlas, out *records.Sink) *metPlaces {
	return &metPlaces{sheet: s, atlas: atlas, out: out, byName: map[string]placed{}, byCode: map[string]placed{},
		boroughs: map[string]bool{}, inLevel: map[ids.Level]int{}}
}

// outside are names that stand where a borough would and are none.
var outside = map[string]bool{
	"london heathrow and london city airports": true, "aviation security so18": true, "aviation security": true,
	"aviation policing": true, "heathrow": true, "heathrow airport": true, "unknown": true, "not known": true, "nk": true,
	"n k": true, "other nk": true, "other": true, "non met": true, "non met police force": true, "non mps": true, "outside mps": true,
	"geography not known": true, "": true,
}

// isOutside reports whether a name is one of those, however it is marked.
func isOutside(name string) bool {
	return outside[strings.TrimSuffix(records.Fold(name), " legacy only")]
}

// borough returns the sink's number for a borough's name, telling of names
// that are no borough.
func (p *metPlaces) borough(name string, field int) uint32 {
	a := p.named(name)
	if a.rule != "" {
		p.tell(a.rule, field)
	}
	return a.number
}

// maxNames bounds the different names of one file: London has hundreds of
// places and a hundred kinds of crime.
const maxNames = 100_000

// tooManyNames refuses a file with more names than any map has.
func tooManyNames(n int) error {
	if n <= maxNames {
		return nil
	}
	return errs.New(errs.Invalid, "The file has more than a hundred thousand different names of places or kinds of crime").
		WithHint("check that this is the right file and that its columns are in order")
}

// named finds a borough's name.
func (p *metPlaces) named(name string) placed {
	a, ok := p.byName[name]
	if !ok {
		a = p.findBorough(name)
		p.byName[name] = a
	}
	return a
}

func (p *metPlaces) findBorough(name string) placed {
	sent := records.SentPlace{Text: name}
	at, ok := p.atlas.FindName(places.Borough, name)
	switch {
	case ok:
		sent.At = []ids.Place{at.Place}
		p.boroughs[at.Code] = true
		return placed{number: p.out.Place(sent)}
	case isOutside(name):
		return placed{p.out.Place(sent), ruleNoBorough}
	}
	return placed{p.out.Place(sent), ruleUnknownBorough}
}

// ward returns the sink's number for a ward's code, telling of codes that no
// imported set has.
func (p *metPlaces) ward(code string, field int) uint32 {
	a, ok := p.byCode[code]
	if !ok {
		a = p.findWard(code)
		p.byCode[code] = a
	}
	if a.rule != "" {
		p.tell(a.rule, field)
	}
	return a.number
}

func (p *metPlaces) findWard(code string) placed {
	sent := records.SentPlace{Text: code}
	for _, at := range p.atlas.FindCode(code) {
		if at.Level.Type() == "ward" {
			sent.At = append(sent.At, at.Place)
			p.inLevel[at.Level]++
		}
	}
	p.wards++
	if len(sent.At) == 0 {
		p.strange++
		return placed{p.out.Place(sent), ruleUnknownWard}
	}
	return placed{number: p.out.Place(sent)}
}

// wardLevels returns the sets of wards that have every ward of the file: for
// these it can give figures.
func (p *metPlaces) wardLevels(first period.Month) []ids.Level {
	out := []ids.Level{}
	var have []string
	for _, l := range p.atlas.Vintages("ward") {
		if p.inLevel[l] == p.wards {
			out = append(out, l)
		}
		have = append(have, fmt.Sprintf("the wards of %s have %d of them", l.Vintage(), p.inLevel[l]))
	}
	if len(out) == 0 {
		p.add(records.RuleWardSet, records.Example{})
		p.say(records.RuleWardSet, p.wardSetSentence(first, have))
	}
	return out
}

// wardSetSentence says which sets of wards the file's wards are scattered over.
// When each is in some set, the file itself can stand for the set of its time.
func (p *metPlaces) wardSetSentence(first period.Month, have []string) string {
	wards := plural(int64(p.wards), "ward", "wards")
	switch {
	case len(have) == 0:
		return "The file names " + wards + "; no set of wards was imported, so no figures by ward are made."
	case p.strange == 0:
		return fmt.Sprintf("The file names %s; %s. When it is accepted by somebody who may import places, its wards become a set of their own, the wards of %s, and have figures there.",
			wards, listed(have), places.WardSetOf(first).Vintage())
	}
	return fmt.Sprintf("The file names %s; %s. No figures by ward are made, since a set of another year would show wards without crime where none was counted.", wards, listed(have))
}

// shownBoroughs is how many missing boroughs a sentence names.
const shownBoroughs = 5

// checkBoroughs tells of boroughs of the force that the file leaves out.
func (p *metPlaces) checkBoroughs() {
	var missing []string
	boroughs := 0
	for _, b := range p.atlas.All(places.Borough) {
		force, ok := p.atlas.Up(b.Place, places.PFA)
		if !ok || force != places.MetropolitanArea {
			continue
		}
		boroughs++
		if !p.boroughs[b.Code] {
			missing = append(missing, b.Name)
			p.add(ruleMissingBorough, records.Example{Value: b.Name})
		}
	}
	which := listed(missing)
	if len(missing) > shownBoroughs {
		which = fmt.Sprintf("%d of the force's %d boroughs, among them %s", len(missing), boroughs, listed(missing[:shownBoroughs]))
	}
	if len(missing) > 0 {
		p.say(ruleMissingBorough, fmt.Sprintf("The file has no row for %s. An accepted file restates every borough of the force, so these would fall to nothing.", which))
	}
}
