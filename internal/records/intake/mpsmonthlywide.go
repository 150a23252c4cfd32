package intake

import (
	"fmt"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// maxWideRows bounds how many different rows a wide file may have: all wards
// of London by all subgroups make twenty thousand.
const maxWideRows = 1 << 20

// wide is one wide file being read: a row for each place and subgroup, a
// column for each month.
type wide struct {
	*sheet
	atlas  *places.Atlas
	out    *records.Sink
	force  uint16
	find   *lookup
	places *metPlaces

	months  []monthColumn
	group   int // fields of the declared columns; -1 when the file lacks one
	sub     int
	ward    int
	code    int
	borough int

	seen    map[string]seenRow
	totals  *totals
	present map[uint16]bool
	counts  []int32 // of the row
}

// monthColumn is the column of one month.
type monthColumn struct {
	month  period.Month
	field  int
	filled bool  // some cell has a count
	blanks int64 // cells without one
	first  records.Example
}

// seenRow is what an earlier row of the same place and subgroup said.
type seenRow struct {
	line   int64
	counts []int32
}

func newWide(s *sheet, atlas *places.Atlas, out *records.Sink) *wide {
	w := &wide{sheet: s, atlas: atlas, out: out, force: out.Force(metForce), find: newLookup(s.source),
		seen: map[string]seenRow{}, present: map[uint16]bool{},
		group: s.column(wideGroup), sub: s.column(wideSubgroup), ward: s.column(wideWard), code: s.column(wideWardCode), borough: s.column(wideBorough)}
	w.places = newMetPlaces(s, atlas, out)
	return w
}

// isWard reports whether this is a ward file.
func (w *wide) isWard() bool { return w.code >= 0 }

// settleMonths finds the months in the header. It returns false when one
// cannot be read or stands twice: then no count can be trusted to its month.
func (w *wide) settleMonths() bool {
	ok := true
	seen := map[period.Month]bool{}
	for _, i := range w.free {
		m, isMonth := parseMonth(w.header[i])
		switch {
		case isMonth && seen[m]:
			w.tell(ruleRepeatedColumn, i)
			ok = false
		case isMonth:
			seen[m] = true
			w.months = append(w.months, monthColumn{month: m, field: i})
		case looksLikeMonth(w.header[i]):
			w.tell(ruleBadMonth, i)
			ok = false
		default:
			w.notUsed(i)
		}
	}
	slices.SortFunc(w.months, func(a, b monthColumn) int { return int(a.month - b.month) })
	w.counts = make([]int32, len(w.months))
	w.totals = newTotals(len(w.months))
	return ok
}

// looksLikeMonth reports whether a heading was meant for a month: six digits.
func looksLikeMonth(h string) bool {
	h = strings.TrimLeft(h, "Xx")
	return len(h) == 6 && strings.Trim(h, "0123456789") == ""
}

// takeRow takes one row of counts.
func (w *wide) takeRow() error {
	group, sub := string(w.Field(w.group)), string(w.Field(w.sub))
	borough, ward, code := string(w.Field(w.borough)), string(w.Field(w.ward)), string(w.Field(w.code))
	if !w.readCounts() {
		return nil
	}
	place := borough
	if w.isWard() {
		place = borough + " / " + ward + " " + code
	}
	if t, is := w.totals.key(place, group, sub); is {
		w.totals.said = append(w.totals.said, saidTotal{t, w.Line(), slices.Clone(w.counts)})
		w.add(ruleTotalRow, records.Example{Line: w.Line(), Value: strings.Join([]string{group, sub, place}, " / ")})
		return nil
	}
	if again, err := w.repeated(place, group, sub); again || err != nil {
		return err
	}
	w.totals.add(place, group, sub, w.counts)
	category := w.category(group, sub)
	w.present[category] = true
	var at uint32
	if w.isWard() {
		at = w.places.ward(code, w.code)
	} else {
		at = w.places.borough(borough, w.borough)
	}
	return w.addCounts(category, at)
}

// category finds the row's category and tells of those that are new.
func (w *wide) category(group, sub string) uint16 {
	m := w.find.find(group, sub)
	w.tellNew(m, group, sub, w.sub)
	return m.category
}

// tellNew tells of a category that is new, at the field of the subgroup.
func (s *sheet) tellNew(m match, group, sub string, field int) {
	rule := ruleNewSubgroup
	if m.category == records.UnknownCategory {
		rule = ruleUnknownCategory
	}
	if m.known || !s.wants(rule) {
		return
	}
	e := s.at(field)
	e.Value = pair(group, sub)
	s.add(rule, e)
}

// readCounts reads the row's counts by month, telling of each that cannot be
// one. It returns false when the row cannot be used.
func (w *wide) readCounts() bool {
	ok := true
	for i := range w.months {
		c := &w.months[i]
		n, kind := parseCount(w.Field(c.field))
		w.counts[i] = n
		switch kind {
		case countOK:
			c.filled = true
		case countBlank:
			if c.blanks == 0 {
				c.first = w.at(c.field)
			}
			c.blanks++
		case countNegative:
			w.tell(ruleNegative, c.field)
			ok = false
		case countBad:
			w.tell(ruleBadNumber, c.field)
			ok = false
		}
	}
	return ok
}

// repeated reports whether the row stood before, and tells whether it said the
// same.
func (w *wide) repeated(place, group, sub string) (bool, error) {
	k := key(group, sub) + " / " + records.Fold(place)
	before, again := w.seen[k]
	if !again {
		if len(w.seen) >= maxWideRows {
			return false, errs.New(errs.Invalid, "The file has more than a million rows of different places and groups").
				WithHint("no borough or ward file is that long: check that this is the right file")
		}
		w.seen[k] = seenRow{w.Line(), slices.Clone(w.counts)}
		return false, nil
	}
	e := records.Example{Line: w.Line(), Value: strings.Join([]string{group, sub, place}, " / ")}
	if slices.Equal(before.counts, w.counts) {
		e.Value += fmt.Sprintf(" as on line %d", before.line)
		w.add(ruleSameRow, e)
		return true, nil
	}
	for i, n := range w.counts {
		if n != before.counts[i] {
			e.Column = w.header[w.months[i].field]
			e.Value += fmt.Sprintf(": %d here, %d on line %d", n, before.counts[i], before.line)
			break
		}
	}
	w.add(ruleOtherRow, e)
	return true, nil
}

// addCounts hands the row's counts on, a record for each month with any.
func (w *wide) addCounts(category uint16, at uint32) error {
	r := records.Row{Line: w.Line(), Minute: records.NoTime, Weekday: records.NoTime, Category: category, Force: w.force, Place: at}
	for i, n := range w.counts {
		if n == 0 {
			continue
		}
		r.Month, r.Count = w.months[i].month, n
		if err := w.out.Add(w.ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// finish tells what only the whole file shows, and what it speaks for.
func (w *wide) finish() {
	w.out.RowsRead(w.row)
	if w.row == 0 {
		w.add(records.RuleNoRows, records.Example{})
		return
	}
	if len(w.seen) == 0 {
		return // no row could be used: that has been told
	}
	w.checkTotals()
	filled := w.checkMonths()
	if len(filled) == 0 {
		return
	}
	for _, r := range runs(filled) {
		w.out.Cover(w.force, r)
	}
	present := map[uint16]period.Range{}
	for c := range w.present {
		present[c] = period.Range{From: filled[0], To: filled[len(filled)-1]}
	}
	t := records.Telling{Series: telling(w.source, present)}
	if w.isWard() {
		t.Levels = w.places.wardLevels(filled[0])
		w.add(ruleWardsBelow, records.Example{})
	} else {
		t.Levels = []ids.Level{places.Borough, places.PFA}
		w.places.checkBoroughs()
	}
	w.out.Tells(t)
}

// checkMonths tells of blank cells, months without any figure and gaps, and
// returns the months that have figures.
func (w *wide) checkMonths() (filled []period.Month) {
	for i, c := range w.months {
		if i > 0 && w.months[i-1].month+1 < c.month {
			gap := period.Range{From: w.months[i-1].month + 1, To: c.month - 1}
			w.add(ruleMonthGap, records.Example{Line: 1, Column: w.header[c.field], Value: gap.String() + " missing"})
		}
		if !c.filled {
			w.add(ruleEmptyMonth, records.Example{Line: 1, Column: w.header[c.field]})
			continue
		}
		filled = append(filled, c.month)
		if c.blanks > 0 {
			w.add(ruleBlankCount, c.first)
			w.found.AddMany(w.found.Index(ruleBlankCount), c.blanks-1)
		}
	}
	return filled
}

// runs joins months, in order, into runs without gaps.
func runs(months []period.Month) []period.Range {
	var out []period.Range
	for _, m := range months {
		if n := len(out); n > 0 && out[n-1].To+1 == m {
			out[n-1].To = m
			continue
		}
		out = append(out, period.Range{From: m, To: m})
	}
	return out
}
