// Package jobstest has what other packages' tests need of jobs: the suite that
// every jobs.Store passes, and a Store in memory.
package jobstest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
)

// Memory is a jobs.Store in memory, safe for use by many goroutines.
type Memory struct {
	mu   sync.Mutex
	jobs []*jobs.Job
	log  func(access.Event)
}

var _ jobs.Store = (*Memory)(nil)

// NewMemory returns an empty Store in memory that hands its events to log.
func NewMemory(log func(access.Event)) *Memory { return &Memory{log: log} }

func (m *Memory) lock() func() {
	m.mu.Lock()
	return m.mu.Unlock
}

// Add is jobs.Store's.
func (m *Memory) Add(_ context.Context, j jobs.Job, e access.Event) (jobs.Job, error) {
	defer m.lock()()
	for _, k := range m.jobs {
		live := k.State != jobs.Failed && k.State != jobs.Cancelled
		if j.Key != "" && k.Unit == j.Unit && k.Kind == j.Kind && k.Key == j.Key && live {
			return *k, nil
		}
	}
	m.jobs = append(m.jobs, &j)
	m.log(e)
	return j, nil
}

func (m *Memory) find(unit ids.Unit, id ids.Job) (*jobs.Job, error) {
	for _, j := range m.jobs {
		if j.Unit == unit && j.ID == id {
			return j, nil
		}
	}
	return nil, errs.New(errs.NotFound, "There is no such job.")
}

// held returns a job that is running and this worker's.
func (m *Memory) held(j jobs.Job) (*jobs.Job, error) {
	kept, err := m.find(j.Unit, j.ID)
	if err != nil || kept.State != jobs.Running || kept.Worker != j.Worker {
		return nil, errs.New(errs.Conflict, "The job is no longer this worker's.")
	}
	return kept, nil
}

// Job is jobs.Store's.
func (m *Memory) Job(_ context.Context, unit ids.Unit, id ids.Job) (jobs.Job, error) {
	defer m.lock()()
	j, err := m.find(unit, id)
	if err != nil {
		return jobs.Job{}, err
	}
	return *j, nil
}

// Jobs is jobs.Store's.
func (m *Memory) Jobs(_ context.Context, unit ids.Unit, q jobs.Query) (list []jobs.Job, err error) {
	defer m.lock()()
	for _, j := range m.jobs {
		if j.Unit == unit && (q.Org == "" || j.Actor.Org == q.Org) && (q.Subject == "" || j.Subject == q.Subject) && (len(q.States) == 0 || slices.Contains(q.States, j.State)) {
			list = append(list, *j)
		}
	}
	slices.SortFunc(list, func(a, b jobs.Job) int { return -cmp.Or(a.AskedAt.Compare(b.AskedAt), cmp.Compare(a.ID, b.ID)) })
	if q.Limit <= 0 {
		q.Limit = 50
	}
	return list[:min(len(list), q.Limit)], nil
}

// Running is jobs.Store's.
func (m *Memory) Running(context.Context) (list []jobs.Job, err error) {
	defer m.lock()()
	for _, j := range m.jobs {
		if j.State == jobs.Running {
			list = append(list, *j)
		}
	}
	slices.SortFunc(list, func(a, b jobs.Job) int { return cmp.Or(a.BeatAt.Compare(b.BeatAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// Cancel is jobs.Store's.
func (m *Memory) Cancel(_ context.Context, unit ids.Unit, id ids.Job, at time.Time, e access.Event) error {
	defer m.lock()()
	j, err := m.find(unit, id)
	if err != nil {
		return err
	}
	if j.State.Over() {
		return errs.New(errs.Conflict, "The job is %s already.", j.State)
	}
	if j.Cancel = true; j.State == jobs.Queued {
		j.State, j.FinishedAt = jobs.Cancelled, at
	}
	m.log(e)
	return nil
}

// Claim is jobs.Store's.
func (m *Memory) Claim(_ context.Context, c jobs.Claim) (jobs.Job, bool, error) {
	defer m.lock()()
	var oldest *jobs.Job
	for _, j := range m.jobs {
		fits := j.State == jobs.Queued && !j.NotBefore.After(c.At) && slices.Contains(c.Kinds, j.Kind) && (c.ID == "" || j.ID == c.ID)
		if fits && (oldest == nil || cmp.Or(j.AskedAt.Compare(oldest.AskedAt), cmp.Compare(j.ID, oldest.ID)) < 0) {
			oldest = j
		}
	}
	if oldest == nil {
		return jobs.Job{}, false, nil
	}
	oldest.State, oldest.Worker, oldest.StartedAt, oldest.BeatAt = jobs.Running, c.Worker, c.At, c.At
	oldest.Attempts++
	return *oldest, true, nil
}

// Beat is jobs.Store's.
func (m *Memory) Beat(_ context.Context, j jobs.Job, at time.Time) (bool, error) {
	defer m.lock()()
	kept, err := m.held(j)
	if err != nil {
		return false, err
	}
	kept.BeatAt, kept.Standing = at, j.Standing
	return kept.Cancel, nil
}

// Settle is jobs.Store's.
func (m *Memory) Settle(_ context.Context, j jobs.Job) error {
	defer m.lock()()
	kept, err := m.held(j)
	if err != nil {
		return err
	}
	kept.State, kept.Attempts, kept.Standing = j.State, j.Attempts, j.Standing
	kept.Message, kept.Hint, kept.Result = j.Message, j.Hint, j.Result
	kept.NotBefore, kept.FinishedAt = j.NotBefore, j.FinishedAt
	if j.State == jobs.Queued {
		kept.Worker = ""
	}
	return nil
}
