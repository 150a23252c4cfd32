package recordsdb

import (
	"context"
	"slices"
	"strings"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// FactStore keeps editions and their facts in SQL; it is a records.FactStore.
type FactStore struct{ db *db.DB }

// NewFactStore returns the facts kept in a database.
func NewFactStore(d *db.DB) *FactStore { return &FactStore{d} }

// PutEdition keeps an edition and its blocks.
func (s *FactStore) PutEdition(ctx context.Context, unit ids.Unit, e records.Edition, blocks []records.Block, event access.Event) (err error) {
	defer errs.Wrap(&err, "recordsdb.PutEdition(%s)", e.Submission)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := PutEdition(ctx, tx, unit, e, blocks); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, event)
	})
}

// WithdrawEdition marks an edition withdrawn.
func (s *FactStore) WithdrawEdition(ctx context.Context, unit ids.Unit, id ids.Submission, at time.Time, event access.Event) (err error) {
	defer errs.Wrap(&err, "recordsdb.WithdrawEdition(%s)", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := WithdrawEdition(ctx, tx, unit, id, at); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, event)
	})
}

// ReplaceFacts puts facts counted again in the place of an edition's own.
func (s *FactStore) ReplaceFacts(ctx context.Context, unit ids.Unit, id ids.Submission, facts records.EditionFacts, event access.Event) (err error) {
	defer errs.Wrap(&err, "recordsdb.ReplaceFacts(%s)", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		got, err := tx.ExecContext(ctx, `UPDATE fact_edition SET rebuilt = rebuilt + 1 WHERE unit_id = $1 AND submission_id = $2`, unit, id)
		if err != nil {
			return err
		}
		if n, err := got.RowsAffected(); err != nil || n == 0 {
			return cmpErr(err, noEdition(id))
		}
		for _, table := range []string{"fact_block", "fact_coverage"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE unit_id = $1 AND submission_id = $2`, unit, id); err != nil {
				return err
			}
		}
		if err := putCoverage(ctx, tx, unit, id, facts.Coverage); err != nil {
			return err
		}
		if err := putBlocks(ctx, tx, unit, id, facts.Blocks); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, event)
	})
}

// PutEdition keeps an edition and its blocks within a transaction that also
// accepts the submission. Errors: Conflict if its facts are kept already.
func PutEdition(ctx context.Context, tx *db.Tx, unit ids.Unit, e records.Edition, blocks []records.Block) error {
	got, err := tx.ExecContext(ctx, `
		INSERT INTO fact_edition (unit_id, submission_id, source, file_name, file_hash, accepted_at, supersedes, withdrawn_at, rebuilt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT (unit_id, submission_id) DO NOTHING`,
		unit, e.Submission, e.Source, e.FileName, e.File, db.Stamp(e.AcceptedAt), e.Supersedes, db.Stamp(e.WithdrawnAt))
	if err != nil {
		return err
	}
	if n, err := got.RowsAffected(); err != nil || n == 0 {
		return cmpErr(err, errs.New(errs.Conflict, "the facts of submission %s are kept already", e.Submission))
	}
	if err := putCoverage(ctx, tx, unit, e.Submission, e.Coverage); err != nil {
		return err
	}
	return putBlocks(ctx, tx, unit, e.Submission, blocks)
}

// cmpErr returns the first error that there is.
func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func putCoverage(ctx context.Context, tx *db.Tx, unit ids.Unit, id ids.Submission, coverage []records.Coverage) error {
	columns := []string{"unit_id", "submission_id", "force_code", "level", "from_month", "to_month", "series"}
	_, err := tx.Insert(ctx, "fact_coverage", columns, func(yield func([]any) bool) {
		for _, c := range coverage {
			if !yield([]any{string(unit), string(id), c.Force, string(c.Level), c.Months.From.String(), c.Months.To.String(), seriesText(c.Series)}) {
				return
			}
		}
	})
	return err
}

func putBlocks(ctx context.Context, tx *db.Tx, unit ids.Unit, id ids.Submission, blocks []records.Block) error {
	sorted := slices.Clone(blocks)
	slices.SortFunc(sorted, compareKeys) // in the order of the key, an index grows at its end
	columns := []string{"unit_id", "level", "block", "series", "year", "submission_id", "force_code", "cells"}
	row := make([]any, len(columns))
	_, err := tx.Insert(ctx, "fact_block", columns, func(yield func([]any) bool) {
		for _, b := range sorted {
			row[0], row[1], row[2], row[3] = string(unit), string(b.Level), b.Block, string(b.Series)
			row[4], row[5], row[6], row[7] = b.Year, string(id), b.Force, b.Cells
			if !yield(row) {
				return
			}
		}
	})
	return err
}

func compareKeys(a, b records.Block) int {
	for _, d := range []int{
		strings.Compare(string(a.Level), string(b.Level)), strings.Compare(a.Block, b.Block),
		strings.Compare(string(a.Series), string(b.Series)), a.Year - b.Year,
	} {
		if d != 0 {
			return d
		}
	}
	return strings.Compare(a.Force, b.Force)
}

// WithdrawEdition marks an edition withdrawn, within a transaction that also
// changes the submission's state. Errors: NotFound; Conflict if it is
// withdrawn already.
func WithdrawEdition(ctx context.Context, tx *db.Tx, unit ids.Unit, id ids.Submission, at time.Time) error {
	var withdrawn string
	err := tx.QueryRowContext(ctx, `
		UPDATE fact_edition SET withdrawn_at = CASE WHEN withdrawn_at = '' THEN $3 ELSE withdrawn_at END
		WHERE unit_id = $1 AND submission_id = $2 RETURNING withdrawn_at`, unit, id, db.Stamp(at)).Scan(&withdrawn)
	switch {
	case isNoRows(err):
		return noEdition(id)
	case err == nil && withdrawn != db.Stamp(at):
		return errs.New(errs.Conflict, "submission %s was withdrawn already", id)
	}
	return err
}

func noEdition(id ids.Submission) error {
	return errs.New(errs.NotFound, "no facts of a submission %s are kept", id)
}

// seriesText writes the series a claim is limited to; "*" is no limit.
func seriesText(series []ids.Series) string {
	if series == nil {
		return "*"
	}
	words := make([]string, len(series))
	for i, s := range series {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

func parseSeries(text string) []ids.Series {
	if text == "*" {
		return nil
	}
	out := []ids.Series{}
	for _, w := range strings.Fields(text) {
		out = append(out, ids.Series(w))
	}
	return out
}
