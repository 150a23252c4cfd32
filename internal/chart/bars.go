package chart

// Bar is one bar of Bars.
type Bar struct {
	Name      string
	Value     float64
	Label     string  // the value as people read it: "1,204" or "14.2"
	Low, High float64 // the interval, drawn when High is above Low
	Mark      bool    // the bar the page is about
}

// Bars is a ranked bar chart: the order is the caller's, the axis starts at
// zero, every bar is labelled with its value.
type Bars struct {
	ID    string // unique in its page
	Title string // the accessible name
	Desc  string // the accessible description
	Unit  string // "Offences in 2020"
	Bars  []Bar
}

// SVG draws the bars for a size; long names stand above their bars where the
// picture is narrow.
func (b Bars) SVG(size Size) string {
	var d drawing
	names, labels, highest := 0.0, 0.0, 0.0
	for _, bar := range b.Bars {
		names = max(names, width(bar.Name, textSize, bar.Mark)+10)
		labels = max(labels, width(bar.Label, textSize, bar.Mark)+10)
		highest = max(highest, bar.Value, bar.High)
	}
	rowTall, drop := 26.0, 0.0
	if names > float64(size)*0.35 {
		names, rowTall, drop = 0, 44, 18
	}
	if highest <= 0 {
		highest = 1
	}
	full := float64(size) - names - labels
	d.open(b.ID, b.Title, b.Desc, float64(size), 26+rowTall*float64(len(b.Bars))+4, size)
	d.text(0, 14, "start", b.Unit, smallSize, false, grey)
	for i, bar := range b.Bars {
		bar.draw(&d, barPlace{left: names, top: 26 + rowTall*float64(i), drop: drop, scale: full / highest})
	}
	d.line(names, 24, names, 26+rowTall*float64(len(b.Bars)), grey, 1, "")
	return d.close()
}

// barPlace is where one bar goes.
type barPlace struct{ left, top, drop, scale float64 }

func (bar Bar) draw(d *drawing, p barPlace) {
	colour := blue
	if bar.Mark {
		colour = red
	}
	y, w := p.top+p.drop, bar.Value*p.scale
	if p.drop > 0 {
		d.text(2, p.top+13, "start", bar.Name, textSize, bar.Mark, ink)
	} else {
		d.text(p.left-6, y+16, "end", bar.Name, textSize, bar.Mark, ink)
	}
	d.rect(p.left, y+2, w, 18, colour, "")
	ends := w
	if bar.High > bar.Low {
		ends = max(ends, bar.High*p.scale)
		bar.whisker(d, p, y+11)
	}
	d.text(p.left+ends+6, y+16, "start", bar.Label, textSize, bar.Mark, ink)
}

// whisker draws the interval: white under black, so that it shows on the bar
// and beyond it.
func (bar Bar) whisker(d *drawing, p barPlace, y float64) {
	a, b := p.left+max(0, bar.Low)*p.scale, p.left+bar.High*p.scale
	d.line(a, y, b, y, paper, 4, "")
	d.line(a, y, b, y, ink, 2, "")
	for _, x := range []float64{a, b} {
		d.line(x, y-5, x, y+5, ink, 2, "")
	}
}
