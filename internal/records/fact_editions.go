package records

import (
	"context"
	"slices"
	"sync"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// markCache keeps each unit's editions until the store says they changed.
type markCache struct {
	mu    sync.Mutex
	units map[ids.Unit]markedEditions
}

type markedEditions struct {
	mark     string
	editions []Edition
}

// editions returns the unit's editions, oldest first. They are shared: callers
// must not change them.
func (r *FactReader) editions(ctx context.Context, unit ids.Unit) ([]Edition, error) {
	mark, err := r.store.EditionsMark(ctx, unit)
	if err != nil {
		return nil, err
	}
	r.marks.mu.Lock()
	kept, ok := r.marks.units[unit]
	r.marks.mu.Unlock()
	if ok && kept.mark == mark {
		return kept.editions, nil
	}
	all, err := r.store.Editions(ctx, unit)
	if err != nil {
		return nil, err
	}
	r.marks.mu.Lock()
	defer r.marks.mu.Unlock()
	if r.marks.units == nil {
		r.marks.units = map[ids.Unit]markedEditions{}
	}
	r.marks.units[unit] = markedEditions{mark, all}
	return all, nil
}

// stands reports whether the edition had been accepted and not withdrawn at a
// moment; the zero moment is now.
func (e *Edition) stands(known time.Time) bool {
	if known.IsZero() {
		return e.WithdrawnAt.IsZero()
	}
	return !e.AcceptedAt.After(known) && (e.WithdrawnAt.IsZero() || e.WithdrawnAt.After(known))
}

// Standing returns the editions, in the order given, whose facts could show at
// a moment: accepted, not withdrawn, and not replaced whole by one that stands.
func Standing(all []Edition, known time.Time) []Edition {
	replacedBy := map[ids.Submission][]int{}
	for i := range all {
		if s := all[i].Supersedes; s != "" {
			replacedBy[s] = append(replacedBy[s], i)
		}
	}
	var replaced func(id ids.Submission, depth int) bool
	replaced = func(id ids.Submission, depth int) bool {
		for _, i := range replacedBy[id] {
			if all[i].stands(known) || depth < len(all) && replaced(all[i].Submission, depth+1) {
				return true
			}
		}
		return false
	}
	var out []Edition
	for i := range all {
		if all[i].stands(known) && !replaced(all[i].Submission, 0) {
			out = append(out, all[i])
		}
	}
	return out
}

// told says, for each force that a source tells of at a level, which of the
// standing editions tells each month: the last accepted one that covers it, as
// an index, or -1 for none.
type told map[string][]int16

// tellerKey is what a told is of.
type tellerKey struct {
	source ids.Source
	level  ids.Level
	series ids.Series
}

// tellers works out told for a source, a level and a series over some months.
func tellers(standing []Edition, key tellerKey, months []period.Month) told {
	out := told{}
	for i := range standing { // oldest first, so the last writer wins
		e := &standing[i]
		if e.Source != key.source {
			continue
		}
		for _, c := range e.Coverage {
			if c.Level == key.level && (c.Series == nil || slices.Contains(c.Series, key.series)) {
				out.tell(c.Force, c.Months, months, int16(i))
			}
		}
	}
	return out
}

// narrowed returns the sources that have an edition which speaks for some of
// their series only. All series of any other source are told alike.
func narrowed(standing []Edition) map[ids.Source]bool {
	out := map[ids.Source]bool{}
	for _, e := range standing {
		for _, c := range e.Coverage {
			if c.Series != nil {
				out[e.Source] = true
				break
			}
		}
	}
	return out
}

func (t told) tell(force string, covered period.Range, months []period.Month, edition int16) {
	by := t[force]
	for i, m := range months {
		if !covered.Has(m) {
			continue
		}
		if by == nil {
			by = slices.Repeat([]int16{-1}, len(months))
			t[force] = by
		}
		by[i] = edition
	}
}
