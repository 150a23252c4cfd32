package records

import (
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// Gazetteer is what counting needs to know of places; *places.Atlas is one.
type Gazetteer interface {
	Len(l ids.Level) int
	Place(l ids.Level, r places.Ref) places.Place
	UpRef(from ids.Level, r places.Ref, to ids.Level) places.Ref
}

// FactSpec says what a FactBuilder counts.
type FactSpec struct {
	Source     ids.Source
	Categories []string    // keys (CategoryKey) in the order of Row.Category
	Levels     []ids.Level // levels the rows can be placed at, in the order of Batch.At; each is claimed whole
	WholeForce bool        // the file holds all that its force reported, so the force's total is a fact too
}

// pageShift sets how many places of a level share a page of counters: 256.
const (
	pageShift = 8
	pageMask  = 1<<pageShift - 1
)

// FactBuilder counts rows by category, month, and place at every level. It
// holds counters for the places that rows name and those near them in code, so
// its memory depends on the places and months of a file and not on its rows.
// It is not safe for use by many goroutines: give each a Fork and Merge them.
type FactBuilder struct {
	spec    FactSpec
	gaz     Gazetteer
	tallies map[tallyKey]*tally
}

// tallyKey is a force, as Row.Force, and a month.
type tallyKey struct {
	force uint16
	month period.Month
}

// tally is the counters of one force in one month.
type tally struct {
	force  []int64       // by category, placed or not
	levels [][]*counters // by level and page: place in page × category; a nil page holds none
	rows   []int64       // by category: a row may count none
}

// NewFactBuilder returns a builder that has counted nothing.
func NewFactBuilder(gaz Gazetteer, spec FactSpec) *FactBuilder {
	return &FactBuilder{spec: spec, gaz: gaz, tallies: map[tallyKey]*tally{}}
}

// Fork returns an empty builder of the same kind, for another goroutine.
func (b *FactBuilder) Fork() *FactBuilder { return NewFactBuilder(b.gaz, b.spec) }

// Cover claims months for a force, as Row.Force numbers it, in which the file
// may have no row: none happened, rather than none is known. Add claims the
// months of its rows by itself.
func (b *FactBuilder) Cover(force uint16, months period.Range) {
	for m := months.From; m <= months.To; m++ {
		b.tally(tallyKey{force, m})
	}
}

// Add counts one row. refs holds its place at each of the spec's levels, in
// their order: None where it lies in none. AddBatch is many times quicker.
func (b *FactBuilder) Add(r *Row, refs []places.Ref) {
	one := Batch{Line: []uint32{uint32(r.Line)}, Month: []period.Month{r.Month}, Category: []uint16{r.Category},
		Force: []uint16{r.Force}, Count: []int32{r.Count}}
	for i := range refs {
		one.At = append(one.At, refs[i:i+1])
	}
	b.AddBatch(&one)
}

// AddBatch counts a batch of placed rows: At holds, for each of the spec's
// levels, the place of every row, None where it lies in none.
func (b *FactBuilder) AddBatch(rows *Batch) {
	for from := 0; from < rows.Len(); {
		to := from + 1
		for to < rows.Len() && rows.Month[to] == rows.Month[from] && rows.Force[to] == rows.Force[from] {
			to++
		}
		t := b.tally(tallyKey{rows.Force[from], rows.Month[from]})
		t.add(rows, from, to, len(b.spec.Categories))
		from = to
	}
}

// add counts a run of rows of one force and month, a level at a time, so that
// the counters of one level stay in the processor's cache.
func (t *tally) add(rows *Batch, from, to, ncat int) {
	cats, counts := rows.Category[from:to], rows.Count[from:to]
	for i, c := range cats {
		if int(c) < ncat { // not UnknownCategory
			t.rows[c]++
			t.force[c] += int64(counts[i])
		}
	}
	for l, pages := range t.levels {
		for i, ref := range rows.At[l][from:to] {
			if ref < 0 || int(cats[i]) >= ncat {
				continue
			}
			page := pages[ref>>pageShift]
			if page == nil {
				page = newCounters(ncat << pageShift)
				pages[ref>>pageShift] = page
			}
			page.add(int(ref&pageMask)*ncat+int(cats[i]), counts[i])
		}
	}
}

func (b *FactBuilder) tally(key tallyKey) *tally {
	if t, ok := b.tallies[key]; ok {
		return t
	}
	n := len(b.spec.Categories)
	t := &tally{force: make([]int64, n), rows: make([]int64, n), levels: make([][]*counters, len(b.spec.Levels))}
	for i, l := range b.spec.Levels {
		t.levels[i] = make([]*counters, (b.gaz.Len(l)+pageMask)>>pageShift)
	}
	b.tallies[key] = t
	return t
}

// Merge adds another builder's counts to b's. The other must be a Fork of it
// (or its origin) and must not be used again: its counters may become b's.
func (b *FactBuilder) Merge(o *FactBuilder) {
	for key, from := range o.tallies {
		to, ok := b.tallies[key]
		if !ok {
			b.tallies[key] = from
			continue
		}
		to.merge(from)
	}
	o.tallies = nil
}

func (t *tally) merge(from *tally) {
	for i, n := range from.force {
		t.force[i] += n
		t.rows[i] += from.rows[i]
	}
	for i := range from.levels {
		for p, page := range from.levels[i] {
			switch {
			case t.levels[i][p] == nil:
				t.levels[i][p] = page
			case page != nil:
				t.levels[i][p].merge(page)
			}
		}
	}
}
