package rank

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// Ranks is what a simulation says of the rank of each place.
type Ranks struct {
	// Expected is the mean rank.
	Expected []float64
	// Order lists the places by expected rank, the first first (Laird and Louis
	// 1989); places of equal expected rank stay in the order given.
	Order []int
	// Interval holds the true rank with probability Options.Level, equal-tailed.
	Interval []stats.Interval
	// Draws is how many simulated rankings the figures rest on.
	Draws int
}

// Of returns expected ranks and rank intervals (Laird and Louis 1989, Journal of
// Educational Statistics 14:29–46; Goldstein and Spiegelhalter 1996, Journal of
// the Royal Statistical Society A 159:385–443). It needs four bytes of memory for
// each place and each draw that falls outside the interval, and some kilobytes a
// place. Errors: ErrEmpty, ErrOption, ErrMissing for NaN in a draw,
// and those of the source's Check.
func Of(s Source, o Options) (Ranks, error) {
	o, err := prepare(s, o)
	if err != nil {
		return Ranks{}, err
	}
	n := s.Places()
	// Draws are ranked a block at a time, and the block taken in place by place: its
	// length does not matter to what is counted.
	block := min(4*run*stats.Workers(), 16*run, o.Draws)
	doubled := make([]uint32, n*block)
	sorters := make([]*sorter, stats.Workers())
	seen := newTally(n, o)
	for from := 0; from < o.Draws; from += block {
		to := min(from+block, o.Draws)
		err = simulate(s, o, from, to, func(worker, draw int, values []float64) error {
			if sorters[worker] == nil {
				sorters[worker] = newSorter(n)
			}
			if err := number(values); err != nil {
				return err
			}
			sorters[worker].doubled(values, doubled[(draw-from)*n:(draw-from+1)*n])
			return nil
		})
		if err != nil {
			return Ranks{}, err
		}
		seen.add(doubled[:(to-from)*n])
	}
	return seen.ranks(o.Draws), nil
}

// Tops is how likely each place is among the first k, for several k.
type Tops struct {
	K []int
	// In[j][i] is the probability that place i is among the first K[j]. The
	// probabilities of one k add up to k.
	In [][]float64
	// Draws is how many simulated rankings the figures rest on; see SamplingError.
	Draws int
}

// share is one whole place in a top k: shares are summed as whole numbers, so
// that the order of summing does not matter.
const share = 1 << 30

// Top returns the probability that each place truly is among the first k, for
// each k given. A k of all places or more gives 1. Errors: those of Of, and
// ErrOption for a k under 1.
func Top(s Source, ks []int, o Options) (Tops, error) {
	o, err := prepare(s, o)
	if err != nil {
		return Tops{}, err
	}
	for _, k := range ks {
		if k < 1 {
			return Tops{}, stats.ErrOption
		}
	}
	n := s.Places()
	selectors := make([]*selector, stats.Workers())
	err = simulate(s, o, 0, o.Draws, func(worker, _ int, values []float64) error {
		if selectors[worker] == nil {
			selectors[worker] = newSelector(ks, n)
		}
		if err := number(values); err != nil {
			return err
		}
		selectors[worker].add(values)
		return nil
	})
	if err != nil {
		return Tops{}, err
	}
	return Tops{K: slices.Clone(ks), In: chances(selectors, n, len(ks), o.Draws), Draws: o.Draws}, nil
}

// selector counts who is among the first k, draw after draw. It looks only at
// the values that pass a limit which a little more than the largest k passed in
// the draw before; when too few do, at all.
type selector struct {
	ks     []int
	falls  []int // the ks in falling order, by number
	sums   []uint64
	limit  float64
	passed []item
	spare  []float64
}

func newSelector(ks []int, n int) *selector {
	s := &selector{
		ks: make([]int, len(ks)), falls: make([]int, len(ks)), sums: make([]uint64, n*len(ks)),
		limit: math.Inf(1), passed: make([]item, n), spare: make([]float64, n),
	}
	for j, k := range ks {
		s.ks[j], s.falls[j] = min(k, n), j
	}
	slices.SortFunc(s.falls, func(a, b int) int { return s.ks[b] - s.ks[a] })
	return s
}

// pass gathers the values that are at least the limit, and returns how many.
func (s *selector) pass(values []float64) int {
	m := 0
	for i, v := range values {
		s.passed[m] = item{v, int32(i)}
		if v >= s.limit {
			m++
		}
	}
	return m
}

func (s *selector) add(values []float64) {
	if len(s.falls) == 0 {
		return
	}
	n := len(values)
	most := s.ks[s.falls[0]]
	m := s.pass(values)
	if m < most {
		s.limit = math.Inf(-1)
		m = s.pass(values)
	}
	spare := s.spare[:m]
	for i, it := range s.passed[:m] {
		spare[i] = it.value
	}
	if enough := most + most/8 + 32; enough < m {
		s.limit = kth(spare, enough)
		spare = spare[:enough]
	}
	for _, j := range s.falls {
		k := s.ks[j]
		least := kth(spare, k)
		spare = spare[:k] // the first k are now the highest
		count(s.passed[:m], least, k, s.sums[j*n:(j+1)*n])
	}
}

// count adds a share for each value over the kth, and what is left of k in equal
// parts for those equal to it.
func count(items []item, least float64, k int, sums []uint64) {
	above, equal := 0, 0
	for _, it := range items {
		if it.value > least {
			sums[it.place] += share
			above++
		} else if it.value == least {
			equal++
		}
	}
	part := uint64(share) * uint64(k-above) / uint64(equal)
	for _, it := range items {
		if it.value == least {
			sums[it.place] += part
		}
	}
}

func chances(selectors []*selector, n, ks, draws int) [][]float64 {
	out := make([][]float64, ks)
	for j := range out {
		out[j] = make([]float64, n)
		for i := range n {
			total := uint64(0)
			for _, s := range selectors {
				if s != nil {
					total += s.sums[j*n+i]
				}
			}
			out[j][i] = float64(total) / (share * float64(draws))
		}
	}
	return out
}
