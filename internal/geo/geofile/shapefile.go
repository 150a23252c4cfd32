package geofile

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// readShapefile reads the shapes (.shp) and beside them the table (.dbf), row
// by row. The index (.shx) is only asked how many rows there should be.
func (a *archive) readShapefile(entry *zip.File) (Features, error) {
	name := a.name + "/" + entry.Name
	prj, err := a.readSmall(a.beside(entry, ".prj"))
	if err != nil {
		return Features{}, err
	}
	system, err := systemOf(name, prj)
	if err != nil {
		return Features{}, err
	}
	codePage, err := a.readSmall(a.beside(entry, ".cpg"))
	if err != nil {
		return Features{}, err
	}
	table := a.beside(entry, ".dbf")
	if table == nil {
		return Features{}, errs.New(errs.Invalid, "%q has no table beside it: there is no .dbf of the same name in the zip.", name).
			WithHint("Put the .shp, .shx, .dbf and .prj files together in one zip.")
	}
	shp, err := a.open(entry)
	if err != nil {
		return Features{}, err
	}
	defer shp.Close()
	dbf, err := a.open(table)
	if err != nil {
		return Features{}, err
	}
	defer dbf.Close()
	out, err := readShapes(name, shp, dbf, codePage)
	if err != nil {
		return Features{}, err
	}
	if index := a.beside(entry, ".shx"); index != nil && (int64(index.UncompressedSize64)-100)/8 != int64(out.rows) {
		return Features{}, errs.New(errs.Invalid, "%q holds %d shapes, but its index lists %d.",
			name, out.rows, (int64(index.UncompressedSize64)-100)/8).WithHint("The files in the zip are not of one export: make a new one.")
	}
	return out.Features, out.settle(name, system)
}

// shapes is a shapefile's content before its coordinates are settled.
type shapes struct {
	Features
	rows int // with those that are marked as deleted
}

func readShapes(name string, shp, dbf io.Reader, codePage string) (shapes, error) {
	out := shapes{Features: Features{Kind: Shapefile}}
	s := shapeReader{name: name, r: bufio.NewReaderSize(shp, 1<<16)}
	if err := s.readHeader(); err != nil {
		return out, err
	}
	t := &tableReader{name: name, r: bufio.NewReaderSize(dbf, 1<<16)}
	if err := t.readHeader(codePage); err != nil {
		return out, err
	}
	vertices := 0
	for {
		shape, more, err := s.next()
		if err != nil {
			return out, err
		}
		row, deleted, err := t.next()
		if more == errors.Is(err, io.EOF) {
			return out, errs.New(errs.Invalid, "%q and its table do not match: one of them ends after %d rows.", name, out.rows).
				WithHint("The files in the zip are not of one export, or one is cut short: make a new one.")
		}
		if !more {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.rows++
		if deleted {
			continue
		}
		if err := out.add(name, Feature{row, shape}, &vertices); err != nil {
			return out, err
		}
	}
}

// shapeReader reads the .shp part.
type shapeReader struct {
	name string
	r    *bufio.Reader
	left int64 // bytes that the header promises
	row  int
}

// The kinds of shape that are areas: plain, with heights, with measures. The
// heights follow the points, and are passed over.
const (
	shapeNull     = 0
	shapePolygon  = 5
	shapePolygonZ = 15
	shapePolygonM = 25
)

// maxRecord is the size of one shape: 8 million points.
const maxRecord = 128 << 20

func (s *shapeReader) readHeader() error {
	var head [100]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return s.damaged("is too short to have a header")
	}
	if binary.BigEndian.Uint32(head[:]) != 9994 || binary.LittleEndian.Uint32(head[28:]) != 1000 {
		return s.damaged("does not begin as a shapefile does")
	}
	kind := binary.LittleEndian.Uint32(head[32:])
	switch kind {
	case shapeNull, shapePolygon, shapePolygonZ, shapePolygonM:
	default:
		return errs.New(errs.Invalid, "%q holds shapes of kind %d, not areas.", s.name, kind).
			WithHint("Give a shapefile of boundaries, whose shapes are polygons.")
	}
	s.left = 2*int64(binary.BigEndian.Uint32(head[24:])) - 100
	return nil
}

// next returns the next shape, or false after the last.
func (s *shapeReader) next() (geo.MultiPolygon, bool, error) {
	if s.left < 8 {
		return nil, false, nil
	}
	s.row++
	var head [8]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return nil, false, s.damaged("is cut short")
	}
	size := 2 * int64(binary.BigEndian.Uint32(head[4:]))
	s.left -= 8 + size
	if size < 4 || size > maxRecord || s.left < 0 {
		return nil, false, s.damaged("gives a shape a size that cannot be")
	}
	// Read through a limit, so that memory grows with what is really there.
	record, err := io.ReadAll(io.LimitReader(s.r, size))
	if err != nil || int64(len(record)) < size {
		return nil, false, s.damaged("is cut short")
	}
	rings, ok := readRings(record)
	if !ok {
		return nil, false, s.damaged("has a shape whose parts do not fit in it")
	}
	return assemble(rings), true, nil
}

func (s *shapeReader) damaged(what string) error {
	where := ""
	if s.row > 0 {
		where = fmt.Sprintf(" (shape %d)", s.row)
	}
	return errs.New(errs.Invalid, "%q %s%s.", s.name, what, where).
		WithHint("The file is damaged or was cut short: fetch it again.")
}

// readRings reads the rings of one shape.
func readRings(record []byte) ([]geo.Ring, bool) {
	switch binary.LittleEndian.Uint32(record) {
	case shapeNull:
		return nil, true
	case shapePolygon, shapePolygonZ, shapePolygonM:
	default:
		return nil, false
	}
	if len(record) < 44 {
		return nil, false
	}
	parts, points := int(binary.LittleEndian.Uint32(record[36:])), int(binary.LittleEndian.Uint32(record[40:]))
	if parts > len(record)/4 || points > len(record)/16 || 44+4*parts+16*points > len(record) {
		return nil, false
	}
	starts, data := record[44:44+4*parts], record[44+4*parts:]
	rings := make([]geo.Ring, parts)
	from := 0
	for i := range rings {
		to := points
		if i+1 < parts {
			to = int(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if first := int(binary.LittleEndian.Uint32(starts[4*i:])); first != from || to < from || to > points {
			return nil, false
		}
		rings[i] = readRing(data[16*from : 16*to])
		from = to
	}
	return rings, true
}

func readRing(data []byte) geo.Ring {
	ring := make(geo.Ring, len(data)/16)
	for i := range ring {
		ring[i] = geo.Point{
			X: math.Float64frombits(binary.LittleEndian.Uint64(data[16*i:])),
			Y: math.Float64frombits(binary.LittleEndian.Uint64(data[16*i+8:])),
		}
	}
	return ring
}
