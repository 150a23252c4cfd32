package places

import (
	"context"
	"slices"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// LevelSummary is what is held of one level, for a listing.
type LevelSummary struct {
	Level      ids.Level
	Title      string // "LSOA (2021)"
	Places     int
	Boundaries int   // places with a boundary of their own
	Years      []int // of the populations published for the level
}

// Levels lists what is held, smaller places first. Errors: Forbidden.
func (s *Service) Levels(ctx context.Context, actor access.Actor) ([]LevelSummary, error) {
	if err := access.Check(actor, access.PlacesRead); err != nil {
		return nil, err
	}
	a, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	var out []LevelSummary
	for _, l := range a.order {
		out = append(out, a.summarise(l))
	}
	return out, nil
}

func (a *Atlas) summarise(l ids.Level) LevelSummary {
	s := LevelSummary{Level: l, Title: Title(l), Places: a.Len(l)}
	for _, shape := range a.layers[l].shapes {
		if len(shape) > 0 {
			s.Boundaries++
		}
	}
	for _, t := range a.counts {
		if t.level == l && t.group == Everybody {
			s.Years = append(s.Years, t.year)
		}
	}
	slices.Sort(s.Years)
	s.Years = slices.Compact(s.Years)
	return s
}
