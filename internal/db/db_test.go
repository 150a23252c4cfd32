package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
)

func exec(t *testing.T, d *db.DB, text string, args ...any) error {
	t.Helper()
	return d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), text, args...)
		return err
	})
}

func mustExec(t *testing.T, d *db.DB, text string, args ...any) {
	t.Helper()
	if err := exec(t, d, text, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, table string) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteKeepsAllOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id TEXT PRIMARY KEY)`)
		stop := errors.New("stop")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO thing (id) VALUES ($1)`, "a"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v, want the function's own error", err)
		}
		if n := count(t, d, "thing"); n != 0 {
			t.Fatalf("%d rows were kept of a write that failed", n)
		}
	})
}

func TestReadRefusesToWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id TEXT PRIMARY KEY)`)
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id) VALUES ('a')`)
			return err
		})
		if err == nil {
			t.Fatal("a read transaction wrote")
		}
	})
}

func TestInsertManyRows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, note TEXT)`)
		for _, n := range []int{0, 1, 665, 666, 667, 5000} {
			mustExec(t, d, `DELETE FROM thing`)
			row := make([]any, 3)
			rows := func(yield func([]any) bool) {
				for i := range n {
					row[0], row[1], row[2] = i, "name", nil
					if !yield(row) {
						return
					}
				}
			}
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				got, err := tx.Insert(context.Background(), "thing", []string{"id", "name", "note"}, rows)
				if got != int64(n) {
					t.Errorf("Insert said %d, want %d", got, n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := count(t, d, "thing"); got != n {
				t.Errorf("table holds %d rows, want %d", got, n)
			}
		}
	})
}

func TestConflictsAreRecognised(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id TEXT PRIMARY KEY, name TEXT UNIQUE)`)
		mustExec(t, d, `CREATE TABLE part (thing TEXT REFERENCES thing (id))`)
		mustExec(t, d, `INSERT INTO thing (id, name) VALUES ('a', 'x')`)
		if err := exec(t, d, `INSERT INTO thing (id, name) VALUES ('a', 'y')`); !db.IsConflict(err) {
			t.Errorf("a repeated key is not a conflict: %v", err)
		}
		if err := exec(t, d, `INSERT INTO thing (id, name) VALUES ('b', 'x')`); !db.IsConflict(err) {
			t.Errorf("a repeated unique name is not a conflict: %v", err)
		}
		err := exec(t, d, `INSERT INTO part (thing) VALUES ('nothing')`)
		if db.IsConflict(err) || !db.IsReference(err) {
			t.Errorf("a missing reference is taken for something else: %v", err)
		}
		err = d.Write(context.Background(), func(tx *db.Tx) error {
			rows := slices.Values([][]any{{"c", "z"}, {"c", "w"}})
			_, err := tx.Insert(context.Background(), "thing", []string{"id", "name"}, rows)
			return err
		})
		if !db.IsConflict(err) {
			t.Errorf("a repeated key among many rows is not a conflict: %v", err)
		}
	})
}
