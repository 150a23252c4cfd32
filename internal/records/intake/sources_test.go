package intake

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"openvru/internal/records"
)

// The documentation page of each source is what the source declares.
func TestSourcePages(t *testing.T) {
	for _, r := range Readers() {
		var page strings.Builder
		if err := r.Source().WritePage(&page); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("..", "..", "..", "docs", "reference", "sources", string(r.Source().ID)+".md"), page.String())
	}
}

// What a source declares holds together: ids are said once and are readable,
// every category is found by each of its names, every series it feeds has a
// category, and hints fit the sentences they are put into.
func TestSourcesHoldTogether(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9-]+$`)
	for _, r := range Readers() {
		s := r.Source()
		t.Run(string(s.ID), func(t *testing.T) {
			for what, text := range map[string]string{"title": s.Title, "publisher": s.Publisher, "licence": s.Licence, "description": s.Description} {
				if text == "" {
					t.Errorf("no %s", what)
				}
			}
			rules := map[string]bool{}
			for _, rule := range s.Rules {
				if rules[rule.ID] || !id.MatchString(rule.ID) || rule.Title == "" || !strings.HasSuffix(rule.Meaning, ".") || strings.HasSuffix(rule.Hint, ".") {
					t.Errorf("rule %+v is declared twice or is not whole", rule)
				}
				rules[rule.ID] = true
			}
			columns := map[string]string{}
			for _, c := range s.Columns {
				for _, n := range append([]string{c.Name}, c.Aliases...) {
					if other, taken := columns[foldHeading(n)]; taken && other != c.Name {
						t.Errorf("the heading %q is of %s and of %s", n, c.Name, other)
					}
					columns[foldHeading(n)] = c.Name
				}
				if !strings.HasSuffix(c.Meaning, ".") || c.Example == "" && c.Required {
					t.Errorf("column %s is not explained", c.Name)
				}
			}
			categories := map[string]bool{}
			for _, c := range s.Categories {
				if categories[c.ID] || c.Title == "" {
					t.Errorf("category %s is declared twice or has no title", c.ID)
				}
				categories[c.ID] = true
			}
			for _, series := range records.SeriesOf(s.ID) {
				feed, _ := series.Feed(s.ID)
				fed := false
				for _, c := range s.Categories {
					fed = fed || feed.Matches(c.ID)
				}
				if !fed {
					t.Errorf("series %s is fed by no category", series.ID)
				}
			}
		})
	}
}

// Every name of every group is found, whatever its case, and cut at fifty
// letters.
func TestCategoryNames(t *testing.T) {
	for _, s := range []*records.Source{mpsMonthlySource, mpsDashboardSource} {
		find := newLookup(s)
		for i, c := range s.Categories {
			for _, n := range append([]string{c.Title}, c.Names...) {
				group, sub, _ := strings.Cut(n, " / ")
				for _, spelt := range []string{sub, strings.ToUpper(sub), sub[:min(len(sub), cutLength)]} {
					if m := find.find(strings.ToUpper(group), spelt); !m.known || int(m.category) != i {
						t.Errorf("%s: %q is category %d (known %v), want %s", s.ID, pair(group, spelt), m.category, m.known, c.ID)
					}
				}
			}
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	find := newLookup(mpsMonthlySource)
	m := find.find("ROBBERY", "ROBBERY OF A BANK")
	if m.known || mpsMonthlySource.Categories[m.category].ID != "robbery/other-subgroup" {
		t.Errorf("a new subgroup goes to %+v", m)
	}
	if m := find.find("Piracy", "Piracy"); m.known || m.category != records.UnknownCategory {
		t.Errorf("a new group goes to %+v", m)
	}
}
