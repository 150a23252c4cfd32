package scan

import (
	"math"
	"math/bits"

	"openvru/internal/stats"
)

const (
	blockSize = 16       // centres worked on together, at most
	blockRoom = 16 << 20 // bytes of expected counts held for them, save where one takes more
	chunkSize = 64 << 20 // bytes of drawn cases held at a time, save where one batch takes more
)

func blocks(n int) int { return (n + blockSize - 1) / blockSize }

// replicate draws sets of cases as they would be if there were no cluster and
// returns the greatest value of each. Where o.StopAfter says so it stops at the
// replication in which that many have reached the observed value.
func (p *problem) replicate(observed float64) []float64 {
	s := p.newSweep()
	maxima := make([]float64, 0, p.options.Replications)
	for len(maxima) < p.options.Replications {
		first := len(maxima)
		n := min(s.chunk, p.options.Replications-first)
		maxima = append(maxima, s.run(first, n)...)
		if stop := p.options.StopAfter; stop > 0 {
			if n := stopAt(maxima, observed, stop); n > 0 {
				return maxima[:n]
			}
		}
	}
	return maxima
}

// stopAt returns how many replications it takes until so many have reached the
// observed value; zero if they have not.
func stopAt(maxima []float64, observed float64, stop int) int {
	for i, v := range maxima {
		if reaches(v, observed) {
			if stop--; stop == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// sweep goes through all circles of a number of replications at once. Counts of
// several replications are packed into one word, each in bits of its own, so
// that one addition adds all; a batch is width words. Whether any of a batch
// may be better than what its replication has is one comparison: against the
// count that it takes for the expected number, looked up in a table that is
// coarse but never too strict. Only what passes is worked out.
type sweep struct {
	*problem
	rule    rule
	draw    drawer
	windows []spell
	columns int       // of drawn counts
	want    []float64 // expected in each place and column
	zeros   []words   // a column of none
	bits    int       // of a count
	lanes   int       // counts in a word
	top     uint64
	chunk   int // replications at a time
	block   int // centres at a time
	grain   float64
	cells   int
	never   []uint64 // the few of a table that asks for none
	tables  map[float64]*table
	batches []batch
	walkers []*walker // one a goroutine
	found   []float64 // the greatest value of each replication in the chunk
}

// width is the words of a batch.
const width = 4

type words [width]uint64

// batch is some replications: rows holds the counts of each column and place.
type batch struct {
	rows  []words
	table *table
}

// spell is a window as the difference of two columns; low is −1 if it is the
// high column alone.
type spell struct {
	window
	high, low int
}

func (p *problem) newSweep() *sweep {
	s := &sweep{problem: p, rule: p.rule()}
	s.bits = bitsFor(p.total)
	s.lanes = 64 / s.bits
	for lane := range s.lanes {
		s.top |= 1 << (lane*s.bits + s.bits - 1)
	}
	s.zeros = make([]words, s.places)
	s.setGrades()
	s.setColumns()
	per := s.lanes * width
	room := max(1, chunkSize/(s.columns*s.places*width*8))
	s.block = min(blockSize, max(1, blockRoom/(s.columns*s.places*8)))
	s.chunk = per * min(room, (p.options.Replications+per-1)/per)
	if p.options.StopAfter > 0 {
		s.chunk = min(s.chunk, 8*per)
	}
	return s
}

// bitsFor returns how many bits a count takes with one to spare.
func bitsFor(total float64) int { return max(bits.Len64(uint64(total))+1, 8) }

// run returns the greatest values of replications first to first+n−1.
func (s *sweep) run(first, n int) []float64 {
	per := s.lanes * width
	for len(s.batches) < (n+per-1)/per {
		s.batches = append(s.batches, batch{})
	}
	s.batches = s.batches[:(n+per-1)/per]
	s.found = make([]float64, n)
	stats.Parallel(len(s.batches), func(_, b int) {
		s.fillBatch(&s.batches[b], first+b*per, min(per, n-b*per))
	})
	// A few centres first: what they find makes the rest quick to pass over.
	done := 0
	for _, step := range []int{1024, 256, 64, 16, 4, 1} {
		s.stage(step, done)
		done = step
	}
	return s.found
}

// stage goes through every step-th centre, save those that are a multiple of
// done, which an earlier stage saw.
func (s *sweep) stage(step, done int) {
	centres := make([]int32, 0, s.places/step+1)
	for i := 0; i < s.places; i += step {
		if done == 0 || i%done != 0 {
			centres = append(centres, int32(i))
		}
	}
	if len(centres) == 0 {
		return
	}
	s.setTables()
	for len(s.walkers) < stats.Workers() {
		s.walkers = append(s.walkers, &walker{sweep: s, bound: math.Inf(1)})
	}
	for _, w := range s.walkers {
		w.best = append(w.best[:0], s.found...)
	}
	stats.Parallel((len(centres)+s.block-1)/s.block, func(worker, piece int) {
		s.walkers[worker].walk(centres[piece*s.block : min((piece+1)*s.block, len(centres))])
	})
	for _, w := range s.walkers {
		for i, v := range w.best {
			s.found[i] = max(s.found[i], v)
		}
	}
}
