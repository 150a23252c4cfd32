package model

import (
	"math"

	"openvru/internal/stats"
)

// Points are features of the ground (bus stops, licensed premises, schools) that
// distances and densities are measured to. Coordinates are on a plane, in metres
// (British National Grid). Points may lie on one spot.
type Points struct {
	x, y         []float64 // by square of the grid
	start        []int32   // of each square in x and y
	across, down int
	left, low    float64
	right, high  float64
	side         float64
}

const (
	placesPerJob = 512  // places that are one piece of parallel work
	farthest     = 1e9  // metres that a coordinate may be
	least        = 1e-3 // metres that the radius of a density must be
)

// NewPoints prepares points for measuring. No points are stats.ErrEmpty; lists
// that differ in length ErrLength; a coordinate that is no number ErrMissing, and
// one beyond a million kilometres ErrOption.
func NewPoints(x, y []float64) (*Points, error) {
	if len(x) != len(y) {
		return nil, stats.ErrLength
	}
	if len(x) == 0 {
		return nil, stats.ErrEmpty
	}
	if err := stats.Finite(x, y); err != nil {
		return nil, err
	}
	p := &Points{left: math.Inf(1), low: math.Inf(1), right: math.Inf(-1), high: math.Inf(-1)}
	for i := range x {
		p.left, p.right = min(p.left, x[i]), max(p.right, x[i])
		p.low, p.high = min(p.low, y[i]), max(p.high, y[i])
	}
	if max(-p.left, p.right, -p.low, p.high) > farthest {
		return nil, stats.ErrOption
	}
	p.lay(len(x))
	p.place(x, y)
	return p, nil
}

// lay chooses squares so that there are about two points in each.
func (p *Points) lay(n int) {
	wide, tall := p.right-p.left, p.high-p.low
	p.side = max(math.Sqrt(wide*tall*2/float64(n)), max(wide, tall)*2/float64(n))
	if p.side == 0 { // all on one spot
		p.side = 1
	}
	p.across, p.down = int(wide/p.side)+1, int(tall/p.side)+1
}

// place sorts the points by square.
func (p *Points) place(x, y []float64) {
	p.start = make([]int32, p.across*p.down+1)
	for i := range x {
		p.start[p.square(x[i], y[i])+1]++
	}
	for i := 1; i < len(p.start); i++ {
		p.start[i] += p.start[i-1]
	}
	p.x, p.y = make([]float64, len(x)), make([]float64, len(x))
	next := append([]int32(nil), p.start...)
	for i := range x {
		s := p.square(x[i], y[i])
		p.x[next[s]], p.y[next[s]] = x[i], y[i]
		next[s]++
	}
}

// Len returns the number of points.
func (p *Points) Len() int { return len(p.x) }

// column and row return where in the grid a coordinate lies, or the edge nearest
// to it.
func (p *Points) column(x float64) int { return clamp((x-p.left)/p.side, p.across) }
func (p *Points) row(y float64) int    { return clamp((y-p.low)/p.side, p.down) }

func (p *Points) square(x, y float64) int { return p.row(y)*p.across + p.column(x) }

func clamp(v float64, n int) int {
	if !(v > 0) {
		return 0
	}
	if v >= float64(n) {
		return n - 1
	}
	return int(v)
}

// Nearest returns the distance in metres from each place to the point nearest
// to it. Its errors, as those of Count and Density, are those of NewPoints for
// the places; no places are no distances.
func (p *Points) Nearest(x, y []float64) ([]float64, error) {
	return p.each(x, y, p.nearest)
}

// Count returns how many points lie within radius metres of each place, the
// edge included.
func (p *Points) Count(x, y []float64, radius float64) ([]float64, error) {
	if !(radius >= 0) {
		return nil, stats.ErrOption
	}
	return p.each(x, y, func(x, y float64) float64 {
		n := 0.0
		p.within(x, y, radius, func(float64) { n++ })
		return n
	})
}

