package accessdb_test

import (
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/access/accesstest"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
)

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, fresh func(testing.TB) *db.DB) {
		accesstest.Exercise(t, func(t *testing.T) access.Store { return accessdb.New(fresh(t)) })
	})
}
