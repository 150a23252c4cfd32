package db_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
)

// A full disk gives a clear error and harms nothing that was kept; reads go
// on, and writes do again when there is room.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can mount the small disk that this test fills")
	}
	folder := t.TempDir()
	if err := syscall.Mount("openvru-test", folder, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("the small disk that this test fills cannot be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(folder, syscall.MNT_DETACH) })
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t, filepath.Join(folder, "small.db"))
	mustExec(t, d, `CREATE TABLE thing (id INTEGER PRIMARY KEY, load TEXT)`)

	const insert = `INSERT INTO thing (load) VALUES ($1)`
	load := string(make([]byte, 64<<10))
	kept := 0
	var err error
	for ; err == nil && kept < 1000; kept++ {
		err = exec(t, d, insert, load)
	}
	kept--
	if !db.IsFull(err) || !errs.Is(err, errs.Unavailable) || errs.HintOf(err) == "" {
		t.Fatalf("after %d rows: %v, want Unavailable with a hint", kept, err)
	}
	if n := count(t, d, "thing"); n != kept {
		t.Errorf("%d rows are there, %d were acknowledged", n, kept)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustExec(t, d, insert, load)
	var verdict string
	err = d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(`PRAGMA integrity_check`).Scan(&verdict)
	})
	if err != nil || verdict != "ok" {
		t.Errorf("the database is %q (%v)", verdict, err)
	}
}
