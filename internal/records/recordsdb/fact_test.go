package recordsdb_test

import (
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/records"
	"openvru/internal/records/recordsdb"
	"openvru/internal/records/recordstest"
)

func TestFactStore(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		recordstest.ExerciseFacts(t, func(*testing.T) records.FactStore { return recordsdb.NewFactStore(d) })
	})
}
