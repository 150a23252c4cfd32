package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// drawing collects SVG elements. Coordinates are rounded to a tenth of a
// pixel: finer cannot be seen, and short text is kinder to slow lines.
type drawing struct{ b strings.Builder }

// coord writes a coordinate with at most one decimal.
func coord(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// escape makes text safe inside an element and inside a quoted attribute.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace

// open writes the picture's root with its accessible name and description.
func (d *drawing) open(id, title, desc string, w, h float64, size Size) {
	id = escape(id) + "-" + size.String()
	fmt.Fprintf(&d.b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-%s" role="img" aria-labelledby="%s-t %s-d" viewBox="0 0 %s %s" width="%s" height="%s" font-family="%s" font-size="%s" fill="%s">`,
		size, id, id, coord(w), coord(h), coord(w), coord(h), font, coord(textSize), ink)
	fmt.Fprintf(&d.b, "\n<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">%s</desc>\n", id, escape(title), id, escape(desc))
}

// close ends the picture and returns it.
func (d *drawing) close() string {
	d.b.WriteString("</svg>\n")
	return d.b.String()
}

// line draws a straight line; extra is further attributes, already safe.
func (d *drawing) line(x1, y1, x2, y2 float64, colour string, width float64, extra string) {
	fmt.Fprintf(&d.b, `<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"%s/>`+"\n",
		coord(x1), coord(y1), coord(x2), coord(y2), colour, coord(width), pad(extra))
}

// path draws an open line through d's commands.
func (d *drawing) path(commands, colour string, width float64, extra string) {
	fmt.Fprintf(&d.b, `<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round"%s/>`+"\n",
		commands, colour, coord(width), pad(extra))
}

// rect draws a filled box.
func (d *drawing) rect(x, y, w, h float64, colour, extra string) {
	fmt.Fprintf(&d.b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"%s/>`+"\n",
		coord(x), coord(y), coord(w), coord(h), colour, pad(extra))
}

// text writes words at a point; anchor is "start", "middle" or "end".
func (d *drawing) text(x, y float64, anchor, words string, size float64, bold bool, colour string) {
	attr := ""
	if anchor != "start" {
		attr += ` text-anchor="` + anchor + `"`
	}
	if size != textSize {
		attr += ` font-size="` + coord(size) + `"`
	}
	if bold {
		attr += ` font-weight="bold"`
	}
	if colour != ink {
		attr += ` fill="` + colour + `"`
	}
	fmt.Fprintf(&d.b, `<text x="%s" y="%s"%s>%s</text>`+"\n", coord(x), coord(y), attr, escape(words))
}

// haloed writes small words with a white edge, readable over a line.
func (d *drawing) haloed(x, y float64, anchor, words string) {
	fmt.Fprintf(&d.b, `<text x="%s" y="%s" text-anchor="%s" font-size="%s" stroke="%s" stroke-width="4" stroke-linejoin="round" paint-order="stroke">%s</text>`+"\n",
		coord(x), coord(y), anchor, coord(smallSize), paper, escape(words))
}

func pad(attributes string) string {
	if attributes == "" {
		return ""
	}
	return " " + attributes
}
