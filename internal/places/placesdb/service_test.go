package placesdb_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/places/placesdb"
)

// TestImportsAtOnce has two processes, each with a service of its own, import
// at the same moment: all comes in, each in its own recorded change.
func TestImportsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		kept, err := files.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		actor := accesstest.Actor(access.Analyst)
		var services [2]*places.Service
		var wait sync.WaitGroup
		for i := range services {
			record := accesstest.Recorder()
			record.IDs.Rand = rand.Reader // each process has ids of its own
			services[i] = places.NewService(placesdb.New(d), kept, record)
			wait.Go(func() {
				for n := range 2 {
					text := fmt.Sprintf("LSOA21CD,LAD24CD\nE0100000%d,E09000007\n", 2*i+n)
					up := []places.Upload{{Name: "look.csv", Reader: strings.NewReader(text)}}
					if _, err := services[i].Import(context.Background(), actor, up, places.Options{}); err != nil {
						t.Errorf("import %d of process %d: %v", n, i, err)
					}
				}
			})
		}
		wait.Wait()
		for i, s := range services {
			a, err := s.Atlas(context.Background(), actor.Unit)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(a.Down(ids.Place{Level: places.Borough, Code: "E09000007"}, "lsoa-2021")); got != 4 {
				t.Errorf("process %d sees %d LSOAs, want all four", i, got)
			}
		}
		if events := countEvents(t, d); events != 4 {
			t.Errorf("%d changes were recorded, want 4", events)
		}
	})
}

func countEvents(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), `SELECT COUNT(*) FROM event WHERE action = 'places.import'`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
