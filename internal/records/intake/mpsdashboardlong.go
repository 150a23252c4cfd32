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
	areas    map[string]area
	kinds    map[string]uint32 // type and subtype as spelt right, numbered
	category []uint16          // of each kind
	month    map[string]period.Month

	monthAt, typeAt, nameAt, codeAt, groupAt, subAt, measureAt, countAt, refreshAt int
}

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
}

func newLong(s *sheet, atlas *places.Atlas, out *records.Sink) *long {
	return &long{sheet: s, out: out, force: out.Force(metForce), find: newLookup(s.source), places: newMetPlaces(s, atlas, out),
		figures: map[figureKey]figure{}, areas: map[string]area{}, kinds: map[string]uint32{}, month: map[string]period.Month{},
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
		l.add(ruleBadMonth, l.sheet.at(l.monthAt))
		return 0, false
	}
	if len(l.month) < 10_000 { // a file that writes each date its own way is not worth remembering
		l.month[string(text)] = m
	}
	return m, true
}

func (l *long) readCount() (int32, bool) {
	n, kind := parseCount(l.Field(l.countAt))
	switch kind {
	case countNegative:
		l.add(ruleNegative, l.at(l.countAt))
	case countBad:
		l.add(ruleBadNumber, l.at(l.countAt))
	case countBlank:
		l.add(ruleBlankCount, l.at(l.countAt))
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
		l.add(ruleTeamRows, l.at(l.typeAt))
	default:
		l.add(ruleAreaType, l.at(l.typeAt))
	}
	return false
}

func (l *long) isOffences() bool {
	switch records.Fold(string(l.Field(l.measureAt))) {
	case "offences", "offence count", "offence", "count", "value", "statistics", "victims", "incidents":
		return true
	case "positive outcomes", "outcomes", "positive outcome":
		l.add(ruleOutcomes, l.at(l.measureAt))
	default:
		l.add(ruleMeasure, l.at(l.measureAt))
	}
	return false
}

// kind numbers the row's type and subtype, spelt right; false when the row is
// passed over.
func (l *long) kind(month period.Month) (uint32, bool) {
	group, wrong1 := respell(string(l.Field(l.groupAt)))
	sub, wrong2 := respell(string(l.Field(l.subAt)))
	if wrong1 || wrong2 {
		at := l.groupAt
		if !wrong1 {
			at = l.subAt
		}
		l.add(ruleMisspelt, l.at(at))
	}
	if records.Fold(group) == "miscellaneous" {
		if month >= miscellaneousEnds {
			l.add(ruleMiscellaneous, l.at(l.groupAt))
			return 0, false
		}
		if _, declared := l.find.byName[key(group, sub)]; !declared {
			group = "Miscellaneous Crimes Against Society"
		}
	}
	if isWholeType(group) {
		sub = group
		l.add(ruleNotTNO, l.at(l.groupAt))
	}
	category := l.sheet.category(l.find, group, sub, l.subAt)
	name := key(group, sub)
	n, met := l.kinds[name]
	if !met {
		n = uint32(len(l.kinds))
		l.kinds[name] = n
		l.category = append(l.category, category)
	}
	return n, true
}

// area numbers the row's area: by its code where that is a borough's, else by
// its name.
func (l *long) area() uint32 {
	name := string(l.Field(l.nameAt))
	if p, ok := l.places.atlas.Get(ids.Place{Level: places.Borough, Code: string(l.Field(l.codeAt))}); ok {
		name = p.Name
	}
	place := l.places.borough(name, l.sheet.at(l.nameAt))
	k := records.Fold(name)
	a, met := l.areas[k]
	if !met {
		a = area{uint32(len(l.areas)), place}
		l.areas[k] = a
	}
	return a.number
}

func (l *long) refresh() int32 {
	text := string(l.Field(l.refreshAt))
	if text == "" {
		return 0
	}
	day, ok := parseDay(text)
	if !ok {
		l.add(ruleBadDate, l.at(l.refreshAt))
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
	present, months := map[uint16]bool{}, map[period.Month]bool{}
	for _, k := range keys {
		f, category := l.figures[k], l.category[k.kind]
		present[category], months[k.month] = true, true
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

// claim says which months and series the file speaks for.
func (l *long) claim(present map[uint16]bool, months []period.Month) {
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
	l.out.Tells(records.Telling{Series: telling(l.source, present, period.Range{From: months[0], To: months[len(months)-1]})})
	l.places.checkBoroughs()
}
