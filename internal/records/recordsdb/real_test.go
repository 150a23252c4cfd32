package recordsdb_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/records"
)

// Every real street file comes in on the real map, and the records kept of
// each month and crime type are as many as encoding/csv finds rows in the
// files.
func TestRealStreetFiles(t *testing.T) {
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA does not name a folder of real files, so they are not tried")
	}
	atlas, err := benchAtlas()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "police-uk", "*", "*-street.csv*"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no street files", err)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := benchService(t, d, atlas)
		ctx, me := context.Background(), access.Operator("u")
		want := map[[2]string]int64{}
		for _, path := range paths {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			sub, err := s.Submit(ctx, me, records.Incoming{Source: records.PoliceUK, Name: filepath.Base(path), Body: f}, nil)
			f.Close()
			if err != nil || sub.State != records.Accepted {
				t.Fatalf("%s: %s, %v", path, sub.State, err)
			}
			if blank := countRows(t, path, want); sub.Summary.Unlocated != blank || sub.Summary.OutOfArea > sub.Summary.Rows/50 {
				t.Errorf("%s: of %d rows %d have no place, want %d, and %d lie outside London", filepath.Base(path), sub.Summary.Rows, sub.Summary.Unlocated, blank, sub.Summary.OutOfArea)
			}
		}
		got, err := s.Scan(ctx, me, records.ScanQuery{Source: records.PoliceUK, By: []string{"month", "category"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range got {
			key := [2]string{c.Values[0], c.Values[1]}
			if want[key] != c.Records {
				t.Errorf("%v: %d records, want %d", key, c.Records, want[key])
			}
			delete(want, key)
		}
		if len(want) > 0 {
			t.Errorf("no records of %v", want)
		}
	})
}

// countRows adds a file's rows by month and crime type, and returns how many
// have neither a point nor an LSOA.
func countRows(t *testing.T, path string, into map[[2]string]int64) (blank int64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		into[[2]string{row[1], records.CategoryKey(row[9])}]++
		if row[4] == "" && row[7] == "" {
			blank++
		}
	}
	return blank
}
