package scan

import (
	"math"
	"math/bits"
)

// walker goes through the circles of a block of centres; it belongs to one
// goroutine.
type walker struct {
	*sweep
	best    []float64
	circles [blockSize]walk
	last    int
	bound   float64
}

// walk is the circles about one centre.
type walk struct {
	circles
	want   []float64 // expected in each circle and column
	steps  []step    // of one window
	window []float64 // expected in each circle in one window
}

func (s *sweep) newWalker() *walker {
	w := &walker{sweep: s, best: make([]float64, len(s.best)), bound: math.Inf(1)}
	copy(w.best, s.best)
	return w
}

// walk scans a few centres that lie near each other, all replications at one
// window before the next, so that the same counts are read while they are in
// the processor's nearest memory.
func (w *walker) walk(centres []int32) {
	for i, centre := range centres {
		c := &w.circles[i]
		c.last, c.bound = w.last, w.bound
		c.build(w.problem, int(centre))
		w.last, w.bound = c.last, c.bound
		c.sum(w.sweep)
	}
	for _, span := range w.windows {
		for i := range centres {
			w.grades(&w.circles[i], span)
		}
		for b := range w.batches {
			for i := range centres {
				w.scan(&w.circles[i], span, b)
			}
		}
	}
}

// sum adds up what is expected.
func (c *walk) sum(s *sweep) {
	columns := s.columns
	c.want = grow(c.want, len(c.members)*columns)
	for k, place := range c.members {
		row := s.want[int(place)*columns : int(place+1)*columns]
		sums := c.want[k*columns : (k+1)*columns]
		if k == 0 {
			copy(sums, row)
			continue
		}
		before := c.want[(k-1)*columns : k*columns]
		for t, e := range row {
			sums[t] = before[t] + e
		}
	}
}

// grades looks up the grade of each circle in a window.
func (w *walker) grades(c *walk, span spell) {
	c.window = grow(c.window, len(c.members))
	c.steps = grow(c.steps, len(c.members))
	for k, place := range c.members {
		e := c.want[k*w.columns+span.high]
		if span.low >= 0 {
			e -= c.want[k*w.columns+span.low]
		}
		c.window[k] = e
		c.steps[k] = step{place: place}
		if c.whole[k] && e > 0 {
			c.steps[k].grade = w.grade(e)
		}
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// scan goes through the circles about one centre for one window and batch.
func (w *walker) scan(c *walk, span spell, number int) {
	b := &w.batches[number]
	high, low := w.column(b, span.high), w.column(b, span.low)
	plain := span.low < 0 && !w.rule.low
	var counts words
	for k := 0; ; k++ {
		if plain {
			k = hunt(c.steps, k, high, b.need, w.top, &counts)
		} else {
			k = huntBoth(c.steps, k, high, low, b, w.top, &counts)
		}
		if k == len(c.steps) {
			return
		}
		g := c.steps[k].grade
		w.visit(number, c.window[k], &counts, b.need[g], b.few[g])
	}
}

// column returns the rows of a column; of none, zeros.
func (w *walker) column(b *batch, number int) []words {
	if number < 0 {
		return w.zeros
	}
	return b.rows[number*w.places : (number+1)*w.places]
}

// step is one circle more: a place comes in, and what is then expected.
type step struct {
	place int32
	grade uint32
}

// hunt goes through the circles until one passes the comparison, from circle k
// on, of which counts holds the cases before; it returns that circle, or the
// number of circles. It is for high rates in windows that are one column.
func hunt(steps []step, k int, rows []words, need []uint64, top uint64, counts *words) int {
	s0, s1, s2, s3 := counts[0], counts[1], counts[2], counts[3]
	for ; k < len(steps); k++ {
		row := &rows[steps[k].place]
		s0 += row[0]
		s1 += row[1]
		s2 += row[2]
		s3 += row[3]
		add := need[steps[k].grade]
		if ((s0+add)|(s1+add)|(s2+add)|(s3+add))&top != 0 {
			break
		}
	}
	counts[0], counts[1], counts[2], counts[3] = s0, s1, s2, s3
	return k
}

// huntBoth is hunt for windows that are the difference of two columns, and for
// low rates as well as high ones.
func huntBoth(steps []step, k int, high, low []words, b *batch, top uint64, counts *words) int {
	s := *counts
	for ; k < len(steps); k++ {
		row, less := &high[steps[k].place], &low[steps[k].place]
		add, few := b.need[steps[k].grade], b.few[steps[k].grade]
		passed := uint64(0)
		for i := range s {
			s[i] += row[i] - less[i]
			passed |= (s[i] + add) | (few - s[i])
		}
		if passed&top != 0 {
			break
		}
	}
	*counts = s
	return k
}

// visit works out the value of a circle in each replication of a batch whose
// count passed the comparison.
func (w *walker) visit(number int, want float64, counts *words, add, few uint64) {
	mask := uint64(1)<<w.bits - 1
	for i, word := range counts {
		passed := ((word + add) | (few - word)) & w.top
		for ; passed != 0; passed &= passed - 1 {
			lane := bits.TrailingZeros64(passed) / w.bits
			replication := (number*width+i)*w.lanes + lane
			if replication >= len(w.best) {
				return
			}
			c := float64(word >> (lane * w.bits) & mask)
			if best := &w.best[replication]; w.rule.most(c, want) > *best-slack(*best) {
				*best = max(*best, w.rule.value(c, want))
			}
		}
	}
}
