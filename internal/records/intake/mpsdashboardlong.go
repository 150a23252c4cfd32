package intake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// maxFigures bounds the different figures of one dashboard file: thirty years
// of every kind of crime in every borough are under two million.
const maxFigures = 4 << 20

// long is one dashboard file being read. Since a figure may stand again
// further down with a newer refresh date, figures are gathered, one small
// entry each, and handed on at the end of the file.
type long struct {
	*sheet
	out      *records.Sink
	force    uint16
	find     *lookup
	places   *metPlaces
	figures  map[figureKey]figure
	areas    map[string]area   // by name, folded
	kinds    map[string]uint32 // type and subtype as spelt right, numbered
	category []uint16          // of each kind

	// What was worked out for texts as sent, which come again and again.
	month     map[string]period.Month
	day       map[string]int32
	asSent    map[string]area
	spellings map[string]spelling
	sent      []byte

	monthAt, typeAt, nameAt, codeAt, groupAt, subAt, measureAt, countAt, refreshAt int
}

// rememberedDates bounds how many dates are remembered as they were written: a
// file that writes each in its own way is not worth it.
const rememberedDates = 10_000

// figureKey is what a figure is of.
type figureKey struct {
	area  uint32
	kind  uint32
	month period.Month
}

// figure is the newest row of a key.
type figure struct {
	count   int32
	refresh int32 // as parseDay has it; 0 for none
	line    int64
}

// area is an area's number for figureKey, and the one it has in the sink.
type area struct {
	number uint32
	place  uint32
	rule   string // to tell of, "" when the place is known
}

func newLong(s *sheet, atlas *places.Atlas, out *records.Sink) *long {
	return &long{sheet: s, out: out, force: out.Force(metForce), find: newLookup(s.source), places: newMetPlaces(s, atlas, out),
		figures: map[figureKey]figure{}, areas: map[string]area{}, kinds: map[string]uint32{},
		month: map[string]period.Month{}, day: map[string]int32{}, asSent: map[string]area{}, spellings: map[string]spelling{},
		monthAt: s.column(dashMonth), typeAt: s.column(dashAreaType), nameAt: s.column(dashAreaName), codeAt: s.column(dashAreaCode),
		groupAt: s.column(dashGroup), subAt: s.column(dashSubgroup), measureAt: s.column(dashMeasure), countAt: s.column(dashCount), refreshAt: s.column(dashRefresh)}
}

// takeRow takes one row, unless it is of teams, of outcomes, or cannot be read.
func (l *long) takeRow() error {
	month, ok := l.readMonth()
	count, okCount := l.readCount()
	if !ok || !okCount || !l.isBorough() || !l.isOffences() {
		return nil
	}
	kind, ok := l.kind(month)
	if !ok {
		return nil
	}
	key := figureKey{l.area(), kind, month}
	if err := tooManyNames(len(l.asSent) + len(l.spellings)); err != nil {
		return err
	}
	return l.keep(key, figure{count, l.refresh(), l.Line()})
}

// keep puts a figure by, or decides between it and the one there is.
func (l *long) keep(key figureKey, f figure) error {
	before, again := l.figures[key]
	switch {
	case !again:
		if len(l.figures) >= maxFigures {
			return errs.New(errs.Invalid, "The file has more than four million different figures").
				WithHint("no dashboard file is that long: check that this is the right file")
		}
	case f.refresh == before.refresh && f.count == before.count:
		l.tellTwice(ruleSameRow, before, f)
		return nil
	case f.refresh == before.refresh:
		l.tellTwice(ruleOtherRow, before, f)
	default:
		l.tellTwice(ruleOlderRow, before, f)
		if f.refresh < before.refresh {
			return nil
		}
	}
	l.figures[key] = f
	return nil
}

