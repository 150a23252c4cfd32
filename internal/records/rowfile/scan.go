package rowfile

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"
)

// Query asks for sums over the rows of files: which rows, and by which
// columns they are added up.
type Query struct {
	Where []Match  // all must hold
	By    []string // Text, Int or Day columns, at most four; a file that lacks one has null there
	Sum   string   // an Int column whose values are added up; "" adds up ones
}

// Match chooses rows by a column: those whose value is one of some words, or
// lies between two numbers.
type Match struct {
	Column   string
	Words    []string // of a Text column
	From, To int32    // of an Int or Day column, both included
}

// Source is an open file with what more is asked of its rows.
type Source struct {
	File  *File
	Where []Match
	Only  *Only // nil for all rows
}

// Only chooses rows by several columns together: those whose values, in the
// order of the columns, it holds for. The columns must have few values each,
// for it is asked of every combination that a group has.
type Only struct {
	Columns []string // at most three
	Holds   func(values []Value) bool
}

// maxOnly is how many columns an Only may look at.
const maxOnly = 3

// Value is one value of a By column.
type Value struct {
	Null bool
	Text string
	Int  int32
}

// maxBy is how many columns rows can be added up by at once.
const maxBy = 4

// Sum is the rows that have the same values in the By columns.
type Sum struct {
	Values [maxBy]Value
	Rows   int64
	Total  int64
}

// maxCells bounds the table of counters of one group of rows.
const maxCells = 1 << 22

// Scan adds up the rows of files, on as many goroutines as asked. Groups whose
// bounds rule them out are not read, and of the others only the columns that
// are asked for. Errors: Invalid for a query that makes no sense or a damaged
// file.
func Scan(sources []Source, q Query, workers int) ([]Sum, error) {
	if len(q.By) > maxBy {
		return nil, notOurs("rows are added up by at most %d columns", maxBy)
	}
	var next atomic.Int64
	tasks := tasksOf(sources, q)
	states := make([]*scanner, workers)
	failed := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		states[w] = &scanner{q: q, sums: map[[maxBy]uint32]*Sum{}, numbers: map[Value]uint32{}}
		wg.Go(func() {
			for failed[w] == nil {
				t := int(next.Add(1)) - 1
				if t >= len(tasks) {
					return
				}
				failed[w] = states[w].group(&sources[tasks[t].source], tasks[t].group)
			}
		})
	}
	wg.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return joinSums(states), nil
}

type task struct{ source, group int }

// tasksOf lists the groups that bounds do not rule out.
func tasksOf(sources []Source, q Query) []task {
	var out []task
	for s := range sources {
		where := slices.Concat(q.Where, sources[s].Where)
		for g := range sources[s].File.groups {
			if possible(sources[s].File, g, where) {
				out = append(out, task{s, g})
			}
		}
	}
	return out
}

// possible reports whether a group may hold rows that match.
func possible(f *File, group int, where []Match) bool {
	for _, m := range where {
		c := f.Column(m.Column)
		if c < 0 {
			return false
		}
		k := &f.groups[group].columns[c]
		if k.nulls == int64(f.groups[group].rows) {
			return false
		}
		if !k.bounded {
			continue
		}
		if f.columns[c].Kind == Text {
			if !slices.ContainsFunc(m.Words, func(w string) bool { return k.min <= w && w <= k.max }) {
				return false
			}
		} else if least, most, ok := k.numbers(); ok && (m.To < least || most < m.From) {
			return false
		}
	}
	return true
}

func (k *chunkInfo) numbers() (least, most int32, ok bool) {
	if len(k.min) != 4 || len(k.max) != 4 {
		return 0, 0, false
	}
	return int32(binary.LittleEndian.Uint32([]byte(k.min))), int32(binary.LittleEndian.Uint32([]byte(k.max))), true
}

func joinSums(states []*scanner) []Sum {
	all := map[[maxBy]Value]*Sum{}
	for _, s := range states {
		for _, sum := range s.sums {
			if have := all[sum.Values]; have != nil {
				have.Rows += sum.Rows
				have.Total += sum.Total
			} else {
				all[sum.Values] = sum
			}
		}
	}
	out := make([]Sum, 0, len(all))
	for _, s := range all {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Sum) int {
		for i := range a.Values {
			if d := a.Values[i].Compare(b.Values[i]); d != 0 {
				return d
			}
		}
		return 0
	})
	return out
}

// Compare orders values, null first.
func (v Value) Compare(o Value) int {
	switch {
	case v.Null != o.Null && v.Null, !v.Null && !o.Null && (v.Text < o.Text || v.Text == o.Text && v.Int < o.Int):
		return -1
	case v == o:
		return 0
	}
	return 1
}

