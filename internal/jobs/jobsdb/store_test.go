package jobsdb_test

import (
	"context"
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/access/accesstest"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/jobs"
	"openvru/internal/jobs/jobsdb"
	"openvru/internal/jobs/jobstest"
)

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, fresh func(testing.TB) *db.DB) {
		jobstest.Exercise(t, func(t *testing.T) jobs.Store {
			d := fresh(t)
			accesstest.Settle(t, accessdb.New(d))
			return jobsdb.New(d)
		})
	})
}

// Each change that somebody asked for is in the log, and what was refused is not.
func TestChangesAreLogged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		log := accessdb.New(d)
		accesstest.Settle(t, log)
		s, record, ctx := jobsdb.New(d), accesstest.Recorder(), context.Background()
		j := jobs.Job{Unit: accesstest.Unit, ID: "j", Kind: "k", Key: "once", State: jobs.Queued, AskedAt: accesstest.Start}
		for range 2 {
			if _, err := s.Add(ctx, j, accesstest.Event(record, "job j")); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Cancel(ctx, accesstest.Unit, "j", accesstest.Start, accesstest.Event(record, "job j")); err != nil {
			t.Fatal(err)
		}
		if err := s.Cancel(ctx, accesstest.Unit, "j", accesstest.Start, accesstest.Event(record, "job j")); err == nil {
			t.Error("a job was cancelled twice")
		}
		entries, err := log.Entries(ctx, accesstest.Unit, access.EntryQuery{Subject: "job j"})
		if err != nil || len(entries) != 2 {
			t.Errorf("the log has %d entries about the job (%v), want 2", len(entries), err)
		}
	})
}
