package recordsdb_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/db"
	"openvru/internal/db/crashtest"
	"openvru/internal/db/dbtest"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places/placestest"
	"openvru/internal/records"
	"openvru/internal/records/intake"
	"openvru/internal/records/recordsdb"
	"openvru/internal/records/recordstest"
)

// killFiles is how many different files are sent over and over.
const killFiles = 40

// killMonth is the month of a file: several files restate the same one.
func killMonth(k int) period.Month { return period.NewMonth(2019, 1) + period.Month(k%16) }

// killRows is how many rows a file has; no two of a month have as many.
func killRows(k int) int64 { return int64(200 + 37*k) }

func killText(k int) string {
	var b strings.Builder
	b.WriteString(recordstest.StreetHeader)
	for i := range killRows(k) {
		id := sha256.Sum256([]byte(fmt.Sprint(k, i)))
		fmt.Fprintf(&b, "%s,%s,Metropolitan Police Service,Metropolitan Police Service,-0.1%d0000,51.530000,On or near Road,,,Robbery,Under investigation,\n",
			hex.EncodeToString(id[:]), killMonth(k), 6+i%4)
	}
	return b.String()
}

func killDesk(d *db.DB, folder string) (*records.Service, *recordsdb.Store, *files.Store, error) {
	kept, err := files.Open(folder)
	if err != nil {
		return nil, nil, nil, err
	}
	store := recordsdb.New(d)
	return records.NewService(records.Deps{
		Store: store, Files: kept, Readers: intake.Readers(), Now: time.Now, IDs: ids.Maker{Now: time.Now, Rand: rand.Reader},
		Atlas: recordstest.AtlasOf(placestest.London()), Temp: folder,
	}), store, kept, nil
}

// sendFiles is the child: it sends files in any order, many of them again, in
// one go or step by step, and tells of each that was accepted.
func sendFiles(w *crashtest.Work) error {
	ctx := context.Background()
	d, err := db.Open(ctx, w.Address)
	if err != nil {
		return err
	}
	s, _, _, err := killDesk(d, w.Folder)
	if err != nil {
		return err
	}
	me := access.Operator("unit-1")
	for {
		k := w.Rand.IntN(killFiles)
		in := records.Incoming{Source: records.PoliceUK, Name: fmt.Sprintf("%d.csv", k), Key: fmt.Sprint("file-", k), Body: strings.NewReader(killText(k))}
		var sub records.Submission
		if w.Rand.IntN(2) == 0 {
			sub, err = s.Submit(ctx, me, in, nil)
		} else if sub, err = s.Receive(ctx, me, in); err == nil {
			if _, err = s.Check(ctx, me, sub.ID, nil); err == nil {
				sub, err = s.Accept(ctx, me, sub.ID, nil)
			}
		}
		if err != nil {
			return err
		}
		w.Ack("%d %s", k, sub.ID)
	}
}

// Killed at any moment and sent again, every file is an edition once, whole,
// with its records and its facts, and nothing that was acknowledged is lost.
func TestKilledIngest(t *testing.T) {
	crashtest.Child(sendFiles)
	dbtest.RunAt(t, func(t *testing.T, address string) {
		d := dbtest.Open(t, address)
		l := &ledger{t: t, db: d, folder: filepath.Join(t.TempDir(), "data"), told: map[ids.Submission]int{}}
		crashtest.Kill(t, crashtest.Plan{
			Kills: crashtest.Kills(150), Address: address, Folder: l.folder, Seed: 2, Longest: 90 * time.Millisecond,
			Check: l.check,
		})
		l.whole()
	})
}

// ledger is what the parent was told, beside what is kept.
type ledger struct {
	t      *testing.T
	db     *db.DB
	folder string
	told   map[ids.Submission]int // which file each acknowledged submission is
}

