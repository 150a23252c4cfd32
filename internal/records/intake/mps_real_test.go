package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/intake/intaketest"
)

// realPath returns a file of the folder of real data, or skips.
func realPath(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA does not name a folder of real files, so they are not tried")
	}
	return filepath.Join(folder, name)
}

// realAtlas is the boroughs of London with their police areas and the wards of
// 2017 and 2024, straight from the lookups.
func realAtlas(t testing.TB) *places.Atlas {
	t.Helper()
	m := places.Map{Places: []places.Place{{Place: places.MetropolitanArea, Name: "Metropolitan Police"}, {Place: places.CityOfLondonArea, Name: "London, City of"}}}
	seen := map[ids.Place]bool{}
	add := func(p ids.Place, name string, above ids.Place) {
		if !seen[p] {
			seen[p] = true
			m.Places = append(m.Places, places.Place{Place: p, Name: name})
			if !above.IsZero() {
				m.Links = append(m.Links, places.Link{Child: p, Parent: above})
			}
		}
	}
	borough := func(code string) ids.Place { return ids.Place{Level: places.Borough, Code: code} }
	for _, r := range realRows(t, "lookups/lookup_ltla24_csp24_pfa24.csv") {
		if strings.HasPrefix(r["ltla24_code"], "E09") {
			add(borough(r["ltla24_code"]), r["ltla24_name"], ids.Place{Level: places.PFA, Code: r["pfa24_code"]})
		}
	}
	for _, r := range realRows(t, "lookups/lookup_lsoa21_ward24_ltla24.csv") {
		if strings.HasPrefix(r["ltla24_code"], "E09") {
			add(ids.Place{Level: "ward-2024", Code: r["ward24_code"]}, r["ward24_name"], borough(r["ltla24_code"]))
		}
	}
	for _, r := range realRows(t, "lookups/lookup_lsoa11_ward17.csv") {
		add(ids.Place{Level: "ward-2017", Code: r["ward17_code"]}, r["ward17_code"], ids.Place{})
	}
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// realRows reads a real file with the standard library, apart from everything
// under test, as maps by heading.
func realRows(t testing.TB, name string) []map[string]string {
	t.Helper()
	raw, err := os.ReadFile(realPath(t, name))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, h := range all[0] {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func readReal(t testing.TB, r records.Reader, name string, atlas *places.Atlas) records.Trial {
	t.Helper()
	f, err := os.Open(realPath(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := records.Try(context.Background(), r, &records.Input{Name: filepath.Base(name), Stream: f, Atlas: atlas})
	if err != nil {
		t.Fatal(err)
	}
	if got.Refused != "" {
		t.Fatalf("%s is refused: %s", name, got.Refused)
	}
	return got
}

// independent is a wide file counted without anything under test.
type independent struct {
	rows, kept int64
	total      int64
	byMonth    map[string]int64
	byPair     map[string]map[string]int64            // group / subgroup, in lower case → month
	byPlace    map[string]map[string]map[string]int64 // place → group in lower case → month
}

func countWide(t testing.TB, name, placeColumn string) independent {
	t.Helper()
	out := independent{byMonth: map[string]int64{}, byPair: map[string]map[string]int64{}, byPlace: map[string]map[string]map[string]int64{}}
	for _, r := range realRows(t, name) {
		out.rows++
		group := strings.ToLower(r["MajorText"])
		p := group + " / " + strings.ToLower(r["MinorText"])
		place := r[placeColumn]
		if out.byPair[p] == nil {
			out.byPair[p] = map[string]int64{}
		}
		if out.byPlace[place] == nil {
			out.byPlace[place] = map[string]map[string]int64{}
		}
		if out.byPlace[place][group] == nil {
			out.byPlace[place][group] = map[string]int64{}
		}
		for h, cell := range r {
			if len(h) != 6 || strings.Trim(h, "0123456789") != "" {
				continue
			}
			n, err := strconv.ParseInt(cell, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				out.kept++
			}
			m := h[:4] + "-" + h[4:]
			out.total += n
			out.byMonth[m] += n
			out.byPair[p][m] += n
			out.byPlace[place][group][m] += n
		}
	}
	return out
}

func TestRealMonthlyBoroughs(t *testing.T) {
	atlas := realAtlas(t)
	for _, name := range []string{"mps-datastore/borough_24m_201806-202005.csv", "mps-datastore/borough_24m_201807-202006.csv"} {
		t.Run(name, func(t *testing.T) {
			got, want := readReal(t, MPSMonthly(), name, atlas), countWide(t, name, "LookUp_BoroughName")
			checkSummary(t, got.Summary, want)
			for _, f := range got.Findings {
				if f.Rule != ruleNoBorough {
					t.Errorf("found %s: %s", f.Rule, f.Message)
				}
			}
			months := sortedKeys(want.byMonth)
			for series, group := range map[ids.Series]string{"police.violence-against-the-person": "violence against the person", "police.robbery": "robbery", "police.burglary": "burglary"} {
				var force = map[string]int64{}
				for name, groups := range want.byPlace {
					for _, m := range months {
						force[m] += groups[group][m]
						b, ok := atlas.FindName(places.Borough, name)
						if !ok {
							continue
						}
						wantFact(t, got.Facts, series, b.Place, m, groups[group][m])
					}
				}
				for _, m := range months {
					wantFact(t, got.Facts, series, places.MetropolitanArea, m, force[m])
				}
			}
			for series, p := range map[ids.Series]string{"police.violence-with-injury": "violence against the person / violence with injury", "police.homicide": "violence against the person / homicide", "police.rape": "sexual offences / rape"} {
				for _, m := range months {
					wantFact(t, got.Facts, series, places.MetropolitanArea, m, want.byPair[p][m])
				}
			}
			if _, told := intaketest.Fact(t, got.Facts, "police.stalking-and-harassment", places.MetropolitanArea, period.NewMonth(2019, 1)); told {
				t.Error("a file from before 2024 tells of stalking and harassment, which it did not count apart")
			}
		})
	}
}

func wantFact(t *testing.T, f records.EditionFacts, series ids.Series, place ids.Place, month string, want int64) {
	t.Helper()
	m, err := period.ParseMonth(month)
	if err != nil {
		t.Fatal(err)
	}
	if n, told := intaketest.Fact(t, f, series, place, m); !told || n != want {
		t.Errorf("%s in %s in %s: %d (told %v), want %d", series, place, month, n, told, want)
	}
}

func checkSummary(t *testing.T, s records.Summary, want independent) {
	t.Helper()
	if s.Rows != want.rows || s.Kept != want.kept || s.Count != want.total || s.UnknownCategories != 0 {
		t.Errorf("%d rows, %d kept, %d counted, %d unknown; want %d, %d, %d, 0", s.Rows, s.Kept, s.Count, s.UnknownCategories, want.rows, want.kept, want.total)
	}
	got := map[string]int64{}
	for _, m := range s.Months {
		got[m.Month.String()] = m.Count
	}
	if !maps.Equal(got, want.byMonth) {
		t.Errorf("months %v, want %v", got, want.byMonth)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func TestRealMonthlyWards(t *testing.T) {
	atlas := realAtlas(t)
	for _, c := range []struct {
		name   string
		levels []ids.Level
		found  []string
	}{
		{"mps-datastore/ward_24m_202009-202208.csv", nil, []string{records.RuleWardSet, ruleWardsBelow}},
		{"mps-datastore/ward_24m_202402-202601.csv", []ids.Level{"ward-2024"}, []string{ruleWardsBelow}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, want := readReal(t, MPSMonthly(), c.name, atlas), countWide(t, c.name, "WardCode")
			checkSummary(t, got.Summary, want)
			var found []string
			for _, f := range got.Findings {
				found = append(found, f.Rule)
				t.Logf("%s (%d): %s", f.Rule, f.Count, f.Message)
			}
			if !slices.Equal(found, c.found) {
				t.Errorf("found %v, want %v", found, c.found)
			}
			levels := map[ids.Level]bool{}
			for _, cover := range got.Facts.Coverage {
				levels[cover.Level] = true
			}
			if !slices.Equal(slices.Collect(maps.Keys(levels)), c.levels) {
				t.Errorf("facts at %v, want %v: nothing above wards, and only sets with every ward", levels, c.levels)
			}
			for _, level := range c.levels {
				for code, groups := range want.byPlace {
					for _, m := range sortedKeys(want.byMonth) {
						wantFact(t, got.Facts, "police.robbery", ids.Place{Level: level, Code: code}, m, groups["robbery"][m])
						wantFact(t, got.Facts, "police.violence-against-the-person", ids.Place{Level: level, Code: code}, m, groups["violence against the person"][m])
					}
				}
			}
		})
	}
}

func TestRealHomicide(t *testing.T) {
	const name = "homicide/homicide_victims_2003-2011.csv"
	atlas := realAtlas(t)
	got := readReal(t, MPSHomicide(), name, atlas)
	kinds := map[ids.Series]func(r map[string]string) bool{
		"police.homicide-victims":         func(map[string]string) bool { return true },
		"police.homicide-victims.knife":   func(r map[string]string) bool { return strings.HasPrefix(r["Method of Killing"], "Knife") },
		"police.homicide-victims.firearm": func(r map[string]string) bool { return r["Method of Killing"] == "Shooting" },
		"police.homicide-victims.teenage": func(r map[string]string) bool { return r["Age Group"] == "13 to 19" },
		"police.homicide-victims.under-25": func(r map[string]string) bool {
			return slices.Contains([]string{"0 to 12", "13 to 19", "20 to 24"}, r["Age Group"])
		},
		"police.homicide-victims.domestic":     func(r map[string]string) bool { return r["Domestic Abuse"] == "Yes" },
		"police.homicide-victims.non-domestic": func(r map[string]string) bool { return r["Domestic Abuse"] == "No" },
	}
	type cell struct {
		series ids.Series
		place  ids.Place
		month  string
	}
	want := map[cell]int64{}
	rows := realRows(t, name)
	for _, r := range rows {
		at, _ := period.ParseMonth(r["Recorded Date"])
		for series, is := range kinds {
			if !is(r) {
				continue
			}
			want[cell{series, places.MetropolitanArea, at.String()}]++
			if b, ok := atlas.FindName(places.Borough, r["Borough"]); ok {
				want[cell{series, b.Place, at.String()}]++
			}
		}
	}
	if got.Summary.Rows != 1448 || got.Summary.Count != int64(len(rows)) || len(got.Summary.Months) != 108 {
		t.Errorf("%d rows, %d victims, %d months; want 1448, %d, 108", got.Summary.Rows, got.Summary.Count, len(got.Summary.Months), len(rows))
	}
	for c, n := range want {
		wantFact(t, got.Facts, c.series, c.place, c.month, n)
	}
	var all int64
	for m := period.NewMonth(2003, 1); m <= period.NewMonth(2011, 12); m++ {
		n, _ := intaketest.Fact(t, got.Facts, "police.homicide-victims", places.MetropolitanArea, m)
		all += n
	}
	if all != 1448 {
		t.Errorf("%d victims in all, want 1448", all)
	}
	for _, f := range got.Findings {
		if f.Rule != ruleNoBorough || f.Count != 1 {
			t.Errorf("found %s (%d): %s", f.Rule, f.Count, f.Message)
		}
	}
}

// The two borough editions tell of the same 23 months in their own way. What
// was restated, counted here from the files alone, must be what facts restate.
func TestRealRestatedMonths(t *testing.T) {
	atlas := realAtlas(t)
	const first, second = "mps-datastore/borough_24m_201806-202005.csv", "mps-datastore/borough_24m_201807-202006.csv"
	was, is := countWide(t, first, "LookUp_BoroughName"), countWide(t, second, "LookUp_BoroughName")
	a, b := readReal(t, MPSMonthly(), first, atlas), readReal(t, MPSMonthly(), second, atlas)
	var text []string
	for _, m := range sortedKeys(was.byMonth) {
		if _, both := is.byMonth[m]; !both {
			continue
		}
		changed := 0
		for _, series := range []struct {
			id    ids.Series
			group string
		}{{"police.robbery", "robbery"}, {"police.violence-against-the-person", "violence against the person"}} {
			for name := range was.byPlace {
				borough, ok := atlas.FindName(places.Borough, name)
				if !ok {
					continue
				}
				month, _ := period.ParseMonth(m)
				n1, _ := intaketest.Fact(t, a.Facts, series.id, borough.Place, month)
				n2, _ := intaketest.Fact(t, b.Facts, series.id, borough.Place, month)
				w1, w2 := was.byPlace[name][series.group][m], is.byPlace[name][series.group][m]
				if n1 != w1 || n2 != w2 {
					t.Errorf("%s in %s in %s: %d then %d, want %d then %d", series.id, name, m, n1, n2, w1, w2)
				}
				if w1 != w2 {
					changed++
				}
			}
		}
		text = append(text, fmt.Sprintf("%s: %+d offences, %d of 64 counts of robbery and violence", m, is.byMonth[m]-was.byMonth[m], changed))
	}
	if len(text) != 23 {
		t.Errorf("%d months in both editions, want 23", len(text))
	}
	t.Log("restated:\n" + strings.Join(text, "\n"))
}
