package accesstest_test

import (
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
)

func TestMemory(t *testing.T) {
	accesstest.Exercise(t, func(*testing.T) access.Store { return accesstest.NewMemory() })
}