// scanner is one goroutine's state.
type scanner struct {
	q       Query
	sums    map[[maxBy]uint32]*Sum // by the numbers of their values
	numbers map[Value]uint32
	by      [maxBy]keyed
	match   keyed
	only    [maxOnly]keyed
	sum     keyed
	keep    []bool
	index   []uint32
	rows    []int64
	totals  []int64
}

// keyed is a column read as numbers below size; the last one is null.
type keyed struct {
	d      Decoded
	codes  []uint32
	size   int
	values []Value
	known  []uint32 // the scanner's numbers of values
}

// read reads a column of a group. A column without a dictionary gets one.
func (k *keyed) read(f *File, group int, name string) error {
	rows := f.groups[group].rows
	c := f.Column(name)
	if c < 0 || f.groups[group].columns[c].nulls == int64(rows) {
		k.codes, k.size, k.values = grow(k.codes, rows), 1, append(k.values[:0], Value{Null: true})
		clear(k.codes)
		return nil
	}
	if err := f.Read(group, c, &k.d); err != nil {
		return err
	}
	k.values = k.values[:0]
	switch {
	case f.columns[c].Kind == Hash32:
		return notOurs("rows are not added up by %s", name)
	case len(k.d.Codes) == 0 && rows > 0:
		k.number(rows)
	case f.columns[c].Kind == Text:
		for _, w := range k.d.Words {
			k.values = append(k.values, Value{Text: w})
		}
		k.codes = k.d.Codes
	default:
		for _, v := range k.d.Ints {
			k.values = append(k.values, Value{Int: v})
		}
		k.codes = k.d.Codes
	}
	if f.groups[group].columns[c].nulls > 0 {
		null := uint32(len(k.values))
		k.values = append(k.values, Value{Null: true})
		for i, code := range k.codes {
			if code == Null {
				k.codes[i] = null
			}
		}
	}
	k.size = len(k.values)
	return nil
}

