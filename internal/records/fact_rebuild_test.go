package records_test

import (
	"testing"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

// The facts of an edition, its records and its file as sent all say the same;
// when the facts are damaged the records show it, and the file mends it.
func TestFactsCanBeRebuilt(t *testing.T) {
	d := newDesk(t)
	s := d.submit(streets(year2019, 30))
	if differ, err := d.RecountFacts(d.ctx, d.actor, s.ID); err != nil || len(differ) > 0 {
		t.Fatalf("the records say otherwise than the facts: %v, %v", differ, err)
	}
	kept, err := d.store.EditionBlocks(d.ctx, d.actor.Unit, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	editions, err := d.store.Editions(d.ctx, d.actor.Unit)
	if err != nil {
		t.Fatal(err)
	}
	damaged := records.EditionFacts{Coverage: editions[0].Coverage, Blocks: kept[1:]}
	if err := d.store.ReplaceFacts(d.ctx, d.actor.Unit, s.ID, damaged, d.clock.Event(d.actor.Unit, access.SubmissionsAccept)); err != nil {
		t.Fatal(err)
	}
	lost, err := d.RecountFacts(d.ctx, d.actor, s.ID)
	if err != nil || len(lost) == 0 || lost[0].Kept != 0 || lost[0].Built == 0 {
		t.Errorf("a block was taken out, and the records show %v, %v", lost, err)
	}
	mended, err := d.RebuildFacts(d.ctx, d.actor, s.ID, nil)
	if err != nil || len(mended) != len(lost) {
		t.Errorf("the rebuild mended %d counts (%v), want the %d lost", len(mended), err, len(lost))
	}
	if differ, err := d.RecountFacts(d.ctx, d.actor, s.ID); err != nil || len(differ) > 0 {
		t.Errorf("after the rebuild the records say otherwise: %v, %v", differ, err)
	}
}

func TestOnlyEditionsHaveFactsToRebuild(t *testing.T) {
	d := newDesk(t)
	s, err := d.Receive(d.ctx, d.actor, d.incoming(streets(year2019, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.RebuildFacts(d.ctx, d.actor, s.ID, nil); !errs.Is(err, errs.Conflict) {
		t.Errorf("rebuilding what was never accepted: %v, want a Conflict", err)
	}
	if _, err := d.RecountFacts(d.ctx, d.actor, s.ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("recounting what was never accepted: %v, want a Conflict", err)
	}
}

// What the files say is what the facts answer, through the door that users
// come in by.
func TestFactsOfAFileAsSent(t *testing.T) {
	d := newDesk(t)
	d.submit(streets(year2019, 30))
	atlas, err := d.Atlas(d.ctx, d.actor.Unit)
	if err != nil {
		t.Fatal(err)
	}
	reader := records.NewFactReader(d.store, recordstest.AtlasOf(atlas))
	table, err := reader.Facts(d.ctx, d.actor, records.FactQuery{Series: []ids.Series{"police.robbery"}, Ranges: []period.Range{year2019},
		Places: []ids.Place{{Level: records.LevelForce, Code: recordstest.Met}, {Level: records.LevelBorough, Code: "E09000007"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{120, 60} { // ten robberies a month, every second one in Camden
		if total, known := table.Lines[i].Sum(table.Months, year2019); total != want || known != 12 {
			t.Errorf("%s: %v robberies in %d months, want %v in 12", table.Lines[i].Place.Name, total, known, want)
		}
	}
}
