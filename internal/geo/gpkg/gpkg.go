// Package gpkg opens a GeoPackage, which is a SQLite file with tables of a
// fixed form, and hands its rows on as they are. What the geometries mean is
// for package geofile.
//
// The file may be hostile. It is opened so that nothing can be written and no
// function in its schema is trusted, and only real tables are read: a view or
// a virtual table could be made to run for ever.
package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // a GeoPackage is a SQLite file
)

// File is an open GeoPackage.
type File struct{ db *sql.DB }

// Layer is a table of features.
type Layer struct {
	Name     string
	Geometry string // the name of the column of geometries
	// System is the coordinate system as "EPSG:27700", "" when not told, and
	// SystemName what the file calls it.
	System, SystemName string
}

// Row is one feature: its geometry as the file keeps it, nil when it has none,
// and the values of the other columns as text, "" for a null.
type Row struct {
	Number   int // from 1
	Geometry []byte
	Columns  []string
	Values   []string
}

// Open opens the file at the path for reading.
func Open(path string) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	path = "/" + strings.TrimPrefix(filepath.ToSlash(path), "/") // C:\a is /C:/a in an address
	address := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "mode=ro&immutable=1" +
		"&_pragma=trusted_schema(0)&_pragma=query_only(1)&_pragma=cell_size_check(1)"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	return &File{db}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.db.Close() }

// Layers returns the tables of features, by name; no more than a hundred.
func (f *File) Layers(ctx context.Context) ([]Layer, error) {
	rows, err := f.db.QueryContext(ctx, `
		SELECT g.table_name, g.column_name, g.srs_id
		FROM gpkg_contents c
		JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		JOIN sqlite_schema s ON s.name = c.table_name AND s.type = 'table'
		WHERE c.data_type = 'features' AND upper(s.sql) NOT LIKE 'CREATE VIRTUAL%'
		ORDER BY g.table_name, g.column_name
		LIMIT 100`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var layers []Layer
	var systems []int64
	for rows.Next() {
		var l Layer
		var system int64
		if err := rows.Scan(&l.Name, &l.Geometry, &system); err != nil {
			return nil, err
		}
		layers, systems = append(layers, l), append(systems, system)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range layers {
		if err := f.nameSystem(ctx, &layers[i], systems[i]); err != nil {
			return nil, err
		}
	}
	return layers, nil
}

// nameSystem looks the layer's coordinate system up. Numbers 0 and -1 stand
// for systems that are not told.
//
//nolint:misspell // the standard spells a column's name the American way
func (f *File) nameSystem(ctx context.Context, l *Layer, number int64) error {
	if number <= 0 {
		return nil
	}
	organisation := "EPSG"
	err := f.db.QueryRowContext(ctx, `
		SELECT upper(organization), organization_coordsys_id, srs_name
		FROM gpkg_spatial_ref_sys
		WHERE srs_id = $1`, number).Scan(&organisation, &number, &l.SystemName)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	l.System = organisation + ":" + strconv.FormatInt(number, 10)
	return nil
}

// Rows calls fn with each row of the layer, no more than the limit.
func (f *File) Rows(ctx context.Context, l Layer, limit int, fn func(Row) error) error {
	columns, err := f.columns(ctx, l)
	if err != nil {
		return err
	}
	query := "SELECT " + quote(l.Geometry)
	for _, column := range columns {
		// As text, because a driver may make a date of what is only called one.
		query += ", CAST(" + quote(column) + " AS TEXT)"
	}
	rows, err := f.db.QueryContext(ctx, query+" FROM "+quote(l.Name)+" LIMIT $1", limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := Row{Columns: columns}
	values := make([]sql.NullString, len(columns))
	targets := []any{&row.Geometry}
	for i := range values {
		targets = append(targets, &values[i])
	}
	for rows.Next() {
		row.Number++
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		row.Values = make([]string, len(values))
		for i, value := range values {
			row.Values[i] = value.String
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// columns lists the layer's columns but the geometry.
func (f *File) columns(ctx context.Context, l Layer) ([]string, error) {
	rows, err := f.db.QueryContext(ctx, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, l.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return nil, err
		}
		if !strings.EqualFold(column, l.Geometry) {
			columns = append(columns, column)
		}
	}
	return columns, rows.Err()
}

// quote writes a name for SQL.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
