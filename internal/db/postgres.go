package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"openvru/internal/errs"
)

// oldestPostgres is the first server version the SQL is tested on.
const oldestPostgres = 150000

// connections is how many PostgreSQL connections one process holds at most.
const connections = 16

func openPostgres(ctx context.Context, address string) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The parser's text can hold the password, so it is not passed on.
		return nil, errs.New(errs.Invalid, "The PostgreSQL address cannot be read.").WithHint(addressHint)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d := &DB{Engine: Postgres, reader: pool, writer: pool}
	if err := d.checkPostgres(ctx, Name(address)); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return d, nil
}

func (d *DB) checkPostgres(ctx context.Context, name string) error {
	var number int
	err := d.writer.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&number)
	if err != nil {
		return explainConnect(err, name)
	}
	return checkPostgresVersion(number)
}

func explainConnect(err error, name string) error {
	hint := "See that the server is running and that the address names the right host and port."
	switch postgresCode(err) {
	case "28P01", "28000":
		hint = "The server refused the user or the password: check them in OPENVRU_DB."
	case "3D000":
		hint = "The server has no such database: make it with createdb, or name another in OPENVRU_DB."
	case "53300":
		hint = "The server has no connection left: close some, or raise its max_connections."
	}
	return errs.New(errs.Unavailable, "The %s cannot be opened.", name).WithHint("%s", hint).WithCause(err)
}

// checkPostgresVersion is the server version gate. Errors: Unavailable.
func checkPostgresVersion(number int) error {
	if number >= oldestPostgres {
		return nil
	}
	return errs.New(errs.Unavailable, "The PostgreSQL server is version %d.%d; this program needs 15 or later.", number/10000, number%10000).
		WithHint("Upgrade the server, or set OPENVRU_DB to a newer one.")
}

// Native lends f the PostgreSQL connection that the transaction runs on, for
// what database/sql cannot do: COPY. Errors: Internal on SQLite.
func (tx *Tx) Native(f func(*pgx.Conn) error) error {
	if tx.Engine != Postgres {
		return errs.New(errs.Internal, "a native connection was asked of %s", tx.Engine)
	}
	return tx.conn.Raw(func(c any) error { return f(c.(*stdlib.Conn).Conn()) })
}
