package recordstest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

// Exercise is the suite that every records.Store passes, its facts included.
// open returns an empty Store.
func Exercise(t *testing.T, open func(t *testing.T) records.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *storeBench)
	}{
		{"a submission comes back as it was kept", exerciseKeep},
		{"the same file or key is the same submission", exerciseSame},
		{"a check is kept until acceptance", exerciseCheck},
		{"acceptance is once and whole", exerciseAccept},
		{"a later edition supersedes, and withdrawal brings back", exerciseSupersede},
		{"listing", exerciseList},
		{"units do not see each other", exerciseUnits},
		{"many at once", exerciseSenders},
		{"live files", exerciseLive},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.test(t, &storeBench{T: t, Store: open(t), clock: NewClock("2026-01-01"), ctx: context.Background()})
		})
	}
	t.Run("facts", func(t *testing.T) {
		ExerciseFacts(t, func(t *testing.T) records.FactStore { return open(t) })
	})
}

// storeBench is one case's store and clock.
type storeBench struct {
	*testing.T
	records.Store
	clock *Clock
	ctx   context.Context
	n     int
}

const unit ids.Unit = "unit-1"

// sample makes a submission that differs from every other.
func (b *storeBench) sample() records.Submission {
	b.n++
	return records.Submission{
		Unit: unit, ID: ids.Submission(fmt.Sprintf("submission-%03d", b.n)), Source: records.PoliceUK, State: records.Received,
		File: ids.File(fmt.Sprintf("%064d", b.n)), Name: fmt.Sprintf("file %d, “quoted”.csv", b.n), Size: int64(b.n) << 33,
		ReceivedAt: b.clock.Now().UTC(), ReceivedBy: "person-1", Org: "org-1",
	}
}

func (b *storeBench) add(s records.Submission) records.Submission {
	b.Helper()
	kept, added, err := b.AddSubmission(b.ctx, s, b.clock.Event(s.Unit, "submissions.send"))
	if err != nil || !added {
		b.Fatalf("a new submission was not kept: added %v, %v", added, err)
	}
	return kept
}

