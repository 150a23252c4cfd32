package geofile

import (
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo"
	"openvru/internal/geo/bng"
)

// settle finds which system the coordinates are in and turns them into WGS84.
// The file's own word is taken; where it has none the size of the numbers
// tells, because no degree is past 360 and no London easting below it.
func (f *Features) settle(name string, declared System) error {
	if len(f.List) == 0 {
		return errs.New(errs.Invalid, "%q holds no areas.", name).
			WithHint("Check that it is the file meant: it should have one area for each place.")
	}
	box := geo.EmptyBox()
	for _, feature := range f.List {
		box = box.Union(feature.Shape.Bounds())
	}
	degrees := box.Empty() || (box.MinX >= -360 && box.MaxX <= 360 && box.MinY >= -360 && box.MaxY <= 360)
	f.System = declared
	if declared == "" {
		f.System = WGS84
		if !degrees {
			f.System = BritishGrid
		}
	}
	switch {
	case f.System == WGS84 && !degrees:
		return errs.New(errs.Invalid, "%q says that it holds longitude and latitude, but its coordinates reach %.0f,%.0f.",
			name, box.MaxX, box.MaxY).WithHint("Export it again with the coordinate system that the numbers are in, " +
			"EPSG:27700 for the British National Grid.")
	case f.System == WGS84 && swapped(box):
		return errs.New(errs.Invalid, "%q gives latitude before longitude: its first numbers run from %.2f to %.2f.",
			name, box.MinX, box.MaxX).WithHint("Export it again with longitude first, as GeoJSON requires.")
	case f.System == BritishGrid:
		return f.fromGrid(name)
	}
	return nil
}

// swapped reports whether a box would be about Great Britain if its axes were
// exchanged. As it stands it is open sea and a desert.
func swapped(box geo.Box) bool {
	return !box.Empty() && box.MinX > 49 && box.MaxX < 61 && box.MinY > -9 && box.MaxY < 2.5
}

func (f *Features) fromGrid(name string) error {
	for i := range f.List {
		var failed error
		f.List[i].Shape = f.List[i].Shape.Map(func(p geo.Point) geo.Point {
			if failed != nil {
				return p
			}
			out, err := bng.ToWGS84(p)
			failed = err
			return out
		})
		if failed != nil {
			return errs.New(errs.Invalid, "Area %d of %q cannot be placed. %s", i+1, name, errs.MessageOf(failed)).
				WithHint("%s", errs.HintOf(failed))
		}
	}
	return nil
}

// systemOf recognises the names that coordinate systems go by in GeoJSON and
// in the .prj of a shapefile.
func systemOf(name, text string) (System, error) {
	plain := strings.ToUpper(strings.NewReplacer(" ", "", "_", "", "\"", "").Replace(text))
	switch {
	case plain == "":
		return "", nil
	case strings.Contains(plain, "BRITISHNATIONALGRID") || namesEPSG(plain, "27700"):
		return BritishGrid, nil
	case strings.Contains(plain, "PROJCS") || strings.Contains(plain, "PROJCRS"):
	case strings.Contains(plain, "CRS84") || namesEPSG(plain, "4326") || namesEPSG(plain, "4258"):
		return WGS84, nil
	case strings.Contains(plain, "WGS1984") || strings.Contains(plain, "WGS84") || strings.Contains(plain, "ETRS"):
		return WGS84, nil
	}
	return "", unknownSystem(name, text)
}

// namesEPSG reports whether a name ends in the number, as in "EPSG:27700" and
// "urn:ogc:def:crs:EPSG::27700".
func namesEPSG(plain, number string) bool {
	return strings.Contains(plain, "EPSG") && strings.HasSuffix(plain, ":"+number)
}

func unknownSystem(name, text string) error {
	if len(text) > 80 {
		text = text[:80] + "…"
	}
	return errs.New(errs.Invalid, "%q is in a coordinate system that is not read: %q.", name, text).
		WithHint("Export it again in WGS84 (EPSG:4326) or British National Grid (EPSG:27700).")
}
