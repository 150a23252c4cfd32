// Package jobsdb keeps jobs in SQL.
package jobsdb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
)

// Store keeps jobs in a database. It satisfies jobs.Store.
type Store struct {
	db *db.DB
}

var _ jobs.Store = (*Store)(nil)

// New returns the Store in a migrated database.
func New(d *db.DB) *Store { return &Store{d} }

// Add keeps a new job, or returns the one that has its Key.
func (s *Store) Add(ctx context.Context, j jobs.Job, e access.Event) (kept jobs.Job, err error) {
	for range 2 { // again if another process adds the same key between the look and the insert
		err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if kept, err = byKey(ctx, tx, j); !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			kept = j
			if err := insert(ctx, tx, j); err != nil {
				return err
			}
			return accessdb.AppendEvent(ctx, tx, e)
		})
		if !db.IsConflict(err) {
			return kept, err
		}
	}
	return kept, err
}

// byKey returns the live job with the same key; sql.ErrNoRows when there is none.
func byKey(ctx context.Context, tx *db.Tx, j jobs.Job) (jobs.Job, error) {
	if j.Key == "" {
		return j, sql.ErrNoRows
	}
	return scan(tx.QueryRowContext(ctx, `
		SELECT `+columns+`
		FROM job
		WHERE unit_id = $1 AND kind = $2 AND key = $3 AND key <> '' AND state <> 'failed' AND state <> 'cancelled'`,
		j.Unit, j.Kind, j.Key).Scan)
}

func insert(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO job (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
			$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		j.Unit, j.ID, j.Kind, j.Key, j.Subject, j.Args, j.Actor.Person, j.Actor.Name, j.Actor.Org, writeRoles(j.Actor.Roles),
		j.State, flag(j.Cancel), j.Attempts, j.Done, j.Total, j.Note, j.Message, j.Hint, j.Result, j.Worker,
		db.Stamp(j.AskedAt), db.Stamp(j.NotBefore), db.Stamp(j.StartedAt), db.Stamp(j.BeatAt), db.Stamp(j.FinishedAt))
	return err
}

// Job returns a job. Errors: NotFound.
func (s *Store) Job(ctx context.Context, unit ids.Unit, id ids.Job) (j jobs.Job, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		j, err = one(ctx, tx, unit, id)
		return err
	})
	return j, err
}

func one(ctx context.Context, tx *db.Tx, unit ids.Unit, id ids.Job) (jobs.Job, error) {
	j, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM job WHERE unit_id = $1 AND job_id = $2`, unit, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.New(errs.NotFound, "There is no such job.")
	}
	return j, err
}

// Jobs returns the unit's jobs, the newest first.
func (s *Store) Jobs(ctx context.Context, unit ids.Unit, q jobs.Query) (list []jobs.Job, err error) {
	where, args := []string{"unit_id = $1"}, []any{unit}
	if q.Org != "" {
		args = append(args, q.Org)
		where = append(where, "org_id = $"+strconv.Itoa(len(args)))
	}
	if q.Subject != "" {
		args = append(args, q.Subject)
		where = append(where, "subject = $"+strconv.Itoa(len(args)))
	}
	if len(q.States) > 0 {
		where = append(where, "state IN ("+place(&args, q.States)+")")
	}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	args = append(args, q.Limit)
	return s.list(ctx, `
		WHERE `+strings.Join(where, " AND ")+`
		ORDER BY asked_at DESC, job_id DESC
		LIMIT $`+strconv.Itoa(len(args)), args...)
}

// Running returns every running job, of every unit, longest without a beat first.
func (s *Store) Running(ctx context.Context) ([]jobs.Job, error) {
	return s.list(ctx, `WHERE state = 'running' ORDER BY beat_at, unit_id, job_id`)
}

func (s *Store) list(ctx context.Context, rest string, args ...any) (list []jobs.Job, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT `+columns+` FROM job `+rest, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			j, err := scan(rows.Scan)
			if err != nil {
				return err
			}
			list = append(list, j)
		}
		return rows.Err()
	})
	return list, err
}

// Cancel ends a queued job and asks a running one to stop.
// Errors: NotFound; Conflict.
func (s *Store) Cancel(ctx context.Context, unit ids.Unit, id ids.Job, at time.Time, e access.Event) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE job SET
				cancel = 1,
				finished_at = CASE WHEN state = 'queued' THEN $3 ELSE finished_at END,
				state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
			WHERE unit_id = $1 AND job_id = $2 AND state IN ('queued', 'running')`, unit, id, db.Stamp(at))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return errors.Join(err, accessdb.AppendEvent(ctx, tx, e))
		}
		j, err := one(ctx, tx, unit, id)
		if err != nil {
			return err
		}
		return errs.New(errs.Conflict, "The job is %s already.", j.State)
	})
}
