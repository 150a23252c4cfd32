// Package recordsdb keeps submissions, findings, the register of records and
// facts in SQL.
package recordsdb

import (
	"context"
	"encoding/json"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// Store keeps all of records in SQL; it is a records.Store.
type Store struct {
	*FactStore
}

// New returns the records kept in a database.
func New(d *db.DB) *Store { return &Store{NewFactStore(d)} }

// AddSubmission keeps a new submission, or returns the one it is already.
func (s *Store) AddSubmission(ctx context.Context, sub records.Submission, e access.Event) (kept records.Submission, added bool, err error) {
	defer errs.Wrap(&err, "recordsdb.AddSubmission(%s)", sub.ID)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, sub.Unit); err != nil {
			return err
		}
		id, err := sameSubmission(ctx, tx, sub)
		switch {
		case err != nil:
			return err
		case id != "":
			added = false
			kept, err = one(ctx, tx, sub.Unit, id)
			return err
		}
		kept, added = sub, true
		if err := insertSubmission(ctx, tx, sub); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, e)
	})
	return kept, added, err
}

// lock lets changes of a unit's submissions take turns, so that what one has
// looked at another does not change.
func lock(ctx context.Context, tx *db.Tx, unit ids.Unit) error {
	return tx.Lock(ctx, "submissions/"+string(unit))
}

// sameSubmission finds the submission with the same key, or else with the same
// file: one that stands before one that was withdrawn, which counts only for a
// file sent without a key.
func sameSubmission(ctx context.Context, tx *db.Tx, sub records.Submission) (id ids.Submission, err error) {
	if sub.Key != "" {
		err = tx.QueryRowContext(ctx, `
			SELECT submission_id FROM submission WHERE unit_id = $1 AND client_key = $2 AND client_key <> ''`, sub.Unit, sub.Key).Scan(&id)
		if err == nil || !isNoRows(err) {
			return id, err
		}
	}
	err = tx.QueryRowContext(ctx, `
		SELECT submission_id FROM submission
		WHERE unit_id = $1 AND source = $2 AND file = $3 AND (state <> 'withdrawn' OR $4 = '')
		ORDER BY CASE state WHEN 'withdrawn' THEN 1 ELSE 0 END, received_at DESC, submission_id DESC LIMIT 1`,
		sub.Unit, sub.Source, sub.File, sub.Key).Scan(&id)
	if isNoRows(err) {
		return "", nil
	}
	return id, err
}

func insertSubmission(ctx context.Context, tx *db.Tx, s records.Submission) error {
	summary, err := json.Marshal(s.Summary)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO submission (unit_id, submission_id, source, state, file, name, size, client_key, org_id, received_at,
			received_by, checked_at, accepted_at, superseded_by, superseded_at, withdrawn_at, reason, summary)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		s.Unit, s.ID, s.Source, s.State, s.File, s.Name, s.Size, s.Key, s.Org, db.Stamp(s.ReceivedAt),
		s.ReceivedBy, db.Stamp(s.CheckedAt), db.Stamp(s.AcceptedAt), s.SupersededBy, db.Stamp(s.SupersededAt), db.Stamp(s.WithdrawnAt), s.Reason, string(summary))
	return err
}

// SaveCheck keeps what reading a submission found.
func (s *Store) SaveCheck(ctx context.Context, sub records.Submission, f []records.Finding, e access.Event) (err error) {
	defer errs.Wrap(&err, "recordsdb.SaveCheck(%s)", sub.ID)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, sub.Unit); err != nil {
			return err
		}
		have, err := one(ctx, tx, sub.Unit, sub.ID)
		if err != nil || !have.AcceptedAt.IsZero() || have.State == records.Withdrawn {
			return err
		}
		if err := update(ctx, tx, sub); err != nil {
			return err
		}
		if err := putFindings(ctx, tx, sub, f); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, e)
	})
}

// update writes what becomes of a submission.
func update(ctx context.Context, tx *db.Tx, s records.Submission) error {
	summary, err := json.Marshal(s.Summary)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE submission SET state = $3, checked_at = $4, accepted_at = $5, superseded_by = $6, superseded_at = $7,
			withdrawn_at = $8, reason = $9, summary = $10
		WHERE unit_id = $1 AND submission_id = $2`,
		s.Unit, s.ID, s.State, db.Stamp(s.CheckedAt), db.Stamp(s.AcceptedAt), s.SupersededBy, db.Stamp(s.SupersededAt),
		db.Stamp(s.WithdrawnAt), s.Reason, string(summary))
	return err
}

func putFindings(ctx context.Context, tx *db.Tx, s records.Submission, all []records.Finding) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM submission_finding WHERE unit_id = $1 AND submission_id = $2`, s.Unit, s.ID); err != nil {
		return err
	}
	for i, f := range all {
		examples, err := json.Marshal(f.Examples)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO submission_finding (unit_id, submission_id, place, rule, severity, title, message, hint, row_count, examples)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			s.Unit, s.ID, i, f.Rule, f.Severity, f.Title, f.Message, f.Hint, f.Count, string(examples))
		if err != nil {
			return err
		}
	}
	return nil
}

