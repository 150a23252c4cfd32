package recordstest

import (
	"testing"

	"openvru/internal/records"
)

func TestMemory(t *testing.T) {
	Exercise(t, func(*testing.T) records.Store { return NewMemory() })
}
