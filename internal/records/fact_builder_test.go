package records_test

import (
	"slices"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

// tenMonths are those of the file of a million rows that speed is measured on.
var tenMonths = period.Range{From: period.NewMonth(2019, 1), To: period.NewMonth(2019, 10)}

func TestForkedBuildersAddUpToOne(t *testing.T) {
	c := recordstest.NewBigCity()
	rows := c.Batches(60_000, tenMonths)
	one := records.NewFactBuilder(c, c.Spec())
	parts := []*records.FactBuilder{one.Fork(), one.Fork(), one.Fork()}
	for i, b := range rows {
		one.AddBatch(b)
		parts[i%3].AddBatch(b)
	}
	parts[0].Merge(parts[1])
	parts[0].Merge(parts[2])
	want, err1 := one.Build([]string{recordstest.Met})
	got, err2 := parts[0].Build([]string{recordstest.Met})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	differ, err := records.DiffFacts(want.Blocks, got.Blocks)
	if err != nil || len(differ) > 0 || len(got.Blocks) != len(want.Blocks) {
		t.Errorf("%d blocks against %d, differences %v, %v", len(got.Blocks), len(want.Blocks), differ[:min(3, len(differ))], err)
	}
	if n := total(t, want.Blocks, "pfa", ""); n != 60_000 {
		t.Errorf("the force's categories add up to %d, want 60000", n)
	}
}

// total adds every count of a level; a series "" is all of them.
func total(t *testing.T, blocks []records.Block, level ids.Level, series ids.Series) (n int64) {
	t.Helper()
	for _, b := range blocks {
		if b.Level != level || series != "" && b.Series != series {
			continue
		}
		cells, err := records.DecodeCells(b.Cells)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			for _, m := range c.Months {
				n += m
			}
		}
	}
	return n
}

func TestUnknownCategoriesCountTowardsNothing(t *testing.T) {
	atlas := recordstest.FactAtlas()
	b := records.NewFactBuilder(atlas, records.FactSpec{Source: records.PoliceUK, Categories: recordstest.StreetCategories, WholeForce: true})
	b.Add(&records.Row{Month: period.NewMonth(2020, 1), Category: records.UnknownCategory, Count: 1}, nil)
	b.Add(&records.Row{Month: period.NewMonth(2020, 1), Category: 9, Count: 1}, nil)
	facts, err := b.Build([]string{recordstest.Met})
	if err != nil || total(t, facts.Blocks, "pfa", "") != 1 {
		t.Errorf("the blocks are %v, %v; want one robbery", facts.Blocks, err)
	}
}

func TestNumbersThatCannotBeAreRefused(t *testing.T) {
	for name, counts := range map[string][]int32{"below none": {-1}, "beyond two billion": {1 << 30, 1 << 30, 1 << 30}} {
		b := records.NewFactBuilder(recordstest.FactAtlas(), recordstest.BigCity{}.Spec())
		for _, n := range counts {
			b.Add(&records.Row{Month: period.NewMonth(2020, 1), Count: n}, []places.Ref{0, 0, 0, 0})
		}
		if _, err := b.Build([]string{recordstest.Met}); err == nil {
			t.Errorf("a month that counts %s was built", name)
		}
	}
	b := records.NewFactBuilder(recordstest.FactAtlas(), recordstest.BigCity{}.Spec())
	b.Cover(3, period.Year(2020))
	if _, err := b.Build([]string{recordstest.Met}); err == nil {
		t.Error("a force without a code was built")
	}
}

func TestTwoSpellingsOfAForceAreOne(t *testing.T) {
	b := records.NewFactBuilder(recordstest.FactAtlas(), records.FactSpec{Source: records.PoliceUK, Categories: recordstest.StreetCategories, WholeForce: true})
	for force := range uint16(2) {
		b.Add(&records.Row{Month: period.NewMonth(2020, 1), Force: force, Category: 9, Count: 2}, nil)
	}
	facts, err := b.Build([]string{recordstest.Met, recordstest.Met})
	if err != nil || len(facts.Coverage) != 1 || total(t, facts.Blocks, "pfa", "police.robbery") != 4 {
		t.Errorf("got %+v, %v", facts, err)
	}
}

func TestCoverageIsInRuns(t *testing.T) {
	b := records.NewFactBuilder(recordstest.FactAtlas(), records.FactSpec{Source: records.PoliceUK, Categories: recordstest.StreetCategories, WholeForce: true})
	b.Cover(0, period.Year(2019))
	b.Cover(0, period.Range{From: period.NewMonth(2020, 1), To: period.NewMonth(2020, 2)})
	b.Cover(0, period.Quarter(2020, 3))
	facts, err := b.Build([]string{recordstest.Met})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range facts.Coverage {
		got = append(got, c.Months.String())
	}
	if want := []string{"2019-01 to 2020-02", "2020-Q3"}; !slices.Equal(got, want) {
		t.Errorf("the months are claimed as %q, want %q", got, want)
	}
}

// A million rows of street crime, placed at four levels, are counted in well
// under the tenth of a second that intake can spare.
func BenchmarkFactBuilderMillionRows(b *testing.B) {
	c := recordstest.NewBigCity()
	rows := c.Batches(1_000_000, tenMonths)
	for b.Loop() {
		builder := records.NewFactBuilder(c, c.Spec())
		for _, batch := range rows {
			builder.AddBatch(batch)
		}
	}
}

func BenchmarkFactBuild(b *testing.B) {
	c := recordstest.NewBigCity()
	builder := records.NewFactBuilder(c, c.Spec())
	for _, batch := range c.Batches(1_000_000, tenMonths) {
		builder.AddBatch(batch)
	}
	for b.Loop() {
		facts, err := builder.Build([]string{recordstest.Met})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(facts.Blocks)), "blocks")
	}
}
