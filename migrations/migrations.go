// Package migrations is the database's history: numbered SQL texts, one text
// per number for both engines, applied forward only by db.Migrate.
//
// A text is plain SQL in the subset both engines share. The few words that
// must differ are written as template words:
//
//	{{.Blob}}    bytes                BLOB on SQLite, BYTEA on PostgreSQL
//	{{.BigInt}}  64-bit whole number  INTEGER, BIGINT
//	{{.Real}}    64-bit number        REAL, DOUBLE PRECISION
//	{{.Strict}}  after a table's ")"  STRICT, nothing
//	{{.AppendOnly "t"}}               a statement that makes table t refuse UPDATE and DELETE
//	{{if .SQLite}}…{{else}}…{{end}}   two texts side by side; say why in a comment
//
// The type TEXT sorts by bytes on both: PostgreSQL is told COLLATE "C" for every
// column of that type.
//
// Once a number has been released its text is never edited: the next number
// says what changes.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Migration is one step of the schema's history.
type Migration struct {
	Number int
	Name   string // "0001_access"
	Text   string // as written, with its template words
}

// All returns every migration in order of number. It fails when two share a
// number or a name is not NNNN_name.sql, which a test of this package shows
// before anybody else meets it.
func All() ([]Migration, error) { return load(files) }

func load(folder fs.FS) ([]Migration, error) {
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []Migration
	for _, name := range names {
		m, err := read(folder, name)
		if err != nil {
			return nil, err
		}
		if n := len(all); n > 0 && all[n-1].Number == m.Number {
			return nil, fmt.Errorf("migrations %s and %s have the same number", all[n-1].Name, m.Name)
		}
		all = append(all, m)
	}
	return all, nil
}

func read(folder fs.FS, name string) (Migration, error) {
	digits, _, ok := strings.Cut(name, "_")
	number, err := strconv.Atoi(digits)
	if !ok || err != nil || len(digits) != 4 || number < 1 {
		return Migration{}, fmt.Errorf("migration %s is not named NNNN_name.sql", name)
	}
	text, err := fs.ReadFile(folder, name)
	return Migration{number, strings.TrimSuffix(name, ".sql"), string(text)}, err
}
