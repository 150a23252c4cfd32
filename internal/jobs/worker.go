package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"openvru/internal/errs"
)

// Run does queued jobs, so many at once, until ctx ends; then it stops what is
// running, queues it again, and returns.
func (s *Service) Run(ctx context.Context, workers int) {
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() { s.work(ctx) })
	}
	wait.Wait()
}

func (s *Service) work(ctx context.Context) {
	for ctx.Err() == nil {
		found, err := s.next(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("looking for work failed; it will be tried again", "error", err)
		}
		if found && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-time.After(pollEvery):
		}
	}
}

// next does one job if there is one.
func (s *Service) next(ctx context.Context) (found bool, err error) {
	if err := s.revive(ctx); err != nil {
		return false, err
	}
	j, found, err := s.store.Claim(ctx, s.claim(""))
	if err != nil || !found {
		return false, err
	}
	s.nudge() // there may be more for the worker beside
	if _, err := s.perform(ctx, j, Quiet, Queued); err != nil && ctx.Err() == nil {
		s.note(j, err)
	}
	return true, nil
}

// note writes the log's line about a job that ended badly. A refusal is kept
// with the job, for those who may read it: its sentence may quote the file, and
// the log must not.
func (s *Service) note(j Job, err error) {
	switch errs.KindOf(err) {
	case errs.Internal, errs.Unavailable:
		s.log.Warn("a job ended with an error", "job", j.ID, "kind", j.Kind, "error", err)
	default:
		s.log.Info("a job was refused; it holds the reason", "job", j.ID, "kind", j.Kind)
	}
}

// perform runs a claimed job to its end and writes what became of it; stopped
// is what becomes of it when ctx ends.
func (s *Service) perform(ctx context.Context, j Job, watch Progress, stopped State) (Job, error) {
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r := &report{watch: watch, stop: stop, now: j.Standing}
	s.setLive(j, r)
	beating := make(chan struct{})
	go func() { defer close(beating); s.beat(work, j, r) }()
	result, err := s.call(work, j, r)
	why := context.Cause(work)
	stop(nil)
	<-beating
	defer s.setLive(j, nil)
	if errors.Is(why, errLost) {
		return j, errs.New(errs.Conflict, "The job was given to another process.").WithCause(err)
	}
	j.Standing = r.standing()
	s.conclude(&j, result, err, why, stopped)
	// What became of it is written even when the process is stopping.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
	defer cancel()
	return j, errors.Join(err, s.store.Settle(last, j))
}

func (s *Service) setLive(j Job, r *report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r == nil {
		delete(s.live, j.ID)
	} else {
		s.live[j.ID] = r
	}
}

// call runs the handler; a fault of the program in it is an error like another.
func (s *Service) call(ctx context.Context, j Job, p Progress) (result any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("a job's handler broke", "job", j.ID, "kind", j.Kind, "fault", fault, "stack", string(debug.Stack()))
			err = errs.New(errs.Internal, "the handler of %s broke: %v", j.Kind, fault)
		}
	}()
	return s.kinds[j.Kind].Run(ctx, j, p)
}

// conclude says what becomes of a job whose handler has returned: why is the
// reason its context ended, nil if it did not.
func (s *Service) conclude(j *Job, result any, err, why error, stopped State) {
	now := s.record.Now().UTC()
	j.Message, j.Hint = "", ""
	switch {
	case err == nil:
		j.State, j.FinishedAt = Done, now
		text, bad := json.Marshal(result)
		if bad != nil {
			s.log.Error("a job's result cannot be kept", "job", j.ID, "kind", j.Kind, "error", bad)
		}
		j.Result = string(text)
	case errors.Is(why, errCancelled), why != nil && stopped == Cancelled:
		j.State, j.FinishedAt = Cancelled, now
	case why != nil: // the process is stopping: not the job's fault
		j.State, j.NotBefore = Queued, now
		j.Attempts--
	case errs.Is(err, errs.Unavailable) && j.Attempts < mostTries:
		j.State, j.NotBefore = Queued, now.Add(retryBase<<(j.Attempts-1))
		j.Message, j.Hint = errs.MessageOf(err), errs.HintOf(err)
	default:
		j.State, j.FinishedAt = Failed, now
		j.Message, j.Hint = errs.MessageOf(err), errs.HintOf(err)
	}
}

// beat shows every second that the job's process lives, until ctx ends.
func (s *Service) beat(ctx context.Context, j Job, r *report) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		j.Standing = r.standing()
		cancel, err := s.store.Beat(ctx, j, s.record.Now().UTC())
		switch {
		case errs.Is(err, errs.Conflict):
			r.stop(errLost)
		case err == nil && cancel:
			r.stop(errCancelled)
		}
		// Any other trouble passes or shows itself in the work.
	}
}

// revive queues again what dead processes left running; what was started too
// often fails, since it may be what kills them.
func (s *Service) revive(ctx context.Context) error {
	running, err := s.store.Running(ctx)
	if err != nil {
		return err
	}
	now := s.record.Now().UTC()
	for _, j := range running {
		silent := now.Sub(j.BeatAt)
		if s.report(j.ID) != nil || silent < dueAfter || silent < deadAfter && !isDead(j.Worker, s.worker) {
			continue
		}
		j.State, j.NotBefore = Queued, now
		if j.Cancel {
			j.State, j.FinishedAt = Cancelled, now
		} else if j.Attempts >= mostTries {
			j.State, j.FinishedAt = Failed, now
			j.Message = fmt.Sprintf("The program ended %d times while doing this, and has given up.", j.Attempts)
			j.Hint = "See the log of the server for what happened, then ask for it again."
		}
		if err := s.store.Settle(ctx, j); err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
	}
	return nil
}

// workerName names this process so that another on the same machine can see
// whether it lives: host, process id, and something of its own.
func workerName(id string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return strings.ReplaceAll(host, "/", "-") + "/" + strconv.Itoa(os.Getpid()) + "/" + id
}

// isDead reports whether a worker is certainly dead: it was on this machine,
// and its process is no more, or its process id is now ours. A worker that it
// knows nothing about is not dead until its beats stop.
func isDead(worker, me string) bool {
	theirs, mine := strings.Split(worker, "/"), strings.Split(me, "/")
	if len(theirs) != 3 || theirs[0] != mine[0] || worker == me {
		return false
	}
	if theirs[1] == mine[1] {
		return true
	}
	pid, err := strconv.Atoi(theirs[1])
	if err != nil || pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	return err == nil && errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
