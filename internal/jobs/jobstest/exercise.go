package jobstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
)

// Exercise is the suite that every jobs.Store passes. open returns an empty
// Store whose database knows accesstest.Unit.
func Exercise(t *testing.T, open func(t *testing.T) jobs.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"add", exerciseAdd},
		{"list", exerciseList},
		{"life", exerciseLife},
		{"cancel", exerciseCancel},
		{"keys", exerciseKeys},
		{"many workers", exerciseManyWorkers},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.test(t, &bench{Store: open(t), ctx: context.Background(), record: accesstest.Recorder()})
		})
	}
}

type bench struct {
	jobs.Store
	ctx    context.Context
	record access.Recorder
}

func (b *bench) event() access.Event { return accesstest.Event(b.record, "job") }

// at is a time so many minutes after the start.
func at(minutes int) time.Time { return accesstest.Start.Add(time.Duration(minutes) * time.Minute) }

func (b *bench) job(id string, minute int) jobs.Job {
	return jobs.Job{
		Unit: accesstest.Unit, ID: ids.Job(id), Kind: "count", Subject: "the sheep", Args: `{"n":3}`,
		Actor: accesstest.Actor(access.Analyst, access.Board), State: jobs.Queued, AskedAt: at(minute), NotBefore: at(minute),
	}
}

func (b *bench) add(t *testing.T, j jobs.Job) jobs.Job {
	t.Helper()
	kept, err := b.Add(b.ctx, j, b.event())
	ok(t, err)
	return kept
}

// claim takes the next job at a minute; "" when there is none.
func (b *bench) claim(t *testing.T, worker string, minute int, only ids.Job) jobs.Job {
	t.Helper()
	j, found, err := b.Claim(b.ctx, jobs.Claim{Worker: worker, At: at(minute), Kinds: []string{"count", "other"}, ID: only})
	ok(t, err)
	if found != (j.ID != "") {
		t.Errorf("found is %v with job %q", found, j.ID)
	}
	return j
}

func (b *bench) look(t *testing.T, id ids.Job) jobs.Job {
	t.Helper()
	j, err := b.Job(b.ctx, accesstest.Unit, id)
	ok(t, err)
	return j
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("got the error %v, want one of kind %d", err, kind)
	}
}

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func exerciseAdd(t *testing.T, b *bench) {
	j := b.job("a", 0)
	same(t, b.add(t, j), j)
	same(t, b.look(t, "a"), j)
	_, err := b.Job(b.ctx, "another unit", "a")
	is(t, err, errs.NotFound)
	_, err = b.Job(b.ctx, accesstest.Unit, "nothing")
	is(t, err, errs.NotFound)
}

func exerciseList(t *testing.T, b *bench) {
	one, two, three := b.job("1", 1), b.job("2", 2), b.job("3", 2)
	three.Actor = accesstest.Actor(access.Supplier)
	two.Subject = "the goats"
	for _, j := range []jobs.Job{two, three, one} {
		b.add(t, j)
	}
	list := func(q jobs.Query) []jobs.Job {
		t.Helper()
		l, err := b.Jobs(b.ctx, accesstest.Unit, q)
		ok(t, err)
		return l
	}
	same(t, list(jobs.Query{}), []jobs.Job{three, two, one})
	same(t, list(jobs.Query{Limit: 1}), []jobs.Job{three})
	same(t, list(jobs.Query{Org: three.Actor.Org}), []jobs.Job{three})
	same(t, list(jobs.Query{Subject: two.Subject}), []jobs.Job{two})
	same(t, len(list(jobs.Query{States: []jobs.State{jobs.Running, jobs.Done}})), 0)
	same(t, len(list(jobs.Query{States: []jobs.State{jobs.Running, jobs.Queued}, Org: one.Actor.Org})), 2)
}

