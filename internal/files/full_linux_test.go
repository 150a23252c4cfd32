package files

import (
	"bytes"
	"context"
	"os"
	"syscall"
	"testing"

	"openvru/internal/errs"
)

// A full disk gives a clear error, leaves nothing partial, harms nothing kept
// before, and once there is room again the same call succeeds.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can mount the small disk that this test fills")
	}
	folder := t.TempDir()
	if err := syscall.Mount("openvru-test", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("the small disk that this test fills cannot be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(folder, 0) })
	s, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	before := put(t, s, "kept before")
	ballast := bytes.Repeat([]byte("x"), 600<<10)
	first, _, err := s.Put(context.Background(), bytes.NewReader(ballast))
	if err != nil {
		t.Fatal(err)
	}
	ballast[0] = 'y'
	_, _, err = s.Put(context.Background(), bytes.NewReader(ballast))
	if !errs.Is(err, errs.Unavailable) || errs.HintOf(err) == "" {
		t.Fatalf("on a full disk: %v, want Unavailable with a hint", err)
	}
	if names := left(t, s); len(names) > 0 {
		t.Errorf("left behind on the full disk: %v", names)
	}
	if err := s.Check(context.Background(), before); err != nil {
		t.Error(err)
	}
	if err := os.Remove(s.path(first)); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.Put(context.Background(), bytes.NewReader(ballast)); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
