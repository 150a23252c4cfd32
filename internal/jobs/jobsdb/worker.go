package jobsdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/jobs"
)

// Claim gives the worker the queued job that has waited longest.
//
// Two workers may choose the same row; the state in the update's own condition
// is looked at again once the row is theirs, so that one of them finds nothing.
func (s *Store) Claim(ctx context.Context, c jobs.Claim) (j jobs.Job, found bool, err error) {
	if len(c.Kinds) == 0 {
		return jobs.Job{}, false, nil
	}
	// Asked first without a lock: there is nearly always nothing to do.
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		j, err = oldest(ctx, tx, c)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return jobs.Job{}, false, nil
	}
	if err != nil {
		return jobs.Job{}, false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if j, err = oldest(ctx, tx, c); err != nil {
			return err
		}
		j, err = scan(tx.QueryRowContext(ctx, `
			UPDATE job SET state = 'running', worker = $3, started_at = $4, beat_at = $4, attempts = attempts + 1
			WHERE unit_id = $1 AND job_id = $2 AND state = 'queued'
			RETURNING `+columns, j.Unit, j.ID, c.Worker, db.Stamp(c.At)).Scan)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return jobs.Job{}, false, nil
	}
	return j, err == nil, err
}

func oldest(ctx context.Context, tx *db.Tx, c jobs.Claim) (jobs.Job, error) {
	args := []any{db.Stamp(c.At), c.ID}
	return scan(tx.QueryRowContext(ctx, `
		SELECT `+columns+`
		FROM job
		WHERE state = 'queued' AND not_before <= $1 AND (CAST($2 AS TEXT) = '' OR job_id = $2)
			AND kind IN (`+place(&args, c.Kinds)+`)
		ORDER BY asked_at, job_id, unit_id
		LIMIT 1`, args...).Scan)
}

// Beat notes that the worker lives and how far the job is. Errors: Conflict.
func (s *Store) Beat(ctx context.Context, j jobs.Job, at time.Time) (cancel bool, err error) {
	var n int
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `
			UPDATE job SET beat_at = $4, done = $5, total = $6, note = $7
			WHERE unit_id = $1 AND job_id = $2 AND worker = $3 AND state = 'running'
			RETURNING cancel`,
			j.Unit, j.ID, j.Worker, db.Stamp(at), j.Done, j.Total, j.Note).Scan(&n)
	})
	return n == 1, orLost(err)
}

// Settle writes what became of a running job. Errors: Conflict.
func (s *Store) Settle(ctx context.Context, j jobs.Job) error {
	keeper := j.Worker
	if j.State == jobs.Queued {
		j.Worker = ""
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `
			UPDATE job SET state = $4, worker = $5, attempts = $6, done = $7, total = $8, note = $9,
				message = $10, hint = $11, result = $12, not_before = $13, finished_at = $14
			WHERE unit_id = $1 AND job_id = $2 AND worker = $3 AND state = 'running'
			RETURNING job_id`,
			j.Unit, j.ID, keeper, j.State, j.Worker, j.Attempts, j.Done, j.Total, j.Note,
			j.Message, j.Hint, j.Result, db.Stamp(j.NotBefore), db.Stamp(j.FinishedAt)).Scan(new(string))
	})
	return orLost(err)
}

func orLost(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.Conflict, "The job is no longer this worker's.")
	}
	return err
}
