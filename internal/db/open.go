package db

import (
	"context"
	"net/url"
	"strings"

	"openvru/internal/errs"
)

// Open opens the database that an address names: "postgres://…" or the path of
// a SQLite file, which is made if it is not there (its folder must be). It
// refuses engines too old to be trusted, and does not migrate.
//
// Errors: Invalid for an address that names no database; Unavailable, with a
// hint, for one that cannot be opened.
func Open(ctx context.Context, address string) (*DB, error) {
	scheme, _, has := strings.Cut(address, "://")
	switch {
	case address == "":
		return nil, errs.New(errs.Invalid, "No database is named.").WithHint(addressHint)
	case !has:
		return openSQLite(ctx, address)
	case scheme == "postgres" || scheme == "postgresql":
		return openPostgres(ctx, address)
	case scheme == "sqlite" || scheme == "file":
		return openSQLite(ctx, strings.TrimPrefix(address, scheme+"://"))
	}
	return nil, errs.New(errs.Invalid, "%q is not a kind of database this program knows.", scheme).WithHint(addressHint)
}

const addressHint = "Set OPENVRU_DB to the path of a SQLite file, such as openvru.db, or to a PostgreSQL address, such as postgres://vru@localhost/vru."

// Name says which database an address names, for people and logs: without the
// password that a PostgreSQL address may hold.
func Name(address string) string {
	if !strings.HasPrefix(address, "postgres") || !strings.Contains(address, "://") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return "a PostgreSQL address that cannot be read"
	}
	host := u.Host
	if host == "" {
		host = u.Query().Get("host")
	}
	return "PostgreSQL database " + strings.TrimPrefix(u.Path, "/") + " on " + host
}
