package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"os"
	"path/filepath"

	"openvru/internal/ids"
)

// Writer writes one file of a Store as it is made. What has not been committed
// leaves nothing behind: defer Close.
type Writer struct {
	store *Store
	file  *os.File // nil when committed or closed
	sum   hash.Hash
	size  int64
	asked int64 // up to here the system was asked to write it back
	err   error // the first failure; nothing can be committed after it
}

// Create starts a file. Errors: Unavailable for a full disk.
func (s *Store) Create() (*Writer, error) {
	f, err := os.CreateTemp(s.temp(), "new-")
	if err != nil {
		return nil, explain(err)
	}
	return &Writer{store: s, file: f, sum: sha256.New()}, nil
}

// Write adds bytes. Errors: Unavailable for a full disk.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if w.file == nil {
		return 0, os.ErrClosed
	}
	n, err := w.file.Write(p)
	w.sum.Write(p[:n])
	w.size += int64(n)
	if w.size-w.asked >= backEvery {
		writeBack(w.file, w.asked, w.size-w.asked)
		w.asked = w.size
	}
	if err != nil {
		w.err = explain(err)
	}
	return n, w.err
}

// backEvery is how many bytes are written before the disk begins to take them.
const backEvery = 8 << 20

// Size returns how many bytes have been written.
func (w *Writer) Size() int64 { return w.size }

// Commit brings the file to the disk, names it by its content and returns the
// name. After it the file is there for good, whatever happens.
func (w *Writer) Commit() (ids.File, error) {
	if w.err != nil {
		return "", w.err
	}
	if w.file == nil {
		return "", os.ErrClosed
	}
	defer w.Close()
	id := ids.File(hex.EncodeToString(w.sum.Sum(nil)))
	if err := errors.Join(w.file.Chmod(0o400), w.file.Sync()); err != nil {
		return "", explain(err)
	}
	if err := w.store.name(w.file.Name(), id); err != nil {
		return "", explain(err)
	}
	return id, nil
}

// Close throws away a file that has not been committed; after Commit it does
// nothing.
func (w *Writer) Close() error {
	if w.file == nil {
		return nil
	}
	name := w.file.Name()
	err := w.file.Close()
	w.file = nil
	if rm := os.Remove(name); rm != nil && !os.IsNotExist(rm) {
		err = errors.Join(err, rm)
	}
	return err
}

// name gives a finished file its name and brings the name to the disk. If the
// same bytes are kept already they are replaced by these, which makes them
// young again: Collect must not take them for forgotten.
func (s *Store) name(temp string, id ids.File) error {
	to := s.path(id)
	folder := filepath.Dir(to)
	if err := os.Mkdir(folder, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	if err := os.Rename(temp, to); err != nil {
		return err
	}
	// The folder may be another process's, made a moment ago and not yet on the disk.
	return errors.Join(syncFolder(folder), syncFolder(s.kept()))
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