func exerciseLife(t *testing.T, b *bench) {
	b.add(t, b.job("late", 5))
	b.add(t, b.job("early", 1))
	same(t, b.claim(t, "w1", 0, "").ID, "")
	same(t, b.claim(t, "w1", 6, "nothing").ID, "")
	j := b.claim(t, "w1", 6, "")
	want := b.job("early", 1)
	want.State, want.Worker, want.Attempts, want.StartedAt, want.BeatAt = jobs.Running, "w1", 1, at(6), at(6)
	same(t, j, want)
	same(t, b.claim(t, "w2", 6, "late").ID, "late")
	same(t, b.claim(t, "w1", 6, "").ID, "")

	j.Standing = jobs.Standing{Done: 3, Total: 1 << 40, Note: "counting"}
	cancel, err := b.Beat(b.ctx, j, at(7))
	ok(t, err)
	same(t, cancel, false)
	want.Standing, want.BeatAt = j.Standing, at(7)
	same(t, b.look(t, "early"), want)
	running, err := b.Running(b.ctx)
	ok(t, err)
	same(t, len(running), 2)
	same(t, running[1], want)

	stranger := j
	stranger.Worker = "w9"
	_, err = b.Beat(b.ctx, stranger, at(8))
	is(t, err, errs.Conflict)
	is(t, b.Settle(b.ctx, stranger), errs.Conflict)

	j.State, j.NotBefore, j.Message, j.Hint = jobs.Queued, at(9), "The disk is full.", "Make room."
	ok(t, b.Settle(b.ctx, j))
	_, err = b.Beat(b.ctx, j, at(8))
	is(t, err, errs.Conflict)
	same(t, b.claim(t, "w3", 8, "").ID, "")
	j = b.claim(t, "w3", 9, "")
	same(t, j.Attempts, 2)
	j.State, j.FinishedAt, j.Message, j.Hint, j.Result = jobs.Done, at(10), "", "", `{"sheep":3}`
	ok(t, b.Settle(b.ctx, j))
	same(t, b.look(t, "early"), j)
	is(t, b.Settle(b.ctx, j), errs.Conflict)
}

func exerciseCancel(t *testing.T, b *bench) {
	b.add(t, b.job("queued", 1))
	ok(t, b.Cancel(b.ctx, accesstest.Unit, "queued", at(2), b.event()))
	j := b.look(t, "queued")
	if j.State != jobs.Cancelled || !j.FinishedAt.Equal(at(2)) {
		t.Errorf("a queued job that was cancelled is %+v", j)
	}
	is(t, b.Cancel(b.ctx, accesstest.Unit, "queued", at(3), b.event()), errs.Conflict)
	is(t, b.Cancel(b.ctx, accesstest.Unit, "nothing", at(3), b.event()), errs.NotFound)

	b.add(t, b.job("running", 1))
	j = b.claim(t, "w", 1, "")
	ok(t, b.Cancel(b.ctx, accesstest.Unit, "running", at(2), b.event()))
	same(t, b.look(t, "running").State, jobs.Running)
	cancel, err := b.Beat(b.ctx, j, at(3))
	ok(t, err)
	same(t, cancel, true)
}

func exerciseKeys(t *testing.T, b *bench) {
	j := b.job("a", 1)
	j.Key = "march"
	b.add(t, j)
	again := b.job("b", 2)
	again.Key = "march"
	same(t, b.add(t, again).ID, "a")
	other := again
	other.ID, other.Kind = "c", "other"
	same(t, b.add(t, other).ID, "c")
	_, err := b.Job(b.ctx, accesstest.Unit, "b")
	is(t, err, errs.NotFound)

	failed := b.claim(t, "w", 3, "a")
	failed.State, failed.FinishedAt = jobs.Failed, at(4)
	ok(t, b.Settle(b.ctx, failed))
	same(t, b.add(t, again).ID, "b")
	done := b.claim(t, "w", 5, "b")
	done.State, done.FinishedAt = jobs.Done, at(6)
	ok(t, b.Settle(b.ctx, done))
	last := b.job("d", 7)
	last.Key = "march"
	same(t, b.add(t, last).ID, "b")
}

// Workers that ask at once are never given the same job, and askers that add
// the same key at once are given the same job.
func exerciseManyWorkers(t *testing.T, b *bench) {
	const n = 30
	var events [n]access.Event
	for i := range n {
		events[i] = b.event()
		b.add(t, b.job(fmt.Sprint("job ", i), 1))
	}
	var mu sync.Mutex
	taken, keyed := map[ids.Job]int{}, map[ids.Job]int{}
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			j, found, err := b.Claim(b.ctx, jobs.Claim{Worker: fmt.Sprint("w", i), At: at(2), Kinds: []string{"count"}})
			k := b.job(fmt.Sprint("keyed ", i), 3)
			k.Key = "one"
			k, kErr := b.Add(b.ctx, k, events[i])
			mu.Lock()
			defer mu.Unlock()
			if err := errors.Join(err, kErr); err != nil {
				t.Error(err)
			}
			if found {
				taken[j.ID]++
			}
			keyed[k.ID]++
		})
	}
	wait.Wait()
	for id, times := range taken {
		if times > 1 {
			t.Errorf("%s was given to %d workers", id, times)
		}
	}
	if len(keyed) != 1 {
		t.Errorf("one key made %d jobs", len(keyed))
	}
}
