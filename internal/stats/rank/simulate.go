package rank

import (
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
// the Royal Statistical Society A 159:385–443). It needs four bytes of memory for each
// place and draw. Errors: ErrEmpty, ErrOption, ErrMissing for NaN in a draw, and
// those of the source's Check.
func Of(s Source, o Options) (Ranks, error) {
	o, err := prepare(s, o)
	if err != nil {
		return Ranks{}, err
	}
	n := s.Places()
	doubled := make([]uint32, n*o.Draws)
	sorters := make([]*sorter, stats.Workers())
	err = simulate(s, o, func(worker, draw int, values []float64) error {
		if sorters[worker] == nil {
			sorters[worker] = newSorter(n)
		}
		if err := number(values); err != nil {
			return err
		}
		sorters[worker].doubled(values, doubled[draw*n:(draw+1)*n])
		return nil
	})
	if err != nil {
		return Ranks{}, err
	}
	return summarise(doubled, n, o), nil
}

// Places are summed up in groups of this many: the ranks of one draw that a
// group reads lie side by side.
const group = 32

func summarise(doubled []uint32, n int, o Options) Ranks {
	out := Ranks{Expected: make([]float64, n), Interval: make([]stats.Interval, n), Draws: o.Draws}
	columns := make([][]uint32, stats.Workers())
	stats.Parallel(pieces(n, group), func(worker, piece int) {
		if columns[worker] == nil {
			columns[worker] = make([]uint32, group*o.Draws)
		}
		from, to := piece*group, min((piece+1)*group, n)
		column := columns[worker]
		for draw := range o.Draws {
			for i, v := range doubled[draw*n+from : draw*n+to] {
				column[i*o.Draws+draw] = v
			}
		}
		for i := from; i < to; i++ {
			out.Expected[i], out.Interval[i] = one(column[(i-from)*o.Draws:(i-from+1)*o.Draws], o.Level)
		}
	})
	out.Order = make([]int, n)
	for i := range out.Order {
		out.Order[i] = i
	}
	slices.SortStableFunc(out.Order, func(a, b int) int {
		switch {
		case out.Expected[a] < out.Expected[b]:
			return -1
		case out.Expected[a] > out.Expected[b]:
			return 1
		}
		return 0
	})
	return out
}

// one returns the mean and the interval of a place's ranks, given doubled: its
// ends are the ranks at which the share of draws reaches each tail.
func one(doubled []uint32, level float64) (float64, stats.Interval) {
	sum := uint64(0)
	for _, v := range doubled {
		sum += uint64(v)
	}
	n := len(doubled)
	tail := (1 - level) / 2
	low := min(int(float64(n)*tail), n-1)
	high := max(n-1-low, 0)
	return float64(sum) / float64(2*n), stats.Interval{
		Low:  float64(nth(doubled, low)) / 2,
		High: float64(nth(doubled, high)) / 2,
	}
}

// nth returns the value that would be at that place, from 0, if the values were
// in order; it moves them about.
func nth(values []uint32, at int) uint32 {
	low, high := 0, len(values)-1
	for low < high {
		a, b, c := values[low], values[(low+high)/2], values[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case at <= j:
			high = j
		case at >= i:
			low = i
		default:
			return values[at]
		}
	}
	return values[at]
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
	sums := make([][]uint64, stats.Workers())
	spare := make([][]float64, stats.Workers())
	err = simulate(s, o, func(worker, _ int, values []float64) error {
		if sums[worker] == nil {
			sums[worker], spare[worker] = make([]uint64, n*len(ks)), make([]float64, n)
		}
		if err := number(values); err != nil {
			return err
		}
		for j, k := range ks {
			copy(spare[worker], values)
			count(values, kth(spare[worker], min(k, n)), min(k, n), sums[worker][j*n:(j+1)*n])
		}
		return nil
	})
	if err != nil {
		return Tops{}, err
	}
	return Tops{K: slices.Clone(ks), In: chances(sums, n, len(ks), o.Draws), Draws: o.Draws}, nil
}

// count adds a share for each value over the kth, and what is left of k in equal
// parts for those equal to it.
func count(values []float64, least float64, k int, sums []uint64) {
	above, equal := 0, 0
	for i, v := range values {
		if v > least {
			sums[i] += share
			above++
		} else if v == least {
			equal++
		}
	}
	part := uint64(share) * uint64(k-above) / uint64(equal)
	for i, v := range values {
		if v == least {
			sums[i] += part
		}
	}
}

func chances(sums [][]uint64, n, ks, draws int) [][]float64 {
	out := make([][]float64, ks)
	for j := range out {
		out[j] = make([]float64, n)
		for i := range n {
			total := uint64(0)
			for _, s := range sums {
				if s != nil {
					total += s[j*n+i]
				}
			}
			out[j][i] = float64(total) / (share * float64(draws))
		}
	}
	return out
}
