package scan

import (
	"math"
	"math/bits"
)

// walker goes through the circles of a block of centres; it belongs to one
// goroutine.
type walker struct {
	*sweep
	best    []float64 // of each replication in the chunk
	circles [blockSize]walk
	last    int
	bound   float64
}

// walk is the circles about one centre, and those of one window.
type walk struct {
	circles
	want   []float64 // expected in each circle and column
	window []float64 // expected in each circle
	grades []uint32  // of that
	groups []group
}

// group is some circles after each other, up to but not including end. Counts
// only grow from circle to circle, so if that of the last does not take what
// the first would need, none of them does.
type group struct{ end, grade uint32 }

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
			w.prepare(&w.circles[i], span)
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

// prepare sets what is expected in the circles in a window, and the groups.
func (w *walker) prepare(c *walk, span spell) {
	c.window = grow(c.window, len(c.members))
	c.grades = grow(c.grades, len(c.members))
	for k := range c.members {
		e := c.want[k*w.columns+span.high]
		if span.low >= 0 {
			e -= c.want[k*w.columns+span.low]
		}
		c.window[k], c.grades[k] = e, 0
		if c.whole[k] && e > 0 {
			c.grades[k] = w.grade(e)
		}
	}
	c.groups = c.groups[:0]
	for start := 0; start < len(c.members); {
		end := start + 1
		if !w.rule.low {
			end = together(c.window, start)
		}
		c.groups = append(c.groups, group{end: uint32(end), grade: w.grade(c.window[start])})
		start = end
	}
}

// together returns the end of the group from start on: long, but not so long
// that more is expected in the last circle than in the first by much of a
// standard deviation, for that makes the comparison of the group lax.
func together(want []float64, start int) int {
	end, most := start+1, want[start]+0.5*math.Sqrt(want[start])
	for end < len(want) && want[end] <= most {
		end++
	}
	return end
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// scan goes through the circles about one centre for one window and batch.
func (w *walker) scan(c *walk, span spell, number int) {
	v := visit{
		walker: w, walk: c, table: w.batches[number].table, first: number * width * w.lanes,
		high: w.column(&w.batches[number], span.high), low: w.column(&w.batches[number], span.low),
	}
	switch {
	case w.rule.low:
		v.both()
	case span.low >= 0:
		v.difference()
	default:
		v.plain()
	}
}

// column returns the rows of a column; of none, zeros.
func (w *walker) column(b *batch, number int) []words {
	if number < 0 {
		return w.zeros
	}
	return b.rows[number*w.places : (number+1)*w.places]
}

// visit goes through the circles about one centre in one batch and window.
type visit struct {
	*walker
	*walk
	table     *table
	first     int     // number of the first replication
	high, low []words // columns whose difference is the window
}

// plain is for high rates in windows that are one column.
func (v *visit) plain() {
	var s words
	start, top, need := uint32(0), v.top, v.table.need
	for g, group := range v.groups {
		addPlaces(v.members[start:group.end], v.high, &s)
		start = group.end
		add := need[group.grade]
		if ((s[0]+add)|(s[1]+add)|(s[2]+add)|(s[3]+add))&top != 0 {
			v.look(g, s)
		}
	}
}

// addPlaces adds up places. It is a function of its own, and not to be compiled
// into its caller, because the few values that it needs then stay in registers.
//
//go:noinline
func addPlaces(members []int32, rows []words, sums *words) {
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	for _, place := range members {
		row := &rows[place]
		s0 += row[0]
		s1 += row[1]
		s2 += row[2]
		s3 += row[3]
	}
	sums[0], sums[1], sums[2], sums[3] = s0, s1, s2, s3
}

// difference is for high rates in windows that are the difference of two
// columns.
func (v *visit) difference() {
	var s words
	start, top := uint32(0), v.top
	for g, group := range v.groups {
		for _, place := range v.members[start:group.end] {
			row, less := &v.high[place], &v.low[place]
			s[0] += row[0] - less[0]
			s[1] += row[1] - less[1]
			s[2] += row[2] - less[2]
			s[3] += row[3] - less[3]
		}
		start = group.end
		add := v.table.need[group.grade]
		if ((s[0]+add)|(s[1]+add)|(s[2]+add)|(s[3]+add))&top != 0 {
			v.look(g, s)
		}
	}
}

// both is for low rates as well as high ones; each circle is a group.
func (v *visit) both() {
	var s words
	for k, place := range v.members {
		row, less, passed := &v.high[place], &v.low[place], uint64(0)
		add, few := v.table.need[v.grades[k]], v.table.few[v.grades[k]]
		for i := range s {
			s[i] += row[i] - less[i]
			passed |= (s[i] + add) | (few - s[i])
		}
		if passed&v.top != 0 {
			v.circle(k, &s)
		}
	}
}

// look goes back through the circles of a group, of which counts holds the
// last.
func (v *visit) look(g int, counts words) {
	start := 0
	if g > 0 {
		start = int(v.groups[g-1].end)
	}
	for k := int(v.groups[g].end) - 1; k >= start; k-- {
		if v.whole[k] {
			v.circle(k, &counts)
		}
		row, less := &v.high[v.members[k]], &v.low[v.members[k]]
		for i := range counts {
			counts[i] -= row[i] - less[i]
		}
	}
}

// circle works out the value of a circle in each replication whose count
// passes the comparison.
func (v *visit) circle(k int, counts *words) {
	want, add, few := v.window[k], v.table.need[v.grades[k]], v.table.few[v.grades[k]]
	mask := uint64(1)<<v.bits - 1
	for i, word := range counts {
		passed := ((word + add) | (few - word)) & v.top
		for ; passed != 0; passed &= passed - 1 {
			lane := bits.TrailingZeros64(passed) / v.bits
			replication := v.first + i*v.lanes + lane
			if replication >= len(v.best) {
				return
			}
			c := float64(word >> (lane * v.bits) & mask)
			if best := &v.best[replication]; v.rule.most(c, want) > *best-slack(*best) {
				*best = max(*best, v.rule.value(c, want))
			}
		}
	}
}
