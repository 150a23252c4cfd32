package placestest_test

import (
	"testing"

	"openvru/internal/places"
	"openvru/internal/places/placestest"
)

func TestMemory(t *testing.T) {
	placestest.Exercise(t, func(*testing.T) places.Store { return &placestest.Memory{} })
}