// Density returns the density of points at each place, in points per square
// metre, by the quartic kernel of that radius in metres: a point at distance d
// under r counts 3/(πr²) (1 − d²/r²)² (Silverman 1986, section 4.2). It takes no
// account of an edge of the study area. A radius under a millimetre is
// stats.ErrOption.
func (p *Points) Density(x, y []float64, radius float64) ([]float64, error) {
	if !(radius >= least) {
		return nil, stats.ErrOption
	}
	return p.each(x, y, func(x, y float64) float64 {
		sum := 0.0
		p.within(x, y, radius, func(square float64) {
			v := 1 - square/(radius*radius)
			sum += v * v
		})
		return sum * 3 / (math.Pi * radius * radius)
	})
}

// each works a measure out at all places.
func (p *Points) each(x, y []float64, measure func(x, y float64) float64) ([]float64, error) {
	if len(x) != len(y) {
		return nil, stats.ErrLength
	}
	if err := stats.Finite(x, y); err != nil {
		return nil, err
	}
	if max(peak(x), peak(y)) > farthest {
		return nil, stats.ErrOption
	}
	out := make([]float64, len(x))
	jobs := (len(x) + placesPerJob - 1) / placesPerJob
	stats.Parallel(jobs, func(_, job int) {
		for i := job * placesPerJob; i < min((job+1)*placesPerJob, len(x)); i++ {
			out[i] = measure(x[i], y[i])
		}
	})
	return out, nil
}

// within calls with the squared distance of each point no farther than radius.
func (p *Points) within(x, y, radius float64, found func(square float64)) {
	for row := p.row(y - radius); row <= p.row(y+radius); row++ {
		first, last := row*p.across+p.column(x-radius), row*p.across+p.column(x+radius)
		for i := p.start[first]; i < p.start[last+1]; i++ {
			dx, dy := p.x[i]-x, p.y[i]-y
			if d := dx*dx + dy*dy; d <= radius*radius {
				found(d)
			}
		}
	}
}

// nearest looks through the squares around the place, then through rings about
// those until what is left is all farther than the best found. A place off the
// grid starts at its edge: how far off it lies adds, by Pythagoras, to what a
// ring is away at least.
func (p *Points) nearest(x, y float64) float64 {
	column, row := p.column(x), p.row(y)
	offX := max(p.left-x, x-p.right, 0)
	offY := max(p.low-y, y-p.high, 0)
	best := math.Inf(1)
	left, right := max(column-1, 0), min(column+1, p.across-1)
	for r := max(row-1, 0); r <= min(row+1, p.down-1); r++ {
		best = p.run(x, y, r*p.across+left, r*p.across+right, best)
	}
	for ring := 2; ring <= max(p.across, p.down); ring++ {
		away := float64(ring-1) * p.side
		if offX*offX+offY*offY+away*away >= best {
			break
		}
		best = p.ring(x, y, [3]int{column, row, ring}, best)
	}
	return math.Sqrt(best)
}

// ring returns the least squared distance to the points in the squares that are
// so many columns or rows from a square.
func (p *Points) ring(x, y float64, at [3]int, best float64) float64 {
	column, row, ring := at[0], at[1], at[2]
	left, right := max(column-ring, 0), min(column+ring, p.across-1)
	for r := max(row-ring, 0); r <= min(row+ring, p.down-1); r++ {
		if r == row-ring || r == row+ring {
			best = p.run(x, y, r*p.across+left, r*p.across+right, best)
			continue
		}
		if column-ring >= 0 {
			best = p.run(x, y, r*p.across+left, r*p.across+left, best)
		}
		if column+ring < p.across {
			best = p.run(x, y, r*p.across+right, r*p.across+right, best)
		}
	}
	return best
}

// run returns the least squared distance to the points of a run of squares.
func (p *Points) run(x, y float64, first, last int, best float64) float64 {
	for i := p.start[first]; i < p.start[last+1]; i++ {
		dx, dy := p.x[i]-x, p.y[i]-y
		best = min(best, dx*dx+dy*dy)
	}
	return best
}
