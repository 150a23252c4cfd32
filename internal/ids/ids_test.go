package ids_test

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	"openvru/internal/ids"
)

func TestMakerMakesUUIDv7InOrderOfTime(t *testing.T) {
	at := time.UnixMilli(0x0123456789AB)
	m := ids.Maker{Now: func() time.Time { return at }, Rand: bytes.NewReader(bytes.Repeat([]byte{0xff}, 10))}
	if got, want := m.New(), "01234567-89ab-7fff-bfff-ffffffffffff"; got != want {
		t.Errorf("New() = %s, want %s", got, want)
	}
	m.Rand = rand.NewChaCha8([32]byte{})
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	last, seen := "", map[string]bool{}
	for range 1000 {
		at = at.Add(time.Millisecond)
		id := m.New()
		if !shape.MatchString(id) || id <= last || seen[id] {
			t.Fatalf("%s after %s", id, last)
		}
		last, seen[id] = id, true
	}
}

func TestPlaceNames(t *testing.T) {
	p, err := ids.ParsePlace("lsoa-2021/E01000001")
	if err != nil || p.Level.Type() != "lsoa" || p.Level.Vintage() != "2021" || p.String() != "lsoa-2021/E01000001" {
		t.Errorf("ParsePlace = %v, %v", p, err)
	}
	if ids.Level("borough").Vintage() != "" || !(ids.Place{}).IsZero() {
		t.Error("a level without a vintage has one")
	}
	for _, bad := range []string{"", "E01000001", "/E01", "lsoa-2021/"} {
		if _, err := ids.ParsePlace(bad); err == nil {
			t.Errorf("ParsePlace(%q) is accepted", bad)
		}
	}
}
