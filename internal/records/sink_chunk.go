package records

import (
	"runtime"
	"sync"
)

// chunkRows is how many rows are sorted and written together. Memory is
// bounded by it, however long the file.
const chunkRows = 1 << 19

// smallChunk is how many rows most files have at most: past it, room is made
// for a whole chunk at once.
const smallChunk = 100_000

// chunk gathers batches in the order of the file, whatever order they are put
// in, and writes them whenever there are enough rows: so what is written
// depends on the file alone.
type chunk struct {
	mu     sync.Mutex
	early  map[int]*Batch // put before one that precedes them
	next   int
	rows   *Batch
	since  int // rows taken since the last flush
	times  int // flushes so far
	free   []*Batch
	found  *Findings
	keep   *keeper // nil in a dry run
	failed error
}

func (c *chunk) sequence() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next + len(c.early)
}

func (c *chunk) put(s *Sink, sequence int, b *Batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.early[sequence] = b
	for c.failed == nil {
		b, ok := c.early[c.next]
		if !ok {
			break
		}
		delete(c.early, c.next)
		c.next++
		c.take(s, b)
	}
	return c.failed
}

// take adds one batch, writing first what is there when it would be too much.
func (c *chunk) take(s *Sink, b *Batch) {
	if c.since > 0 && c.since+b.Len() > chunkRows {
		c.flush(s)
	}
	c.found.Join(b.Findings)
	c.since += b.Len()
	if c.keep != nil {
		if n := c.rows.Len() + b.Len(); n > cap(c.rows.Line) && n > smallChunk {
			c.rows.reserve(chunkRows)
		}
		c.rows.join(b)
	}
	b.reset()
	c.free = append(c.free, b)
}

// flush writes the rows gathered. It holds the lock: both processors are busy
// writing meanwhile.
func (c *chunk) flush(s *Sink) {
	if c.keep != nil && c.rows.Len() > 0 {
		c.failed = c.keep.write(s, c.rows)
		c.rows.reset()
	}
	c.since = 0
	c.times++
	c.tidy()
	s.gatherFacts()
}

// release gives back the memory that rows were gathered and sorted in.
func (c *chunk) release() {
	c.rows, c.free = nil, nil
	if c.keep != nil {
		c.keep.release()
	}
	c.tidy()
}

// tidy clears garbage between the steps of a long file. There is little a
// step and a great deal in all; clearing it here costs some milliseconds, and
// keeps memory near what is in use instead of twice that.
func (c *chunk) tidy() {
	if c.times > 1 {
		runtime.GC()
	}
}

// gatherFacts adds up what idle lanes have counted, so that the counters of
// months long past are not held once a lane.
func (s *Sink) gatherFacts() {
	for range cap(s.lanes) {
		select {
		case l := <-s.lanes:
			s.facts.Merge(l.facts)
			l.facts = s.facts.Fork()
			s.idle = append(s.idle, l)
		default:
		}
	}
	for _, l := range s.idle {
		s.lanes <- l
	}
	s.idle = s.idle[:0]
}
