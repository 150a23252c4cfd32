package records

import (
	"fmt"
	"slices"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/places"
)

// RuleOutOfReach is the rule found broken when rows cannot come to lie in some
// places of a level however many happened there: nothing draws those places
// and no smaller place lies in them. A count of none would be a guess there,
// so the file makes no figures at that level.
const RuleOutOfReach = "out-of-reach"

// reach looks which levels the rows of incidents could be placed at. Files of
// counts name their places, and say themselves what they speak for.
func (s *Sink) reach(vintages []VintageCount, found *Findings) {
	rule, declared := s.source.hasRule(RuleOutOfReach)
	if !declared {
		return
	}
	s.blind = map[ids.Level]bool{}
	var all []string
	for i, level := range s.levels {
		why := s.outOfReach(i, vintages)
		if why == "" {
			continue
		}
		s.blind[level] = true
		found.Add(rule, Example{Value: places.Title(level)})
		all = append(all, places.Title(level)+" ("+why+")")
	}
	if len(all) > 0 {
		found.Say(rule, "No row could come to lie in some places of these kinds, so no figures are made for any of them: "+strings.Join(all, "; ")+".")
	}
}

// outOfReach says why rows could not be placed everywhere at a level; "" when
// they could. A point finds any place that is drawn, and a code its own.
func (s *Sink) outOfReach(level int, vintages []VintageCount) string {
	l := s.levels[level]
	if s.atlas.HasBoundaries(l) || l == LevelBorough {
		return ""
	}
	if l.Type() == "lsoa" {
		for _, v := range vintages {
			if v.Level.Type() == l.Type() && v.Level != l {
				return fmt.Sprintf("no boundaries, and the file has codes of %s", places.Title(v.Level))
			}
		}
		return ""
	}
	if n := s.unlinked(l, s.levels[:level]); n > 0 {
		return fmt.Sprintf("%d of %d have no boundary and no smaller place in them", n, s.atlas.Len(l))
	}
	return ""
}

// unlinked counts the places of a level in which no place of the smaller
// levels lies.
func (s *Sink) unlinked(l ids.Level, smaller []ids.Level) int {
	held := make([]bool, s.atlas.Len(l))
	for _, from := range smaller {
		if s.blind[from] {
			continue
		}
		for _, up := range s.atlas.UpTable(from, l) {
			if up != places.None {
				held[up] = true
			}
		}
	}
	n := 0
	for _, h := range held {
		if !h {
			n++
		}
	}
	return n
}

// inReach takes out of the facts what lies at levels out of reach.
func (s *Sink) inReach(f EditionFacts) EditionFacts {
	f.Blocks = slices.DeleteFunc(f.Blocks, func(b Block) bool { return s.blind[b.Level] })
	f.Coverage = slices.DeleteFunc(f.Coverage, func(c Coverage) bool { return s.blind[c.Level] })
	return f
}
