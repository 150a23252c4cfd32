package chart

import (
	"math"
	"time"

	"openvru/internal/period"
)

// Look is how a line is drawn. Looks differ in colour, in dash and in marker,
// so that they can be told apart in grey print and by people who do not see
// colours as others do.
type Look int

// The looks, by what they stand for in a chart of one year against another.
const (
	// Earlier is the year compared with: blue, dashed, hollow circles.
	Earlier Look = iota
	// Now is the year in question: yellow with a dark edge, squares.
	Now
	// After is the year in question after the event: red, thick, triangles.
	After
	// Alone is a line without another to compare with: blue and solid.
	Alone
)

// Line is one line of a Trend.
type Line struct {
	Name   string       // written where the line ends: "2019"
	Label  string       // written under the name, the year's total: "222,048"; may be empty
	Key    string       // what the key says of it: "2020, before 23 March"
	First  period.Month // the month of the first value, where it is not the axis's: a year ago
	Values []float64    // one a month from the axis's first month; NaN where there is none
	Look   Look
	Turns  bool   // the line's look becomes After at the Trend's Turn
	After  string // what the key says of it from there on
}

// Event is a day that readers should see in the picture.
type Event struct {
	Day  time.Time
	Name string // "First lockdown"
}

// Trend is a chart of monthly values: one or more lines over the same months.
// In a chart of a year against another, both lines share the months of the
// later year, and the events are that year's.
type Trend struct {
	ID     string // unique in its page
	Title  string // the accessible name: what the picture shows
	Desc   string // the accessible description: what it says
	Unit   string // what the vertical axis counts: "Offences each month"
	First  period.Month
	Months int
	Lines  []Line
	Events []Event
	Turn   time.Time // the day from which lines that turn are drawn as After; zero for none
}

// plot is where a Trend's values go on the page.
type plot struct {
	left, right, top, bottom float64
	step                     float64 // pixels a month
	y                        scale
}

// X is the middle of a month's stretch of the axis; at gives any moment.
func (p plot) x(month int) float64 { return p.left + (float64(month)+0.5)*p.step }

func (p plot) at(months float64) float64 { return p.left + months*p.step }

func (p plot) height(v float64) float64 { return p.bottom - v/p.y.top*(p.bottom-p.top) }

// SVG draws the chart for a size. The same Trend always gives the same text.
func (t Trend) SVG(size Size) string {
	var d drawing
	key, events := t.key(size), t.visibleEvents()
	p := t.plot(size)
	labels := placeEvents(events, p, float64(size))
	unitAt := key.height + 16
	rows := rowsOf(labels)
	p.top = unitAt + 10 + float64(rows)*rowHeight
	p.bottom = p.top + plotHeight(size)
	d.open(t.ID, t.Title, t.Desc, float64(size), p.bottom+30, size)
	key.draw(&d)
	d.text(0, unitAt, "start", t.Unit, smallSize, false, grey)
	t.axes(&d, p)
	drawEvents(&d, labels, p)
	for _, l := range t.Lines {
		t.draw(&d, p, l)
	}
	t.ends(&d, p)
	return d.close()
}

func plotHeight(size Size) float64 {
	if size == Narrow {
		return 200
	}
	return 250
}

// plot settles the axes: the margins are as wide as the words that stand in them.
func (t Trend) plot(size Size) plot {
	highest := 0.0
	for _, l := range t.Lines {
		for _, v := range l.Values {
			if v > highest {
				highest = v
			}
		}
	}
	p := plot{y: newScale(highest, 5, t.whole())}
	for _, v := range p.y.ticks() {
		p.left = max(p.left, width(p.y.label(v), smallSize, false)+8)
	}
	margin := 8.0
	for _, l := range t.Lines {
		margin = max(margin, width(l.Name, textSize, true)+16, width(l.Label, textSize, false)+16)
	}
	p.right = float64(size) - margin
	p.step = (p.right - p.left) / float64(max(1, t.Months))
	return p
}

// whole reports whether every value is a whole number.
func (t Trend) whole() bool {
	for _, l := range t.Lines {
		for _, v := range l.Values {
			if !math.IsNaN(v) && v != math.Trunc(v) {
				return false
			}
		}
	}
	return true
}

// axes draws the level lines with their values and the months' names.
func (t Trend) axes(d *drawing, p plot) {
	for _, v := range p.y.ticks() {
		y, colour := p.height(v), rule
		if v == 0 {
			colour = grey
		}
		d.line(p.left, y, p.right, y, colour, 1, "")
		d.text(p.left-6, y+4.5, "end", p.y.label(v), smallSize, false, grey)
	}
	for i, name := range monthLabels(t.First, t.Months, p.step) {
		if name == "" {
			continue
		}
		d.line(p.x(i), p.bottom, p.x(i), p.bottom+5, grey, 1, "")
		d.text(p.x(i), p.bottom+19, "middle", name, smallSize, false, grey)
	}
}

// visibleEvents are those within the months of the axis.
func (t Trend) visibleEvents() []placed {
	var out []placed
	for _, e := range t.Events {
		if at := monthsFrom(t.First, e.Day); at >= 0 && at <= float64(t.Months) {
			out = append(out, placed{Event: e, months: at})
		}
	}
	return out
}

// monthsFrom is how far into the axis a day begins, in months.
func monthsFrom(first period.Month, day time.Time) float64 {
	m := period.MonthOf(day)
	days := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return float64(m-first) + float64(day.Day()-1)/float64(days)
}
