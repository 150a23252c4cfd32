package trend

import "math"

// seeker looks for the least of a function over numbers from 0 to 1, without
// derivatives and the same way every time.
type seeker struct {
	of    func(x []float64) float64
	x     []float64 // the best so far
	value float64
	next  []float64
}

// minimise starts from the best point of a coarse grid, the values in every
// dimension, and goes on by pattern search (Hooke and Jeeves 1961) until steps are
// that small.
func minimise(of func(x []float64) float64, dimensions int, values []float64, until float64) []float64 {
	s := seeker{of: of, x: make([]float64, dimensions), value: math.Inf(1), next: make([]float64, dimensions)}
	s.grid(values)
	before := make([]float64, dimensions)
	for step := 0.1; step > until; {
		copy(before, s.x)
		if !s.explore(step) {
			step /= 2
			continue
		}
		for s.again(before) {
		}
	}
	return s.x
}

// grid tries every combination of the values.
func (s *seeker) grid(values []float64) {
	cells := 1
	for range s.x {
		cells *= len(values)
	}
	for cell := range cells {
		for i := range s.next {
			s.next[i] = values[cell%len(values)]
			cell /= len(values)
		}
		s.try()
	}
}

// try keeps the next point if it is better.
func (s *seeker) try() bool {
	v := s.of(s.next)
	// Gains that only rounding makes would keep the search going.
	if v >= s.value || !math.IsInf(s.value, 1) && s.value-v <= 1e-12*math.Abs(s.value) {
		return false
	}
	s.value = v
	copy(s.x, s.next)
	return true
}

// explore takes a step along each number, either way.
func (s *seeker) explore(step float64) bool {
	better := false
	for i := range s.x {
		for _, d := range []float64{step, -step} {
			copy(s.next, s.x)
			s.next[i] = min(max(s.x[i]+d, 0), 1)
			if s.next[i] != s.x[i] && s.try() {
				better = true
				break
			}
		}
	}
	return better
}

// again goes on the way that the last steps went, as far again as from there.
func (s *seeker) again(from []float64) bool {
	for i, v := range s.x {
		s.next[i] = min(max(2*v-from[i], 0), 1)
	}
	return s.try()
}
