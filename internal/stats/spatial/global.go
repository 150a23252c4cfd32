package spatial

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Global is a statistic of the whole map.
type Global struct {
	// Value is the statistic.
	Value float64
	// Normality is what theory expects of it if the values are drawn from one
	// normal distribution. It is nil for General G and bivariate Moran.
	Normality *Test
	// Randomisation is what theory expects of it if the values are those there
	// are, dealt out to the areas at random. The moments are exact; that the
	// tails are those of a normal distribution holds for large maps.
	Randomisation Test
	// Permuted is the same by simulation, nil if none was asked for.
	Permuted *GlobalPermuted
}

// Test is a statistic against its expectation and variance. Z and the p-values
// are NaN where the statistic cannot vary.
type Test struct {
	Expected, Variance, Z float64
	P                     Tails
}

// Tails are p-values against a statistic that is greater than chance would have
// it, less, or either.
type Tails struct{ Greater, Less, TwoSided float64 }

// GlobalPermuted is what came of dealing out all values at random: the share of
// permutations, the map itself counted in, with a statistic as great or as
// little (two-sided: twice the lesser of them, or 1), their mean and standard
// deviation, and how many of those the map lies from that mean.
type GlobalPermuted struct {
	Permutations int
	P            Tails
	Mean, SD, Z  float64
}

// newTest tests a value. Its variance is given as terms to be added up, of whose
// sum what is no more than rounding counts as zero.
func newTest(value, expected float64, terms ...float64) Test {
	variance, size := 0.0, 0.0
	for _, v := range terms {
		variance += v
		size += math.Abs(v)
	}
	t := Test{Expected: expected, Variance: positive(variance, size), Z: math.NaN()}
	if t.Variance > 0 {
		t.Z = (value - expected) / math.Sqrt(t.Variance)
	}
	t.P = Tails{dist.NormalTail(t.Z), dist.NormalCDF(t.Z), twoSided(t.Z)}
	return t
}

// prepareGlobal is prepare for statistics of the whole map, whose moments take
// four areas.
func (o Options) prepareGlobal(w *Weights, x []float64) (values, Sums, error) {
	v, err := o.prepare(w, x, 4)
	if err != nil {
		return v, Sums{}, err
	}
	return v, w.Sums(), w.withoutSelf()
}

func (w *Weights) withoutSelf() error {
	if w.self {
		return fmt.Errorf("areas are their own neighbours: %w", stats.ErrOption)
	}
	return nil
}

// Moran returns Moran's I (Moran 1950; moments by Cliff and Ord 1981): above
// its expectation of −1/(n−1) where alike values lie together, below it where
// they avoid each other. Areas without neighbours count in n and in the mean.
// It returns ErrEmpty, ErrLength, ErrMissing, ErrConstant, ErrTooFew below four
// areas, ErrNoNeighbours, and ErrOption for weights with self.
func Moran(w *Weights, x []float64, o Options) (Global, error) {
	v, s, err := o.prepareGlobal(w, x)
	if err != nil {
		return Global{}, err
	}
	n, scale := float64(w.Len()), 1/(s.S0*v.m2)
	g := Global{Value: scale * dot(v.z, w.Lag(v.z))}

	e, b2, s00 := -1/(n-1), v.kurtosis(), s.S0*s.S0
	s1, s2 := s.S1/s00, s.S2/s00
	normality := newTest(g.Value, e, n*n*s1/(n*n-1), -n*s2/(n*n-1), 3/(n*n-1), -e*e)
	g.Normality = &normality
	places := (n - 1) * (n - 2) * (n - 3)
	g.Randomisation = newTest(g.Value, e,
		n*(n*n-3*n+3)*s1/places, -n*n*s2/places, 3*n/places,
		-b2*(n*n-n)*s1/places, 2*b2*n*s2/places, -6*b2/places, -e*e)

	p := newPairs(w)
	g.Permuted = simulated{x: v.z, seen: g.Value, size: 1, statistic: func(z []four) four {
		return times(scale, p.products(z))
	}}.permute(o)
	return g, nil
}

// Geary returns Geary's C (Geary 1954; moments by Cliff and Ord 1981): below
// its expectation of 1 where neighbours are alike, above it where they differ.
// It looks at differences between neighbours, where Moran's I looks at their
// common distance from the mean. It returns the errors of Moran.
func Geary(w *Weights, x []float64, o Options) (Global, error) {
	v, s, err := o.prepareGlobal(w, x)
	if err != nil {
		return Global{}, err
	}
	n, b2, s1, s2 := float64(w.Len()), v.kurtosis(), s.S1/(s.S0*s.S0), s.S2/(s.S0*s.S0)
	scale := (n - 1) / (2 * n * s.S0 * v.m2)
	g := Global{Value: scale * w.differences(v.z)}

	normality := newTest(g.Value, 1, s1*(n-1)/(n+1), s2*(n-1)/(2*(n+1)), -2/(n+1))
	g.Normality = &normality
	places := n * (n - 2) * (n - 3)
	g.Randomisation = newTest(g.Value, 1,
		(n-1)*(n*n-3*n+3)*s1/places, -(n-1)*(n-1)*b2*s1/places,
		-(n-1)*(n*n+3*n-6)*s2/4/places, (n-1)*(n*n-n+2)*b2*s2/4/places,
		(n*n-3)/places, -(n-1)*(n-1)*b2/places)

	// (a − b)² is a² + b² − 2ab: squares by area, products by pair.
	p, both := newPairs(w), w.bothSums()
	g.Permuted = simulated{x: v.z, seen: g.Value, size: 1, statistic: func(z []four) four {
		squares, products := weighted(both, z, true), p.products(z)
		for k := range squares {
			squares[k] -= 2 * products[k]
		}
		return times(scale, squares)
	}}.permute(o)
	return g, nil
}

