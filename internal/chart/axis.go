package chart

import (
	"math"
	"strconv"
	"time"

	"openvru/internal/period"
)

// scale is the vertical axis: from zero to a round number above the highest value.
type scale struct {
	top, step float64
	decimals  int
}

// newScale chooses steps of 1, 2 or 5 times a power of ten, at most n of them,
// so that the top is at or above the highest value. Whole is for counts, whose
// steps are never parts of one.
func newScale(highest float64, n int, whole bool) scale {
	if !(highest > 0) || math.IsInf(highest, 1) {
		highest = 1
	}
	raw := highest / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 5} {
		// The small allowance is for 0.1 * 3 being a hair above 0.3.
		if m*power >= raw*(1-1e-9) {
			step = m * power
			break
		}
	}
	if whole {
		step = math.Max(1, math.Round(step))
	}
	s := scale{step: step, top: step * math.Ceil(highest/step-1e-9)}
	for d := step; d < 1-1e-9 && s.decimals < 6; d *= 10 {
		s.decimals++
	}
	return s
}

// ticks returns the values to label, from zero up.
func (s scale) ticks() []float64 {
	var out []float64
	for i := 0; float64(i)*s.step <= s.top*(1+1e-9); i++ {
		out = append(out, float64(i)*s.step)
	}
	return out
}

// label writes a tick's value.
func (s scale) label(v float64) string { return number(v, s.decimals) }

// monthLabels names the months along the horizontal axis, "" where a name
// would not fit: every month, every second, third or sixth of one year; above
// two years the year at each January.
func monthLabels(first period.Month, months int, step float64) []string {
	out := make([]string, months)
	if months > 24 {
		every := every(months/12, func(n int) bool { return step*12*float64(n) >= width("2020 ", smallSize, false) })
		for i := range out {
			if m := first + period.Month(i); m.Of() == 1 && m.Year()%every == 0 {
				out[i] = strconv.Itoa(m.Year())
			}
		}
		return out
	}
	n := every(months, func(n int) bool { return step*float64(n) >= width("May ", smallSize, false) })
	for i := 0; i < months; i += n {
		m := first + period.Month(i)
		out[i] = time.Month(m.Of()).String()[:3]
	}
	return out
}

// every returns the smallest of 1, 2, 3, 6 and limit that fits.
func every(limit int, fits func(int) bool) int {
	for _, n := range []int{1, 2, 3, 6} {
		if fits(n) {
			return n
		}
	}
	return max(1, limit)
}
