package records

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// extractRows is how many rows of one and the same category show that a file
// is an extract of that category, and not a force's whole account in which the
// others happened to be none.
const extractRows = 20

// Build returns the counted facts. forces gives the code of the police area
// for each number Row.Force took: two numbers with one code are added up, and
// a force without one, "", has no facts. Errors: Invalid, when a force is not
// named at all or a month counts more than two billion.
func (b *FactBuilder) Build(forces []string) (EditionFacts, error) {
	byForce := map[string]map[period.Month][]*tally{}
	for key, t := range b.tallies {
		if int(key.force) >= len(forces) {
			return EditionFacts{}, errs.New(errs.Invalid, "force number %d of the file is not named", key.force)
		}
		if forces[key.force] == "" {
			continue
		}
		months := byForce[forces[key.force]]
		if months == nil {
			months = map[period.Month][]*tally{}
			byForce[forces[key.force]] = months
		}
		months[key.month] = append(months[key.month], t)
	}
	var out EditionFacts
	for _, force := range slices.Sorted(maps.Keys(byForce)) {
		f := forceBuild{b: b, force: force, months: byForce[force]}
		if err := f.build(&out); err != nil {
			return EditionFacts{}, err
		}
	}
	return out, nil
}

// forceBuild makes the blocks of one force.
type forceBuild struct {
	b      *FactBuilder
	force  string
	months map[period.Month][]*tally
	series []builtSeries
}

// builtSeries is a series with the categories of the file that it counts.
type builtSeries struct {
	id         ids.Series
	categories []int
}

func (f *forceBuild) build(out *EditionFacts) error {
	if err := f.tooMany(); err != nil {
		return err
	}
	var only []ids.Series
	f.series, only = f.chooseSeries()
	years := f.years()
	if f.b.spec.WholeForce {
		out.Coverage = append(out.Coverage, f.coverage(LevelForce, only)...)
		for _, y := range years {
			out.Blocks = append(out.Blocks, f.forceBlocks(y)...)
		}
	}
	blocks := f.allLevels(years)
	for i, level := range f.b.spec.Levels {
		if f.b.gaz.Len(level) == 0 {
			continue // nothing is known of a level without places
		}
		out.Coverage = append(out.Coverage, f.coverage(level, only)...)
		out.Blocks = append(out.Blocks, blocks[i]...)
	}
	return nil
}

// allLevels makes the blocks of every level, each on its own goroutine.
func (f *forceBuild) allLevels(years []int) [][]Block {
	out := make([][]Block, len(f.b.spec.Levels))
	var wg sync.WaitGroup
	for i, level := range f.b.spec.Levels {
		wg.Go(func() {
			blocks := f.blocksOf(level)
			for _, y := range years {
				out[i] = append(out[i], f.levelBlocks(i, level, y, blocks)...)
			}
		})
	}
	wg.Wait()
	return out
}

// tooMany refuses counts that a page of counters could not have held: no
// place can count more than its force.
func (f *forceBuild) tooMany() error {
	for m, ts := range f.months {
		for _, t := range ts {
			for _, n := range t.force {
				if n < 0 || n > math.MaxInt32 {
					return errs.New(errs.Invalid, "the counts for %s add up to %d, which cannot be", m, n).
						WithHint("look for a negative count or one with too many digits")
				}
			}
		}
	}
	return nil
}

// chooseSeries returns the series that the file's categories feed and, when
// the file is an extract of one category, the series it can speak for.
func (f *forceBuild) chooseSeries() (all []builtSeries, only []ids.Series) {
	seen, rows := f.seen()
	extract := rows >= extractRows && len(seen) == 1 && len(f.b.spec.Categories) > 1
	for _, s := range SeriesOf(f.b.spec.Source) {
		feed, _ := s.Feed(f.b.spec.Source)
		cats := feedCategories(feed, f.b.spec.Categories)
		if extract && !onlyThese(cats, seen) {
			continue
		}
		if extract {
			only = append(only, s.ID)
		}
		if len(cats) > 0 {
			all = append(all, builtSeries{s.ID, cats})
		}
	}
	if extract && only == nil {
		only = []ids.Series{} // it speaks for none: not the same as for all
	}
	return all, only
}

// onlyThese reports whether a series counts nothing but the categories seen.
func onlyThese(cats []int, seen map[int]bool) bool {
	for _, c := range cats {
		if !seen[c] {
			return false
		}
	}
	return len(cats) > 0
}

func feedCategories(feed Feed, keys []string) []int {
	var out []int
	for i, k := range keys {
		if feed.Matches(k) {
			out = append(out, i)
		}
	}
	return out
}

// seen returns the categories the force's rows name, and how many rows.
func (f *forceBuild) seen() (map[int]bool, int64) {
	out := map[int]bool{}
	var rows int64
	for _, ts := range f.months {
		for _, t := range ts {
			for c, n := range t.rows {
				if n > 0 {
					out[c] = true
					rows += n
				}
			}
		}
	}
	return out, rows
}

