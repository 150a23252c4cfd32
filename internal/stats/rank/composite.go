package rank

import (
	"math"

	"openvru/internal/stats"
)

// Composite is a Source of composite scores, sums of indicators by weights, in
// which the weights are uncertain: they are drawn from a Dirichlet distribution
// about those given.
type Composite struct {
	// Indicators holds one row an indicator, one column a place, brought to one
	// scale beforehand (see Standardise).
	Indicators [][]float64
	// Weights is one for each indicator, in any unit; nil weighs them alike.
	Weights []float64
	// Concentration says how closely drawn weights keep to those given: the
	// standard deviation of a weight w (as a share) is √(w(1−w)/(Concentration+1)).
	// 0 is the number of indicators, which with equal weights makes every set of
	// weights as likely as any other.
	Concentration float64
}

// Places returns how many places there are.
func (c Composite) Places() int {
	if len(c.Indicators) == 0 {
		return 0
	}
	return len(c.Indicators[0])
}

// Check returns ErrLength, ErrMissing, ErrNegative for a weight, ErrNoPopulation
// when all weights are zero, or ErrOption for a concentration below zero.
func (c Composite) Check() error {
	if c.Weights != nil && len(c.Weights) != len(c.Indicators) {
		return stats.ErrLength
	}
	for _, row := range c.Indicators {
		if len(row) != c.Places() {
			return stats.ErrLength
		}
	}
	if err := stats.Finite(c.Indicators...); err != nil {
		return err
	}
	if err := stats.Counts(c.Weights); err != nil {
		return err
	}
	if !(c.Concentration >= 0) || math.IsInf(c.Concentration, 1) {
		return stats.ErrOption
	}
	if stats.Sum(c.shares()) == 0 {
		return stats.ErrNoPopulation
	}
	return nil
}

// shares is the weights given, summing to one.
func (c Composite) shares() []float64 {
	out := make([]float64, len(c.Indicators))
	total := stats.Sum(c.Weights)
	for j := range out {
		switch {
		case c.Weights == nil:
			out[j] = 1 / float64(len(out))
		case total > 0:
			out[j] = c.Weights[j] / total
		}
	}
	return out
}

// Scores returns the composite scores by the weights given.
func (c Composite) Scores() []float64 {
	out := make([]float64, c.Places())
	c.score(c.shares(), out)
	return out
}

func (c Composite) score(weights, out []float64) {
	clear(out)
	for j, w := range weights {
		for i, x := range c.Indicators[j] {
			out[i] += w * x
		}
	}
}

// Draw fills out with scores by weights drawn. A weight of zero stays zero.
func (c Composite) Draw(r *stats.Rand, out []float64) {
	weights := c.shares()
	concentration := c.Concentration
	if concentration == 0 {
		concentration = float64(len(weights))
	}
	total := 0.0
	for j, w := range weights {
		if w > 0 {
			weights[j] = r.Gamma(w * concentration)
			total += weights[j]
		}
	}
	if total == 0 { // all gammas of tiny shape may come out as nothing
		weights, total = c.shares(), 1
	}
	for j := range weights {
		weights[j] /= total
	}
	c.score(weights, out)
}

// Standardise returns the values less their mean, in standard deviations (by
// n − 1). Values that are all alike, but for rounding, become zero, so that they
// weigh nothing. A value that is missing makes all so.
func Standardise(values []float64) []float64 {
	out := make([]float64, len(values))
	size := 0.0
	for _, v := range values {
		size = max(size, math.Abs(v))
	}
	if size == 0 {
		return out
	}
	n, squares := float64(len(values)), 0.0
	for i, v := range values {
		out[i] = v / size // whose squares cannot overflow
	}
	mean := stats.Sum(out) / n
	for i := range out {
		out[i] -= mean
		squares += out[i] * out[i]
	}
	deviation := math.Sqrt(squares / max(n-1, 1))
	if deviation <= 1e-14 {
		clear(out)
		return out
	}
	for i := range out {
		out[i] /= deviation
	}
	return out
}

// Stable is how far a composite ranking holds when its weights are drawn anew.
type Stable struct {
	// Rank is the rank of each place by the weights given.
	Rank []float64
	// Simulated is what ranks become.
	Simulated Ranks
	// Tops is how often each place is among the first k.
	Tops Tops
	// Kept[j] is the expected share of the first K[j] that stay among them.
	Kept []float64
	// Shift is the mean number of ranks by which a place moves (Saisana, Saltelli
	// and Tarantola 2005, Journal of the Royal Statistical Society A 168:307–323).
	Shift float64
	// Tau is the mean of Kendall's tau between the ranking given and one drawn;
	// NaN when all scores are alike.
	Tau float64
}

// Stability ranks places by a composite score under weights drawn anew, and for
// each k in ks says who stays among the first k. Errors: those of Of and Top and
// of Composite.Check.
func Stability(c Composite, ks []int, o Options) (Stable, error) {
	var out Stable
	var err error
	if out.Tops, err = Top(c, ks, o); err != nil {
		return Stable{}, err
	}
	if out.Simulated, err = Of(c, o); err != nil {
		return Stable{}, err
	}
	scores := c.Scores()
	out.Rank = Places(scores, o.Lowest)
	for j, k := range ks {
		values := scores
		if o.Lowest {
			values = negated(scores)
		}
		first := newSelector([]int{k}, len(scores))
		first.add(values)
		k = min(k, len(scores))
		kept := 0.0
		for i, n := range first.sums {
			kept += float64(n) / share * out.Tops.In[j][i]
		}
		out.Kept = append(out.Kept, kept/float64(k))
	}
	return out, out.compare(c, o)
}

// compare draws the same weights again and holds each ranking against the one
// given. Sums are of whole numbers or by draw, so that cores do not matter.
func (s *Stable) compare(c Composite, o Options) error {
	o, err := prepare(c, o)
	if err != nil {
		return err
	}
	n := c.Places()
	shifts, taus := make([]float64, o.Draws), make([]float64, o.Draws)
	scratch := make([]*comparison, stats.Workers())
	err = simulate(c, o, 0, o.Draws, func(worker, draw int, values []float64) error {
		if scratch[worker] == nil {
			scratch[worker] = &comparison{newTau(negated(s.Rank)), make([]uint32, n)}
		}
		shifts[draw], taus[draw] = scratch[worker].of(values, s.Rank)
		return nil
	})
	s.Shift = stats.Sum(shifts) / float64(n*o.Draws)
	s.Tau = stats.Sum(taus) / float64(o.Draws)
	return err
}

// comparison is the scratch space to compare one ranking after another.
type comparison struct {
	tau     *tau
	doubled []uint32
}

func (c *comparison) of(values, ranks []float64) (shift, tau float64) {
	tau = c.tau.of(values)
	c.tau.sorter.rank(c.doubled)
	for i, d := range c.doubled {
		shift += math.Abs(float64(d)/2 - ranks[i])
	}
	return shift, tau
}

func negated(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = -v
	}
	return out
}
