package recordsweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/web/kit"
)

// Task is what can be asked to be done to a submission in the background.
type Task string

// The tasks.
const (
	Check  Task = "check"
	Accept Task = "accept"
)

var taskTitles = map[Task]string{Check: "Checking the file", Accept: "Accepting the file"}

// Job is how far a task has come.
type Job struct {
	ID          ids.Job
	Task        Task
	Done, Total int64
	Note        string
	Ended       bool
	Failure     string // a sentence, when it ended badly
}

// Work has tasks done in the background.
type Work interface {
	// Begin asks for a task to be done to a submission. Asking again while it
	// is being done changes nothing.
	Begin(ctx context.Context, actor access.Actor, task Task, id ids.Submission) error
	// Of returns the submission's latest job; false when it never had one that
	// the actor may see.
	Of(ctx context.Context, actor access.Actor, id ids.Submission) (Job, bool, error)
}

// progressPart is the bar on a submission's page.
type progressPart struct {
	Title string
	Words string
	Done  int64
	Total int64
	JSON  string // address that tells how far it is
}

// progress is the bar of a job that is not over.
func progress(id ids.Submission, j Job) *progressPart {
	return &progressPart{Title: taskTitles[j.Task], Words: j.words(), Done: j.Done, Total: j.Total, JSON: pathOf(id) + "/progress.json"}
}

// words says how far a job is.
func (j Job) words() string {
	switch {
	case j.Total > 0 && j.Done > 0:
		text := strconv.FormatInt(100*min(j.Done, j.Total)/j.Total, 10) + "% read: " + kit.Bytes(j.Done) + " of " + kit.Bytes(j.Total) + "."
		return strings.TrimSpace(text + " " + j.Note)
	case j.Note != "":
		return j.Note
	}
	return "Waiting to start."
}

// progressAnswer is what the page's script asks for.
type progressAnswer struct {
	Ended bool   `json:"ended"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Words string `json:"words"`
}

// Progress tells how far the latest work on a submission is.
func (p *Pages) Progress(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	j, found, err := p.Work.Of(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	return kit.WriteJSON(w, progressAnswer{Ended: !found || j.Ended, Done: j.Done, Total: j.Total, Words: j.words()})
}
