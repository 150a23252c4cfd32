package records

import (
	"math/bits"

	"openvru/internal/ids"
	"openvru/internal/places"
)

// How a row came to lie in a place of a level.
const (
	byNothing = iota
	byCode
	byPoint
	byParent
)

// A placer remembers 2 to the power of fewSpots answers at first and of
// manySpots at most: points repeat, because publishers move each to the nearest
// of a set of map points.
const (
	fewSpots  = 10
	manySpots = 17
)

// placer finds where rows lie, at every level of the sink. The rule: the code
// as sent counts at each level it belongs to; elsewhere the polygon that holds
// the point; and where there is no boundary, or the point lies in none, the
// hierarchy above what is already known. It is used by one goroutine.
type placer struct {
	atlas    *places.Atlas
	sink     *Sink
	sent     []sentPlace // what the sink had when last looked
	bounds   []bool      // which levels have boundaries
	up       [][][]places.Ref
	bits     int // 1<<bits answers are remembered
	filled   int
	keys     []spotKey
	refs     []places.Ref // len(levels) for each key
	how      []uint32     // two bits a level for each key
	distinct [][]uint64   // a bit for each place met, by level
	counts   [][4]int64   // by level and how
}

// spotKey is all that decides where a row lies.
type spotKey struct {
	place    uint32
	lon, lat int32
	used     bool
}

func newPlacer(s *Sink) *placer {
	n := len(s.levels)
	p := &placer{atlas: s.atlas, sink: s, bounds: make([]bool, n), up: make([][][]places.Ref, n),
		distinct: make([][]uint64, n), counts: make([][4]int64, n)}
	p.remember(fewSpots)
	for i, l := range s.levels {
		p.bounds[i] = s.atlas.HasBoundaries(l)
		p.distinct[i] = make([]uint64, s.atlas.Len(l)/64+1)
		p.up[i] = make([][]places.Ref, n)
		for j, from := range s.levels {
			if i != j && places.CompareLevels(from, l) < 0 {
				p.up[i][j] = s.atlas.UpTable(from, l)
			}
		}
	}
	return p
}

// remember forgets every answer and makes room for 1<<bits of them.
func (p *placer) remember(bits int) {
	p.bits, p.filled = bits, 0
	p.keys, p.how = make([]spotKey, 1<<bits), make([]uint32, 1<<bits)
	p.refs = make([]places.Ref, len(p.up)<<bits)
}

// place fills in b.At.
func (p *placer) place(b *Batch) {
	n := b.Len()
	for i := range b.At {
		b.At[i] = grow(b.At[i], n)
	}
	levels := len(b.At)
	last, lastAt := spotKey{}, 0
	for r := range n {
		key := spotKey{b.Place[r], b.Lon[r], b.Lat[r], true}
		if key != last {
			last, lastAt = key, p.find(key)
		}
		how := p.how[lastAt]
		for i, ref := range p.refs[lastAt*levels : lastAt*levels+levels] {
			b.At[i][r] = ref
			p.counts[i][how>>(2*i)&3]++
		}
	}
}

// find returns where the answer for a key is kept, working it out if need be.
func (p *placer) find(key spotKey) int {
	if p.filled > 1<<p.bits/2 && p.bits < manySpots {
		p.remember(min(p.bits+2, manySpots))
	}
	h := uint64(key.place)*0x9e3779b97f4a7c15 ^ uint64(uint32(key.lon))*0xc2b2ae3d27d4eb4f ^ uint64(uint32(key.lat))*0x165667b19e3779f9
	at := int(bits.RotateLeft64(h*0x9e3779b97f4a7c15, p.bits) & (1<<p.bits - 1))
	for range 4 { // look a little further before throwing an answer away
		if p.keys[at] == key {
			return at
		}
		if !p.keys[at].used {
			p.filled++
			break
		}
		at = (at + 1) & (1<<p.bits - 1)
	}
	p.keys[at] = key
	p.settle(key, at)
	return at
}

// settle works out one answer.
func (p *placer) settle(key spotKey, at int) {
	levels := len(p.up)
	refs := p.refs[at*levels : at*levels+levels]
	sent := p.sentPlace(key.place)
	var how uint32
	for i := range refs {
		ref, h := sent.at[i], uint32(byCode)
		if ref == places.None && p.bounds[i] && key.lon != NoPoint {
			ref, h = p.atlas.Locate(p.sink.levels[i], degrees(key.lon), degrees(key.lat)), byPoint
		}
		if ref == places.None {
			ref, h = p.parent(i, refs[:i]), byParent
		}
		if ref == places.None {
			h = byNothing
		} else {
			p.distinct[i][ref>>6] |= 1 << (ref & 63)
		}
		refs[i] = ref
		how |= h << (2 * i)
	}
	p.how[at] = how
}

// parent finds the place of level i above one that is known already.
func (p *placer) parent(i int, known []places.Ref) places.Ref {
	for j, ref := range known {
		if up := p.up[i][j]; up != nil && ref != places.None && up[ref] != places.None {
			return up[ref]
		}
	}
	return places.None
}

// sentPlace returns a sent place by its number, asking the sink for those that
// are new to this placer.
func (p *placer) sentPlace(n uint32) sentPlace {
	if int(n) >= len(p.sent) {
		p.sink.mu.Lock()
		p.sent = p.sink.sent[:len(p.sink.sent):len(p.sink.sent)]
		p.sink.mu.Unlock()
	}
	return p.sent[n]
}

func degrees(micro int32) float64 { return float64(micro) / 1e6 }

// grow returns a slice of length n, of the same memory when it is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// levelsFor returns the levels of an atlas that a source's rows are placed at,
// smaller places first; at most fifteen, so that how a row was placed at each
// fits one word.
func levelsFor(s *Source, a *places.Atlas) []ids.Level {
	var out []ids.Level
	for _, l := range a.Levels() {
		for _, t := range s.LevelTypes {
			if l.Type() == t && l != LevelForce && l != LevelRegion && len(out) < 15 {
				out = append(out, l)
			}
		}
	}
	return out
}

func countBits(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}
