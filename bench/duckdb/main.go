// Command duckdb measures DuckDB at the work that the product is compared
// with: loading a CSV file into a table, and counting over Parquet files. It
// prints one line of JSON. It is a module of its own, so that the product never
// depends on it; bench/README.md says how it is run.
//
//	duckdb load FILE.csv [DATABASE]
//	duckdb count BOROUGH FILE.parquet…
//	duckdb hours FILE.parquet…
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
)

// rounds is how often each piece of work is done; the best counts.
const rounds = 5

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "duckdb:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: duckdb load FILE.csv [DATABASE] | count BOROUGH FILE.parquet… | hours FILE.parquet…")
	}
	address := ""
	if args[0] == "load" && len(args) > 2 {
		address = args[2]
	}
	db, err := sql.Open("duckdb", address)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("SET threads = 2"); err != nil {
		return err
	}
	switch args[0] {
	case "load":
		return load(db, args[1])
	case "count":
		return ask(db, `SELECT month, category, count(*) AS records, sum("count") AS n FROM read_parquet([`+list(args[2:])+`]) WHERE borough = '`+args[1]+`' GROUP BY ALL ORDER BY ALL`)
	case "hours":
		return ask(db, `SELECT hour, weekday, count(*) AS records, sum("count") AS n FROM read_parquet([`+list(args[1:])+`]) GROUP BY ALL ORDER BY ALL`)
	}
	return fmt.Errorf("no such work: %s", args[0])
}

func list(paths []string) string { return "'" + strings.Join(paths, "', '") + "'" }

// load times the bare load of a CSV file into a new table.
func load(db *sql.DB, path string) error {
	best, rows := time.Duration(1<<62), int64(0)
	for range rounds {
		if _, err := db.Exec("DROP TABLE IF EXISTS crime"); err != nil {
			return err
		}
		start := time.Now()
		if _, err := db.ExecContext(context.Background(), "CREATE TABLE crime AS SELECT * FROM read_csv('"+path+"')"); err != nil {
			return err
		}
		best = min(best, time.Since(start))
	}
	if err := db.QueryRow("SELECT count(*) FROM crime").Scan(&rows); err != nil {
		return err
	}
	return tell(best, rows)
}

// ask times a query to its last row.
func ask(db *sql.DB, query string) error {
	best, groups := time.Duration(1<<62), int64(0)
	for range rounds {
		start := time.Now()
		rows, err := db.Query(query)
		if err != nil {
			return err
		}
		groups = 0
		for rows.Next() {
			groups++
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		best = min(best, time.Since(start))
	}
	return tell(best, groups)
}

func tell(best time.Duration, rows int64) error {
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"seconds": best.Seconds(), "rows": rows})
}
