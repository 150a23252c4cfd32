package analysisdb_test

import (
	"testing"

	"openvru/internal/analysis"
	"openvru/internal/analysis/analysisdb"
	"openvru/internal/analysis/analysistest"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/records"
	"openvru/internal/records/recordsdb"
)

func TestStore(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		analysistest.Exercise(t, func(*testing.T) (records.FactStore, analysis.Store) {
			return recordsdb.NewFactStore(d), analysisdb.New(d)
		})
	})
}
