package accessdb

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/errs"
)

// Store keeps everything of package access in a database. It satisfies
// access.Store.
type Store struct {
	db *db.DB
}

var _ access.Store = (*Store)(nil)

// New returns the Store in a migrated database.
func New(d *db.DB) *Store { return &Store{d} }

// write runs f and appends the event, in one transaction.
func (s *Store) write(ctx context.Context, e access.Event, f func(*db.Tx) error) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return AppendEvent(ctx, tx, e)
	})
	if db.IsConflict(err) {
		return errs.New(errs.Conflict, "that is kept already").WithCause(err)
	}
	return err
}

// must turns "no row was changed" into an error.
func must(r sql.Result, err error, otherwise error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return otherwise
	}
	return err
}

// orMissing turns "no row" into NotFound.
func orMissing(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing(what)
	}
	return err
}

func missing(what string) error { return errs.New(errs.NotFound, "There is no such %s.", what) }

// Roles are kept as one text: they are read with the person at every request
// and never asked for on their own.
func writeRoles(roles []access.Role) string {
	var words []string
	for _, r := range roles {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}

func readRoles(s string) []access.Role {
	var roles []access.Role
	for _, w := range strings.Fields(s) {
		roles = append(roles, access.Role(w))
	}
	return roles
}
