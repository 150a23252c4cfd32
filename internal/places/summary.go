package places

import (
	"fmt"
	"slices"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/table"
)

// Summary is what an import found in one file, for people.
type Summary struct {
	File     ids.File  `json:"file"`
	Name     string    `json:"name"`
	Kind     Kind      `json:"kind"`
	Level    ids.Level `json:"level"`
	Already  bool      `json:"already,omitempty"` // was imported before; nothing changed
	Places   int       `json:"places"`            // places of the level that the file names
	Own      int       `json:"own"`               // of those, in the unit's own area
	Links    int       `json:"links"`
	Pairs    int       `json:"pairs,omitempty"`
	Shapes   int       `json:"boundaries,omitempty"`
	Years    []int     `json:"years,omitempty"`
	Groups   []Group   `json:"groups,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
}

// summarise counts what a content holds.
func summarise(file ids.File, name string, c Content, list []Problem) Summary {
	s := Summary{File: file, Name: name, Kind: c.Kind, Level: c.Level, Links: len(c.Links), Pairs: len(c.Pairs), Shapes: len(c.Shapes), Problems: list}
	for _, n := range c.Named {
		if n.Level == c.Level {
			s.Places++
		}
	}
	if c.Kind == Boundaries {
		s.Places = len(c.Shapes)
	}
	for _, p := range c.People {
		s.Years, s.Groups = append(s.Years, p.Year), append(s.Groups, p.Group)
	}
	slices.Sort(s.Years)
	s.Years = slices.Compact(s.Years)
	slices.Sort(s.Groups)
	s.Groups = slices.Compact(s.Groups)
	return s
}

// countOwn counts the places of a content that are in the unit's own area.
func (s *Summary) countOwn(c Content, a *Atlas) {
	s.Own = 0
	if c.Kind == Boundaries {
		s.Own = len(c.Shapes)
		return
	}
	for _, n := range c.Named {
		if _, ok := a.Ref(n.Place.Place); ok && n.Level == c.Level {
			s.Own++
		}
	}
}

// Sentence says the summary in one line: "london_ward_2025.geojson.gz:
// boundaries of 704 wards (2025), 2,112 links".
func (s Summary) Sentence() string {
	if s.Already {
		return s.Name + ": imported before, nothing changed"
	}
	parts := []string{s.subject()}
	if s.Own < s.Places {
		parts = append(parts, fmt.Sprintf("%s of them in the unit's own area", thousands(s.Own)))
	}
	if s.Links > 0 {
		parts = append(parts, thousands(s.Links)+" links")
	}
	if s.Pairs > 0 {
		parts = append(parts, thousands(s.Pairs)+" lines between vintages")
	}
	if n := len(s.Years); n > 0 {
		parts = append(parts, yearsInWords(s.Years), groupsInWords(s.Groups))
	}
	return s.Name + ": " + strings.Join(parts, ", ")
}

func (s Summary) subject() string {
	t, _ := TypeOf(s.Level)
	what := t.Plural
	if s.Places == 1 {
		what = t.Title
	}
	if v := s.Level.Vintage(); v != "" {
		what += " (" + v + ")"
	}
	kind := map[Kind]string{Boundaries: "boundaries of", Lookup: "a look-up of", Populations: "populations of", Register: "the names of"}[s.Kind]
	return fmt.Sprintf("%s %s %s", kind, thousands(s.Places), what)
}

func groupsInWords(groups []Group) string {
	if len(groups) == 1 && groups[0] == Everybody {
		return "all ages together"
	}
	return fmt.Sprintf("%d groups of sex and age", len(groups))
}

func yearsInWords(years []int) string {
	if len(years) == 1 {
		return fmt.Sprintf("of %d", years[0])
	}
	return fmt.Sprintf("of %d to %d", years[0], years[len(years)-1])
}

func thousands(n int) string { return table.Thousands(int64(n)) }
