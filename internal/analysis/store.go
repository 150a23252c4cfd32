package analysis

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Store keeps runs. A run is never changed: keeping one that is there already
// does nothing, since its id follows from all that is in it.
type Store interface {
	// KeepRuns keeps runs with their figures, in one transaction with the
	// event. Runs that are kept already stay as they are.
	KeepRuns(ctx context.Context, unit ids.Unit, runs []*Run, event access.Event) error

	// Run returns a kept run. Errors: NotFound.
	Run(ctx context.Context, unit ids.Unit, id ids.Run) (*Run, error)

	// RunOf returns the kept run that a figure belongs to. Errors: NotFound.
	RunOf(ctx context.Context, unit ids.Unit, figure ids.Figure) (*Run, error)
}
