// Package geofile reads the files that boundaries are published in: GeoJSON,
// plain or gzipped; GeoPackage; and the ESRI shapefile in a zip. The kind is
// recognised by what is in the file, never by its name.
//
// Coordinates may be WGS84 or British National Grid, and always come out as
// WGS84. Shapes come out as they are in the file: geo.Check tells whether they
// can be used.
package geofile

import (
	"bufio"
	"bytes"
	"io"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// Property is a named value of a feature. A null has the value "".
type Property struct{ Name, Value string }

// Properties are the values of a feature in the order of the file.
type Properties []Property

// Get returns the value under the name, or "".
func (p Properties) Get(name string) string {
	value, _ := p.Find(name)
	return value
}

// Find returns the value under the name, and whether there is one.
func (p Properties) Find(name string) (string, bool) {
	for _, property := range p {
		if property.Name == name {
			return property.Value, true
		}
	}
	return "", false
}

// Feature is one area of a file with what the file says about it. Its shape
// has no parts when the file gives none.
type Feature struct {
	Properties Properties
	Shape      geo.MultiPolygon
}

// Kind is a kind of file.
type Kind string

// The kinds of file that are read.
const (
	GeoJSON    Kind = "GeoJSON"
	GeoPackage Kind = "GeoPackage"
	Shapefile  Kind = "shapefile"
)

// System is what a file's coordinates are.
type System string

// The systems that are read.
const (
	WGS84       System = "WGS84"
	BritishGrid System = "British National Grid"
)

// Features is what a file holds.
type Features struct {
	Kind   Kind
	System System // the coordinates of the file; those of the list are WGS84
	Layer  string // the file's own name for its table, "" when it has none
	List   []Feature
}

// Limits that no honest file comes near, so that a hostile one is refused
// before it fills the memory or the disk.
const (
	maxFeatures = 1_000_000
	maxVertices = 100_000_000
	maxBytes    = 4 << 30 // of one file after unpacking
	maxRatio    = 300     // of unpacked to packed bytes
)

// ReadFeatures reads a file of boundaries. The name is for messages only.
func ReadFeatures(name string, r io.Reader) (Features, error) {
	return read(file{name: name, r: r, mayUnpack: true})
}

// file is what is being read, on its way through the packings around it.
type file struct {
	name      string
	r         io.Reader
	mayUnpack bool // not yet unpacked: a zip within a zip is refused
}

func read(f file) (Features, error) {
	in := bufio.NewReaderSize(f.r, 1<<16)
	head, err := in.Peek(64)
	if err != nil && err != io.EOF {
		return Features{}, cannotRead(f.name, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return readGeoPackage(f.name, in)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}) && f.mayUnpack:
		return readGzip(f.name, in)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) && f.mayUnpack:
		return readZip(f.name, in)
	case bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0a}):
		return Features{}, errs.New(errs.Invalid, "%q is only the .shp part of a shapefile.", f.name).
			WithHint("Put the .shp, .shx, .dbf and .prj files together in one zip and give that.")
	case len(head) == 0:
		return Features{}, errs.New(errs.Invalid, "%q is empty.", f.name).
			WithHint("Check that the download finished, and fetch the file again.")
	case looksLikeJSON(head):
		return readGeoJSON(f.name, in)
	}
	return Features{}, errs.New(errs.Invalid, "%q is not a file of boundaries that can be read.", f.name).
		WithHint("Give GeoJSON (plain or .gz), a GeoPackage (.gpkg), or a shapefile in a .zip.")
}

func looksLikeJSON(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{"))
}

// cannotRead wraps a failure of the reader beneath, keeping a sentence that it
// already has.
func cannotRead(name string, err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	return errs.New(errs.Invalid, "%q could not be read to its end.", name).WithCause(err).
		WithHint("The file may be cut short or damaged: fetch it again and compare its size.")
}

// add appends a feature, keeping within the limits.
func (f *Features) add(name string, feature Feature, vertices *int) error {
	*vertices += feature.Shape.Vertices()
	if len(f.List) >= maxFeatures || *vertices > maxVertices {
		return errs.New(errs.Invalid, "%q holds more than %d areas or %d points.", name, maxFeatures, maxVertices).
			WithHint("Cut the file to the part of the country that is needed, or use generalised boundaries.")
	}
	f.List = append(f.List, feature)
	return nil
}
