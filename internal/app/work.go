package app

import (
	"context"
	"encoding/json"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/records"
	"openvru/internal/web/recordsweb"
)

// The kinds of job.
const (
	CheckSubmission  = "submission." + string(recordsweb.Check)
	AcceptSubmission = "submission." + string(recordsweb.Accept)
)

// submissionArgs is what a job about a submission is given.
type submissionArgs struct {
	Submission ids.Submission `json:"submission"`
}

// kinds is the work that this product does in the background. Each can be done
// twice, since a submission that is an edition already is returned as it is.
func (a *App) kinds() []jobs.Kind {
	return []jobs.Kind{
		{Name: CheckSubmission, Action: access.SubmissionsCheck, Run: onSubmission(a.Records.Check)},
		{Name: AcceptSubmission, Action: access.SubmissionsAccept, Run: onSubmission(a.Records.Accept)},
	}
}

// onSubmission makes a job's handler of one of the records service's methods.
func onSubmission(do func(context.Context, access.Actor, ids.Submission, records.Progress) (records.Submission, error)) jobs.Handler {
	return func(ctx context.Context, j jobs.Job, p jobs.Progress) (any, error) {
		var args submissionArgs
		if err := json.Unmarshal([]byte(j.Args), &args); err != nil {
			return nil, err
		}
		s, err := do(ctx, j.Actor, args.Submission, p)
		return map[string]any{"submission": s.ID, "state": s.State}, err
	}
}

// WorkOn is the request to do something to a submission.
func WorkOn(kind string, id ids.Submission) jobs.Request {
	return jobs.Request{Kind: kind, Subject: subjectOf(id), Args: submissionArgs{id}}
}

func subjectOf(id ids.Submission) string { return "submission " + string(id) }

// Work has submissions checked and accepted in the background, for the pages.
type Work struct{ Jobs *jobs.Service }

// Begin asks for a task, unless it is waiting or being done already.
func (w Work) Begin(ctx context.Context, actor access.Actor, task recordsweb.Task, id ids.Submission) error {
	j, found, err := w.latest(ctx, actor, id)
	kind := "submission." + string(task)
	if err != nil || found && j.Kind == kind && !j.State.Over() {
		return err
	}
	_, err = w.Jobs.Ask(ctx, actor, WorkOn(kind, id))
	return err
}

// Of tells how far the latest work on a submission has come.
func (w Work) Of(ctx context.Context, actor access.Actor, id ids.Submission) (recordsweb.Job, bool, error) {
	j, found, err := w.latest(ctx, actor, id)
	if err != nil || !found {
		return recordsweb.Job{}, false, err
	}
	task := recordsweb.Check
	if j.Kind == AcceptSubmission {
		task = recordsweb.Accept
	}
	return recordsweb.Job{
		ID: j.ID, Task: task, Done: j.Standing.Done, Total: j.Total, Note: j.Note,
		Ended: j.State.Over(), Failure: j.Message,
	}, true, nil
}

// latest is the newest job about a submission. Somebody who may not see jobs
// sees none.
func (w Work) latest(ctx context.Context, actor access.Actor, id ids.Submission) (jobs.Job, bool, error) {
	list, err := w.Jobs.Jobs(ctx, actor, jobs.Query{Subject: subjectOf(id), Limit: 1})
	if errs.Is(err, errs.Forbidden) {
		return jobs.Job{}, false, nil
	}
	if err != nil || len(list) == 0 {
		return jobs.Job{}, false, err
	}
	return list[0], true, nil
}
