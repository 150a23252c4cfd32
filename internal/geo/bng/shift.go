package bng

import (
	"bytes"
	"compress/flate"
	_ "embed" // the table of shifts
	"io"
	"sync"

	"openvru/internal/geo"
)

// The table has a node at every kilometre, rows from south to north.
const (
	nodesEast  = maxEasting/1000 + 1
	nodesNorth = maxNorthing/1000 + 1
	nodes      = nodesEast * nodesNorth
)

// The shifts in millimetres are kept without sign, from these.
const (
	leastEast  = 82_140
	leastNorth = -84_180
)

//go:embed ostn15/ostn15.bin
var packed []byte

// table unpacks the shifts when they are first needed, which takes some tens
// of milliseconds that most runs of the program can spare.
var table = sync.OnceValue(func() [2][]uint16 {
	// The file is part of the program: a fault in it is one of the build.
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil || len(plain) != 4*nodes {
		panic("bng: the embedded table of shifts is damaged")
	}
	return [2][]uint16{Unpack(plain[:2*nodes], nodesEast), Unpack(plain[2*nodes:], nodesEast)}
})

// Pack writes a table of numbers in rows of the given width so that it
// compresses well: each number as its difference from what its neighbours to
// the west, south and south-west would make of a plane, small differences of
// either sign as small numbers, and all low bytes before all high bytes.
func Pack(values []uint16, width int) []byte {
	out := make([]byte, 2*len(values))
	for i, v := range values {
		d := int16(v - predict(values, i, width))
		z := uint16(d)<<1 ^ uint16(d>>15)
		out[i], out[len(values)+i] = byte(z), byte(z>>8)
	}
	return out
}

// Unpack is the inverse of Pack.
func Unpack(plain []byte, width int) []uint16 {
	n := len(plain) / 2
	out := make([]uint16, n)
	for i := range out {
		z := uint16(plain[i]) | uint16(plain[n+i])<<8
		out[i] = predict(out, i, width) + (z>>1 ^ -(z & 1))
	}
	return out
}

func predict(values []uint16, i, width int) uint16 {
	west, south := i%width > 0, i >= width
	switch {
	case west && south:
		return values[i-1] + values[i-width] - values[i-width-1]
	case west:
		return values[i-1]
	case south:
		return values[i-width]
	}
	return 0
}

// shiftAt returns the shift in metres at a place on the projection's plane,
// interpolated between the four nodes around it. A place beyond the grid,
// which only a step of ToWGS84 can be, has the shift of the nearest square.
func shiftAt(p geo.Point) (east, north float64) {
	column := min(max(int(p.X/1000), 0), nodesEast-2)
	row := min(max(int(p.Y/1000), 0), nodesNorth-2)
	t, u := p.X/1000-float64(column), p.Y/1000-float64(row)
	at := row*nodesEast + column
	weights := [4]float64{(1 - t) * (1 - u), t * (1 - u), (1 - t) * u, t * u}
	shifts := table()
	for i, node := range [4]int{at, at + 1, at + nodesEast, at + nodesEast + 1} {
		east += weights[i] * float64(shifts[0][node])
		north += weights[i] * float64(shifts[1][node])
	}
	return (east + leastEast) / 1000, (north + leastNorth) / 1000
}