// number makes a dictionary for plain numbers.
func (k *keyed) number(rows int) {
	k.codes = grow(k.codes, rows)
	at := map[int32]uint32{}
	for i, v := range k.d.Ints[:rows] {
		if v == NullInt {
			k.codes[i] = Null
			continue
		}
		code, ok := at[v]
		if !ok {
			code = uint32(len(k.values))
			at[v] = code
			k.values = append(k.values, Value{Int: v})
		}
		k.codes[i] = code
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// group adds up one group of rows.
func (s *scanner) group(src *Source, group int) error {
	f := src.File
	rows := f.groups[group].rows
	if rows == 0 {
		return nil
	}
	all, err := s.choose(src, group, rows)
	if err != nil {
		return err
	}
	cells := 1
	for i, name := range s.q.By {
		if err := s.by[i].read(f, group, name); err != nil {
			return err
		}
		if cells > maxCells/s.by[i].size {
			return notOurs("rows are added up by too many values at once")
		}
		cells *= s.by[i].size
	}
	weight, err := s.weigh(f, group, rows)
	if err != nil {
		return err
	}
	s.rows, s.totals = grow(s.rows, cells), grow(s.totals, cells)
	clear(s.rows)
	clear(s.totals)
	s.add(all, rows, weight)
	s.collect(cells, weight)
	return nil
}

// choose finds which rows match; all is true when every one does.
func (s *scanner) choose(src *Source, group, rows int) (all bool, err error) {
	all = true
	for _, m := range slices.Concat(s.q.Where, src.Where) {
		if covered(src.File, group, m) {
			continue
		}
		if err := s.match.read(src.File, group, m.Column); err != nil {
			return false, err
		}
		wanted := make([]bool, s.match.size)
		for i, v := range s.match.values {
			wanted[i] = m.holds(v, src.File)
		}
		all = s.narrow(all, rows, func(i int) bool { return wanted[s.match.codes[i]] })
	}
	if src.Only == nil {
		return all, nil
	}
	return s.chooseOnly(src, group, rows, all)
}

// chooseOnly asks the source's Only of every combination of values.
func (s *scanner) chooseOnly(src *Source, group, rows int, all bool) (bool, error) {
	cells, columns := 1, src.Only.Columns
	for i, name := range columns {
		if err := s.only[i].read(src.File, group, name); err != nil {
			return false, err
		}
		if cells > maxCells/s.only[i].size {
			return false, notOurs("rows are chosen by too many values at once")
		}
		cells *= s.only[i].size
	}
	wanted, values := make([]bool, cells), make([]Value, len(columns))
	for cell := range wanted {
		rest := cell
		for i := len(columns) - 1; i >= 0; i-- {
			values[i] = s.only[i].values[rest%s.only[i].size]
			rest /= s.only[i].size
		}
		wanted[cell] = src.Only.Holds(values)
	}
	if !slices.Contains(wanted, false) {
		return all, nil
	}
	return s.narrow(all, rows, func(row int) bool {
		cell := 0
		for i := range columns {
			cell = cell*s.only[i].size + int(s.only[i].codes[row])
		}
		return wanted[cell]
	}), nil
}

// narrow keeps the rows that a further condition holds for.
func (s *scanner) narrow(all bool, rows int, holds func(int) bool) bool {
	s.keep = grow(s.keep, rows)
	for i := range s.keep {
		s.keep[i] = (all || s.keep[i]) && holds(i)
	}
	return false
}

func (m *Match) holds(v Value, f *File) bool {
	switch {
	case v.Null:
		return false
	case f.columns[f.Column(m.Column)].Kind == Text:
		return slices.Contains(m.Words, v.Text)
	}
	return m.From <= v.Int && v.Int <= m.To
}

// covered reports whether bounds say that every row of a group matches.
func covered(f *File, group int, m Match) bool {
	c := f.Column(m.Column)
	if c < 0 {
		return false
	}
	k := &f.groups[group].columns[c]
	if !k.bounded || k.nulls > 0 {
		return false
	}
	if f.columns[c].Kind == Text {
		return k.min == k.max && slices.Contains(m.Words, k.min)
	}
	least, most, ok := k.numbers()
	return ok && m.From <= least && most <= m.To
}

// weigh reads what is added up. The weight is what every row counts for, or -1
// when that differs from row to row.
func (s *scanner) weigh(f *File, group, rows int) (int64, error) {
	if s.q.Sum == "" {
		return 1, nil
	}
	if c := f.Column(s.q.Sum); c >= 0 {
		k := &f.groups[group].columns[c]
		if least, most, ok := k.numbers(); ok && least == most && least >= 0 && k.nulls == 0 {
			return int64(least), nil
		}
	}
	return -1, s.sum.read(f, group, s.q.Sum)
}

// add counts the rows into their cells.
func (s *scanner) add(all bool, rows int, weight int64) {
	if weight >= 0 && all && len(s.q.By) == 2 {
		a, b, n := s.by[0].codes[:rows], s.by[1].codes[:rows], uint32(s.by[1].size)
		for i, x := range a {
			s.rows[x*n+b[i]]++
		}
		return
	}
	s.index = grow(s.index, rows)
	clear(s.index)
	for k := range s.q.By {
		n := uint32(s.by[k].size)
		for i, x := range s.by[k].codes[:rows] {
			s.index[i] = s.index[i]*n + x
		}
	}
	for i, cell := range s.index {
		if !all && !s.keep[i] {
			continue
		}
		s.rows[cell]++
		if weight < 0 {
			s.totals[cell] += int64(s.sum.values[s.sum.codes[i]].Int)
		}
	}
}

// collect adds the cells to the sums. Values are looked up once a group, cells
// by their numbers.
func (s *scanner) collect(cells int, weight int64) {
	for k := range s.q.By {
		s.know(&s.by[k])
	}
	for cell, n := range s.rows[:cells] {
		if n == 0 {
			continue
		}
		var key [maxBy]uint32
		var values [maxBy]Value
		rest := cell
		for k := len(s.q.By) - 1; k >= 0; k-- {
			at := rest % s.by[k].size
			key[k], values[k] = s.by[k].known[at], s.by[k].values[at]
			rest /= s.by[k].size
		}
		total := s.totals[cell]
		if weight >= 0 {
			total = n * weight
		}
		sum := s.sums[key]
		if sum == nil {
			sum = &Sum{Values: values}
			s.sums[key] = sum
		}
		sum.Rows += n
		sum.Total += total
	}
}

// know finds the scanner's number of each of a column's values.
func (s *scanner) know(k *keyed) {
	k.known = k.known[:0]
	for _, v := range k.values {
		n, ok := s.numbers[v]
		if !ok {
			n = uint32(len(s.numbers))
			s.numbers[v] = n
		}
		k.known = append(k.known, n)
	}
}

// With returns the file read through another reader: what was learnt from the
// footer is kept while files are opened and closed.
func (f *File) With(r interface {
	ReadAt(p []byte, off int64) (int, error)
}) *File {
	out := *f
	out.r = r
	return &out
}
