package records

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/period"
	"openvru/internal/places"
)

// The rules that the sink itself checks. A source that declares one under
// these ids gets findings of it; the counts are in the Summary either way.
const (
	RuleUnlocated    = "unlocated"     // rows with neither a point nor a code we know
	RuleOutOfArea    = "out-of-area"   // rows located outside every borough we know
	RuleOutsideForce = "outside-force" // rows located in another force's area
	RuleRepeatedID   = "repeated-id"   // ids met before in the same month
	RuleNoRows       = "no-rows"       // the file has a header and nothing else
	RuleMixedCodes   = "mixed-codes"   // codes that only one vintage has, and others of another, in the same months
)

// reading is what one reading of a file found.
type reading struct {
	summary  Summary
	findings []Finding
	facts    EditionFacts
	refused  string // why it cannot be accepted; "" when it can
}

// newSink makes the sink for one reading. keep is nil in a dry run.
func newSink(src *Source, atlas *places.Atlas, temp string, keep *keeper) *Sink {
	s := &Sink{source: src, atlas: atlas, levels: levelsFor(src, atlas), whole: NewFindings(src),
		outcomes: newWords(), locations: newWords(), sentIndex: map[string]uint32{}, ids: &idStore{dir: temp, most: idsInMemory}}
	s.Place(SentPlace{}) // number 0 is no place
	s.facts = NewFactBuilder(atlas, FactSpec{Source: src.ID, Categories: factCategories(src), Levels: s.levels, WholeForce: src.WholeForce})
	s.codes = placeCodes(s.levels, atlas)
	s.chunk = chunk{early: map[int]*Batch{}, rows: &Batch{At: make([][]places.Ref, len(s.levels))}, found: NewFindings(src), keep: keep}
	n := runtime.GOMAXPROCS(0)
	s.lanes = make(chan *lane, n)
	for range n {
		set := s.ids.newSet()
		s.sets = append(s.sets, set)
		s.lanes <- newLane(s, set)
	}
	return s
}

// factCategories are the keys of a source's categories.
func factCategories(src *Source) []string {
	var out []string
	for _, c := range src.Categories {
		out = append(out, c.ID)
	}
	return out
}

// read has a reader read a file into a sink, and sums up. The error is for
// what is no fault of the file; a file that cannot be read is refused.
func read(ctx context.Context, r Reader, in *Input, s *Sink) (*reading, error) {
	defer s.ids.close()
	err := r.Read(ctx, in, s)
	if err == nil {
		err = s.flushAdded(ctx)
	}
	if err == nil {
		err = s.finish()
	}
	out := &reading{}
	switch {
	case errs.Is(err, errs.Invalid):
		out.refused = sentence(err)
	case err != nil:
		return nil, err
	}
	found := s.joinFindings()
	if out.summary, err = s.summarise(found, out.refused != ""); err != nil {
		return nil, err
	}
	if f, bad := found.Refused(); bad && out.refused == "" {
		out.refused = f.Message
	}
	out.findings = found.List()
	if out.refused == "" {
		err = s.buildFacts(out)
	}
	return out, err
}

// sentence is an error as a person reads it, with what to do.
func sentence(err error) string {
	out := errs.MessageOf(err)
	if h := errs.HintOf(err); h != "" {
		out += "; " + h
	}
	return out
}

// finish hands on the rows still gathered.
func (s *Sink) finish() error {
	s.chunk.mu.Lock()
	defer s.chunk.mu.Unlock()
	if s.chunk.failed == nil {
		s.chunk.flush(s)
	}
	defer s.chunk.release()
	if s.chunk.failed == nil && len(s.chunk.early) > 0 {
		return errs.New(errs.Internal, "a stretch of the file was not read: batch %d is missing", s.chunk.next)
	}
	if s.chunk.failed == nil {
		return s.tooManyForces()
	}
	return s.chunk.failed
}

// joinFindings joins those of the file as a whole with those of its rows.
func (s *Sink) joinFindings() *Findings {
	all := NewFindings(s.source)
	all.Join(s.whole)
	all.Join(s.chunk.found)
	return all
}

// buildFacts turns the counts into facts. A force without a police area of its
// own, such as the transport police, keeps records and no facts.
func (s *Sink) buildFacts(out *reading) (err error) {
	for _, c := range s.covered {
		s.facts.Cover(c.force, c.months)
	}
	codes := make([]string, len(s.forces))
	for i, f := range s.forces {
		codes[i] = f.Code
	}
	out.facts, err = s.facts.Build(codes)
	if errs.Is(err, errs.Invalid) {
		out.refused, err = sentence(err), nil
	}
	out.facts = s.inReach(s.telling.narrow(out.facts, SeriesOf(s.source.ID)))
	return err
}

// summarise adds the lanes up.
func (s *Sink) summarise(found *Findings, refused bool) (Summary, error) {
	out := Summary{Encoding: s.encoding, Files: s.files}
	if len(out.Files) == 0 {
		out.Files = []FileSummary{{}}
	}
	lanes := s.allLanes()
	total := lanes[0].sums
	for _, l := range lanes[1:] {
		total.join(l.sums)
	}
	for n, f := range total.files {
		out.Files[n].Rows, out.Files[n].From, out.Files[n].To = f.Rows, f.From, f.To
	}
	out.Rows, out.Kept, out.Count = total.rows, total.rows, total.count
	if s.rowsRead > 0 {
		out.Rows = s.rowsRead
	}
	out.Unlocated, out.OutOfArea, out.OutsideForce, out.BlankIDs = total.unlocated, total.outOfArea, total.outside, total.blankIDs
	out.Months = sortedMonths(total.months)
	out.Forces = s.forceCounts(total)
	out.Categories, out.UnknownCategories = s.categoryCounts(total)
	for _, level := range slices.Sorted(maps.Keys(total.vintages)) {
		if v := total.vintages[level]; v.Rows > 0 {
			out.Vintages = append(out.Vintages, *v)
		}
	}
	out.Placed = s.placed(lanes)
	s.reach(out.Vintages, found)
	s.doubtWhole(&out, found, refused)
	return out, s.countRepeats(&out, found)
}

