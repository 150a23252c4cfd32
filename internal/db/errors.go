package db

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"openvru/internal/errs"
)

// Trouble is recognised by the driver's code, never by its text: texts are
// translated and reworded, codes are kept.

// IsConflict reports whether err says that a unique key is already taken.
func IsConflict(err error) bool {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return true
	}
	return postgresCode(err) == "23505"
}

// IsReference reports whether err says that a row named by a foreign key is
// not there, or is still needed.
func IsReference(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY || postgresCode(err) == "23503"
}

// IsFull reports whether err says that there is no room: on the database's
// disk or, for files beside it, on theirs.
func IsFull(err error) bool {
	return sqliteCode(err)&0xff == sqlite3.SQLITE_FULL ||
		postgresCode(err) == "53100" || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// IsRetryable reports whether err says that the transaction lost to another,
// has been rolled back and may simply be run again.
func IsRetryable(err error) bool {
	switch postgresCode(err) {
	case "40001", "40P01":
		return true
	}
	return sqliteCode(err) == sqlite3.SQLITE_BUSY_SNAPSHOT
}

// IsBusy reports whether err says that another process held the database for
// longer than we are willing to wait.
func IsBusy(err error) bool {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return postgresCode(err) == "55P03"
}

// explain gives the troubles that an operator can mend a sentence and a hint.
// Errors that already have a kind, and all others, pass as they are.
func explain(err error) error {
	var known *errs.Error
	switch {
	case errors.As(err, &known) && known.Kind != errs.Internal:
		return err
	case IsFull(err):
		return errs.New(errs.Unavailable, "The disk that holds the database is full, so nothing of this was kept.").
			WithHint("Free some space and do the same again; what was kept before is safe.").WithCause(err)
	case IsBusy(err), IsRetryable(err):
		return errs.New(errs.Unavailable, "The database was busy for too long, so nothing of this was kept.").
			WithHint("Another process is writing a lot. Do the same again in a moment.").WithCause(err)
	case isReadOnly(err):
		return errs.New(errs.Unavailable, "The database cannot be written: this process may only read it.").
			WithHint("Check who owns the database file and its folder, and that the disk is not mounted read-only.").WithCause(err)
	case postgresCode(err) == "22021": // character_not_in_repertoire: SQLite keeps it, PostgreSQL cannot
		return errs.New(errs.Invalid, "The text has a character that cannot be kept: a zero byte, or bytes that are no UTF-8.").
			WithHint("Write it without that character.").WithCause(err)
	case isLost(err):
		return errs.New(errs.Unavailable, "The connection to the database was lost.").
			WithHint("See that the database server is running. Doing the same again is safe: nothing is counted twice.").WithCause(err)
	}
	return err
}

func isReadOnly(err error) bool {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_READONLY_DIRECTORY, sqlite3.SQLITE_READONLY_CANTINIT:
		return true
	}
	return postgresCode(err) == "25006" // read_only_sql_transaction: a standby server
}

// isLost recognises a connection that broke or could not be made.
func isLost(err error) bool {
	var refused *pgconn.ConnectError
	return isBroken(err) || errors.As(err, &refused) || postgresCode(err) == "53300"
}

// isBroken recognises a connection that was good once: the network took it, or
// the server ended it (class 57P: shutting down, crashed; class 08).
func isBroken(err error) bool {
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		return false
	}
	code := postgresCode(err)
	if strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "08") {
		return true
	}
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn)
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
