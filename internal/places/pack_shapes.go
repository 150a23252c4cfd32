package places

import (
	"encoding/binary"
	"math"

	"openvru/internal/geo"
)

// packShapes writes boundaries: how many parts, rings and points each has, and
// then all coordinates as they are, to the last bit, so that a point is placed
// as the published boundary places it. A nil boundary stays nil.
func packShapes(shapes []geo.MultiPolygon) []byte {
	p := newPacker(shapesVersion)
	p.int(len(shapes))
	points := 0
	for _, m := range shapes {
		p.int(len(m))
		for _, polygon := range m {
			p.int(len(polygon))
			for _, ring := range polygon {
				p.int(len(ring))
				points += len(ring)
			}
		}
	}
	p.int(points)
	for _, m := range shapes {
		m.Rings(func(r geo.Ring) {
			for _, at := range r {
				p.float(at.X)
				p.float(at.Y)
			}
		})
	}
	return p.buf
}

// unpackShapes reads what packShapes wrote. All rings share one array.
func unpackShapes(b []byte) ([]geo.MultiPolygon, error) {
	u := newUnpacker(b, shapesVersion)
	shapes := make([]geo.MultiPolygon, u.count())
	var sizes []int
	for i := range shapes {
		parts := u.count()
		if parts == 0 {
			continue
		}
		shapes[i] = make(geo.MultiPolygon, parts)
		for j := range shapes[i] {
			shapes[i][j] = make(geo.Polygon, u.count())
			for range shapes[i][j] {
				sizes = append(sizes, u.count())
			}
		}
	}
	all, ok := u.points(u.int())
	if !ok {
		return nil, errPacked
	}
	return shapes, hang(shapes, sizes, all)
}

// points reads coordinates to the end.
func (u *unpacker) points(n int) (geo.Ring, bool) {
	if u.err != nil || n < 0 || len(u.buf)%16 != 0 || len(u.buf)/16 != n {
		return nil, false
	}
	all := make(geo.Ring, n)
	for i := range all {
		at := u.buf[16*i : 16*i+16]
		all[i].X = math.Float64frombits(binary.LittleEndian.Uint64(at))
		all[i].Y = math.Float64frombits(binary.LittleEndian.Uint64(at[8:]))
	}
	return all, true
}

// hang gives every ring its run of the points.
func hang(shapes []geo.MultiPolygon, sizes []int, all geo.Ring) error {
	k := 0
	for _, m := range shapes {
		for _, polygon := range m {
			for i := range polygon {
				if sizes[k] > len(all) {
					return errPacked
				}
				polygon[i], all = all[:sizes[k]:sizes[k]], all[sizes[k]:]
				k++
			}
		}
	}
	if len(all) > 0 {
		return errPacked
	}
	return nil
}
