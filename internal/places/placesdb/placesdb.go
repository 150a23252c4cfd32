// Package placesdb keeps the datasets of places, and the atlas worked out from
// them, in SQL.
package placesdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// Store is a places.Store in a database.
type Store struct{ db *db.DB }

// New returns the store of a database whose schema is up to date.
func New(d *db.DB) *Store { return &Store{d} }

var _ places.Store = (*Store)(nil)

// Datasets implements places.Store.
func (s *Store) Datasets(ctx context.Context, unit ids.Unit) (out []places.Dataset, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT file, name, kind, level, size, options, imported_at, imported_by, summary
			FROM places_dataset
			WHERE unit_id = $1
			ORDER BY seq, position, file`, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil
		for rows.Next() {
			d, err := scan(rows)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return rows.Err()
	})
	return out, err
}

// scan reads a row of the register; more takes what columns follow.
func scan(rows *sql.Rows, more ...any) (d places.Dataset, err error) {
	var options, at, summary string
	to := append([]any{&d.File, &d.Name, &d.Kind, &d.Level, &d.Size, &options, &at, &d.By, &summary}, more...)
	if err := rows.Scan(to...); err != nil {
		return d, err
	}
	if d.At, err = db.ParseStamp(at); err != nil {
		return d, err
	}
	return d, errors.Join(json.Unmarshal([]byte(options), &d.Options), json.Unmarshal([]byte(summary), &d.Summary))
}

// Contents implements places.Store.
func (s *Store) Contents(ctx context.Context, unit ids.Unit) (out []places.KeptDataset, revision int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if revision, err = newest(ctx, tx, unit); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT file, name, kind, level, size, options, imported_at, imported_by, summary, content
			FROM places_dataset
			WHERE unit_id = $1
			ORDER BY seq, position, file`, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil
		for rows.Next() {
			var content []byte
			d, err := scan(rows, &content)
			if err != nil {
				return err
			}
			out = append(out, places.KeptDataset{Dataset: d, Content: content})
		}
		return rows.Err()
	})
	return out, revision, err
}

// Revision implements places.Store.
func (s *Store) Revision(ctx context.Context, unit ids.Unit) (revision int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		revision, err = newest(ctx, tx, unit)
		return err
	})
	return revision, err
}

func newest(ctx context.Context, tx *db.Tx, unit ids.Unit) (revision int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT revision FROM places_atlas WHERE unit_id = $1`, unit).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return revision, err
}

// Atlas implements places.Store.
func (s *Store) Atlas(ctx context.Context, unit ids.Unit) (out places.Packed, revision int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = places.Packed{Shapes: make(map[ids.Level][]byte)}
		err := tx.QueryRowContext(ctx, `SELECT revision, core FROM places_atlas WHERE unit_id = $1`, unit).Scan(&revision, &out.Core)
		if err != nil {
			return missing(err)
		}
		rows, err := tx.QueryContext(ctx, `SELECT level, packed FROM places_shapes WHERE unit_id = $1 ORDER BY level`, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var level ids.Level
			var packed []byte
			if err := rows.Scan(&level, &packed); err != nil {
				return err
			}
			out.Shapes[level] = packed
		}
		return rows.Err()
	})
	return out, revision, err
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, "no places were imported").WithHint("import some: vru places import FILE")
	}
	return err
}

// Save implements places.Store.
func (s *Store) Save(ctx context.Context, unit ids.Unit, change places.Change, event access.Event) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := advance(ctx, tx, unit, change); err != nil {
			return err
		}
		gone := slices.Clone(change.Remove)
		for _, d := range change.Add {
			gone = append(gone, d.File)
		}
		for _, file := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM places_dataset WHERE unit_id = $1 AND file = $2`, unit, file); err != nil {
				return err
			}
		}
		for i, d := range change.Add {
			if err := add(ctx, tx, unit, change.Base+1, i, d); err != nil {
				return err
			}
		}
		if err := saveShapes(ctx, tx, unit, change.Atlas.Shapes); err != nil {
			return err
		}
		return accessdb.AppendEvent(ctx, tx, event)
	})
}

// advance puts the new atlas in the place of the one the change was worked out
// from, if that is still the newest.
func advance(ctx context.Context, tx *db.Tx, unit ids.Unit, change places.Change) error {
	text := `INSERT INTO places_atlas (unit_id, revision, core) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	args := []any{unit, change.Base + 1, change.Atlas.Core}
	if change.Base > 0 {
		text = `UPDATE places_atlas SET revision = $2, core = $3 WHERE unit_id = $1 AND revision = $4`
		args = append(args, change.Base)
	}
	done, err := tx.ExecContext(ctx, text, args...)
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return err
	}
	if n == 1 {
		return nil
	}
	return errs.New(errs.Conflict, "somebody else imported places at the same moment").WithHint("import again")
}

func add(ctx context.Context, tx *db.Tx, unit ids.Unit, seq int64, position int, d places.KeptDataset) error {
	options, err1 := json.Marshal(d.Options)
	summary, err2 := json.Marshal(d.Summary)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO places_dataset (unit_id, file, seq, position, name, kind, level, size, options, imported_at, imported_by, summary, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		unit, d.File, seq, position, d.Name, d.Kind, d.Level, d.Size, string(options), db.Stamp(d.At), d.By, string(summary), d.Content)
	return err
}

// saveShapes writes the boundaries that changed and drops those of levels that
// have none any more.
func saveShapes(ctx context.Context, tx *db.Tx, unit ids.Unit, shapes map[ids.Level][]byte) error {
	kept, err := keptShapes(ctx, tx, unit)
	if err != nil {
		return err
	}
	for level := range kept {
		if _, ok := shapes[level]; !ok {
			if _, err := tx.ExecContext(ctx, `DELETE FROM places_shapes WHERE unit_id = $1 AND level = $2`, unit, level); err != nil {
				return err
			}
		}
	}
	for level, packed := range shapes {
		sum := sha256.Sum256(packed)
		hash := hex.EncodeToString(sum[:])
		if kept[level] == hash {
			continue
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO places_shapes (unit_id, level, hash, packed) VALUES ($1, $2, $3, $4)
			ON CONFLICT (unit_id, level) DO UPDATE SET hash = excluded.hash, packed = excluded.packed`, unit, level, hash, packed); err != nil {
			return err
		}
	}
	return nil
}

func keptShapes(ctx context.Context, tx *db.Tx, unit ids.Unit) (map[ids.Level]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT level, hash FROM places_shapes WHERE unit_id = $1 ORDER BY level`, unit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kept := make(map[ids.Level]string)
	for rows.Next() {
		var level ids.Level
		var hash string
		if err := rows.Scan(&level, &hash); err != nil {
			return nil, err
		}
		kept[level] = hash
	}
	return kept, rows.Err()
}
