package scan

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// What the tables pass over is never more than the best they were made for: of
// any number of cases in all, each count at the edge of being enough, and those
// beyond it, show in the lane's highest bit, and no lane disturbs the next.
func TestTablesPassOverNothingThatIsMore(t *testing.T) {
	r := stats.NewRand(8, 8)
	passed := 0
	for range 60 {
		total := math.Floor(math.Exp(r.Float64() * math.Log(mostCases)))
		s := tableOf(total, Rates(r.Below(3)), 1+float64(r.Below(4)))
		best := 30 * square(r.Float64())
		table := s.newTable(best)
		for range 50 {
			e := total * math.Pow(r.Float64(), 1+8*r.Float64())
			passed += checkEdges(t, s, table, best, e)
		}
	}
	if passed < 3_000 {
		t.Errorf("only %d counts were more than the best", passed)
	}
}

func tableOf(total float64, rates Rates, least float64) *sweep {
	p := &problem{total: total, places: 1_000, windows: make([]window, 1)}
	s := &sweep{problem: p, bits: bitsFor(total)}
	s.rule = rule{total: total, high: rates != Low, low: rates != High, least: least}
	s.lanes = 64 / s.bits
	for lane := range s.lanes {
		s.top |= 1 << (lane*s.bits + s.bits - 1)
	}
	s.setGrades()
	return s
}

// checkEdges holds the counts about the edges against the table, in a lane
// between two others, and returns how many were more than best.
func checkEdges(t *testing.T, s *sweep, table table, best, e float64) int {
	t.Helper()
	grade, more := s.grade(e), 0
	for _, edge := range []float64{0, s.rule.enough(e, best, 0), s.rule.few(e, best), e, s.total} {
		for d := -2.0; d <= 2; d++ {
			c := math.Floor(edge) + d
			if c < 0 || c > s.total {
				continue
			}
			lane := s.lanes / 2
			word := uint64(c) << (lane * s.bits)
			for other := range s.lanes {
				if other != lane { // as expected, which is more than nothing only by chance
					word |= uint64(min(math.Floor(e), s.total)) << (other * s.bits)
				}
			}
			shows := ((word+table.need[grade])|(table.few[grade]-word))>>(lane*s.bits+s.bits-1)&1 == 1
			if s.rule.value(c, e) > best {
				more++
				if !shows {
					t.Fatalf("%v of %v, %v expected: %v is not seen to be more than %v", c, s.total, e, s.rule.value(c, e), best)
				}
			}
		}
	}
	return more
}

// The bound that takes no logarithm is never below what it bounds.
func TestMostIsABound(t *testing.T) {
	r := stats.NewRand(9, 9)
	for range 20_000 {
		total := math.Floor(math.Exp(r.Float64() * math.Log(mostCases)))
		c, e := math.Floor(total*square(r.Float64())), total*math.Pow(r.Float64(), 4)
		s := rule{total: total, high: true, low: true, least: 1}
		if value, most := s.value(c, e), s.most(c, e); value > most*(1+1e-9)+1e-9 {
			t.Fatalf("%v of %v, %v expected: %v above %v", c, total, e, value, most)
		}
	}
}

// Tables are as strict as they say: where grades are fine, a count that falls
// short of the best by 1 or more seldom shows. This is what makes a scan quick.
func TestTablesAreStrict(t *testing.T) {
	s := tableOf(20_000, Both, 2)
	best, seen := 8.0, 0
	table := s.newTable(best)
	for e := 20.0; e < 10_000; e++ {
		for c := math.Floor(e); s.rule.value(c, e) < best-1; c++ {
			if (uint64(c)+table.need[s.grade(e)])&(s.top&-s.top) != 0 {
				seen++
				break
			}
		}
	}
	if seen > 100 {
		t.Errorf("%d of 10,000 expected numbers let through what is not nearly enough", seen)
	}
}
