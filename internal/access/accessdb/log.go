package accessdb

import (
	"context"
	"database/sql"
	"errors"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Log keeps an event that changes nothing else.
func (s *Store) Log(ctx context.Context, e access.Event) error {
	return s.write(ctx, e, func(*db.Tx) error { return nil })
}

const entryColumns = `seq, event_id, at, person_id, person_name, action, subject, detail, hash`

func scanEntry(scan func(...any) error, unit ids.Unit) (access.Entry, error) {
	e := access.Entry{Event: access.Event{Unit: unit}}
	var at string
	if err := scan(&e.Seq, &e.ID, &at, &e.Person, &e.Name, &e.Action, &e.Subject, &e.Detail, &e.Hash); err != nil {
		return e, err
	}
	var err error
	if e.At, err = db.ParseStamp(at); err != nil || db.Stamp(e.At) != at {
		return e, errs.New(errs.Conflict, "The audit log has been tampered with: the time of entry %d is %q.", e.Seq, at)
	}
	return e, nil
}

// Entries returns entries of the audit log, the newest first.
func (s *Store) Entries(ctx context.Context, unit ids.Unit, q access.EntryQuery) (entries []access.Entry, err error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		entries = nil
		rows, err := tx.QueryContext(ctx, `
			SELECT `+entryColumns+`
			FROM event
			WHERE unit_id = $1 AND (CAST($2 AS TEXT) = '' OR subject = $2) AND (CAST($3 AS BIGINT) = 0 OR seq < $3)
			ORDER BY seq DESC
			LIMIT $4`, unit, q.Subject, q.Before, q.Limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			e, err := scanEntry(rows.Scan, unit)
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return rows.Err()
	})
	return entries, err
}

// Walk calls f for each entry of a unit's log in order, and returns the end
// that the log's register holds.
func (s *Store) Walk(ctx context.Context, unit ids.Unit, f func(access.Entry) error) (head access.Head, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		head, err = walk(ctx, tx, unit, f)
		return err
	})
	return head, err
}

func walk(ctx context.Context, tx *db.Tx, unit ids.Unit, f func(access.Entry) error) (head access.Head, err error) {
	err = tx.QueryRowContext(ctx, `SELECT seq, hash FROM event_head WHERE unit_id = $1`, unit).Scan(&head.Seq, &head.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return head, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+entryColumns+` FROM event WHERE unit_id = $1 ORDER BY seq`, unit)
	if err != nil {
		return head, err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanEntry(rows.Scan, unit)
		if err != nil {
			return head, err
		}
		if err := f(e); err != nil {
			return head, err
		}
	}
	return head, rows.Err()
}
