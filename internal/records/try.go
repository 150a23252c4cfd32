package records

import (
	"context"
)

// Trial is what one reading of a file found, with nothing kept of it.
type Trial struct {
	Summary  Summary
	Findings []Finding
	Facts    EditionFacts
	Refused  string // why it could not be accepted; "" when it could
}

// Try reads a file as Service.Check does, without a submission to keep the
// outcome in: for tools, and for tests of readers. Errors are those that are
// no fault of the file.
func Try(ctx context.Context, r Reader, in *Input) (Trial, error) {
	got, err := read(ctx, r, in, newSink(r.Source(), in.Atlas, "", nil))
	if err != nil {
		return Trial{}, err
	}
	return Trial{got.summary, got.findings, got.facts, got.refused}, nil
}
