package db_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
)

// Each address that cannot be opened, with the words a person reads.
func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ address, message, hint string }{
		{"", "No database is named.", "Set OPENVRU_DB to"},
		{"mysql://localhost/vru", `"mysql" is not a kind of database this program knows.`, "Set OPENVRU_DB to"},
		{"postgres://vru:secret@[::1/vru", "The PostgreSQL address cannot be read.", "Set OPENVRU_DB to"},
		{filepath.Join(folder, "not", "there.db"), "The folder " + folder + "/not, where the database should be, is not there.", "Make the folder"},
		{folder, folder + " is a folder, not a database file.", "Set OPENVRU_DB to a file inside it"},
		{filepath.Join(file, "x.db"), file + " is a file, so no database can be inside it.", ""},
		{file, file + " is not a database, or is damaged.", "restore the last backup"},
		{"postgres://vru:secret@127.0.0.1:1/vru?connect_timeout=5", "The PostgreSQL database vru on 127.0.0.1:1 cannot be opened.", "See that the server is running"},
	} {
		d, err := db.Open(context.Background(), c.address)
		if err == nil {
			d.Close()
			t.Errorf("%q was opened", c.address)
			continue
		}
		if !strings.HasPrefix(err.Error(), c.message) || !strings.Contains(errs.HintOf(err), c.hint) {
			t.Errorf("%q:\ngot  %s (%s)\nwant %s (%s)", c.address, err, errs.HintOf(err), c.message, c.hint)
		}
		if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.Unavailable {
			t.Errorf("%q: the error is of kind %d", c.address, kind)
		}
		if strings.Contains(errs.MessageOf(err)+errs.HintOf(err), "secret") {
			t.Errorf("the password is shown: %v", err)
		}
	}
}

func TestOpenPostgresSaysWhatIsWrong(t *testing.T) {
	u, err := url.Parse(dbtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/nothing"
	_, err = db.Open(context.Background(), u.String())
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.HintOf(err), "createdb") {
		t.Errorf("an unknown database: %v (%s)", err, errs.HintOf(err))
	}
}

func TestEngineGates(t *testing.T) {
	for version, allowed := range map[string]bool{
		"3.51.3": true, "3.54.1": true, "3.52.0": true, "4.0.0": true, "3.51.10": true,
		"3.51.2": false, "3.46.0": false, "3.7.17": false, "2.99.99": false, "": false, "3.51": false,
	} {
		if err := db.CheckSQLiteVersion(version); (err == nil) != allowed {
			t.Errorf("SQLite %q: %v", version, err)
		}
	}
	for number, allowed := range map[int]bool{150000: true, 150018: true, 180004: true, 140020: false, 90600: false} {
		if err := db.CheckPostgresVersion(number); (err == nil) != allowed {
			t.Errorf("PostgreSQL %d: %v", number, err)
		}
	}
	err := db.CheckPostgresVersion(140020)
	if want := "The PostgreSQL server is version 14.20; this program needs 15 or later."; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
}

func TestName(t *testing.T) {
	for address, want := range map[string]string{
		"data/openvru.db": "data/openvru.db",
		"postgres://vru:secret@db.example:5432/vru": "PostgreSQL database vru on db.example:5432",
		"postgres:///vru?host=/run/postgresql":      "PostgreSQL database vru on /run/postgresql",
		"postgres://vru:se%zzcret@db.example/vru":   "a PostgreSQL address that cannot be read",
		"postgres-notes.db":                         "postgres-notes.db",
	} {
		if got := db.Name(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func TestASQLiteFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	mustExec(t, dbtest.Open(t, path), `CREATE TABLE thing (id TEXT)`)
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v (%v)", name, info.Mode(), err)
		}
	}
}

// What a SQLite file is opened with is what keeps it whole.
func TestSQLiteSettings(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "15000"} {
			var got string
			if err := tx.QueryRow(`PRAGMA ` + pragma).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
