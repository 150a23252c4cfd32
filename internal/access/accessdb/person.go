package accessdb

import (
	"context"
	"time"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/ids"
)

// AddPerson keeps a new person and their link. Errors: Conflict.
func (s *Store) AddPerson(ctx context.Context, p access.Person, l access.Link, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		if err := addPerson(ctx, tx, p); err != nil {
			return err
		}
		return addLink(ctx, tx, l)
	})
}

func addPerson(ctx context.Context, tx *db.Tx, p access.Person) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO person (unit_id, person_id, org_id, name, email, roles, state, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.Unit, p.ID, p.Org, p.Name, p.Email, writeRoles(p.Roles), p.State, p.PasswordHash, db.Stamp(p.CreatedAt))
	return err
}

// ChangePerson replaces everything of a person but their password, and ends
// their sessions and, when they are disabled, their links. Errors: NotFound.
func (s *Store) ChangePerson(ctx context.Context, p access.Person, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE person SET org_id = $3, name = $4, email = $5, roles = $6, state = $7
			WHERE unit_id = $1 AND person_id = $2`,
			p.Unit, p.ID, p.Org, p.Name, p.Email, writeRoles(p.Roles), p.State)
		if err := must(r, err, missing("person")); err != nil {
			return err
		}
		if p.State == access.Disabled {
			if err := endLinks(ctx, tx, p.Unit, p.ID, e.At); err != nil {
				return err
			}
		}
		return endSessions(ctx, tx, p)
	})
}

func endSessions(ctx context.Context, tx *db.Tx, p access.Person) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE unit_id = $1 AND person_id = $2`, p.Unit, p.ID)
	return err
}

// SetPassword gives a person a password hash and ends their sessions, all but
// the new one, and their links. Errors: NotFound, for a disabled person too.
func (s *Store) SetPassword(ctx context.Context, p access.Person, session access.Session, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		if err := setPassword(ctx, tx, p); err != nil {
			return err
		}
		if err := endLinks(ctx, tx, p.Unit, p.ID, e.At); err != nil {
			return err
		}
		return addSession(ctx, tx, session)
	})
}

// setPassword leaves alone somebody who was disabled while the hash was made:
// to write the state that was read before would let them back in.
func setPassword(ctx context.Context, tx *db.Tx, p access.Person) error {
	r, err := tx.ExecContext(ctx, `
		UPDATE person SET password_hash = $3, state = $4
		WHERE unit_id = $1 AND person_id = $2 AND state <> $5`, p.Unit, p.ID, p.PasswordHash, p.State, access.Disabled)
	if err := must(r, err, missing("person")); err != nil {
		return err
	}
	return endSessions(ctx, tx, p)
}

const personColumns = `p.unit_id, p.person_id, p.org_id, p.name, p.email, p.roles, p.state, p.password_hash, p.created_at`

// scanPerson reads personColumns, then what more is asked for.
func scanPerson(scan func(...any) error, more ...any) (p access.Person, err error) {
	var roles, at string
	into := append([]any{&p.Unit, &p.ID, &p.Org, &p.Name, &p.Email, &roles, &p.State, &p.PasswordHash, &at}, more...)
	if err := scan(into...); err != nil {
		return p, err
	}
	p.Roles = readRoles(roles)
	p.CreatedAt, err = db.ParseStamp(at)
	return p, err
}

// Person returns a person. Errors: NotFound.
func (s *Store) Person(ctx context.Context, unit ids.Unit, id ids.Person) (access.Person, error) {
	return s.person(ctx, `SELECT `+personColumns+` FROM person p WHERE unit_id = $1 AND person_id = $2`, unit, id)
}

// PersonByEmail returns the person with an email address. Errors: NotFound.
func (s *Store) PersonByEmail(ctx context.Context, unit ids.Unit, email string) (access.Person, error) {
	return s.person(ctx, `SELECT `+personColumns+` FROM person p WHERE unit_id = $1 AND email = $2`, unit, email)
}

func (s *Store) person(ctx context.Context, query string, args ...any) (p access.Person, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = scanPerson(tx.QueryRowContext(ctx, query, args...).Scan)
		return orMissing(err, "person")
	})
	return p, err
}

// People returns the unit's people by name, then id.
func (s *Store) People(ctx context.Context, unit ids.Unit) (people []access.Person, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		people = nil
		rows, err := tx.QueryContext(ctx, `
			SELECT `+personColumns+`
			FROM person p
			WHERE unit_id = $1
			ORDER BY lower(name), person_id`, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			p, err := scanPerson(rows.Scan)
			if err != nil {
				return err
			}
			people = append(people, p)
		}
		return rows.Err()
	})
	return people, err
}

// AddLink keeps a link and ends earlier ones of the same person.
func (s *Store) AddLink(ctx context.Context, l access.Link, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		if err := endLinks(ctx, tx, l.Unit, l.Person, l.CreatedAt); err != nil {
			return err
		}
		return addLink(ctx, tx, l)
	})
}

func addLink(ctx context.Context, tx *db.Tx, l access.Link) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO password_link (token_hash, unit_id, person_id, created_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		l.TokenHash, l.Unit, l.Person, db.Stamp(l.CreatedAt), db.Stamp(l.ExpiresAt), db.Stamp(l.UsedAt))
	return err
}

func endLinks(ctx context.Context, tx *db.Tx, unit ids.Unit, person ids.Person, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE password_link SET used_at = $3
		WHERE unit_id = $1 AND person_id = $2 AND used_at = ''`, unit, person, db.Stamp(at))
	return err
}

// Link returns the link with a token's hash. Errors: NotFound.
func (s *Store) Link(ctx context.Context, tokenHash string) (l access.Link, err error) {
	var created, expires, used string
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l.TokenHash = tokenHash
		return tx.QueryRowContext(ctx, `
			SELECT unit_id, person_id, created_at, expires_at, used_at
			FROM password_link
			WHERE token_hash = $1`, tokenHash).Scan(&l.Unit, &l.Person, &created, &expires, &used)
	})
	if err != nil {
		return access.Link{}, orMissing(err, "link")
	}
	return l, stamps([]string{created, expires, used}, &l.CreatedAt, &l.ExpiresAt, &l.UsedAt)
}

// UseLink marks a link used and gives the person the password hash they carry;
// a person who is not kept yet is added. Errors: Conflict.
func (s *Store) UseLink(ctx context.Context, tokenHash string, at time.Time, p access.Person, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		var owner ids.Person
		err := tx.QueryRowContext(ctx, `
			UPDATE password_link SET used_at = $2
			WHERE token_hash = $1 AND used_at = ''
			RETURNING person_id`, tokenHash, db.Stamp(at)).Scan(&owner)
		if err != nil {
			return orUsed(err)
		}
		if owner == "" {
			return addPerson(ctx, tx, p)
		}
		return setPassword(ctx, tx, p)
	})
}
