package db_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
)

var update = flag.Bool("update", false, "write migrations/schema.golden anew")

var golden = filepath.Join("..", "..", "migrations", "schema.golden")

// Both engines end with one schema, and it is the one that was read and agreed.
func TestSchema(t *testing.T) {
	if *update {
		text := describe(t, dbtest.Open(t, dbtest.SQLite(t)))
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if got := describe(t, d); got != string(want) {
			t.Errorf("the schema is not that of migrations/schema.golden; if it should be, run this test with -update\n%s",
				firstDifference(got, string(want)))
		}
	})
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	table := ""
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			return fmt.Sprintf("in %s:\ngot  %s\nwant %s", table, at(g, i), at(w, i))
		}
		if strings.HasPrefix(g[i], "table") {
			table = g[i]
		}
	}
	return "no difference"
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(the end)"
}

// Every SQLite table is STRICT, so that a text in a column of numbers is
// refused there too.
func TestTablesAreStrict(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	for _, row := range query(t, d, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`) {
		t.Errorf("table %s is not STRICT: end it with {{.Strict}}", row[0])
	}
}

// describe writes a schema in words that are the same for both engines.
func describe(t *testing.T, d *db.DB) string {
	t.Helper()
	tables, columns, others := sqliteTables, sqliteColumns, sqliteOthers
	if d.Engine == db.Postgres {
		tables, columns, others = postgresTables, postgresColumns, postgresOthers
	}
	var b strings.Builder
	for _, table := range query(t, d, tables) {
		fmt.Fprintf(&b, "table %s\n", table[0])
		for _, c := range query(t, d, columns, table[0]) {
			required := "may be missing"
			if c[2] == "1" {
				required = "required"
			}
			fmt.Fprintf(&b, "  %-14s %-8s %s\n", c[0], kind(c[1]), required)
		}
		var lines []string
		for _, o := range query(t, d, others, table[0]) {
			lines = append(lines, "  "+strings.Join(strings.Fields(strings.Join(o, " ")), " ")+"\n")
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, "") + "\n")
	}
	return b.String()
}

// kind is the name of a column's type that both engines share.
func kind(s string) string {
	switch strings.ToLower(s) {
	case "text", "text c":
		return "text"
	case "integer", "bigint":
		return "integer"
	case "real", "double precision":
		return "real"
	case "blob", "bytea":
		return "bytes"
	case "real4":
		return "real of 32 bits: write {{.Real}}"
	}
	return "unknown type " + s
}

func query(t *testing.T, d *db.DB, text string, args ...any) (out [][]string) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		rows, err := tx.Query(text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			row, into := make([]string, len(names)), make([]any, len(names))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			out = append(out, row)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

const (
	sqliteTables  = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	sqliteColumns = `SELECT name, type, CASE WHEN "notnull" = 1 OR pk > 0 THEN 1 ELSE 0 END FROM pragma_table_info($1) ORDER BY cid`
	sqliteOthers  = `
		SELECT 'key', group_concat(name, ', '), '' FROM (SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk) HAVING count(*) > 0
		UNION ALL
		SELECT CASE WHEN l."unique" = 1 THEN 'unique' ELSE 'index' END,
			(SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)),
			CASE WHEN l.partial = 1 THEN 'of some rows' ELSE '' END
		FROM pragma_index_list($1) l WHERE l.origin <> 'pk'
		UNION ALL
		SELECT 'refers', group_concat("from", ', '), 'to ' || "table" || ' ' || group_concat("to", ', ')
		FROM (SELECT * FROM pragma_foreign_key_list($1) ORDER BY id, seq) GROUP BY id, "table"`

	postgresTables  = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename COLLATE "C"`
	postgresColumns = `
		SELECT column_name::text,
			CASE WHEN data_type = 'real' THEN 'real4' ELSE data_type || coalesce(' ' || collation_name, '') END,
			CASE WHEN is_nullable = 'NO' THEN 1 ELSE 0 END
		FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
	postgresOthers = `
		SELECT CASE WHEN i.indisprimary THEN 'key' WHEN i.indisunique THEN 'unique' ELSE 'index' END,
			(SELECT string_agg(a.attname, ', ' ORDER BY k.n)
				FROM unnest(i.indkey) WITH ORDINALITY k (num, n) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num),
			CASE WHEN i.indpred IS NULL THEN '' ELSE 'of some rows' END
		FROM pg_index i WHERE i.indrelid = $1::text::regclass
		UNION ALL
		SELECT 'refers',
			(SELECT string_agg(a.attname, ', ' ORDER BY k.n)
				FROM unnest(c.conkey) WITH ORDINALITY k (num, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
			'to ' || c.confrelid::regclass || ' ' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n)
				FROM unnest(c.confkey) WITH ORDINALITY k (num, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
		FROM pg_constraint c WHERE c.conrelid = $1::text::regclass AND c.contype = 'f'`
)
