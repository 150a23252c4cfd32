package detect

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lengths writes down the parts of the baseline in order: "9×3" is part 9 for
// three time points.
func lengths(r reference) string {
	var parts []string
	for i := 0; i < len(r.group); {
		j := i
		for j < len(r.group) && r.group[j] == r.group[i] {
			j++
		}
		parts = append(parts, fmt.Sprintf("%d×%d", r.group[i], j-i))
		i = j
	}
	return strings.Join(parts, " ")
}

// The parts of the year as R's surveillance cuts them: the longer ones first.
func TestPartsOfTheYear(t *testing.T) {
	for _, c := range []struct {
		o    FlexibleOptions
		want string
	}{
		{FlexibleOptions{Years: 1, HalfWindow: 1, Parts: 4, Gap: None}, "3×3 0×3 1×3 2×3 3×1"},
		{FlexibleOptions{Years: 1, HalfWindow: 1, Parts: 5, Gap: None}, "4×3 0×3 1×2 2×2 3×2 4×1"},
		{FlexibleOptions{Years: 1, HalfWindow: 2, Parts: 5, Gap: None}, "4×5 0×2 1×2 2×2 3×1 4×2"},
		{FlexibleOptions{Years: 1, HalfWindow: None, Parts: 10, Gap: 3}, "9×1 0×2 1×2 2×1 3×1 4×1 5×1"},
		{FlexibleOptions{Years: 2, HalfWindow: 1, Parts: 1, Gap: None}, "0×6"},
		{
			FlexibleOptions{Years: 1, Period: 52, HalfWindow: 4, Parts: 10, Gap: None},
			"9×9 0×5 1×5 2×5 3×5 4×5 5×5 6×5 7×4 8×4 9×4",
		},
	} {
		o, err := c.o.fill()
		if err != nil {
			t.Fatal(err)
		}
		r, ok := newReference(&o)
		if got := lengths(r); !ok || got != c.want {
			t.Errorf("%+v: %s, want %s", c.o, got, c.want)
		}
		if r.reach != -r.offset[0] {
			t.Errorf("%+v: reaches back %d, its first time point %d", c.o, r.reach, r.offset[0])
		}
	}
}

// With weeks of 365.25/7 a year the window stays at the same date: five years ago
// is 261 weeks, not 260.
func TestWeeksInStepWithTheCalendar(t *testing.T) {
	o, err := FlexibleOptions{Period: 365.25 / 7}.fill()
	if err != nil {
		t.Fatal(err)
	}
	r, ok := newReference(&o)
	if !ok || r.offset[0] != -261-3 || o.HalfWindow != 3 || o.Gap != 26 {
		t.Errorf("first %d, %+v", r.offset[0], o)
	}
	for i := 1; i < len(r.offset); i++ {
		if r.offset[i] != r.offset[i-1]+1 {
			t.Errorf("a gap or an overlap at %d", r.offset[i])
		}
	}
}

// The reference results that come with the real data: Salmonella Agona.
func TestSalmonellaAgona(t *testing.T) {
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA names no folder with the real series and its reference results")
	}
	root = filepath.Join(root, "spatial-stats")
	var y []float64
	for _, r := range readTable(t, filepath.Join(root, "surveillance", "surveillance_salmonella.agona.csv")) {
		y = append(y, r.num(t, "observed"))
	}
	flexible, err1 := Flexible(y, FlexibleOptions{Period: 52, Years: 4, Alpha: 0.05, From: 211})
	classic, err2 := Classic(y, ClassicOptions{Period: 52, Years: 3, From: 211, PeerErrors: true})
	ears, err3 := EARS(y, EARSOptions{Alpha: 0.05, From: 211})
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	for _, c := range []struct {
		file      string
		got       []Evaluation
		tolerance float64
	}{
		{"farringtonFlexible_nbPlugin", flexible, 1e-9},
		// The package stops its fits early: see docs/divergences.md.
		{"farrington_b3_w3_a005", classic, 5e-5},
		{"earsC1", ears, 1e-12},
	} {
		want := readTable(t, filepath.Join(root, "reference-results", "salmonella.agona_"+c.file+".csv"))
		if len(want) != len(c.got) {
			t.Fatalf("%s: %d of %d", c.file, len(c.got), len(want))
		}
		for i, e := range c.got {
			if e.Alarm() != (want[i].num(t, "alarm") == 1) {
				t.Errorf("%s, t %s: %v", c.file, want[i]["t"], e.Verdict)
			}
			if e.Verdict == FewCases { // the package gives no bound, or zero
				continue
			}
			if upper := want[i].num(t, "upperbound"); math.Abs(e.Upper-upper) > c.tolerance*max(1, upper) {
				t.Errorf("%s, t %s: upper %v, want %v", c.file, want[i]["t"], e.Upper, upper)
			}
		}
	}
}
