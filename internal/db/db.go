// Package db opens the database, SQLite or PostgreSQL from one address, runs
// transactions and brings the schema up to date. It knows no table.
//
// The same SQL text runs on both engines. What a statement may use is the
// common part: $n placeholders, ON CONFLICT … DO UPDATE … RETURNING, window
// functions, common table expressions and FILTER; ids made in Go, times as
// UTC text (see Stamp), dates as YYYY-MM-DD, money in whole pence. Every ORDER
// BY is total and says where NULLs go. Where two texts are needed they stand
// side by side, chosen by Tx.Engine, with the reason.
package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"
)

// Engine says which database is behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database, safe for use by many goroutines. Reads may run at
// once; on SQLite writes take turns.
type DB struct {
	Engine Engine
	reader *sql.DB
	writer *sql.DB
	path   string // of the SQLite file; "" for PostgreSQL
}

// Tx is a transaction with its engine's name, for the few statements whose
// text must differ.
type Tx struct {
	*sql.Tx
	Engine Engine
	conn   *sql.Conn
}

// tries is how often a transaction that lost a race with another is run
// before the caller hears of it.
const tries = 6

// Close closes the database.
func (d *DB) Close() error {
	if d.reader == d.writer {
		return d.writer.Close()
	}
	return errors.Join(d.reader.Close(), d.writer.Close())
}

// Write runs f in a read-write transaction: committed when f returns nil,
// rolled back otherwise.
//
// A transaction that loses to another one (a deadlock, a failure to serialise)
// is rolled back and f is run again, so f must set its results, not add to
// them, and must do nothing outside the transaction. A connection found broken
// before f is run is replaced.
//
// On SQLite one write runs at a time. On PostgreSQL writes run at once and see
// what others have committed (READ COMMITTED): what must not happen twice
// rests on a unique constraint, on a row that is updated, or on Tx.Lock.
//
// Errors: Unavailable when the disk is full, the database is busy or cannot be
// reached; Invalid for a text of bytes that are none, where the engine refuses
// it; everything else as f or the driver gave it.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	return d.run(ctx, d.writer, sql.TxOptions{}, f)
}

// Read runs f in a read-only transaction, so that all it asks is of one
// moment. Errors: as Write.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	opts := sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead // one snapshot for every statement, as SQLite gives anyway
	}
	return d.run(ctx, d.reader, opts, f)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts sql.TxOptions, f func(*Tx) error) error {
	for try := 1; ; try++ {
		begun, err := d.once(ctx, pool, opts, f)
		if err == nil {
			return nil
		}
		again := IsRetryable(err) || !begun && isBroken(err)
		if !again || try == tries || sleep(ctx, try) != nil {
			return explain(err)
		}
	}
}

// once runs the transaction once, and says whether it came as far as f.
func (d *DB) once(ctx context.Context, pool *sql.DB, opts sql.TxOptions, f func(*Tx) error) (begun bool, err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &opts)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	if err := f(&Tx{tx, d.Engine, conn}); err != nil {
		return true, err
	}
	return true, tx.Commit()
}

// sleep waits a little longer after each try, never the same for two rivals.
func sleep(ctx context.Context, try int) error {
	wait := time.Duration(1<<try) * time.Millisecond
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait + rand.N(wait)):
		return nil
	}
}

// Lock makes the transaction take turns with every other one that locks the
// same name, until it ends. Use it for check-then-act rules that no unique
// constraint can carry. On SQLite a write transaction is alone already.
func (tx *Tx) Lock(ctx context.Context, name string) error {
	if tx.Engine == SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	return err
}
