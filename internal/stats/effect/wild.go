package effect

import (
	"math"

	"openvru/internal/stats"
)

// Weights are what the residuals of a cluster are multiplied by in Wild.
type Weights int

const (
	// Automatic is Webb up to 6 clusters and Rademacher above: with few clusters
	// there are too few patterns of signs.
	Automatic Weights = iota
	// Rademacher is 1 or −1. Up to 12 clusters every pattern is used once, so
	// that the result has no sampling error.
	Rademacher
	// Webb is one of ±√½, ±1, ±√1½ (Webb 2013, Queen's Economics Department
	// working paper 1315). Up to 5 clusters every pattern is used once.
	Webb
)

// WildOptions are those of Wild; the zero value is usable.
type WildOptions struct {
	Weights Weights
	Draws   int     // where not all patterns are used; 0 is 9,999
	Null    float64 // the effect to test against
	Level   float64 // of the interval; 0 is 0.95
	Seed    uint64
}

// WildTest is the result of Wild.
type WildTest struct {
	Effect        float64 // the coefficient of the treatment
	StandardError float64 // by cluster, CR1
	T             float64 // effect less null, over the standard error
	// P is the two-sided p-value: how often a draw under the null has a t as far
	// from zero.
	P float64
	// Interval holds the effects that the same test would not reject, and any gaps
	// between them. An end is infinite when no effect that far out is rejected: with
	// G clusters no p-value by signs is under 1/2^(G−1), so that 5 clusters give no
	// end at 0.95.
	Interval stats.Interval
	Clusters int
	// TreatedClusters counts those in which the treatment varies. With one or two
	// the test can reject far too seldom or too often (MacKinnon and Webb 2017,
	// Journal of Applied Econometrics 32:233–254): use Randomise or Synthetic.
	TreatedClusters int
	Draws           int  // how many draws P rests on
	Complete        bool // all patterns were used once: P has no sampling error
}

// Most clusters Wild takes: it keeps a matrix of clusters by clusters, and with
// so many the ordinary errors of Linear are as good.
const mostClusters = 2000

