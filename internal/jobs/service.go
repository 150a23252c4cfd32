package jobs

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Handler does a job's work. It reports to p, stops when ctx ends, and returns
// a result that can be written as JSON, or nil.
//
// An error of kind Unavailable (a full disk, a busy database) is tried again
// later; any other ends the job, and its sentence and hint are what the asker
// reads.
type Handler func(ctx context.Context, j Job, p Progress) (result any, err error)

// Kind is a sort of work.
type Kind struct {
	Name   string        // "submission.accept"
	Action access.Action // what the asker must be allowed to do
	Run    Handler
}

// Config is what a Service is made of.
type Config struct {
	Store  Store
	Record access.Recorder
	Log    *slog.Logger // nil is the default one
	Kinds  []Kind
}

// Service takes jobs in, does them and tells how they stand.
type Service struct {
	store  Store
	record access.Recorder
	log    *slog.Logger
	kinds  map[string]Kind
	worker string
	wake   chan struct{}

	mu   sync.Mutex
	live map[ids.Job]*report // of jobs that run in this process
}

// NewService returns a Service. Run starts its workers.
func NewService(c Config) *Service {
	s := &Service{
		store: c.Store, record: c.Record, log: c.Log, kinds: map[string]Kind{},
		worker: workerName(c.Record.IDs.New()), wake: make(chan struct{}, 1), live: map[ids.Job]*report{},
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	for _, k := range c.Kinds {
		s.kinds[k.Name] = k
	}
	return s
}

// Request is a job that is asked for.
type Request struct {
	Kind    string
	Subject string // what it is about, in words
	Args    any    // written as JSON for the Handler
	Key     string // asking again with the same key returns the job that is there; "" for none
}

// Ask queues a job and returns at once. Errors: Forbidden.
func (s *Service) Ask(ctx context.Context, a access.Actor, r Request) (Job, error) {
	j, e, err := s.prepare(a, r)
	if err != nil {
		return Job{}, err
	}
	j, err = s.store.Add(ctx, j, e)
	if err == nil {
		s.nudge()
	}
	return j, err
}

// Do keeps a job and does it here and now, reporting to watch as well: what the
// command line does. If the process dies, a server's workers finish the job; if
// ctx ends, the job is cancelled. With the Key of a job that is done, that one
// is returned.
//
// Errors: Forbidden; what the Handler returned; Conflict when a job with the
// same Key is being done elsewhere.
func (s *Service) Do(ctx context.Context, a access.Actor, r Request, watch Progress) (Job, error) {
	j, e, err := s.prepare(a, r)
	if err != nil {
		return Job{}, err
	}
	// It is ours from the start, or a server's worker might take it first.
	mine := j.ID
	j.State, j.Worker, j.Attempts, j.StartedAt, j.BeatAt = Running, s.worker, 1, j.AskedAt, j.AskedAt
	if j, err = s.store.Add(ctx, j, e); err != nil || j.State == Done {
		return j, err
	}
	if j.ID != mine {
		asked := j
		var found bool
		if j, found, err = s.store.Claim(ctx, s.claim(asked.ID)); err != nil {
			return asked, err
		}
		if !found {
			return asked, errs.New(errs.Conflict, "This is being done already.").WithHint("See the list of jobs for how far it is.")
		}
	}
	return s.perform(ctx, j, watch, Cancelled)
}

// claim is what this process's workers ask for.
func (s *Service) claim(only ids.Job) Claim {
	return Claim{Worker: s.worker, At: s.record.Now().UTC(), Kinds: slices.Sorted(maps.Keys(s.kinds)), ID: only}
}

func (s *Service) prepare(a access.Actor, r Request) (Job, access.Event, error) {
	kind, ok := s.kinds[r.Kind]
	if !ok {
		return Job{}, access.Event{}, errs.New(errs.Internal, "nothing does jobs of kind %q", r.Kind)
	}
	if err := access.Check(a, kind.Action); err != nil {
		return Job{}, access.Event{}, err
	}
	args, err := json.Marshal(r.Args)
	if err != nil {
		return Job{}, access.Event{}, err
	}
	now := s.record.Now().UTC()
	j := Job{
		Unit: a.Unit, ID: ids.Job(s.record.IDs.New()), Kind: r.Kind, Key: r.Key, Subject: r.Subject,
		Args: string(args), Actor: a, State: Queued, AskedAt: now, NotBefore: now,
	}
	return j, s.record.Event(a, kind.Action, "job "+string(j.ID), map[string]string{"asked": r.Kind, "about": r.Subject}), nil
}

// Job returns a job, with where it stands this moment if it runs here.
// Errors: NotFound; Forbidden.
func (s *Service) Job(ctx context.Context, a access.Actor, id ids.Job) (Job, error) {
	if err := access.Check(a, access.JobsRead); err != nil {
		return Job{}, err
	}
	j, err := s.store.Job(ctx, a.Unit, id)
	if err != nil {
		return Job{}, err
	}
	if err := access.CheckFor(a, access.JobsRead, j.Actor.Org); err != nil {
		return Job{}, err
	}
	return s.fresh(j), nil
}

// Jobs returns the jobs that the actor may see, the newest first.
// Errors: Forbidden.
func (s *Service) Jobs(ctx context.Context, a access.Actor, q Query) ([]Job, error) {
	if err := access.Check(a, access.JobsRead); err != nil {
		return nil, err
	}
	if own, limited := access.Own(a, access.JobsRead); limited {
		if q.Org = own; own == "" { // "" would ask for everybody's
			return nil, nil
		}
	}
	list, err := s.store.Jobs(ctx, a.Unit, q)
	for i := range list {
		list[i] = s.fresh(list[i])
	}
	return list, err
}

// Cancel ends a queued job and stops a running one.
// Errors: NotFound; Forbidden; Conflict for one that is over.
func (s *Service) Cancel(ctx context.Context, a access.Actor, id ids.Job) error {
	if err := access.Check(a, access.JobsCancel); err != nil {
		return err
	}
	e := s.record.Event(a, access.JobsCancel, "job "+string(id), nil)
	if err := s.store.Cancel(ctx, a.Unit, id, s.record.Now().UTC(), e); err != nil {
		return err
	}
	if r := s.report(id); r != nil {
		r.stop(errCancelled)
	}
	return nil
}

// fresh puts in what this process knows and has not yet written.
func (s *Service) fresh(j Job) Job {
	if r := s.report(j.ID); r != nil && j.State == Running {
		j.Standing = r.standing()
	}
	return j
}

func (s *Service) report(id ids.Job) *report {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[id]
}

// nudge wakes a worker that waits.
func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// How the workers keep time.
const (
	beatEvery = time.Second      // a running job's standing is written
	dueAfter  = 3 * time.Second  // without a beat, we look whether its process lives
	deadAfter = time.Minute      // without a beat, its process is taken for dead
	pollEvery = 2 * time.Second  // other processes may have queued something
	retryBase = 5 * time.Second  // wait before trying again; doubled each time
	mostTries = 5                // after that, a job fails
	lastWrite = 10 * time.Second // for writing what became of a job when stopping
)
