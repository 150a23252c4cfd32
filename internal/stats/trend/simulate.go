package trend

import (
	"math"

	"openvru/internal/stats"
)

// simulate replaces the intervals by those of simulated coefficients: quantiles of
// what each set of them says.
func (j *joint) simulate(out *Interrupted, all []int) {
	root := cholesky(j.covariance, len(j.estimates))
	months, n := len(out.Months), len(j.treated.Fitted)
	perDraw := n + 2*months + 2*(1+len(j.effects))
	values := make([][]float64, perDraw) // by figure, then by draw
	for i := range values {
		values[i] = make([]float64, j.o.Draws)
	}
	pieces := (j.o.Draws + chunk - 1) / chunk
	stats.Parallel(pieces, func(_, piece int) {
		r := stats.NewRand(j.o.Seed, uint64(piece))
		s := newSimulation(j, out)
		for d := piece * chunk; d < min((piece+1)*chunk, j.o.Draws); d++ {
			s.draw(&r, root)
			for i, v := range s.figures(all) {
				values[i][d] = v
			}
		}
	})
	level := j.treated.level
	intervals := make([]stats.Interval, perDraw)
	stats.Parallel(perDraw, func(_, i int) { intervals[i] = central(values[i], level) })
	copy(out.Interval, intervals[:n])
	rest := intervals[n:]
	for i := range out.Months {
		out.Months[i].Ratio.Interval, out.Months[i].Difference.Interval = rest[0], rest[1]
		rest = rest[2:]
	}
	out.Averted.Events.Interval, out.Averted.Share.Interval = rest[0], rest[1]
	for i := range out.Effects {
		a := &out.Effects[i].Averted
		a.Events.Interval, a.Share.Interval = rest[2*i+2], rest[2*i+3]
	}
}

// central holds the middle share of the values, which it reorders.
func central(values []float64, level float64) stats.Interval {
	return stats.Interval{Low: quantile(values, (1-level)/2), High: quantile(values, (1+level)/2)}
}

// simulation is the space that one goroutine works in.
type simulation struct {
	*joint
	months             []MonthEffect
	normal, estimates  []float64
	fitted, everything []float64
}

func newSimulation(j *joint, out *Interrupted) *simulation {
	k, n := len(j.estimates), len(j.treated.Fitted)
	return &simulation{
		joint: j, months: out.Months, normal: make([]float64, k), estimates: make([]float64, k),
		fitted: make([]float64, n), everything: make([]float64, 0, n+2*len(out.Months)+2*(1+len(j.effects))),
	}
}

// draw makes one set of coefficients: Student's t with the degrees of freedom of
// the fit, as the delta method has it.
func (s *simulation) draw(r *stats.Rand, root []float64) {
	k := len(s.normal)
	df := float64(s.treated.DF)
	for i := range s.normal {
		s.normal[i] = r.Normal()
	}
	spread := math.Sqrt(df / (2 * r.Gamma(df/2)))
	for a := range k {
		s.estimates[a] = s.joint.estimates[a] + spread*dot(root[a*k:a*k+a+1], s.normal)
	}
}

// figures are those of the counterfactual, of the months and of the totals.
func (s *simulation) figures(all []int) []float64 {
	out := s.everything[:0]
	for i, old := range s.treated.Fitted {
		shift := 0.0
		for c, x := range s.columns.values {
			shift += x[i] * (s.estimates[c] - s.joint.estimates[c])
		}
		s.fitted[i] = old * math.Exp(shift)
		out = append(out, s.fitted[i]*math.Exp(-s.effect(i, all, s.estimates)))
	}
	for _, m := range s.months {
		with, without := s.fitted[m.At], out[m.At]
		out = append(out, math.Exp(s.effect(m.At, all, s.estimates)), with-without)
	}
	a := s.averted(all, s.estimates, s.fitted)
	out = append(out, a.Events.Value, a.Share.Value)
	for _, which := range s.effects {
		a := s.averted(which, s.estimates, s.fitted)
		out = append(out, a.Events.Value, a.Share.Value)
	}
	return out
}

// cholesky is the lower triangle L with L·Lᵀ the matrix; a direction without any
// variance, as robust errors may have, is left out.
func cholesky(m []float64, k int) []float64 {
	l := make([]float64, k*k)
	for a := range k {
		for b := range a + 1 {
			v := m[a*k+b] - dot(l[a*k:a*k+b], l[b*k:b*k+b])
			switch {
			case a == b && v > 1e-12*m[a*k+a]:
				l[a*k+a] = math.Sqrt(v)
			case a != b && l[b*k+b] > 0:
				l[a*k+b] = v / l[b*k+b]
			}
		}
	}
	return l
}
