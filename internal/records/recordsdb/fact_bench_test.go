package recordsdb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/db/dbtest"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/records/recordsdb"
	"openvru/internal/records/recordstest"
)

// The facts of a million rows of street crime (four levels of an invented
// London of real size, ten months, fourteen categories) are written in a
// small part of the second that their acceptance takes.
func BenchmarkPutEditionOfAMillionRows(b *testing.B) {
	facts := recordstest.CityFacts(1_000_000)
	for _, engine := range []struct {
		name    string
		address func(testing.TB) string
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			store := recordsdb.NewFactStore(dbtest.Open(b, engine.address(b)))
			clock := recordstest.NewClock("2020-06-01")
			for i := 0; b.Loop(); i++ {
				e := records.Edition{Submission: ids.Submission(fmt.Sprint("s", i)), Source: records.PoliceUK, AcceptedAt: clock.Now().Add(time.Hour), Coverage: facts.Coverage}
				if err := store.PutEdition(context.Background(), "u", e, facts.Blocks, clock.Event("u", access.SubmissionsAccept)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(facts.Blocks)), "blocks")
		})
	}
}
