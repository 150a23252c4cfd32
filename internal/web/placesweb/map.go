package placesweb

import (
	"math"
	"strconv"
	"strings"

	"openvru/internal/geo"
)

// mapWidth is the width of a map's drawing, in its own units.
const mapWidth = 640

// mapHeight is how tall a map may become.
const mapHeight = 560

// mapView is a simple map as the page draws it: paths in the map's own units.
type mapView struct {
	Title  string
	Width  int
	Height int
	Around []mapArea // neighbours, in grey
	Inside []mapArea // what the map is about
	Edge   string    // the outline of the place itself
	Key    []keyItem
}

// mapArea is one place on a map.
type mapArea struct {
	Path  string
	Class string
	Label string
	Href  string
}

// keyItem is one class of colour and what it stands for.
type keyItem struct{ Class, Text string }

// projection takes longitude and latitude to a drawing: north up, east right,
// a degree of longitude as much shorter as it is at the middle of the map.
type projection struct {
	box            geo.Box
	squeeze, scale float64
}

// fit returns the projection that draws a box as large as a map may be.
func fit(box geo.Box) (p projection, width, height int) {
	p.box = box
	p.squeeze = math.Cos(box.Centre().Y * math.Pi / 180)
	across, up := box.Width()*p.squeeze, box.Height()
	if across <= 0 || up <= 0 {
		return p, mapWidth, mapHeight
	}
	p.scale = math.Min(mapWidth/across, mapHeight/up)
	return p, int(math.Ceil(across * p.scale)), int(math.Ceil(up * p.scale))
}

// at returns where a point is drawn, to half a unit. Both sides of a border
// are rounded alike, so simplified neighbours still fit together.
func (p projection) at(pt geo.Point) (x, y int) {
	x = int(math.Round((pt.X - p.box.MinX) * p.squeeze * p.scale * 2))
	y = int(math.Round((p.box.MaxY - pt.Y) * p.scale * 2))
	return x, y
}

// path writes an area as the path of an SVG. Points that fall on the same half
// unit are drawn once, and rings too small to see are left out.
func (p projection) path(m geo.MultiPolygon) string {
	var b strings.Builder
	m.Rings(func(r geo.Ring) { p.ring(&b, r) })
	return b.String()
}

func (p projection) ring(b *strings.Builder, r geo.Ring) {
	kept := make([][2]int, 0, 64)
	for _, pt := range r {
		x, y := p.at(pt)
		if n := len(kept); n > 0 && kept[n-1] == [2]int{x, y} {
			continue
		}
		kept = append(kept, [2]int{x, y})
	}
	if len(kept) < 4 {
		return
	}
	for i, c := range kept {
		if i == 0 {
			b.WriteByte('M')
		} else if i == 1 {
			b.WriteByte('L')
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(half(c[0]))
		b.WriteByte(' ')
		b.WriteString(half(c[1]))
	}
	b.WriteByte('Z')
}

// half writes a number of half units.
func half(n int) string {
	if n%2 == 0 {
		return strconv.Itoa(n / 2)
	}
	return strconv.FormatFloat(float64(n)/2, 'f', 1, 64)
}
