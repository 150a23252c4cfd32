package trend

import (
	"math"

	"openvru/internal/stats"
)

// simulate replaces the intervals of differences and totals by those of simulated
// coefficients: quantiles of what each set of them says. The counterfactual and the
// ratios are exponentials of sums of coefficients, so theirs are exact as they are.
func (j *joint) simulate(out *Interrupted, all []int) {
	root := cholesky(j.covariance, len(j.estimates))
	figures := len(out.Months) + 2*(1+len(j.effects))
	values := make([][]float64, figures) // by figure, then by draw
	for i := range values {
		values[i] = make([]float64, j.o.Draws)
	}
	pieces := (j.o.Draws + chunk - 1) / chunk
	stats.Parallel(pieces, func(_, piece int) {
		r := stats.NewRand(j.o.Seed, uint64(piece))
		s := newSimulation(j, out.Months, all)
		for d := piece * chunk; d < min((piece+1)*chunk, j.o.Draws); d++ {
			s.draw(&r, root)
			for i, v := range s.figures() {
				values[i][d] = v
			}
		}
	})
	intervals := make([]stats.Interval, figures)
	stats.Parallel(figures, func(_, i int) { intervals[i] = stats.Middle(values[i], j.treated.level) })
	for i := range out.Months {
		out.Months[i].Difference.Interval = intervals[i]
	}
	rest := intervals[len(out.Months):]
	out.Averted.Events.Interval, out.Averted.Share.Interval = rest[0], rest[1]
	for i := range out.Effects {
		a := &out.Effects[i].Averted
		a.Events.Interval, a.Share.Interval = rest[2*i+2], rest[2*i+3]
	}
}

// simulation is what one goroutine works in.
type simulation struct {
	*joint
	rows              []int     // the months touched
	all               []int     // the columns of all interventions
	own               [][]int   // the months of each intervention, as numbers into rows
	x                 []float64 // the columns of these months, by month
	normal, estimates []float64
	moved             []float64 // estimates less those of the fit
	with, out         []float64
}

func newSimulation(j *joint, months []MonthEffect, all []int) *simulation {
	k := len(j.columns.names)
	s := &simulation{
		joint: j, all: all, normal: make([]float64, len(j.estimates)), estimates: make([]float64, len(j.estimates)),
		with: make([]float64, len(months)), out: make([]float64, 0, len(months)+2*(1+len(j.effects))),
		moved: make([]float64, k), own: make([][]int, len(j.effects)), x: make([]float64, 0, k*len(months)),
	}
	for m, month := range months {
		s.rows = append(s.rows, month.At)
		for _, x := range j.columns.values {
			s.x = append(s.x, x[month.At])
		}
		for i, which := range j.effects {
			if j.touched(month.At, which) {
				s.own[i] = append(s.own[i], m)
			}
		}
	}
	return s
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

// figures are the differences of the months, and events averted and their share, of
// all interventions and of each.
func (s *simulation) figures() []float64 {
	out, k := s.out[:0], len(s.columns.names)
	for c := range s.moved {
		s.moved[c] = s.estimates[c] - s.joint.estimates[c]
	}
	with, without := 0.0, 0.0
	for m, row := range s.rows {
		s.with[m] = s.treated.Fitted[row] * math.Exp(dot(s.moved, s.x[m*k:(m+1)*k]))
		w := s.with[m] * math.Exp(-s.effect(row, s.all, s.estimates))
		out = append(out, s.with[m]-w)
		with, without = with+s.with[m], without+w
	}
	events, share := saved(with, without)
	out = append(out, events, share)
	if len(s.own) == 1 {
		return append(out, events, share)
	}
	for i, which := range s.effects {
		with, without = 0, 0
		for _, m := range s.own[i] {
			with, without = with+s.with[m], without+s.with[m]*math.Exp(-s.effect(s.rows[m], which, s.estimates))
		}
		events, share = saved(with, without)
		out = append(out, events, share)
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
