package nearrepeat

import (
	"testing"

	"openvru/internal/stats"
)

// clustered resembles a year of incidents in a city: half of them in 400
// clusters of some 500 m, the rest anywhere in 40 by 40 km.
func clustered(n int) Events {
	r := stats.NewRand(1, 0)
	e := Events{make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		e.X[i], e.Y[i], e.Time[i] = 40000*r.Float64(), 40000*r.Float64(), float64(r.Below(365))
		if i%2 == 0 {
			c := stats.NewRand(2, uint64(r.Below(400)))
			e.X[i], e.Y[i] = 40000*c.Float64()+500*r.Normal(), 40000*c.Float64()+500*r.Normal()
		}
	}
	return e
}

// 20,000 incidents, bands to 400 m and to 56 days, 999 permutations. A bare C loop
// over the same pairs, one permutation at a time, takes several times as long: what is left
// is reading a pair and the days of its events, for four permutations at once.
func BenchmarkKnox(b *testing.B) {
	e := clustered(20000)
	bands := Bands{Space: []float64{0, 100, 200, 300, 400}, Time: []float64{14, 28, 42, 56}}
	for b.Loop() {
		if _, err := Knox(e, bands, Options{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

// The size that surveillance::knox can still do: 2,000 incidents, 99 permutations.
func BenchmarkKnox2000(b *testing.B) {
	e := clustered(2000)
	bands := Bands{Space: []float64{400}, Time: []float64{14}}
	for b.Loop() {
		if _, err := Knox(e, bands, Options{Seed: 1, Replications: 99}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKnox100k(b *testing.B) {
	e := clustered(100000)
	bands := Bands{Space: []float64{0, 100, 200}, Time: []float64{7, 14}}
	for b.Loop() {
		if _, err := Knox(e, bands, Options{Seed: 1, Replications: 99}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLink(b *testing.B) {
	e := clustered(100000)
	for b.Loop() {
		if _, err := Link(e, Zone{Space: 200, Time: 14}); err != nil {
			b.Fatal(err)
		}
	}
}
