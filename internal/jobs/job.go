// Package jobs does work that outlives the request that asked for it: bringing
// in a large file, building a report. A job is a row in a table before it is
// begun, shows how far it is while it runs, and says what came of it when it
// is over.
//
// A job that was running when its process died is queued again, so a Handler
// must be one that can be done twice: all or nothing, or idempotent.
package jobs

import (
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// State is where a job is in its life.
type State string

// The states: queued → running → done, failed or cancelled. A running job goes
// back to queued when its process dies, is stopped, or meets trouble that
// will pass.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Over reports whether nothing more will happen to a job in this state.
func (s State) Over() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of work.
type Job struct {
	Unit    ids.Unit
	ID      ids.Job
	Kind    string
	Key     string       // the asker's own name for it, or ""
	Subject string       // what it is about, in words: "robbery-2020.csv"
	Args    string       // JSON, for the Handler
	Actor   access.Actor // who asked, with the roles they had then
	State   State
	Cancel  bool // it is running and has been asked to stop
	Standing
	Attempts   int
	Message    string // why it failed, as a sentence
	Hint       string
	Result     string // JSON, from the Handler
	Worker     string // which process has it
	AskedAt    time.Time
	NotBefore  time.Time // do not try again earlier
	StartedAt  time.Time
	BeatAt     time.Time // when its worker last showed that it lives
	FinishedAt time.Time
}

// Standing is how far a job is.
type Standing struct {
	Done  int64
	Total int64 // 0 while it is not known
	Note  string
}

// Part returns how much is done, from 0 to 1, and whether that is known.
func (s Standing) Part() (float64, bool) {
	if s.Total <= 0 {
		return 0, false
	}
	return float64(min(max(s.Done, 0), s.Total)) / float64(s.Total), true
}

// Progress is what long work reports to. Its methods are quick, never fail and
// may be called from many goroutines.
type Progress interface {
	// Set says how much is done, of how much; a total of 0 is not known yet.
	Set(done, total int64)
	// Note says in a few words what is being done.
	Note(text string)
}

// Quiet is a Progress that nobody watches.
var Quiet Progress = quiet{}

type quiet struct{}

func (quiet) Set(int64, int64) {}
func (quiet) Note(string)      {}
