package scan

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/stats"
)

// The reference here shares nothing with the package but the drawing of cases:
// every circle is listed as a set of places, every cylinder summed cell by cell
// and the likelihood written as Kulldorff's equation has it.

type zone struct {
	centre int
	places []int
	radius float64
}

func bruteDistance(d Data, i, j int) float64 {
	if !d.LonLat {
		return math.Hypot(d.X[i]-d.X[j], d.Y[i]-d.Y[j])
	}
	rad := math.Pi / 180
	a := square(math.Sin((d.Y[i]-d.Y[j])*rad/2)) +
		math.Cos(d.Y[i]*rad)*math.Cos(d.Y[j]*rad)*square(math.Sin((d.X[i]-d.X[j])*rad/2))
	return 2 * earthRadius * math.Asin(math.Sqrt(a))
}

func bruteZones(d Data, weight []float64, o Options) []zone {
	var out []zone
	all := stats.Sum(weight)
	for i := range d.X {
		order := make([]int, len(d.X))
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Compare(bruteDistance(d, i, a), bruteDistance(d, i, b))
		})
		for k, j := range order {
			r := bruteDistance(d, i, j)
			if k+1 < len(order) && bruteDistance(d, i, order[k+1]) <= r*(1+1e-9)+1e-9 {
				continue
			}
			held := 0.0
			for _, m := range order[:k+1] {
				held += weight[m]
			}
			if held > o.MaxShare*all*(1+1e-9) || o.MaxRadius > 0 && r > o.MaxRadius*(1+1e-9) {
				break
			}
			out = append(out, zone{i, order[:k+1], r})
		}
	}
	return out
}

// bruteExpected is expected counts scaled to the cases.
func bruteExpected(d Data, permute bool) []float64 {
	n, t := len(d.X), max(d.Periods, 1)
	out := make([]float64, n*t)
	all := stats.Sum(d.Cases)
	for i := range n {
		for u := range t {
			if !permute {
				out[i*t+u] = d.Expected[i*t+u] * all / stats.Sum(d.Expected)
				continue
			}
			place, time := 0.0, 0.0
			for v := range t {
				place += d.Cases[i*t+v]
			}
			for j := range n {
				time += d.Cases[j*t+u]
			}
			out[i*t+u] = place * time / all
		}
	}
	return out
}

func bruteWeight(d Data, expected []float64) []float64 {
	if d.Population != nil {
		return d.Population
	}
	t := max(d.Periods, 1)
	out := make([]float64, len(d.X))
	for i := range out {
		out[i] = stats.Sum(expected[i*t : (i+1)*t])
	}
	return out
}

func bruteLLR(c, e, n float64, o Options) float64 {
	high, low := c > e && o.Rates != Low && c >= float64(o.MinCases), c < e && o.Rates != High
	if e <= 0 || e >= n || !high && !low {
		return 0
	}
	term := func(c, e float64) float64 {
		if c == 0 {
			return 0
		}
		return c * math.Log(c/e)
	}
	return term(c, e) + term(n-c, n-e)
}

type bruteCluster struct {
	zone
	first, last int
	c, e, llr   float64
}

// brute lists all cylinders with their likelihood.
func brute(d Data, o Options, permute bool, cases []float64, windows []window) []bruteCluster {
	t := max(d.Periods, 1)
	expected := bruteExpected(d, permute)
	n := stats.Sum(cases)
	var out []bruteCluster
	for _, z := range bruteZones(d, bruteWeight(d, expected), o) {
		for _, w := range windows {
			c, e := 0.0, 0.0
			for _, i := range z.places {
				for u := w.first; u < w.end; u++ {
					c, e = c+cases[i*t+u], e+expected[i*t+u]
				}
			}
			out = append(out, bruteCluster{z, w.first, w.end - 1, c, e, bruteLLR(c, e, n, o)})
		}
	}
	return out
}

// bruteWindows lists the windows by their definition.
func bruteWindows(t int, o Options, earlier int) []window {
	var out []window
	for a := range t {
		for b := a + 1; b <= t; b++ {
			ok := b-a >= o.MinPeriods && b-a <= o.MaxPeriods && (!o.Prospective || b >= t-earlier)
			if ok || o.WholeTime && b-a == t {
				out = append(out, window{a, b})
			}
		}
	}
	return out
}

func greatest(list []bruteCluster) float64 {
	best := 0.0
	for _, c := range list {
		best = max(best, c.llr)
	}
	return best
}

// greatestApart is the greatest value of those that do not overlap clusters
// found before.
func greatestApart(list []bruteCluster, before []Cluster, o Options) float64 {
	best := 0.0
	for _, c := range list {
		if c.llr > best && !slices.ContainsFunc(before, func(b Cluster) bool { return meet(b, c, o) }) {
			best = c.llr
		}
	}
	return best
}

func meet(a Cluster, b bruteCluster, o Options) bool {
	if o.Overlap == CentresApart {
		return slices.Contains(a.Places, b.centre) || slices.Contains(b.places, a.Centre)
	}
	return slices.ContainsFunc(a.Places, func(i int) bool { return slices.Contains(b.places, i) })
}

// drawn unpacks the cases of one replication of a problem, in the caller's
// order of places; columns are summed over time as the sweep has them.
func drawn(p *problem, replication int) (*sweep, [][]float64) {
	s := p.newSweep()
	var b batch
	s.fillBatch(&b, replication, 1)
	out := make([][]float64, s.columns)
	for k := range out {
		out[k] = make([]float64, s.places)
		for i := range s.places {
			out[k][p.caller[i]] = float64(b.rows[k*s.places+i][0] & (1<<s.bits - 1))
		}
	}
	return s, out
}

// bruteReplication is the greatest value of one replication.
func bruteReplication(d Data, o Options, permute bool, replication int) (float64, error) {
	p, err := newProblem(d, o, permute)
	if err != nil {
		return 0, err
	}
	s, counts := drawn(p, replication)
	expected := bruteExpected(d, permute)
	t, best := max(d.Periods, 1), 0.0
	for _, z := range bruteZones(d, bruteWeight(d, expected), o) {
		for _, w := range s.windows {
			c, e := 0.0, 0.0
			for _, i := range z.places {
				c += counts[w.high][i]
				if w.low >= 0 {
					c -= counts[w.low][i]
				}
				for u := w.first; u < w.end; u++ {
					e += expected[i*t+u]
				}
			}
			best = max(best, bruteLLR(c, e, p.total, o))
		}
	}
	return best, nil
}

// small is a map with everything that is awkward: places that share a point,
// places on a grid at equal distances, places and times without population.
func small(periods int, cases int, seed uint64) Data {
	r := stats.NewRand(seed, 1)
	d := Data{Periods: periods}
	for i := range 30 {
		x, y := 1_000*float64(i%5), 1_000*float64(i/5)
		if i >= 25 {
			x, y = 300+2_000*r.Float64(), 4_000*r.Float64()
		}
		if i == 29 {
			x, y = d.X[27], d.Y[27]
		}
		d.X, d.Y = append(d.X, x), append(d.Y, y)
		for t := range max(periods, 1) {
			people := 100 + 900*r.Float64()
			if i == 7 || i == 13 && t%3 == 1 {
				people = 0
			}
			d.Expected = append(d.Expected, people)
		}
	}
	d.Cases = draw(&r, d.Expected, cases)
	for i, e := range d.Expected {
		if e == 0 {
			d.Cases[i] = 0
		}
	}
	return d
}