func (f *forceBuild) years() []int {
	seen := map[int]bool{}
	for m := range f.months {
		seen[m.Year()] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// coverage claims the months in as few runs as they make.
func (f *forceBuild) coverage(level ids.Level, only []ids.Series) []Coverage {
	var out []Coverage
	for _, m := range slices.Sorted(maps.Keys(f.months)) {
		if n := len(out); n > 0 && out[n-1].Months.To+1 == m {
			out[n-1].Months.To = m
			continue
		}
		out = append(out, Coverage{Force: f.force, Level: level, Months: period.Range{From: m, To: m}, Series: only})
	}
	return out
}

// forceBlocks counts the force's own totals in a year.
func (f *forceBuild) forceBlocks(year int) []Block {
	var out []Block
	for _, s := range f.series {
		cell := YearCells{Code: f.force}
		for m, ts := range f.months {
			if m.Year() != year {
				continue
			}
			for _, t := range ts {
				for _, c := range s.categories {
					cell.Months[m.Of()-1] += t.force[c]
				}
			}
		}
		if cell.Months != [12]int64{} {
			out = append(out, f.block(s.id, LevelForce, AllPlaces, year, []YearCells{cell}))
		}
	}
	return out
}

func (f *forceBuild) block(s ids.Series, l ids.Level, name string, year int, cells []YearCells) Block {
	return Block{Series: s, Force: f.force, Level: l, Block: name, Year: year, Cells: EncodeCells(cells)}
}

// levelBlocks counts the places of a level in a year: a block of cells for
// each series and part of the level in which something happened.
func (f *forceBuild) levelBlocks(i int, level ids.Level, year int, blocks []levelBlock) []Block {
	var out []Block
	var cells []YearCells // used again for each block: their bytes are what is kept
	pages := f.pagesOf(i, year)
	for _, s := range f.series {
		for _, lb := range blocks {
			cells = cells[:0]
			for k, ref := range lb.refs {
				if cell := f.count(pages, ref, s); cell != [12]int64{} {
					cells = append(cells, YearCells{lb.codes[k], cell})
				}
			}
			if len(cells) > 0 {
				out = append(out, f.block(s.id, level, lb.name, year, cells))
			}
		}
	}
	return out
}

// pagesOf returns, for each page of a level, the counters that a year's months
// hold of it.
func (f *forceBuild) pagesOf(i, year int) [][]monthPage {
	out := make([][]monthPage, (f.b.gaz.Len(f.b.spec.Levels[i])+pageMask)>>pageShift)
	for m, ts := range f.months {
		if m.Year() != year {
			continue
		}
		for _, t := range ts {
			for p, page := range t.levels[i] {
				if page != nil {
					out[p] = append(out[p], monthPage{m.Of() - 1, page})
				}
			}
		}
	}
	return out
}

// monthPage is a page of counters and the month of the year it counts.
type monthPage struct {
	month int
	cells *counters
}

func (f *forceBuild) count(pages [][]monthPage, ref places.Ref, s builtSeries) (out [12]int64) {
	at := int(ref&pageMask) * len(f.b.spec.Categories)
	for _, p := range pages[ref>>pageShift] {
		for _, c := range s.categories {
			out[p.month] += p.cells.at(at + c)
		}
	}
	return out
}

// levelBlock is the places of a level that are kept together, in the order of
// their codes.
type levelBlock struct {
	name  string
	refs  []places.Ref
	codes []string
}

// blocksOf divides a level into its blocks, leaving out places that no row
// can have named.
func (f *forceBuild) blocksOf(level ids.Level) []levelBlock {
	byName := map[string][]places.Ref{}
	for r := range f.b.gaz.Len(level) {
		if ref := places.Ref(r); f.touched(level, ref) {
			name := blockName(f.b.gaz, level, ref)
			byName[name] = append(byName[name], ref)
		}
	}
	var out []levelBlock
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		lb := levelBlock{name: name, refs: byName[name]}
		code := func(r places.Ref) string { return f.b.gaz.Place(level, r).Code }
		slices.SortFunc(lb.refs, func(a, b places.Ref) int { return cmp.Compare(code(a), code(b)) })
		for _, r := range lb.refs {
			lb.codes = append(lb.codes, code(r))
		}
		out = append(out, lb)
	}
	return out
}

// touched reports whether any month has counters for the place.
func (f *forceBuild) touched(level ids.Level, ref places.Ref) bool {
	i := slices.Index(f.b.spec.Levels, level)
	for _, ts := range f.months {
		for _, t := range ts {
			if t.levels[i][ref>>pageShift] != nil {
				return true
			}
		}
	}
	return false
}

// blockName returns the block a place's facts are kept in.
func blockName(gaz Gazetteer, level ids.Level, ref places.Ref) string {
	if !cutUp(level) {
		return AllPlaces
	}
	up := gaz.UpRef(level, ref, LevelBorough)
	if up < 0 {
		return NoBlock
	}
	return gaz.Place(LevelBorough, up).Code
}

// cutUp reports whether a level's facts are kept a borough at a time.
func cutUp(level ids.Level) bool {
	switch level.Type() {
	case "lsoa", "msoa", "ward", "oa":
		return true
	}
	return false
}
