package db

import (
	"context"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Insert adds many rows to a table and returns how many. It is the fast way on
// either engine: COPY on PostgreSQL, rows a few hundred at a time in one
// prepared statement on SQLite. Each row has a value for every column, in
// order. A row that breaks a constraint ends the whole with the driver's error.
//
// The table and column names are the program's own; nothing from outside may
// reach them.
func (tx *Tx) Insert(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (int64, error) {
	if tx.Engine == Postgres {
		return tx.copy(ctx, table, columns, rows)
	}
	return tx.insertBatches(ctx, table, columns, rows)
}

// copy hands the rows to COPY. A row is given over before the next is asked
// for, so the caller may use one slice for all.
func (tx *Tx) copy(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (n int64, err error) {
	next, stop := iter.Pull(rows)
	defer stop()
	err = tx.Native(func(c *pgx.Conn) error {
		n, err = c.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			row, ok := next()
			if !ok {
				return nil, nil
			}
			return row, nil
		}))
		return err
	})
	return n, err
}

// batchVars is how many values go into one SQLite statement: enough to make
// the cost of a statement small, far below SQLite's limit.
const batchVars = 2000

func (tx *Tx) insertBatches(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) (n int64, err error) {
	size := max(1, batchVars/len(columns))
	full, err := tx.PrepareContext(ctx, insertText(table, columns, size))
	if err != nil {
		return 0, err
	}
	defer func() { _ = full.Close() }()
	args := make([]any, 0, size*len(columns))
	for row := range rows {
		args = append(args, row...)
		n++
		if len(args) == cap(args) {
			if _, err := full.ExecContext(ctx, args...); err != nil {
				return n, err
			}
			args = args[:0]
		}
	}
	if len(args) > 0 {
		_, err = tx.ExecContext(ctx, insertText(table, columns, len(args)/len(columns)), args...)
	}
	return n, err
}

func insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		for c := range columns {
			b.WriteByte("(,"[min(c, 1)])
			b.WriteByte('?') // not $n: SQLite looks a name up in a list, once for each value, and the list is long
		}
		b.WriteByte(')')
	}
	return b.String()
}