// doubtWhole looks at the file as a whole.
func (s *Sink) doubtWhole(out *Summary, found *Findings, refused bool) {
	if rule, ok := s.source.hasRule(RuleNoRows); ok && out.Rows == 0 && !refused {
		if _, bad := found.Refused(); !bad {
			found.Add(rule, Example{})
		}
	}
	rule, ok := s.source.hasRule(RuleMixedCodes)
	if !ok {
		return
	}
	for i, a := range out.Vintages {
		for _, b := range out.Vintages[i+1:] {
			if a.Level.Vintage() != "" && b.Level.Type() == a.Level.Type() && a.From <= b.To && b.From <= a.To {
				found.Add(rule, Example{Value: fmt.Sprintf("%s: %d rows; %s: %d rows", places.Title(a.Level), a.Rows, places.Title(b.Level), b.Rows)})
			}
		}
	}
}

// allLanes takes every lane out of use.
func (s *Sink) allLanes() []*lane {
	var out []*lane
	for range cap(s.lanes) {
		l := <-s.lanes
		s.facts.Merge(l.facts)
		l.facts = nil
		out = append(out, l)
	}
	return out
}

func (s *sums) join(o sums) {
	s.rows += o.rows
	s.count += o.count
	s.unlocated += o.unlocated
	s.outOfArea += o.outOfArea
	s.outside += o.outside
	s.blankIDs += o.blankIDs
	for m, c := range o.months {
		have := s.month(m)
		have.Rows += c.Rows
		have.Count += c.Count
	}
	for f, c := range o.forces {
		have := s.force(f)
		have[0] += c[0]
		have[1] += c[1]
	}
	for i, c := range o.categories {
		s.categories[i][0] += c[0]
		s.categories[i][1] += c[1]
	}
	for n, f := range o.files {
		have := s.file(n)
		have.Rows += f.Rows
		if f.From != 0 {
			have.span(f.From)
			have.span(f.To)
		}
	}
	for level, v := range o.vintages {
		have := s.vintages[level]
		if have == nil {
			s.vintages[level] = v
			continue
		}
		have.Rows += v.Rows
		if v.From != 0 {
			have.span(v.From)
			have.span(v.To)
		}
	}
}

func sortedMonths(m map[period.Month]*MonthCount) []MonthCount {
	var out []MonthCount
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, *m[k])
	}
	return out
}

func (s *Sink) forceCounts(total sums) []NameCount {
	var out []NameCount
	for n, f := range s.forces {
		if c := total.forces[uint16(n)]; c != nil {
			out = append(out, NameCount{ID: f.Code, Name: f.Name, Rows: c[0], Count: c[1]})
		}
	}
	slices.SortStableFunc(out, func(a, b NameCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (s *Sink) categoryCounts(total sums) (out []NameCount, unknown int64) {
	for i, c := range total.categories {
		switch {
		case i == len(s.source.Categories):
			unknown = c[0]
		case c[0] > 0:
			k := s.source.Categories[i]
			out = append(out, NameCount{ID: k.ID, Name: k.Title, Rows: c[0], Count: c[1]})
		}
	}
	return out, unknown
}

// placed says how rows came to lie in the places of each level.
func (s *Sink) placed(lanes []*lane) []PlacedSummary {
	var out []PlacedSummary
	for i, level := range s.levels {
		p := PlacedSummary{Level: level}
		union := make([]uint64, s.atlas.Len(level)/64+1)
		for _, l := range lanes {
			c := l.placer.counts[i]
			p.Unplaced += c[byNothing]
			p.ByCode += c[byCode]
			p.ByPoint += c[byPoint]
			p.ByParent += c[byParent]
			for w, bits := range l.placer.distinct[i] {
				union[w] |= bits
			}
		}
		p.Distinct = countBits(union)
		out = append(out, p)
	}
	return out
}

// countRepeats finds ids met twice in a month.
func (s *Sink) countRepeats(out *Summary, found *Findings) error {
	n, first, err := s.ids.repeats(s.sets)
	if err != nil {
		return err
	}
	s.ids.held, s.sets = [idParts][][]idEntry{}, nil
	out.RepeatedIDs = n
	rule, declared := s.source.hasRule(RuleRepeatedID)
	if !declared || n == 0 {
		return nil
	}
	for _, e := range first {
		found.Add(rule, Example{File: s.fileName(uint16(e.file)), Line: int64(e.line), Column: s.source.IDColumn})
	}
	found.AddMany(rule, n-int64(len(first)))
	return nil
}

// fileName returns the name of a file of an archive; "" for a file sent alone.
func (s *Sink) fileName(n uint16) string {
	if int(n) < len(s.files) {
		return s.files[n].Name
	}
	return ""
}

// watched is a stream that stops with its context and tells how far it is.
type watched struct {
	ctx   context.Context
	r     io.Reader
	tell  Progress
	done  int64
	total int64
}

// Read reads on.
func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.r.Read(p)
	w.done += int64(n)
	if w.tell != nil && n > 0 {
		w.tell.Set(w.done, w.total)
	}
	return n, err
}
