package spatial

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"openvru/internal/stats"
)

// four is four values that one area has in four permutations: a neighbour is
// looked up once for all of them.
type four = [4]float64

// pairs is the areas that are neighbours of each other, each pair once with the
// sum of both weights.
type pairs struct {
	area  []int32 // of each row; the other areas of its pairs are to[start[r]:start[r+1]]
	start []int32
	to    []int32
	share []float64
}

// newPairs puts rows with as many pairs beside each other, so that the processor
// knows when a row will end.
func newPairs(w *Weights) *pairs {
	n := w.Len()
	to, share, first := make([]int32, 0, len(w.to)), make([]float64, 0, len(w.to)), make([]int32, n+1)
	p := &pairs{start: make([]int32, 1, n+1)}
	for i := range n {
		row, weight := w.Row(i)
		for k, j := range row {
			// A pair is of its lower area, unless that does not know of it.
			back, linked := w.between(j, int32(i))
			if int(j) > i || !linked {
				to, share = append(to, j), append(share, weight[k]+back)
			}
		}
		if first[i+1] = int32(len(to)); first[i+1] > first[i] {
			p.area = append(p.area, int32(i))
		}
	}
	slices.SortStableFunc(p.area, func(a, b int32) int {
		return cmp.Compare(first[a+1]-first[a], first[b+1]-first[b])
	})
	p.to, p.share = make([]int32, 0, len(to)), make([]float64, 0, len(to))
	for _, i := range p.area {
		p.to = append(p.to, to[first[i]:first[i+1]]...)
		p.share = append(p.share, share[first[i]:first[i+1]]...)
		p.start = append(p.start, int32(len(p.to)))
	}
	return p
}

// products returns, for each of four permutations, the sum over pairs of both
// values and their weight.
func (p *pairs) products(z []four) (total four) {
	for r, i := range p.area {
		from, end := p.start[r], p.start[r+1]
		share := p.share[from:end]
		var sum0, sum1, sum2, sum3 float64
		for k, j := range p.to[from:end] {
			v, c := &z[j], share[k]
			sum0 += c * v[0]
			sum1 += c * v[1]
			sum2 += c * v[2]
			sum3 += c * v[3]
		}
		v := &z[i]
		total[0] += sum0 * v[0]
		total[1] += sum1 * v[1]
		total[2] += sum2 * v[2]
		total[3] += sum3 * v[3]
	}
	return total
}

// weighted returns, for each of four permutations, the sum of the values, or of
// their squares, times a weight for each area.
func weighted(weight []float64, z []four, square bool) (total four) {
	for i, c := range weight {
		v := z[i]
		for k := range v {
			if square {
				v[k] *= v[k]
			}
			total[k] += c * v[k]
		}
	}
	return total
}

// dealtAtOnce is how many permutations make a piece of work, a multiple of four.
const dealtAtOnce = 16

// alike is how near two statistics are the same: no more than rounding apart.
// It is a share of size, the statistic's order of magnitude.
const alike = 1e-12

// simulated is what is simulated: a statistic of values, four permutations at a
// time, the one seen on the map, and its order of magnitude.
type simulated struct {
	x          []float64
	statistic  func(z []four) four
	seen, size float64
}

// count is what came of some permutations.
type count struct {
	least, most    int // with a statistic as little, or as great
	total, squares float64
}

// permute deals out the values so often; nil for no permutations.
func (s simulated) permute(o Options) *GlobalPermuted {
	if o.Permutations == 0 {
		return nil
	}
	counts := make([]count, (o.Permutations+dealtAtOnce-1)/dealtAtOnce)
	each := make([]*hands, stats.Workers())
	stats.Parallel(len(counts), func(worker, piece int) {
		if each[worker] == nil {
			each[worker] = newHands(len(s.x))
		}
		m := each[worker]
		copy(m.order[3], s.x) // what comes depends on the piece alone
		r := stats.NewRand(o.Seed, uint64(piece))
		for left := min(dealtAtOnce, o.Permutations-piece*dealtAtOnce); left > 0; left -= 4 {
			m.deal(&r)
			got := s.statistic(m.z)
			counts[piece].add(got[:min(left, len(got))], s)
		}
	})
	return s.sum(counts, o.Permutations)
}

// hands is what one worker deals with: four orders of the values, one after the
// other, and the same beside each other.
type hands struct {
	order [4][]float64
	z     []four
}

func newHands(n int) *hands {
	m := &hands{z: make([]four, n)}
	for k := range m.order {
		m.order[k] = make([]float64, n)
	}
	return m
}

// deal shuffles each order from the one before it.
func (m *hands) deal(r *stats.Rand) {
	for k := range m.order {
		copy(m.order[k], m.order[(k+3)%4])
		shuffle(r, m.order[k])
	}
	a, b, c, d, z := m.order[0], m.order[1], m.order[2], m.order[3], m.z
	b, c, d, z = b[:len(a)], c[:len(a)], d[:len(a)], z[:len(a)]
	for i := range a {
		z[i] = four{a[i], b[i], c[i], d[i]}
	}
}

// add takes up statistics; sums are of what they are more than that of the map.
func (c *count) add(statistics []float64, s simulated) {
	for _, v := range statistics {
		d := v - s.seen
		if d <= alike*s.size {
			c.least++
		}
		if d >= -alike*s.size {
			c.most++
		}
		c.total += d
		c.squares += d * d
	}
}

func (s simulated) sum(counts []count, permutations int) *GlobalPermuted {
	var all count
	for _, c := range counts {
		all.least, all.most = all.least+c.least, all.most+c.most
		all.total, all.squares = all.total+c.total, all.squares+c.squares
	}
	n := float64(permutations)
	g := &GlobalPermuted{Permutations: permutations, Z: math.NaN()}
	g.P.Greater, g.P.Less = stats.MonteCarlo(all.most, permutations), stats.MonteCarlo(all.least, permutations)
	g.P.TwoSided = min(2*min(g.P.Greater, g.P.Less), 1)
	mean := all.total / n
	g.Mean = s.seen + mean
	if variance := positive(all.squares-all.total*mean, alike*s.size*s.size) / (n - 1); all.least+all.most < 2*permutations {
		g.SD = math.Sqrt(variance)
		g.Z = -mean / g.SD
	}
	return g
}

// shuffle puts the values in random order, each as likely as any other. A word
// of random bits serves for three exchanges, see draw.
func shuffle(from *stats.Rand, values []float64) {
	i := len(values) - 1
	if i >= 1<<21 { // three draws would use up the bits of a word
		from.Shuffle(values)
		return
	}
	state := from.Uint64()
	most := uint64(i+1) * uint64(i+1) * uint64(i+1)
	for ; i >= 2; i -= 3 {
		var word, a, b, c uint64
		for {
			n := uint64(i + 1)
			state, word = step(state)
			a, word = bits.Mul64(word, n)
			b, word = bits.Mul64(word, n-1)
			c, word = bits.Mul64(word, n-2)
			if word >= most {
				break
			}
			if all := n * (n - 1) * (n - 2); word >= -all%all {
				break
			}
		}
		values[i], values[a] = values[a], values[i]
		values[i-1], values[b] = values[b], values[i-1]
		values[i-2], values[c] = values[c], values[i-2]
	}
	if i == 1 {
		if _, word := step(state); word>>63 == 1 {
			values[0], values[1] = values[1], values[0]
		}
	}
}
