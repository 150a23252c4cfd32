package crashtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/crashtest"
	"openvru/internal/db/dbtest"
	"openvru/internal/files"
	"openvru/internal/ids"
)

// keep is what every ingest does at heart: a file, then the row that refers to
// it and another that counts it, in one transaction; then the acknowledgement.
func keep(w *crashtest.Work) error {
	ctx := context.Background()
	d, err := db.Open(ctx, w.Address)
	if err != nil {
		return err
	}
	store, err := files.Open(w.Folder)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		id, _, err := store.Put(ctx, io.LimitReader(bytes.NewReader(make([]byte, 1<<20)), w.Rand.Int64N(1<<20)))
		if err != nil {
			return err
		}
		key := fmt.Sprintf("%d-%d", w.Round, n)
		err = d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO kept (key, file) VALUES ($1, $2)`, key, id); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE tally SET n = n + 1`)
			return err
		})
		if err != nil {
			return err
		}
		w.Ack("%s", key)
	}
}

func TestKilledWhileKeeping(t *testing.T) {
	crashtest.Child(keep)
	dbtest.RunAt(t, func(t *testing.T, address string) {
		d := dbtest.Open(t, address)
		for _, text := range []string{
			`CREATE TABLE kept (key TEXT PRIMARY KEY, file TEXT NOT NULL)`,
			`CREATE TABLE tally (n INTEGER NOT NULL)`,
			`INSERT INTO tally (n) VALUES (0)`,
		} {
			if err := d.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(text); return err }); err != nil {
				t.Fatal(err)
			}
		}
		folder := filepath.Join(t.TempDir(), "data")
		ledger := 0
		crashtest.Kill(t, crashtest.Plan{
			Kills: crashtest.Kills(25), Address: address, Folder: folder, Seed: 1,
			Check: func(r crashtest.Round) {
				ledger += len(r.Acked)
				compare(t, d, folder, r, ledger)
			},
		})
		if ledger == 0 {
			t.Error("nothing was acknowledged, so nothing was shown")
		}
	})
}

// compare checks that every row told of is there, that each has its whole file,
// and that the tally agrees with the rows.
func compare(t *testing.T, d *db.DB, folder string, r crashtest.Round, ledger int) {
	kept := map[string]ids.File{}
	tally := 0
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		if err := tx.QueryRow(`SELECT n FROM tally`).Scan(&tally); err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT key, file FROM kept`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			var file ids.File
			if err := rows.Scan(&key, &file); err != nil {
				return err
			}
			kept[key] = file
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != tally || len(kept) < ledger {
		t.Errorf("%d rows, a tally of %d, and %d acknowledged", len(kept), tally, ledger)
	}
	store, err := files.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range r.Acked {
		if err := store.Check(context.Background(), kept[key]); err != nil {
			t.Errorf("%s was acknowledged: %v", key, err)
		}
	}
}
