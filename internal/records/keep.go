package records

import (
	"strings"
	"sync"

	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records/rowfile"
)

// Groups of rows hold at most maxGroup rows, and end early where the borough
// changes if they have minGroup: so what one borough asks for lies in few
// groups that hold little else, and a group is worth its heading.
const (
	maxGroup = 64 << 10
	minGroup = 12 << 10
)

// keeper writes the rows of a submission that is being accepted into a Parquet
// file, a chunk at a time, each sorted by place and month.
type keeper struct {
	file    *files.Writer
	rows    *rowfile.Writer
	columns []rowfile.Column
	order   sorter
	workers [2]*encoder
}

// encoder is what one goroutine needs to encode groups of rows.
type encoder struct {
	enc    *rowfile.Encoder
	values []rowfile.Values
	groups [2]rowfile.Group
}

func newKeeper(store *files.Store) (*keeper, error) {
	w, err := store.Create()
	if err != nil {
		return nil, err
	}
	return &keeper{file: w}, nil
}

// ColumnOf returns the name of the column that holds the places of a level in
// files of records: "lsoa_2021" for lsoa-2021.
func ColumnOf(l ids.Level) string { return strings.ReplaceAll(string(l), "-", "_") }

// recordColumns are the columns of a file of records: what every source has,
// after the places of each level.
func recordColumns(levels []ids.Level) []rowfile.Column {
	var out []rowfile.Column
	for _, l := range levels {
		out = append(out, rowfile.Column{Name: ColumnOf(l), Kind: rowfile.Text, Optional: true})
	}
	return append(out, []rowfile.Column{
		{Name: "month", Kind: rowfile.Day},
		{Name: "category", Kind: rowfile.Text, Optional: true},
		{Name: "force", Kind: rowfile.Text},
		{Name: "count", Kind: rowfile.Int},
		{Name: "weekday", Kind: rowfile.Int, Optional: true},
		{Name: "hour", Kind: rowfile.Int, Optional: true},
		{Name: "minute", Kind: rowfile.Int, Optional: true},
		{Name: "lon", Kind: rowfile.Micro, Optional: true},
		{Name: "lat", Kind: rowfile.Micro, Optional: true},
		{Name: "sent_place", Kind: rowfile.Text, Optional: true},
		{Name: "location", Kind: rowfile.Text, Optional: true},
		{Name: "outcome", Kind: rowfile.Text, Optional: true},
		{Name: "id", Kind: rowfile.Hash32, Optional: true},
		{Name: "file", Kind: rowfile.Text, Optional: true},
		{Name: "line", Kind: rowfile.Int},
	}...)
}

// start writes the file's beginning, once the sink is known.
func (k *keeper) start(s *Sink) {
	if k.rows != nil {
		return
	}
	k.columns = recordColumns(s.levels)
	k.rows = rowfile.NewWriter(k.file, k.columns, k.order.by(s), "openvru.source", string(s.source.ID), "openvru.format", "records/1")
	for i := range k.workers {
		k.workers[i] = &encoder{enc: rowfile.NewEncoder(k.columns), values: make([]rowfile.Values, len(k.columns))}
	}
}

// write sorts a chunk's rows and writes them, two groups being encoded at once.
func (k *keeper) write(s *Sink, all *Batch) error {
	k.start(s)
	order := k.order.sort(s, all)
	words := s.wordsNow()
	cuts := groupCuts(all, order, k.order.borough)
	done := [2]chan *rowfile.Group{make(chan *rowfile.Group), make(chan *rowfile.Group)}
	var failed [2]error
	var wg sync.WaitGroup
	for w := range k.workers {
		wg.Go(func() {
			defer close(done[w])
			for g := w; g+1 < len(cuts) && failed[w] == nil; g += 2 {
				e := k.workers[w]
				e.gather(all, order[cuts[g]:cuts[g+1]], words)
				group := &e.groups[g/2%2]
				failed[w] = e.enc.Encode(group, e.values, cuts[g+1]-cuts[g])
				done[w] <- group
			}
		})
	}
	err := k.append(done, len(cuts)-1)
	wg.Wait()
	for _, f := range failed {
		if err == nil {
			err = f
		}
	}
	return err
}

// append writes groups in order. It takes all of them even after a failure, so
// that nobody waits to hand one over.
func (k *keeper) append(done [2]chan *rowfile.Group, groups int) (err error) {
	for g := range groups {
		group, ok := <-done[g%2]
		if !ok {
			continue
		}
		if err == nil {
			err = k.rows.Append(group)
		}
	}
	return err
}

// groupCuts returns where groups of rows begin, and the end.
func groupCuts(all *Batch, order []uint64, borough int) []int {
	cuts := []int{0}
	start := 0
	for i := 1; i < len(order); i++ {
		n := i - start
		if n < minGroup || n < maxGroup && !boroughChanges(all, borough, order[i-1], order[i]) {
			continue
		}
		start = i
		cuts = append(cuts, i)
	}
	return append(cuts, len(order))
}

func boroughChanges(all *Batch, borough int, a, b uint64) bool {
	if borough < 0 {
		return false
	}
	at := all.At[borough]
	return at[a&rowMask] != at[b&rowMask]
}