// Wild tests the effect of a treatment in Linear's model, and finds the interval
// of effects, by the wild cluster bootstrap with the null imposed (Cameron,
// Gelbach and Miller 2008, Review of Economics and Statistics 90:414–427): the
// residuals of the model without effect are turned about by whole clusters. Its
// error rates hold with far fewer clusters than those of Linear. Errors are
// those of Linear, and ErrOption, also for more than 2,000 clusters.
func Wild(p Panel, treated [][]float64, controls [][][]float64, o WildOptions) (WildTest, error) {
	r, err := newRegression(p, append([][][]float64{treated}, controls...))
	if err != nil {
		return WildTest{}, err
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Draws == 0 {
		o.Draws = 9999
	}
	if !(o.Level > 0 && o.Level < 1) || o.Draws < 1 || o.Weights < 0 || o.Weights > Webb || r.clusters > mostClusters ||
		math.IsNaN(o.Null) || math.IsInf(o.Null, 0) {
		return WildTest{}, stats.ErrOption
	}
	w := &wild{regression: r}
	if err := w.prepare(); err != nil {
		return WildTest{}, err
	}
	complete := w.draw(o)
	out := WildTest{
		Effect: w.at1.top.a / w.square, Clusters: r.clusters, TreatedClusters: w.treatedClusters(treated),
		Draws: len(w.draws), Complete: complete,
	}
	out.StandardError = math.Sqrt(r.scale()*w.at1.bottom(out.Effect)) / w.square
	out.T = (out.Effect - o.Null) / out.StandardError
	out.P = w.p(o.Null, complete)
	out.Interval = invert(func(null float64) float64 { return w.p(null, complete) }, out.Effect, out.StandardError, 1-o.Level)
	return out, nil
}

// wild is what the bootstrap needs of a regression. Under a null effect β the
// residual of the model without the treatment is e = y° − βd°, both with all
// else taken out. A draw multiplies each cluster's e by a weight; its numerator
// is then Σ w(d°'e) over clusters, and the score of each cluster that its error
// is made of is linear in the weights too (Roodman and others 2019, Stata
// Journal 19:4–60). Since e is linear in β, each draw is kept as a line and a
// parabola in β, and a p-value for any null takes no further regressions.
type wild struct {
	*regression
	square float64      // d°'d°
	slope  [2][]float64 // by cluster: d°'y° and d°'d°
	scores [2][]float64 // clusters by clusters: score of g by what comes of h
	draws  []curve
	at1    curve // the data themselves: all weights 1
}

// line is a − b·β, and curve the numerator and the sum of squared scores of one
// draw as functions of the null.
type line struct{ a, b float64 }

type curve struct {
	top        line
	yy, yd, dd float64
}

// bottom is the sum of squared scores at a null.
func (c *curve) bottom(null float64) float64 {
	return max(0, c.yy-2*null*c.yd+null*null*c.dd)
}

// numerator is the square of the numerator at a null; over bottom it is t², but
// for constants that all draws share.
func (c *curve) numerator(null float64) float64 {
	top := c.top.a - null*c.top.b
	return top * top
}

func (w *wild) prepare() error {
	d, y := w.rest()
	w.square = w.dot(d, d)
	for k, e := range [2][]float64{y, d} {
		w.slope[k], w.scores[k] = w.spread(d, e)
	}
	ones := make([]float64, w.clusters)
	for g := range ones {
		ones[g] = 1
	}
	w.at1 = w.curve(ones, make([]float64, 2*w.clusters))
	if !(w.at1.bottom(w.at1.top.a/w.square) > 1e-24*w.at1.yy) {
		return stats.ErrConstant // a fit without error
	}
	return nil
}

// rest returns the treatment and the outcome with all other columns taken out,
// unobserved cells zero.
func (w *wild) rest() (d, y []float64) {
	d, y = append([]float64(nil), w.x[0]...), append([]float64(nil), w.y...)
	others := &regression{within: w.within, x: w.x[1:]}
	if others.invert() != nil {
		return d, y // not reached: the whole could be inverted
	}
	for _, column := range [][]float64{d, y} {
		for j, b := range others.coefficients(column) {
			for c := range column {
				column[c] -= b * others.x[j][c]
			}
		}
	}
	return d, y
}

// spread returns, for residuals e, what each cluster adds to the numerator, and
// the score of each cluster g when only cluster h has its residuals.
func (w *wild) spread(d, e []float64) (slope, scores []float64) {
	g := w.clusters
	number := w.number()
	slope, scores = make([]float64, g), make([]float64, g*g)
	part := make([]float64, len(e))
	for h := range g {
		for c := range part {
			part[c] = 0
			if number[c/w.periods] == h {
				part[c] = e[c]
				slope[h] += d[c] * e[c]
			}
		}
		w.out(part)
		b := w.coefficients(part)
		for c, v := range part {
			if w.weight[c] == 0 {
				continue
			}
			for j, x := range w.x {
				v -= b[j] * x[c]
			}
			scores[number[c/w.periods]*g+h] += d[c] * v
		}
	}
	return slope, scores
}

// number gives the clusters that have a cell the numbers from 0.
func (w *wild) number() []int {
	out, next := make([]int, w.units), 0
	seen := map[int]int{}
	for i, c := range w.cluster {
		if w.unit[i] == 0 {
			out[i] = -1
			continue
		}
		if _, ok := seen[c]; !ok {
			seen[c] = next
			next++
		}
		out[i] = seen[c]
	}
	return out
}

// curve works out one draw; spare holds twice as many numbers as clusters.
func (w *wild) curve(weights, spare []float64) curve {
	g := w.clusters
	y, d := spare[:g], spare[g:2*g]
	var c curve
	for i, v := range weights {
		c.top.a += v * w.slope[0][i]
		c.top.b += v * w.slope[1][i]
	}
	for i := range g {
		sy, sd := 0.0, 0.0
		rowY, rowD := w.scores[0][i*g:(i+1)*g], w.scores[1][i*g:(i+1)*g]
		for j, v := range weights {
			sy += v * rowY[j]
			sd += v * rowD[j]
		}
		y[i], d[i] = sy, sd
	}
	for i := range g {
		c.yy += y[i] * y[i]
		c.yd += y[i] * d[i]
		c.dd += d[i] * d[i]
	}
	return c
}

// Work is handed out in runs of this many draws, each with a stream of its own.
const run = 64

// draw fills in the draws and reports whether they are all there are.
func (w *wild) draw(o WildOptions) (complete bool) {
	values := []float64{-1, 1}
	if o.Weights == Webb || o.Weights == Automatic && w.clusters <= 6 {
		values = []float64{-math.Sqrt(1.5), -1, -math.Sqrt(0.5), math.Sqrt(0.5), 1, math.Sqrt(1.5)}
	}
	n := o.Draws
	// A pattern and its opposite have the same |t|: with signs, the first cluster's
	// may be held at plus. Webb's are few enough to take all.
	switch {
	case len(values) == 2 && w.clusters <= 12:
		n, complete = 1<<(w.clusters-1), true
	case len(values) == 6 && w.clusters <= 5:
		n, complete = int(math.Pow(6, float64(w.clusters))), true
	}
	w.draws = make([]curve, n)
	stats.Parallel((n+run-1)/run, func(_, piece int) {
		weights, spare := make([]float64, w.clusters), make([]float64, 2*w.clusters)
		r := stats.NewRand(o.Seed, uint64(piece))
		for k := piece * run; k < min((piece+1)*run, n); k++ {
			code := k
			for g := range weights {
				switch {
				case !complete:
					weights[g] = values[r.Below(uint32(len(values)))]
				case len(values) == 2:
					weights[g] = float64(1 - 2*(code<<1>>g&1))
				default:
					weights[g] = values[code%6]
					code /= 6
				}
			}
			w.draws[k] = w.curve(weights, spare)
		}
	})
	return complete
}

// p returns the p-value of a null. A draw that equals the data but for rounding
// counts as far out as they.
func (w *wild) p(null float64, complete bool) float64 {
	top, bottom := w.at1.numerator(null)*(1-1e-9), w.at1.bottom(null)
	hits := 0
	for i := range w.draws {
		if d := &w.draws[i]; d.numerator(null)*bottom >= top*d.bottom(null) {
			hits++
		}
	}
	if complete {
		return float64(hits) / float64(len(w.draws))
	}
	return stats.MonteCarlo(hits, len(w.draws))
}

// treatedClusters counts the clusters in which the treatment takes more than
// one value.
func (w *wild) treatedClusters(treated [][]float64) int {
	seen := map[int]stats.Interval{}
	for i, row := range treated {
		for t, v := range row {
			if w.weight[i*w.periods+t] == 0 {
				continue
			}
			span, ok := seen[w.cluster[i]]
			if !ok {
				span = stats.Interval{Low: v, High: v}
			}
			seen[w.cluster[i]] = stats.Interval{Low: min(span.Low, v), High: max(span.High, v)}
		}
	}
	n := 0
	for _, v := range seen {
		if v.Low < v.High {
			n++
		}
	}
	return n
}
