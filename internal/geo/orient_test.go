package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestOrient(t *testing.T) {
	for _, test := range []struct {
		name, a, b, c string
		want          int
	}{
		{"left", "0 0", "1 0", "0.5 1", 1},
		{"right", "0 0", "1 0", "0.5 -1", -1},
		{"on", "0 0", "3 3", "1 1", 0},
		{"beyond the end", "0 0", "3 3", "7 7", 0},
		{"no line", "1 1", "1 1", "5 6", 0},
		{"a hair left, lost by rounding", "0.5 0.5", "12 12", "24 24.000000000000004", 1},
		{"a hair right, lost by rounding", "0.5 0.5", "12 12", "24.000000000000004 24", -1},
		{"tiny", "0 0", "1e-300 1e-300", "2e-300 2.0000000000000004e-300", 1},
		{"huge", "0 0", "1e300 1e300", "1e307 1e307", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b, c := readPoint(t, test.a), readPoint(t, test.b), readPoint(t, test.c)
			if got := Orient(a, b, c); got != test.want {
				t.Errorf("Orient is %d, want %d", got, test.want)
			}
		})
	}
}

// TestOrientAgainstFractions asks about triples that are nearly in line.
func TestOrientAgainstFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(-180, 180)
		a := Point{coordinate.Draw(t, "ax"), coordinate.Draw(t, "ay")}
		b := Point{coordinate.Draw(t, "bx"), coordinate.Draw(t, "by")}
		f := rapid.Float64Range(-1, 2).Draw(t, "f")
		c := Point{a.X + f*(b.X-a.X), a.Y + f*(b.Y-a.Y)}
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			c.X = math.Nextafter(c.X, rapid.SampledFrom([]float64{-999, 999}).Draw(t, "to"))
		}
		want := orientFraction(a, b, c)
		if got := Orient(a, b, c); got != want {
			t.Fatalf("Orient is %d, want %d", got, want)
		}
		if got := Orient(b, a, c); got != -want {
			t.Fatalf("turned round, Orient is %d, want %d", got, -want)
		}
	})
}
