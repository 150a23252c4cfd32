package chart

import (
	"math"
	"slices"
)

// end is the label at the end of a line.
type end struct {
	line  Line
	x, y  float64 // the line's last point
	place float64 // where the label's middle goes
	look  Look
}

const endHeight = 36.0

// ends writes each line's name and label where the line ends, moved apart
// where they would lie on each other, with a thin line back to the point when
// a label has moved or the line ends early.
func (t Trend) ends(d *drawing, p plot) {
	var ends []end
	for _, l := range t.Lines {
		if e, ok := t.endOf(p, l); ok {
			ends = append(ends, e)
		}
	}
	spread(ends, p.top, p.bottom)
	for _, e := range ends {
		if e.x < p.right-p.step || math.Abs(e.place-e.y) > 6 {
			d.line(e.x+7, e.y, p.right+7, e.place, grey, 1, `stroke-dasharray="1 3"`)
		}
		y := e.place + 5
		if e.line.Label != "" {
			y = e.place - 3
			d.text(p.right+10, y+16, "start", e.line.Label, textSize, false, ink)
		}
		d.text(p.right+10, y, "start", e.line.Name, textSize, true, labelColour(e.look))
	}
}

// labelColour is a colour for words: yellow words could not be read on white.
func labelColour(l Look) string {
	switch l {
	case Earlier, Alone:
		return blue
	case After:
		return red
	}
	return ink
}

func (t Trend) endOf(p plot, l Line) (end, bool) {
	for i := len(l.Values) - 1; i >= 0; i-- {
		if v := l.Values[i]; !math.IsNaN(v) {
			e := end{line: l, x: p.x(i), y: p.height(v), look: l.Look}
			if l.Turns && !t.Turn.IsZero() && e.x >= p.at(monthsFrom(t.First, t.Turn)) {
				e.look = After
			}
			return e, true
		}
	}
	return end{}, false
}

// spread gives every label room: from the top down each is pushed below the
// one above it, then from the bottom up each is pushed back inside.
func spread(ends []end, top, bottom float64) {
	order := make([]*end, len(ends))
	for i := range ends {
		ends[i].place = ends[i].y
		order[i] = &ends[i]
	}
	slices.SortStableFunc(order, func(a, b *end) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return 0
	})
	for i := 1; i < len(order); i++ {
		// Share the move between the two, so that neither strays far.
		if gap := order[i].place - order[i-1].place; gap < endHeight {
			order[i-1].place -= (endHeight - gap) / 2
			order[i].place = order[i-1].place + endHeight
		}
	}
	low := top + endHeight/2 - 12
	for _, e := range order {
		e.place = max(e.place, low)
		low = e.place + endHeight
	}
	high := bottom - endHeight/2 + 12
	for _, e := range slices.Backward(order) {
		e.place = min(e.place, high)
		high = e.place - endHeight
	}
}
