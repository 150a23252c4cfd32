package geofile

import (
	"encoding/binary"
	"math"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// readGeoPackageGeometry reads a geometry as a GeoPackage keeps it: a header
// with the number of the coordinate system, then well-known binary.
func readGeoPackageGeometry(blob []byte) (shape geo.MultiPolygon, srs int32, err error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return nil, 0, errs.New(errs.Invalid, "its geometry does not begin as a GeoPackage's does")
	}
	flags := blob[3]
	order := byteOrder(flags & 1)
	envelopes := [8]int{0, 32, 48, 48, 64, -1, -1, -1}
	start := 8 + envelopes[flags>>1&7]
	srs = int32(order.Uint32(blob[4:]))
	if start < 8 || len(blob) < start {
		return nil, srs, errs.New(errs.Invalid, "the header of its geometry is damaged")
	}
	if flags&0x10 != 0 { // marked as empty
		return nil, srs, nil
	}
	w := wkb{data: blob[start:]}
	shape, err = w.areas()
	return shape, srs, err
}

// byteOrder returns the order that a flag of 0 or 1 stands for.
func byteOrder(flag byte) binary.ByteOrder {
	if flag == 0 {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// The kinds of geometry in well-known binary that are areas.
const (
	wkbPolygon      = 3
	wkbMultiPolygon = 6
)

// wkbNames are for messages; the index is the number in the file.
var wkbNames = [...]string{"Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString",
	"MultiPolygon", "GeometryCollection", "CircularString", "CompoundCurve", "CurvePolygon"}

// wkb reads well-known binary. After a damaged part, failed is set.
type wkb struct {
	data   []byte
	order  binary.ByteOrder
	width  int // numbers to a point
	failed bool
}

func (w *wkb) areas() (geo.MultiPolygon, error) {
	kind := w.head()
	var shape geo.MultiPolygon
	switch {
	case w.failed:
	case kind == wkbPolygon:
		shape = geo.MultiPolygon{w.polygon()}
	case kind == wkbMultiPolygon:
		for range w.count(9) {
			if w.head() != wkbPolygon {
				w.failed = true
				break
			}
			shape = append(shape, w.polygon())
		}
	case int(kind) < len(wkbNames):
		return nil, errNotAnArea(wkbNames[kind])
	default:
		return nil, errNotAnArea("geometry of an unknown kind")
	}
	if w.failed {
		return nil, errs.New(errs.Invalid, "its geometry is damaged or cut short")
	}
	return shape, nil
}

// head reads the byte order and the kind. Heights and measures are told by
// thousands (ISO) or by the highest bits (the older way).
func (w *wkb) head() uint32 {
	if len(w.data) < 5 || w.data[0] > 1 {
		w.failed = true
		return 0
	}
	w.order = byteOrder(w.data[0])
	code := w.order.Uint32(w.data[1:])
	w.data = w.data[5:]
	extra := [4]int{0, 1, 1, 2}[code&0xffff/1000%4]
	extra += int(code>>31) + int(code>>30&1)
	w.width = 2 + min(extra, 2)
	if code&0x20000000 != 0 { // the older way may also repeat the system
		w.take(4)
	}
	return code & 0xffff % 1000
}

// take returns the next n bytes, or nil when there are not so many.
func (w *wkb) take(n int) []byte {
	if n > len(w.data) {
		w.failed = true
		w.data = nil
		return nil
	}
	out := w.data[:n]
	w.data = w.data[n:]
	return out
}

// count reads how many things of at least the given size follow. A count that
// the data cannot hold is refused before anything is made for it.
func (w *wkb) count(size int) int {
	b := w.take(4)
	if b == nil {
		return 0
	}
	n := int64(w.order.Uint32(b))
	if n*int64(size) > int64(len(w.data)) {
		w.failed = true
		return 0
	}
	return int(n)
}

func (w *wkb) polygon() geo.Polygon {
	polygon := make(geo.Polygon, w.count(4))
	for i := range polygon {
		polygon[i] = make(geo.Ring, w.count(8*w.width))
		for j := range polygon[i] {
			b := w.take(8 * w.width)
			if b == nil {
				return nil
			}
			polygon[i][j] = geo.Point{
				X: math.Float64frombits(w.order.Uint64(b)),
				Y: math.Float64frombits(w.order.Uint64(b[8:])),
			}
		}
	}
	return polygon
}
