package geofile

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"openvru/internal/geo"
)

// square returns a square shell, anticlockwise, with its south-west corner at
// the point.
func square(x, y, side float64) geo.Ring {
	return geo.Ring{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}, {X: x, Y: y}}
}

func reversed(r geo.Ring) geo.Ring {
	out := slices.Clone(r)
	slices.Reverse(out)
	return out
}

// makeShp writes a .shp of the kind; the rings are written as they stand.
func makeShp(kind uint32, shapes ...[]geo.Ring) []byte {
	var body bytes.Buffer
	for i, rings := range shapes {
		record := makeShpRecord(kind, rings)
		_ = binary.Write(&body, binary.BigEndian, [2]uint32{uint32(i + 1), uint32(len(record) / 2)})
		body.Write(record)
	}
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32(100+body.Len())/2)
	binary.LittleEndian.PutUint32(head[28:], 1000)
	binary.LittleEndian.PutUint32(head[32:], kind)
	return append(head, body.Bytes()...)
}

func makeShpRecord(kind uint32, rings []geo.Ring) []byte {
	var out bytes.Buffer
	put := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) }
	put(kind)
	put([4]float64{})
	points := 0
	for _, r := range rings {
		points += len(r)
	}
	put([2]uint32{uint32(len(rings)), uint32(points)})
	start := uint32(0)
	for _, r := range rings {
		put(start)
		start += uint32(len(r))
	}
	for _, r := range rings {
		put([]geo.Point(r))
	}
	if kind != shapePolygon {
		put([2]float64{})
		put(make([]float64, points))
	}
	return out.Bytes()
}

// makeDbf writes a table of text columns; a row that begins with an asterisk
// is marked as deleted.
func makeDbf(columns []string, rows ...[]string) []byte {
	const size = 12
	head := make([]byte, 32)
	head[0] = 3
	binary.LittleEndian.PutUint32(head[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(head[8:], uint16(32+32*len(columns)+1))
	binary.LittleEndian.PutUint16(head[10:], uint16(1+size*len(columns)))
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, ":")
		column := make([]byte, 32)
		copy(column[:10], name)
		column[11], column[16] = (kind + "C")[0], size
		head = append(head, column...)
	}
	head = append(head, '\r')
	for _, row := range rows {
		mark := " "
		if strings.HasPrefix(row[0], "*deleted") {
			mark = "*"
		}
		head = append(head, mark...)
		for _, cell := range row {
			head = append(head, fmt.Sprintf("%-*s", size, cell)[:size]...)
		}
	}
	return head
}

func makeZip(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range sortedNames(files) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sortedNames(files map[string][]byte) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// makeGeometry writes a geometry as a GeoPackage keeps it.
func makeGeometry(shape geo.MultiPolygon, heights bool) []byte {
	var out bytes.Buffer
	out.WriteString("GP\x00\x03")
	put := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) }
	put(int32(4326))
	put([4]float64{})
	extra := uint32(0)
	if heights {
		extra = 1000
	}
	put(uint8(1))
	put([2]uint32{6 + extra, uint32(len(shape))})
	for _, polygon := range shape {
		put(uint8(1))
		put([2]uint32{3 + extra, uint32(len(polygon))})
		for _, ring := range polygon {
			put(uint32(len(ring)))
			for _, p := range ring {
				put(p)
				if heights {
					put(math.Pi)
				}
			}
		}
	}
	return out.Bytes()
}

// makePackage writes a GeoPackage with a table of areas, and what the
// statements after it do.
func makePackage(t testing.TB, srs int, shapes []geo.MultiPolygon, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{
		`PRAGMA synchronous = OFF`, // nobody will miss it
		`PRAGMA journal_mode = OFF`,
		`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT)`, //nolint:misspell // the standard's spelling
		`CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER)`,
		`CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER)`,
		`CREATE TABLE "the areas" (fid INTEGER PRIMARY KEY, geom BLOB, "code" TEXT, made DATE, size REAL)`,
	} {
		run(statement)
	}
	run(`INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '', ''), ('OSGB36', 27700, 'epsg', 27700, '', ''), ('Pseudo-Mercator', 3857, 'EPSG', 3857, '', '')`)
	run(`INSERT INTO gpkg_contents VALUES ('the areas', 'features', $1)`, srs)
	run(`INSERT INTO gpkg_geometry_columns VALUES ('the areas', 'geom', 'MULTIPOLYGON', $1, 0, 0)`, srs)
	for i, shape := range shapes {
		run(`INSERT INTO "the areas" (geom, code, made, size) VALUES ($1, $2, '2020-03-23', 1.5)`,
			makeGeometry(shape, i%2 == 1), fmt.Sprintf("A%d", i+1))
	}
	for _, statement := range statements {
		run(statement)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
