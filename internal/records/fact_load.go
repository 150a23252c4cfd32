package records

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// load reads the blocks the lines need, a level at a time, and counts them in.
func (a *asking) load(ctx context.Context, store FactStore, unit ids.Unit) error {
	for _, level := range a.levels() {
		q, wanted := a.need(level)
		if len(q.Submissions) == 0 {
			continue
		}
		blocks, err := store.Blocks(ctx, unit, q)
		if err != nil {
			return err
		}
		for i := range blocks {
			if err := a.count(&blocks[i], wanted); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *asking) levels() []ids.Level {
	seen := map[ids.Level]bool{}
	for i := range a.lines {
		if len(a.lines[i].parts) > 0 {
			seen[a.lines[i].level] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// wantKey is where the counts of a place in a block go.
type wantKey struct {
	series ids.Series
	force  string
	code   string
}

// want is a part of a line that takes a place's counts.
type want struct {
	line   *linePlan
	part   *partPlan
	weight float64
}

// need works out which blocks a level's lines take, and where the counts in
// them go.
func (a *asking) need(level ids.Level) (BlockQuery, map[wantKey][]want) {
	q := BlockQuery{Level: level}
	q.From, q.To = yearsOf(a.months)
	wanted := map[wantKey][]want{}
	editions := map[int16]bool{}
	for i := range a.lines {
		line := &a.lines[i]
		if line.level != level || len(line.parts) == 0 {
			continue
		}
		q.Series = append(q.Series, line.series.ID)
		q.Blocks = append(q.Blocks, line.blocks...)
		for p := range line.parts {
			a.wantPart(wanted, line, &line.parts[p], editions)
		}
	}
	for _, e := range slices.Sorted(maps.Keys(editions)) {
		q.Submissions = append(q.Submissions, a.standing[e].Submission)
	}
	q.Series, q.Blocks = unique(q.Series), unique(q.Blocks)
	return q, wanted
}

func (a *asking) wantPart(wanted map[wantKey][]want, line *linePlan, part *partPlan, editions map[int16]bool) {
	part.counts = make([]float64, len(a.months))
	for _, e := range part.by {
		if e >= 0 {
			editions[e] = true
		}
	}
	for _, c := range line.codes {
		key := wantKey{line.series.ID, part.force, c.code}
		wanted[key] = append(wanted[key], want{line, part, c.weight})
	}
}

func unique[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

// count adds a block's cells to the parts that want them, for the months that
// the block's edition tells.
func (a *asking) count(b *Block, wanted map[wantKey][]want) error {
	edition := int16(slices.IndexFunc(a.standing, func(e Edition) bool { return e.Submission == b.Submission }))
	january := period.NewMonth(b.Year, 1)
	key := wantKey{series: b.Series, force: b.Force}
	return ReadCells(b.Cells, func(code []byte, cells *[12]int64) {
		key.code = string(code)
		for _, w := range wanted[key] {
			if w.line.source != a.standing[edition].Source {
				continue
			}
			for i, m := range a.months {
				if of := m - january; of >= 0 && of < 12 && w.part.by[i] == edition {
					w.part.counts[i] += float64(cells[of]) * w.weight
				}
			}
		}
	})
}

// table turns the counted lines into the answer.
func (a *asking) table() *FactTable {
	t := &FactTable{Query: a.q, Months: a.months}
	index := a.usedEditions(t)
	for i := range a.lines {
		t.Lines = append(t.Lines, a.line(&a.lines[i], index))
	}
	return t
}

// usedEditions puts the editions that tell anything into the table, and
// returns their numbers there.
func (a *asking) usedEditions(t *FactTable) map[int16]int16 {
	used := map[int16]bool{}
	for _, l := range a.lines {
		for _, p := range l.parts {
			for _, e := range p.by {
				if e >= 0 {
					used[e] = true
				}
			}
		}
	}
	index := map[int16]int16{-1: -1}
	for _, e := range slices.Sorted(maps.Keys(used)) {
		index[e] = int16(len(t.Editions))
		t.Editions = append(t.Editions, a.standing[e])
	}
	return index
}

func (a *asking) line(l *linePlan, index map[int16]int16) FactLine {
	out := FactLine{Series: l.series, Place: l.place, Source: l.source, Lacks: l.lacks, Values: make([]Value, len(a.months))}
	for m := range a.months {
		out.Values[m].Known = l.known(m)
	}
	for _, p := range l.parts {
		part := FactPart{Force: a.force(p.force), Counts: p.counts, Editions: make([]int16, len(p.by))}
		for m, e := range p.by {
			part.Editions[m] = index[e]
			if out.Values[m].Known {
				out.Values[m].Count += p.counts[m]
			}
		}
		out.Holds = append(out.Holds, part)
	}
	whole := period.Range{From: a.months[0], To: a.months[len(a.months)-1]}
	out.Breaks = l.series.BreaksIn(l.source, whole)
	out.Notes = a.notes(l)
	out.Estimated = l.estimated != ""
	return out
}

// notes says what a reader of the line must know.
func (a *asking) notes(l *linePlan) []string {
	var out []string
	if len(l.parts) == 0 {
		return []string{"No figures are kept for this place and these months."}
	}
	if f, ok := l.series.Feed(l.source); ok && f.Note != "" {
		out = append(out, f.Note)
	}
	if l.estimated != "" {
		out = append(out, l.estimated)
	}
	if l.place.Level == places.Region {
		out = append(out, a.holdsSentence(l))
	}
	return out
}

// holdsSentence says which forces a region's figures hold, and which not.
func (a *asking) holdsSentence(l *linePlan) string {
	var have, lack []string
	for _, p := range l.parts {
		have = append(have, a.force(p.force).Name)
	}
	for _, f := range l.lacks {
		lack = append(lack, f.Force.Name)
	}
	s := "Holds the figures of " + list(have)
	if len(lack) > 0 {
		s += "; those of " + list(lack) + " are not in it"
	}
	return s + "."
}

// list writes names for a sentence: "a, b and c".
func list(names []string) string {
	switch n := len(names); n {
	case 0:
		return "nobody"
	case 1:
		return names[0]
	default:
		out := names[0]
		for _, s := range names[1 : n-1] {
			out += ", " + s
		}
		return out + " and " + names[n-1]
	}
}
