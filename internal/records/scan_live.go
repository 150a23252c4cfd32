package records

import (
	"context"
	"slices"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records/rowfile"
)

// liveEdition is an edition some of whose rows count.
type liveEdition struct {
	submission ids.Submission
	only       *rowfile.Only // nil when all of them do
}

// liveKey is what one edition tells and a later one may restate: the rows of a
// category, of a force, in a month. A category the source does not declare is
// "".
type liveKey struct {
	force    string
	month    period.Month
	category string
}

// live finds the editions whose rows count, at the level that is asked about,
// and for each which of its rows: a later edition that speaks for the same
// months of the same force takes them over.
func (s *FileScanner) live(ctx context.Context, unit ids.Unit, q ScanQuery) ([]liveEdition, error) {
	editions, err := s.store.Editions(ctx, unit)
	if err != nil {
		return nil, err
	}
	level := q.Place.Level
	if level == "" {
		level = LevelForce
	}
	owner := map[liveKey]int{}
	claimed := make([]int, len(editions)) // how much each edition claimed
	for i, e := range editions {
		if e.Source != q.Source || !e.standsAt(q.Known) {
			continue
		}
		for _, key := range s.claims(e, level) {
			owner[key] = i
			claimed[i]++
		}
	}
	holds := make([]int, len(editions)) // how much of it each still holds
	for _, i := range owner {
		holds[i]++
	}
	var out []liveEdition
	for i, e := range editions {
		if holds[i] > 0 {
			out = append(out, liveEdition{e.Submission, onlyOf(owner, i, holds[i] == claimed[i] && wholly(e, level))})
		}
	}
	return out, nil
}

// standsAt reports whether the edition was accepted and not withdrawn at a
// time; the zero time is now.
func (e Edition) standsAt(known time.Time) bool {
	if known.IsZero() {
		return e.WithdrawnAt.IsZero()
	}
	return !e.AcceptedAt.After(known) && (e.WithdrawnAt.IsZero() || e.WithdrawnAt.After(known))
}

// claims lists what an edition tells at a level. One that speaks for every
// series claims every category; one that speaks for some, the categories that
// those count.
func (s *FileScanner) claims(e Edition, level ids.Level) []liveKey {
	seen := map[liveKey]bool{}
	var out []liveKey
	for _, c := range e.Coverage {
		if c.Level != level {
			continue
		}
		categories := s.told(e.Source, c.Series)
		for m := c.Months.From; m <= c.Months.To; m++ {
			for _, category := range categories {
				if key := (liveKey{c.Force, m, category}); !seen[key] {
					seen[key] = true
					out = append(out, key)
				}
			}
		}
	}
	return out
}

// told are the categories that some series count; nil asks for all there are.
func (s *FileScanner) told(source ids.Source, series []ids.Series) []string {
	i := slices.IndexFunc(s.sources, func(src *Source) bool { return src.ID == source })
	if i < 0 {
		return nil
	}
	var out []string
	for _, c := range s.sources[i].Categories {
		if series == nil || slices.ContainsFunc(series, func(id ids.Series) bool { return counts(id, source, c.ID) }) {
			out = append(out, c.ID)
		}
	}
	if series == nil {
		out = append(out, "")
	}
	return out
}

// counts reports whether a series counts a category of a source.
func counts(id ids.Series, source ids.Source, category string) bool {
	series, ok := seriesByID[id]
	if !ok {
		return false
	}
	feed, ok := series.Feed(source)
	return ok && feed.Matches(category)
}

// wholly reports whether an edition speaks for every series at a level.
func wholly(e Edition, level ids.Level) bool {
	return !slices.ContainsFunc(e.Coverage, func(c Coverage) bool { return c.Level == level && c.Series != nil })
}

// onlyOf chooses the rows that an edition still holds; nil when that is all.
func onlyOf(owner map[liveKey]int, edition int, all bool) *rowfile.Only {
	if all {
		return nil
	}
	return &rowfile.Only{Columns: []string{"force", "month", "category"}, Holds: func(v []rowfile.Value) bool {
		i, told := owner[liveKey{v[0].Text, monthOfDay(v[1].Int), v[2].Text}]
		return told && i == edition
	}}
}

func monthOfDay(day int32) period.Month {
	return period.MonthOf(time.Unix(int64(day)*86400, 0).UTC())
}
