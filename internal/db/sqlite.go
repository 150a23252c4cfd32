package db

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // registers "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"openvru/internal/errs"
)

// oldestSQLite is the first SQLite whose write-ahead log cannot be corrupted
// by two connections that write and checkpoint at once.
var oldestSQLite = [3]int{3, 51, 3}

// What each connection to a SQLite file is told. FULL makes every commit
// outlive a power cut; the journal's size limit gives disk back after a large
// submission. The reader refuses writes, so that a query cannot become one.
var (
	common = []string{"busy_timeout(15000)", "foreign_keys(1)", "temp_store(MEMORY)"}
	writer = []string{"journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(67108864)", "cache_size(-32768)"}
	reader = []string{"query_only(1)", "cache_size(-8192)"}
)

// readers is how many reads of a SQLite file run at once.
const readers = 8

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := checkFolder(path); err != nil {
		return nil, err
	}
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	d := &DB{Engine: SQLite, path: path}
	var err error
	if d.writer, err = sql.Open("sqlite", dsn(path, writer)+"&_txlock=immediate"); err != nil {
		return nil, err
	}
	d.writer.SetMaxOpenConns(1)
	if d.reader, err = sql.Open("sqlite", dsn(path, reader)); err != nil {
		return nil, errors.Join(err, d.writer.Close())
	}
	d.reader.SetMaxOpenConns(readers)
	d.reader.SetMaxIdleConns(readers)
	if err := d.checkSQLite(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func dsn(path string, pragmas []string) string {
	var b strings.Builder
	b.WriteString("file:" + (&url.URL{Path: path}).EscapedPath() + "?_dqs=0")
	for _, p := range append(append([]string{}, common...), pragmas...) {
		b.WriteString("&_pragma=" + p)
	}
	return b.String()
}

// checkFolder finds the faults that SQLite itself only calls "unable to open".
func checkFolder(path string) error {
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.Unavailable, "The folder %s, where the database should be, is not there.", folder).
			WithHint("Make the folder, or set OPENVRU_DB to a file in one that exists.")
	case err != nil:
		return errs.New(errs.Unavailable, "The folder of the database, %s, cannot be read.", folder).WithCause(err)
	case !info.IsDir():
		return errs.New(errs.Unavailable, "%s is a file, so no database can be inside it.", folder)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errs.New(errs.Unavailable, "%s is a folder, not a database file.", path).
			WithHint("Set OPENVRU_DB to a file inside it, such as %s.", filepath.Join(path, "openvru.db"))
	}
	return nil
}

// makePrivate makes the file if it is not there, for nobody but its owner to
// read: left to SQLite it would be everybody's. The journals beside it take
// its permissions.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return cannotOpen(path, err)
	}
	return f.Close()
}

func cannotOpen(path string, err error) error {
	return errs.New(errs.Unavailable, "The database %s cannot be opened for writing.", path).
		WithHint("Check who owns the file and its folder: this process must be able to write both.").WithCause(err)
}

func (d *DB) checkSQLite(ctx context.Context) error {
	var version string
	err := d.writer.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version)
	if err == nil {
		err = d.writer.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(new(int))
	}
	if err != nil {
		return explainOpen(err, d.path)
	}
	return checkSQLiteVersion(version)
}

func explainOpen(err error, path string) error {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return errs.New(errs.Unavailable, "%s is not a database, or is damaged.", path).
			WithHint("If it held your data, restore the last backup; otherwise set OPENVRU_DB to another file.").WithCause(err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY:
		return cannotOpen(path, err)
	}
	return explain(err)
}

// checkSQLiteVersion is the engine version gate. Errors: Unavailable.
func checkSQLiteVersion(version string) error {
	parts := strings.Split(version, ".")
	for i, oldest := range oldestSQLite {
		n := 0
		if i < len(parts) {
			n, _ = strconv.Atoi(parts[i])
		}
		if n > oldest {
			return nil
		}
		if n < oldest {
			return errs.New(errs.Unavailable, "This program was built with SQLite %s, which can damage a database that is written and tidied at once; 3.51.3 is the first that cannot.", version).
				WithHint("Build it again with modernc.org/sqlite v1.46.2 or later.")
		}
	}
	return nil
}
