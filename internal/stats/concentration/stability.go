package concentration

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Resampling is how Andresen's test draws. The zero value is his: 85% of the
// test events, without putting any back, 200 times, and intervals of 95%.
type Resampling struct {
	Fraction   float64
	Repeats    int
	Confidence float64
	// Again draws as many events as there are, putting each back (a bootstrap),
	// and does not look at Fraction.
	Again bool
	Seed  uint64
}

func (r Resampling) orDefault() (Resampling, error) {
	if r.Fraction == 0 {
		r.Fraction = 0.85
	}
	if r.Repeats == 0 {
		r.Repeats = 200
	}
	if r.Confidence == 0 {
		r.Confidence = 0.95
	}
	if !(r.Fraction > 0 && r.Fraction <= 1) || r.Repeats < 1 || !(r.Confidence > 0 && r.Confidence < 1) {
		return r, fmt.Errorf("how the test draws: %w", stats.ErrOption)
	}
	return r, nil
}

// Stability says how alike the patterns of two periods are.
type Stability struct {
	// Areas has for each area −1 where it has less of the test events than of the
	// base events, +1 where it has more, 0 where the two are alike.
	Areas []int
	// S is the share of areas that are alike (Andresen 2009): 1 is one pattern.
	S float64
	// Robust is the share among areas that have an event in either period. Areas
	// that are empty in both are alike without saying anything, and on a fine map
	// they make up most of S.
	Robust float64
	// Interval is, for each area, the range of its share of the test events over
	// the draws; nil where areas are tested otherwise.
	Interval []stats.Interval
	// P and Adjusted are, for each area, the p-value and that adjusted for the
	// number of areas; nil where draws decide.
	P, Adjusted []float64
}

// Andresen compares the events of two periods area by area (Andresen 2009): an
// area is alike when its share of the base events lies within the range of its
// share of draws from the test events. The base is taken as it is, so the two
// are not interchangeable. Either period without events is ErrEmpty, counts that
// are not whole, or more than a hundred million in all, ErrOption, lists of unlike
// length ErrLength.
func Andresen(base, test []float64, r Resampling) (Stability, error) {
	r, err := r.orDefault()
	if err != nil {
		return Stability{}, err
	}
	if err := checkPair(base, test); err != nil {
		return Stability{}, err
	}
	total := stats.Sum(base)
	drawn, size := draws(test, r)
	s := Stability{Areas: make([]int, len(base)), Interval: make([]stats.Interval, len(base))}
	cut := int(math.Floor(float64(r.Repeats)*(1-r.Confidence)/2 + 1e-9))
	const piece = 64
	stats.Parallel((len(base)+piece-1)/piece, func(_, p int) {
		counts := make([]int32, r.Repeats)
		for i := p * piece; i < min(len(base), (p+1)*piece); i++ {
			for k, d := range drawn {
				counts[k] = d[i]
			}
			slices.Sort(counts)
			s.Interval[i] = stats.Interval{Low: float64(counts[cut]) / size, High: float64(counts[r.Repeats-1-cut]) / size}
			switch share := base[i] / total; {
			case share < s.Interval[i].Low:
				s.Areas[i] = 1
			case share > s.Interval[i].High:
				s.Areas[i] = -1
			}
		}
	})
	s.index(base, test)
	return s, nil
}

// index works out S from the areas.
func (s *Stability) index(base, test []float64) {
	alike, active, robust := 0, 0, 0
	for i, a := range s.Areas {
		any := base[i]+test[i] > 0
		if any {
			active++
		}
		if a == 0 {
			alike++
			if any {
				robust++
			}
		}
	}
	s.S = float64(alike) / float64(len(s.Areas))
	s.Robust = float64(robust) / float64(active)
}

func checkPair(base, test []float64) error {
	if len(base) != len(test) {
		return stats.ErrLength
	}
	for _, v := range [][]float64{base, test} {
		if err := check(v, 1); err != nil {
			return err
		}
		if err := whole(v); err != nil {
			return err
		}
		if stats.Sum(v) > 1e8 {
			return fmt.Errorf("more than a hundred million events: %w", stats.ErrOption)
		}
	}
	return nil
}

// draws returns the counts by area of each draw, and how many events a draw has.
func draws(test []float64, r Resampling) (drawn [][]int32, size float64) {
	events := make([]int32, 0, int(stats.Sum(test)))
	counts := make([]int32, len(test))
	for i, v := range test {
		counts[i] = int32(v)
		for range int(v) {
			events = append(events, int32(i))
		}
	}
	n := len(events)
	keep := max(1, int(math.Round(r.Fraction*float64(n))))
	if r.Again {
		keep = n
	}
	drawn = make([][]int32, r.Repeats)
	own := make([][]int32, stats.Workers())
	stats.Parallel(r.Repeats, func(worker, k int) {
		random := stats.NewRand(r.Seed, uint64(k))
		if r.Again {
			drawn[k] = make([]int32, len(test))
			for range n {
				drawn[k][events[random.Below(uint32(n))]]++
			}
			return
		}
		if own[worker] == nil {
			own[worker] = make([]int32, n)
		}
		copy(own[worker], events)
		drawn[k] = leaveOut(own[worker], n-keep, slices.Clone(counts), &random)
	})
	return drawn, float64(keep)
}

// leaveOut takes so many events away from the counts, none twice.
func leaveOut(events []int32, many int, counts []int32, r *stats.Rand) []int32 {
	for i := range many {
		j := i + int(r.Below(uint32(len(events)-i)))
		counts[events[j]]--
		events[j] = events[i]
	}
	return counts
}
