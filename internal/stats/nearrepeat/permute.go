package nearrepeat

import (
	"math"

	"openvru/internal/stats"
)

// The list of pairs near in space is made once. A permutation deals the times
// out afresh and looks only at those pairs.

// counts are numbers of pairs by space band and time band, without the bands
// beyond the last limits.
type counts [][]int

// permutations counts, for each replication, the pairs of each cell.
type permutations struct {
	near  [][]pair
	time  []float64 // in the order of the index
	bands Bands
	seed  uint64
	out   []counts // one for each replication
}

// abreast is how many replications are worked on at once: their times fit in
// one word, so that a pair is read, and two words of times, for all of them.
const abreast = 4

// run fills out. Replication r depends on the seed and r alone.
func (p *permutations) run() {
	days, whole := wholeDays(p.time)
	if !whole {
		stats.Parallel(len(p.out), func(_, r int) { p.any(r) })
		return
	}
	passes := newPasses(p.bands.Time)
	scratch := make([]lanes, stats.Workers())
	stats.Parallel((len(p.out)+abreast-1)/abreast, func(worker, piece int) {
		l := &scratch[worker]
		l.deal(days, p.seed, piece*abreast)
		for s, pairs := range p.near {
			for _, pass := range passes {
				sums := pass.count(l.word, pairs)
				for lane := range min(abreast, len(p.out)-piece*abreast) {
					copy(p.out[piece*abreast+lane][s][pass.first:], sums[lane][:pass.bands])
				}
			}
		}
	})
}

// any counts one replication whose times are not whole days, or span more than
// a word's share holds.
func (p *permutations) any(r int) {
	random := stats.NewRand(p.seed, uint64(r))
	time := append([]float64(nil), p.time...)
	random.Shuffle(time)
	limits := p.bands.Time
	last := limits[len(limits)-1]
	for s, pairs := range p.near {
		row := p.out[r][s]
		for _, q := range pairs {
			if d := math.Abs(time[q.a] - time[q.b]); d <= last {
				row[band(limits, d)]++
			}
		}
	}
}

// wholeDays returns the times from the first one on, if all are whole and the
// last is no more than 32,767 later.
func wholeDays(time []float64) ([]uint16, bool) {
	first := math.Inf(1)
	for _, t := range time {
		first = min(first, t)
	}
	days := make([]uint16, len(time))
	for i, t := range time {
		if t != math.Trunc(t) || t-first > math.MaxInt16 {
			return nil, false
		}
		days[i] = uint16(t - first)
	}
	return days, true
}

// lanes are the shuffled days of four replications: those of event k are the
// quarters of word[k].
type lanes struct {
	word []uint64
	days []uint16
}

func (l *lanes) deal(days []uint16, seed uint64, first int) {
	if l.word == nil {
		l.word, l.days = make([]uint64, len(days)), make([]uint16, len(days))
	}
	clear(l.word)
	for lane := range abreast {
		copy(l.days, days)
		shuffle(l.days, stats.NewRand(seed, uint64(first+lane)))
		for k, d := range l.days {
			l.word[k] |= uint64(d) << (16 * lane)
		}
	}
}

func shuffle(days []uint16, r stats.Rand) {
	for i := len(days) - 1; i > 0; i-- {
		j := r.Below(uint32(i + 1))
		days[i], days[j] = days[j], days[i]
	}
}

// pass counts up to eight time bands at once. A band has its own field of bits
// in a word, and step[d] is a one in the field of the band of 32,768 + d days,
// or zero: adding is all there is to do for a pair.
type pass struct {
	first, bands int
	bits         int // of a field
	step         *[1 << 16]uint64
}

const bandsAPass = 8

func newPasses(limits []float64) []pass {
	var out []pass
	for first := 0; first < len(limits); first += bandsAPass {
		p := pass{first: first, bands: min(bandsAPass, len(limits)-first), step: new([1 << 16]uint64)}
		p.bits = min(32, 64/p.bands)
		for d := range 1 << 15 {
			if k := band(limits, float64(d)) - first; k >= 0 && k < p.bands {
				p.step[1<<15+d] = 1 << (k * p.bits)
				p.step[1<<15-d] = 1 << (k * p.bits)
			}
		}
		out = append(out, p)
	}
	return out
}

// count returns the pairs of each band for the four replications in the words.
func (p pass) count(word []uint64, pairs []pair) (sums [abreast][bandsAPass]int) {
	full := 1<<p.bits - 1 // a field holds so many
	for len(pairs) > 0 {
		block := pairs[:min(full, len(pairs))]
		pairs = pairs[len(block):]
		for lane, total := range p.add(word, block) {
			for k := range p.bands {
				sums[lane][k] += int(total >> (k * p.bits) & uint64(full))
			}
		}
	}
	return sums
}

// add sums the steps of the pairs. The top bit of each quarter is free in a word
// of days; setting it keeps a difference from borrowing from the next quarter,
// and makes it an index.
func (p pass) add(word []uint64, pairs []pair) [abreast]uint64 {
	const top = 0x8000_8000_8000_8000
	step := p.step
	var a, b, c, d uint64
	for _, q := range pairs {
		apart := (word[q.a] | top) - word[q.b]
		a += step[uint16(apart)]
		b += step[uint16(apart>>16)]
		c += step[uint16(apart>>32)]
		d += step[uint16(apart>>48)]
	}
	return [abreast]uint64{a, b, c, d}
}
