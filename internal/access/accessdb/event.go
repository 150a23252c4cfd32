// Package accessdb keeps units, people, sessions and the audit log in SQL.
package accessdb

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/db"
)

// AppendEvent puts an event at the end of its unit's chain, in the transaction
// that makes the change it records: neither is kept without the other. Every
// Store of every domain calls it in each method that changes anything.
//
// Writers of one unit take turns from here to the end of their transactions,
// so call it last.
func AppendEvent(ctx context.Context, tx *db.Tx, e access.Event) error {
	head, err := lockHead(ctx, tx, e)
	if err != nil {
		return err
	}
	entry := head.Next(e)
	if _, err = tx.ExecContext(ctx, `
		INSERT INTO event (unit_id, seq, event_id, at, person_id, person_name, action, subject, detail, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Unit, entry.Seq, e.ID, db.Stamp(e.At), e.Person, e.Name, e.Action, e.Subject, e.Detail, entry.Hash); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE event_head SET seq = $2, hash = $3 WHERE unit_id = $1`, e.Unit, entry.Seq, entry.Hash)
	return err
}

// lockHead returns the end of the unit's chain. The update that changes nothing
// makes the row ours until the transaction ends, on both engines alike.
func lockHead(ctx context.Context, tx *db.Tx, e access.Event) (h access.Head, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO event_head (unit_id, seq, hash) VALUES ($1, 0, '')
		ON CONFLICT (unit_id) DO UPDATE SET seq = event_head.seq
		RETURNING seq, hash`, e.Unit).Scan(&h.Seq, &h.Hash)
	return h, err
}
