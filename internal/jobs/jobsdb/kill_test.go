package jobsdb_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/access/accesstest"
	"openvru/internal/db"
	"openvru/internal/db/crashtest"
	"openvru/internal/db/dbtest"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/jobs/jobsdb"
)

// counter is a service whose one kind of work takes a moment and writes one row
// for its job, however often it is done.
func counter(d *db.DB) *jobs.Service {
	run := func(ctx context.Context, j jobs.Job, p jobs.Progress) (any, error) {
		p.Set(0, 1)
		time.Sleep(5 * time.Millisecond)
		return nil, d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO counted (job_id) VALUES ($1) ON CONFLICT DO NOTHING`, j.ID)
			return err
		})
	}
	return jobs.NewService(jobs.Config{
		Store:  jobsdb.New(d),
		Record: access.Recorder{Now: time.Now, IDs: ids.Maker{Now: time.Now, Rand: rand.Reader}},
		Log:    slog.New(slog.DiscardHandler),
		Kinds:  []jobs.Kind{{Name: "count", Action: access.SubmissionsSend, Run: run}},
	})
}

// Workers are killed again and again while more is asked of them. In the end
// every job that was acknowledged is done, and none is lost or stuck.
func TestKilledWorkers(t *testing.T) {
	analyst := accesstest.Actor(access.Analyst)
	crashtest.Child(func(w *crashtest.Work) error {
		ctx := context.Background()
		d, err := db.Open(ctx, w.Address)
		if err != nil {
			return err
		}
		s := counter(d)
		go s.Run(ctx, 2)
		for n := 0; ; n++ {
			j, err := s.Ask(ctx, analyst, jobs.Request{Kind: "count", Key: fmt.Sprint(w.Round, "-", n)})
			if err != nil {
				return err
			}
			w.Ack("%s", j.ID)
			time.Sleep(time.Duration(w.Rand.IntN(10)) * time.Millisecond)
		}
	})
	dbtest.RunAt(t, func(t *testing.T, address string) {
		d := dbtest.Open(t, address)
		accesstest.Settle(t, accessdb.New(d))
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`CREATE TABLE counted (job_id TEXT PRIMARY KEY)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		crashtest.Kill(t, crashtest.Plan{
			Kills: crashtest.Kills(12), Address: address, Seed: 7,
			Check: func(r crashtest.Round) { asked = append(asked, r.Acked...) },
		})
		s := counter(d)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); s.Run(ctx, 2) }()
		defer func() { stop(); <-ended }()
		for _, id := range asked {
			awaitDone(t, s, analyst, ids.Job(id))
		}
		if len(asked) == 0 {
			t.Error("nothing was acknowledged, so nothing was shown")
		}
	})
}

// awaitDone waits until a job is done; a minute is far longer than any takes.
func awaitDone(t *testing.T, s *jobs.Service, a access.Actor, id ids.Job) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		j, err := s.Job(t.Context(), a, id)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case j.State == jobs.Done:
			return
		case j.State.Over(), time.Now().After(deadline):
			t.Fatalf("the job is %s after %d attempts: %s", j.State, j.Attempts, j.Message)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
