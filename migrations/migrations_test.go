package migrations

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestNumbersHaveNoGaps(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all {
		if m.Number != i+1 {
			t.Fatalf("migration %s stands where number %04d should", m.Name, i+1)
		}
	}
}

func TestFaultyFoldersAreRefused(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"0001_a.sql 0001_b.sql", "migrations 0001_a and 0001_b have the same number"},
		{"1_a.sql", "migration 1_a.sql is not named NNNN_name.sql"},
		{"000x_a.sql", "migration 000x_a.sql is not named NNNN_name.sql"},
		{"0000_a.sql", "migration 0000_a.sql is not named NNNN_name.sql"},
		{"0001.sql", "migration 0001.sql is not named NNNN_name.sql"},
	} {
		folder := fstest.MapFS{}
		for _, name := range strings.Fields(c.names) {
			folder[name] = &fstest.MapFile{}
		}
		if _, err := load(folder); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.names, err, c.want)
		}
	}
}
