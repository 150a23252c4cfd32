package records

import (
	"cmp"
	"context"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// MaxRestated is how many changed cells a Restatement lists; it counts all.
const MaxRestated = 10_000

// Restatement is what an edition changes in what was known before it.
type Restatement struct {
	Months  []RestatedMonth // larger places first, then in the order of months
	Cells   []RestatedCell  // the first MaxRestated
	Changed int             // how many cells changed in all
}

// RestatedMonth is one month of one level that the edition tells.
type RestatedMonth struct {
	Level   ids.Level
	Month   period.Month
	New     bool // nothing was known of the month before
	Changed int  // cells, one for each series and place, whose count is another now
}

// RestatedCell is one count that changed.
type RestatedCell struct {
	Level  ids.Level
	Series ids.Series
	Place  string // code
	Force  string // code of the police area that counted it
	Month  period.Month
	Old    int64
	New    int64
}

// Restate compares facts that are about to be accepted with what is known now:
// for a dry run. It reads and keeps nothing.
func (r *FactReader) Restate(ctx context.Context, unit ids.Unit, source ids.Source, facts EditionFacts) (_ *Restatement, err error) {
	defer errs.Wrap(&err, "records.Restate(%s)", source)
	return r.restate(ctx, unit, source, facts, time.Time{})
}

// Restated returns what an accepted edition changed: what had been known the
// moment before it against what it says. Errors: Forbidden, NotFound.
func (r *FactReader) Restated(ctx context.Context, actor access.Actor, id ids.Submission) (_ *Restatement, err error) {
	defer errs.Wrap(&err, "records.Restated(%s)", id)
	if err := access.Check(actor, access.SubmissionsRead); err != nil {
		return nil, err
	}
	all, err := r.editions(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(e Edition) bool { return e.Submission == id })
	if i < 0 {
		return nil, errs.New(errs.NotFound, "submission %s has not been accepted, so it restates nothing", id)
	}
	blocks, err := r.store.EditionBlocks(ctx, actor.Unit, id)
	if err != nil {
		return nil, err
	}
	before := all[i].AcceptedAt.Add(-time.Nanosecond)
	return r.restate(ctx, actor.Unit, all[i].Source, EditionFacts{all[i].Coverage, blocks}, before)
}

func (r *FactReader) restate(ctx context.Context, unit ids.Unit, source ids.Source, facts EditionFacts, known time.Time) (*Restatement, error) {
	all, err := r.editions(ctx, unit)
	if err != nil {
		return nil, err
	}
	d := restating{source: source, standing: Standing(all, known), old: map[blockKey][]Block{}, tellers: map[tellerKey]told{}, changed: map[levelMonth]int{}}
	d.months = coveredMonths(facts.Coverage)
	if len(d.months) == 0 {
		return &Restatement{}, nil
	}
	if err := d.load(ctx, r.store, unit, facts.Coverage); err != nil {
		return nil, err
	}
	if err := d.compare(facts); err != nil {
		return nil, err
	}
	return d.result(facts.Coverage), nil
}

// restating is one comparison on its way.
type restating struct {
	source   ids.Source
	standing []Edition
	months   []period.Month
	old      map[blockKey][]Block
	tellers  map[tellerKey]told
	cells    []RestatedCell
	changed  map[levelMonth]int
}

type levelMonth struct {
	level ids.Level
	month period.Month
}

// blockKey is a block whichever edition it comes from.
type blockKey struct {
	series ids.Series
	force  string
	level  ids.Level
	block  string
	year   int
}

func keyOf(b *Block) blockKey { return blockKey{b.Series, b.Force, b.Level, b.Block, b.Year} }

func coveredMonths(cover []Coverage) []period.Month {
	var out []period.Month
	for _, c := range cover {
		out = append(out, c.Months.Months()...)
	}
	return unique(out)
}

// load reads the blocks of every standing edition of the source that tells a
// month the new one covers.
func (d *restating) load(ctx context.Context, store FactStore, unit ids.Unit, cover []Coverage) error {
	for i := range d.standing {
		e := &d.standing[i]
		if e.Source != d.source || !overlaps(e.Coverage, cover) {
			continue
		}
		blocks, err := store.EditionBlocks(ctx, unit, e.Submission)
		if err != nil {
			return err
		}
		for _, b := range blocks {
			d.old[keyOf(&b)] = append(d.old[keyOf(&b)], b)
		}
	}
	return nil
}

func overlaps(a, b []Coverage) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Force == y.Force && x.Level == y.Level && x.Months.From <= y.Months.To && y.Months.From <= x.Months.To {
				return true
			}
		}
	}
	return false
}

