package spatial

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Weights says for each area which others count as its neighbours and how much.
// An area without neighbours (an island) has an empty row; it is kept, and each
// statistic says what it makes of it. Weights do not change after they are made
// and may be used by several goroutines.
type Weights struct {
	start  []int32   // the links of area i are start[i] to start[i+1]
	to     []int32   // the neighbour of each link, ascending within an area
	weight []float64 // of each link
	self   bool      // areas are their own neighbours, see WithSelf
}

// NewWeights makes weights of 1 from lists of neighbours, such as
// geo.Neighbours gives for shapes that adjoin, from the numbers of areas
// counted from 0. Lists need not be mutual. It returns ErrEmpty without areas,
// and ErrOption for a neighbour that is not among the areas, is named twice or
// is the area itself (WithSelf adds those), and for more than 2^27 neighbours.
func NewWeights(neighbours [][]int32) (*Weights, error) {
	w, err := newLists(neighbours)
	if err != nil {
		return nil, err
	}
	for k := range w.weight {
		w.weight[k] = 1
	}
	return w, nil
}

// NewWeightsOf makes weights from lists of neighbours and a weight for each, such
// as one over the minutes that it takes to travel there. A neighbour of weight 0
// is left out: it is none. It returns the errors of NewWeights, ErrLength if an
// area has not as many weights as neighbours, ErrMissing, ErrNegative, and
// ErrOption for weights below 1e-50 or above 1e50, whose squares and sums would
// not hold.
func NewWeightsOf(neighbours [][]int32, weights [][]float64) (*Weights, error) {
	if len(weights) != len(neighbours) {
		return nil, fmt.Errorf("weights of %d areas for %d: %w", len(weights), len(neighbours), stats.ErrLength)
	}
	for i, list := range neighbours {
		if len(weights[i]) != len(list) {
			return nil, fmt.Errorf("area %d has %d neighbours and %d weights: %w", i, len(list), len(weights[i]), stats.ErrLength)
		}
		if err := stats.Counts(weights[i]); err != nil {
			return nil, fmt.Errorf("weights of area %d: %w", i, err)
		}
	}
	w, err := newLists(neighbours)
	if err != nil {
		return nil, err
	}
	for i, list := range neighbours {
		to, weight := w.Row(i)
		for k, j := range list {
			if v := weights[i][k]; v != 0 && !holds(v) {
				return nil, fmt.Errorf("area %d has a weight of %v: %w", i, v, stats.ErrOption)
			}
			at, _ := slices.BinarySearch(to, j)
			weight[at] = weights[i][k]
		}
	}
	return w.withoutZeros(), nil
}

// holds reports whether a weight is of a size whose squares, sums and ratios to
// others are far from the ends of what a float64 can be.
func holds(weight float64) bool { return weight >= 1e-50 && weight <= 1e50 }

// withoutZeros drops links of weight zero.
func (w *Weights) withoutZeros() *Weights {
	kept, from := 0, int32(0)
	for i := range w.Len() {
		to := w.start[i+1]
		for k := from; k < to; k++ {
			if w.weight[k] != 0 {
				w.to[kept], w.weight[kept] = w.to[k], w.weight[k]
				kept++
			}
		}
		from, w.start[i+1] = to, int32(kept)
	}
	w.to, w.weight = w.to[:kept], w.weight[:kept]
	return w
}

// mostLinks is how many there may be: numbers of links have 32 bits, and memory
// an end.
const mostLinks = 1 << 27

func errLinks() error {
	return fmt.Errorf("more than %d neighbours in all: %w", mostLinks, stats.ErrOption)
}

// newLists makes weights of zero from lists of neighbours.
func newLists(neighbours [][]int32) (*Weights, error) {
	n, links := len(neighbours), 0
	for _, list := range neighbours {
		links += len(list)
	}
	if n == 0 {
		return nil, stats.ErrEmpty
	}
	if links > mostLinks {
		return nil, errLinks()
	}
	w := &Weights{start: make([]int32, 1, n+1), to: make([]int32, 0, links), weight: make([]float64, links)}
	for i, list := range neighbours {
		w.to = append(w.to, list...)
		row := w.to[w.start[i]:]
		slices.Sort(row)
		for k, j := range row {
			if j < 0 || int(j) >= n || int(j) == i || k > 0 && row[k-1] == j {
				return nil, fmt.Errorf("area %d cannot have the neighbour %d, or has it twice: %w", i, j, stats.ErrOption)
			}
		}
		w.start = append(w.start, int32(len(w.to)))
	}
	return w, nil
}

