package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, text string) ids.File {
	t.Helper()
	id, n, err := s.Put(context.Background(), strings.NewReader(text))
	if err != nil || n != int64(len(text)) {
		t.Fatalf("Put: %d bytes, %v", n, err)
	}
	return id
}

// left lists what the store's folder for unfinished files holds.
func left(t *testing.T, s *Store) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(s.temp(), "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPutThenOpen(t *testing.T) {
	s := open(t)
	for _, text := range []string{"", "a", strings.Repeat("violence reduction\n", 100_000)} {
		id := put(t, s, text)
		if sum := sha256.Sum256([]byte(text)); string(id) != hex.EncodeToString(sum[:]) {
			t.Errorf("the name is %s, not the SHA-256 of the bytes", id)
		}
		f, err := s.Open(id)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		f.Close()
		if err != nil || string(got) != text {
			t.Errorf("read back %d bytes, %v; want %d", len(got), err, len(text))
		}
		if err := s.Check(context.Background(), id); err != nil {
			t.Error(err)
		}
	}
	if names := left(t, s); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	s := open(t)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { put(t, s, "the same") })
	}
	wait.Wait()
	found, _ := filepath.Glob(filepath.Join(s.kept(), "*", "*"))
	if len(found) != 1 {
		t.Errorf("kept %d files, want 1", len(found))
	}
}

func TestWhatIsNotKept(t *testing.T) {
	s := open(t)
	put(t, s, "kept")
	for _, id := range []ids.File{"", "a", "../../../etc/passwd", ids.File(strings.Repeat("A", 64)), ids.File(strings.Repeat("0", 64)), ids.File(strings.Repeat("/", 64))} {
		if s.Has(id) {
			t.Errorf("Has(%q)", id)
		}
		if _, err := s.Open(id); !errs.Is(err, errs.NotFound) {
			t.Errorf("Open(%q): %v, want NotFound", id, err)
		}
	}
}

func TestAFailedPutLeavesNothing(t *testing.T) {
	s := open(t)
	trouble := errors.New("the line broke")
	_, _, err := s.Put(context.Background(), io.MultiReader(strings.NewReader("half"), failing{trouble}))
	if !errors.Is(err, trouble) {
		t.Fatalf("got %v, want the reader's error", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := s.Put(ctx, strings.NewReader("late")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "not wanted after all")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(); err == nil {
		t.Error("a closed file was committed")
	}
	if names := left(t, s); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestCheckFindsDamage(t *testing.T) {
	s := open(t)
	id := put(t, s, "whole")
	if err := os.Chmod(s.path(id), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path(id), []byte("hole."), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.Check(context.Background(), id)
	if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("got %v, want a sentence about damage", err)
	}
}

func TestCollectRemovesWhatNothingNeeds(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	needed, forgotten, young := put(t, s, "needed"), put(t, s, "forgotten"), put(t, s, "young")
	half, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(half, "left by a kill")
	long := time.Now().Add(-48 * time.Hour)
	for _, path := range []string{s.path(needed), s.path(forgotten), half.file.Name()} {
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	c, err := s.Collect(ctx, func(id ids.File) bool { return id == needed }, time.Now().Add(-24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Collected{Files: 1, Temps: 1, Bytes: int64(len("forgotten") + len("left by a kill"))}); c != want {
		t.Errorf("collected %+v, want %+v", c, want)
	}
	if !s.Has(needed) || s.Has(forgotten) || !s.Has(young) {
		t.Error("the wrong files are left")
	}
}

// A file that was forgotten and is sent again must not be swept away between
// its keeping and the register's word of it.
func TestAFileKeptAnewIsYoung(t *testing.T) {
	s := open(t)
	id := put(t, s, "again")
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(s.path(id), long, long); err != nil {
		t.Fatal(err)
	}
	put(t, s, "again")
	none := func(ids.File) bool { return false }
	if _, err := s.Collect(context.Background(), none, time.Now().Add(-24*time.Hour)); err != nil || !s.Has(id) {
		t.Errorf("Collect took a file that was just kept anew (%v)", err)
	}
	// The same when the sweep has it in hand already: looked at again, it is young.
	if removed, err := s.remove(s.path(id), time.Now().Add(-24*time.Hour)); removed || err != nil || !s.Has(id) {
		t.Errorf("remove took a young file (%v)", err)
	}
	// And when a kill came just then.
	if err := os.Rename(s.path(id), filepath.Join(s.temp(), asidePrefix+string(id))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Collect(context.Background(), func(ids.File) bool { return true }, time.Now()); err != nil || !s.Has(id) {
		t.Errorf("Collect did not put back what a kill had left aside (%v)", err)
	}
}

func TestOpenSaysWhatIsWrongWithTheFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errs.Is(err, errs.Unavailable) || errs.HintOf(err) == "" {
		t.Errorf("got %v, want Unavailable with a hint", err)
	}
}

func BenchmarkPut(b *testing.B) {
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	text := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		text[0]++
		if _, _, err := s.Put(context.Background(), bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