// tellTwice tells of a figure that stands twice.
func (l *long) tellTwice(rule string, before, f figure) {
	if !l.wants(rule) {
		return
	}
	what := pair(string(l.Field(l.groupAt)), string(l.Field(l.subAt))) + " in " + string(l.Field(l.nameAt)) + ", " + string(l.Field(l.monthAt))
	if f.count == before.count {
		what += fmt.Sprintf(", as on line %d", before.line)
	} else {
		what += fmt.Sprintf(": %d here, %d on line %d", f.count, before.count, before.line)
	}
	l.add(rule, records.Example{Line: f.line, Column: l.header[l.countAt], Value: what})
}

func (l *long) readMonth() (period.Month, bool) {
	text := l.Field(l.monthAt)
	if m, ok := l.month[string(text)]; ok {
		return m, true
	}
	m, ok := parseMonth(string(text))
	if !ok {
		l.tell(ruleBadMonth, l.monthAt)
		return 0, false
	}
	if len(l.month) < rememberedDates {
		l.month[string(text)] = m
	}
	return m, true
}

func (l *long) readCount() (int32, bool) {
	n, kind := parseCount(l.Field(l.countAt))
	switch kind {
	case countNegative:
		l.tell(ruleNegative, l.countAt)
	case countBad:
		l.tell(ruleBadNumber, l.countAt)
	case countBlank:
		l.tell(ruleBlankCount, l.countAt)
	}
	return n, kind == countOK || kind == countBlank
}

// isBorough reports whether the row is of a borough, or of what the force
// counts beside its boroughs.
func (l *long) isBorough() bool {
	text, _ := respell(string(l.Field(l.typeAt)))
	switch name := records.Fold(text); {
	case name == "borough", name == "boroughs", strings.HasPrefix(name, "borough geography not known"), strings.HasPrefix(name, "other"), name == "unknown":
		return true
	case strings.HasPrefix(name, "safer neighbourhood"), name == "snt", name == "ward", name == "wards":
		l.tell(ruleTeamRows, l.typeAt)
	default:
		l.tell(ruleAreaType, l.typeAt)
	}
	return false
}

func (l *long) isOffences() bool {
	switch records.Fold(string(l.Field(l.measureAt))) {
	case "offences", "offence count", "offence", "count", "value", "statistics", "victims", "incidents":
		return true
	case "positive outcomes", "outcomes", "positive outcome":
		l.tell(ruleOutcomes, l.measureAt)
	default:
		l.tell(ruleMeasure, l.measureAt)
	}
	return false
}

// spelling is what a type and subtype, as sent, come to.
type spelling struct {
	number        uint32 // for figureKey
	misspelt      int    // field that is misspelt, -1 for none
	miscellaneous bool   // a group that ends in August 2020
	notTNO        bool
	group, sub    string // as they are looked up
	match         match
}

// kind numbers the row's type and subtype, spelt right; false when the row is
// passed over.
func (l *long) kind(month period.Month) (uint32, bool) {
	l.sent = append(append(append(l.sent[:0], l.Field(l.groupAt)...), 0), l.Field(l.subAt)...)
	k, met := l.spellings[string(l.sent)]
	if !met {
		k = l.spell(string(l.Field(l.groupAt)), string(l.Field(l.subAt)))
		l.spellings[string(l.sent)] = k
	}
	if k.misspelt >= 0 {
		l.tell(ruleMisspelt, k.misspelt)
	}
	if k.miscellaneous && month >= miscellaneousEnds {
		l.tell(ruleMiscellaneous, l.groupAt)
		return 0, false
	}
	if k.notTNO {
		l.tell(ruleNotTNO, l.groupAt)
	}
	l.tellNew(k.match, k.group, k.sub, l.subAt)
	return k.number, true
}

