package intake

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/records/intake/intaketest"
)

func at(level ids.Level, code string) ids.Place { return ids.Place{Level: level, Code: code} }

// wantTold checks a fact that the file must tell.
func wantTold(t *testing.T, f records.EditionFacts, series ids.Series, p ids.Place, m period.Month, want int64) {
	t.Helper()
	if n, told := intaketest.Fact(t, f, series, p, m); !told || n != want {
		t.Errorf("%s in %s in %s: %d (told %v), want %d", series, p, m, n, told, want)
	}
}

func wantUntold(t *testing.T, f records.EditionFacts, series ids.Series, p ids.Place, m period.Month) {
	t.Helper()
	if n, told := intaketest.Fact(t, f, series, p, m); told {
		t.Errorf("%s in %s in %s: %d is told, want nothing told", series, p, m, n)
	}
}

func TestMonthlyFacts(t *testing.T) {
	got := intaketest.Read(t, MPSMonthly(), intaketest.London(), "b.csv", wholeMonthly())
	hackney := at(places.Borough, intaketest.BoroughCode(11))
	wantTold(t, got.Facts, "police.homicide", hackney, first, 2)
	wantTold(t, got.Facts, "police.violence-against-the-person", hackney, first+2, 12)
	wantTold(t, got.Facts, "police.robbery", hackney, first+1, 6)
	var force int64 // what the boroughs and the airports have together
	for i := 1; i <= len(intaketest.Boroughs); i++ {
		force += int64(flat(i, [2]string{}, first))
	}
	wantTold(t, got.Facts, "police.homicide", places.MetropolitanArea, first, force)
	wantUntold(t, got.Facts, "police.homicide", places.MetropolitanArea, first+3)
	wantUntold(t, got.Facts, "police.burglary", hackney, first)
	wantUntold(t, got.Facts, "police.stalking-and-harassment", hackney, first)
	wantUntold(t, got.Facts, "police.homicide", at(intaketest.Wards2022, intaketest.WardCode(intaketest.Wards2022, 11, 0)), first)
}

// Stalking has a column of its own in every file from 2024, but only from
// February 2024 on is it known.
func TestMonthlyAcrossTheChange(t *testing.T) {
	text := strings.ReplaceAll(intaketest.MonthlyBoroughs(monthsFrom(period.NewMonth(2023, 12), 4), flat),
		"Violence Against the Person,Homicide", "VIOLENCE AGAINST THE PERSON,STALKING AND HARASSMENT")
	got := intaketest.Read(t, MPSMonthly(), intaketest.London(), "b.csv", text)
	wantUntold(t, got.Facts, "police.stalking-and-harassment", places.MetropolitanArea, period.NewMonth(2024, 1))
	if _, told := intaketest.Fact(t, got.Facts, "police.stalking-and-harassment", places.MetropolitanArea, period.NewMonth(2024, 2)); !told {
		t.Error("stalking is not told from February 2024")
	}
	// Without homicide, a part of it, the file cannot tell the whole.
	wantUntold(t, got.Facts, "police.violence-against-the-person", places.MetropolitanArea, period.NewMonth(2024, 2))
}

// A month between two others that the file leaves out is not told.
func TestMonthlyGap(t *testing.T) {
	got := intaketest.Read(t, MPSMonthly(), intaketest.London(), "b.csv", once(t, wholeMonthly(), "201902", "201904"))
	wantUntold(t, got.Facts, "police.robbery", places.MetropolitanArea, period.NewMonth(2019, 2))
	if _, told := intaketest.Fact(t, got.Facts, "police.robbery", places.MetropolitanArea, period.NewMonth(2019, 4)); !told {
		t.Error("the month after the gap is not told")
	}
}

func TestMonthlyWardFacts(t *testing.T) {
	got := intaketest.Read(t, MPSMonthly(), intaketest.London(), "w.csv", intaketest.MonthlyWards(intaketest.Wards2018, monthsFrom(first, 2), flat))
	ward := at(intaketest.Wards2018, intaketest.WardCode(intaketest.Wards2018, 11, 1))
	wantTold(t, got.Facts, "police.robbery", ward, first, 2*int64(flat(23, [2]string{}, first)))
	wantUntold(t, got.Facts, "police.robbery", at(places.Borough, intaketest.BoroughCode(11)), first)
	wantUntold(t, got.Facts, "police.robbery", places.MetropolitanArea, first)
	// Half of the wards keep their codes in 2022, but that set is not this file's.
	wantUntold(t, got.Facts, "police.robbery", at(intaketest.Wards2022, intaketest.WardCode(intaketest.Wards2022, 10, 0)), first)
}

