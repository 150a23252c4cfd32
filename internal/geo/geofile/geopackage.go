package geofile

import (
	"context"
	"fmt"
	"io"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo/gpkg"
)

// readGeoPackage reads the one layer of areas of a GeoPackage. SQLite needs a
// file of its own to open, so the content is copied to a temporary one.
func readGeoPackage(name string, in io.Reader) (Features, error) {
	path, remove, err := spool(name, in)
	if err != nil {
		return Features{}, err
	}
	defer remove()
	f, err := gpkg.Open(path)
	if err != nil {
		return Features{}, cannotRead(name, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	p := pack{name: name, out: Features{Kind: GeoPackage}}
	if err := p.read(context.Background(), f); err != nil {
		return Features{}, p.explain(err)
	}
	return p.out, nil
}

// pack is a GeoPackage on its way in.
type pack struct {
	name     string
	out      Features
	vertices int
	row      int // the last that was read
}

func (p *pack) read(ctx context.Context, f *gpkg.File) error {
	layers, err := f.Layers(ctx)
	if err != nil {
		return err
	}
	layer, err := p.choose(layers)
	if err != nil {
		return err
	}
	p.out.Layer = layer.Name
	system, err := p.system(layer)
	if err != nil {
		return err
	}
	if err := f.Rows(ctx, layer, maxFeatures+1, p.add); err != nil {
		return err
	}
	return p.out.settle(p.name, system)
}

// choose returns the one layer there must be.
func (p *pack) choose(layers []gpkg.Layer) (gpkg.Layer, error) {
	if len(layers) == 1 {
		return layers[0], nil
	}
	if len(layers) == 0 {
		return gpkg.Layer{}, errs.New(errs.Invalid, "%q has no table of features that can be read.", p.name).
			WithHint("Export the layer of boundaries as a table: a view or a virtual table is not read.")
	}
	var names []string
	for _, layer := range layers {
		names = append(names, layer.Name)
	}
	return gpkg.Layer{}, errs.New(errs.Invalid, "%q holds %d layers of features (%s), and one is needed.",
		p.name, len(layers), strings.Join(names, ", ")).WithHint("Export the one layer of boundaries to a file of its own.")
}

func (p *pack) system(layer gpkg.Layer) (System, error) {
	switch layer.System {
	case "":
		return "", nil
	case "EPSG:27700":
		return BritishGrid, nil
	case "EPSG:4326", "EPSG:4258":
		return WGS84, nil
	}
	return "", unknownSystem(p.name, strings.TrimSpace(layer.System+" "+layer.SystemName))
}

func (p *pack) add(row gpkg.Row) error {
	p.row = row.Number
	var feature Feature
	if len(row.Geometry) > 0 {
		shape, _, err := readGeoPackageGeometry(row.Geometry)
		if err != nil {
			return errs.New(errs.Invalid, "%q, row %d of %q: %s.", p.name, row.Number, p.out.Layer, err).
				WithHint("Export the file again, or take that row out.")
		}
		feature.Shape = shape
	}
	for i, value := range row.Values {
		feature.Properties = append(feature.Properties, Property{row.Columns[i], value})
	}
	return p.out.add(p.name, feature, &p.vertices)
}

// explain turns SQLite's errors into a sentence. Which error it is does not
// matter to the reader: either it is not a GeoPackage or it is damaged.
func (p *pack) explain(err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	where := ""
	if p.row > 0 {
		where = fmt.Sprintf(" beyond row %d", p.row)
	}
	return errs.New(errs.Invalid, "%q is a SQLite file, but not a GeoPackage that can be read%s.", p.name, where).
		WithCause(err).WithHint("Export it again as a GeoPackage with one layer of boundaries.")
}
