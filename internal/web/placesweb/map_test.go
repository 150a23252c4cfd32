package placesweb

import (
	"math"
	"strings"
	"testing"

	"openvru/internal/geo"
)

func square(x, y, side float64) geo.MultiPolygon {
	return geo.MultiPolygon{{{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}, {X: x, Y: y}}}}
}

func TestMapKeepsTheShapeOfTheGround(t *testing.T) {
	// At 60° north a degree of longitude is half a degree of latitude, so a
	// square of degrees is drawn twice as tall as wide.
	box := geo.Box{MinX: 0, MinY: 59, MaxX: 2, MaxY: 61}
	_, w, h := fit(box)
	if math.Abs(float64(h)/float64(w)-2) > 0.02 {
		t.Errorf("drawn %d by %d", w, h)
	}
	if h > mapHeight || w > mapWidth {
		t.Errorf("drawn %d by %d, larger than a map may be", w, h)
	}
}

func TestPathIsUprightAndClosed(t *testing.T) {
	box := geo.Box{MinX: 0, MinY: 0, MaxX: 1, MaxY: 1}
	p, _, _ := fit(box)
	got := p.path(square(0, 0, 1))
	if want := "M0 560L560 560 560 0 0 0 0 560Z"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
}

func TestNeighboursShareTheirBorder(t *testing.T) {
	box := geo.Box{MinX: 0, MinY: 0, MaxX: 2.003, MaxY: 1}
	p, _, _ := fit(box)
	west, east := p.path(square(0, 0, 1.0013)), p.path(square(1.0013, 0, 1.0013))
	x, _ := p.at(geo.Point{X: 1.0013, Y: 0})
	if !strings.Contains(west, half(x)+" ") || !strings.Contains(east, half(x)+" ") {
		t.Errorf("the border at %s is not in both %q and %q", half(x), west, east)
	}
}

func TestSpecksAreLeftOut(t *testing.T) {
	p, _, _ := fit(geo.Box{MinX: 0, MinY: 0, MaxX: 1, MaxY: 1})
	if got := p.path(square(0.5, 0.5, 1e-6)); got != "" {
		t.Errorf("a speck is drawn as %q", got)
	}
}

func TestClasses(t *testing.T) {
	c := classify([]float64{1, 2, 3, 4, 5, 6, 7, 8, math.NaN()}, "per 1,000", 0)
	for v, want := range map[float64]string{1: "1", 2: "1", 3: "2", 4: "2", 5: "3", 8: "4", 9: "4"} {
		if got := c.class(v); got != "vru-map__class-"+want {
			t.Errorf("%v is in %s, want class %s", v, got, want)
		}
	}
	if got := c.class(math.NaN()); got != "vru-map__class-0" {
		t.Errorf("no value is in %s", got)
	}
	var words []string
	for _, k := range c.key(true) {
		words = append(words, k.Text)
	}
	if got, want := strings.Join(words, "; "), "1 to 2 per 1,000; up to 4 per 1,000; up to 6 per 1,000; up to 8 per 1,000; no figure"; got != want {
		t.Errorf("key %q", got)
	}
}

func TestClassesOfFewValues(t *testing.T) {
	c := classify([]float64{7, 7, 7}, "offences", 0)
	if got := c.class(7); got != "vru-map__class-4" || len(c.key(false)) != 1 || c.key(false)[0].Text != "7 offences" {
		t.Errorf("one value: %s, key %+v", got, c.key(false))
	}
	none := classify([]float64{math.NaN()}, "offences", 0)
	if got := none.class(3); got != "vru-map__class-0" || len(none.key(true)) != 1 {
		t.Errorf("no values: %s, key %+v", got, none.key(true))
	}
}
