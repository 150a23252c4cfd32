package geofile

import (
	"archive/zip"
	"bufio"
	"errors"
	"io"
	"os"
	"path"
	"strings"
	"sync/atomic"

	"openvru/internal/errs"
)

// Limits of a zip: a shapefile is half a dozen files.
const (
	maxEntries   = 1_000
	maxDirectory = 4 << 20 // bytes of the list of entries
)

// readZip reads a zip that holds one shapefile, or one file of another kind.
// A zip is read from its end, so what is not a file on disk is copied to one.
func readZip(name string, in *bufio.Reader) (Features, error) {
	spooled, remove, err := spool(name, in)
	if err != nil {
		return Features{}, err
	}
	defer remove()
	f, err := os.Open(spooled)
	if err != nil {
		return Features{}, cannotRead(name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Features{}, cannotRead(name, err)
	}
	return readArchive(name, f, info.Size())
}

func readArchive(name string, r io.ReaderAt, size int64) (Features, error) {
	a, err := openArchive(name, r, size)
	if err != nil {
		return Features{}, err
	}
	shapes := a.find(".shp")
	others := a.find(".geojson", ".json", ".gpkg")
	switch {
	case len(shapes) == 1:
		return a.readShapefile(shapes[0])
	case len(shapes) == 0 && len(others) == 1:
		in, err := a.open(others[0])
		if err != nil {
			return Features{}, err
		}
		defer in.Close()
		return read(file{name: name + "/" + others[0].Name, r: in})
	}
	return Features{}, errs.New(errs.Invalid, "%q holds %d shapefiles and %d other files of boundaries, and one is needed.",
		name, len(shapes), len(others)).WithHint("Put one shapefile (.shp, .shx, .dbf, .prj) in a zip by itself.")
}

// archive is a zip whose list of entries has been found harmless.
type archive struct {
	name    string
	entries []*zip.File
}

// openArchive reads the list of entries and refuses one that only an attack or
// a fault would have: too many, paths that lead out, or sizes beyond reason.
func openArchive(name string, r io.ReaderAt, size int64) (*archive, error) {
	limited := &meter{r: r}
	limited.left.Store(maxDirectory)
	z, err := zip.NewReader(limited, size)
	if errors.Is(err, errTooMuch) {
		return nil, errHostile(name, "lists far more files than a shapefile has")
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, cannotRead(name, err)
	}
	limited.open.Store(true)
	if len(z.File) > maxEntries {
		return nil, errHostile(name, "lists far more files than a shapefile has")
	}
	a := &archive{name: name}
	var total uint64
	for _, entry := range z.File {
		total += min(entry.UncompressedSize64, 2*maxBytes)
		switch {
		case !harmless(entry.Name):
			return nil, errHostile(name, "has a file whose name leads out of the zip")
		case entry.Flags&1 != 0:
			return nil, errHostile(name, "is locked with a password")
		case total > maxBytes:
			return nil, errBomb(name)
		case entry.UncompressedSize64 > 1<<20 && entry.UncompressedSize64/maxRatio > entry.CompressedSize64:
			return nil, errBomb(name)
		}
		if entry.Mode().IsRegular() && !ignorable(entry.Name) {
			a.entries = append(a.entries, entry)
		}
	}
	return a, nil
}

func errHostile(name, what string) error {
	return errs.New(errs.Invalid, "%q %s, and was not read.", name, what).
		WithHint("Make a new zip with just the .shp, .shx, .dbf and .prj files in it.")
}

// harmless reports whether a name stays below the folder it is unpacked in.
// Nothing is unpacked here, but such a zip was not made by honest hands.
func harmless(name string) bool {
	if name == "" || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") {
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return false
		}
	}
	return true
}

// ignorable reports whether an entry is one of the shadows that macOS adds.
func ignorable(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), "._")
}

// find returns the entries that end in one of the extensions.
func (a *archive) find(extensions ...string) []*zip.File {
	var found []*zip.File
	for _, entry := range a.entries {
		for _, extension := range extensions {
			if strings.EqualFold(path.Ext(entry.Name), extension) {
				found = append(found, entry)
			}
		}
	}
	return found
}

// beside returns the entry with the same name but for the extension, or nil.
func (a *archive) beside(entry *zip.File, extension string) *zip.File {
	stem := strings.TrimSuffix(entry.Name, path.Ext(entry.Name))
	for _, other := range a.entries {
		if strings.EqualFold(other.Name, stem+extension) {
			return other
		}
	}
	return nil
}

// open opens an entry. What it unpacks to is stopped at the size that the list
// gives, which openArchive has judged, so that the list cannot lie.
func (a *archive) open(entry *zip.File) (io.ReadCloser, error) {
	in, err := entry.Open()
	if err != nil {
		return nil, cannotRead(a.name+"/"+entry.Name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(in, int64(entry.UncompressedSize64)), in}, nil
}

// readSmall returns the content of a small entry, "" when there is none.
func (a *archive) readSmall(entry *zip.File) (string, error) {
	if entry == nil {
		return "", nil
	}
	in, err := a.open(entry)
	if err != nil {
		return "", err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, 1<<16))
	if err != nil {
		return "", cannotRead(a.name+"/"+entry.Name, err)
	}
	return string(text), nil
}

// errTooMuch stops the list of entries at maxDirectory.
var errTooMuch = errors.New("the list of files is too long")

// meter lets only so many bytes be read until it is opened.
type meter struct {
	r    io.ReaderAt
	left atomic.Int64
	open atomic.Bool
}

// ReadAt reads from the reader beneath while the allowance lasts.
func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	if !m.open.Load() && m.left.Add(-int64(len(p))) < 0 {
		return 0, errTooMuch
	}
	return m.r.ReadAt(p, off)
}
