package effect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
)

// Fit is a regression with an effect of each unit and each period. Errors are
// robust to any dependence within clusters, by the estimate CR1 that R's
// sandwich and Stata give: with fewer than some forty clusters, or few of them
// treated, its tests reject too often; see Wild.
type Fit struct {
	// Coefficients is one for each column, in the unit of the outcome, or on the
	// log scale for Poisson.
	Coefficients []float64
	// Covariance of the coefficients.
	Covariance lin.Matrix
	// Clusters, Rows (cells used) and Parameters (units, periods and columns).
	Clusters, Rows, Parameters int
	// Fitted is the fitted outcome; NaN in cells that were not used.
	Fitted [][]float64
}

// StandardError returns that of coefficient j.
func (f Fit) StandardError(j int) float64 { return math.Sqrt(f.Covariance.At(j, j)) }

// T returns coefficient j over its standard error: 0 when both are nothing, and
// infinite for an effect without error.
func (f Fit) T(j int) float64 {
	if f.Coefficients[j] == 0 {
		return 0
	}
	return f.Coefficients[j] / f.StandardError(j)
}

// P returns the two-sided p-value of no effect, by Student's t with one degree
// of freedom less than there are clusters.
func (f Fit) P(j int) float64 {
	return 2 * dist.StudentTail(math.Abs(f.T(j)), float64(f.Clusters-1))
}

// Interval returns the interval of coefficient j by the same distribution.
func (f Fit) Interval(j int, level float64) stats.Interval {
	half := dist.StudentQuantile((1+level)/2, float64(f.Clusters-1)) * f.StandardError(j)
	return stats.Interval{Low: f.Coefficients[j] - half, High: f.Coefficients[j] + half}
}

// Wald tests that all the coefficients listed are zero: F with as many degrees
// of freedom as there are, and clusters less one. ErrTooFew when there are not
// fewer coefficients than clusters; ErrOption for one that is not there; ErrSingular.
func (f Fit) Wald(which ...int) (statistic, p float64, err error) {
	q := len(which)
	if q == 0 || q >= f.Clusters {
		return 0, 0, stats.ErrTooFew
	}
	v, b := lin.New(q, q), make([]float64, q)
	for _, i := range which {
		if i < 0 || i >= len(f.Coefficients) {
			return 0, 0, stats.ErrOption
		}
	}
	for r, i := range which {
		b[r] = f.Coefficients[i]
		for c, j := range which {
			v.Set(r, c, f.Covariance.At(i, j))
		}
	}
	solved, err := lin.SolveSPD(v, b)
	if err != nil {
		return 0, 0, err
	}
	statistic = lin.Dot(b, solved) / float64(q)
	return statistic, dist.FTail(statistic, float64(q), float64(f.Clusters-1)), nil
}

// regression is a panel with the means of units and periods taken out.
type regression struct {
	*within
	cluster  []int // of each unit
	clusters int
	raw      []float64 // the outcome
	y        []float64 // the outcome, means taken out
	x        [][]float64
	used     int
	rank     int        // of the indicators
	inverse  lin.Matrix // of x'x
}

// newRegression returns the regression of the outcome on the columns. Errors:
// ErrEmpty, ErrLength, ErrMissing (a column that is NaN or infinite where the
// outcome is observed), ErrTooFew clusters or cells, ErrSingular for a column
// that the units, periods and other columns already say.
func newRegression(p Panel, columns [][][]float64) (*regression, error) {
	units, periods, err := p.size()
	if err != nil {
		return nil, err
	}
	r := &regression{raw: make([]float64, units*periods)}
	weight := make([]float64, units*periods)
	for i, row := range p.Outcome {
		for t, v := range row {
			if !math.IsNaN(v) {
				r.raw[i*periods+t], weight[i*periods+t] = v, 1
				r.used++
			}
		}
	}
	r.within = newWithin(units, periods, weight)
	r.cluster, r.clusters = p.clusters()
	r.clusters = r.live()
	if r.clusters < 2 {
		return nil, stats.ErrTooFew
	}
	for k, column := range columns {
		if err := r.add(column); err != nil {
			return nil, fmt.Errorf("column %d: %w", k, err)
		}
	}
	if r.rank = r.parameters(); r.used <= r.rank+len(columns) {
		return nil, stats.ErrTooFew
	}
	return r, r.solve()
}

// live counts the clusters that have a cell.
func (r *regression) live() int {
	seen := map[int]bool{}
	for i, total := range r.unit {
		if total > 0 {
			seen[r.cluster[i]] = true
		}
	}
	return len(seen)
}

func (r *regression) add(column [][]float64) error {
	if err := shaped(column, r.units, r.periods); err != nil {
		return err
	}
	flat := make([]float64, 0, r.units*r.periods)
	for _, row := range column {
		flat = append(flat, row...)
	}
	for c, v := range flat {
		if r.weight[c] == 0 {
			flat[c] = 0
		} else if math.IsNaN(v) || math.IsInf(v, 0) {
			return stats.ErrMissing
		}
	}
	r.x = append(r.x, flat)
	return stats.Sized(flat)
}

