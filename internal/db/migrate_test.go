package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
	"openvru/migrations"
)

// history is what the product has, and some numbers of the test's own.
func history(t *testing.T, texts ...string) []migrations.Migration {
	t.Helper()
	all, err := migrations.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		all = append(all, migrations.Migration{Number: all[len(all)-1].Number + 1, Name: "test", Text: text})
	}
	return all
}

func TestMigrateTwiceDoesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		before := count(t, d, "migration")
		if copied, err := d.Migrate(context.Background()); copied != "" || err != nil {
			t.Errorf("a second migration made the copy %q (%v)", copied, err)
		}
		if count(t, d, "migration") != before {
			t.Error("a migration was applied twice")
		}
	})
}

func TestMigrateTemplateWords(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		all := history(t, `
			CREATE TABLE sample (id TEXT PRIMARY KEY, n {{.BigInt}} NOT NULL, share {{.Real}}, picture {{.Blob}}) {{.Strict}};
			{{if .SQLite}}CREATE TABLE only_sqlite (id TEXT) {{.Strict}};{{else}}CREATE TABLE only_postgres (id TEXT);{{end}}
			{{.AppendOnly "sample"}}`)
		if _, err := db.MigrateTo(d, all); err != nil {
			t.Fatal(err)
		}
		mustExec(t, d, `INSERT INTO sample (id, n, share, picture) VALUES ($1, $2, $3, $4)`, "a", int64(1)<<60, 0.1, []byte{0, 255})
		var n int64
		var share float64
		var picture []byte
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT n, share, picture FROM sample`).Scan(&n, &share, &picture)
		})
		if err != nil || n != 1<<60 || share != 0.1 || string(picture) != "\x00\xff" {
			t.Errorf("got %d, %v, %v (%v)", n, share, picture, err)
		}
		if err := exec(t, d, `INSERT INTO sample (id, n) VALUES ('b', 'many')`); err == nil {
			t.Error("a text was kept in a column of numbers")
		}
		for _, text := range []string{`UPDATE sample SET n = 2`, `DELETE FROM sample`} {
			if err := exec(t, d, text); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v, want a refusal", text, err)
			}
		}
	})
}

// A migration that fails leaves the schema as it was, whichever it was.
func TestMigrateIsAllOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		before := count(t, d, "migration")
		_, err := db.MigrateTo(d, history(t, `CREATE TABLE half (id TEXT)`, `CREATE TABLE half (id TEXT)`))
		if err == nil {
			t.Fatal("a faulty migration was applied")
		}
		if count(t, d, "migration") != before {
			t.Error("a faulty history was applied by half")
		}
		if exec(t, d, `INSERT INTO half (id) VALUES ('a')`) == nil {
			t.Error("a table of the faulty history is there")
		}
	})
}

func TestMigrateRefusesOtherHistories(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if _, err := db.MigrateTo(d, history(t, `CREATE TABLE future (id TEXT)`)); err != nil {
			t.Fatal(err)
		}
		_, err := d.Migrate(context.Background())
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "newer than this program") {
			t.Errorf("got %v, want a sentence about a newer database", err)
		}
		_, err = db.MigrateTo(d, history(t, `CREATE TABLE past (id TEXT)`))
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "another text of migration") {
			t.Errorf("got %v, want a sentence about another text", err)
		}
	})
}

func TestManyProcessesMigrateAtOnce(t *testing.T) {
	dbtest.RunAt(t, func(t *testing.T, address string) {
		all := history(t, `CREATE TABLE once (id TEXT)`)
		var wait sync.WaitGroup
		for range 6 {
			d := dbtest.Open(t, address)
			wait.Go(func() {
				if _, err := db.MigrateTo(d, all); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := count(t, dbtest.Open(t, address), "migration"); got != len(all) {
			t.Errorf("%d migrations are noted, want %d", got, len(all))
		}
	})
}

// Before the schema of a SQLite file with data in it is changed, the file is
// copied whole.
func TestSQLiteIsCopiedBeforeMigrating(t *testing.T) {
	path := dbtest.SQLite(t)
	d := dbtest.Open(t, path)
	mustExec(t, d, `INSERT INTO event_head (unit_id, seq, hash) VALUES ('u', 0, '')`)
	copied, err := db.MigrateTo(d, history(t, `DELETE FROM event_head`))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(copied) != filepath.Dir(path) {
		t.Errorf("the copy is %s, not beside the file", copied)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is readable by others: %v, %v", info.Mode(), err)
	}
	if count(t, d, "event_head") != 0 || count(t, dbtest.Open(t, copied), "event_head") != 1 {
		t.Error("the copy is not the database as it was")
	}
}

// A new file has nothing worth a copy.
func TestANewSQLiteFileIsNotCopied(t *testing.T) {
	d := dbtest.Open(t, filepath.Join(t.TempDir(), "with space & sign?#%.db"))
	if copied, err := d.Migrate(context.Background()); copied != "" || err != nil {
		t.Errorf("got the copy %q (%v)", copied, err)
	}
}
