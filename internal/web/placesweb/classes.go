package placesweb

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/table"
)

// classes cuts values into at most four classes of about as many places each,
// for the colours of a map. Class 0 is for places without a value.
type classes struct {
	upper []float64 // the largest value of each class, rising
	low   float64
	unit  string
	exact int // decimals shown
}

// classify makes the classes of some values; NaN is no value.
func classify(values []float64, unit string, decimals int) classes {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	c := classes{unit: unit, exact: decimals}
	if len(known) == 0 {
		return c
	}
	slices.Sort(known)
	c.low = known[0]
	for i := 1; i <= 4; i++ {
		v := known[(len(known)*i+3)/4-1]
		if n := len(c.upper); n == 0 || v > c.upper[n-1] {
			c.upper = append(c.upper, v)
		}
	}
	return c
}

// class returns the colour of a value.
func (c classes) class(v float64) string {
	if math.IsNaN(v) || len(c.upper) == 0 {
		return className(0)
	}
	for i, u := range c.upper {
		if v <= u {
			return className(c.shade(i))
		}
	}
	return className(4)
}

// shade spreads fewer than four classes over the four colours, darkest last.
func (c classes) shade(i int) int { return 4 - (len(c.upper) - 1 - i) }

func className(n int) string { return fmt.Sprintf("vru-map__class-%d", n) }

// key says what each colour stands for.
func (c classes) key(blank bool) []keyItem {
	var out []keyItem
	from := c.low
	for i, u := range c.upper {
		text := table.Fixed(from, c.exact) + " to " + table.Fixed(u, c.exact)
		if table.Fixed(from, c.exact) == table.Fixed(u, c.exact) {
			text = table.Fixed(u, c.exact)
		} else if i > 0 {
			text = "up to " + table.Fixed(u, c.exact)
		}
		out = append(out, keyItem{className(c.shade(i)), text + " " + c.unit})
		from = u
	}
	if blank {
		out = append(out, keyItem{className(0), "no figure"})
	}
	return out
}
