package geo

import "math/bits"

// None is the answer of Locate for a point in none of the areas.
const None = -1

// Index tells which of a set of areas a point lies in, with the same answer as
// asking each area in turn whether it Contains the point and taking the first.
//
// It lays a fine grid over the areas. A cell that no boundary enters knows its
// answer. Any other knows which areas hold its middle, and the few pieces of
// boundary that enter it: the answer for a point follows from the pieces that
// lie between the point and the middle. Nothing is rounded: each piece is
// tested by Orient. docs/methods/point-in-polygon.md has the argument, and the
// speed that was measured.
//
// An Index is never changed once built, so any number of goroutines may ask.
type Index struct {
	grid   grid
	cells  []int32 // an area, None, or busyCell of an index into busy
	busy   []cell  // one more than there are, to end the last one's pieces
	pieces []piece
	areas  []int32 // the areas that matter in each busy cell, in order
	shapes []MultiPolygon
}

// cell is a grid cell that boundaries enter.
type cell struct {
	firstPiece, firstArea uint32
	middle                uint32 // bit n: the cell's n-th area holds the middle
	crowded               bool   // too many areas for the bits: ask each
}

// piece is a segment seen from one cell. It holds the segment itself, though
// other cells have it too: a point's time goes on waiting for memory, and so
// it waits once less.
type piece struct {
	segment
	toggles uint32 // bit n: the segment bounds the cell's n-th area
}

// The two highest bits of piece.toggles tell how the segment lies to the
// cell's middle; the others are left for areas.
const (
	spansMiddle = 1 << 31 // the vertical line through the middle crosses it
	middleWest  = 1 << 30 // the middle lies west of it
	maxAreas    = 30
)

// segment is an edge, taken upwards. A level one runs from east to west: then
// "left of it" is below it, which is the side that a vertical path must cross.
type segment struct{ lo, hi Point }

// Locate returns the number of the first area that holds p, or None.
func (x *Index) Locate(p Point) int {
	at, column, row := x.grid.find(p)
	if at < 0 {
		return None
	}
	answer := x.cells[at]
	if answer >= None {
		return int(answer)
	}
	return int(x.locateBusy(busyIndex(answer), Point{x.grid.xs[column], x.grid.ys[row]}, p))
}

// LocateMany writes to out the area of each of the points (lon[i], lat[i]). It
// uses the calling goroutine only; the three slices must be of one length.
func (x *Index) LocateMany(lon, lat []float64, out []int32) {
	lat, out = lat[:len(lon)], out[:len(lon)]
	for len(lon) > 0 {
		n := min(len(lon), block)
		x.locateBlock(lon[:n], lat[:n], out[:n])
		lon, lat, out = lon[n:], lat[n:], out[n:]
	}
}

// block is how many points are looked up side by side.
const block = 256

// locateBlock reads the cells of all points before it looks into any: a
// processor waits for many reads at once, but only for those that are near in
// the program.
func (x *Index) locateBlock(lon, lat []float64, out []int32) {
	lat, out = lat[:len(lon)], out[:len(lon)]
	for i, longitude := range lon {
		out[i] = None
		if at, _, _ := x.grid.find(Point{longitude, lat[i]}); at >= 0 {
			out[i] = x.cells[at]
		}
	}
	for i, answer := range out {
		if answer < None {
			p := Point{lon[i], lat[i]}
			_, column, row := x.grid.find(p)
			out[i] = x.locateBusy(busyIndex(answer), Point{x.grid.xs[column], x.grid.ys[row]}, p)
		}
	}
}

// Len returns the number of areas.
func (x *Index) Len() int { return len(x.shapes) }

// locateBusy walks from p level to the middle's meridian and then along it to
// the middle. Each segment crossed on the way turns over whether its areas
// hold the point.
func (x *Index) locateBusy(k int, middle, p Point) int32 {
	c, next := &x.busy[k], &x.busy[k+1]
	areas := x.areas[c.firstArea:next.firstArea]
	if c.crowded {
		return x.firstHolding(areas, p)
	}
	inside, corner := c.middle, Point{middle.X, p.Y}
	pieces := x.pieces[c.firstPiece:next.firstPiece]
	for i := range pieces {
		if piece := &pieces[i]; piece.between(p, corner) {
			inside ^= piece.toggles
		}
	}
	if n := bits.TrailingZeros32(inside & (1<<maxAreas - 1)); n < maxAreas {
		return areas[n]
	}
	return None
}

// between reports whether the segment is crossed an odd number of times on the
// way from p to the corner and from there to the cell's middle.
func (s *piece) between(p, corner Point) bool {
	flags := s.toggles
	level := s.lo.Y <= p.Y && p.Y < s.hi.Y
	if !level && flags&spansMiddle == 0 {
		return false
	}
	cornerWest := Orient(s.lo, s.hi, corner) > 0
	crossed := level && (Orient(s.lo, s.hi, p) > 0) != cornerWest
	if flags&spansMiddle != 0 && cornerWest != (flags&middleWest != 0) {
		crossed = !crossed
	}
	return crossed
}

func (x *Index) firstHolding(areas []int32, p Point) int32 {
	for _, area := range areas {
		if x.shapes[area].Contains(p) {
			return area
		}
	}
	return None
}

// busyCell and busyIndex turn an index into busy into the number that stands
// for it in cells, and back.
func busyCell(k int) int32       { return int32(-2 - k) }
func busyIndex(answer int32) int { return int(-2 - answer) }
