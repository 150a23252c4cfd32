package density

import (
	"math"
	"runtime"
	"slices"
	"testing"
)

func bits(v []float64) []uint64 {
	out := make([]uint64, len(v))
	for i, x := range v {
		out[i] = math.Float64bits(x)
	}
	return out
}

func TestAnyNumberOfCoresGivesTheSame(t *testing.T) {
	e, g := somewhere(5, 500)
	ask := func() (all []uint64) {
		for _, o := range []Options{
			{Bandwidth: 90}, {Bandwidth: 90, Edge: UniformEdge}, {Bandwidth: 90, Edge: EventEdge, Adaptive: true},
			{Bandwidth: 90, Edge: EventEdge, Binned: true}, {Kernel: Quartic, Bandwidth: 200, Edge: EventEdge},
		} {
			s, err := Over(e, g, o)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, bits(s.Values)...)
		}
		c, err := Likelihood(e, g, Options{Edge: EventEdge}, Search{Sample: 50, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		return append(all, math.Float64bits(c.Bandwidth), math.Float64bits(c.Criterion))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := ask()
	runtime.GOMAXPROCS(4)
	if !slices.Equal(one, ask()) {
		t.Error("the number of cores changes the answer")
	}
}

func TestMovingAndTurningMovesAndTurnsTheSurface(t *testing.T) {
	e, g := somewhere(6, 200)
	s, err := Over(e, g, Options{Bandwidth: 120, Edge: EventEdge})
	if err != nil {
		t.Fatal(err)
	}
	// Across the diagonal, and by a power of two, so that no digit is lost.
	turned := Events{X: e.Y, Y: e.X, Weight: e.Weight}
	h := Grid{X: g.Y, Y: g.X, Cell: g.Cell, Columns: g.Rows, Rows: g.Columns, Inside: make([]bool, len(g.Inside))}
	for i, in := range g.Inside {
		h.Inside[i%g.Columns*h.Columns+i/g.Columns] = in
	}
	other, err := Over(turned, h, Options{Bandwidth: 120, Edge: EventEdge})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range s.Values {
		near(t, "turned", other.Values[i%g.Columns*h.Columns+i/g.Columns], v, 1e-11)
	}
	// Twice the weight is twice the density; the order of events is nothing.
	slices.Reverse(e.X)
	slices.Reverse(e.Y)
	slices.Reverse(e.Weight)
	for i := range e.Weight {
		e.Weight[i] *= 2
	}
	double, err := Over(e, g, Options{Bandwidth: 120, Edge: EventEdge})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range s.Values {
		near(t, "double", double.Values[i], 2*v, 1e-12)
	}
}

// Abramson's rule by its definition.
func TestAdaptiveIsByItsDefinition(t *testing.T) {
	e, g := somewhere(7, 80)
	g.Inside = nil
	e.Weight = nil
	o := Options{Bandwidth: 200}
	pilot, err := At(e, Points{e.X, e.Y}, g, o)
	if err != nil {
		t.Fatal(err)
	}
	logs := 0.0
	for _, v := range pilot {
		logs += math.Log(v) / float64(len(pilot))
	}
	want := make([]float64, g.Columns*g.Rows)
	for k := range e.X {
		h := max(50, min(1000, 200*math.Sqrt(math.Exp(logs)/pilot[k])))
		for i, v := range direct(Events{X: e.X[k : k+1], Y: e.Y[k : k+1]}, g, Options{Bandwidth: h}) {
			want[i] += v
		}
	}
	o.Adaptive = true
	s, err := Over(e, g, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range s.Values {
		near(t, "adaptive", v, want[i], 1e-10)
	}
}
