package rank

import (
	"cmp"
	"math"
	"slices"
)

// sorter ranks one draw after another without allocating. Values are spread
// over buckets in proportion to their size, the buckets laid out in order, and
// what shares a bucket sorted: a few steps a value unless a few values dwarf
// all others, when it is an ordinary sort.
type sorter struct {
	items []item
	place []uint32 // bucket of each value
	ends  []uint32 // end of each bucket
	last  uint32   // the highest bucket
}

type item struct {
	value float64
	place int32
}

func newSorter(n int) *sorter {
	buckets := 2
	for buckets < 2*n {
		buckets *= 2
	}
	return &sorter{items: make([]item, n), place: make([]uint32, n), ends: make([]uint32, buckets), last: uint32(buckets - 1)}
}

// doubled writes twice the rank of each value, the highest first; twice, so
// that the mean rank of two equal values is whole.
func (s *sorter) doubled(values []float64, out []uint32) {
	s.sort(values)
	s.rank(out)
}

// rank writes twice the rank of each value sorted last.
func (s *sorter) rank(out []uint32) {
	for at := 0; at < len(s.items); {
		end := at + 1
		for end < len(s.items) && s.items[end].value == s.items[at].value {
			end++
		}
		for _, it := range s.items[at:end] {
			out[it.place] = uint32(at + 1 + end)
		}
		at = end
	}
}

// sort puts the items in falling order of value.
func (s *sorter) sort(values []float64) {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	scale := float64(s.last) / (high - low)
	if !(scale > 0) || math.IsInf(scale, 1) { // all equal, or too far apart for a difference
		s.plain(values)
		return
	}
	clear(s.ends)
	for i, v := range values {
		b := min(uint32((high-v)*scale), s.last)
		s.place[i] = b
		s.ends[b]++
	}
	total := uint32(0)
	for b, n := range s.ends {
		s.ends[b] = total
		total += n
	}
	for i, v := range values {
		b := s.place[i]
		s.items[s.ends[b]] = item{v, int32(i)}
		s.ends[b]++
	}
	s.tidy()
}

// tidy sorts within buckets.
func (s *sorter) tidy() {
	start := uint32(0)
	for _, end := range s.ends {
		switch n := end - start; {
		case n < 2:
		case n < 24:
			insertion(s.items[start:end])
		default:
			slices.SortFunc(s.items[start:end], falling)
		}
		start = end
	}
}

func (s *sorter) plain(values []float64) {
	for i, v := range values {
		s.items[i] = item{v, int32(i)}
	}
	slices.SortFunc(s.items, falling)
}

func falling(a, b item) int { return cmp.Compare(b.value, a.value) }

func insertion(items []item) {
	for i := 1; i < len(items); i++ {
		it, j := items[i], i
		for ; j > 0 && items[j-1].value < it.value; j-- {
			items[j] = items[j-1]
		}
		items[j] = it
	}
}

// kth returns the kth highest value (k from 1), by Hoare's selection; it puts
// values in another order.
func kth[T uint32 | float64](values []T, k int) T {
	low, high := 0, len(values)-1
	for low < high {
		pivot := middle(values[low], values[(low+high)/2], values[high])
		i, j := low, high
		for i <= j {
			for values[i] > pivot {
				i++
			}
			for values[j] < pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			high = j
		case k-1 >= i:
			low = i
		default:
			return values[k-1]
		}
	}
	return values[k-1]
}

func middle[T uint32 | float64](a, b, c T) T { return max(min(a, b), min(max(a, b), c)) }
