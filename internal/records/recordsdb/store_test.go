package recordsdb_test

import (
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/records"
	"openvru/internal/records/recordsdb"
	"openvru/internal/records/recordstest"
)

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, fresh func(testing.TB) *db.DB) {
		recordstest.Exercise(t, func(t *testing.T) records.Store { return recordsdb.New(fresh(t)) })
	})
}
