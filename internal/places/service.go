package places

import (
	"context"
	"io"
	"os"
	"sync"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Files keeps files as they were sent; files.Store is one.
type Files interface {
	Put(ctx context.Context, r io.Reader) (ids.File, int64, error)
	Open(id ids.File) (*os.File, error)
}

// Service imports files of places and hands out the Atlas.
type Service struct {
	store  Store
	files  Files
	record access.Recorder

	mu    sync.Mutex
	cache map[ids.Unit]cached
}

// cached is the atlas of a unit at a revision.
type cached struct {
	revision int64
	atlas    *Atlas
}

// NewService returns a service over a store of datasets and one of files.
func NewService(store Store, files Files, record access.Recorder) *Service {
	return &Service{store: store, files: files, record: record, cache: make(map[ids.Unit]cached)}
}

// Atlas returns the newest atlas of a unit: an empty one before the first
// import. It is made once for each change, whichever process made the change.
func (s *Service) Atlas(ctx context.Context, unit ids.Unit) (*Atlas, error) {
	revision, err := s.store.Revision(ctx, unit)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.cache[unit]; ok && c.revision >= revision {
		return c.atlas, nil
	}
	c, err := s.load(ctx, unit, revision)
	if err != nil {
		return nil, err
	}
	s.cache[unit] = c
	return c.atlas, nil
}

func (s *Service) load(ctx context.Context, unit ids.Unit, revision int64) (cached, error) {
	if revision == 0 {
		atlas, err := NewAtlas(Map{})
		return cached{0, atlas}, err
	}
	packed, revision, err := s.store.Atlas(ctx, unit)
	if err != nil {
		return cached{}, err
	}
	if atlas, err := unpackAtlas(packed); err == nil {
		return cached{revision, atlas}, nil
	}
	return s.rework(ctx, unit)
}

// rework works the atlas out from the contents again, as an import does: where
// the kept one was written by another version of the product.
func (s *Service) rework(ctx context.Context, unit ids.Unit) (cached, error) {
	kept, revision, err := s.store.Contents(ctx, unit)
	if err != nil {
		return cached{}, err
	}
	contents, err := (&batch{}).contents(kept, nil)
	if err != nil {
		return cached{}, err
	}
	atlas, err := NewAtlas(compile(contents))
	return cached{revision, atlas}, err
}

// Datasets returns the files that were imported, oldest first. Errors:
// Forbidden.
func (s *Service) Datasets(ctx context.Context, actor access.Actor) ([]Dataset, error) {
	if err := access.Check(actor, access.PlacesRead); err != nil {
		return nil, err
	}
	return s.store.Datasets(ctx, actor.Unit)
}

// LiveFiles returns the files that imports refer to: those that collecting
// orphans must leave alone.
func (s *Service) LiveFiles(ctx context.Context, unit ids.Unit) ([]ids.File, error) {
	all, err := s.store.Datasets(ctx, unit)
	if err != nil {
		return nil, err
	}
	var out []ids.File
	for _, d := range all {
		if d.Kind != Register {
			out = append(out, d.File)
		}
	}
	return out, nil
}
