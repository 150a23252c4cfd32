package scan

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// Expected counts are graded by their square root, because a count varies by
// about the square root of what is expected: grade g is those from
// total·((g−1)/grain)² to total·(g/grain)². Grade 0 stands for no circle.

// setGrades chooses how fine the grades are: an eighth of a standard deviation,
// save where there are fewer circles than that would make grades.
func (s *sweep) setGrades() {
	circles := float64(s.places) * float64(s.places) * float64(len(s.problem.windows))
	s.grain = math.Ceil(max(min(16*math.Sqrt(s.total), circles, 16_000), 64))
	most := s.total // expected in a circle
	if s.weighed {
		most *= min(s.options.MaxShare*(1+1e-9), 1)
	}
	s.cells = int(s.grade(most)) + 1
	s.never = make([]uint64, s.cells)
	for g := range s.never {
		s.never[g] = s.top - s.top>>(s.bits-1)
	}
}

func (s *sweep) grade(e float64) uint32 { return uint32(1 + math.Sqrt(e/s.total)*s.grain) }

// ends returns the least and the most that is expected in a grade, with room
// for rounding.
func (s *sweep) ends(grade int) (low, high float64) {
	low = s.total * square(float64(grade-1)/s.grain) * (1 - 1e-9)
	high = s.total * square(float64(grade)/s.grain) * (1 + 1e-9)
	return low, min(high, s.total)
}

// slack is what a value may be off by rounding: what is passed over without
// being worked out must be surely less, or else results would depend on the
// order in which circles are seen.
func slack(value float64) float64 { return 1e-9 * (1 + value) }

// table says for each grade of expected counts what a count takes to be more
// than some best: need added to it, or it taken from few, shows in the highest
// bit of its lane.
type table struct{ need, few []uint64 }

// steps is how many tables there are to one unit of the log likelihood ratio.
// Batches whose least value is in the same step share one, which costs an eighth
// of e in what passes and saves most of the logarithms.
const steps = 8

// setTables gives each batch the table of its least value, and keeps only those
// in use.
func (s *sweep) setTables() {
	per := s.lanes * width
	before := s.tables
	s.tables = map[float64]*table{}
	var missing []float64
	for b := range s.batches {
		least := slices.Min(s.found[b*per : min((b+1)*per, len(s.found))])
		step := math.Floor(least * steps)
		t, ok := s.tables[step]
		if !ok {
			if t, ok = before[step]; !ok {
				t = &table{}
				missing = append(missing, step)
			}
			s.tables[step] = t
		}
		s.batches[b].table = t
	}
	stats.Parallel(len(missing), func(_, i int) {
		*s.tables[missing[i]] = s.newTable(missing[i] / steps)
	})
}

// newTable sets what a count takes to be more than best.
func (s *sweep) newTable(best float64) table {
	each := s.top >> (s.bits - 1) // one in every lane
	half := uint64(1) << (s.bits - 1)
	t := table{need: make([]uint64, s.cells), few: s.never}
	if s.rule.low {
		t.few = slices.Clone(s.never)
	}
	start := 0.0
	best -= slack(best)
	for g := 1; g < s.cells; g++ { // grade 0 stays none
		low, high := s.ends(g)
		if s.rule.high {
			start = s.rule.enough(low, best, start)
			t.need[g] = each * (half - min(uint64(start), half))
		}
		if s.rule.low {
			t.few[g] = each * uint64(int64(half)+int64(s.rule.few(high, best)))
		}
	}
	return t
}
