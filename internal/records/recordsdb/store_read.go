package recordsdb

import (
	"context"
	"encoding/json"
	"strconv"

	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// Submission returns one.
func (s *Store) Submission(ctx context.Context, unit ids.Unit, id ids.Submission) (out records.Submission, err error) {
	defer errs.Wrap(&err, "recordsdb.Submission(%s)", id)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = one(ctx, tx, unit, id)
		return err
	})
	return out, err
}

// one reads a submission with its parts.
func one(ctx context.Context, tx *db.Tx, unit ids.Unit, id ids.Submission) (records.Submission, error) {
	all, err := selectSubmissions(ctx, tx, `WHERE unit_id = $1 AND submission_id = $2`, unit, id)
	if err != nil {
		return records.Submission{}, err
	}
	if len(all) == 0 {
		return records.Submission{}, errs.New(errs.NotFound, "There is no submission %s.", id).WithHint("vru submissions lists them.")
	}
	return all[0], nil
}

// Submissions lists a unit's, newest first.
func (s *Store) Submissions(ctx context.Context, unit ids.Unit, f records.Filter) (out []records.Submission, err error) {
	defer errs.Wrap(&err, "recordsdb.Submissions(%s)", unit)
	where, args := `WHERE unit_id = $1`, []any{unit}
	add := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + condition + " $" + strconv.Itoa(len(args))
	}
	if f.Source != "" {
		add("source =", f.Source)
	}
	if f.Org != "" {
		add("org_id =", f.Org)
	}
	if f.State != "" {
		add("state =", f.State)
	}
	if f.After != "" {
		args = append(args, f.After)
		n := strconv.Itoa(len(args))
		where += ` AND (received_at, submission_id) < (SELECT received_at, submission_id FROM submission WHERE unit_id = $1 AND submission_id = $` + n + `)`
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	args = append(args, f.Limit)
	where += ` ORDER BY received_at DESC, submission_id DESC LIMIT $` + strconv.Itoa(len(args))
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectSubmissions(ctx, tx, where, args...)
		return err
	})
	return out, err
}

func selectSubmissions(ctx context.Context, tx *db.Tx, where string, args ...any) ([]records.Submission, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT unit_id, submission_id, source, state, file, name, size, client_key, org_id, received_at, received_by,
			checked_at, accepted_at, superseded_by, superseded_at, withdrawn_at, reason, summary
		FROM submission `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []records.Submission
	for rows.Next() {
		s, err := scanSubmission(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for i := range out {
		if err := readParts(ctx, tx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanSubmission(rows interface{ Scan(...any) error }) (s records.Submission, err error) {
	var received, checked, accepted, superseded, withdrawn, summary string
	err = rows.Scan(&s.Unit, &s.ID, &s.Source, &s.State, &s.File, &s.Name, &s.Size, &s.Key, &s.Org, &received, &s.ReceivedBy,
		&checked, &accepted, &s.SupersededBy, &superseded, &withdrawn, &s.Reason, &summary)
	if err != nil {
		return s, err
	}
	if s.ReceivedAt, err = db.ParseStamp(received); err != nil {
		return s, err
	}
	if s.CheckedAt, err = db.ParseStamp(checked); err != nil {
		return s, err
	}
	if s.AcceptedAt, err = db.ParseStamp(accepted); err != nil {
		return s, err
	}
	if s.SupersededAt, err = db.ParseStamp(superseded); err != nil {
		return s, err
	}
	if s.WithdrawnAt, err = db.ParseStamp(withdrawn); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(summary), &s.Summary)
}

func readParts(ctx context.Context, tx *db.Tx, s *records.Submission) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT file, row_count, size FROM submission_part WHERE unit_id = $1 AND submission_id = $2 ORDER BY part`, s.Unit, s.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p records.Part
		if err := rows.Scan(&p.File, &p.Rows, &p.Size); err != nil {
			return err
		}
		s.Parts = append(s.Parts, p)
	}
	return rows.Err()
}

// Findings returns those of a submission, gravest first.
func (s *Store) Findings(ctx context.Context, unit ids.Unit, id ids.Submission) (out []records.Finding, err error) {
	defer errs.Wrap(&err, "recordsdb.Findings(%s)", id)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		rows, err := tx.QueryContext(ctx, `
			SELECT rule, severity, title, message, hint, row_count, examples FROM submission_finding
			WHERE unit_id = $1 AND submission_id = $2 ORDER BY place`, unit, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f records.Finding
			var examples string
			if err := rows.Scan(&f.Rule, &f.Severity, &f.Title, &f.Message, &f.Hint, &f.Count, &examples); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(examples), &f.Examples); err != nil {
				return err
			}
			out = append(out, f)
		}
		return rows.Err()
	})
	return out, err
}

// LiveFiles calls f with every file that a submission names.
func (s *Store) LiveFiles(ctx context.Context, f func(ids.File)) (err error) {
	defer errs.Wrap(&err, "recordsdb.LiveFiles")
	return s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT file FROM submission UNION SELECT file FROM submission_part ORDER BY 1`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id ids.File
			if err := rows.Scan(&id); err != nil {
				return err
			}
			f(id)
		}
		return rows.Err()
	})
}
