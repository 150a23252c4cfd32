package db_test

import (
	"context"
	"slices"
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/migrations"
)

// Texts sort by their bytes on both engines, and NULLs where the query says.
func TestTextsSortTheSame(t *testing.T) {
	want := []string{"", "B", "E01", "E1", "a", "a b", "a-b", "ab", "é"}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		all, err := migrations.All()
		if err != nil {
			t.Fatal(err)
		}
		next := migrations.Migration{Number: all[len(all)-1].Number + 1, Name: "order", Text: `CREATE TABLE word (word TEXT)`}
		if _, err := db.MigrateTo(d, append(all, next)); err != nil {
			t.Fatal(err)
		}
		for _, w := range slices.Backward(want) {
			mustExec(t, d, `INSERT INTO word (word) VALUES ($1)`, w)
		}
		var got []string
		err = d.Read(context.Background(), func(tx *db.Tx) error {
			rows, err := tx.Query(`SELECT word FROM word ORDER BY word`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var w string
				if err := rows.Scan(&w); err != nil {
					return err
				}
				got = append(got, w)
			}
			return rows.Err()
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %q (%v), want %q", got, err, want)
		}
	})
}
