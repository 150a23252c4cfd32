package recordsdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// EditionsMark counts the editions, the withdrawn ones and the rebuilds: none of
// the numbers ever falls, so they change with every change.
func (s *FactStore) EditionsMark(ctx context.Context, unit ids.Unit) (mark string, err error) {
	defer errs.Wrap(&err, "recordsdb.EditionsMark(%s)", unit)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var all, withdrawn, rebuilt int
		err := tx.QueryRowContext(ctx, `
			SELECT COUNT(*), COUNT(*) FILTER (WHERE withdrawn_at <> ''), COALESCE(SUM(rebuilt), 0)
			FROM fact_edition WHERE unit_id = $1`, unit).Scan(&all, &withdrawn, &rebuilt)
		mark = fmt.Sprint(all, "/", withdrawn, "/", rebuilt)
		return err
	})
	return mark, err
}

// Editions returns every edition, oldest first.
func (s *FactStore) Editions(ctx context.Context, unit ids.Unit) (out []records.Edition, err error) {
	defer errs.Wrap(&err, "recordsdb.Editions(%s)", unit)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if out, err = readEditions(ctx, tx, unit); err != nil {
			return err
		}
		return readCoverage(ctx, tx, unit, out)
	})
	return out, err
}

func readEditions(ctx context.Context, tx *db.Tx, unit ids.Unit) ([]records.Edition, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT submission_id, source, file_name, file_hash, accepted_at, supersedes, withdrawn_at
		FROM fact_edition WHERE unit_id = $1 ORDER BY accepted_at, submission_id`, unit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []records.Edition
	for rows.Next() {
		var e records.Edition
		var accepted, withdrawn string
		if err := rows.Scan(&e.Submission, &e.Source, &e.FileName, &e.File, &accepted, &e.Supersedes, &withdrawn); err != nil {
			return nil, err
		}
		if e.AcceptedAt, err = db.ParseStamp(accepted); err != nil {
			return nil, err
		}
		if e.WithdrawnAt, err = db.ParseStamp(withdrawn); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func readCoverage(ctx context.Context, tx *db.Tx, unit ids.Unit, editions []records.Edition) error {
	at := make(map[ids.Submission]*records.Edition, len(editions))
	for i := range editions {
		at[editions[i].Submission] = &editions[i]
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT submission_id, force_code, level, from_month, to_month, series
		FROM fact_coverage WHERE unit_id = $1 ORDER BY submission_id, force_code, level, from_month, to_month`, unit)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id ids.Submission
		var c records.Coverage
		var from, to, series string
		if err := rows.Scan(&id, &c.Force, &c.Level, &from, &to, &series); err != nil {
			return err
		}
		if c.Months, err = months(from, to); err != nil {
			return err
		}
		c.Series = parseSeries(series)
		at[id].Coverage = append(at[id].Coverage, c)
	}
	return rows.Err()
}

func months(from, to string) (r period.Range, err error) {
	if r.From, err = period.ParseMonth(from); err != nil {
		return r, err
	}
	r.To, err = period.ParseMonth(to)
	return r, err
}

// Blocks returns the blocks asked for.
func (s *FactStore) Blocks(ctx context.Context, unit ids.Unit, q records.BlockQuery) (out []records.Block, err error) {
	defer errs.Wrap(&err, "recordsdb.Blocks(%s, %v)", q.Level, q.Blocks)
	if len(q.Submissions) == 0 || len(q.Series) == 0 || len(q.Blocks) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		for part := range parts(q) {
			text, args := blocksText(unit, part)
			got, err := readBlocks(ctx, tx, q.Level, text, args)
			if err != nil {
				return err
			}
			out = append(out, got...)
		}
		return nil
	})
	records.SortBlocks(out) // here, since engines collate text in their own ways
	return out, err
}

// branches is how many blocks of one series are asked for in one statement:
// SQLite takes 500, and beyond some the plan costs more than the trip.
const branches = 100

// parts divides a question into ones of few enough branches.
func parts(q records.BlockQuery) iter.Seq[records.BlockQuery] {
	return func(yield func(records.BlockQuery) bool) {
		for blocks := range slices.Chunk(q.Blocks, branches) {
			for series := range slices.Chunk(q.Series, max(1, branches/len(blocks))) {
				part := q
				part.Blocks, part.Series = blocks, series
				if !yield(part) {
					return
				}
			}
		}
	}
}

// blocksText writes the question so that either engine, whatever it knows of
// the table's statistics, goes straight to the blocks by the table's key: a
// branch for each block and series, with all of the key's first columns equal
// to one value. The submissions are written as an expression so that blocks
// are not looked for by them: an edition has thousands, of which few are
// wanted.
func blocksText(unit ids.Unit, q records.BlockQuery) (string, []any) {
	args := []any{unit, q.Level, q.From, q.To}
	var b strings.Builder
	b.WriteString("SELECT series, block, year, force_code, submission_id, cells FROM (")
	for i, block := range q.Blocks {
		for j, series := range q.Series {
			if i+j > 0 {
				b.WriteString(" UNION ALL ")
			}
			b.WriteString(`
				SELECT series, block, year, force_code, submission_id, cells FROM fact_block
				WHERE unit_id = $1 AND level = $2 AND block = ` + bind(&args, []string{block}) + `
				AND series = ` + bind(&args, []ids.Series{series}) + ` AND year BETWEEN $3 AND $4`)
		}
	}
	b.WriteString(") AS found WHERE submission_id || '' IN (" + bind(&args, q.Submissions) + ")")
	return b.String(), args
}

// bind adds values to a statement's arguments and returns their placeholders.
func bind[S ~string](args *[]any, values []S) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		*args = append(*args, string(v))
		fmt.Fprintf(&b, "$%d", len(*args))
	}
	return b.String()
}

func readBlocks(ctx context.Context, tx *db.Tx, level ids.Level, text string, args []any) ([]records.Block, error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []records.Block
	for rows.Next() {
		b := records.Block{Level: level}
		if err := rows.Scan(&b.Series, &b.Block, &b.Year, &b.Force, &b.Submission, &b.Cells); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

// EditionBlocks returns every block of an edition.
func (s *FactStore) EditionBlocks(ctx context.Context, unit ids.Unit, id ids.Submission) (out []records.Block, err error) {
	defer errs.Wrap(&err, "recordsdb.EditionBlocks(%s)", id)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		rows, err := tx.QueryContext(ctx, `
			SELECT level, series, block, year, force_code, submission_id, cells FROM fact_block
			WHERE unit_id = $1 AND submission_id = $2`, unit, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var b records.Block
			if err := rows.Scan(&b.Level, &b.Series, &b.Block, &b.Year, &b.Force, &b.Submission, &b.Cells); err != nil {
				return err
			}
			out = append(out, b)
		}
		return rows.Err()
	})
	records.SortBlocks(out)
	return out, err
}
