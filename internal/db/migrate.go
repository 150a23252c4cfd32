package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"openvru/internal/errs"
	"openvru/migrations"
)

// Migrate brings the schema up to date: every migration that has not been
// applied, in order, all in one transaction, so that a crash leaves the old
// schema or the new one. A SQLite file that already holds data is copied
// first, beside itself; the copy's path is the answer, "" when none was made.
//
// Two processes may start at once: one migrates, the other waits and finds
// nothing left to do.
//
// Errors: Conflict when the database is newer than this program or its history
// is not ours; Unavailable as Write.
func (d *DB) Migrate(ctx context.Context) (copied string, err error) {
	all, err := migrations.All()
	if err != nil {
		return "", err
	}
	return d.migrate(ctx, all)
}

func (d *DB) migrate(ctx context.Context, all []migrations.Migration) (copied string, err error) {
	// Asked first without waiting for a writer: there is nearly always nothing to do.
	var todo []migrations.Migration
	err = d.Read(ctx, func(tx *Tx) error {
		todo, _, err = compare(ctx, tx, all)
		return err
	})
	if err != nil || len(todo) == 0 {
		return "", err
	}
	err = d.Write(ctx, func(tx *Tx) error {
		copied, err = d.apply(ctx, tx, all)
		return err
	})
	return copied, err
}

func (d *DB) apply(ctx context.Context, tx *Tx, all []migrations.Migration) (copied string, err error) {
	if err := tx.Lock(ctx, "migrate"); err != nil {
		return "", err
	}
	// Asked again now that we are alone: another process may have been first.
	todo, newest, err := compare(ctx, tx, all)
	if err != nil || len(todo) == 0 {
		return "", err
	}
	if d.Engine == SQLite && newest > 0 {
		if copied, err = d.copyFile(ctx, newest); err != nil {
			return "", err
		}
	}
	return copied, applyAll(ctx, tx, todo)
}

func applyAll(ctx context.Context, tx *Tx, todo []migrations.Migration) error {
	register, err := render(register, tx.Engine)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, register); err != nil {
		return err
	}
	for _, m := range todo {
		if err := applyOne(ctx, tx, m); err != nil {
			return fmt.Errorf("migration %s: %w", m.Name, err)
		}
	}
	return nil
}

// register is the table of what has been applied.
const register = `
CREATE TABLE IF NOT EXISTS migration (
	number     INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	hash       TEXT NOT NULL, -- SHA-256 of the text, to refuse a history that is not ours
	applied_at TEXT NOT NULL
) {{.Strict}}`

func applyOne(ctx context.Context, tx *Tx, m migrations.Migration) error {
	text, err := render(m.Text, tx.Engine)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO migration (number, name, hash, applied_at) VALUES ($1, $2, $3, $4)`,
		m.Number, m.Name, hashOf(m.Text), Stamp(time.Now())) //nolint:forbidigo // for the operator; nothing is made from it
	return err
}

// compare sets what the database says was applied against what the program
// has, and returns what is missing and the newest number applied.
func compare(ctx context.Context, tx *Tx, all []migrations.Migration) ([]migrations.Migration, int, error) {
	hashes, newest, err := appliedHashes(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	var todo []migrations.Migration
	last := 0
	for _, m := range all {
		last = m.Number
		switch hash, ok := hashes[m.Number]; {
		case !ok:
			todo = append(todo, m)
		case hash != hashOf(m.Text):
			return nil, 0, errs.New(errs.Conflict, "The database was made with another text of migration %s.", m.Name).
				WithHint("It comes from a development version of the program. Start with a new database and bring the files in again.")
		}
	}
	if newest > last {
		return nil, 0, errs.New(errs.Conflict, "The database is newer than this program: it is at migration %d, the program knows %d.", newest, last).
			WithHint("Run the newer program, or restore the copy that was made before the database was brought up to date.")
	}
	return todo, newest, nil
}

func appliedHashes(ctx context.Context, tx *Tx) (map[int]string, int, error) {
	there, err := hasTable(ctx, tx, "migration")
	if err != nil || !there {
		return nil, 0, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT number, hash FROM migration ORDER BY number`)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	hashes, newest := map[int]string{}, 0
	for rows.Next() {
		var hash string
		if err := rows.Scan(&newest, &hash); err != nil {
			return nil, 0, err
		}
		hashes[newest] = hash
	}
	return hashes, newest, rows.Err()
}

// hasTable asks each engine's own catalogue; there is no common one.
func hasTable(ctx context.Context, tx *Tx, name string) (bool, error) {
	query := `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`
	if tx.Engine == Postgres {
		query = `SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1`
	}
	var n int
	err := tx.QueryRowContext(ctx, query, name).Scan(&n)
	return n > 0, err
}

// copyFile writes a whole, consistent copy of the SQLite file beside it, named
// by the first migration it does not hold. The caller has the write lock and
// has changed nothing yet, so a connection beside it reads what is to be kept.
// A copy of that name from an earlier try is replaced.
func (d *DB) copyFile(ctx context.Context, newest int) (string, error) {
	to := fmt.Sprintf("%s.before-migration-%04d", d.path, newest+1)
	if err := os.Remove(to); err != nil && !os.IsNotExist(err) {
		return "", err
	}
	beside, err := sql.Open("sqlite", dsn(d.path, nil))
	if err != nil {
		return "", err
	}
	defer beside.Close()
	if _, err := beside.ExecContext(ctx, `VACUUM INTO $1`, to); err != nil {
		return "", fmt.Errorf("copying the database to %s: %w", to, err)
	}
	if err := os.Chmod(to, 0o600); err != nil {
		return "", err
	}
	return to, syncFile(to)
}

// syncFile makes a finished file and its name outlive a power cut.
func syncFile(path string) error {
	for _, p := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		err = f.Sync()
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
