package jobs

import (
	"context"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Store keeps jobs. Only what people ask for has an Event; a worker's own
// bookkeeping (Claim, Beat, Settle) has none, since the work writes its own.
type Store interface {
	// Add keeps a new job and returns it; when one of its unit and kind has the
	// same Key already, and has not failed or been cancelled, that one is
	// returned and nothing is kept.
	Add(ctx context.Context, j Job, e access.Event) (Job, error)
	// Job returns a job. NotFound.
	Job(ctx context.Context, unit ids.Unit, id ids.Job) (Job, error)
	// Jobs returns the unit's jobs, the newest first.
	Jobs(ctx context.Context, unit ids.Unit, q Query) ([]Job, error)
	// Cancel ends a queued job and asks a running one to stop. NotFound;
	// Conflict for one that is over.
	Cancel(ctx context.Context, unit ids.Unit, id ids.Job, at time.Time, e access.Event) error

	// Claim gives the worker the queued job that has waited longest, if there is
	// one that it can take. No two workers are given the same.
	Claim(ctx context.Context, c Claim) (j Job, found bool, err error)
	// Beat notes that the worker lives and how far the job is, and returns
	// whether it has been asked to stop. Conflict when the job is no longer this
	// worker's.
	Beat(ctx context.Context, j Job, at time.Time) (cancel bool, err error)
	// Settle writes what became of a running job: over, or queued again.
	// Conflict when the job is no longer this worker's.
	Settle(ctx context.Context, j Job) error
	// Running returns every running job, of every unit, longest without a beat
	// first.
	Running(ctx context.Context) ([]Job, error)
}

// Query chooses jobs.
type Query struct {
	States []State // of these; none is all
	Org    ids.Org // asked by people of this organisation; "" is all
	Limit  int     // at most so many; 0 is 50

	Subject string // about this; "" is all
}

// Claim is what a worker asks for.
type Claim struct {
	Worker string
	At     time.Time
	Kinds  []string // that it can do
	ID     ids.Job  // only this one; "" is any
}
