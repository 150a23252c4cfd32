package records

import (
	"context"
	"slices"
	"sync"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// SentForce is a force as a file names it.
type SentForce struct {
	Code string // code of its police force area, or a name of our own for a force without one
	Name string
}

// Sink takes what a Reader finds in one file: the words its rows point at, the
// rows, and what is doubtful. It places the rows, counts them into facts,
// keeps them as records when the submission is being accepted, and sums up.
//
// A reader that goes through its file from start to end uses Add. One that
// reads several stretches at once fills Batches and hands each to Put with its
// number in the file. Force, Outcome, Location and Place may be called from
// any goroutine; the rest, Put apart, from the one that reads the file.
type Sink struct {
	source *Source
	atlas  *places.Atlas
	levels []ids.Level
	codes  [][]string // of every place, by level
	whole  *Findings  // of the file as a whole and of rows given to Add

	mu        sync.Mutex // guards the words
	forces    []SentForce
	outcomes  words
	locations words
	sent      []sentPlace
	sentIndex map[string]uint32
	crowded   bool // the file names too many forces

	encoding string
	files    []FileSummary
	current  *Batch // rows given to Add
	covered  []claim
	telling  Telling
	blind    map[ids.Level]bool // levels at which rows cannot be placed everywhere
	rowsRead int64              // 0: as many as were given

	facts *FactBuilder
	lanes chan *lane
	idle  []*lane // of gatherFacts
	ids   *idStore
	sets  []*idSet
	chunk chunk
}

// claim is a Cover call, made good when the facts are built.
type claim struct {
	force  uint16
	months period.Range
}

// addBatch is how many rows given to Add make a batch.
const addBatch = 16 << 10

// Source returns the declaration the file is read by.
func (s *Sink) Source() *Source { return s.source }

// Levels returns the levels that rows are placed at, in the order of Batch.At.
func (s *Sink) Levels() []ids.Level { return s.levels }

// Findings returns the collection for the file as a whole and for rows given
// to Add. Rows in a Batch have their own.
func (s *Sink) Findings() *Findings { return s.whole }

// Encoding says how the file's characters turned out to be written.
func (s *Sink) Encoding(name string) { s.encoding = name }

// OpenFile begins the next file of an archive, and returns its number for
// Batch.File. A file sent alone need not be opened: it is number 0.
func (s *Sink) OpenFile(ctx context.Context, name string) (uint16, error) {
	if err := s.flushAdded(ctx); err != nil {
		return 0, err
	}
	s.files = append(s.files, FileSummary{Name: name})
	return uint16(len(s.files) - 1), nil
}

// SkipFile tells of a file in an archive that is not read, and why.
func (s *Sink) SkipFile(name, why string) {
	s.files = append(s.files, FileSummary{Name: name, Skipped: why})
}

// maxForces bounds how many forces one file may name; there are fewer than
// fifty. A file with more has something else in that column.
const maxForces = 200

// Force returns the number of a force for Row.Force. A file that names too
// many is refused at its end.
func (s *Sink) Force(f SentForce) uint16 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := slices.Index(s.forces, f); n >= 0 {
		return uint16(n)
	}
	if len(s.forces) == maxForces {
		s.crowded = true
		return 0
	}
	s.forces = append(s.forces, f)
	return uint16(len(s.forces) - 1)
}

// tooManyForces is what a crowded file is refused with.
func (s *Sink) tooManyForces() error {
	if !s.crowded {
		return nil
	}
	return errs.New(errs.Invalid, "The file names more than %d forces", maxForces).
		WithHint("check that the columns are in order: the one that names the force seems to hold something else")
}

// Outcome returns the number of an outcome's words for Row.Outcome.
func (s *Sink) Outcome(text string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outcomes.number(text)
}

// Location returns the number of a location's words for Row.Location.
func (s *Sink) Location(text string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locations.number(text)
}

// Place returns the number of a place as sent for Row.Place.
func (s *Sink) Place(p SentPlace) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, ok := s.sentIndex[p.Text]; ok {
		return n
	}
	n := uint32(len(s.sent))
	s.sent = append(s.sent, s.resolve(p))
	s.sentIndex[p.Text] = n
	return n
}

// Cover claims months for a force in which the file may have no row: none
// happened, rather than none is known. Months that have rows are claimed by
// themselves.
func (s *Sink) Cover(force uint16, months period.Range) {
	s.covered = append(s.covered, claim{force, months})
}

// Add takes one row.
func (s *Sink) Add(ctx context.Context, r Row) error {
	if s.current == nil {
		s.current = s.NewBatch()
		s.current.File = uint16(max(0, len(s.files)-1))
	}
	s.current.Add(r)
	if s.current.Len() < addBatch {
		return nil
	}
	return s.flushAdded(ctx)
}

// NewBatch returns an empty batch to fill and Put.
func (s *Sink) NewBatch() *Batch {
	s.chunk.mu.Lock()
	defer s.chunk.mu.Unlock()
	if n := len(s.chunk.free); n > 0 {
		b := s.chunk.free[n-1]
		s.chunk.free = s.chunk.free[:n-1]
		return b
	}
	return &Batch{Findings: NewFindings(s.source), At: make([][]places.Ref, len(s.levels))}
}

// Put takes a batch, which must not be used again. sequence is its number in
// the order of the file, from 0 without gaps; batches may be put in any order,
// by several goroutines.
func (s *Sink) Put(ctx context.Context, sequence int, b *Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l := <-s.lanes
	l.take(b)
	s.lanes <- l
	return s.chunk.put(s, sequence, b)
}

// Sequence returns the number for the next batch, for readers that call Put
// after others have: files of an archive follow each other.
func (s *Sink) Sequence() int { return s.chunk.sequence() }

// flushAdded puts the rows given to Add so far.
func (s *Sink) flushAdded(ctx context.Context) error {
	b := s.current
	if b == nil {
		return nil
	}
	s.current = nil
	return s.Put(ctx, s.Sequence(), b)
}
