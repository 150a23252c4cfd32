package density

import (
	"math"
	"slices"
	"strings"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/statstest"
)

// float reads a number of R, where NA is none.
func float(t *testing.T, s string) float64 {
	t.Helper()
	if s == "NA" {
		return math.NaN()
	}
	return statstest.Number(t, s)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// reference are the events of testdata/density.R and the two regions they were
// seen in.
func reference(t *testing.T) (e Events, whole, cut Grid) {
	t.Helper()
	for _, row := range statstest.Rows(t, "testdata/events.csv")[1:] {
		e.X, e.Y, e.Weight = append(e.X, float(t, row[0])), append(e.Y, float(t, row[1])), append(e.Weight, float(t, row[2]))
	}
	whole = Grid{Cell: 100, Columns: 20, Rows: 16}
	cut = whole
	cut.Inside = make([]bool, 320)
	for i := range cut.Inside {
		r, c := i/20+1, i%20+1
		cut.Inside[i] = !(r > 12 && c > 14) && !(r < 3 && c < 4)
	}
	return e, whole, cut
}

// spatstat moves events to the centre of their pixel, so its surfaces are those
// of Binned, and it knows no events outside the region. It makes the heights of
// a kernel at the pixels sum to one, which without an edge correction shows for
// the quartic kernel.
func TestSurfaceIsThatOfSpatstat(t *testing.T) {
	all, whole, cut := reference(t)
	heights := 0.0
	for i := range 49 {
		x, y := float64(i%7-3)*100, float64(i/7-3)*100
		heights += 1e4 * Quartic.peak(300) * Quartic.at((x*x+y*y)/9e4)
	}
	rows := statstest.Rows(t, "testdata/surface.csv")
	for column, name := range rows[0] {
		words := strings.Fields(name)
		e, g, o := all, whole, Options{Bandwidth: 150, Binned: true}
		o.Edge = map[string]Edge{"none": NoEdge, "uniform": UniformEdge, "event": EventEdge}[words[2]]
		if words[0] == "cut" {
			g = cut
			e = inside(all, cut)
		}
		factor := 1.0
		if words[1] == "quartic" {
			if o.Kernel, o.Bandwidth = Quartic, 300; o.Edge == NoEdge {
				factor = 1 / heights
			}
		}
		s, err := Over(e, g, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range s.Values {
			want := float(t, rows[1+i][column])
			if math.IsNaN(v) != math.IsNaN(want) {
				t.Fatalf("%s: cell %d is %v, not %v", name, i, v, want)
			}
			near(t, name, v*factor, want, 2e-12)
		}
	}
}

func inside(e Events, g Grid) (out Events) {
	for i := range e.X {
		if g.Holds(e.X[i], e.Y[i]) {
			out.X, out.Y, out.Weight = append(out.X, e.X[i]), append(out.Y, e.Y[i]), append(out.Weight, e.weight(i))
		}
	}
	return out
}

func TestPointsAreThoseOfSpatstat(t *testing.T) {
	e, _, _ := reference(t)
	values := map[string][]float64{}
	for _, row := range statstest.Rows(t, "testdata/points.csv")[1:] {
		values[row[0]+row[1]] = append(values[row[0]+row[1]], float(t, row[2]))
	}
	for name, o := range map[string]Options{"gaussian": {Bandwidth: 150}, "quartic": {Kernel: Quartic, Bandwidth: 300}} {
		with, err := At(e, Points{e.X, e.Y}, Grid{}, o)
		if err != nil {
			t.Fatal(err)
		}
		without, err := LeaveOneOut(e, Grid{}, o, false)
		if err != nil {
			t.Fatal(err)
		}
		for i := range with {
			near(t, name, with[i], values[name+"FALSE"][i], 1e-9)
			near(t, name+" but one", without[i], values[name+"TRUE"][i], 1e-9)
		}
	}
}

// kde of R's ks, without bins.
func TestPointsAreThoseOfKs(t *testing.T) {
	e, _, _ := reference(t)
	var p Points
	var want []float64
	for _, row := range statstest.Rows(t, "testdata/ks.csv")[1:] {
		p.X, p.Y, want = append(p.X, float(t, row[0])), append(p.Y, float(t, row[1])), append(want, float(t, row[2]))
	}
	got, err := At(e, p, Grid{}, Options{Bandwidth: 150})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		near(t, "density", v, want[i], 1e-10)
	}
}

func TestRulesAreThoseOfSpatstat(t *testing.T) {
	e, _, _ := reference(t)
	e.Weight = nil
	r, err := NormalReference(e)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{"scott x": r.X, "scott y": r.Y, "scott": r.Scott}
	for _, row := range statstest.Rows(t, "testdata/bandwidth.csv")[1:] {
		if h, ok := strings.CutPrefix(row[0], "log "); ok {
			values, err := LeaveOneOut(e, Grid{}, Options{Bandwidth: float(t, h)}, false)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, v := range values {
				sum += math.Log(v / perKm2)
			}
			got[row[0]] = sum
		}
		near(t, row[0], got[row[0]], float(t, row[1]), 1e-9)
	}
	ones := Events{X: e.X, Y: e.Y, Weight: slices.Repeat([]float64{3}, len(e.X))}
	if same, _ := NormalReference(ones); math.Abs(same.Scott-r.Scott) > 1e-9 || math.Abs(same.Robust-r.Robust) > 1e-9 {
		t.Errorf("equal weights change the rule: %+v, %+v", same, r)
	}
	if r.Robust > r.Scott {
		t.Errorf("%+v", r)
	}
}

// somewhere are events at random, some of them outside the 20 by 16 cells, and
// a region with holes.
func somewhere(seed uint64, n int) (Events, Grid) {
	r := stats.NewRand(seed, 0)
	e := Events{make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		e.X[i], e.Y[i], e.Weight[i] = 1000+2200*r.Float64()-100, -700+1800*r.Float64()-100, r.Exponential()
	}
	g := Grid{X: 1000, Y: -700, Cell: 50, Columns: 40, Rows: 32, Inside: make([]bool, 40*32)}
	for i := range g.Inside {
		g.Inside[i] = r.Float64() < 0.9
	}
	return e, g
}

// direct is the definition, summed over everything.
func direct(e Events, g Grid, o Options) []float64 {
	area := g.Cell * g.Cell
	share := func(x, y float64) (sum float64) {
		for i := range g.Columns * g.Rows {
			if g.inside(i) {
				cx, cy := g.Centre(i/g.Columns, i%g.Columns)
				sum += o.Kernel.at(((x-cx)*(x-cx) + (y-cy)*(y-cy)) / o.Bandwidth / o.Bandwidth)
			}
		}
		return sum * area * o.Kernel.peak(o.Bandwidth)
	}
	out := make([]float64, g.Columns*g.Rows)
	for k := range e.X {
		w := e.weight(k)
		if o.Edge != NoEdge && !g.Holds(e.X[k], e.Y[k]) {
			continue
		}
		if o.Edge == EventEdge {
			w /= share(e.X[k], e.Y[k])
		}
		for i := range out {
			cx, cy := g.Centre(i/g.Columns, i%g.Columns)
			dx, dy := e.X[k]-cx, e.Y[k]-cy
			out[i] += w * perKm2 * o.Kernel.peak(o.Bandwidth) * o.Kernel.at((dx*dx+dy*dy)/o.Bandwidth/o.Bandwidth)
		}
	}
	for i := range out {
		if !g.inside(i) {
			out[i] = math.NaN()
		} else if o.Edge == UniformEdge {
			out[i] /= share(g.Centre(i/g.Columns, i%g.Columns))
		}
	}
	return out
}

func TestSurfaceIsTheDirectSum(t *testing.T) {
	e, g := somewhere(1, 120)
	whole := g
	whole.Inside = nil
	for _, g := range []Grid{g, whole} {
		for _, kernel := range []Kernel{Gaussian, Quartic} {
			for _, edge := range []Edge{NoEdge, UniformEdge, EventEdge} {
				for _, h := range []float64{50, 137, 900} {
					o := Options{Kernel: kernel, Edge: edge, Bandwidth: h}
					s, err := Over(e, g, o)
					if err != nil {
						t.Fatal(err)
					}
					want := direct(e, g, o)
					peak := slices.MaxFunc(want, func(a, b float64) int { return int(max(-1, min(1, a-b))) })
					for i, v := range s.Values {
						if math.IsNaN(v) != math.IsNaN(want[i]) || math.Abs(v-want[i]) > 2e-12*peak {
							t.Fatalf("%+v, cell %d: %v, not %v", o, i, v, want[i])
						}
					}
					points := Points{}
					for i := range want {
						x, y := g.Centre(i/g.Columns, i%g.Columns)
						points.X, points.Y = append(points.X, x), append(points.Y, y)
					}
					at, err := At(e, points, g, o)
					if err != nil {
						t.Fatal(err)
					}
					for i, v := range at {
						if g.inside(i) && math.Abs(v-want[i]) > 2e-12*peak {
							t.Fatalf("%+v, point %d: %v, not %v", o, i, v, want[i])
						}
					}
				}
			}
		}
	}
}

// What the events in the region weigh is what the surface holds.
func TestEventEdgeKeepsTheTotal(t *testing.T) {
	e, g := somewhere(2, 300)
	want := 0.0
	for i := range e.X {
		if g.Holds(e.X[i], e.Y[i]) {
			want += e.Weight[i]
		}
	}
	for _, o := range []Options{
		{Bandwidth: 50}, {Bandwidth: 400}, {Bandwidth: 5000}, {Kernel: Quartic, Bandwidth: 50}, {Kernel: Quartic, Bandwidth: 400},
		{Bandwidth: 120, Adaptive: true}, {Kernel: Quartic, Bandwidth: 300, Adaptive: true},
		{Bandwidth: 120, Binned: true}, {Kernel: Quartic, Bandwidth: 300, Binned: true},
	} {
		o.Edge = EventEdge
		s, err := Over(e, g, o)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "total", s.Total(), want, 1e-12)
		near(t, "weight", s.Weight, want, 1e-12)
	}
}

