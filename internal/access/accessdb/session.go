package accessdb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/errs"
)

func orUsed(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.Conflict, "The link has been used.")
	}
	return err
}

// stamps reads kept times, one for each place to put it.
func stamps(texts []string, into ...*time.Time) (err error) {
	for i, text := range texts {
		if *into[i], err = db.ParseStamp(text); err != nil {
			return err
		}
	}
	return nil
}

// AddSession keeps a session, and forgets those that are over.
func (s *Store) AddSession(ctx context.Context, session access.Session, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE expires_at < $1`, db.Stamp(session.CreatedAt))
		if err != nil {
			return err
		}
		return addSession(ctx, tx, session)
	})
}

func addSession(ctx context.Context, tx *db.Tx, session access.Session) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO session (token_hash, unit_id, person_id, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		session.TokenHash, session.Unit, session.Person,
		db.Stamp(session.CreatedAt), db.Stamp(session.SeenAt), db.Stamp(session.ExpiresAt))
	return err
}

// Session returns a session and its person. Errors: NotFound.
func (s *Store) Session(ctx context.Context, tokenHash string) (session access.Session, p access.Person, err error) {
	var created, seen, expires string
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = scanPerson(tx.QueryRowContext(ctx, `
			SELECT `+personColumns+`, s.created_at, s.seen_at, s.expires_at
			FROM session s
			JOIN person p ON p.unit_id = s.unit_id AND p.person_id = s.person_id
			WHERE s.token_hash = $1`, tokenHash).Scan, &created, &seen, &expires)
		return orMissing(err, "session")
	})
	if err != nil {
		return access.Session{}, access.Person{}, err
	}
	session = access.Session{TokenHash: tokenHash, Unit: p.Unit, Person: p.ID}
	return session, p, stamps([]string{created, seen, expires}, &session.CreatedAt, &session.SeenAt, &session.ExpiresAt)
}

// SeeSession notes when a session was last used.
func (s *Store) SeeSession(ctx context.Context, tokenHash string, at time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE session SET seen_at = $2 WHERE token_hash = $1`, tokenHash, db.Stamp(at))
		return err
	})
}

// EndSession forgets a session, if it is there.
func (s *Store) EndSession(ctx context.Context, tokenHash string, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash)
		return err
	})
}

// Try counts a try under a key, and forgets those of times gone by.
func (s *Store) Try(ctx context.Context, key string, at time.Time, window time.Duration) (tries int, since time.Time, err error) {
	var text string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sign_in_try WHERE since <= $1`, db.Stamp(at.Add(-window)))
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
			INSERT INTO sign_in_try (key, since, tries) VALUES ($1, $2, 1)
			ON CONFLICT (key) DO UPDATE SET tries = sign_in_try.tries + 1
			RETURNING tries, since`, key, db.Stamp(at)).Scan(&tries, &text)
	})
	if err != nil {
		return 0, time.Time{}, err
	}
	since, err = db.ParseStamp(text)
	return tries, since, err
}

// Forgive forgets an account's tries, and one of an address's.
func (s *Store) Forgive(ctx context.Context, account, address string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM sign_in_try WHERE key = $1`, account); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE sign_in_try SET tries = tries - 1 WHERE key = $1 AND tries > 0`, address)
		return err
	})
}