// commit finishes the file and keeps it. A submission without rows keeps none.
func (k *keeper) commit() ([]Part, error) {
	if k.rows == nil || k.rows.Rows() == 0 {
		return nil, nil
	}
	if err := k.rows.Close(); err != nil {
		return nil, err
	}
	id, err := k.file.Commit()
	if err != nil {
		return nil, err
	}
	return []Part{{File: id, Rows: k.rows.Rows(), Size: k.file.Size()}}, nil
}

// release gives back what sorting and encoding took; only commit and discard
// may follow.
func (k *keeper) release() {
	k.order, k.workers = sorter{}, [2]*encoder{}
}

// discard throws away a file that was not committed; after commit it does
// nothing. What cannot be removed now Collect will find.
func (k *keeper) discard() { _ = k.file.Close() }

// wordLists are the words that codes in a batch stand for, as they are now.
type wordLists struct {
	places                                               [][]string // by level
	categories, forces, sent, locations, outcomes, files []string
}

func (s *Sink) wordsNow() *wordLists {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &wordLists{places: s.codes, locations: s.locations.text, outcomes: s.outcomes.text}
	for _, c := range s.source.Categories {
		w.categories = append(w.categories, c.ID)
	}
	for _, f := range s.forces {
		w.forces = append(w.forces, f.Code)
	}
	for _, p := range s.sent {
		w.sent = append(w.sent, p.text)
	}
	for _, f := range s.files {
		w.files = append(w.files, f.Name)
	}
	return w
}

// placeCodes lists the codes of every level's places by their numbers.
func placeCodes(levels []ids.Level, a *places.Atlas) [][]string {
	out := make([][]string, len(levels))
	for i, l := range levels {
		for r := range a.Len(l) {
			out[i] = append(out[i], a.Place(l, places.Ref(r)).Code)
		}
	}
	return out
}

// gather collects the values of a group's rows, in the order of recordColumns.
func (e *encoder) gather(b *Batch, order []uint64, w *wordLists) {
	v := e.values
	levels := len(b.At)
	for i := range levels {
		v[i].Words = w.places[i]
		v[i].Codes = pick(v[i].Codes, order, b.At[i], func(r places.Ref) uint32 { return uint32(r) })
	}
	v = v[levels:]
	v[0].Ints = pick(v[0].Ints, order, b.Month, dayOf())
	v[1].Words, v[1].Codes = w.categories, pick(v[1].Codes, order, b.Category, orNull[uint16](UnknownCategory))
	v[2].Words, v[2].Codes = w.forces, pick(v[2].Codes, order, b.Force, func(f uint16) uint32 { return uint32(f) })
	v[3].Ints = pick(v[3].Ints, order, b.Count, func(c int32) int32 { return c })
	v[4].Ints = pick(v[4].Ints, order, b.Weekday, isoWeekday)
	v[5].Ints = pick(v[5].Ints, order, b.Minute, hourOf)
	v[6].Ints = pick(v[6].Ints, order, b.Minute, minuteOf)
	v[7].Ints = pick(v[7].Ints, order, b.Lon, func(c int32) int32 { return c }) // NoPoint is NullInt
	v[8].Ints = pick(v[8].Ints, order, b.Lat, func(c int32) int32 { return c })
	v[9].Words, v[9].Codes = w.sent, pick(v[9].Codes, order, b.Place, orNull[uint32](0))
	v[10].Words, v[10].Codes = w.locations, pick(v[10].Codes, order, b.Location, orNull[uint32](0))
	v[11].Words, v[11].Codes = w.outcomes, pick(v[11].Codes, order, b.Outcome, orNull[uint32](0))
	v[12].Hashes = pick(v[12].Hashes, order, b.ID, func(h [32]byte) [32]byte { return h })
	v[12].Has = pick(v[12].Has, order, b.HasID, func(h bool) bool { return h })
	v[13].Words = w.files
	v[13].Codes = pick(v[13].Codes, order, b.FileOf, fileCode(len(w.files)))
	v[14].Ints = pick(v[14].Ints, order, b.Line, func(l uint32) int32 { return int32(l) })
}

// pick collects the values of the rows of an order, each made into another.
func pick[A, B any](out []B, order []uint64, from []A, f func(A) B) []B {
	out = grow(out, len(order))
	for i, o := range order {
		out[i] = f(from[o&rowMask])
	}
	return out
}

func orNull[T uint16 | uint32](none T) func(T) uint32 {
	return func(v T) uint32 {
		if v == none {
			return rowfile.Null
		}
		return uint32(v)
	}
}

func fileCode(files int) func(uint16) uint32 {
	return func(f uint16) uint32 {
		if int(f) >= files {
			return rowfile.Null
		}
		return uint32(f)
	}
}

// dayOf returns the first day of months, as days since 1970, remembering the
// last: rows come sorted.
func dayOf() func(period.Month) int32 {
	var last period.Month
	var day int32
	return func(m period.Month) int32 {
		if m != last {
			last, day = m, firstDay(m)
		}
		return day
	}
}

// isoWeekday numbers days as ISO 8601 does: 1 is Monday, 7 is Sunday.
func isoWeekday(d int8) int32 {
	if d == NoTime {
		return rowfile.NullInt
	}
	return int32(d) + 1
}

func hourOf(m int16) int32 {
	if m == NoTime {
		return rowfile.NullInt
	}
	return int32(m) / 60
}

func minuteOf(m int16) int32 {
	if m == NoTime {
		return rowfile.NullInt
	}
	return int32(m) % 60
}