// Events spread evenly have an even density: with the uniform correction on
// average everywhere, without it too little at a corner.
func TestUniformEdgeIsUnbiasedForEvenEvents(t *testing.T) {
	const sets, n = 400, 100
	g := Grid{Cell: 50, Columns: 20, Rows: 20}
	sum := map[Edge]float64{}
	square := map[Edge]float64{}
	for k := range sets {
		r := stats.NewRand(3, uint64(k))
		e := Events{X: make([]float64, n), Y: make([]float64, n)}
		for i := range n {
			e.X[i], e.Y[i] = 1000*r.Float64(), 1000*r.Float64()
		}
		for _, edge := range []Edge{NoEdge, UniformEdge} {
			s, err := Over(e, g, Options{Bandwidth: 150, Edge: edge})
			if err != nil {
				t.Fatal(err)
			}
			sum[edge] += s.Values[0] / sets
			square[edge] += s.Values[0] * s.Values[0] / sets
		}
	}
	spread := math.Sqrt((square[UniformEdge] - sum[UniformEdge]*sum[UniformEdge]) / sets)
	if z := (sum[UniformEdge] - n) / spread; math.Abs(z) > 4 {
		t.Errorf("the corner has %v a km² on average, not 100", sum[UniformEdge])
	}
	if sum[NoEdge] > 45 {
		t.Errorf("without correction the corner has %v a km²", sum[NoEdge])
	}
}

// Moving events to the centres of cells matters where there are few; over many
// it evens out.
func TestBinnedIsClose(t *testing.T) {
	e, g := somewhere(4, 3000)
	for _, kernel := range []Kernel{Gaussian, Quartic} {
		o := Options{Kernel: kernel, Bandwidth: 250}
		exact, err := Over(e, g, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Binned = true
		binned, err := Over(e, g, o)
		if err != nil {
			t.Fatal(err)
		}
		if binned.Used != exact.Used {
			t.Errorf("%d events in bins, %d without", binned.Used, exact.Used)
		}
		sum, cells := 0.0, 0.0
		for i, v := range exact.Values {
			if math.IsNaN(v) {
				continue
			}
			if math.Abs(binned.Values[i]-v) > 0.08*v {
				t.Errorf("cell %d: %v in bins, %v exactly", i, binned.Values[i], v)
			}
			sum += binned.Values[i]/v - 1
			cells++
		}
		if math.Abs(sum/cells) > 0.005 {
			t.Errorf("bins are off by %v on average", sum/cells)
		}
	}
}
