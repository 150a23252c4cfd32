package model

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Design is the columns of a model by name. Its methods add columns and return
// it, so that they can be chained; the first thing that is wrong is kept and
// returned by Fit. Columns are not copied.
type Design struct {
	rows      int
	names     []string
	columns   [][]float64
	intercept bool
	err       error
}

// NewDesign returns a design of that many rows and no columns, not even an
// intercept.
func NewDesign(rows int) *Design {
	d := &Design{rows: rows}
	if rows < 0 {
		d.err = stats.ErrOption
	}
	return d
}

// Intercept adds the column of ones, named "intercept".
func (d *Design) Intercept() *Design {
	ones := make([]float64, max(d.rows, 0))
	for i := range ones {
		ones[i] = 1
	}
	d.intercept = true
	return d.Add("intercept", ones)
}

// Add adds a column. A length other than the design's is stats.ErrLength, a name
// that is taken stats.ErrOption.
func (d *Design) Add(name string, values []float64) *Design {
	switch {
	case d.err != nil:
	case len(values) != d.rows:
		d.err = fmt.Errorf("column %q: %w", name, stats.ErrLength)
	case slices.Contains(d.names, name):
		d.err = fmt.Errorf("column %q is there already: %w", name, stats.ErrOption)
	default:
		d.names = append(d.names, name)
		d.columns = append(d.columns, values)
	}
	return d
}

// Factor adds a column of zeros and ones for each level but the first, named
// "name=level". Without levels they are the values in their order; a value that
// is none of the levels, or a level named twice, is stats.ErrOption. A factor of
// one level adds nothing.
func (d *Design) Factor(name string, values []string, levels ...string) *Design {
	if len(values) != d.rows {
		d.fail(fmt.Errorf("factor %q: %w", name, stats.ErrLength))
		return d
	}
	if len(levels) == 0 {
		levels = slices.Compact(slices.Sorted(slices.Values(values)))
	}
	which := make(map[string]int, len(levels))
	dummies := make([][]float64, len(levels))
	for j, level := range levels {
		if _, ok := which[level]; ok {
			d.fail(errs.New(errs.Invalid, "%q is named twice among the levels of %s: %w", level, name, stats.ErrOption))
			return d
		}
		which[level] = j
		dummies[j] = make([]float64, len(values))
	}
	for i, v := range values {
		j, ok := which[v]
		if !ok {
			d.fail(errs.New(errs.Invalid, "%q is none of the levels of %s: %w", v, name, stats.ErrOption))
			return d
		}
		dummies[j][i] = 1
	}
	for j := 1; j < len(levels); j++ {
		d.Add(name+"="+levels[j], dummies[j])
	}
	return d
}

// Harmonics adds the sine and cosine of 1 to pairs waves a period, named
// "name sin 1", "name cos 1" and so on: a smooth season with period 12 for
// months. Twice the pairs may not exceed the period when times are whole
// numbers; the sine that is zero throughout is then reported as aliased.
func (d *Design) Harmonics(name string, time []float64, period float64, pairs int) *Design {
	if !(period > 0) || math.IsInf(period, 1) || pairs < 1 {
		d.fail(stats.ErrOption)
		return d
	}
	for k := 1; k <= pairs; k++ {
		sin, cos := make([]float64, len(time)), make([]float64, len(time))
		for i, t := range time {
			// The remainder first: the angle stays exact however late the time.
			turn := math.Mod(float64(k)*t, period)
			sin[i], cos[i] = math.Sincos(2 * math.Pi * turn / period)
			if 2*math.Abs(turn) == period { // half a turn, of which rounding leaves some sine
				sin[i] = 0
			}
		}
		d.Add(fmt.Sprintf("%s sin %d", name, k), sin).Add(fmt.Sprintf("%s cos %d", name, k), cos)
	}
	return d
}

// Rows returns the number of rows.
func (d *Design) Rows() int { return d.rows }

// Names returns the names of the columns in their order.
func (d *Design) Names() []string { return slices.Clone(d.names) }

// Column returns the column of that name, nil if there is none. It is not a copy.
func (d *Design) Column(name string) []float64 {
	if i := slices.Index(d.names, name); i >= 0 {
		return d.columns[i]
	}
	return nil
}

// Err returns the first thing that was wrong with a column, nil if nothing was.
func (d *Design) Err() error { return d.err }

func (d *Design) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}
