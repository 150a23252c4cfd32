package jobs_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/jobs/jobstest"
)

// office is a service with one kind of work, which the test gives.
type office struct {
	*jobs.Service
	store *jobstest.Memory
	ctx   context.Context
}

func newOffice(t *testing.T, store *jobstest.Memory, run jobs.Handler) *office {
	t.Helper()
	return &office{store: store, ctx: t.Context(), Service: jobs.NewService(jobs.Config{
		Store:  store,
		Record: access.Recorder{Now: time.Now, IDs: ids.Maker{Now: time.Now, Rand: rand.Reader}},
		Log:    slog.New(slog.DiscardHandler),
		Kinds:  []jobs.Kind{{Name: "count", Action: access.SubmissionsSend, Run: run}},
	})}
}

func newStore() *jobstest.Memory { return jobstest.NewMemory(func(access.Event) {}) }

// start runs the workers until the test ends, or the returned function is called.
func (o *office) start(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(o.ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); o.Run(ctx, 2) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

var analyst = accesstest.Actor(access.Analyst)

func (o *office) ask(t *testing.T) jobs.Job {
	t.Helper()
	j, err := o.Ask(o.ctx, analyst, jobs.Request{Kind: "count", Subject: "sheep", Args: map[string]int{"n": 3}})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// await waits until a job looks as wanted.
func (o *office) await(t *testing.T, id ids.Job, what string, wanted func(jobs.Job) bool) jobs.Job {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		j, err := o.Job(o.ctx, analyst, id)
		if err != nil {
			t.Fatal(err)
		}
		if wanted(j) {
			return j
		}
		if time.Now().After(deadline) {
			t.Fatalf("the job never was %s: %+v", what, j)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func is(state jobs.State) func(jobs.Job) bool {
	return func(j jobs.Job) bool { return j.State == state }
}

func TestAJobIsDone(t *testing.T) {
	o := newOffice(t, newStore(), func(_ context.Context, j jobs.Job, p jobs.Progress) (any, error) {
		var args struct{ N int }
		if err := json.Unmarshal([]byte(j.Args), &args); err != nil {
			return nil, err
		}
		p.Note("counting")
		p.Set(int64(args.N), 3)
		return args.N * 2, nil
	})
	o.start(t)
	j := o.await(t, o.ask(t).ID, "done", is(jobs.Done))
	if j.Result != "6" || j.Standing != (jobs.Standing{Done: 3, Total: 3, Note: "counting"}) || j.Actor.Name != analyst.Name {
		t.Errorf("the job is %+v", j)
	}
	list, err := o.Jobs(o.ctx, analyst, jobs.Query{})
	if err != nil || len(list) != 1 {
		t.Errorf("the list has %d jobs (%v)", len(list), err)
	}
}

func TestProgressIsSeenBeforeItIsWritten(t *testing.T) {
	hold := make(chan struct{})
	o := newOffice(t, newStore(), func(_ context.Context, _ jobs.Job, p jobs.Progress) (any, error) {
		p.Set(1, 4)
		<-hold
		return nil, nil
	})
	o.start(t)
	id := o.ask(t).ID
	j := o.await(t, id, "a quarter done", func(j jobs.Job) bool { return j.Done == 1 })
	if part, known := j.Part(); part != 0.25 || !known {
		t.Errorf("the part done is %v, %v", part, known)
	}
	close(hold)
	o.await(t, id, "done", is(jobs.Done))
}

func TestAJobFails(t *testing.T) {
	for name, c := range map[string]struct {
		run           jobs.Handler
		message, hint string
	}{
		"with a sentence": {func(context.Context, jobs.Job, jobs.Progress) (any, error) {
			return nil, errs.New(errs.Invalid, "The file is empty.").WithHint("Send another.")
		}, "The file is empty.", "Send another."},
		"with a fault": {func(context.Context, jobs.Job, jobs.Progress) (any, error) {
			return nil, errors.New("pq: table \"secret\" is not there")
		}, "Something went wrong on our side.", ""},
		"with a panic": {func(context.Context, jobs.Job, jobs.Progress) (any, error) {
			panic("nil map")
		}, "Something went wrong on our side.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, newStore(), c.run)
			o.start(t)
			j := o.await(t, o.ask(t).ID, "failed", is(jobs.Failed))
			if j.Message != c.message || j.Hint != c.hint || j.FinishedAt.IsZero() {
				t.Errorf("the job is %+v", j)
			}
		})
	}
}

func TestTroubleThatPassesIsTriedAgain(t *testing.T) {
	o := newOffice(t, newStore(), func(context.Context, jobs.Job, jobs.Progress) (any, error) {
		return nil, errs.New(errs.Unavailable, "The disk is full.").WithHint("Make room.")
	})
	o.start(t)
	j := o.await(t, o.ask(t).ID, "queued again", func(j jobs.Job) bool { return j.State == jobs.Queued && j.Attempts == 1 })
	if j.Message != "The disk is full." || !j.NotBefore.After(time.Now()) {
		t.Errorf("the job is %+v", j)
	}
}

func TestARunningJobIsCancelled(t *testing.T) {
	o := newOffice(t, newStore(), func(ctx context.Context, _ jobs.Job, p jobs.Progress) (any, error) {
		p.Set(1, 2)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	o.start(t)
	id := o.ask(t).ID
	o.await(t, id, "begun", func(j jobs.Job) bool { return j.Done == 1 })
	if err := o.Cancel(o.ctx, accesstest.Actor(access.Supplier), id); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a supplier cancelled a job (%v)", err)
	}
	if err := o.Cancel(o.ctx, analyst, id); err != nil {
		t.Fatal(err)
	}
	o.await(t, id, "cancelled", is(jobs.Cancelled))
	if err := o.Cancel(o.ctx, analyst, id); !errs.Is(err, errs.Conflict) {
		t.Errorf("a cancelled job was cancelled again (%v)", err)
	}
}

func TestAStoppedServerQueuesItsWorkAgain(t *testing.T) {
	store := newStore()
	var begun atomic.Int32
	run := func(ctx context.Context, _ jobs.Job, p jobs.Progress) (any, error) {
		if p.Set(1, 2); begun.Add(1) == 1 {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return nil, nil
	}
	o := newOffice(t, store, run)
	stop := o.start(t)
	id := o.ask(t).ID
	o.await(t, id, "begun", func(j jobs.Job) bool { return j.Done == 1 })
	stop()
	if j := o.await(t, id, "queued", is(jobs.Queued)); j.Attempts != 0 {
		t.Errorf("a stop counts as a failed try: %+v", j)
	}
	next := newOffice(t, store, run)
	next.start(t)
	next.await(t, id, "done", is(jobs.Done))
}

// left puts a job into the store as a process that died would leave it.
func left(t *testing.T, store *jobstest.Memory, worker string, attempts int, beat time.Time) ids.Job {
	t.Helper()
	j := jobs.Job{
		Unit: accesstest.Unit, ID: "left", Kind: "count", Args: "null", Actor: analyst, State: jobs.Running,
		Worker: worker, Attempts: attempts, AskedAt: beat, StartedAt: beat, BeatAt: beat,
	}
	if _, err := store.Add(t.Context(), j, access.Event{}); err != nil {
		t.Fatal(err)
	}
	return j.ID
}

func TestWhatADeadProcessLeft(t *testing.T) {
	run := func(context.Context, jobs.Job, jobs.Progress) (any, error) { return "finished", nil }
	me := jobs.WorkerName("another life of this process")
	for name, c := range map[string]struct {
		worker   string
		attempts int
		silent   time.Duration
		want     jobs.State
	}{
		"of this machine, certainly dead": {me, 1, 5 * time.Second, jobs.Done},
		"of another machine, long silent": {"elsewhere/1/x", 1, 2 * time.Minute, jobs.Done},
		"of another machine, not silent":  {"elsewhere/1/x", 1, 5 * time.Second, jobs.Running},
		"of this machine, just now":       {me, 1, 0, jobs.Running},
		"that died of it again and again": {me, 5, 5 * time.Second, jobs.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := newStore()
			o := newOffice(t, store, run)
			id := left(t, store, c.worker, c.attempts, time.Now().Add(-c.silent))
			o.start(t)
			if c.want == jobs.Running {
				time.Sleep(200 * time.Millisecond)
			}
			j := o.await(t, id, string(c.want), is(c.want))
			if c.want == jobs.Failed && j.Message != "The program ended 5 times while doing this, and has given up." {
				t.Errorf("the reason is %q", j.Message)
			}
		})
	}
}

func TestDoHereAndNow(t *testing.T) {
	fail := true
	o := newOffice(t, newStore(), func(_ context.Context, _ jobs.Job, p jobs.Progress) (any, error) {
		p.Set(1, 1)
		if fail {
			return nil, errs.New(errs.Invalid, "No.")
		}
		return "yes", nil
	})
	var seen watcher
	r := jobs.Request{Kind: "count", Key: "once"}
	j, err := o.Do(o.ctx, analyst, r, &seen)
	if !errs.Is(err, errs.Invalid) || j.State != jobs.Failed || seen.sets != 1 {
		t.Errorf("got %+v, %v, %d reports", j, err, seen.sets)
	}
	fail = false
	first, err := o.Do(o.ctx, analyst, r, &seen)
	if err != nil || first.State != jobs.Done || first.Result != `"yes"` {
		t.Errorf("got %+v, %v", first, err)
	}
	again, err := o.Do(o.ctx, analyst, r, &seen)
	if err != nil || again.ID != first.ID || seen.sets != 2 {
		t.Errorf("asking again did it again: %+v, %v", again, err)
	}
	gone, cancel := context.WithCancel(o.ctx)
	o = newOffice(t, newStore(), func(ctx context.Context, _ jobs.Job, _ jobs.Progress) (any, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if j, err = o.Do(gone, analyst, r, jobs.Quiet); !errors.Is(err, context.Canceled) || j.State != jobs.Cancelled {
		t.Errorf("after an interrupt: %+v, %v", j, err)
	}
}

type watcher struct{ sets int }

func (w *watcher) Set(int64, int64) { w.sets++ }
func (w *watcher) Note(string)      {}

func TestWhoMayAskAndLook(t *testing.T) {
	o := newOffice(t, newStore(), nil)
	if _, err := o.Ask(o.ctx, accesstest.Actor(access.Board), jobs.Request{Kind: "count"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the board asked for work (%v)", err)
	}
	if _, err := o.Ask(o.ctx, analyst, jobs.Request{Kind: "unknown"}); err == nil {
		t.Error("work of an unknown kind was taken in")
	}
	id := o.ask(t).ID
	supplier := accesstest.Actor(access.Supplier)
	if _, err := o.Job(o.ctx, supplier, id); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a supplier saw another organisation's job (%v)", err)
	}
	own, err := o.Ask(o.ctx, supplier, jobs.Request{Kind: "count"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := o.Jobs(o.ctx, supplier, jobs.Query{})
	if err != nil || len(list) != 1 || list[0].ID != own.ID {
		t.Errorf("a supplier's list is %+v (%v)", list, err)
	}
	supplier.Org = ""
	if list, err := o.Jobs(o.ctx, supplier, jobs.Query{}); err != nil || len(list) != 0 {
		t.Errorf("a supplier of no organisation sees %+v (%v)", list, err)
	}
	if _, err := o.Jobs(o.ctx, accesstest.Actor(access.Board), jobs.Query{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the board saw the jobs (%v)", err)
	}
}
