package jobs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
)

// What a refusal says may quote the file it is about: whoever asked reads it,
// the log does not have it. A fault of ours the log has in full.
func TestRefusalsStayOutOfTheLog(t *testing.T) {
	for _, c := range []struct {
		err    error
		logged bool
	}{
		{errs.New(errs.Invalid, "Its header has: the secret record."), false},
		{errs.New(errs.Conflict, "the secret record"), false},
		{errors.New("the secret record"), true},
	} {
		var log bytes.Buffer
		o := &office{store: newStore(), ctx: t.Context()}
		o.Service = jobs.NewService(jobs.Config{
			Store: o.store, Record: access.Recorder{Now: time.Now, IDs: ids.Maker{Now: time.Now, Rand: rand.Reader}},
			Log:   slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Kinds: []jobs.Kind{{Name: "count", Action: access.SubmissionsSend, Run: func(context.Context, jobs.Job, jobs.Progress) (any, error) { return nil, c.err }}},
		})
		stop := o.start(t)
		j := o.await(t, o.ask(t).ID, "over", is(jobs.Failed))
		stop()
		if got := strings.Contains(log.String(), "secret"); got != c.logged || !strings.Contains(log.String(), string(j.ID)) {
			t.Errorf("%v: the log says %q", c.err, log.String())
		}
		if got := strings.Contains(j.Message, "secret"); got == c.logged {
			t.Errorf("%v: the asker reads %q", c.err, j.Message)
		}
	}
}
