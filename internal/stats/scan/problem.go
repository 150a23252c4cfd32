package scan

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// ErrPart is a number of cases that is not whole.
var ErrPart error = errs.New(errs.Invalid, "A number of cases is not a whole number.")

// ErrImpossible is cases at a place and time where none can be expected: the
// expected count is zero, or lost to rounding beside that of other places or
// times.
var ErrImpossible error = errs.New(errs.Invalid,
	"There are cases where the population or expected count is zero, or as good as zero beside the rest.")

// ErrPosition is a place that is nowhere: a latitude beyond 90 degrees or a
// longitude beyond 360 either way, or a coordinate whose square is no number.
var ErrPosition error = errs.New(errs.Invalid,
	"A place's position is out of range: are these degrees or metres, and in the right order?")

// problem is the data as the scan works on it. Places are numbered anew along
// a curve that keeps neighbours together, so that what is read together lies
// together in memory, and so that results do not depend on the order in which
// the caller has the places, save those that share a point.
type problem struct {
	options Options
	permute bool
	places  int
	periods int
	total   float64 // cases in all
	caller  []int32 // the caller's number of each place
	at      [][3]float64
	boxes   []box // around each run of places
	sphere  bool
	weight  []float64 // population
	limit   float64   // of the population in a circle
	weighed bool      // the population is what is expected
	reach   float64   // squared distance that a circle may span
	// cases and expected of place i up to, not including, period t are at
	// i·(periods+1) + t; expected sums to total.
	cases, expected []float64
	windows         []window // of the observed cases
}

// window is the periods from first up to, not including, end.
type window struct{ first, end int }

const (
	mostCases    = 1<<31 - 1
	mostPermuted = 1 << 26 // each is held in memory by itself
)

func newProblem(d Data, o Options, permute bool) (*problem, error) {
	p := &problem{options: o, permute: permute, places: len(d.X), periods: max(d.Periods, 1), sphere: d.LonLat}
	if err := p.check(d); err != nil {
		return nil, err
	}
	p.locate(d)
	if err := p.fill(d); err != nil || p.total == 0 {
		return p, err
	}
	p.windows = timeWindows(p.periods, o, 0)
	return p, nil
}

func (p *problem) check(d Data) error {
	cells := func(list []float64) bool { // without a product, which may overflow
		return len(list)%p.periods == 0 && len(list)/p.periods == p.places
	}
	switch {
	case p.places == 0:
		return stats.ErrEmpty
	case d.Periods < 0 || len(d.Y) != p.places || !cells(d.Cases),
		!p.permute && !cells(d.Expected),
		d.Population != nil && len(d.Population) != p.places:
		return stats.ErrLength
	case p.permute && p.periods < 2:
		return stats.ErrTooFew
	}
	if err := stats.Finite(d.X, d.Y); err != nil {
		return err
	}
	expected := d.Expected
	if p.permute {
		expected = nil
	}
	if err := stats.Counts(d.Cases, expected, d.Population); err != nil {
		return err
	}
	most := float64(mostCases)
	if p.permute {
		most = mostPermuted
	}
	return cmp.Or(checkPositions(d), checkCases(d.Cases, expected, most))
}

func checkPositions(d Data) error {
	x, y := 1e150, 1e150
	if d.LonLat {
		x, y = 360, 90
	}
	for i := range d.X {
		if math.Abs(d.X[i]) > x || math.Abs(d.Y[i]) > y {
			return ErrPosition
		}
	}
	return nil
}

// checkCases wants whole numbers of cases, not too many, and none where none
// can be expected.
func checkCases(cases, expected []float64, most float64) error {
	total := 0.0
	for i, v := range cases {
		if v != math.Floor(v) {
			return ErrPart
		}
		if v > 0 && expected != nil && expected[i] == 0 {
			return ErrImpossible
		}
		total += v
	}
	if total > most {
		return stats.ErrOption
	}
	return nil
}

// fill sums cases and expected counts over time, in the new order of places.
func (p *problem) fill(d Data) error {
	p.total = stats.Sum(d.Cases)
	value := func(place, period int) float64 { return d.Expected[place*p.periods+period] }
	if p.permute {
		value = marginal(d.Cases, p.places, p.periods)
	}
	p.cases = p.cumulate(func(place, period int) float64 { return d.Cases[place*p.periods+period] })
	p.expected = p.cumulate(value)
	all := 0.0
	for i := range p.places {
		all += p.expected[i*(p.periods+1)+p.periods]
	}
	if all == 0 && !p.permute {
		return stats.ErrNoPopulation
	}
	if math.IsInf(all, 1) {
		return stats.ErrMissing
	}
	if p.total == 0 {
		return nil
	}
	for i := range p.expected {
		p.expected[i] = p.expected[i] / all * p.total
	}
	if p.impossible() {
		return ErrImpossible
	}
	return p.weigh(d)
}

