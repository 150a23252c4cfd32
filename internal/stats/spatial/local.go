package spatial

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Local is a statistic of each area. An area without neighbours has NaN in all
// of it and the quadrant NoNeighbours.
type Local struct {
	// Value is the statistic, Expected and Variance what theory expects of it,
	// Z their standardised difference and P its two-sided p by the normal
	// distribution. Z and P are NaN where the statistic cannot vary.
	Value, Expected, Variance, Z, P []float64
	// Quadrant says how the area and its neighbours lie to the mean, or for Gi
	// and Gi* to the expectation, whether or not that is significant.
	Quadrant []Label
	// Permuted is the inference by permutation, nil if none was asked for.
	Permuted *Permuted
}

// Permuted is what came of dealing out the values of the other areas at random,
// afresh for each area.
type Permuted struct {
	Permutations int
	// Directed is the share of permutations, the map itself counted in, whose
	// statistic is as extreme on the side on which the area's lies: the
	// pseudo-p of GeoDa, which esda calls directed. TwoSided is twice that, or 1.
	Directed, TwoSided []float64
	// Mean and SD are of the permuted statistics, Z how many of that SD the
	// area's lies from that mean; Z is NaN where none of them differs.
	Mean, SD, Z []float64
}

// LocalMoran returns local Moran's I (Anselin 1995): an area's deviation from
// the mean times the weighted sum of its neighbours' (their average, if w is
// row-standardised as is usual), over the mean square. It is positive where
// alike values lie together and negative where they do not. It returns
// ErrEmpty, ErrLength, ErrMissing, ErrConstant, ErrTooFew below three areas,
// ErrNoNeighbours, and ErrOption for weights with self.
func LocalMoran(w *Weights, x []float64, o Options) (*Local, error) {
	v, err := o.prepare(w, x, 3)
	if err != nil {
		return nil, err
	}
	if err := w.withoutSelf(); err != nil {
		return nil, err
	}
	l, lines := newLocal(w.Len()), make([]line, w.Len())
	for i, lag := range newLags(w, v) {
		if w.island(i) {
			l.isolate(i)
			continue
		}
		f := v.z[i] / v.m2
		mean, variance := f*lag.mean, f*f*lag.variance
		if o.Total {
			mean, variance = lag.total(float64(w.Len()), v.kurtosis())
		}
		l.set(i, f*lag.value, mean, variance)
		l.Quadrant[i] = quadrant(v.z[i], lag.value)
		lines[i] = line{f, -f * v.mean * lag.sum}
	}
	l.permute(w, v.x, o, lines)
	return l, nil
}

// LocalBivariate returns the bivariate local Moran (Anselin, Syabri and Smirnov
// 2002): an area's deviation in x times the weighted sum of its neighbours' in
// y, each in standard deviations. What it finds is association of a place's x
// with its surroundings' y, of which the association of x and y within places
// is no part. Theory and permutations deal out y. It returns the errors of
// LocalMoran.
func LocalBivariate(w *Weights, x, y []float64, o Options) (*Local, error) {
	vx, err := o.prepare(w, x, 3)
	if err != nil {
		return nil, err
	}
	vy, err := o.prepare(w, y, 3)
	if err != nil {
		return nil, err
	}
	if err := w.withoutSelf(); err != nil {
		return nil, err
	}
	l, lines := newLocal(w.Len()), make([]line, w.Len())
	for i, lag := range newLags(w, vy) {
		if w.island(i) {
			l.isolate(i)
			continue
		}
		f := vx.z[i] / math.Sqrt(vx.m2) / math.Sqrt(vy.m2)
		l.set(i, f*lag.value, f*lag.mean, f*f*lag.variance)
		l.Quadrant[i] = quadrant(vx.z[i], lag.value)
		lines[i] = line{f, -f * vy.mean * lag.sum}
	}
	l.permute(w, vy.x, o, lines)
	return l, nil
}

func newLocal(n int) *Local {
	all := make([]float64, 5*n)
	return &Local{
		Value: all[:n:n], Expected: all[n : 2*n : 2*n], Variance: all[2*n : 3*n : 3*n],
		Z: all[3*n : 4*n : 4*n], P: all[4*n:], Quadrant: make([]Label, n),
	}
}