// by returns the edition that tells each month of a block's account, -1 for
// none.
func (d *restating) by(k blockKey) []int16 {
	key := tellerKey{d.source, k.level, k.series}
	t, ok := d.tellers[key]
	if !ok {
		t = tellers(d.standing, key, d.months)
		d.tellers[key] = t
	}
	return t[k.force]
}

// compare goes through every block that is in the new facts or the old.
func (d *restating) compare(facts EditionFacts) error {
	fresh := make(map[blockKey]*Block, len(facts.Blocks))
	keys := make([]blockKey, 0, len(facts.Blocks))
	for i := range facts.Blocks {
		k := keyOf(&facts.Blocks[i])
		fresh[k] = &facts.Blocks[i]
		keys = append(keys, k)
	}
	for k := range d.old {
		if fresh[k] == nil {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		if by := d.by(k); by != nil {
			if err := d.compareBlock(k, by, fresh[k], facts.Coverage); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair is a place's old and new counts over a year.
type pair struct{ old, new [12]int64 }

func (d *restating) compareBlock(k blockKey, by []int16, fresh *Block, cover []Coverage) error {
	at := map[string]*pair{}
	place := func(code []byte) *pair {
		p := at[string(code)]
		if p == nil {
			p = &pair{}
			at[string(code)] = p
		}
		return p
	}
	told := d.toldMonths(k, by, cover)
	for i := range d.old[k] {
		b := &d.old[k][i]
		err := ReadCells(b.Cells, func(code []byte, months *[12]int64) {
			for m, e := range told {
				if e >= 0 && d.standing[e].Submission == b.Submission {
					place(code).old[m] += months[m]
				}
			}
		})
		if err != nil {
			return err
		}
	}
	if fresh != nil {
		if err := ReadCells(fresh.Cells, func(code []byte, months *[12]int64) { place(code).new = *months }); err != nil {
			return err
		}
	}
	d.note(k, told, at)
	return nil
}

// toldMonths returns, for each month of the block's year that both the new
// edition and an old one tell, the old one; -1 for other months.
func (d *restating) toldMonths(k blockKey, by []int16, cover []Coverage) (out [12]int16) {
	for m := range out {
		out[m] = -1
		month := period.NewMonth(k.year, m+1)
		i, ok := slices.BinarySearch(d.months, month)
		if ok && by[i] >= 0 && slices.ContainsFunc(cover, func(c Coverage) bool {
			return c.Force == k.force && c.Level == k.level && c.Tells(k.series, month)
		}) {
			out[m] = by[i]
		}
	}
	return out
}

func (d *restating) note(k blockKey, told [12]int16, at map[string]*pair) {
	for code, p := range at {
		for m, e := range told {
			if e < 0 || p.old[m] == p.new[m] {
				continue
			}
			month := period.NewMonth(k.year, m+1)
			d.changed[levelMonth{k.level, month}]++
			d.cells = append(d.cells, RestatedCell{k.level, k.series, code, k.force, month, p.old[m], p.new[m]})
		}
	}
}

// result puts the larger places first: they say most in fewest lines.
func (d *restating) result(cover []Coverage) *Restatement {
	slices.SortFunc(d.cells, func(a, b RestatedCell) int {
		return cmp.Or(places.CompareLevels(b.Level, a.Level), cmp.Compare(a.Series, b.Series),
			cmp.Compare(a.Month, b.Month), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Force, b.Force))
	})
	out := &Restatement{Changed: len(d.cells), Cells: d.cells[:min(len(d.cells), MaxRestated)]}
	at := map[levelMonth]int{}
	for _, c := range cover {
		for _, m := range c.Months.Months() {
			key := levelMonth{c.Level, m}
			if _, ok := at[key]; !ok {
				at[key] = len(out.Months)
				out.Months = append(out.Months, RestatedMonth{Level: c.Level, Month: m, New: true, Changed: d.changed[key]})
			}
			if d.knew(c.Force, c.Level, m) {
				out.Months[at[key]].New = false
			}
		}
	}
	slices.SortFunc(out.Months, func(a, b RestatedMonth) int {
		return cmp.Or(places.CompareLevels(b.Level, a.Level), cmp.Compare(a.Month, b.Month))
	})
	return out
}

// knew reports whether any standing edition of the source told of the month.
func (d *restating) knew(force string, level ids.Level, m period.Month) bool {
	for _, e := range d.standing {
		if e.Source == d.source && slices.ContainsFunc(e.Coverage, func(c Coverage) bool {
			return c.Force == force && c.Level == level && c.Months.Has(m)
		}) {
			return true
		}
	}
	return false
}