// check looks after each kill at what can be seen from the register.
func (l *ledger) check(r crashtest.Round) {
	for _, line := range r.Acked {
		var k int
		var id ids.Submission
		if _, err := fmt.Sscan(line, &k, &id); err != nil {
			l.t.Fatal(err)
		}
		if had, ok := l.told[id]; ok && had != k {
			l.t.Errorf("submission %s is file %d and file %d", id, had, k)
		}
		l.told[id] = k
	}
	ctx := context.Background()
	_, store, _, err := killDesk(l.db, l.folder)
	if err != nil {
		l.t.Fatal(err)
	}
	all, err := store.Submissions(ctx, "unit-1", records.Filter{Limit: 1000})
	if err != nil {
		l.t.Fatal(err)
	}
	editions, err := store.Editions(ctx, "unit-1")
	if err != nil {
		l.t.Fatal(err)
	}
	accepted := map[ids.Submission]bool{}
	names := map[string]bool{}
	for _, s := range all {
		if names[s.Name] {
			l.t.Errorf("%s is two submissions", s.Name)
		}
		names[s.Name] = true
		if s.AcceptedAt.IsZero() {
			continue
		}
		accepted[s.ID] = true
		var k int
		fmt.Sscanf(s.Name, "%d.csv", &k)
		if len(s.Parts) != 1 || s.Parts[0].Rows != killRows(k) || s.Summary.Rows != killRows(k) {
			l.t.Errorf("%s holds %+v and %d rows, want %d", s.Name, s.Parts, s.Summary.Rows, killRows(k))
		}
	}
	for id := range l.told {
		if !accepted[id] {
			l.t.Errorf("submission %s was acknowledged and is not accepted", id)
		}
	}
	if len(editions) != len(accepted) {
		l.t.Errorf("%d editions of facts and %d accepted submissions", len(editions), len(accepted))
	}
}

// whole looks at everything: files, records, facts and the log.
func (l *ledger) whole() {
	ctx := context.Background()
	s, store, kept, err := killDesk(l.db, l.folder)
	if err != nil {
		l.t.Fatal(err)
	}
	editions, err := store.Editions(ctx, "unit-1")
	if err != nil || len(editions) == 0 {
		l.t.Fatalf("%d editions: %v", len(editions), err)
	}
	want := map[string]int64{} // by month, the rows of the edition that stands
	for _, e := range editions {
		sub, err := store.Submission(ctx, "unit-1", e.Submission)
		if err != nil {
			l.t.Fatal(err)
		}
		for _, id := range []ids.File{sub.File, sub.Parts[0].File} {
			if err := kept.Check(ctx, id); err != nil {
				l.t.Errorf("%s: %v", sub.Name, err)
			}
		}
		var k int
		fmt.Sscanf(sub.Name, "%d.csv", &k)
		want[killMonth(k).String()] = killRows(k)
		if n := forceTotal(l.t, store, e.Submission); n != killRows(k) {
			l.t.Errorf("the facts of %s count %d, want %d", sub.Name, n, killRows(k))
		}
	}
	got, err := s.Scan(ctx, access.Operator("unit-1"), records.ScanQuery{Source: records.PoliceUK, By: []string{"month"}})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range got {
		if want[c.Values[0]] != c.Count {
			l.t.Errorf("%s has %d records, want %d", c.Values[0], c.Count, want[c.Values[0]])
		}
		delete(want, c.Values[0])
	}
	if len(want) > 0 {
		l.t.Errorf("no records of %v", want)
	}
	log := access.NewService(access.Config{Store: accessdb.New(l.db), Now: time.Now, Rand: rand.Reader})
	if _, err := log.Verify(ctx, access.Operator("unit-1"), access.Head{}); err != nil {
		l.t.Error(err)
	}
}

// forceTotal adds up an edition's robberies for its force.
func forceTotal(t *testing.T, store records.FactStore, id ids.Submission) int64 {
	blocks, err := store.EditionBlocks(context.Background(), "unit-1", id)
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, b := range blocks {
		if b.Level != records.LevelForce || b.Series != "police.robbery" {
			continue
		}
		err := records.ReadCells(b.Cells, func(_ []byte, months *[12]int64) {
			for _, m := range months {
				n += m
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}
