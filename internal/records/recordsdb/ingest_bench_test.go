package recordsdb_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
	"openvru/internal/records"
	"openvru/internal/records/intake"
	"openvru/internal/records/recordsdb"
	"openvru/internal/records/recordstest"
)

// realPlaces are the files that the real map of London is made from.
var realPlaces = []string{
	"boundaries/london_boroughs.geojson", "boundaries/london_lsoa_2011.geojson.gz", "boundaries/london_lsoa_2021.geojson.gz",
	"boundaries/london_ward_2025.geojson.gz", "lookups/lookup_ltla24_csp24_pfa24.csv", "lookups/lookup_ltla24_region24.csv",
	"lookups/lookup_lsoa11_lsoa21_ltla22.csv",
}

// benchAtlas is the real map of London where OPENVRU_REALDATA says where its
// files are, and the sample otherwise.
var benchAtlas = sync.OnceValues(func() (*places.Atlas, error) {
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		return placestest.London(), nil
	}
	temp, err := os.MkdirTemp("", "openvru-places-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	store, err := files.Open(temp)
	if err != nil {
		return nil, err
	}
	maker := ids.Maker{Now: time.Now, Rand: rand.Reader}
	s := places.NewService(&placestest.Memory{}, store, access.Recorder{Now: time.Now, IDs: maker})
	var uploads []places.Upload
	for _, name := range realPlaces {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		uploads = append(uploads, places.Upload{Name: filepath.Base(name), Reader: f})
	}
	if _, err := s.Import(context.Background(), access.Operator("u"), uploads, places.Options{}); err != nil {
		return nil, err
	}
	return s.Atlas(context.Background(), "u")
})

// benchFile writes a street file of some rows and returns its path.
func benchFile(b testing.TB, atlas *places.Atlas, rows int) string {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("openvru-street-%d-%d.csv", atlas.Len(places.Borough), rows))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	months := period.Range{From: period.NewMonth(2022, 1), To: period.NewMonth(2022, 1) + period.Month(max(1, rows/85_000)) - 1}
	if _, err := (&recordstest.StreetFile{Atlas: atlas, Rows: rows, Months: months, Seed: 1}).WriteTo(f); err != nil {
		b.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkIngest measures a street file from the moment it is sent to the
// moment it is durably accepted with its records and facts. OPENVRU_BENCH_ROWS
// says how many rows; the file is made once and kept in the temporary folder.
func BenchmarkIngest(b *testing.B) {
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("OPENVRU_BENCH_ROWS")); err == nil {
		rows = n
	}
	atlas, err := benchAtlas()
	if err != nil {
		b.Fatal(err)
	}
	path := benchFile(b, atlas, rows)
	b.Run("sqlite", func(b *testing.B) { benchIngest(b, dbtest.SQLite, atlas, path, rows) })
	b.Run("postgres", func(b *testing.B) { benchIngest(b, dbtest.Postgres, atlas, path, rows) })
}

func benchIngest(b *testing.B, fresh func(testing.TB) string, atlas *places.Atlas, path string, rows int) {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	var busy time.Duration
	for range b.N {
		b.StopTimer()
		s := benchService(b, dbtest.Open(b, fresh(b)), atlas)
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		forgetPeak()
		before := busyTime()
		b.StartTimer()
		sub, err := s.Submit(context.Background(), access.Operator("u"), records.Incoming{Source: records.PoliceUK, Name: "2022-street.csv", Body: f}, nil)
		b.StopTimer()
		busy += busyTime() - before
		f.Close()
		if err != nil {
			b.Fatal(err)
		}
		if sub.State != records.Accepted || sub.Summary.Rows != int64(rows) {
			b.Fatalf("%s with %d rows", sub.State, sub.Summary.Rows)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(busy.Seconds()/float64(b.N), "cpu-s/op") // both processors; steadier than the clock where others work too
	b.ReportMetric(peakMemory(), "peak-MiB")
}

func benchService(b testing.TB, d *db.DB, atlas *places.Atlas) *records.Service {
	store, err := files.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	return records.NewService(records.Deps{
		Store: recordsdb.New(d), Files: store, Readers: []records.Reader{intake.PoliceUK()}, Now: time.Now,
		Atlas: func(context.Context, ids.Unit) (*places.Atlas, error) { return atlas, nil },
		IDs:   ids.Maker{Now: time.Now, Rand: rand.Reader}, Temp: b.TempDir(),
	})
}

// busyTime is how long the process has kept processors busy.
func busyTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// forgetPeak gives back what setting up took and starts the peak anew.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peakMemory is the most memory the process has held since forgetPeak, in MiB.
func peakMemory() float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}
