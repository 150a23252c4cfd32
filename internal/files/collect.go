package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"openvru/internal/ids"
)

// Collected is what Collect removed.
type Collected struct {
	Files int   // named files that nothing refers to
	Temps int   // unfinished files that a kill left behind
	Bytes int64 // how much room they took
}

// Collect removes what nothing needs: kept files for which live is false and
// unfinished ones, both only when last written before the given time. A file
// is kept before the register that refers to it is, so the time must lie well
// before the start of anything that may be going on: a day is right.
func (s *Store) Collect(ctx context.Context, live func(ids.File) bool, before time.Time) (Collected, error) {
	var c Collected
	if err := s.putBack(); err != nil {
		return c, err
	}
	err := walk(ctx, s.temp(), before, func(path string, size int64) error {
		c.Temps++
		c.Bytes += size
		return os.Remove(path)
	})
	if err != nil {
		return c, err
	}
	err = walk(ctx, s.kept(), before, func(path string, size int64) error {
		id := ids.File(filepath.Base(path))
		if !valid(id) || live(id) {
			return nil
		}
		removed, err := s.remove(path, before)
		if removed {
			c.Files++
			c.Bytes += size
		}
		return err
	})
	return c, err
}

// remove takes a file away, unless it has been kept anew since it was looked
// at: it is moved aside, looked at again, and put back if it is young.
func (s *Store) remove(path string, before time.Time) (bool, error) {
	aside := filepath.Join(s.temp(), asidePrefix+filepath.Base(path))
	if err := os.Rename(path, aside); err != nil {
		return false, err
	}
	info, err := os.Stat(aside)
	if err != nil {
		return false, err
	}
	if info.ModTime().Before(before) {
		return true, os.Remove(aside)
	}
	return false, os.Rename(aside, path)
}

const asidePrefix = "old-"

// putBack undoes what a kill in the middle of remove left, before anything
// else is looked at.
func (s *Store) putBack() error {
	left, err := filepath.Glob(filepath.Join(s.temp(), asidePrefix+"*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		id := ids.File(strings.TrimPrefix(filepath.Base(path), asidePrefix))
		if !valid(id) {
			continue
		}
		if err := ignoreGone(os.Rename(path, s.path(id))); err != nil {
			return err
		}
	}
	return nil
}

// walk calls f for each file below a folder last written before a time. A file
// that goes while it is looked at is no error.
func walk(ctx context.Context, folder string, before time.Time, f func(path string, size int64) error) error {
	return filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() {
			return ignoreGone(err)
		}
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			return ignoreGone(err)
		}
		return ignoreGone(f(path, info.Size()))
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
