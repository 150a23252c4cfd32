package records_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places/placestest"
	"openvru/internal/records"
	"openvru/internal/records/intake"
	"openvru/internal/records/recordstest"
)

// desk is a service on stores of its own.
type desk struct {
	*records.Service
	t     *testing.T
	store *recordstest.Memory
	files *files.Store
	clock *recordstest.Clock
	ctx   context.Context
	actor access.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	kept, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, store: recordstest.NewMemory(), files: kept, clock: recordstest.NewClock("2026-01-01"), ctx: context.Background(), actor: access.Operator("unit-1")}
	d.Service = records.NewService(records.Deps{
		Store: d.store, Files: kept, Readers: intake.Readers(), Now: d.clock.Now, IDs: ids.Maker{Now: d.clock.Now, Rand: rand.NewChaCha8([32]byte{1})},
		Atlas: recordstest.AtlasOf(placestest.London()), Temp: t.TempDir(),
	})
	return d
}

func (d *desk) incoming(text string) records.Incoming {
	return records.Incoming{Source: records.PoliceUK, Name: "street.csv", Body: strings.NewReader(text)}
}

func (d *desk) submit(text string) records.Submission {
	d.t.Helper()
	s, err := d.Submit(d.ctx, d.actor, d.incoming(text), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// streets writes n rows a month of robberies in Camden and Hackney in turn.
func streets(months period.Range, n int) string {
	var b strings.Builder
	b.WriteString(recordstest.StreetHeader)
	for _, m := range months.Months() {
		for i := range n {
			id := sha256.Sum256([]byte(fmt.Sprint(m, i)))
			lon, kind := -0.190+0.02*float64(i%2), []string{"Robbery", "Burglary", "Drugs"}[i%3]
			fmt.Fprintf(&b, "%s,%s,Metropolitan Police Service,Metropolitan Police Service,%.6f,51.530000,On or near Road,,,%s,Under investigation,\n", hex.EncodeToString(id[:]), m, lon, kind)
		}
	}
	return b.String()
}

var year2019 = period.Range{From: period.NewMonth(2019, 1), To: period.NewMonth(2019, 12)}

// scan counts records, as text: "2019-01 robbery=4".
func (d *desk) scan(q records.ScanQuery) map[string]int64 {
	d.t.Helper()
	q.Source = records.PoliceUK
	got, err := d.Scan(d.ctx, d.actor, q)
	if err != nil {
		d.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, c := range got {
		out[strings.Join(c.Values, " ")] += c.Count
	}
	return out
}

func (d *desk) is(got, want any) {
	d.t.Helper()
	if !reflect.DeepEqual(got, want) {
		d.t.Errorf("got %v, want %v", got, want)
	}
}

// A file goes from the sender's hand to an edition: looked at first, accepted
// then, its rows countable, the file as it was sent.
func TestLifeOfASubmission(t *testing.T) {
	d := newDesk(t)
	text := streets(year2019, 6)
	s, err := d.Receive(d.ctx, d.actor, d.incoming(text))
	if err != nil {
		t.Fatal(err)
	}
	d.is(s.State, records.Received)
	if s, err = d.Check(d.ctx, d.actor, s.ID, nil); err != nil {
		t.Fatal(err)
	}
	d.is(s.State, records.Checked)
	d.is(s.Summary.Rows, int64(72))
	if got := d.scan(records.ScanQuery{By: []string{"category"}}); len(got) != 0 {
		t.Errorf("a dry run left records: %v", got)
	}
	if s, err = d.Accept(d.ctx, d.actor, s.ID, nil); err != nil {
		t.Fatal(err)
	}
	d.is(s.State, records.Accepted)
	d.is(d.scan(records.ScanQuery{By: []string{"category"}}), map[string]int64{"robbery": 24, "burglary": 24, "drugs": 24})
	camden := ids.Place{Level: records.LevelBorough, Code: "E09000007"}
	d.is(d.scan(records.ScanQuery{By: []string{"borough", "month"}, Place: camden, Months: period.Range{From: year2019.From, To: year2019.From + 1}, Categories: []string{"robbery"}}),
		map[string]int64{"E09000007 2019-01": 1, "E09000007 2019-02": 1})
	f, _, err := d.File(d.ctx, d.actor, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if raw, err := io.ReadAll(f); err != nil || string(raw) != text {
		t.Errorf("the file as sent came back as %d bytes, %v", len(raw), err)
	}
	again, err := d.Accept(d.ctx, d.actor, s.ID, nil)
	if err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("accepted again: %+v, %v", again, err)
	}
}

// Receiving and accepting in one go gives the same records, to the byte, as
// one after the other, and so does doing it again somewhere else.
func TestSubmitIsReceiveAndAccept(t *testing.T) {
	text := streets(year2019, 500)
	one, two := newDesk(t), newDesk(t)
	a := one.submit(text)
	r, err := two.Receive(two.ctx, two.actor, two.incoming(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := two.Accept(two.ctx, two.actor, r.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	one.is(a.Parts, b.Parts)
	one.is(a.Summary, b.Summary)
	one.is(a.File, b.File)
	ba, _ := one.store.EditionBlocks(one.ctx, "unit-1", a.ID)
	bb, _ := two.store.EditionBlocks(two.ctx, "unit-1", b.ID)
	for i := range ba {
		ba[i].Submission = bb[i].Submission
	}
	one.is(ba, bb)
}

// Whatever is repeated, by content or by key, early or late, the state is the
// same as if it had happened once.
func TestRepeats(t *testing.T) {
	d := newDesk(t)
	text := streets(year2019, 3)
	first := d.submit(text)
	for range 3 {
		d.is(d.submit(text).ID, first.ID)
	}
	in := d.incoming("something else entirely")
	in.Key = "monday"
	keyed := d.incoming(streets(period.Range{From: year2019.From - 12, To: year2019.From - 1}, 2))
	keyed.Key = "monday"
	k, err := d.Submit(d.ctx, d.actor, keyed, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Receive(d.ctx, d.actor, in)
	if errs.KindOf(err) != errs.Conflict || errs.HintOf(err) == "" {
		t.Errorf("another file with a used key gives %v", err)
	}
	if _, err := d.Withdraw(d.ctx, d.actor, k.ID, "sent by mistake"); err != nil {
		t.Fatal(err)
	}
	keyed.Body = strings.NewReader(streets(period.Range{From: year2019.From - 12, To: year2019.From - 1}, 2))
	if _, err = d.Submit(d.ctx, d.actor, keyed, nil); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a withdrawn file sent by a late retry gives %v", err)
	}
	e, err := d.store.Editions(d.ctx, "unit-1")
	if err != nil || len(e) != 2 {
		t.Errorf("%d editions, want 2: %v", len(e), err)
	}
}

// Files of different months may come in any order, each as often as it likes,
// in one go or step by step: the figures are the same.
func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var want map[string]int64
	for range 12 {
		d := newDesk(t)
		sent := r.Perm(8)
		sent = append(sent, r.Perm(8)[:5]...)
		for _, k := range sent {
			m := year2019.From + period.Month(k)
			text := streets(period.Range{From: m, To: m}, 5+k)
			if r.IntN(2) == 0 {
				d.submit(text)
				continue
			}
			s, err := d.Receive(d.ctx, d.actor, d.incoming(text))
			if err == nil && r.IntN(2) == 0 {
				_, err = d.Check(d.ctx, d.actor, s.ID, nil)
			}
			if err == nil {
				_, err = d.Accept(d.ctx, d.actor, s.ID, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		got := d.scan(records.ScanQuery{By: []string{"month", "category", "borough"}})
		if want == nil {
			want = got
		}
		d.is(got, want)
		e, err := d.store.Editions(d.ctx, "unit-1")
		if err != nil || len(e) != 8 {
			t.Errorf("%d editions, want 8: %v", len(e), err)
		}
	}
}

// A later edition restates its months, the first stays retrievable, withdrawal
// brings the first back, and any earlier moment can be asked.
func TestEditions(t *testing.T) {
	d := newDesk(t)
	first := d.submit(streets(year2019, 6))
	between := d.clock.Now()
	second := d.submit(streets(period.Range{From: year2019.To, To: year2019.To + 2}, 12))
	d.is(d.scan(records.ScanQuery{}), map[string]int64{"": 11*6 + 3*12})
	d.is(d.scan(records.ScanQuery{Known: between}), map[string]int64{"": 12 * 6})
	whole := d.submit(streets(period.Range{From: year2019.From, To: year2019.To + 2}, 9))
	d.is(d.scan(records.ScanQuery{}), map[string]int64{"": 14 * 9})
	for _, id := range []ids.Submission{first.ID, second.ID} {
		s, err := d.Get(d.ctx, d.actor, id)
		if err != nil || s.State != records.Superseded || s.SupersededBy != whole.ID {
			t.Errorf("%s is %s by %s, %v", id, s.State, s.SupersededBy, err)
		}
		if f, _, err := d.File(d.ctx, d.actor, id); err != nil {
			t.Errorf("the superseded file is gone: %v", err)
		} else {
			f.Close()
		}
	}
	late := d.submit(streets(year2019, 6)) // the first again, late
	d.is(late.ID, first.ID)
	d.is(d.scan(records.ScanQuery{}), map[string]int64{"": 14 * 9})
	if _, err := d.Withdraw(d.ctx, d.actor, whole.ID, "withdrawn by the publisher"); err != nil {
		t.Fatal(err)
	}
	d.is(d.scan(records.ScanQuery{}), map[string]int64{"": 11*6 + 3*12})
}

// A submission that cannot be accepted says why, changes nothing, and can be
// looked at.
func TestRefusal(t *testing.T) {
	d := newDesk(t)
	text := strings.Replace(streets(year2019, 2), "2019-03", "March", 1)
	s, err := d.Submit(d.ctx, d.actor, d.incoming(text), nil)
	if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.MessageOf(err), "cannot be accepted") || errs.HintOf(err) == "" {
		t.Fatalf("a bad file gives %v", err)
	}
	d.is(s.State, records.Refused)
	found, err := d.Findings(d.ctx, d.actor, s.ID)
	if err != nil || len(found) == 0 || found[0].Severity != records.Refuse || found[0].Examples[0].Line != 6 {
		t.Errorf("findings are %+v, %v", found, err)
	}
	d.is(d.scan(records.ScanQuery{}), map[string]int64{})
	if _, err := d.Accept(d.ctx, d.actor, s.ID, nil); errs.KindOf(err) != errs.Invalid {
		t.Errorf("accepting a refused file gives %v", err)
	}
}

// When the stream breaks off nothing is registered, and nothing is left behind
// but what Collect removes.
func TestBrokenStream(t *testing.T) {
	d := newDesk(t)
	text := streets(year2019, 4000)
	broken := errors.New("connection lost")
	in := d.incoming("")
	in.Body = io.MultiReader(strings.NewReader(text[:len(text)/2]), iotest.ErrReader(broken))
	if _, err := d.Submit(d.ctx, d.actor, in, nil); !errors.Is(err, broken) {
		t.Errorf("a broken stream gives %v", err)
	}
	all, err := d.List(d.ctx, d.actor, records.Filter{})
	if err != nil || len(all) != 0 {
		t.Errorf("it left %d submissions, %v", len(all), err)
	}
	d.is(d.submit(text).State, records.Accepted)
}

// Files that no submission names are collected; those that one names are not.
func TestCollect(t *testing.T) {
	d := newDesk(t)
	s := d.submit(streets(year2019, 2))
	orphan, _, err := d.files.Put(d.ctx, strings.NewReader("forgotten"))
	if err != nil {
		t.Fatal(err)
	}
	live := map[ids.File]bool{}
	if err := d.store.LiveFiles(d.ctx, func(id ids.File) { live[id] = true }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.files.Collect(d.ctx, func(id ids.File) bool { return live[id] }, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.is([]bool{d.files.Has(orphan), d.files.Has(s.File), d.files.Has(s.Parts[0].File)}, []bool{false, true, true})
}

func TestWhoMayDoWhat(t *testing.T) {
	d := newDesk(t)
	s := d.submit(streets(year2019, 2))
	supplier := access.Actor{Unit: "unit-1", Person: "p", Org: "org-2", Roles: []access.Role{access.Supplier}}
	for what, err := range map[string]error{
		"get":      second(d.Get(d.ctx, supplier, s.ID)),
		"findings": second(d.Findings(d.ctx, supplier, s.ID)),
		"accept":   second(d.Accept(d.ctx, supplier, s.ID, nil)),
		"withdraw": second(d.Withdraw(d.ctx, supplier, s.ID, "x")),
		"scan":     second(d.Scan(d.ctx, supplier, records.ScanQuery{Source: records.PoliceUK})),
		"submit":   second(d.Submit(d.ctx, supplier, d.incoming("x"), nil)),
	} {
		if errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s of another organisation's submission gives %v", what, err)
		}
	}
	mine, err := d.Receive(d.ctx, supplier, d.incoming(streets(year2019, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := d.List(d.ctx, supplier, records.Filter{}); err != nil || len(all) != 1 || all[0].ID != mine.ID {
		t.Errorf("a supplier lists %+v, %v", all, err)
	}
	if _, err := d.Receive(d.ctx, access.Actor{}, d.incoming("x")); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("nobody sends a file: %v", err)
	}
	if _, err := d.Receive(d.ctx, d.actor, records.Incoming{Source: "no-such", Body: bytes.NewReader(nil)}); errs.KindOf(err) != errs.NotFound || errs.HintOf(err) == "" {
		t.Errorf("an unknown source gives %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestScanRefuses(t *testing.T) {
	d := newDesk(t)
	for _, by := range [][]string{{"colour"}, {"month", "month", "month", "month", "month"}} {
		if _, err := d.Scan(d.ctx, d.actor, records.ScanQuery{Source: records.PoliceUK, By: by}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("counting by %v gives %v", by, err)
		}
	}
}