// set fills in the theory of an area.
func (l *Local) set(i int, value, expected, variance float64) {
	l.Value[i], l.Expected[i], l.Variance[i] = value, expected, variance
	l.Z[i], l.P[i] = math.NaN(), math.NaN()
	if variance > 0 {
		l.Z[i] = (value - expected) / math.Sqrt(variance)
		l.P[i] = twoSided(l.Z[i])
	}
}

func (l *Local) isolate(i int) {
	l.set(i, math.NaN(), math.NaN(), math.NaN())
	l.Quadrant[i] = NoNeighbours
}

func twoSided(z float64) float64 { return min(2*dist.NormalTail(math.Abs(z)), 1) }

// lagOf is the weighted sum of a neighbourhood's deviations, and what theory
// expects of it when the values of the other areas are dealt out at random.
type lagOf struct {
	value, mean, variance float64
	sum, squares          float64 // of the weights
}

func newLags(w *Weights, v values) []lagOf {
	n, z, out := float64(len(v.z)), v.z, make([]lagOf, len(v.z))
	for i := range out {
		to, weight := w.Row(i)
		lag := &out[i]
		for k, j := range to {
			lag.value += weight[k] * z[j]
			lag.sum += weight[k]
			lag.squares += weight[k] * weight[k]
		}
		spread := lag.squares - lag.sum*lag.sum/(n-1)
		rest := v.m2 - z[i]*z[i]/(n-1)
		lag.mean = -lag.sum * z[i] / (n - 1)
		lag.variance = n / (n - 2) * positive(spread, lag.squares) * positive(rest, v.m2)
	}
	return out
}

// positive returns v, or zero if v is no more than the rounding of the size of
// the numbers that it is the difference of.
func positive(v, size float64) float64 {
	if v <= 1e-13*size {
		return 0
	}
	return v
}

// total returns the moments of local Moran's I over all ways to deal out the
// values (Anselin 1995), for n areas and a kurtosis.
func (lag lagOf) total(n, b2 float64) (mean, variance float64) {
	mean = -lag.sum / (n - 1)
	pairs := (2*b2 - n) / ((n - 1) * (n - 2))
	alone := (n - b2) / (n - 1)
	variance = alone*lag.squares + pairs*(lag.sum*lag.sum-lag.squares) - mean*mean
	return mean, positive(variance, alone*lag.squares)
}

// line is how a statistic follows from the weighted sum of the neighbours'
// values, the area's own left out: that times a factor, plus a constant.
type line struct{ factor, constant float64 }

// permute fills in the inference by permutation of x.
func (l *Local) permute(w *Weights, x []float64, o Options, lines []line) {
	if o.Permutations == 0 {
		return
	}
	n := len(x)
	all := make([]float64, 5*n)
	l.Permuted = &Permuted{
		Permutations: o.Permutations, Directed: all[:n:n], TwoSided: all[n : 2*n : 2*n],
		Mean: all[2*n : 3*n : 3*n], SD: all[3*n : 4*n : 4*n], Z: all[4*n:],
	}
	for i, t := range conditional(w, x, o) {
		l.Permuted.set(i, t, lines[i])
		if w.island(i) {
			l.Permuted.isolate(i)
		}
	}
}

func (p *Permuted) set(i int, t tally, of line) {
	p.Mean[i], p.SD[i], p.Z[i] = of.constant+of.factor*t.mean, math.Abs(of.factor)*t.sd, math.NaN()
	if of.factor == 0 { // whatever the neighbours have, the statistic is the same
		t.less, t.more, t.sd = 0, 0, 0
	}
	if t.sd > 0 {
		p.Z[i] = (t.seen - t.mean) / t.sd
	}
	if of.factor < 0 {
		p.Z[i] = -p.Z[i]
	}
	p.Directed[i] = stats.MonteCarlo(p.Permutations-max(t.less, t.more), p.Permutations)
	p.TwoSided[i] = min(2*p.Directed[i], 1)
}

func (p *Permuted) isolate(i int) {
	for _, list := range [][]float64{p.Directed, p.TwoSided, p.Mean, p.SD, p.Z} {
		list[i] = math.NaN()
	}
}