func (b *storeBench) get(id ids.Submission) records.Submission {
	b.Helper()
	s, err := b.Submission(b.ctx, unit, id)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (b *storeBench) same(got, want any) {
	b.Helper()
	if !reflect.DeepEqual(got, want) {
		b.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

var sampleFindings = []records.Finding{
	{Rule: "bad-month", Severity: records.Warn, Title: "Months", Message: "A month.", Hint: "mend it", Count: 12,
		Examples: []records.Example{{File: "a.csv", Line: 3, Column: "Month", Value: "2019-13"}, {Line: 1 << 40}}},
	{Rule: "context", Severity: records.Note, Title: "Remarks", Message: "A remark.", Count: 1},
}

// accepted makes a submission an edition that covers months of a force.
func (b *storeBench) accepted(s records.Submission, from, to period.Month) records.Submission {
	b.Helper()
	s.State, s.AcceptedAt = records.Accepted, b.clock.Now().UTC()
	s.CheckedAt = s.AcceptedAt
	s.Summary = records.Summary{Rows: 5, Kept: 5, Count: 5, Encoding: "UTF-8", Files: []records.FileSummary{{Name: "x"}}}
	s.Parts = []records.Part{{File: s.File + "p", Rows: 5, Size: 1 << 35}}
	facts := records.EditionFacts{
		Coverage: []records.Coverage{{Force: "E23000001", Level: records.LevelForce, Months: period.Range{From: from, To: to}}},
		Blocks: []records.Block{{Series: "police.robbery", Force: "E23000001", Level: records.LevelForce, Block: records.AllPlaces, Year: from.Year(),
			Cells: records.EncodeCells([]records.YearCells{{Code: "E23000001", Months: [12]int64{5}}})}},
	}
	got, err := b.Accept(b.ctx, records.Acceptance{Submission: s, Findings: sampleFindings, Facts: facts}, b.clock.Event(s.Unit, "submissions.accept"))
	if err != nil {
		b.Fatal(err)
	}
	return got
}

func exerciseKeep(_ *testing.T, b *storeBench) {
	s := b.sample()
	s.Key = "key"
	b.same(b.add(s), s)
	b.same(b.get(s.ID), s)
	if _, err := b.Submission(b.ctx, unit, "no such"); errs.KindOf(err) != errs.NotFound || errs.HintOf(err) == "" {
		b.Errorf("a submission that is not there gives %v", err)
	}
}

func exerciseSame(_ *testing.T, b *storeBench) {
	first := b.sample()
	first.Key = "monday"
	b.add(first)
	for _, c := range []struct {
		what   string
		change func(*records.Submission)
		same   bool
	}{
		{"the same file", func(s *records.Submission) { s.File = first.File }, true},
		{"the same file with another key", func(s *records.Submission) { s.File, s.Key = first.File, "tuesday" }, true},
		{"another file with the same key", func(s *records.Submission) { s.Key = "monday" }, true},
		{"the same file of another source", func(s *records.Submission) { s.File, s.Source = first.File, records.MPSMonthly }, false},
		{"another file", func(*records.Submission) {}, false},
	} {
		s := b.sample()
		c.change(&s)
		kept, added, err := b.AddSubmission(b.ctx, s, b.clock.Event(unit, "submissions.send"))
		if err != nil || added == c.same || (kept.ID == first.ID) != c.same {
			b.Errorf("%s: kept %s, added %v, %v", c.what, kept.ID, added, err)
		}
	}
	gone := b.get(first.ID)
	gone.Reason, gone.WithdrawnAt = "sent by mistake", b.clock.Now().UTC()
	if _, err := b.Withdraw(b.ctx, gone, b.clock.Event(unit, "submissions.withdraw")); err != nil {
		b.Fatal(err)
	}
	late := b.sample()
	late.File = first.File
	if kept, added, err := b.AddSubmission(b.ctx, late, b.clock.Event(unit, "submissions.send")); err != nil || added || kept.ID != first.ID {
		b.Errorf("a late retry of a withdrawn file became %s, added %v, %v", kept.ID, added, err)
	}
	late.Key = "meant"
	if kept, added, err := b.AddSubmission(b.ctx, late, b.clock.Event(unit, "submissions.send")); err != nil || !added || kept.ID != late.ID {
		b.Errorf("a withdrawn file sent anew became %s, added %v, %v", kept.ID, added, err)
	}
}

func exerciseCheck(_ *testing.T, b *storeBench) {
	s := b.add(b.sample())
	s.State, s.Reason, s.CheckedAt = records.Refused, "no rows", b.clock.Now().UTC()
	s.Summary = records.Summary{Rows: 1, Months: []records.MonthCount{{Month: period.NewMonth(2020, 3), Rows: 1, Count: 2}}}
	save := func(s records.Submission, f []records.Finding) {
		b.Helper()
		if err := b.SaveCheck(b.ctx, s, f, b.clock.Event(unit, "submissions.check")); err != nil {
			b.Fatal(err)
		}
	}
	save(s, sampleFindings)
	b.same(b.get(s.ID), s)
	got, err := b.Store.Findings(b.ctx, unit, s.ID)
	if err != nil {
		b.Fatal(err)
	}
	b.same(got, sampleFindings)
	s.State, s.Reason = records.Checked, ""
	save(s, sampleFindings[:1])
	if got, _ := b.Store.Findings(b.ctx, unit, s.ID); len(got) != 1 {
		b.Errorf("a second check left %d findings, want 1", len(got))
	}
	done := b.accepted(s, 100, 101)
	save(s, nil)
	b.same(b.get(s.ID), done)
	missing := b.sample()
	if err := b.SaveCheck(b.ctx, missing, nil, b.clock.Event(unit, "submissions.check")); errs.KindOf(err) != errs.NotFound {
		b.Errorf("a check of what is not there gives %v", err)
	}
}

func exerciseAccept(_ *testing.T, b *storeBench) {
	s := b.add(b.sample())
	first := b.accepted(s, period.NewMonth(2020, 1), period.NewMonth(2020, 3))
	b.same(b.get(s.ID), first)
	b.same(b.accepted(s, period.NewMonth(2021, 1), period.NewMonth(2021, 3)), first) // again: nothing happens
	editions, err := b.Editions(b.ctx, unit)
	if err != nil || len(editions) != 1 || editions[0].Coverage[0].Months.From != period.NewMonth(2020, 1) || !editions[0].AcceptedAt.Equal(first.AcceptedAt) {
		b.Errorf("editions are %+v, %v", editions, err)
	}
	blocks, err := b.EditionBlocks(b.ctx, unit, s.ID)
	if err != nil || len(blocks) != 1 {
		b.Errorf("%d blocks are kept, want 1: %v", len(blocks), err)
	}
	gone := b.add(b.sample())
	gone.Reason, gone.WithdrawnAt = "mistake", b.clock.Now().UTC()
	if _, err := b.Withdraw(b.ctx, gone, b.clock.Event(unit, "submissions.withdraw")); err != nil {
		b.Fatal(err)
	}
	gone.State = records.Accepted
	_, err = b.Accept(b.ctx, records.Acceptance{Submission: gone}, b.clock.Event(unit, "submissions.accept"))
	if errs.KindOf(err) != errs.Conflict {
		b.Errorf("a withdrawn submission was accepted: %v", err)
	}
}

func exerciseSupersede(_ *testing.T, b *storeBench) {
	jan := period.NewMonth(2020, 1)
	old := b.accepted(b.add(b.sample()), jan, jan+1)
	part := b.accepted(b.add(b.sample()), jan+1, jan+2) // restates half of the first
	if got := b.get(old.ID).State; got != records.Accepted {
		b.Errorf("an edition restated in part is %s", got)
	}
	whole := b.accepted(b.add(b.sample()), jan, jan+5)
	for _, id := range []ids.Submission{old.ID, part.ID} {
		if got := b.get(id); got.State != records.Superseded || got.SupersededBy != whole.ID || !got.SupersededAt.Equal(whole.AcceptedAt) || got.AcceptedAt.IsZero() {
			b.Errorf("an edition restated whole is %+v", got)
		}
	}
	whole.Reason, whole.WithdrawnAt = "the publisher took it back", b.clock.Now().UTC()
	got, err := b.Withdraw(b.ctx, whole, b.clock.Event(unit, "submissions.withdraw"))
	if err != nil || got.State != records.Withdrawn || !got.WithdrawnAt.Equal(whole.WithdrawnAt) || got.Reason == "" {
		b.Errorf("withdrawn: %+v, %v", got, err)
	}
	for _, id := range []ids.Submission{old.ID, part.ID} {
		if got := b.get(id); got.State != records.Accepted || got.SupersededBy != "" || !got.SupersededAt.IsZero() {
			b.Errorf("what it superseded is now %+v", got)
		}
	}
	again, err := b.Withdraw(b.ctx, records.Submission{Unit: unit, ID: whole.ID, Reason: "another", WithdrawnAt: b.clock.Now()}, b.clock.Event(unit, "submissions.withdraw"))
	if err != nil || again.Reason != got.Reason {
		b.Errorf("withdrawn again: %+v, %v", again, err)
	}
	if _, err := b.Withdraw(b.ctx, b.sample(), b.clock.Event(unit, "submissions.withdraw")); errs.KindOf(err) != errs.NotFound {
		b.Errorf("withdrawing what is not there gives %v", err)
	}
}

func exerciseList(_ *testing.T, b *storeBench) {
	var want []ids.Submission
	for i := range 7 {
		s := b.sample()
		if i%2 == 1 {
			s.Source, s.Org = records.MPSMonthly, "org-2"
		}
		want = append(want, b.add(s).ID)
	}
	slices.Reverse(want)
	list := func(f records.Filter) (out []ids.Submission) {
		b.Helper()
		all, err := b.Submissions(b.ctx, unit, f)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range all {
			out = append(out, s.ID)
		}
		return out
	}
	b.same(list(records.Filter{}), want)
	b.same(list(records.Filter{Limit: 3}), want[:3])
	b.same(list(records.Filter{Limit: 3, After: want[2]}), want[3:6])
	b.same(list(records.Filter{Source: records.MPSMonthly}), []ids.Submission{want[1], want[3], want[5]})
	b.same(list(records.Filter{Org: "org-2", State: records.Received}), []ids.Submission{want[1], want[3], want[5]})
	b.same(list(records.Filter{State: records.Accepted}), []ids.Submission(nil))
}

func exerciseUnits(_ *testing.T, b *storeBench) {
	s := b.add(b.sample())
	other := s
	other.Unit = "unit-2"
	b.add(other) // the same id, file and key are another unit's own
	if _, err := b.Submission(b.ctx, "unit-3", s.ID); errs.KindOf(err) != errs.NotFound {
		b.Errorf("another unit sees the submission: %v", err)
	}
	if all, err := b.Submissions(b.ctx, "unit-3", records.Filter{}); err != nil || len(all) != 0 {
		b.Errorf("another unit lists %d, %v", len(all), err)
	}
	if f, err := b.Store.Findings(b.ctx, "unit-3", s.ID); err != nil || len(f) != 0 {
		b.Errorf("another unit finds %v, %v", f, err)
	}
}

// exerciseSenders sends and accepts one file from many sides at once.
func exerciseSenders(_ *testing.T, b *storeBench) {
	s := b.sample()
	var events []access.Event
	for range 16 {
		events = append(events, b.clock.Event(unit, "submissions.send"))
	}
	at := b.clock.Now().UTC()
	var wg sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for i := range 8 {
		wg.Go(func() {
			mine := s
			mine.ID = ids.Submission(fmt.Sprintf("many-%d", i))
			kept, fresh, err := b.AddSubmission(b.ctx, mine, events[2*i])
			if err != nil {
				b.Error(err)
				return
			}
			kept.State, kept.AcceptedAt, kept.CheckedAt = records.Accepted, at.Add(time.Duration(i)), at
			kept.Parts = []records.Part{{File: "p", Rows: 1}}
			if _, err := b.Accept(b.ctx, records.Acceptance{Submission: kept}, events[2*i+1]); err != nil {
				b.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if fresh {
				added++
			}
		})
	}
	wg.Wait()
	all, err := b.Submissions(b.ctx, unit, records.Filter{})
	if err != nil || len(all) != 1 || added != 1 || len(all[0].Parts) != 1 {
		b.Errorf("eight senders of one file made %d submissions, %d new: %v", len(all), added, err)
	}
	if e, err := b.Editions(b.ctx, unit); err != nil || len(e) != 1 {
		b.Errorf("and %d editions: %v", len(e), err)
	}
}

func exerciseLive(_ *testing.T, b *storeBench) {
	s := b.accepted(b.add(b.sample()), 10, 11)
	waiting := b.add(b.sample())
	got := map[ids.File]bool{}
	if err := b.LiveFiles(b.ctx, func(id ids.File) { got[id] = true }); err != nil {
		b.Fatal(err)
	}
	b.same(got, map[ids.File]bool{s.File: true, s.File + "p": true, waiting.File: true})
}
