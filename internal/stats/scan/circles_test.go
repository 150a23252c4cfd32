package scan

import (
	"math"
	"slices"
	"testing"
)

// What one centre teaches of the next never hides a place.
func TestCirclesDoNotDependOnTheLastCentre(t *testing.T) {
	o, err := Options{MaxShare: 0.1}.complete(1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProblem(town(300, 1, 900, 2), o, false)
	if err != nil {
		t.Fatal(err)
	}
	taught := circles{bound: math.Inf(1)}
	for centre := range p.places {
		fresh := circles{bound: math.Inf(1)}
		taught.build(p, centre)
		fresh.build(p, centre)
		if !slices.Equal(taught.members, fresh.members) || !slices.Equal(taught.whole, fresh.whole) {
			t.Fatalf("centre %d: %v, not %v", centre, taught.members, fresh.members)
		}
	}
}

// A place at exactly the largest radius is within it, in the plane and, to a
// metre, on the sphere, where a degree of the equator is 111,195 m.
func TestLargestRadius(t *testing.T) {
	for _, c := range []struct {
		lonLat bool
		x, max float64
		want   int
	}{{false, 1000, 1000, 2}, {false, 1000, 999, 1}, {true, 1, 111_196, 2}, {true, 1, 111_194, 1}} {
		d := Data{X: []float64{0, c.x, 50 * c.x}, Y: make([]float64, 3), LonLat: c.lonLat,
			Cases: []float64{9, 9, 1}, Expected: []float64{1, 1, 8}}
		got, err := Poisson(d, Options{MaxRadius: c.max, Replications: -1})
		if err != nil || len(got.Clusters) == 0 || len(got.Clusters[0].Places) != c.want {
			t.Errorf("%+v: %v, %+v", c, err, got.Clusters)
		}
	}
}

// Each replication of each batch is its own.
func TestEveryBatchIsDrawnAnew(t *testing.T) {
	d := small(1, 150, 4)
	o, err := Options{Replications: 90}.complete(1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Poisson(d, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []int{0, 27, 28, 50, 89} {
		if want, err := bruteReplication(d, o, false, r); err != nil || !near(got.Maxima[r], want, 1e-9) {
			t.Errorf("replication %d: %v, not %v, %v", r, got.Maxima[r], want, err)
		}
	}
}
