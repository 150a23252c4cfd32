package recordsdb_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/intake"
	"openvru/internal/records/recordstest"
)

// invented is a Reader that makes up incidents with times of day, instead of
// reading any: rows for the scanner to count.
type invented struct {
	records.Reader
	rows int
}

// Read makes up rows for ten years, spread over the places of the atlas.
func (r invented) Read(ctx context.Context, in *records.Input, out *records.Sink) error {
	level := in.Atlas.Vintages("lsoa")[0]
	var places []uint32
	for _, p := range in.Atlas.All(level) {
		places = append(places, out.Place(records.SentPlace{Text: p.Code, At: []ids.Place{p.Place}}))
	}
	force := out.Force(records.SentForce{Code: "E23000001", Name: "Metropolitan Police Service"})
	first, seed := period.NewMonth(2014, 1), uint64(1)
	draw := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(n))
	}
	const batch = 16 << 10
	for from := 0; from < r.rows; from += batch {
		b := out.NewBatch()
		for i := from; i < min(from+batch, r.rows); i++ {
			b.Add(records.Row{Line: int64(i + 2), Month: first + period.Month(i*120/r.rows), Minute: int16(draw(1440)), Weekday: int8(draw(7)),
				Category: uint16(draw(14)), Force: force, Place: places[draw(len(places))], Count: 1})
		}
		if err := out.Put(ctx, from/batch, b); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkScan counts ten million kept records: by month and category in one
// borough, and by hour and weekday. OPENVRU_BENCH_KEEP names a folder in which
// the file of records is left as records.parquet, for other programs to be
// measured on; OPENVRU_BENCH_ROWS says how many records.
func BenchmarkScan(b *testing.B) {
	rows := 10_000_000
	if n, err := strconv.Atoi(os.Getenv("OPENVRU_BENCH_ROWS")); err == nil {
		rows = n
	}
	atlas, err := benchAtlas()
	if err != nil {
		b.Fatal(err)
	}
	store, err := files.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	s := records.NewService(records.Deps{
		Store: recordstest.NewMemory(), Files: store, Readers: []records.Reader{invented{intake.PoliceUK(), rows}}, Now: time.Now,
		Atlas: func(context.Context, ids.Unit) (*places.Atlas, error) { return atlas, nil }, IDs: ids.Maker{Now: time.Now, Rand: rand.Reader},
	})
	sub, err := s.Submit(context.Background(), access.Operator("u"), records.Incoming{Source: records.PoliceUK, Name: "x.csv", Body: strings.NewReader("x")}, nil)
	if err != nil {
		b.Fatal(err)
	}
	leaveRecords(b, store, sub)
	borough := atlas.All(places.Borough)[atlas.Len(places.Borough)*2/3].Place
	for _, q := range []struct {
		name string
		q    records.ScanQuery
	}{
		{"month and category in one borough", records.ScanQuery{Place: borough, By: []string{"month", "category"}}},
		{"hour and weekday", records.ScanQuery{By: []string{"hour", "weekday"}}},
	} {
		q.q.Source = records.PoliceUK
		b.Run(q.name, func(b *testing.B) {
			for range b.N {
				if _, err := s.Scan(context.Background(), access.Operator("u"), q.q); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

func leaveRecords(b *testing.B, store *files.Store, sub records.Submission) {
	folder := os.Getenv("OPENVRU_BENCH_KEEP")
	if folder == "" {
		return
	}
	f, err := store.Open(sub.Parts[0].File)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	to := filepath.Join(folder, "records.parquet")
	os.Remove(to)
	if err := os.Link(f.Name(), to); err != nil {
		b.Fatal(err)
	}
}
