package scan

import "math"

// Expected counts are graded by their square root, because a count varies by
// about the square root of what is expected: grade g is those from
// total·((g−1)/grain)² to total·(g/grain)². Grade 0 stands for no circle.

// setGrades chooses how fine the grades are.
func (s *sweep) setGrades() {
	s.grain = math.Ceil(min(max(16*math.Sqrt(s.total), 64), 16_000))
	most := s.total // expected in a circle
	if s.weighed {
		most *= min(s.options.MaxShare*(1+1e-9), 1)
	}
	s.cells = int(s.grade(most)) + 1
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

// setTables sets what a count takes to be more than best.
func (s *sweep) setTables(b *batch, best float64) {
	each := s.top >> (s.bits - 1) // one in every lane
	half := uint64(1) << (s.bits - 1)
	if b.need == nil {
		b.need = make([]uint64, s.cells)
		b.few = make([]uint64, s.cells)
	}
	b.few[0] = each * (half - 1) // none, and b.need[0] is zero likewise
	start := 0.0
	best -= slack(best)
	for g := 1; g < s.cells; g++ {
		low, high := s.ends(g)
		b.few[g] = each * (half - 1)
		if s.rule.high {
			start = s.rule.enough(low, best, start)
			b.need[g] = each * (half - min(uint64(start), half))
		}
		if s.rule.low {
			b.few[g] = each * uint64(int64(half)+int64(s.rule.few(high, best)))
		}
	}
}