func TestMonthlyWardsNamed(t *testing.T) {
	text := intaketest.MonthlyWards(intaketest.Wards2018, monthsFrom(first, 2), flat)
	wards, from, err := MPSMonthly().(records.WardNamer).Wards(context.Background(), &records.Input{Stream: strings.NewReader(text)})
	if err != nil || from != first || len(wards) != 64 {
		t.Fatalf("%d wards from %v, %v; want 64 from %v", len(wards), from, err, first)
	}
	if want := (places.Ward{Code: "E05000110", Name: "Barking and Dagenham South", Borough: "Barking and Dagenham"}); !slices.Contains(wards, want) {
		t.Errorf("no %+v among %+v", want, wards[:4])
	}
	wards, _, err = MPSMonthly().(records.WardNamer).Wards(context.Background(), &records.Input{Stream: strings.NewReader(wholeMonthly())})
	if err != nil || len(wards) != 0 {
		t.Errorf("a borough file names %d wards, %v", len(wards), err)
	}
}

func TestDashboardFacts(t *testing.T) {
	got := intaketest.Read(t, MPSDashboard(), intaketest.London(), "k.csv", dirtyDashboard(t))
	camden := at(places.Borough, intaketest.BoroughCode(6))
	wantTold(t, got.Facts, "police.knife-crime", camden, first, 90)                                     // the newer row
	wantTold(t, got.Facts, "police.knife-crime", camden, first+1, int64(flat(6, [2]string{}, first+1))) // not the older
	wantTold(t, got.Facts, "police.knife-crime", at(places.Borough, intaketest.BoroughCode(4)), first, 77)
	wantTold(t, got.Facts, "police.knife-crime", at(places.Borough, intaketest.BoroughCode(1)), first, 2) // the same row twice
	var force int64 = 3                                                                                   // of the unknown borough
	for i := 1; i < len(intaketest.Boroughs); i++ {
		n, _ := intaketest.Fact(t, got.Facts, "police.knife-crime", at(places.Borough, intaketest.BoroughCode(i)), first)
		force += n
	}
	wantTold(t, got.Facts, "police.knife-crime", places.MetropolitanArea, first, force)
	wantTold(t, got.Facts, "police.hate-crime-anti-semitic", at(places.Borough, intaketest.BoroughCode(4)), first, 2)
	wantUntold(t, got.Facts, "police.robbery", camden, first)
}

// The three dashboard files speak for different series, so that none takes
// away what another told.
func TestDashboardFilesDoNotTakeAway(t *testing.T) {
	london := intaketest.London()
	months := monthsFrom(first, 2)
	knife := intaketest.Read(t, MPSDashboard(), london, "k.csv", wholeDashboard())
	tno := intaketest.Read(t, MPSDashboard(), london, "t.csv", intaketest.Dashboard(intaketest.Pairs, months, flat))
	other := intaketest.Read(t, MPSDashboard(), london, "o.csv", intaketest.Dashboard([][2]string{{"GUN CRIME", "GUN CRIME"}, {"DOMESTIC ABUSE", "DOMESTIC ABUSE"}}, months, flat))
	told := func(tr records.Trial, s ids.Series) bool {
		_, ok := intaketest.Fact(t, tr.Facts, s, places.MetropolitanArea, first)
		return ok
	}
	for series, by := range map[ids.Series][3]bool{
		"police.knife-crime": {true, false, false}, "police.robbery": {false, true, false}, "police.violence-against-the-person": {false, true, false},
		"police.gun-crime": {false, false, true}, "police.domestic-abuse-offences": {false, false, true}, "police.domestic-abuse-incidents": {false, false, false},
	} {
		if got := [3]bool{told(knife, series), told(tno, series), told(other, series)}; got != by {
			t.Errorf("%s is told by %v (knife, TNO, other), want %v", series, got, by)
		}
	}
}

// A kind of crime is told only for the months in which the file has rows of it.
func TestDashboardKindThatEnds(t *testing.T) {
	text := intaketest.Dashboard([][2]string{{"GUN CRIME", "GUN CRIME"}}, monthsFrom(first, 4), flat)
	more := intaketest.Dashboard([][2]string{{"DOMESTIC ABUSE", "DOMESTIC ABUSE INCIDENTS"}}, monthsFrom(first+1, 2), flat)
	got := intaketest.Read(t, MPSDashboard(), intaketest.London(), "o.csv", text+more[strings.Index(more, "\n")+1:])
	for i, want := range []bool{false, true, true, false} {
		if _, told := intaketest.Fact(t, got.Facts, "police.domestic-abuse-incidents", places.MetropolitanArea, first+period.Month(i)); told != want {
			t.Errorf("incidents of %s are told: %v, want %v", first+period.Month(i), told, want)
		}
		if _, told := intaketest.Fact(t, got.Facts, "police.gun-crime", places.MetropolitanArea, first+period.Month(i)); !told {
			t.Errorf("gun crime of %s is not told", first+period.Month(i))
		}
	}
}