// Accept makes a submission an edition.
func (s *Store) Accept(ctx context.Context, a records.Acceptance, e access.Event) (out records.Submission, err error) {
	sub := a.Submission
	defer errs.Wrap(&err, "recordsdb.Accept(%s)", sub.ID)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, sub.Unit); err != nil {
			return err
		}
		if out, err = one(ctx, tx, sub.Unit, sub.ID); err != nil || !out.AcceptedAt.IsZero() {
			return err
		}
		if out.State == records.Withdrawn {
			return errs.New(errs.Conflict, "%s was withdrawn while it was being read, so it is not accepted", sub.Name)
		}
		if err := putEdition(ctx, tx, a); err != nil {
			return err
		}
		if err := accessdb.AppendEvent(ctx, tx, e); err != nil {
			return err
		}
		out, err = one(ctx, tx, sub.Unit, sub.ID)
		return err
	})
	return out, err
}

func putEdition(ctx context.Context, tx *db.Tx, a records.Acceptance) error {
	sub := a.Submission
	if err := update(ctx, tx, sub); err != nil {
		return err
	}
	if err := putFindings(ctx, tx, sub, a.Findings); err != nil {
		return err
	}
	for i, p := range sub.Parts {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO submission_part (unit_id, submission_id, part, file, row_count, size) VALUES ($1, $2, $3, $4, $5, $6)`,
			sub.Unit, sub.ID, i, p.File, p.Rows, p.Size)
		if err != nil {
			return err
		}
	}
	before, err := editions(ctx, tx, sub.Unit)
	if err != nil {
		return err
	}
	edition := records.Edition{Submission: sub.ID, Source: sub.Source, FileName: sub.Name, File: sub.File, AcceptedAt: sub.AcceptedAt, Coverage: a.Facts.Coverage}
	after := append(before, edition)
	edition.Supersedes = lastSuperseded(after, sub.ID)
	if err := PutEdition(ctx, tx, sub.Unit, edition, a.Facts.Blocks); err != nil {
		return err
	}
	return settleSuperseded(ctx, tx, sub.Unit, after, sub.AcceptedAt)
}

// lastSuperseded returns the newest edition that another one restates whole.
func lastSuperseded(editions []records.Edition, by ids.Submission) ids.Submission {
	superseded := records.SupersededBy(editions)
	for i := len(editions) - 1; i >= 0; i-- {
		if superseded[editions[i].Submission] == by {
			return editions[i].Submission
		}
	}
	return ""
}

func editions(ctx context.Context, tx *db.Tx, unit ids.Unit) ([]records.Edition, error) {
	out, err := readEditions(ctx, tx, unit)
	if err != nil {
		return nil, err
	}
	return out, readCoverage(ctx, tx, unit, out)
}

// settleSuperseded brings the register in line with which standing edition
// restates which.
func settleSuperseded(ctx context.Context, tx *db.Tx, unit ids.Unit, editions []records.Edition, at time.Time) error {
	superseded := records.SupersededBy(editions)
	for _, e := range editions {
		if !e.WithdrawnAt.IsZero() {
			continue
		}
		by, state, when := superseded[e.Submission], records.Accepted, ""
		if by != "" {
			state, when = records.Superseded, db.Stamp(at)
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE submission SET state = $3, superseded_by = $4, superseded_at = $5
			WHERE unit_id = $1 AND submission_id = $2 AND superseded_by <> $4`, unit, e.Submission, state, by, when)
		if err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes a submission out of use.
func (s *Store) Withdraw(ctx context.Context, sub records.Submission, e access.Event) (out records.Submission, err error) {
	defer errs.Wrap(&err, "recordsdb.Withdraw(%s)", sub.ID)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, sub.Unit); err != nil {
			return err
		}
		if out, err = one(ctx, tx, sub.Unit, sub.ID); err != nil || out.State == records.Withdrawn {
			return err
		}
		edition := !out.AcceptedAt.IsZero()
		out.State, out.Reason, out.WithdrawnAt = records.Withdrawn, sub.Reason, sub.WithdrawnAt
		out.SupersededBy, out.SupersededAt = "", time.Time{}
		if err := update(ctx, tx, out); err != nil {
			return err
		}
		if edition {
			if err := WithdrawEdition(ctx, tx, sub.Unit, sub.ID, sub.WithdrawnAt); err != nil {
				return err
			}
			all, err := editions(ctx, tx, sub.Unit)
			if err != nil {
				return err
			}
			if err := settleSuperseded(ctx, tx, sub.Unit, all, sub.WithdrawnAt); err != nil {
				return err
			}
		}
		return accessdb.AppendEvent(ctx, tx, e)
	})
	return out, err
}
