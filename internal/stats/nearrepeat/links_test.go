package nearrepeat

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"openvru/internal/stats"
)

func TestACellByHand(t *testing.T) {
	c := newCell(6, 3, 4, []float64{9, 1, 6, 2})
	want := Cell{Observed: 6, Expected: 3, Variance: 4, Ratio: 2, Z: 1.5, P: 3.0 / 5, Mean: 4.5, Median: 4, MedianRatio: 1.5}
	near(t, "Poisson", c.Poisson, 1-math.Exp(-3)*(1+3+4.5+4.5+3.375+2.025), 1e-13)
	if c.Poisson = 0; c != want {
		t.Errorf("%+v, not %+v", c, want)
	}
}

// A rule asks for both, and days are counted up to the first gap.
func TestPatternByHand(t *testing.T) {
	over, rare, more := Cell{Ratio: 1.2, P: 0.05}, Cell{Ratio: 1.19, P: 0.001}, Cell{Ratio: 3, P: 0.051}
	top := Cell{Ratio: 2, P: 0.01}
	table := Table{
		Bands: Bands{Space: []float64{0, 100, 200}, Time: []float64{0, 1, 2}},
		Cells: [][]Cell{{over, over, rare, top}, {more, top, over, top}, {over, rare, over, top}, {top, top, top, top}},
	}
	want := Pattern{Bands: []int{2, 0, 1}, Space: 1, Time: 1}
	if p := table.Pattern(Rule{}); !reflect.DeepEqual(p, want) {
		t.Errorf("%+v", p)
	}
	if p := table.Pattern(Rule{Ratio: 2.5, P: 0.1}); !reflect.DeepEqual(p, Pattern{Bands: []int{0, 1, 0}, Space: 1, Time: 0}) {
		t.Errorf("by another rule %+v", p)
	}
}

func TestLinksByHand(t *testing.T) {
	// 0 → 1 → 2 in a row, 3 and 4 on one day at one place, 5 near in space only.
	e := Events{
		X:    []float64{0, 50, 100, 5000, 5000, 5000},
		Y:    []float64{0, 0, 0, 0, 0, 10},
		Time: []float64{1, 3, 6, 40, 40, 90},
	}
	l, err := Link(e, Zone{Space: 60, Time: 3})
	if err != nil {
		t.Fatal(err)
	}
	want := Links{
		Before: []int{0, 1, 1, 0, 0, 0}, Same: []int{0, 0, 0, 1, 1, 0}, After: []int{1, 1, 0, 0, 0, 0},
		Chain: []int{0, 0, 0, 1, 1, -1}, Sizes: []int{3, 2},
	}
	if !reflect.DeepEqual(l, want) {
		t.Errorf("%+v", l)
	}
	if _, err := Link(Events{}, Zone{}); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := Link(e, Zone{Space: math.NaN()}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	one, err := Link(Events{[]float64{1}, []float64{1}, []float64{1}}, Zone{Space: 1, Time: 1})
	if err != nil || one.Chain[0] != -1 || len(one.Sizes) != 0 {
		t.Error(one, err)
	}
}

// Every link is a pair of the table, and chains hold those who are linked.
func TestLinksAreThePairsOfTheTable(t *testing.T) {
	e := scattered(16, 500, 3000, 200)
	l, err := Link(e, Zone{Space: 150, Time: 14, Metric: Manhattan})
	if err != nil {
		t.Fatal(err)
	}
	c := knox(t, e, Bands{Space: []float64{150}, Time: []float64{14}, Metric: Manhattan}, Options{Replications: 1}).Cells[0][0]
	before, after, sameTime, chained, sizes := 0, 0, 0, 0, 0
	for i := range e.X {
		before, after, sameTime = before+l.Before[i], after+l.After[i], sameTime+l.Same[i]
		if l.Chain[i] >= 0 {
			chained++
		}
	}
	for _, s := range l.Sizes {
		if sizes += s; s < 2 {
			t.Errorf("a chain of %d", s)
		}
	}
	if before != after || float64(before+sameTime/2) != c.Observed || chained != sizes {
		t.Errorf("%d before, %d after, %d at the same time, %v pairs; %d in chains of %d", before, after, sameTime, c.Observed, chained, sizes)
	}
	for i := range e.X {
		for j := range i {
			d := Manhattan.distance(e.X[i]-e.X[j], e.Y[i]-e.Y[j])
			if d <= 150 && math.Abs(e.Time[i]-e.Time[j]) <= 14 && l.Chain[i] != l.Chain[j] {
				t.Fatalf("%d and %d are linked and in different chains", i, j)
			}
		}
	}
}
