package records

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

var update = flag.Bool("update", false, "write the printed pages anew")

// The documentation page of the series is what the catalogue declares.
func TestSeriesPage(t *testing.T) {
	var page strings.Builder
	if err := WriteCatalogue(&page); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "reference", "series.md")
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page.String() {
		t.Errorf("%s is not what the catalogue declares (%v): print it anew with go test ./internal/records -run SeriesPage -update", path, err)
	}
}

func TestCatalogueHoldsTogether(t *testing.T) {
	name := regexp.MustCompile(`^police\.[a-z0-9-]+(\.[a-z0-9-]+)?$`)
	for i, s := range Catalogue() {
		if !name.MatchString(string(s.ID)) || i > 0 && Catalogue()[i-1].ID >= s.ID {
			t.Errorf("%s is not a series' id, or stands twice or out of order", s.ID)
		}
		if s.Title == "" || !strings.HasSuffix(s.Definition, ".") || s.Version < 1 || s.Unit == "" || s.One == "" || len(s.Feeds) == 0 {
			t.Errorf("%s is not whole: %+v", s.ID, s)
		}
		for _, p := range s.Parts {
			if part, err := FindSeries(p); err != nil || part.ID == s.ID {
				t.Errorf("%s has the part %s: %v", s.ID, p, err)
			}
		}
		for _, f := range s.Feeds {
			for _, c := range f.Categories {
				if c != strings.ToLower(c) || strings.ContainsAny(c, " &") {
					t.Errorf("%s: the category %q is not a key", s.ID, c)
				}
			}
		}
	}
}

func TestFindSeriesHints(t *testing.T) {
	for asked, hint := range map[ids.Series]string{
		"robbery":         "did you mean police.robbery",
		"police.knife":    "did you mean police.homicide-victims.knife or police.knife-crime",
		"hospital.visits": "vru series lists them all",
	} {
		_, err := FindSeries(asked)
		if !errs.Is(err, errs.NotFound) || !strings.HasPrefix(errs.HintOf(err), hint) {
			t.Errorf("%s: %v, hint %q, want one that begins %q", asked, err, errs.HintOf(err), hint)
		}
	}
}

func TestCategoryKey(t *testing.T) {
	if got := CategoryKey(" Arson & Criminal  Damage", "BURGLARY - RESIDENTIAL"); got != "arson-and-criminal-damage/burglary-residential" {
		t.Errorf("got %s", got)
	}
	f := Feed{Categories: []string{"*/13-to-19/*", "robbery"}}
	for key, want := range map[string]bool{"knife/13-to-19/domestic": true, "knife/20-to-24/domestic": false, "robbery": true, "robbery/x": false} {
		if f.Matches(key) != want {
			t.Errorf("Matches(%q) is %v", key, !want)
		}
	}
}

func TestBreaksSplitRanges(t *testing.T) {
	s, err := FindSeries("police.violence-with-injury")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"2023": 0, "2024-02..2024-12": 0, "2024-01..2024-02": 1, "2024": 1} {
		r, _ := period.ParseRange(text)
		if got := s.BreaksIn(MPSMonthly, r); len(got) != want {
			t.Errorf("%s: %d breaks, want %d", text, len(got), want)
		}
	}
	if got := s.BreaksIn("another-source", period.Year(2024)); len(got) != 0 {
		t.Errorf("a break of the Metropolitan Police's holds for another source: %v", got)
	}
}
