package records

import (
	"sync"
)

// chunkRows is how many rows are sorted and written together. Memory is
// bounded by it, however long the file.
const chunkRows = 1 << 20

// chunk gathers batches in the order of the file, whatever order they are put
// in, and hands them on whenever there are enough rows: so what is written
// depends on the file alone.
type chunk struct {
	mu      sync.Mutex
	early   map[int]*Batch // put before one that precedes them
	next    int
	batches []*Batch
	rows    int
	free    []*Batch
	found   *Findings
	keep    *keeper // nil in a dry run
	failed  error
}

func (c *chunk) sequence() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next + len(c.early)
}

func (c *chunk) put(s *Sink, sequence int, b *Batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		return c.failed
	}
	c.early[sequence] = b
	for c.failed == nil {
		b, ok := c.early[c.next]
		if !ok {
			break
		}
		delete(c.early, c.next)
		c.next++
		c.batches = append(c.batches, b)
		c.rows += b.Len()
		c.found.Join(b.Findings)
		if c.rows >= chunkRows {
			c.flush(s)
		}
	}
	return c.failed
}

// flush writes the rows gathered and frees their batches. It holds the lock:
// both processors are busy writing meanwhile.
func (c *chunk) flush(s *Sink) {
	if c.keep != nil && c.rows > 0 {
		c.failed = c.keep.write(s, c.batches, c.rows)
	}
	for _, b := range c.batches {
		b.reset()
	}
	c.free = append(c.free, c.batches...)
	c.batches, c.rows = c.batches[:0], 0
	s.gatherFacts()
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
