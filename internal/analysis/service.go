package analysis

import (
	"context"
	"fmt"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Deps is what a Service needs.
type Deps struct {
	Facts Facts
	Atlas Atlases
	Store Store
	Now   func() time.Time
	IDs   ids.Maker
}

// Service answers questions about facts. It is safe for use by many
// goroutines.
type Service struct {
	Deps
	record access.Recorder
}

// NewService returns a Service.
func NewService(d Deps) *Service {
	return &Service{Deps: d, record: access.Recorder{Now: d.Now, IDs: d.IDs}}
}

// Keep keeps the runs of answers that somebody will cite, such as a report's,
// so that their figures can be followed for good. Keeping one again does
// nothing. Errors: Forbidden.
func (s *Service) Keep(ctx context.Context, actor access.Actor, why string, runs ...*Run) (err error) {
	defer errs.Wrap(&err, "analysis.Keep(%s)", why)
	if err := access.Check(actor, access.ReportBuild); err != nil {
		return err
	}
	if len(runs) == 0 {
		return nil
	}
	now := s.Now().UTC()
	named := make([]ids.Run, len(runs))
	for i, r := range runs {
		if r.MadeAt.IsZero() {
			r.MadeAt = now
		}
		named[i] = r.ID
	}
	e := s.record.Event(actor, access.ReportBuild, fmt.Sprintf("runs for %s", why), map[string]any{"runs": named})
	return s.Store.KeepRuns(ctx, actor.Unit, runs, e)
}

// Run returns a kept run. Errors: Forbidden, NotFound.
func (s *Service) Run(ctx context.Context, actor access.Actor, id ids.Run) (*Run, error) {
	if err := access.Check(actor, access.FiguresRead); err != nil {
		return nil, err
	}
	return s.Store.Run(ctx, actor.Unit, id)
}
