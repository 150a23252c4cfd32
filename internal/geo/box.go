package geo

import "math"

// Box is a rectangle along the axes, its sides part of it.
type Box struct{ MinX, MinY, MaxX, MaxY float64 }

// EmptyBox returns a box that holds nothing and grows to what is put in it.
func EmptyBox() Box {
	return Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

// Empty reports whether the box holds no point.
func (b Box) Empty() bool { return b.MinX > b.MaxX || b.MinY > b.MaxY }

// Add returns the box grown to hold p.
func (b Box) Add(p Point) Box {
	return Box{min(b.MinX, p.X), min(b.MinY, p.Y), max(b.MaxX, p.X), max(b.MaxY, p.Y)}
}

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	return Box{min(b.MinX, o.MinX), min(b.MinY, o.MinY), max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)}
}

// Grow returns the box with each side moved out by d.
func (b Box) Grow(d float64) Box {
	return Box{b.MinX - d, b.MinY - d, b.MaxX + d, b.MaxY + d}
}

// Contains reports whether p is in the box or on its side.
func (b Box) Contains(p Point) bool {
	return b.MinX <= p.X && p.X <= b.MaxX && b.MinY <= p.Y && p.Y <= b.MaxY
}

// Meets reports whether the boxes share a point.
func (b Box) Meets(o Box) bool {
	return b.MinX <= o.MaxX && o.MinX <= b.MaxX && b.MinY <= o.MaxY && o.MinY <= b.MaxY
}

// Width returns the extent along X, 0 for an empty box.
func (b Box) Width() float64 { return max(0, b.MaxX-b.MinX) }

// Height returns the extent along Y, 0 for an empty box.
func (b Box) Height() float64 { return max(0, b.MaxY-b.MinY) }

// Centre returns the middle of the box.
func (b Box) Centre() Point { return Point{(b.MinX + b.MaxX) / 2, (b.MinY + b.MaxY) / 2} }

// Bounds returns the smallest box that holds the ring.
func (r Ring) Bounds() Box {
	b := EmptyBox()
	for _, p := range r {
		b = b.Add(p)
	}
	return b
}

// Bounds returns the smallest box that holds all rings: on a polygon that is
// not valid, a hole may reach out of its shell.
func (p Polygon) Bounds() Box {
	b := EmptyBox()
	for _, ring := range p {
		b = b.Union(ring.Bounds())
	}
	return b
}

// Bounds returns the smallest box that holds the area; it is empty for an area
// of no parts.
func (m MultiPolygon) Bounds() Box {
	b := EmptyBox()
	for _, polygon := range m {
		b = b.Union(polygon.Bounds())
	}
	return b
}
