package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// printed are the yearly totals of the violent-crime report in the London
// Violence Reduction Unit's report of March 2021, 2019 and 2020.
var printed = map[string][2]int{
	"police.violence-against-the-person":            {222_048, 220_265},
	"police.violence-without-injury":                {144_436, 151_055},
	"police.violence-with-injury":                   {77_462, 69_085},
	"police.domestic-abuse-incidents":               {144_199, 156_109},
	"police.domestic-abuse-violence-with-injury":    {23_747, 23_850},
	"police.knife-crime":                            {15_582, 11_561},
	"police.knife-crime-with-injury":                {3_972, 3_104},
	"police.knife-injury-victims-1-24":              {1_779, 1_296},
	"police.knife-injury-victims-1-24-not-domestic": {1_658, 1_182},
	"police.robbery":                                {39_928, 27_586},
	"police.gun-crime":                              {2_018, 1_535},
	"police.homicide-victims":                       {150, 126},
	"police.homicide-victims.domestic":              {15, 19},
	"police.homicide-victims.knife":                 {90, 71},
	"police.homicide-victims.firearm":               {11, 14},
	"police.homicide-victims.teenage":               {25, 14},
	"police.homicide-victims.under-25":              {54, 40},
	"police.homicide-victims.non-domestic":          {135, 107},
}

// TestDemoReportHasThePrintedTotals loads the invented London through the
// ordinary intake and builds the report from it.
func TestDemoReportHasThePrintedTotals(t *testing.T) {
	h := newHouse(t)
	h.run("demo", "--dir", h.folder, "--no-serve", "--incidents", "0.01")
	var figures []struct {
		Figure string
		Value  float64
	}
	if err := json.Unmarshal([]byte(h.run("report", "violence", "--year", "2020", "--against", "2019", "--json")), &figures); err != nil {
		t.Fatal(err)
	}
	values := map[string]int{}
	for _, f := range figures {
		values[f.Figure] = int(f.Value)
	}
	for series, want := range printed {
		for i, year := range []int{2019, 2020} {
			name := fmt.Sprintf("%s.E23000001.%d", series, year)
			if got, ok := values[name]; !ok || got != want[i] {
				t.Errorf("%s = %d (%v), printed %d", name, got, ok, want[i])
			}
		}
	}
}

// TestDemoGoesOn: run again, the demonstration is not loaded twice, and it is
// never loaded among real data.
func TestDemoGoesOn(t *testing.T) {
	h := newHouse(t)
	h.run("demo", "--dir", h.folder, "--no-serve", "--incidents", "0.001")
	before := h.run("submissions", "--json")
	h.run("demo", "--dir", h.folder, "--no-serve", "--incidents", "0.001")
	if after := h.run("submissions", "--json"); after != before {
		t.Error("a second run changed what is held")
	}
	real := newHouse(t)
	real.run("submissions", "--json")
	real.refused("demo", "--dir", real.folder, "--no-serve")
}

func TestDemoClockNeverGoesBack(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	c := &demoClock{real: func() time.Time { now = now.Add(time.Second); return now }}
	c.set(time.Date(2021, 1, 6, 0, 0, 0, 0, time.UTC))
	first := c.Now()
	if first.Year() != 2021 {
		t.Errorf("invented time is %s", first)
	}
	c.set(time.Date(2020, 11, 6, 0, 0, 0, 0, time.UTC))
	if second := c.Now(); second.Before(first) {
		t.Errorf("%s came after %s", second, first)
	}
	c.set(time.Time{})
	if got := c.Now(); !got.Equal(now) {
		t.Errorf("real time is %s, not %s", got, now)
	}
}

// refused runs a command that must fail.
func (h *house) refused(args ...string) {
	h.t.Helper()
	h.setting["OPENVRU_DB"] = filepath.Join(h.folder, "openvru.db")
	if code := h.try(args...); code == 0 {
		h.t.Errorf("vru %v was not refused", args)
	}
}
