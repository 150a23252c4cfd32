package accessdb

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// AddFirstUnit keeps a unit when there is none. Errors: Conflict.
func (s *Store) AddFirstUnit(ctx context.Context, u access.Unit, own access.Organisation, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "first unit"); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM unit`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "There is a unit already.")
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO unit (unit_id, name, invented, created_at) VALUES ($1, $2, $3, $4)`,
			u.ID, u.Name, flag(u.Invented), db.Stamp(u.CreatedAt))
		if err != nil {
			return err
		}
		return addOrganisation(ctx, tx, own)
	})
}

// RenameUnit changes a unit's name. Errors: NotFound.
func (s *Store) RenameUnit(ctx context.Context, unit ids.Unit, name string, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE unit SET name = $2 WHERE unit_id = $1`, unit, name)
		return must(r, err, missing("unit"))
	})
}

// Units returns every unit, the first made first.
func (s *Store) Units(ctx context.Context) (units []access.Unit, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		units = nil
		rows, err := tx.QueryContext(ctx, `SELECT unit_id, name, invented, created_at FROM unit ORDER BY created_at, unit_id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var u access.Unit
			var at string
			if err := rows.Scan(&u.ID, &u.Name, &u.Invented, &at); err != nil {
				return err
			}
			if u.CreatedAt, err = db.ParseStamp(at); err != nil {
				return err
			}
			units = append(units, u)
		}
		return rows.Err()
	})
	return units, err
}

// AddOrganisation keeps a new organisation. Errors: Conflict.
func (s *Store) AddOrganisation(ctx context.Context, o access.Organisation, e access.Event) error {
	return s.write(ctx, e, func(tx *db.Tx) error { return addOrganisation(ctx, tx, o) })
}

func addOrganisation(ctx context.Context, tx *db.Tx, o access.Organisation) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO organisation (unit_id, org_id, name, folded, created_at) VALUES ($1, $2, $3, $4, $5)`,
		o.Unit, o.ID, o.Name, o.Folded(), db.Stamp(o.CreatedAt))
	return err
}

// Organisations returns the unit's organisations, the first made first.
func (s *Store) Organisations(ctx context.Context, unit ids.Unit) (orgs []access.Organisation, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		orgs = nil
		rows, err := tx.QueryContext(ctx, `
			SELECT org_id, name, created_at
			FROM organisation
			WHERE unit_id = $1
			ORDER BY created_at, org_id`, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			o := access.Organisation{Unit: unit}
			var at string
			if err := rows.Scan(&o.ID, &o.Name, &at); err != nil {
				return err
			}
			if o.CreatedAt, err = db.ParseStamp(at); err != nil {
				return err
			}
			orgs = append(orgs, o)
		}
		return rows.Err()
	})
	return orgs, err
}

// flag is a boolean as both engines keep it.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
