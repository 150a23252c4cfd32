package records

import (
	"openvru/internal/files"
)

// keeper writes the rows of a submission that is being accepted into a Parquet
// file.
type keeper struct {
	file *files.Writer
}

func newKeeper(store *files.Store) (*keeper, error) {
	w, err := store.Create()
	if err != nil {
		return nil, err
	}
	return &keeper{file: w}, nil
}

func (k *keeper) write(s *Sink, batches []*Batch, rows int) error { return nil }

func (k *keeper) commit() ([]Part, error) { return nil, nil }

func (k *keeper) close() error { return k.file.Close() }