// aliased is the share of a column's length that must be left when the others
// are taken out of it.
const aliased = 1e-7

// solve takes out the means and inverts x'x.
func (r *regression) solve() error {
	r.y = append([]float64(nil), r.raw...)
	r.out(r.y)
	for j, x := range r.x {
		before := r.dot(x, x)
		r.x[j] = append([]float64(nil), x...)
		r.out(r.x[j])
		if left := r.dot(r.x[j], r.x[j]); !(left > aliased*aliased*before) {
			return stats.ErrSingular
		}
	}
	return r.invert()
}

// invert works out the inverse of x'x, scaled so that its diagonal is one for
// the test of whether columns can be told apart.
func (r *regression) invert() error {
	k := len(r.x)
	gram := lin.New(k, k)
	size := make([]float64, k)
	for j := range r.x {
		size[j] = math.Sqrt(r.dot(r.x[j], r.x[j]))
	}
	for j := range r.x {
		for l := range j + 1 {
			v := r.dot(r.x[j], r.x[l]) / (size[j] * size[l])
			gram.Set(j, l, v)
			gram.Set(l, j, v)
		}
	}
	if k == 0 {
		r.inverse = gram
		return nil
	}
	inverse, err := lin.InverseSPD(gram)
	if err != nil {
		return stats.ErrSingular
	}
	for j := range r.x {
		if inverse.At(j, j) > 1/(aliased*aliased) {
			return stats.ErrSingular
		}
		for l := range r.x {
			inverse.Set(j, l, inverse.At(j, l)/(size[j]*size[l]))
		}
	}
	r.inverse = inverse
	return nil
}

// dot is the weighted product of two columns.
func (r *regression) dot(a, b []float64) float64 {
	sum := 0.0
	for c, w := range r.weight {
		sum += w * a[c] * b[c]
	}
	return sum
}

// coefficients of a column that has its means taken out.
func (r *regression) coefficients(y []float64) []float64 {
	products, out := make([]float64, len(r.x)), make([]float64, len(r.x))
	for j, x := range r.x {
		products[j] = r.dot(x, y)
	}
	r.inverse.MulVec(out, products)
	return out
}

// scale is CR1's correction for few clusters and parameters.
func (r *regression) scale() float64 {
	g, n, k := float64(r.clusters), float64(r.used), float64(r.rank+len(r.x))
	return g / (g - 1) * (n - 1) / (n - k)
}

// robust returns the covariance that is robust to dependence within clusters:
// residual holds weight times residual of each cell.
func (r *regression) robust(residual []float64) lin.Matrix {
	k := len(r.x)
	scores := lin.New(len(r.cluster), k) // at most as many clusters as units
	for c, e := range residual {
		row := scores.Row(r.cluster[c/r.periods])
		for j, x := range r.x {
			row[j] += e * x[c]
		}
	}
	meat := lin.New(k, k)
	for g := range scores.Rows {
		row := scores.Row(g)
		for i, a := range row {
			for j, b := range row {
				meat.Data[i*k+j] += a * b
			}
		}
	}
	half, err := r.inverse.Mul(meat)
	if err != nil {
		return meat
	}
	out, err := half.Mul(r.inverse)
	if err != nil {
		return meat
	}
	for i := range out.Data {
		out.Data[i] *= r.scale()
	}
	return out
}

// Linear fits outcome = unit effect + period effect + columns times
// coefficients by least squares (two-way fixed effects), with errors by
// cluster. Each column has the shape of the outcome; the first is usually the
// treatment (see Treated), and for two groups and two spans of time its
// coefficient is the difference in differences of means. Cells that are NaN in
// the outcome are left out.
//
// Errors: ErrEmpty, ErrLength, ErrMissing, ErrTooFew (under two clusters, or no
// more cells than parameters), ErrSingular for a column that says no more than
// units, periods and the columns before it, such as a treatment that all have
// at once.
func Linear(p Panel, columns ...[][]float64) (Fit, error) {
	r, err := newRegression(p, columns)
	if err != nil {
		return Fit{}, err
	}
	b := r.coefficients(r.y)
	residual := append([]float64(nil), r.y...)
	for j, x := range r.x {
		for c := range residual {
			residual[c] -= b[j] * x[c]
		}
	}
	return r.fit(b, residual, func(c int) float64 { return r.raw[c] - residual[c] }), nil
}

func (r *regression) fit(b, residual []float64, fitted func(c int) float64) Fit {
	f := Fit{
		Coefficients: b, Covariance: r.robust(residual), Clusters: r.clusters, Rows: r.used,
		Parameters: r.rank + len(r.x), Fitted: make([][]float64, r.units),
	}
	for i := range f.Fitted {
		f.Fitted[i] = make([]float64, r.periods)
		for t := range r.periods {
			f.Fitted[i][t] = math.NaN()
			if c := i*r.periods + t; r.weight[c] > 0 {
				f.Fitted[i][t] = fitted(c)
			}
		}
	}
	return f
}
