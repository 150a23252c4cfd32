package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// made writes a GeoPackage with the statements and opens it.
func made(t *testing.T, statements ...string) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a file with spaces & signs%.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range append([]string{
		`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER)`, //nolint:misspell // the standard's spelling
		`CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT)`,
		`CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)`,
		`INSERT INTO gpkg_spatial_ref_sys VALUES ('The Grid', 100, 'epsg', 27700)`,
	}, statements...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// layer returns the statements that enter a table as one of features.
func layer(name string, system int) []string {
	return []string{
		fmt.Sprintf(`INSERT INTO gpkg_contents VALUES ('%s', 'features')`, name),
		fmt.Sprintf(`INSERT INTO gpkg_geometry_columns VALUES ('%s', 'geom', %d)`, name, system),
	}
}

func TestLayers(t *testing.T) {
	statements := []string{
		`CREATE TABLE plain (geom BLOB)`, `CREATE TABLE b (geom BLOB)`, `CREATE TABLE c (geom BLOB)`,
		`CREATE VIEW seen AS SELECT geom FROM b`, `CREATE VIRTUAL TABLE virtual USING fts5(geom)`,
	}
	for name, system := range map[string]int{"b": 100, "c": -1, "seen": 100, "virtual": 100, "missing": 100} {
		statements = append(statements, layer(name, system)...)
	}
	got, err := made(t, statements...).Layers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if text, want := fmt.Sprint(got), "[{b geom EPSG:27700 The Grid} {c geom  }]"; text != want {
		t.Errorf("layers %s, want %s", text, want)
	}
}

func TestRows(t *testing.T) {
	f := made(t, append(layer(`odd "name"`, 4326),
		`CREATE TABLE "odd ""name""" (fid INTEGER PRIMARY KEY, "GEOM" BLOB, "a b" TEXT, day DATE, size REAL)`,
		`INSERT INTO "odd ""name""" VALUES (7, x'01', 'é', '2020-03-23', 0.1), (9, NULL, NULL, NULL, NULL), (10, x'', '', '', 0)`)...)
	layers, err := f.Layers(context.Background())
	if err != nil || len(layers) != 1 || layers[0].System != "EPSG:4326" {
		t.Fatalf("layers %v, %v", layers, err)
	}
	var out strings.Builder
	err = f.Rows(context.Background(), layers[0], 2, func(r Row) error {
		fmt.Fprintf(&out, "%d %x %q %q\n", r.Number, r.Geometry, r.Columns, r.Values)
		return nil
	})
	want := `1 01 ["fid" "a b" "day" "size"] ["7" "é" "2020-03-23" "0.1"]
2  ["fid" "a b" "day" "size"] ["9" "" "" ""]
`
	if err != nil || out.String() != want {
		t.Errorf("%v, rows\n%swant\n%s", err, out.String(), want)
	}
	stop := errors.New("enough")
	if err := f.Rows(context.Background(), layers[0], 9, func(Row) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	f := made(t)
	if _, err := f.db.Exec(`CREATE TABLE x (y)`); err == nil {
		t.Error("the file could be written to")
	}
}
