package chart

import (
	"fmt"
	"math"
	"strings"

	"openvru/internal/period"
)

// pen is how a Look is put on paper.
type pen struct {
	colour, edge string
	width        float64
	dash         string
	marker       func(d *drawing, x, y float64, says string)
}

// pens holds one pen a Look, in the order of the constants.
var pens = []pen{
	Earlier: {colour: blue, width: 2, dash: `stroke-dasharray="6 4"`, marker: circle},
	Now:     {colour: yellow, edge: "#5c4500", width: 2.5, marker: square},
	After:   {colour: red, width: 3, marker: triangle},
	Alone:   {colour: blue, width: 2.5, marker: circle},
}

func (p pen) stroke(d *drawing, commands string) {
	if p.edge != "" {
		d.path(commands, p.edge, p.width+2, "")
	}
	d.path(commands, p.colour, p.width, p.dash)
}

func circle(d *drawing, x, y float64, says string) {
	fmt.Fprintf(&d.b, `<circle cx="%s" cy="%s" r="3.5" fill="%s" stroke="%s" stroke-width="1.5"><title>%s</title></circle>`+"\n",
		coord(x), coord(y), paper, blue, escape(says))
}

func square(d *drawing, x, y float64, says string) {
	fmt.Fprintf(&d.b, `<rect x="%s" y="%s" width="8" height="8" fill="%s" stroke="#5c4500"><title>%s</title></rect>`+"\n",
		coord(x-4), coord(y-4), yellow, escape(says))
}

func triangle(d *drawing, x, y float64, says string) {
	fmt.Fprintf(&d.b, `<path d="M%s %sl5 9h-10z" fill="%s"><title>%s</title></path>`+"\n", coord(x), coord(y-5.5), red, escape(says))
}

// point is a month's value on the page.
type point struct {
	x, y  float64
	says  string // "March 2020: 18,123"
	after bool
}

// draw draws a line: its strokes first, its markers over them. A gap in the
// values is a gap in the line.
func (t Trend) draw(d *drawing, p plot, l Line) {
	turn := math.Inf(1)
	if l.Turns && !t.Turn.IsZero() {
		turn = p.at(monthsFrom(t.First, t.Turn))
	}
	for _, run := range t.runs(p, l, turn) {
		before, after := split(run, turn)
		if len(before) > 1 {
			pens[l.Look].stroke(d, commands(before))
		}
		if len(after) > 1 {
			pens[After].stroke(d, commands(after))
		}
		// Markers closer than this would hide the line; a lone month needs one.
		if p.step < 14 && len(run) > 1 {
			continue
		}
		for _, pt := range run {
			look := l.Look
			if pt.after {
				look = After
			}
			pens[look].marker(d, pt.x, pt.y, pt.says)
		}
	}
}

// runs are the unbroken stretches of a line's values.
func (t Trend) runs(p plot, l Line, turn float64) [][]point {
	var out [][]point
	open := false
	for i, v := range l.Values {
		if math.IsNaN(v) {
			open = false
			continue
		}
		if !open {
			out, open = append(out, nil), true
		}
		pt := point{x: p.x(i), y: p.height(v), says: t.monthName(i, l) + ": " + number(v, p.y.decimals)}
		pt.after = pt.x >= turn
		out[len(out)-1] = append(out[len(out)-1], pt)
	}
	return out
}

// monthName names a value's month: in a chart of two years each line has its own.
func (t Trend) monthName(i int, l Line) string {
	first := l.First
	if first == 0 {
		first = t.First
	}
	return (first + period.Month(i)).Name()
}

// split cuts a run where the line turns, at the very day: both parts share the
// point on the way from one month to the next.
func split(run []point, turn float64) (before, after []point) {
	for i, pt := range run {
		if !pt.after {
			before = append(before, pt)
			continue
		}
		if i > 0 && !run[i-1].after {
			a := run[i-1]
			cut := point{x: turn, y: a.y + (pt.y-a.y)*(turn-a.x)/(pt.x-a.x)}
			before, after = append(before, cut), append(after, cut)
		}
		after = append(after, pt)
	}
	return before, after
}

func commands(points []point) string {
	var b strings.Builder
	for i, pt := range points {
		if i == 0 {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(coord(pt.x) + " " + coord(pt.y))
	}
	return b.String()
}
