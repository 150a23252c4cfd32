package intake

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

// desk is the services of one unit in memory, with an analyst at work.
type desk struct {
	*testing.T
	ctx     context.Context
	analyst access.Actor
	places  *places.Service
	records *records.Service
	facts   *records.FactReader
	now     time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, ctx: t.Context(), analyst: access.Operator("unit-1"), now: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)}
	store, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { d.now = d.now.Add(time.Minute); return d.now }
	maker := ids.Maker{Now: clock, Rand: rand.Reader}
	d.places = places.NewService(&placestest.Memory{}, store, access.Recorder{Now: clock, IDs: maker})
	memory := recordstest.NewMemory()
	d.records = records.NewService(records.Deps{Store: memory, Files: store, Atlas: d.places.Atlas, Readers: Readers(), Now: clock, IDs: maker, Wards: d.places.RegisterWards})
	d.facts = records.NewFactReader(memory, d.places.Atlas)
	return d
}

// bring imports real files of places.
func (d *desk) bring(names ...string) {
	d.Helper()
	var all []places.Upload
	for _, name := range names {
		f, err := os.Open(realPath(d, name))
		if err != nil {
			d.Fatal(err)
		}
		defer f.Close()
		all = append(all, places.Upload{Name: filepath.Base(name), Reader: f})
	}
	if _, err := d.places.Import(d.ctx, d.analyst, all, places.Options{}); err != nil {
		d.Fatal(err)
	}
}

// submit has a real file accepted.
func (d *desk) submit(source ids.Source, name string) records.Submission {
	d.Helper()
	f, err := os.Open(realPath(d, name))
	if err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	sub, err := d.records.Submit(d.ctx, d.analyst, records.Incoming{Source: source, Name: filepath.Base(name), Body: f}, nil)
	if err != nil || sub.State != records.Accepted {
		d.Fatalf("%s is %s, %v", name, sub.State, err)
	}
	return sub
}

// editionPairs are series of one subgroup each, as the files of 2018 to 2020
// name it.
var editionPairs = map[ids.Series]string{
	"police.robbery-personal": "robbery / robbery of personal property", "police.robbery-business": "robbery / robbery of business property",
	"police.violence-with-injury": "violence against the person / violence with injury", "police.violence-without-injury": "violence against the person / violence without injury",
	"police.homicide": "violence against the person / homicide", "police.rape": "sexual offences / rape", "police.other-sexual-offences": "sexual offences / other sexual offences",
	"police.bicycle-theft": "theft / bicycle theft", "police.shoplifting": "theft / shoplifting", "police.theft-from-the-person": "theft / theft from person", "police.other-theft": "theft / other theft",
	"police.burglary-residential": "burglary / burglary - residential", "police.burglary-business-and-community": "burglary / burglary - business and community",
}

