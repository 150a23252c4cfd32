package chart

import (
	"slices"
	"strconv"
)

// rowHeight is the height of one row of event labels above the plot.
const rowHeight = 18.0

// placed is an event with its place on the axis and its label's place above it.
type placed struct {
	Event
	months      float64
	x           float64
	row         int // 0 is the row next to the plot
	anchor      string
	left, right float64 // where the words begin and end
	words       string
}

// placeEvents finds each event's label a row and a side, so that no label lies
// on another or on another event's line. Events on the right, whose words go
// to the left of their lines, are placed first from left to right, then those
// on the left from right to left: so each line rises past words already placed
// below it on its free side.
func placeEvents(events []placed, p plot, limit float64) []placed {
	for i := range events {
		e := &events[i]
		e.x = p.at(e.months)
		e.words = e.Name + ", " + dayOf(e.Event, limit)
	}
	middle := (p.left + p.right) / 2
	slices.SortStableFunc(events, func(a, b placed) int {
		aRight, bRight := a.x > middle, b.x > middle
		switch {
		case aRight != bRight && aRight:
			return -1
		case aRight != bRight:
			return 1
		case aRight:
			return a.Day.Compare(b.Day)
		}
		return b.Day.Compare(a.Day)
	})
	for i := range events {
		events[i].settle(events[:i], limit)
	}
	if crossed(events) {
		arrange(events, limit)
	}
	return events
}

// crossed reports whether any label lies on another or on another's line.
func crossed(events []placed) bool {
	for i := range events {
		if slices.ContainsFunc(events[:i], events[i].meets) {
			return true
		}
	}
	return false
}

// mostArranged bounds the events that arrange tries every place for.
const mostArranged = 6

// arrange looks for places of all labels together, in as few rows as will do:
// settled one after the other, a label can stand where later lines must pass.
// When there are none, the labels stay as they were settled.
func arrange(events []placed, limit float64) {
	if len(events) > mostArranged {
		return
	}
	try := slices.Clone(events)
	for rows := 1; rows <= len(events); rows++ {
		if search(try, 0, rows, limit) {
			copy(events, try)
			return
		}
	}
}

// search finds places for events[i:] beside those before them.
func search(events []placed, i, rows int, limit float64) bool {
	if i == len(events) {
		return true
	}
	e := &events[i]
	for e.row = 0; e.row < rows; e.row++ {
		for _, anchor := range []string{"start", "end"} {
			if e.stand(anchor, limit) && !slices.ContainsFunc(events[:i], e.meets) && search(events, i+1, rows, limit) {
				return true
			}
		}
	}
	return false
}

// stand puts the words to the right of the line ("start") or to its left, and
// reports whether they are inside the picture there.
func (e *placed) stand(anchor string, limit float64) bool {
	w := width(e.words, smallSize, false)
	e.anchor, e.left, e.right = anchor, e.x+5, e.x+5+w
	if anchor == "end" {
		e.left, e.right = e.x-5-w, e.x-5
	}
	return e.left >= 0 && e.right <= limit
}

// dayOf writes an event's day, with a short month where there is little room.
func dayOf(e Event, limit float64) string {
	month := e.Day.Month().String()
	if limit <= float64(Narrow) {
		month = month[:3]
	}
	return strconv.Itoa(e.Day.Day()) + " " + month
}

// settle tries rows from the plot up and in each the right side, then the left.
func (e *placed) settle(before []placed, limit float64) {
	w := width(e.words, smallSize, false)
	for e.row = 0; ; e.row++ {
		for _, anchor := range []string{"start", "end"} {
			if e.stand(anchor, limit) && !slices.ContainsFunc(before, e.meets) {
				return
			}
		}
		if e.row >= len(before) {
			// No place is free of lines: lie over one, inside the picture, rather
			// than be lost. The words' white edge keeps them readable.
			e.left, e.anchor = max(0, min(e.x+5, limit-w)), "start"
			e.right = e.left + w
			return
		}
	}
}

// meets reports whether e's words or line lie on those of another event.
func (e *placed) meets(o placed) bool {
	const gap = 4
	words := e.row == o.row && e.left < o.right+gap && o.left < e.right+gap
	myLine := e.row >= o.row && e.x > o.left-gap && e.x < o.right+gap
	itsLine := o.row >= e.row && o.x > e.left-gap && o.x < e.right+gap
	return words || myLine || itsLine
}

// rowsOf is the number of rows the labels need.
func rowsOf(events []placed) int {
	rows := 0
	for _, e := range events {
		rows = max(rows, e.row+1)
	}
	return rows
}

// drawEvents draws each event's line from its label down to the axis, and all
// words after all lines.
func drawEvents(d *drawing, events []placed, p plot) {
	base := func(e placed) float64 { return p.top - 8 - float64(e.row)*rowHeight }
	for _, e := range events {
		d.line(e.x, base(e)-11, e.x, p.bottom, ink, 1, `stroke-dasharray="3 2"`)
	}
	for _, e := range events {
		x := e.left
		if e.anchor == "end" {
			x = e.right
		}
		d.haloed(x, base(e), e.anchor, e.words)
	}
}
