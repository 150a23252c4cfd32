package density

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// A surface is worked on in strips of so many rows. The events that reach a
// strip are added in one order, so a cell has the same sum however the strips
// are shared out.
const stripRows = 32

// spread adds the kernels of the sources, in weight per square metre, to a new
// surface.
func (g Grid) spread(k Kernel, sources []source) []float64 {
	out := make([]float64, g.Columns*g.Rows)
	sorted, start := g.byRow(sources)
	widest := 0.0
	for _, s := range sources {
		widest = max(widest, k.reach(s.bandwidth))
	}
	type scratch struct{ column, row []float64 }
	own := make([]scratch, stats.Workers())
	stats.Parallel((g.Rows+stripRows-1)/stripRows, func(worker, strip int) {
		if own[worker].column == nil {
			own[worker] = scratch{make([]float64, g.Columns), make([]float64, stripRows)}
		}
		first, end := strip*stripRows, min((strip+1)*stripRows, g.Rows)
		from := start[g.line(g.Y+float64(first)*g.Cell-widest)]
		to := start[g.line(g.Y+float64(end)*g.Cell+widest)+1]
		for _, s := range sorted[from:to] {
			if k == Gaussian {
				g.addGaussian(out, s, first, end, own[worker].column, own[worker].row)
			} else {
				g.addQuartic(out, s, first, end, own[worker].column)
			}
		}
	})
	return out
}

// line is a row and one: 0 for what lies south of the grid, Rows + 1 for north.
func (g Grid) line(y float64) int {
	return int(max(0, min(math.Floor((y-g.Y)/g.Cell)+1, float64(g.Rows+1))))
}

// byRow puts the sources in the order of their lines; start[l] is where those
// of line l begin.
func (g Grid) byRow(sources []source) (sorted []source, start []int) {
	start = make([]int, g.Rows+3)
	for _, s := range sources {
		start[g.line(s.y)+1]++
	}
	for l := 1; l < len(start); l++ {
		start[l] += start[l-1]
	}
	next := slices.Clone(start)
	sorted = make([]source, len(sources))
	for _, s := range sources {
		l := g.line(s.y)
		sorted[next[l]] = s
		next[l]++
	}
	return sorted, start
}

// addGaussian adds one event to the rows of a strip. A Gaussian is the product
// of one along the row and one along the column, so a table of each is all that
// needs the exponential function.
func (g Grid) addGaussian(out []float64, s source, first, end int, column, row []float64) {
	reach := Gaussian.reach(s.bandwidth)
	top, bottom := g.rows(s.y, reach, first, end)
	from, to := g.columns(s.x, reach)
	if top == bottom || from == to {
		return
	}
	column, row = column[:to-from], row[:bottom-top]
	bell(column, g.X+(float64(from)+0.5)*g.Cell-s.x, g.Cell, s.bandwidth)
	bell(row, g.Y+(float64(top)+0.5)*g.Cell-s.y, g.Cell, s.bandwidth)
	weight := s.weight * Gaussian.peak(s.bandwidth)
	for r := 0; r < len(row); r += 2 { // two rows read the table once
		at := (top+r)*g.Columns + from
		if r+1 == len(row) {
			addRow(out[at:at+len(column)], column, weight*row[r])
			break
		}
		below := at + g.Columns
		addRows(out[at:at+len(column)], out[below:below+len(column)], column, [2]float64{weight * row[r], weight * row[r+1]})
	}
}

func addRow(line, column []float64, by float64) {
	line = line[:len(column)]
	for i, c := range column {
		line[i] += by * c
	}
}

func addRows(a, b, column []float64, by [2]float64) {
	a, b = a[:len(column)], b[:len(column)]
	u, v := by[0], by[1]
	for i, c := range column {
		a[i] += u * c
		b[i] += v * c
	}
}

// bell fills a table with exp(−d²/2h²) for d = start, start + step, …. Three
// exponentials make the next forty values, to 2e-13: the ratio of one to the next falls
// by a constant factor.
func bell(table []float64, start, step, h float64) {
	const run = 40
	factor := gaussian(2 * (step / h) * (step / h))
	for k := 0; k < len(table); k += run {
		d := (start + float64(k)*step) / h
		v := gaussian(d * d)
		ratio := math.Exp(-(step / h) * (d + step/h/2))
		part := table[k:min(k+run, len(table))]
		for i := range part {
			part[i] = v
			v *= ratio
			ratio *= factor
		}
	}
}

// addQuartic adds one event to the rows of a strip.
func (g Grid) addQuartic(out []float64, s source, first, end int, column []float64) {
	h := s.bandwidth
	top, bottom := g.rows(s.y, h, first, end)
	from, to := g.columns(s.x, h)
	column = column[:to-from]
	for i := range column {
		d := (g.X + (float64(from+i)+0.5)*g.Cell - s.x) / h
		column[i] = d * d
	}
	weight := s.weight * Quartic.peak(h)
	for r := top; r < bottom; r++ {
		d := (g.Y + (float64(r)+0.5)*g.Cell - s.y) / h
		left := 1 - d*d
		low, high := within(column, left)
		part := column[low:high]
		line := out[r*g.Columns+from+low:][:len(part)]
		for i, c := range part {
			line[i] += weight * (left - c) * (left - c)
		}
	}
}

// within is the range of a row of squared distances that are below what is left.
func within(squares []float64, left float64) (low, high int) {
	high = len(squares)
	for low < high && squares[low] >= left {
		low++
	}
	for high > low && squares[high-1] >= left {
		high--
	}
	return low, high
}