// The second edition of the borough file restates 23 months of the first and
// adds one. The months and the counts that changed, compared here from the two
// files alone, are those that the facts say were restated; and the day before
// the second edition can still be asked.
func TestRealEditions(t *testing.T) {
	d := newDesk(t)
	d.bring("lookups/lookup_ltla24_csp24_pfa24.csv", "lookups/lookup_ltla24_region24.csv")
	const older, newer = "mps-datastore/borough_24m_201806-202005.csv", "mps-datastore/borough_24m_201807-202006.csv"
	first := d.submit(records.MPSMonthly, older)
	second := d.submit(records.MPSMonthly, newer)
	got, err := d.facts.Restated(d.ctx, d.analyst, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	atlas, err := d.places.Atlas(d.ctx, d.analyst.Unit)
	if err != nil {
		t.Fatal(err)
	}
	want := changedCells(t, atlas, older, newer)
	have := map[string]bool{}
	for _, c := range got.Cells {
		if _, one := editionPairs[c.Series]; one && c.Level == places.Borough {
			have[fmt.Sprintf("%s %s %s %d %d", c.Series, c.Place, c.Month, c.Old, c.New)] = true
		}
	}
	if len(want) == 0 || len(want) != len(have) {
		t.Errorf("%d counts restated, want %d", len(have), len(want))
	}
	for c := range want {
		if !have[c] {
			t.Errorf("not restated: %s", c)
		}
	}
	var restated, fresh []string
	for _, m := range got.Months {
		if m.Level == places.Borough && m.New {
			fresh = append(fresh, m.Month.String())
		} else if m.Level == places.Borough && m.Changed > 0 {
			restated = append(restated, fmt.Sprintf("%s (%d)", m.Month, m.Changed))
		}
	}
	if !slices.Equal(fresh, []string{"2020-06"}) || len(restated) != 23 {
		t.Errorf("new months %v, restated %v; want 2020-06 and 23 months", fresh, restated)
	}
	t.Logf("%s\nrestated months (counts changed at borough level): %s", got.Sentence(), strings.Join(restated, ", "))
	if first.AcceptedAt.After(second.AcceptedAt) {
		t.Error("the clock runs backwards")
	}
}

// changedCells compares two borough files by nothing but their cells.
func changedCells(t *testing.T, atlas *places.Atlas, older, newer string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	cells := func(name string) map[string]string {
		all := map[string]string{}
		for _, r := range realRows(t, name) {
			p := strings.ToLower(r["MajorText"] + " / " + r["MinorText"])
			for h, n := range r {
				if len(h) == 6 && h[0] == '2' {
					all[p+"|"+r["LookUp_BoroughName"]+"|"+h] = n
				}
			}
		}
		return all
	}
	was, is := cells(older), cells(newer)
	keys := map[string]bool{}
	for k := range was {
		keys[k] = true
	}
	for k := range is {
		keys[k] = true
	}
	for k := range keys {
		part := strings.Split(k, "|")
		b, ok := atlas.FindName(places.Borough, part[1])
		if !ok || part[2] == "201806" || part[2] == "202006" {
			continue
		}
		zero := func(s string) string {
			if s == "" {
				return "0" // a pair that one edition does not mention for a borough
			}
			return s
		}
		if zero(was[k]) == zero(is[k]) {
			continue
		}
		for series, p := range editionPairs {
			if p == part[0] {
				m, _ := period.ParseMonth(part[2])
				out[fmt.Sprintf("%s %s %s %s %s", series, b.Code, m, zero(was[k]), zero(is[k]))] = true
			}
		}
	}
	return out
}

// A ward file of years whose set of wards nobody imported makes that set, from
// wards that other sets know one by one; then it has figures by ward.
func TestRealWardsRegistered(t *testing.T) {
	d := newDesk(t)
	d.bring("lookups/lookup_ltla24_csp24_pfa24.csv", "lookups/lookup_ltla24_region24.csv",
		"lookups/lookup_lsoa11_lsoa21_ltla22.csv", "lookups/lookup_lsoa11_ward17.csv", "lookups/lookup_lsoa21_ward24_ltla24.csv")
	const name = "mps-datastore/ward_24m_202009-202208.csv"
	sub := d.submit(records.MPSMonthly, name)
	found, err := d.records.Findings(d.ctx, d.analyst, sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Rule == records.RuleWardSet {
			t.Errorf("still: %s", f.Message)
		}
	}
	atlas, err := d.places.Atlas(d.ctx, d.analyst.Unit)
	if err != nil {
		t.Fatal(err)
	}
	if n := atlas.Len("ward-2018"); n != 632 {
		t.Errorf("%d wards of 2018, want the 632 of the file", n)
	}
	want := countWide(t, name, "WardCode")
	for _, p := range sub.Summary.Placed {
		if p.Level == "ward-2018" && (p.ByCode != want.kept || p.Distinct != 632) {
			t.Errorf("placed in wards of 2018: %+v, want %d by code", p, want.kept)
		}
	}
	if up, ok := atlas.Up(ids.Place{Level: "ward-2018", Code: "E05011217"}, places.Borough); !ok || up.Code != "E09000004" {
		t.Errorf("Barnehurst lies in %v (%v), want Bexley", up, ok)
	}
}