// spell works out what a type and subtype come to.
func (l *long) spell(group, sub string) spelling {
	group, wrongGroup := respell(group)
	sub, wrongSub := respell(sub)
	k := spelling{misspelt: -1}
	switch {
	case wrongGroup:
		k.misspelt = l.groupAt
	case wrongSub:
		k.misspelt = l.subAt
	}
	if records.Fold(group) == "miscellaneous" {
		k.miscellaneous = true
		if _, declared := l.find.byName[key(group, sub)]; !declared {
			group = "Miscellaneous Crimes Against Society"
		}
	}
	if isWholeType(group) {
		sub, k.notTNO = group, true
	}
	k.group, k.sub, k.match = group, sub, l.find.find(group, sub)
	name := key(group, sub)
	n, met := l.kinds[name]
	if !met {
		n = uint32(len(l.kinds))
		l.kinds[name] = n
		l.category = append(l.category, k.match.category)
	}
	k.number = n
	return k
}

// area numbers the row's area: by its code where that is a borough's, else by
// its name.
func (l *long) area() uint32 {
	l.sent = append(append(append(l.sent[:0], l.Field(l.nameAt)...), 0), l.Field(l.codeAt)...)
	a, met := l.asSent[string(l.sent)]
	if !met {
		a = l.findArea(string(l.Field(l.nameAt)), string(l.Field(l.codeAt)))
		l.asSent[string(l.sent)] = a
	}
	if a.rule != "" {
		l.tell(a.rule, l.nameAt)
	}
	return a.number
}

func (l *long) findArea(name, code string) area {
	if p, ok := l.places.atlas.Get(ids.Place{Level: places.Borough, Code: code}); ok {
		name = p.Name
	}
	found := l.places.named(name)
	k := records.Fold(name)
	a, met := l.areas[k]
	if !met {
		a = area{uint32(len(l.areas)), found.number, found.rule}
		l.areas[k] = a
	}
	return a
}

func (l *long) refresh() int32 {
	text := l.Field(l.refreshAt)
	if day, ok := l.day[string(text)]; ok || len(text) == 0 {
		return day
	}
	day, ok := parseDay(string(text))
	if !ok {
		l.tell(ruleBadDate, l.refreshAt)
		return 0
	}
	if len(l.day) < rememberedDates {
		l.day[string(text)] = day
	}
	return day
}

// finish hands the figures on in the order of the file, and says what the file
// speaks for.
func (l *long) finish() error {
	l.out.RowsRead(l.row)
	if l.row == 0 {
		l.add(records.RuleNoRows, records.Example{})
		return nil
	}
	place := make([]uint32, len(l.areas))
	for _, a := range l.areas {
		place[a.number] = a.place
	}
	keys := slices.SortedFunc(maps.Keys(l.figures), func(a, b figureKey) int { return cmp.Compare(l.figures[a].line, l.figures[b].line) })
	present, months := map[uint16]period.Range{}, map[period.Month]bool{}
	for _, k := range keys {
		f, category := l.figures[k], l.category[k.kind]
		present[category] = widen(present[category], period.Range{From: k.month, To: k.month})
		months[k.month] = true
		if f.count == 0 {
			continue
		}
		err := l.out.Add(l.ctx, records.Row{Line: f.line, Month: k.month, Minute: records.NoTime, Weekday: records.NoTime,
			Category: category, Force: l.force, Place: place[k.area], Count: f.count})
		if err != nil {
			return err
		}
	}
	l.claim(present, slices.Sorted(maps.Keys(months)))
	return nil
}

// claim says which months and series the file speaks for. A kind of crime that
// the file stops, or begins, to count is told only while it has rows of it.
func (l *long) claim(present map[uint16]period.Range, months []period.Month) {
	if len(months) == 0 {
		return
	}
	all := runs(months)
	for i, r := range all {
		l.out.Cover(l.force, r)
		if i > 0 {
			gap := period.Range{From: all[i-1].To + 1, To: r.From - 1}
			l.add(ruleMonthGap, records.Example{Value: gap.String() + " missing"})
		}
	}
	l.out.Tells(records.Telling{Series: telling(l.source, present)})
	l.places.checkBoroughs()
}
