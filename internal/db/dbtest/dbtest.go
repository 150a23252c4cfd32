// Package dbtest runs a test on SQLite and on PostgreSQL, each time on a fresh
// database with the whole schema in it.
//
//	func TestStore(t *testing.T) {
//		dbtest.Run(t, func(t *testing.T, d *db.DB) { … })
//	}
//
// PostgreSQL is the server that OPENVRU_TEST_POSTGRES names (its user must be
// allowed to make databases), or a private one started from the installed
// programs and gone with the test process. With neither, that half is skipped
// with a sentence; where CI is set, it fails instead.
package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"openvru/internal/db"
)

// Run runs f twice, as the subtests "sqlite" and "postgres", with a migrated
// database that is empty of data and closed when f ends.
func Run(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	RunAt(t, func(t *testing.T, address string) { f(t, Open(t, address)) })
}

// RunAt is Run for tests that open the database themselves: more than once, or
// from another process. It gives the address of a migrated, empty database.
func RunAt(t *testing.T, f func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// Each is Run for suites that need a fresh database more than once on each
// engine: it gives the function that makes and opens one.
//
//	func TestStore(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, fresh func(testing.TB) *db.DB) {
//			placestest.Exercise(t, func(t *testing.T) places.Store { return New(fresh(t)) })
//		})
//	}
func Each(t *testing.T, f func(t *testing.T, fresh func(testing.TB) *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, func(t testing.TB) *db.DB { return Open(t, SQLite(t)) }) })
	t.Run("postgres", func(t *testing.T) { f(t, func(t testing.TB) *db.DB { return Open(t, Postgres(t)) }) })
}

// Open opens the database at an address until the test ends.
func Open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// SQLite makes a migrated, empty SQLite database and returns its address.
func SQLite(t testing.TB) string {
	t.Helper()
	image, err := sqliteImage()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "openvru.db")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sqliteImage is a migrated database file, made once and copied for each test.
var sqliteImage = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "openvru-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "image.db")
	if err := migrated(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// migrated makes the schema at an address and lets go of it.
func migrated(address string) error {
	d, err := db.Open(context.Background(), address)
	if err != nil {
		return err
	}
	_, err = d.Migrate(context.Background())
	return errors.Join(err, d.Close())
}
