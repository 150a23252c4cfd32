package scan

import (
	"math/bits"

	"openvru/internal/stats"
)

// setColumns decides which counts are drawn. Column 0 is none; periods that no
// window tells apart share a column, and those in no window are not drawn.
// Where all windows end with the latest period a column is summed from its
// first period to the end, and is a window; otherwise it is summed from the
// start, and a window is the difference of two.
func (s *sweep) setColumns() {
	spans := timeWindows(s.periods, s.options, s.options.EarlierAnalyses)
	if !s.options.Prospective {
		spans = s.problem.windows
	}
	toEnd := true
	edge := make([]bool, s.periods+1)
	for _, w := range spans {
		edge[w.first], edge[w.end] = true, true
		toEnd = toEnd && w.end == s.periods
	}
	slot := make([]int, s.periods+1) // number of edges before
	for t := range s.periods {
		slot[t+1] = slot[t]
		if edge[t] {
			slot[t+1]++
		}
	}
	last := slot[s.periods] // slots 1 to last are in windows or between them
	for _, w := range spans {
		out := spell{window: w, high: slot[w.end] - 1, low: slot[w.first] - 1}
		if toEnd {
			out.high, out.low = slot[w.first+1]-1, -1
		}
		s.windows = append(s.windows, out)
	}
	s.columns = last
	s.setWant(edge, toEnd)
	s.draw = s.newDrawer(slot, toEnd)
}

// setWant sets what is expected in each place and column, summed like the
// drawn cases.
func (s *sweep) setWant(edge []bool, toEnd bool) {
	var edges []int
	for t, is := range edge {
		if is {
			edges = append(edges, t)
		}
	}
	s.want = make([]float64, s.places*s.columns)
	for i := range s.places {
		row := s.expected[i*(s.periods+1):]
		for k := range s.columns {
			from, to := edges[0], edges[k+1]
			if toEnd {
				from, to = edges[k], s.periods
			}
			s.want[i*s.columns+k] = row[to] - row[from]
		}
	}
}

// drawer draws the cases of one replication.
type drawer struct {
	toEnd bool
	// The Poisson model: the chance of a case to be in a drawn column, and for
	// columns by places a table, or, where there are many cases a cell, the
	// chance of a case to be in that cell that is in none before.
	inside float64
	alias  []alias
	share  []float64
	// The permutation model: the places of all cases, and the columns of those
	// that are in one.
	places  []int32
	columns []int32
	total   int
}

func (s *sweep) newDrawer(slot []int, toEnd bool) drawer {
	d := drawer{toEnd: toEnd, total: int(s.total)}
	cells := func(table []float64) []float64 {
		out := make([]float64, s.columns*s.places)
		for i := range s.places {
			row := table[i*(s.periods+1):]
			for t := range s.periods {
				if column := slot[t+1] - 1; column >= 0 {
					out[column*s.places+i] += row[t+1] - row[t]
				}
			}
		}
		return out
	}
	if s.permute {
		d.list(s, cells(s.cases))
		return d
	}
	expected := cells(s.expected)
	d.inside = min(stats.Sum(expected)/s.total, 1)
	if slot[1] > 0 {
		d.inside = 1 // every period is drawn, whatever the rounding
	}
	// A draw takes some 5 ns, a binomial number of 10 and more some 100.
	if float64(d.total)*d.inside > 25*float64(len(expected)) {
		d.share = shares(expected)
	} else {
		d.alias = newAlias(expected)
	}
	return d
}

// shares returns each weight over itself and all after it.
func shares(weight []float64) []float64 {
	out, after := make([]float64, len(weight)), 0.0
	for i := len(weight) - 1; i >= 0; i-- {
		if after += weight[i]; weight[i] > 0 {
			out[i] = weight[i] / after
		}
	}
	return out
}

// list sets the places of all cases, and the columns of those in one.
func (d *drawer) list(s *sweep, counts []float64) {
	for i := range s.places {
		for range int(s.cases[i*(s.periods+1)+s.periods]) {
			d.places = append(d.places, int32(i))
		}
	}
	for cell, n := range counts {
		for range int(n) {
			d.columns = append(d.columns, int32(cell/s.places))
		}
	}
}

// fillBatch draws replications first to first+n−1 into a batch.
func (s *sweep) fillBatch(b *batch, first, n int) {
	if n := s.columns * s.places; len(b.rows) != n {
		b.rows = make([]words, n)
	} else {
		clear(b.rows)
	}
	places := make([]int32, len(s.draw.places))
	for i := range n {
		r := stats.NewRand(s.options.Seed, uint64(first+i))
		word, unit := i/s.lanes, uint64(1)<<(i%s.lanes*s.bits)
		if s.permute {
			copy(places, s.draw.places)
			s.shuffle(&r, b.rows, places, word, unit)
		} else {
			s.draw.scatter(&r, b.rows, word, unit)
		}
	}
	s.accumulate(b.rows)
}

// accumulate sums the columns over time.
func (s *sweep) accumulate(rows []words) {
	for step := 1; step < s.columns; step++ {
		from, to := step-1, step
		if s.draw.toEnd {
			from, to = s.columns-step, s.columns-step-1
		}
		source, target := rows[from*s.places:], rows[to*s.places:(to+1)*s.places]
		for i := range target {
			for k := range width {
				target[i][k] += source[i][k]
			}
		}
	}
}

// shuffle gives the cases that are in a column places at random of all cases,
// so that every place and every time keeps its total.
func (s *sweep) shuffle(r *stats.Rand, rows []words, places []int32, word int, unit uint64) {
	for i, column := range s.draw.columns {
		j := i + int(r.Below(uint32(len(places)-i)))
		places[i], places[j] = places[j], places[i]
		rows[int(column)*s.places+int(places[i])][word&(width-1)] += unit
	}
}

// scatter draws cases in proportion to what is expected.
func (d *drawer) scatter(r *stats.Rand, rows []words, word int, unit uint64) {
	n := d.total
	if d.inside < 1 {
		n = r.Binomial(n, d.inside)
	}
	for cell, p := range d.share {
		k := r.Binomial(n, p)
		rows[cell][word&(width-1)] += unit * uint64(k)
		n -= k
	}
	table := d.alias
	if len(table) == 0 {
		return
	}
	for range n {
		hi, lo := bits.Mul64(r.Uint64(), uint64(len(table)))
		entry := table[hi]
		if lo>>32 >= uint64(entry.keep) {
			hi = uint64(entry.other)
		}
		rows[hi][word&(width-1)] += unit
	}
}

// alias is an entry of Walker's table (1977; set up as by Vose 1991): the cell
// itself for a share keep/2³² of its draws, and another for the rest.
type alias struct{ keep, other uint32 }

func newAlias(weight []float64) []alias {
	n := len(weight)
	scale := float64(n) / stats.Sum(weight)
	share := make([]float64, n)
	out := make([]alias, n)
	var small, large []int
	for i, w := range weight {
		share[i] = w * scale
		out[i] = alias{keep: 1<<32 - 1, other: uint32(i)}
		if share[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		out[s] = alias{keep: uint32(share[s] * (1<<32 - 1)), other: uint32(l)}
		if share[l] -= 1 - share[s]; share[l] < 1 {
			small, large = append(small, l), large[:len(large)-1]
		}
	}
	// What is left is whole but for rounding, unless it has no weight at all.
	for _, i := range small {
		if weight[i] == 0 {
			out[i] = alias{other: heaviest(weight)}
		}
	}
	return out
}

func heaviest(weight []float64) uint32 {
	best := 0
	for i, w := range weight {
		if w > weight[best] {
			best = i
		}
	}
	return uint32(best)
}