func TestHomicideFacts(t *testing.T) {
	got := intaketest.Read(t, MPSHomicide(), intaketest.London(), "h.csv", wholeHomicide())
	met := places.MetropolitanArea
	for series, months := range map[ids.Series][3]int64{
		"police.homicide-victims": {1, 1, 1}, "police.homicide-victims.knife": {0, 1, 0}, "police.homicide-victims.firearm": {1, 0, 0},
		"police.homicide-victims.teenage": {0, 1, 0}, "police.homicide-victims.under-25": {1, 1, 0},
		"police.homicide-victims.domestic": {0, 0, 1}, "police.homicide-victims.non-domestic": {1, 1, 0},
	} {
		for i, n := range months {
			wantTold(t, got.Facts, series, met, first+period.Month(i), n)
		}
	}
	wantTold(t, got.Facts, "police.homicide-victims", at(places.Borough, intaketest.BoroughCode(1)), first+1, 1)
	wantTold(t, got.Facts, "police.homicide-victims", at(places.Borough, intaketest.BoroughCode(1)), first, 0)
	wantTold(t, got.Facts, "police.homicide-victims.domestic", at(places.Borough, intaketest.BoroughCode(20)), first+2, 1)
}

// A dashboard of the size that is published goes through in little memory and
// with figures repeated under newer dates.
func TestDashboardLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("a quarter of a million rows take a second")
	}
	pairs := make([][2]string, 0, 60)
	for _, g := range metGroups {
		for _, names := range g.subgroups {
			pairs = append(pairs, [2]string{strings.ToUpper(g.name), strings.ToUpper(names[0])})
		}
	}
	months := monthsFrom(first, 96)
	text := intaketest.Dashboard(pairs, months, func(int, [2]string, period.Month) int { return 1 })
	rows := strings.Count(text, "\n") - 1
	if rows < 160_000 {
		t.Fatalf("the sample has %d rows only", rows)
	}
	newer := strings.ReplaceAll(strings.ReplaceAll(text[strings.Index(text, "\n")+1:], ",1,05/01/2026", ",2,05/02/2026"), "\r\n", "\n")
	got := intaketest.Read(t, MPSDashboard(), intaketest.London(), "d.csv", text+newer)
	if got.Refused != "" || got.Summary.Rows != int64(2*rows) || got.Summary.Kept != int64(rows) || got.Summary.Count != int64(2*rows) {
		t.Errorf("%s: %d rows, %d kept, %d counted; want %d, %d, %d", got.Refused, got.Summary.Rows, got.Summary.Kept, got.Summary.Count, 2*rows, rows, 2*rows)
	}
}

// FuzzReaders checks what holds of any bytes: a reader ends, its errors are
// sentences about the file, its findings can be shown, and reading again finds
// the same.
func FuzzReaders(f *testing.F) {
	f.Add(uint8(0), []byte(wholeMonthly()))
	f.Add(uint8(0), []byte(intaketest.MonthlyWards(intaketest.Wards2022, monthsFrom(first, 2), flat)))
	f.Add(uint8(1), []byte(wholeDashboard()))
	f.Add(uint8(2), []byte(wholeHomicide()))
	f.Add(uint8(0), []byte(zipped(wholeMonthly())))
	f.Add(uint8(0), []byte("MajorText,MinorText,LookUp_BoroughName,201901\nRobbery,Total,,5\n,,Camden,\"-1\n"))
	london := intaketest.London()
	readers := []records.Reader{MPSMonthly(), MPSDashboard(), MPSHomicide()}
	f.Fuzz(func(t *testing.T, which uint8, in []byte) {
		r := readers[int(which)%len(readers)]
		read := func() (records.Trial, error) {
			return records.Try(context.Background(), r, &records.Input{Name: "f.csv", Size: int64(len(in)), File: bytes.NewReader(in), Stream: bytes.NewReader(in), Atlas: london})
		}
		got, err := read()
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatal(err)
			}
			return
		}
		report := intaketest.Report(t, r.Source(), got)
		again, err := read()
		if err != nil || intaketest.Report(t, r.Source(), again) != report {
			t.Fatalf("read again: %v\n%s\nfirst:\n%s", err, intaketest.Report(t, r.Source(), again), report)
		}
		if got.Refused == "" && got.Summary.Count < 0 {
			t.Fatal(fmt.Sprint("counted ", got.Summary.Count))
		}
	})
}