// impossible reports whether there are cases where nothing is left of what was
// expected.
func (p *problem) impossible() bool {
	for i := 1; i < len(p.cases); i++ {
		// The first of each row is zero, which is never more than what was before.
		if p.cases[i] > p.cases[i-1] && p.expected[i] <= p.expected[i-1] {
			return true
		}
	}
	return false
}

// weigh sets what the size of circles is measured in.
func (p *problem) weigh(d Data) error {
	p.weight = make([]float64, p.places)
	for i, place := range p.caller {
		if d.Population != nil {
			p.weight[i] = d.Population[place]
		} else { // by the permutation model these are the cases
			p.weight[i] = p.expected[i*(p.periods+1)+p.periods]
		}
	}
	p.weighed = d.Population == nil
	all := stats.Sum(p.weight)
	switch {
	case all == 0:
		return stats.ErrNoPopulation
	case math.IsInf(all, 1):
		return stats.ErrMissing
	}
	// A share that is reached exactly is within it, whatever the rounding.
	p.limit = p.options.MaxShare * all * (1 + 1e-12)
	return nil
}

// cumulate returns a table of places by periods summed over time.
func (p *problem) cumulate(value func(place, period int) float64) []float64 {
	out := make([]float64, p.places*(p.periods+1))
	for i, place := range p.caller {
		row := out[i*(p.periods+1):]
		for t := range p.periods {
			row[t+1] = row[t] + value(int(place), t)
		}
	}
	return out
}

// marginal is the expected counts that the totals of places and times give.
func marginal(cases []float64, places, periods int) func(place, period int) float64 {
	ofPlace, ofTime := make([]float64, places), make([]float64, periods)
	for i := range places {
		for t := range periods {
			ofPlace[i] += cases[i*periods+t]
			ofTime[t] += cases[i*periods+t]
		}
	}
	return func(place, period int) float64 { return ofPlace[place] * ofTime[period] }
}

// timeWindows lists the periods a cluster may last. A prospective scan has
// those that last to the latest period, or to one of so many before it.
func timeWindows(periods int, o Options, earlier int) []window {
	var out []window
	from := 1
	if o.Prospective {
		from = periods - earlier
	}
	for end := from; end <= periods; end++ {
		for length := o.MinPeriods; length <= min(o.MaxPeriods, end); length++ {
			out = append(out, window{first: end - length, end: end})
		}
	}
	whole := window{first: 0, end: periods}
	if o.WholeTime && !slices.Contains(out, whole) {
		out = append(out, whole)
	}
	return out
}

// locate numbers the places along a curve and sets where they are: in the
// plane, or on a sphere of radius one. Straight lines through the sphere are in
// the same order as great circles along it.
func (p *problem) locate(d Data) {
	curve := alongCurve(d.X, d.Y)
	p.caller = make([]int32, p.places)
	for i := range p.caller {
		p.caller[i] = int32(i)
	}
	slices.SortFunc(p.caller, func(a, b int32) int {
		return cmp.Or(cmp.Compare(curve[a], curve[b]),
			cmp.Compare(d.X[a], d.X[b]), cmp.Compare(d.Y[a], d.Y[b]), cmp.Compare(a, b))
	})
	p.at = make([][3]float64, p.places)
	for i, place := range p.caller {
		p.at[i] = [3]float64{d.X[place], d.Y[place], 0}
		if d.LonLat {
			p.at[i] = onSphere(d.X[place], d.Y[place])
		}
	}
	p.boxes = boxes(p.at)
	p.reach = math.Inf(1)
	if r := p.options.MaxRadius; r > 0 {
		p.reach = square(r)
		if d.LonLat {
			p.reach = square(2 * math.Sin(min(r/earthRadius, math.Pi)/2))
		}
		p.reach *= 1 + 1e-12
	}
}

const earthRadius = 6_371_008.8 // metres; the mean radius of the Earth

func onSphere(lon, lat float64) [3]float64 {
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// metres turns a squared distance into metres.
func (p *problem) metres(squared float64) float64 {
	d := math.Sqrt(squared)
	if p.sphere {
		return 2 * earthRadius * math.Asin(min(d/2, 1))
	}
	return d
}

// alongCurve returns each point's place along Morton's curve.
func alongCurve(x, y []float64) []uint64 {
	out := make([]uint64, len(x))
	x0, dx := span(x)
	y0, dy := span(y)
	size := max(dx, dy)
	if size == 0 {
		return out
	}
	for i := range out {
		out[i] = spread((x[i]-x0)/size) | spread((y[i]-y0)/size)<<1
	}
	return out
}

func span(v []float64) (low, length float64) {
	low = slices.Min(v)
	return low, slices.Max(v) - low
}

// spread puts the first 20 binary places of a share at every second bit.
func spread(share float64) uint64 {
	v, out := uint64(share*(1<<20-1)), uint64(0)
	for bit := range 20 {
		out |= v >> bit & 1 << (2 * bit)
	}
	return out
}

func square(x float64) float64 { return x * x }
