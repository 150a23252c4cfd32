package recordstest_test

import (
	"testing"

	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

func TestFactMemory(t *testing.T) {
	recordstest.ExerciseFacts(t, func(*testing.T) records.FactStore { return recordstest.NewFactMemory() })
}
