package placesdb_test

import (
	"testing"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/places"
	"openvru/internal/places/placesdb"
	"openvru/internal/places/placestest"
)

func TestStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, fresh func(testing.TB) *db.DB) {
		placestest.Exercise(t, func(t *testing.T) places.Store { return placesdb.New(fresh(t)) })
	})
}
