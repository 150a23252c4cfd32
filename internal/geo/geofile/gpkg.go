package geofile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"openvru/internal/errs"

	_ "modernc.org/sqlite" // a GeoPackage is a SQLite file
)

// readGeoPackage reads the one layer of areas of a GeoPackage. SQLite needs a
// file of its own to open, so the content is copied to a temporary one.
func readGeoPackage(name string, in io.Reader) (Features, error) {
	path, remove, err := spool(name, in)
	if err != nil {
		return Features{}, err
	}
	defer remove()
	address := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "mode=ro&immutable=1" +
		"&_pragma=trusted_schema(0)&_pragma=query_only(1)&_pragma=cell_size_check(1)"}
	database, err := sql.Open("sqlite", address.String())
	if err != nil {
		return Features{}, cannotRead(name, err)
	}
	defer func() { _ = database.Close() }() // it was only read
	p := pack{name: name, db: database, out: Features{Kind: GeoPackage}}
	if err := p.read(context.Background()); err != nil {
		return Features{}, p.explain(err)
	}
	return p.out, nil
}

// spool copies what is read to a temporary file and returns how to remove it.
func spool(name string, in io.Reader) (path string, remove func(), err error) {
	f, err := os.CreateTemp("", "boundaries-*")
	if err != nil {
		return "", nil, errs.New(errs.Unavailable, "No temporary file could be made for %q.", name).WithCause(err).
			WithHint("Check that the folder for temporary files exists and has room.")
	}
	remove = func() { _ = os.Remove(f.Name()) } // nothing to be done about a left-over
	n, err := io.Copy(f, io.LimitReader(in, maxBytes+1))
	err = errors.Join(err, f.Close())
	if err == nil && n > maxBytes {
		err = errBomb(name)
	}
	if err != nil {
		remove()
		return "", nil, cannotRead(name, err)
	}
	return f.Name(), remove, nil
}

// pack is a GeoPackage on its way in.
type pack struct {
	name             string
	db               *sql.DB
	out              Features
	geometry         string // the name of the column of geometries
	srs              int64
	columns          []string
	vertices, number int
}

func (p *pack) read(ctx context.Context) error {
	if err := p.chooseLayer(ctx); err != nil {
		return err
	}
	if err := p.readColumns(ctx); err != nil {
		return err
	}
	system, err := p.system(ctx)
	if err != nil {
		return err
	}
	if err := p.readRows(ctx); err != nil {
		return err
	}
	return p.out.settle(p.name, system)
}

// chooseLayer finds the one table of features. A view is not read: a hostile
// file could make one that never ends.
func (p *pack) chooseLayer(ctx context.Context) error {
	rows, err := p.db.QueryContext(ctx, `
		SELECT g.table_name, g.column_name, g.srs_id
		FROM gpkg_contents c
		JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		JOIN sqlite_schema s ON s.name = c.table_name AND s.type = 'table'
		WHERE c.data_type = 'features' AND upper(s.sql) NOT LIKE 'CREATE VIRTUAL%'
		ORDER BY g.table_name, g.column_name
		LIMIT 100`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		if err := rows.Scan(&p.out.Layer, &p.geometry, &p.srs); err != nil {
			return err
		}
		names = append(names, p.out.Layer)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(names) == 0 {
		return errs.New(errs.Invalid, "%q has no table of features that can be read.", p.name).
			WithHint("Export the layer of boundaries as a table: a view or a virtual table is not read.")
	}
	if len(names) > 1 {
		return errs.New(errs.Invalid, "%q holds %d layers of features (%s), and one is needed.",
			p.name, len(names), strings.Join(names, ", ")).WithHint("Export the one layer of boundaries to a file of its own.")
	}
	return nil
}

// readColumns lists the table's columns but the geometry.
func (p *pack) readColumns(ctx context.Context) error {
	rows, err := p.db.QueryContext(ctx, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, p.out.Layer)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return err
		}
		if !strings.EqualFold(column, p.geometry) {
			p.columns = append(p.columns, column)
		}
	}
	return rows.Err()
}

// system looks the layer's coordinate system up. Numbers 0 and -1 stand for
// systems that are not told.
//
//nolint:misspell // the standard spells a column's name the American way
func (p *pack) system(ctx context.Context) (System, error) {
	if p.srs <= 0 {
		return "", nil
	}
	var organisation, title string
	var number int64
	err := p.db.QueryRowContext(ctx, `
		SELECT upper(organization), organization_coordsys_id, srs_name
		FROM gpkg_spatial_ref_sys
		WHERE srs_id = $1`, p.srs).Scan(&organisation, &number, &title)
	if errors.Is(err, sql.ErrNoRows) {
		organisation, number, err = "EPSG", p.srs, nil
	}
	if err != nil {
		return "", err
	}
	switch {
	case organisation == "EPSG" && number == 27700:
		return BritishGrid, nil
	case organisation == "EPSG" && (number == 4326 || number == 4258):
		return WGS84, nil
	}
	return "", unknownSystem(p.name, fmt.Sprintf("%s:%d %s", organisation, number, title))
}

func (p *pack) readRows(ctx context.Context) error {
	query := "SELECT " + quote(p.geometry)
	for _, column := range p.columns {
		// As text, because a driver may make a date of what is only called one.
		query += ", CAST(" + quote(column) + " AS TEXT)"
	}
	rows, err := p.db.QueryContext(ctx, query+" FROM "+quote(p.out.Layer)+" LIMIT $1", maxFeatures+1)
	if err != nil {
		return err
	}
	defer rows.Close()
	var geometry []byte
	values := make([]sql.NullString, len(p.columns))
	targets := []any{&geometry}
	for i := range values {
		targets = append(targets, &values[i])
	}
	for rows.Next() {
		p.number++
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := p.addRow(geometry, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *pack) addRow(geometry []byte, values []sql.NullString) error {
	var feature Feature
	if len(geometry) > 0 {
		shape, _, err := readGeoPackageGeometry(geometry)
		if err != nil {
			return errs.New(errs.Invalid, "%q, row %d of %q: %s.", p.name, p.number, p.out.Layer, err).
				WithHint("Export the file again, or take that row out.")
		}
		feature.Shape = shape
	}
	for i, value := range values {
		feature.Properties = append(feature.Properties, Property{p.columns[i], value.String})
	}
	return p.out.add(p.name, feature, &p.vertices)
}

// quote writes a name for SQL.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// explain turns SQLite's errors into a sentence. Which error it is does not
// matter to the reader: either it is not a GeoPackage or it is damaged.
func (p *pack) explain(err error) error {
	if errs.KindOf(err) != errs.Internal {
		return err
	}
	where := ""
	if p.number > 0 {
		where = fmt.Sprintf(" beyond row %d", p.number)
	}
	return errs.New(errs.Invalid, "%q is a SQLite file, but not a GeoPackage that can be read%s.", p.name, where).
		WithCause(err).WithHint("Export it again as a GeoPackage with one layer of boundaries.")
}