// Style is how weights are scaled.
type Style int

// The styles, named in brackets as in R's spdep. S makes the variance of local
// statistics more alike between areas with many and few neighbours (Tiefelsdorf,
// Griffith and Boots 1999). Areas without neighbours do not count in n.
const (
	Binary              Style = iota // 1 for each neighbour (B)
	RowStandardised                  // an area's weights add up to 1 (W)
	GloballyScaled                   // all weights add up to n (C)
	UnitScaled                       // all weights add up to 1 (U)
	VarianceStabilising              // scaled by the root of the row's sum of squares, in total n (S)
)

// As returns the weights in another style; what is no style leaves them as they
// are.
func (w *Weights) As(style Style) *Weights {
	out := *w
	out.weight = slices.Clone(w.weight)
	switch style {
	case Binary:
		for k := range out.weight {
			out.weight[k] = 1
		}
	case RowStandardised:
		out.scaleRows(func(row []float64) float64 { return stats.Sum(row) })
	case VarianceStabilising:
		out.scaleRows(norm)
		out.scaleTo(float64(w.Len() - len(w.Islands())))
	case GloballyScaled:
		out.scaleTo(float64(w.Len() - len(w.Islands())))
	case UnitScaled:
		out.scaleTo(1)
	}
	return &out
}

// RowStandardised returns the weights with each area's divided by their sum, so
// that what its neighbours have is an average.
func (w *Weights) RowStandardised() *Weights { return w.As(RowStandardised) }

// WithSelf returns the weights with each area among its own neighbours, with
// weight 1, as Gi* wants them. Row-standardise afterwards, not before. Weights
// that have it already are returned as they are. An island, too, gets itself.
func (w *Weights) WithSelf() *Weights {
	if w.self {
		return w
	}
	n := w.Len()
	out := &Weights{start: make([]int32, 1, n+1), to: make([]int32, 0, len(w.to)+n), weight: make([]float64, 0, len(w.to)+n), self: true}
	for i := range n {
		to, weight := w.Row(i)
		before, _ := slices.BinarySearch(to, int32(i))
		out.to = append(append(append(out.to, to[:before]...), int32(i)), to[before:]...)
		out.weight = append(append(append(out.weight, weight[:before]...), 1), weight[before:]...)
		out.start = append(out.start, int32(len(out.to)))
	}
	return out
}

// scaleRows divides each row by a measure of it.
func (w *Weights) scaleRows(measure func(row []float64) float64) {
	for i := range w.Len() {
		row := w.weight[w.start[i]:w.start[i+1]]
		if by := measure(row); by != 0 {
			for k := range row {
				row[k] /= by
			}
		}
	}
}

// scaleTo makes all weights add up to a total.
func (w *Weights) scaleTo(total float64) {
	if sum := stats.Sum(w.weight); sum != 0 {
		for k := range w.weight {
			w.weight[k] *= total / sum
		}
	}
}

// Len returns the number of areas.
func (w *Weights) Len() int { return len(w.start) - 1 }

// Links returns how many pairs of area and neighbour there are; a mutual pair
// counts twice.
func (w *Weights) Links() int { return len(w.to) }

// Row returns the neighbours of an area, ascending, and their weights. The
// lists must not be changed.
func (w *Weights) Row(i int) (neighbours []int32, weights []float64) {
	from, to := w.start[i], w.start[i+1]
	return w.to[from:to:to], w.weight[from:to:to]
}

// Lag returns for each area the sum of its neighbours' values times their
// weights: their average if w is row-standardised. An island has zero. x must
// have a value for each area.
func (w *Weights) Lag(x []float64) []float64 {
	out := make([]float64, w.Len())
	for i := range out {
		to, weight := w.Row(i)
		for k, j := range to {
			out[i] += weight[k] * x[j]
		}
	}
	return out
}

func norm(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v * v
	}
	return math.Sqrt(sum)
}
