package scan

import (
	"math"
	"math/bits"
	"slices"
)

// circles are those about one centre: the places by distance, as far as the
// limits on size go. Places as far as each other (to about ten digits) come in
// together, so a circle ends only where whole[k] says that the next place is
// further.
type circles struct {
	members []int32
	whole   []bool
	squared []float64 // distance of each member
	keys    []uint64
	spare   []uint64
	starts  []int32
	// what the last centre taught of the next: beyond this distance from that
	// centre lies nothing that a circle can hold
	last  int
	bound float64
}

// build lists the places about a centre.
func (c *circles) build(p *problem, centre int) {
	c.gather(p, centre)
	c.sort()
	index := uint64(1)<<bits.Len(uint(p.places)) - 1
	c.members, c.whole, c.squared = c.members[:0], c.whole[:0], c.squared[:0]
	c.last, c.bound = centre, math.Inf(1)
	held, start := 0.0, 0
	for k, key := range c.keys {
		place := key & index
		if held += p.weight[place]; held > p.limit {
			c.bound = math.Sqrt(math.Float64frombits(key|index)) * (1 + 1e-9)
			c.cut(start)
			return
		}
		c.members = append(c.members, int32(place))
		c.squared = append(c.squared, apart(p.at[centre], p.at[place]))
		further := k+1 == len(c.keys) || c.keys[k+1]>>bits.Len64(index)-key>>bits.Len64(index) > 2
		c.whole = append(c.whole, further)
		if further {
			start = k + 1
		}
	}
}

// sort puts the keys in order: into as many buckets by squared distance as
// there are keys, which fill about evenly where places lie evenly, then each
// bucket by itself. That takes a third of the time of comparing them all.
func (c *circles) sort() {
	n := len(c.keys)
	if n < 32 {
		slices.Sort(c.keys)
		return
	}
	scale := float64(n-1) / math.Float64frombits(slices.Max(c.keys))
	if !(scale > 0 && scale < math.MaxFloat64) {
		slices.Sort(c.keys)
		return
	}
	c.starts = grow(c.starts, n+1)
	clear(c.starts)
	bucket := func(key uint64) int { return min(int(math.Float64frombits(key)*scale), n-1) }
	for _, key := range c.keys {
		c.starts[bucket(key)+1]++
	}
	for b := range n {
		c.starts[b+1] += c.starts[b]
	}
	c.spare = grow(c.spare, n)
	for _, key := range c.keys {
		at := &c.starts[bucket(key)]
		c.spare[*at] = key
		*at++
	}
	from := int32(0) // each start is now the end of its bucket
	for _, to := range c.starts[:n] {
		if to-from > 1 {
			slices.Sort(c.spare[from:to])
		}
		from = to
	}
	c.keys, c.spare = c.spare, c.keys
}

// cut drops the places after the last whole circle.
func (c *circles) cut(n int) {
	c.members, c.whole, c.squared = c.members[:n], c.whole[:n], c.squared[:n]
}

// gather collects the places that may be in a circle, each as one number that
// sorts by distance: the squared distance, with the place in its last digits.
func (c *circles) gather(p *problem, centre int) {
	reach := p.reach
	if !math.IsInf(c.bound, 1) {
		// Nearer than this is all that was near the last centre, which is more
		// than a circle can hold.
		reach = min(reach, square(c.bound+math.Sqrt(apart(p.at[centre], p.at[c.last])))*(1+1e-9))
	}
	index := uint64(1)<<bits.Len(uint(p.places)) - 1
	c.keys = c.keys[:0]
	at := p.at[centre]
	for run := range p.boxes {
		if p.boxes[run].distance(at) > reach {
			continue
		}
		for i := run * runLength; i < min((run+1)*runLength, p.places); i++ {
			if d := apart(at, p.at[i]); d <= reach {
				c.keys = append(c.keys, math.Float64bits(d)&^index|uint64(i))
			}
		}
	}
}

// box is the least box around a run of places, to pass over it as a whole.
type box struct{ low, high [3]float64 }

const runLength = 16

func boxes(at [][3]float64) []box {
	var out []box
	for i, p := range at {
		if i%runLength == 0 {
			out = append(out, box{low: p, high: p})
		}
		b := &out[len(out)-1]
		for axis, v := range p {
			b.low[axis], b.high[axis] = min(b.low[axis], v), max(b.high[axis], v)
		}
	}
	return out
}

// distance is the squared distance from a point, zero inside, and never more
// than that of any place in the box.
func (b *box) distance(from [3]float64) float64 {
	d := 0.0
	for axis, v := range from {
		if v < b.low[axis] {
			d += square(b.low[axis] - v)
		} else if v > b.high[axis] {
			d += square(v - b.high[axis])
		}
	}
	return d
}

// apart is the squared distance.
func apart(a, b [3]float64) float64 {
	return square(a[0]-b[0]) + square(a[1]-b[1]) + square(a[2]-b[2])
}
