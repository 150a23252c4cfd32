package places

import (
	"context"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Dataset is the register's entry for a file that was imported.
type Dataset struct {
	File    ids.File // the hash of the file as it was sent
	Name    string
	Kind    Kind
	Level   ids.Level
	Size    int64
	Options Options
	At      time.Time // UTC
	By      string    // the name of who imported it
	Summary Summary
}

// KeptDataset is a dataset with its content as it is kept.
type KeptDataset struct {
	Dataset
	Content []byte
}

// Change is what an import or a removal does, all of it or nothing.
type Change struct {
	// Base is the revision that the change was worked out from. When it is no
	// longer the newest, the change is refused.
	Base   int64
	Add    []KeptDataset // a dataset of the same file is replaced
	Remove []ids.File
	Atlas  Packed
}

// Store keeps datasets and the atlas worked out from them. Its conformance
// suite is placestest.Exercise.
type Store interface {
	// Datasets returns the register, oldest first.
	Datasets(ctx context.Context, unit ids.Unit) ([]Dataset, error)
	// Contents returns every dataset with its content, oldest first, and the
	// revision they are of.
	Contents(ctx context.Context, unit ids.Unit) ([]KeptDataset, int64, error)
	// Revision returns how many changes were made: 0 before the first.
	Revision(ctx context.Context, unit ids.Unit) (int64, error)
	// Atlas returns the newest atlas and its revision.
	Atlas(ctx context.Context, unit ids.Unit) (Packed, int64, error)
	// Save makes a change and records the event. Errors: Conflict when the
	// revision is no longer the change's base.
	Save(ctx context.Context, unit ids.Unit, change Change, event access.Event) error
}
