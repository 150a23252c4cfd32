// Package analysisdb keeps runs and figures in SQL.
package analysisdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/analysis"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Store is an analysis.Store on either engine.
type Store struct{ db *db.DB }

// New returns the runs kept in a database.
func New(d *db.DB) *Store { return &Store{d} }

// KeepRuns keeps runs that are not kept yet.
func (s *Store) KeepRuns(ctx context.Context, unit ids.Unit, runs []*analysis.Run, event access.Event) (err error) {
	defer errs.Wrap(&err, "analysisdb.KeepRuns(%d runs)", len(runs))
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, r := range runs {
			if err := keepRun(ctx, tx, unit, r); err != nil {
				return err
			}
		}
		return accessdb.AppendEvent(ctx, tx, event)
	})
}

func keepRun(ctx context.Context, tx *db.Tx, unit ids.Unit, r *analysis.Run) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	got, err := tx.ExecContext(ctx, `
		INSERT INTO analysis_run (unit_id, run_id, method, version, question, mark, body, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (unit_id, run_id) DO NOTHING`,
		unit, r.ID, r.Method, r.Version, r.Question, r.Mark, string(body), db.Stamp(r.MadeAt))
	if err != nil {
		return err
	}
	if n, err := got.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, f := range r.Figures {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO analysis_figure (unit_id, figure_id, run_id) VALUES ($1, $2, $3)
			ON CONFLICT (unit_id, figure_id) DO NOTHING`, unit, f.ID, r.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Run returns a kept run.
func (s *Store) Run(ctx context.Context, unit ids.Unit, id ids.Run) (_ *analysis.Run, err error) {
	defer errs.Wrap(&err, "analysisdb.Run(%s)", id)
	return s.read(ctx, `SELECT body FROM analysis_run WHERE unit_id = $1 AND run_id = $2`, unit, string(id),
		errs.New(errs.NotFound, "There is no run %s.", id))
}

// RunOf returns the kept run that a figure belongs to.
func (s *Store) RunOf(ctx context.Context, unit ids.Unit, figure ids.Figure) (_ *analysis.Run, err error) {
	defer errs.Wrap(&err, "analysisdb.RunOf(%s)", figure)
	return s.read(ctx, `
		SELECT r.body FROM analysis_figure f JOIN analysis_run r ON r.unit_id = f.unit_id AND r.run_id = f.run_id
		WHERE f.unit_id = $1 AND f.figure_id = $2`, unit, string(figure),
		errs.New(errs.NotFound, "No kept run has a figure %s.", figure))
}

func (s *Store) read(ctx context.Context, query string, unit ids.Unit, id string, missing error) (*analysis.Run, error) {
	var run analysis.Run
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var body string
		if err := tx.QueryRowContext(ctx, query, unit, id).Scan(&body); err != nil {
			return err
		}
		run = analysis.Run{}
		return json.Unmarshal([]byte(body), &run)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing
	}
	return &run, err
}