// GeneralG returns General G (Getis and Ord 1992): the share of all products of
// two areas' values that is of neighbours. It is above its expectation where
// high values lie together and below it where low ones do; it is meant for
// weights of 1 and values that have a natural zero. It returns the errors of
// Moran, ErrNegative for values below zero, and ErrTooFew if one area has all of
// the sum or all but some 0.005 % of it, of which no variance can be had.
func GeneralG(w *Weights, x []float64, o Options) (Global, error) {
	v, s, err := o.prepareGlobal(w, x)
	if err != nil {
		return Global{}, err
	}
	if err := stats.Counts(x); err != nil {
		return Global{}, err
	}
	n, s00 := float64(w.Len()), s.S0*s.S0
	// Divided by their mean the values have moments of a size that can be squared.
	y, m2, m3, m4, products := make([]float64, len(x)), 0.0, 0.0, 0.0, 0.0
	before := 0.0
	for i := range y {
		y[i] = v.x[i] / v.mean
		square := y[i] * y[i]
		m2, m3, m4 = m2+square, m3+square*y[i], m4+square*square
		products += 2 * y[i] * before
		before += y[i]
	}
	if products < leastProducts*n*n {
		return Global{}, fmt.Errorf("nearly all is in one area: %w", stats.ErrTooFew)
	}
	scale := 1 / products
	g := Global{Value: scale * dot(y, w.Lag(y))}

	e := s.S0 / (n * (n - 1))
	b0 := (n*n-3*n+3)*s.S1 - n*s.S2 + 3*s00
	b1 := (n*n-n)*s.S1 - 2*n*s.S2 + 6*s00
	b2 := 2*n*s.S1 - (n+3)*s.S2 + 6*s00
	b3 := 4*(n-1)*s.S1 - 2*(n+1)*s.S2 + 8*s00
	b4 := s.S1 - s.S2 + s00
	places := n * (n - 1) * (n - 2) * (n - 3) / (scale * scale)
	g.Randomisation = newTest(g.Value, e, b0*m2*m2/places, -b1*m4/places, -b2*n*n*m2/places, b3*n*m3/places, b4*n*n*n*n/places, -e*e)

	p := newPairs(w)
	g.Permuted = simulated{x: y, seen: g.Value, size: e, statistic: func(z []four) four {
		return times(scale, p.products(z))
	}}.permute(o)
	return g, nil
}

// leastProducts is the least that the products of two areas' values may be of the
// square of their sum: the variance is a difference that its square is held by.
const leastProducts = 1e-4

// BivariateMoran returns the bivariate Moran's I (Wartenberg 1985) of an area's
// x with its neighbours' y. Its expectation and permutations are those of
// dealing out y with x in place, so association of x and y within places is not
// accounted for: where both cluster alike, the statistic is high without any
// effect of one place on the next. It returns the errors of Moran.
func BivariateMoran(w *Weights, x, y []float64, o Options) (Global, error) {
	vx, s, err := o.prepareGlobal(w, x)
	if err != nil {
		return Global{}, err
	}
	vy, _, err := o.prepareGlobal(w, y)
	if err != nil {
		return Global{}, err
	}
	// Each y counts with the x of the areas whose neighbour it is.
	n, reach := float64(w.Len()), make([]float64, w.Len())
	for i := range reach {
		to, weight := w.Row(i)
		for k, j := range to {
			reach[j] += weight[k] * vx.z[i]
		}
	}
	scale := 1 / (s.S0 * math.Sqrt(vx.m2) * math.Sqrt(vy.m2))
	g := Global{Value: scale * dot(reach, vy.z)}
	mean := stats.Sum(reach) / n
	variance := scale * scale * n / (n - 1) * vy.m2
	g.Randomisation = newTest(g.Value, 0, variance*dot(reach, reach), -variance*n*mean*mean)
	most := scale * norm(reach) * norm(vy.z) // I cannot be greater
	g.Permuted = simulated{x: vy.z, seen: g.Value, size: most, statistic: func(z []four) four {
		return times(scale, weighted(reach, z, false))
	}}.permute(o)
	return g, nil
}

// differences returns the sum over links of the squared difference.
func (w *Weights) differences(z []float64) float64 {
	sum := 0.0
	for i := range z {
		to, weight := w.Row(i)
		for k, j := range to {
			sum += weight[k] * (z[i] - z[j]) * (z[i] - z[j])
		}
	}
	return sum
}

// bothSums returns each area's row sum plus its column sum.
func (w *Weights) bothSums() []float64 {
	both := make([]float64, w.Len())
	for i := range both {
		to, weight := w.Row(i)
		for k, j := range to {
			both[i] += weight[k]
			both[j] += weight[k]
		}
	}
	return both
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func times(f float64, v four) four {
	for k := range v {
		v[k] *= f
	}
	return v
}
