package records

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Store keeps submissions, their findings, the register of their records and
// their facts. It keeps and finds; the rules are the Service's. Every method
// that changes anything appends the Event in the same transaction.
type Store interface {
	FactStore

	// AddSubmission keeps a new submission, unless the unit already has one
	// with its client key or, failing that, one of the same source and file
	// (one that was withdrawn only if the new one has no key); then that one
	// is returned, nothing is written and added is false.
	AddSubmission(ctx context.Context, s Submission, e access.Event) (kept Submission, added bool, err error)

	// SaveCheck keeps what reading a submission found and its new state,
	// Checked or Refused. It does nothing to one that is an edition. Errors:
	// NotFound.
	SaveCheck(ctx context.Context, s Submission, f []Finding, e access.Event) error

	// Accept makes a submission an edition: its state, findings, register of
	// records, coverage and facts, and which editions it supersedes, all or
	// nothing. One that is an edition already is returned as it is and
	// nothing is written. Errors: NotFound, Conflict when it was withdrawn.
	Accept(ctx context.Context, a Acceptance, e access.Event) (Submission, error)

	// Withdraw takes an edition, or a file never accepted, out of use, and
	// brings back what only it superseded. One withdrawn already is returned
	// as it is. Errors: NotFound.
	Withdraw(ctx context.Context, s Submission, e access.Event) (Submission, error)

	// Submission returns one. Errors: NotFound.
	Submission(ctx context.Context, unit ids.Unit, id ids.Submission) (Submission, error)

	// Submissions lists a unit's, newest first.
	Submissions(ctx context.Context, unit ids.Unit, f Filter) ([]Submission, error)

	// Findings returns those of a submission, gravest first.
	Findings(ctx context.Context, unit ids.Unit, id ids.Submission) ([]Finding, error)

	// LiveFiles calls f with every file, of every unit, that a submission
	// names: as sent and as records. Those it does not name may be collected.
	LiveFiles(ctx context.Context, f func(ids.File)) error
}

// Acceptance is all that makes a submission an edition.
type Acceptance struct {
	Submission Submission // with Summary, Parts and AcceptedAt
	Findings   []Finding
	Facts      EditionFacts
}
