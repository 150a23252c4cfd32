package places

import (
	"math"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// Share is the part of a place's figures that goes to a place of another
// vintage.
type Share struct {
	To     Ref
	Weight float64 // the shares of one place sum to 1
}

// Basis says what shares are worked out from.
type Basis int

// The bases, surest first.
const (
	// Same is one place to one: the same code, so the same boundary, or a whole
	// place that went into a larger one.
	Same Basis = iota
	// ByPopulation shares by the people who live in each part.
	ByPopulation
	// ByArea shares by the area of each part, where nobody published its people.
	ByArea
	// Equally shares in equal parts, where nothing else is known.
	Equally
	// ByName takes the place of the same name in the same borough, or the one
	// at a point inside the place.
	ByName
	// Nowhere is a place that no place of the other vintage answers to.
	Nowhere
)

// String says the basis in words.
func (b Basis) String() string {
	return [...]string{"same place", "by population", "by area", "in equal parts", "by name or position", "nowhere"}[b]
}

// Conversion takes figures from one vintage of a kind of place to another.
// Totals are kept: docs/methods/conversions.md.
type Conversion struct {
	From, To ids.Level
	shares   [][]Share
	basis    []Basis
	size     int // places of To
}

// Shares returns where a place's figures go; none when nowhere.
func (c *Conversion) Shares(r Ref) []Share { return c.shares[r] }

// Basis says what a place's shares are worked out from.
func (c *Conversion) Basis(r Ref) Basis { return c.basis[r] }

// reached says which places of the other vintage get anything.
func (c *Conversion) reached() []bool {
	out := make([]bool, c.size)
	for _, shares := range c.shares {
		for _, s := range shares {
			out[s.To] = true
		}
	}
	return out
}

// Converted is figures of another vintage.
type Converted[N int64 | float64] struct {
	Values []N
	// Estimated marks the places whose figure is partly shared out.
	Estimated []bool
	// Unplaced is the sum of the figures of places that no place answers to:
	// Values and Unplaced together sum to what went in.
	Unplaced N
}

// Counts converts whole numbers. Each place's count is divided by largest
// remainder, so what comes out are whole numbers of the same total.
func (c *Conversion) Counts(in []int64) Converted[int64] {
	return apply(c, in, divide)
}

// Values converts real numbers, each divided in proportion. Prefer it to
// Counts for figures that are added up or modelled further: small counts
// divided as whole numbers favour the largest part.
func (c *Conversion) Values(in []float64) Converted[float64] {
	return apply(c, in, proportion)
}

func apply[N int64 | float64](c *Conversion, in []N, split func(N, []Share) []N) Converted[N] {
	out := Converted[N]{Values: make([]N, c.size), Estimated: make([]bool, c.size)}
	for r, n := range in {
		shares := c.shares[r]
		if len(shares) == 0 {
			out.Unplaced += n
			continue
		}
		for i, part := range split(n, shares) {
			out.Values[shares[i].To] += part
			if n != 0 && c.basis[r] != Same {
				out.Estimated[shares[i].To] = true
			}
		}
	}
	return out
}

// proportion divides a value; the last part is what the others leave.
func proportion(v float64, shares []Share) []float64 {
	out := make([]float64, len(shares))
	left, last := v, len(shares)-1
	for i, s := range shares[:last] {
		out[i] = v * s.Weight
		left -= out[i]
	}
	out[last] = left
	return out
}

// divide divides a count by largest remainder; the earlier part wins a tie. A
// count below zero, a correction, is divided as its opposite is.
func divide(n int64, shares []Share) []int64 {
	out := make([]int64, len(shares))
	if len(shares) == 1 || n == 0 {
		out[0] = n
		return out
	}
	if n < 0 {
		out = divide(-n, shares)
		for i := range out {
			out[i] = -out[i]
		}
		return out
	}
	rest := make([]float64, len(shares))
	left := n
	for i, s := range shares {
		exact := float64(n) * s.Weight
		out[i] = min(int64(math.Floor(exact)), left)
		rest[i] = exact - float64(out[i])
		left -= out[i]
	}
	for ; left > 0; left-- {
		i := 0
		for j := range rest {
			if rest[j] > rest[i] {
				i = j
			}
		}
		out[i]++
		rest[i]--
	}
	return out
}

// Conversion returns the way from one vintage of LSOA to another, or from one
// set of wards to another. Errors: NotFound for a level with no places,
// Invalid for levels of different kinds.
func (a *Atlas) Conversion(from, to ids.Level) (*Conversion, error) {
	key := [2]ids.Level{from, to}
	if c, ok := a.conversions.Load(key); ok {
		return c.(*Conversion), nil
	}
	if err := a.convertible(from, to); err != nil {
		return nil, err
	}
	c, _ := a.conversions.LoadOrStore(key, a.newConversion(from, to))
	return c.(*Conversion), nil
}

func (a *Atlas) convertible(from, to ids.Level) error {
	for _, l := range []ids.Level{from, to} {
		if a.Len(l) == 0 {
			return errs.New(errs.NotFound, "no places of the level %s are known", Title(l)).
				WithHint("import a file that names them: vru places import FILE")
		}
	}
	if from.Type() != to.Type() {
		return errs.New(errs.Invalid, "%s cannot be converted to %s", Title(from), Title(to)).
			WithHint("conversions go between vintages of one kind; to go from small places to larger ones, add them up")
	}
	return nil
}

func (a *Atlas) newConversion(from, to ids.Level) *Conversion {
	n := a.Len(from)
	c := &Conversion{from, to, make([][]Share, n), make([]Basis, n), a.Len(to)}
	parts := a.parts(from, to)
	for i := range c.shares {
		r := Ref(i)
		if same := a.ref(to, a.layers[from].codes[r]); same != None {
			c.shares[r], c.basis[r] = []Share{{same, 1}}, Same
			continue
		}
		c.shares[r], c.basis[r] = parts(r)
	}
	return c
}

// parts returns the function that shares out the places that have no place of
// the same code.
func (a *Atlas) parts(from, to ids.Level) func(Ref) ([]Share, Basis) {
	if from.Type() == "lsoa" {
		return a.lsoaParts(from, to)
	}
	return a.wardParts(from, to)
}

// lsoaParts follows the published pairs.
func (a *Atlas) lsoaParts(from, to ids.Level) func(Ref) ([]Share, Basis) {
	targets := make(map[Ref][]Ref)
	for _, p := range a.pairs {
		if p.From.Level == to && p.To.Level == from {
			p.From, p.To = p.To, p.From
		}
		if p.From.Level != from || p.To.Level != to {
			continue
		}
		f, t := a.ref(from, p.From.Code), a.ref(to, p.To.Code)
		if f != None && t != None {
			targets[f] = append(targets[f], t)
		}
	}
	sizes := a.sizes(to)
	return func(r Ref) ([]Share, Basis) {
		to := targets[r]
		slices.Sort(to)
		return shareOut(slices.Compact(to), sizes)
	}
}

// shareOut divides a place among others by their size.
func shareOut(to []Ref, sizes []sizing) ([]Share, Basis) {
	switch len(to) {
	case 0:
		return nil, Nowhere
	case 1:
		return []Share{{to[0], 1}}, Same
	}
	for _, s := range sizes {
		if shares, ok := s.divide(to); ok {
			return shares, s.basis
		}
	}
	shares := make([]Share, len(to))
	for i, t := range to {
		shares[i] = Share{t, 1 / float64(len(to))}
	}
	return shares, Equally
}

// sizing is a measure of size of every place of a level, NaN where unknown.
type sizing struct {
	basis Basis
	of    []float64
}

func (s sizing) divide(to []Ref) ([]Share, bool) {
	total := 0.0
	for _, t := range to {
		total += s.of[t] // NaN when one is unknown
	}
	if !(total > 0) {
		return nil, false
	}
	shares := make([]Share, len(to))
	for i, t := range to {
		shares[i] = Share{t, s.of[t] / total}
	}
	return shares, true
}

// sizes returns the measures of size there are for a level, best first: the
// newest published population, then area.
func (a *Atlas) sizes(l ids.Level) []sizing {
	var out []sizing
	for _, t := range slices.Backward(a.counts) {
		if t.level == l && t.group == Everybody && !t.projection {
			out = append(out, sizing{ByPopulation, t.values})
		}
	}
	if shapes := a.layers[l].shapes; shapes != nil {
		areas := make([]float64, len(shapes))
		for r, s := range shapes {
			areas[r] = geo.SquareMetres(s)
		}
		out = append(out, sizing{ByArea, areas})
	}
	return out
}
