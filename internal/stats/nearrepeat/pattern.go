package nearrepeat

// The usual marks of a cell that matters, those of the Near Repeat Calculator
// (Ratcliffe 2009): a fifth more pairs than expected, and a one in twenty
// chance.
const (
	UsualRatio = 1.2
	UsualP     = 0.05
)

// Rule is what a cell must meet to count as over-represented: a ratio of
// observed to expected pairs of at least Ratio, and P of at most P. The zero
// rule is the usual one.
type Rule struct{ Ratio, P float64 }

func (r Rule) orUsual() Rule {
	if r.Ratio == 0 {
		r.Ratio = UsualRatio
	}
	if r.P == 0 {
		r.P = UsualP
	}
	return r
}

// Over reports whether the cell has meaningfully more pairs than chance brings.
func (c Cell) Over(r Rule) bool {
	r = r.orUsual()
	return c.Ratio >= r.Ratio && c.P <= r.P
}

// Pattern is what a table says in words: for each space band, for how many time
// bands from the first on there are more pairs than chance brings.
type Pattern struct {
	// Bands has, for each space band of the table except the one beyond, the
	// number of time bands, counted from the first without a gap, that are
	// over-represented; 0 for none.
	Bands []int
	// Space and Time are the cell with the greatest ratio among those
	// over-represented, the bands beyond excepted; −1 when there is none.
	Space, Time int
}

// Pattern reads the table by the rule.
func (t Table) Pattern(r Rule) Pattern {
	p := Pattern{Bands: make([]int, len(t.Bands.Space)), Space: -1, Time: -1}
	best := 0.0
	for s := range t.Bands.Space {
		gap := false
		for k := range t.Bands.Time {
			c := t.Cells[s][k]
			if !c.Over(r) {
				gap = true
				continue
			}
			if !gap {
				p.Bands[s]++
			}
			if c.Ratio > best {
				best, p.Space, p.Time = c.Ratio, s, k
			}
		}
	}
	return p
}
