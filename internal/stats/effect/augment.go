package effect

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// augment adds to the weights what ridge regression of any later outcome on
// those before the start, over the donors, makes of the gap that is left: the
// same correction for every period, so it can be said in weights. It returns
// the penalty.
func (s synthesis) augment(weights []float64) (float64, error) {
	ridge := s.o.Ridge
	all := make([]int, s.start)
	for t := range all {
		all[t] = t
	}
	if ridge == 0 {
		var err error
		if ridge, err = s.penalty(); err != nil {
			return 0, err
		}
	}
	extra, err := s.correction(weights, all, ridge)
	if err != nil {
		return 0, err
	}
	for k, v := range extra {
		weights[k] += v
	}
	return ridge, nil
}

// correction returns (gap)ᵀ(X'X + λ)⁻¹ x for each donor's x, over the periods
// listed; x less its mean over the donors, so that corrections sum to zero.
func (s synthesis) correction(weights []float64, periods []int, ridge float64) ([]float64, error) {
	m := len(periods)
	x, gap := s.centred(periods), make([]float64, m)
	for k, t := range periods {
		gap[k] = s.outcome[s.treated][t]
		for j, d := range s.donors {
			gap[k] -= weights[j] * s.outcome[d][t]
		}
	}
	gram := lin.New(m, m)
	x.Gram(gram, nil)
	for k := range m {
		gram.Set(k, k, gram.At(k, k)+ridge)
	}
	solved, err := lin.SolveSPD(gram, gap)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(s.donors))
	x.MulVec(out, solved)
	return out, nil
}

// centred is the donors' outcomes in the periods listed, less their means.
func (s synthesis) centred(periods []int) lin.Matrix {
	x := lin.New(len(s.donors), len(periods))
	for k, t := range periods {
		mean := 0.0
		for _, d := range s.donors {
			mean += s.outcome[d][t] / float64(len(s.donors))
		}
		for j, d := range s.donors {
			x.Set(j, k, s.outcome[d][t]-mean)
		}
	}
	return x
}

// Penalties tried: from the largest variance of the outcomes down, by halves of
// a power of ten.
const penalties = 17

// penalty is the largest one whose error, when each period before the start is
// left out and foretold in turn, is within one standard error of the least.
func (s synthesis) penalty() (float64, error) {
	if s.start < 3 {
		return 0, stats.ErrTooFew
	}
	x := s.centred(s.periodsBut(-1))
	largest := lin.Dot(x.Data, x.Data)
	if largest == 0 {
		return 0, stats.ErrConstant
	}
	errors := make([][]float64, penalties)
	rows := s.matched()
	whole, err := s.importance(rows)
	if err != nil {
		return 0, err
	}
	for out := range s.start {
		periods, importance := s.periodsBut(out), append([]float64(nil), whole...)
		if s.o.Predictors == nil {
			importance[out] = 0
		}
		weights, err := s.weigh(rows, importance)
		if err != nil {
			return 0, err
		}
		for k := range errors {
			extra, err := s.correction(weights, periods, largest*math.Pow(10, -float64(k)/2))
			if err != nil {
				return 0, err
			}
			gap := s.outcome[s.treated][out]
			for j, d := range s.donors {
				gap -= (weights[j] + extra[j]) * s.outcome[d][out]
			}
			errors[k] = append(errors[k], gap*gap)
		}
	}
	return largest * math.Pow(10, -float64(oneError(errors))/2), nil
}

func (s synthesis) periodsBut(out int) []int {
	var periods []int
	for t := range s.start {
		if t != out {
			periods = append(periods, t)
		}
	}
	return periods
}

// oneError returns the first list whose mean is within one standard error of
// the least mean.
func oneError(lists [][]float64) int {
	least, limit := math.Inf(1), 0.0
	for _, list := range lists {
		n := float64(len(list))
		mean, squares := stats.Sum(list)/n, 0.0
		for _, v := range list {
			squares += (v - mean) * (v - mean)
		}
		if mean < least {
			least, limit = mean, mean+math.Sqrt(squares/(n-1)/n)
		}
	}
	for k, list := range lists {
		if stats.Sum(list)/float64(len(list)) <= limit {
			return k
		}
	}
	return len(lists) - 1
}
