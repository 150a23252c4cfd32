// Package files keeps files under the SHA-256 of their bytes: files as they
// were sent, and the record files made from them. A kept file never changes,
// and the same bytes are kept once.
//
// A file is written beside the others under a name of no meaning, brought to
// the disk, and only then given its name, so that whatever has a name is
// whole, through a kill, a full disk or a power cut. What a kill leaves behind
// without a name, and named files that nothing refers to, Collect removes.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Store is a folder of files named by their content, safe for use by many
// goroutines and processes.
type Store struct {
	root string
}

// Open opens the store in a folder, which is made if it is not there.
// Errors: Unavailable when it cannot be made or written.
func Open(folder string) (*Store, error) {
	s := &Store{root: folder}
	for _, p := range []string{folder, s.temp(), s.kept()} {
		if err := os.MkdirAll(p, 0o700); err != nil {
			return nil, errs.New(errs.Unavailable, "The folder for files, %s, cannot be made.", folder).
				WithHint("Set OPENVRU_DATA to a folder that this process may write.").WithCause(err)
		}
	}
	probe, err := os.CreateTemp(s.temp(), "probe-")
	if err != nil {
		return nil, explain(err)
	}
	probe.Close()
	return s, os.Remove(probe.Name())
}

func (s *Store) temp() string { return filepath.Join(s.root, "temp") }
func (s *Store) kept() string { return filepath.Join(s.root, "sha256") }

// path is where a file is kept: 256 folders, so that none grows too long.
func (s *Store) path(id ids.File) string {
	return filepath.Join(s.kept(), string(id[:2]), string(id))
}

// Put keeps what r gives and returns its name and size. Nothing is kept when
// r fails or the disk is full. Errors: Unavailable for a full disk; r's own.
func (s *Store) Put(ctx context.Context, r io.Reader) (ids.File, int64, error) {
	w, err := s.Create()
	if err != nil {
		return "", 0, err
	}
	defer w.Close()
	if _, err := io.CopyBuffer(w, reader{ctx, r}, make([]byte, 1<<18)); err != nil {
		return "", 0, err
	}
	id, err := w.Commit()
	return id, w.Size(), err
}

// reader stops a long copy when its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Open opens a kept file for reading. Errors: NotFound.
func (s *Store) Open(id ids.File) (*os.File, error) {
	if !valid(id) {
		return nil, missing(id)
	}
	f, err := os.Open(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(id)
	}
	return f, err
}

// Has reports whether a file is kept.
func (s *Store) Has(id ids.File) bool {
	if !valid(id) {
		return false
	}
	_, err := os.Stat(s.path(id))
	return err == nil
}

// Check reads a kept file and compares it with its name.
// Errors: NotFound; Conflict when its bytes have changed.
func (s *Store) Check(ctx context.Context, id ids.File) error {
	f, err := s.Open(id)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, reader{ctx, f}); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != string(id) {
		return errs.New(errs.Conflict, "The kept file %s is damaged: its bytes now give %s.", id, got).
			WithHint("Restore it from a backup; its name says what it must hold.")
	}
	return nil
}

// valid keeps every path inside the store.
func valid(id ids.File) bool {
	if len(id) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func missing(id ids.File) error {
	return errs.New(errs.NotFound, "No file %s is kept here.", id).
		WithHint("See that OPENVRU_DATA names the folder that belongs to this database.")
}

// explain gives a full or unwritable disk a sentence and a hint. They are read
// by whoever sent the file too, so they name the setting and not the folder; the
// cause, which goes to the log, has its path.
func explain(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.New(errs.Unavailable, "The disk that holds the files is full, so nothing of this was kept.").
			WithHint("Free some space and do the same again; what was kept before is safe.").WithCause(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return errs.New(errs.Unavailable, "The folder for files cannot be written.").
			WithHint("Set OPENVRU_DATA to a folder that this process may write.").WithCause(err)
	}
	return err
}
