package jobs

import (
	"context"
	"errors"
	"sync"
)

// Why a running job's context ends.
var (
	errCancelled = errors.New("the job was cancelled")
	errLost      = errors.New("the job was given to another process")
)

// report is the Progress of one running job: it remembers the last standing,
// for the next beat and for whoever asks, and passes it on to who watches.
type report struct {
	mu    sync.Mutex
	now   Standing
	watch Progress
	stop  context.CancelCauseFunc
}

// Set is Progress's.
func (r *report) Set(done, total int64) {
	r.mu.Lock()
	r.now.Done, r.now.Total = done, total
	r.mu.Unlock()
	r.watch.Set(done, total)
}

// Note is Progress's.
func (r *report) Note(text string) {
	r.mu.Lock()
	r.now.Note = text
	r.mu.Unlock()
	r.watch.Note(text)
}

func (r *report) standing() Standing {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}
