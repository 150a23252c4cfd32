package geofile

import (
	"strconv"

	"openvru/internal/geo"
)

// coordinates reads GeoJSON's nested lists of numbers from JSON that is known
// to be well formed. It is many times faster than the general decoder, and
// boundaries are little else. After anything that is not as it should be,
// failed is set and what was read is worth nothing.
type coordinates struct {
	text   []byte
	at     int
	failed bool
}

// skip passes blanks and returns the next byte, 0 at the end.
func (c *coordinates) skip() byte {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return b
		}
	}
	return 0
}

// list reads a list, calling item for each of its values.
func (c *coordinates) list(item func()) {
	if c.failed || c.skip() != '[' {
		c.failed = true
		return
	}
	c.at++
	for !c.failed && c.skip() != ']' {
		item()
		switch c.skip() {
		case ',':
			c.at++
		case ']':
		default:
			c.failed = true
		}
	}
	c.at++
}

func (c *coordinates) number() float64 {
	c.skip()
	start := c.at
	for c.at < len(c.text) && isNumeric(c.text[c.at]) {
		c.at++
	}
	v, err := strconv.ParseFloat(string(c.text[start:c.at]), 64)
	c.failed = c.failed || err != nil
	return v
}

func isNumeric(b byte) bool {
	return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E'
}

// point reads a position; a height, if there is one, is passed over.
func (c *coordinates) point() geo.Point {
	var values [2]float64
	n := 0
	c.list(func() {
		if v := c.number(); n < 2 {
			values[n] = v
		}
		n++
	})
	c.failed = c.failed || n < 2
	return geo.Point{X: values[0], Y: values[1]}
}

func (c *coordinates) ring() geo.Ring {
	var ring geo.Ring
	c.list(func() { ring = append(ring, c.point()) })
	return ring
}

func (c *coordinates) polygon() geo.Polygon {
	var polygon geo.Polygon
	c.list(func() { polygon = append(polygon, c.ring()) })
	return polygon
}

func (c *coordinates) multiPolygon() geo.MultiPolygon {
	var shape geo.MultiPolygon
	c.list(func() { shape = append(shape, c.polygon()) })
	return shape
}
