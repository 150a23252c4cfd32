package analysistest_test

import (
	"testing"

	"openvru/internal/analysis"
	"openvru/internal/analysis/analysistest"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

func TestMemory(t *testing.T) {
	analysistest.Exercise(t, func(*testing.T) (records.FactStore, analysis.Store) {
		return recordstest.NewFactMemory(), analysistest.NewMemory()
	})
}
