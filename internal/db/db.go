// Package db opens the database, SQLite or PostgreSQL from one address, runs
// transactions and brings the schema up to date. It knows no table.
package db

import (
	"context"
	"database/sql"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"
)

// Engine says which database is behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. Reads may run at once; writes take turns on SQLite.
type DB struct {
	Engine Engine
	reader *sql.DB
	writer *sql.DB
}

// Tx is a transaction with its engine's name, for the few statements whose
// text must differ.
type Tx struct {
	*sql.Tx
	Engine Engine
}

// Open opens the database an address names: "postgres://…" or a SQLite file,
// which is made if it is not there. It does not migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		pool, err := sql.Open("pgx", address)
		if err != nil {
			return nil, err
		}
		return &DB{Engine: Postgres, reader: pool, writer: pool}, nil
	}
	dsn := "file:" + address + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	writer, err := sql.Open("sqlite", dsn+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	return &DB{Engine: SQLite, reader: reader, writer: writer}, nil
}

// Close closes the database.
func (d *DB) Close() error {
	if d.reader != d.writer {
		if err := d.reader.Close(); err != nil {
			return err
		}
	}
	return d.writer.Close()
}

// Write runs f in a read-write transaction: committed when f returns nil,
// rolled back otherwise.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	return run(ctx, d.writer, d.Engine, &sql.TxOptions{}, f)
}

// Read runs f in a read-only transaction, so that all it asks is of one moment.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	return run(ctx, d.reader, d.Engine, &sql.TxOptions{ReadOnly: true}, f)
}

func run(ctx context.Context, pool *sql.DB, e Engine, opts *sql.TxOptions, f func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(&Tx{tx, e}); err != nil {
		return err
	}
	return tx.Commit()
}
