package recordsdb_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"openvru/internal/access"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
	"openvru/internal/records"
)

// On a disk that fills up at any point of the way a file is not accepted by
// half: there is a sentence that says why and what to do, what was kept before
// is whole, and with room again the same file goes in.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can mount the small disk that this test fills")
	}
	disk := t.TempDir()
	if err := syscall.Mount("openvru-test", disk, "tmpfs", 0, "size=32m"); err != nil {
		t.Skip("the small disk that this test fills cannot be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, 0) })
	d := dbtest.Open(t, copied(t, dbtest.SQLite(t), filepath.Join(disk, "openvru.db")))
	s, store, kept, err := killDesk(d, filepath.Join(disk, "data"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, me := context.Background(), access.Operator("unit-1")
	first, err := s.Submit(ctx, me, records.Incoming{Source: records.PoliceUK, Name: "0.csv", Body: strings.NewReader(killText(0))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for k := 1; k < killFiles; k++ {
		send := func() error {
			_, err := s.Submit(ctx, me, records.Incoming{Source: records.PoliceUK, Name: fmt.Sprintf("%d.csv", k), Body: strings.NewReader(killText(k))}, nil)
			return err
		}
		ballast := fill(t, disk, int64(k)*12<<10)
		err := send()
		if err != nil {
			failed++
			if !errs.Is(err, errs.Unavailable) || errs.HintOf(err) == "" {
				t.Errorf("with %d KiB left: %v; want a sentence with a hint", k*12, err)
			}
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if err := send(); err != nil {
			t.Fatalf("with room again: %v", err)
		}
		if k%8 == 0 {
			(&ledger{t: t, db: d, folder: filepath.Join(disk, "data")}).whole()
		}
		all, err := store.Submissions(ctx, "unit-1", records.Filter{Limit: 2})
		if err != nil || all[0].Summary.Rows != killRows(k) {
			t.Fatalf("the file was accepted with %d rows, want %d: %v", all[0].Summary.Rows, killRows(k), err)
		}
	}
	if failed == 0 {
		t.Error("the disk was never too full, so nothing was shown")
	}
	if err := kept.Check(ctx, first.File); err != nil {
		t.Error(err)
	}
}

// fill leaves so many bytes of a disk free, and returns the file that takes
// the rest.
func fill(t *testing.T, disk string, free int64) string {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(disk, &s); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(disk, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := int64(s.Bavail)*s.Bsize - free; n > 0 {
		if _, err := io.Copy(f, io.LimitReader(zeroes{}, n)); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

type zeroes struct{}

// Read fills p with zeros.
func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func copied(t *testing.T, from, to string) string {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, bytes.Clone(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
